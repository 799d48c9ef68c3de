// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { readMark } from './mark.js';
import { isOurs, resolve } from './origin.js';
import { patch } from './patch.js';

/** @typedef {import('./page.js').Page} Page */
/** @typedef {{mark: string, user: string}} Sent whose cookie a request went out with */

const LIMIT = 5_000;
const AGAIN = 'Signin-Sync-Retry';

/**
 * Repeats a request of the page, once, that the filter answered with 401 and its tag: then the application did not run,
 * so that this is safe for every method, except behind a redirect.
 * @param {Page} page @param {string} [which] `fetch`, `xhr`, or both
 */
export function hookRequests(page, which = '') {
  /** @type {Promise<void> | null} */
  let renewal = null;

  const mark = () => JSON.stringify(readMark());
  /** @returns {Sent} */
  const now = () => ({ mark: mark(), user: page.user() });

  /**
   * All that wait share one renewal; whoever is late finds a new mark, and needs none.
   * @param {Sent} sent @returns {Promise<boolean>} whether the request may be repeated
   */
  async function renewed(sent) {
    if (mark() === sent.mark) await (renewal ??= page.renew(LIMIT).finally(() => (renewal = null)));
    return !page.signal.aborted && mark() !== sent.mark && page.serves(sent.user);
  }

  if (/fetch/.test(which)) hookFetch(page, now, renewed);
  if (/xhr/.test(which)) hookXhr(page, now, renewed);
}

/** @param {Page} page @param {() => Sent} now @param {(sent: Sent) => Promise<boolean>} renewed */
function hookFetch({ signal }, now, renewed) {
  const { fetch } = window;
  /** @type {typeof window.fetch} */
  const hooked = async (input, init) => {
    const request = input instanceof Request;
    const stream = init?.body instanceof ReadableStream;
    if (signal.aborted || stream || !isOurs(request ? input.url : String(input))) return fetch(input, init);
    const sent = now();
    const copy = request && !input.bodyUsed ? input.clone() : input;
    const response = await fetch(input, init);
    const tag = response.headers.get('WWW-Authenticate');
    if (response.redirected || !isExpired(response.status, tag) || !(await renewed(sent))) return response;
    const again = new Request(copy, init);
    again.headers.set(AGAIN, '1');
    return fetch(again);
  };
  patch(window, 'fetch', hooked, signal);
}

/** @param {Page} page @param {() => Sent} now @param {(sent: Sent) => Promise<boolean>} renewed */
function hookXhr({ signal }, now, renewed) {
  const { XMLHttpRequest } = window;
  const native = XMLHttpRequest.prototype;
  /**
   * @typedef {object} Note
   * @property {any[]} opened
   * @property {Array<[string, string]>} headers
   * @property {any} [body]
   * @property {Sent} [sent]
   * @property {'sent' | 'hidden' | 'waiting' | 'final'} state hidden, waiting: the page sees no events
   */
  /** @type {WeakMap<XMLHttpRequest, Note>} */
  const notes = new WeakMap();

  // A subclass, because only listeners that the constructor adds come before those of the page.
  class Hooked extends XMLHttpRequest {
    constructor() {
      super();
      for (const type of ['readystatechange', 'loadstart', 'progress', 'load', 'error', 'timeout', 'loadend']) {
        super.addEventListener(type, hide);
      }
    }

    /** @param {any[]} opened */
    open(...opened) {
      notes.delete(this);
      native.open.apply(this, /** @type {any} */ (opened));
      const synchronous = opened.length > 2 && !opened[2];
      if (signal.aborted || synchronous || !isOurs(opened[1])) return;
      notes.set(this, { opened, headers: [], state: 'sent' });
    }

    /** @param {string} name @param {string} value */
    setRequestHeader(name, value) {
      super.setRequestHeader(name, value);
      notes.get(this)?.headers.push([name, value]);
    }

    /** @param {any} body */
    send(body) {
      const note = notes.get(this);
      if (note) Object.assign(note, { body, sent: now() });
      super.send(body);
    }

    abort() {
      const waiting = notes.get(this)?.state === 'waiting';
      notes.delete(this);
      super.abort();
      if (waiting) tell(this, 'abort', 'loadend');
    }
  }

  /** @param {Event} event */
  function hide(event) {
    const xhr = /** @type {XMLHttpRequest} */ (event.target);
    const note = notes.get(xhr);
    if (!note) return;
    if (note.state === 'sent' && xhr.readyState === 2 && isRefused(xhr, note)) note.state = 'hidden';
    if (note.state !== 'hidden' && note.state !== 'waiting') return;
    event.stopImmediatePropagation();
    if (event.type === 'loadend' && note.state === 'hidden') void repeat(xhr, note);
  }

  /** @param {XMLHttpRequest} xhr @param {Note} note */
  async function repeat(xhr, note) {
    note.state = 'waiting';
    const may = note.sent && (await renewed(note.sent));
    if (notes.get(xhr) !== note) return; // aborted, or opened for something else
    if (may) {
      native.open.apply(xhr, /** @type {any} */ (note.opened));
      note.headers.forEach(([name, value]) => native.setRequestHeader.call(xhr, name, value));
      native.setRequestHeader.call(xhr, AGAIN, '1');
      native.send.call(xhr, note.body);
    }
    note.state = 'final';
    if (!may) tell(xhr, 'readystatechange', 'load', 'loadend');
  }

  patch(window, 'XMLHttpRequest', Hooked, signal);
}

/** @param {XMLHttpRequest} xhr @param {{opened: any[]}} note */
function isRefused(xhr, { opened }) {
  const [address] = resolve(opened[1]).href.split('#');
  return address === xhr.responseURL && isExpired(xhr.status, xhr.getResponseHeader('WWW-Authenticate'));
}

/** @param {XMLHttpRequest} xhr @param {string[]} types */
function tell(xhr, ...types) {
  types.forEach((type) => xhr.dispatchEvent(new ProgressEvent(type)));
}

/** @param {number} status @param {string | null} tag */
function isExpired(status, tag) {
  return status === 401 && /SigninSync error="expired"/.test(tag ?? '');
}
