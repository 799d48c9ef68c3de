// SPDX-License-Identifier: Apache-2.0
// @ts-check
/** Joins the machine with the provider, the server, the page and the other tabs. */
import { isDefinitive } from './errors.js';
import { guardForms } from './guard.js';
import { hookRequests } from './hook.js';
import { step } from './machine.js';
import { readMark } from './mark.js';
import { pageOf } from './page.js';
import { chooseProvider, PROVIDERS } from './providers/index.js';
import { returnPath } from './return-path.js';
import { request } from './server.js';
import { initialState } from './state.js';
import { joinTabs } from './tabs.js';
import { decodeUnverified } from './token.js';

/** @typedef {import('./state.js').Effect} Effect */
/** @typedef {import('./state.js').State} State */
/** @typedef {import('./state.js').SyncEvent} SyncEvent */
/** @typedef {import('./state.js').Who} Who */

const REQUEST_TIMEOUT = 8_000;

/** @param {string} text */
function complain(text) {
  console.error(`Signin Sync: ${text}`);
}

/** Runs a function of the page; what it throws is its own affair. @param {() => unknown} run */
async function guarded(run) {
  try {
    await run();
  } catch (error) {
    console.error('Signin Sync: a function of the page failed.', error);
  }
}

/**
 * @typedef {object} Options
 * @property {string} [endpoint] of the server; beside the script unless said otherwise
 * @property {string | object} [provider] its name or the instance itself; found in the page unless said otherwise
 * @property {string} [providerGlobal] dotted path of the instance, where it is not in its usual place
 * @property {string} [token] `id` for the ID token, where a provider gives two
 * @property {string | ((how: {fresh: boolean, signal: AbortSignal}) => Promise<string | null | undefined>)} [getToken]
 * @property {(changed: () => void) => (() => void) | void} [subscribe] tells of a change at the provider
 * @property {'reload' | 'event'} [onUserChange]
 * @property {'rest' | 'refresh'} [hidden] what a tab does that nobody sees
 * @property {'submit' | 'all' | 'off'} [guard] forms that wait for a fresh cookie: with a submit event, by script too
 * @property {string} [hook] `fetch`, `xhr` or both: what is repeated after the 401 that an expired cookie gets
 * @property {string} [return] on a sign-in page: where to go, once signed in, without a `return` in the query
 *
 * @typedef {Readonly<{state: Who, previous: Who}>} Change
 *
 * @typedef {object} SigninSync
 * @property {Who} state
 * @property {State['phase']} phase
 * @property {Promise<Who>} ready resolves within 15 seconds, whatever happens
 * @property {(how?: {fresh?: boolean}) => Promise<Who>} sync
 * @property {(need?: {minTtl?: number, timeout?: number}) => Promise<boolean>} ensureFresh seconds, milliseconds
 * @property {(providerSignOut?: () => unknown) => Promise<void>} signOut
 * @property {(type: string, listener: (detail: any) => unknown) => () => void} on an event of ours, without its prefix
 * @property {(listener: (change: Change) => unknown) => () => void} onChange
 * @property {() => void} stop
 *
 * @typedef {object} ForFrames what only the frames of the page need
 * @property {string} endpoint
 * @property {(page: Document, signal: AbortSignal, ended?: () => void) => import('./page.js').Loan} lend
 *
 * @typedef {SigninSync & ForFrames} Running
 */

/** @type {Running | null} */
let instance = null;

/** What runs in this page, if anything does. */
export function running() {
  return instance;
}

/**
 * Starts the synchronization of this page, once: a second call returns what the first one did. A frame leaves the work
 * to the page around it, if that is of the same origin and does it already.
 * @param {Options} [options]
 * @returns {SigninSync}
 */
export function start(options = {}) {
  if (instance) return instance;
  const endpoint = new URL(options.endpoint ?? 'signin-sync/session', document.baseURI);
  const above = runningAbove(endpoint.href);
  return instance = above ? follow(above, options) : join(options, endpoint);
}

/** The top-most one of this application counts. @param {string} endpoint */
function runningAbove(endpoint) {
  let found = null;
  try {
    for (let frame = window; frame.parent !== frame; frame = /** @type {any} */ (frame.parent)) {
      const above = /** @type {any} */ (frame.parent).SigninSync?.running();
      if (above?.endpoint === endpoint) found = above;
    }
  } catch {
    // Another origin's page is around us.
  }
  return found;
}

/**
 * A frame has forms and requests of its own; all else is the page's around it.
 * @param {Running} above @param {Options} options @returns {Running}
 */
function follow(above, options) {
  const life = new AbortController();
  const { signal } = life;
  const stop = () => {
    life.abort();
    instance = null;
  };
  addEventListener('pagehide', ({ persisted }) => persisted || stop(), { signal });
  serve(above.lend(document, signal, stop), options);
  return Object.create(above, { on: { value: listenTo }, stop: { value: stop } });
}

/** @param {import('./page.js').Loan} loan @param {Options} options */
function serve(loan, options) {
  const page = pageOf(loan);
  guardForms(page, options.guard);
  hookRequests(page, options.hook);
}

/** @type {SigninSync['on']} */
function listenTo(type, listener) {
  const heard = (/** @type {any} */ event) => void guarded(() => listener(event.detail));
  document.addEventListener(`signin-sync:${type}`, heard);
  return () => document.removeEventListener(`signin-sync:${type}`, heard);
}

/**
 * @param {Document} page @param {string} name @param {object} detail
 * @returns {boolean} whether the default action is wanted
 */
function tell(page, name, detail) {
  return page.dispatchEvent(
    new CustomEvent(`signin-sync:${name}`, { detail: Object.freeze(detail), cancelable: true }),
  );
}

/** The word that the page can see on its root element. @param {State} state */
function wordFor({ phase, who, degraded }) {
  if (phase === 'backing-off' && degraded) return 'degraded';
  if (phase !== 'resting') return phase;
  return who === 'unknown' ? 'starting' : who;
}

/** What may be chosen by a word; the first is the default. @type {Record<string, string[]>} */
const CHOICES = {
  provider: ['auto', 'custom', ...PROVIDERS],
  token: ['access', 'id'],
  onUserChange: ['event', 'reload'],
  hidden: ['rest', 'refresh'],
  guard: ['all', 'submit', 'off'],
};

/** @param {Record<string, unknown>} options */
function checkWords(options) {
  for (const [name, words] of Object.entries(CHOICES)) {
    const word = options[name];
    if (typeof word === 'string' && !words.includes(word)) {
      complain(`"${word}" is not one of ${words.join(', ')}: ${name} is "${words[0]}".`);
    }
  }
}

/** @param {Options} options @param {URL} endpoint @returns {Running} */
function join(options, endpoint) {
  checkWords({ ...options });
  const provider = chooseProvider(options);
  /** Ours, and those of the frames that follow us. */
  /** @type {Set<Document>} */
  const audience = new Set();

  let state = initialState();
  /** @type {SyncEvent[]} */
  const events = [];
  let busyWithEvents = false;
  let said = '';
  /** @type {Set<() => void>} */
  const watchers = new Set();
  /** @type {Set<(change: Change) => unknown>} */
  const listeners = new Set();

  /** @param {SyncEvent} event */
  function dispatch(event) {
    events.push(event);
    if (busyWithEvents) return;
    busyWithEvents = true;
    for (let next = events.shift(); next; next = events.shift()) {
      const result = step(state, next, {
        now: Date.now(),
        random: Math.random(),
        mark: readMark(),
        visible: isVisible(),
        online: navigator.onLine !== false,
        keeper: tabs.keeper,
      });
      state = result.state;
      result.effects.forEach(perform);
    }
    busyWithEvents = false;
    arm();
    const word = wordFor(state);
    if (word !== said) {
      said = word;
      audience.forEach((page) => (page.documentElement.dataset.signinSync = word));
      announce('state', { state: word });
    }
    watchers.forEach((watch) => watch());
  }

  /** @param {Effect} effect */
  function perform(effect) {
    switch (effect.do) {
      case 'ask':
        return void getToken(effect);
      case 'post':
        return void post(effect);
      case 'delete':
        return void remove(effect);
      case 'abort':
        return abort();
      case 'tell':
        return tabs.tell(effect.what);
      case 'changed':
        return changed(effect);
      case 'announce':
        return void announce(effect.what);
      case 'stale':
        if (announce('stale')) location.reload();
        return;
      case 'complain':
        return complain(effect.text);
    }
  }

  // Token calls and requests. Each ends in an event, whatever happens.

  let pending = new AbortController();

  function abort() {
    pending.abort();
    pending = new AbortController();
  }

  function who() {
    try {
      return provider.who();
    } catch {
      return { who: /** @type {Who} */ ('unknown'), key: '' };
    }
  }

  /** @param {{fresh: boolean, ask: number, epoch: number}} effect */
  async function getToken({ fresh, ask, epoch }) {
    const { signal } = pending;
    const { key } = who();
    if (told()) return;
    try {
      const token = await provider.getToken({ fresh, signal });
      const claims = token ? await decodeUnverified(token) : null;
      if (told()) return;
      if (who().key !== key) dispatch({ type: 'failed', ask, epoch, definitive: false });
      else if (token) dispatch({ type: 'token', ask, epoch, token, claims });
      else if (who().who === 'perhaps') dispatch({ type: 'nobody', ask, epoch, certain: false });
      else dispatch({ type: 'failed', ask, epoch, definitive: false });
    } catch (error) {
      if (told()) return;
      const verdict = provider.classify?.(error);
      dispatch({ type: 'failed', ask, epoch, definitive: verdict ? verdict === 'definitive' : isDefinitive(error) });
    }

    /** Whether the provider knows without a token that there is none. */
    function told() {
      const now = who().who;
      if (now === 'out') dispatch({ type: 'nobody', ask, epoch, certain: true });
      if (now === 'unknown') dispatch({ type: 'not-ready', ask, epoch });
      return now === 'out' || now === 'unknown';
    }
  }

  /** @param {{token: string, send: number}} effect */
  async function post({ token, send }) {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), REQUEST_TIMEOUT);
    pending.signal.addEventListener('abort', () => limit.abort(), { signal: limit.signal });
    const headers = { 'Content-Type': 'application/jwt', 'Signin-Sync': '1' };
    const answer = await request(endpoint, limit.signal, { method: 'POST', headers, body: token });
    clearTimeout(timer);
    limit.abort(); // over, and the listener with it
    dispatch({ type: 'answered', send, ...answer });
  }

  /** Outlives the page, and is never given up for another user. @param {{send: number, unverified: boolean}} effect */
  async function remove({ send, unverified }) {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), REQUEST_TIMEOUT);
    const headers = { 'Signin-Sync': '1', ...(unverified && { 'Signin-Sync-Reason': 'unverified' }) };
    const answer = await request(endpoint, limit.signal, { method: 'DELETE', headers, keepalive: true });
    clearTimeout(timer);
    dispatch({ type: 'answered', send, ...answer });
  }

  // The page.

  /** @param {string} name @param {object} [detail] @returns {boolean} whether the default action is wanted */
  function announce(name, detail = {}) {
    return [...audience].map((page) => tell(page, name, detail)).every(Boolean);
  }

  /** @param {Change} change */
  function changed({ state, previous }) {
    const detail = { state, previous };
    listeners.forEach((listener) => void guarded(() => listener(detail)));
    if (announce('change', detail) && options.onUserChange === 'reload') location.reload();
  }

  /**
   * Waits, within limits, and never rejects.
   * @param {() => boolean} done @param {number} limit milliseconds @returns {Promise<void>}
   */
  function until(done, limit) {
    return new Promise((resolve) => {
      const finish = () => {
        watchers.delete(watch);
        clearTimeout(timer);
        resolve();
      };
      const watch = () => {
        if (done()) finish();
      };
      const timer = setTimeout(finish, limit);
      watchers.add(watch);
      watch();
    });
  }

  /**
   * What a page of ours, or a frame of it, may ask of us, and hears.
   * @param {Document} page @param {AbortSignal} signal @param {() => void} [ended] told when we stop
   * @returns {import('./page.js').Loan}
   */
  function lend(page, signal, ended = () => {}) {
    audience.add(page);
    signal.addEventListener('abort', () => void audience.delete(page));
    life.signal.addEventListener('abort', ended, { signal });
    return {
      signal,
      state: () => state,
      watch(watcher) {
        watchers.add(watcher);
        signal.addEventListener('abort', () => void watchers.delete(watcher));
      },
      until,
      demand: () => dispatch({ type: 'demand', fresh: true }),
      announce: (name, detail) => tell(page, name, detail),
    };
  }

  // Time. Long waits are cut up and read the wall clock again: timers do not run while a laptop sleeps.

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let armed = { at: 0, deadline: 0 }; // by the wall clock, and by one that nobody can set

  function arm() {
    clearTimeout(timer);
    const { timerAt } = state;
    if (timerAt !== armed.at) armed = { at: timerAt, deadline: performance.now() + timerAt - Date.now() };
    if (!timerAt) return;
    const left = () => Math.min(timerAt - Date.now(), armed.deadline - performance.now());
    timer = setTimeout(() => {
      if (left() > 0) return arm();
      armed.at = 0; // or the same time, chosen again because the clock was set back, would be due at once for ever
      dispatch({ type: 'due' });
    }, Math.min(Math.max(left(), 0), 30_000));
  }

  /** @type {SyncEvent | null} */
  let waiting = null;

  /**
   * One event for the burst that a return to the page makes; news from the provider counts for more.
   * @param {SyncEvent} event
   */
  function soon(event) {
    if (event.type === 'wake' && !waiting) void guarded(() => provider.refresh?.());
    if (!waiting) setTimeout(() => {
      // Its session may be over by now.
      if (waiting) dispatch(waiting.type === 'provider' ? { type: 'provider', ...who() } : waiting);
      waiting = null;
    }, 50);
    if (waiting?.type !== 'provider') waiting = event;
  }

  function providerChanged() {
    const seen = who();
    if (seen.who === 'out' || seen.key !== state.key) dispatch({ type: 'provider', ...seen });
    else if (seen.who !== 'unknown') soon({ type: 'provider', ...seen });
  }

  const life = new AbortController(); // of the event listeners

  /** @param {EventTarget} target @param {string} type @param {(event: any) => void} listener */
  function on(target, type, listener) {
    target.addEventListener(type, listener, { signal: life.signal });
  }

  const isVisible = () => document.visibilityState !== 'hidden' || options.hidden === 'refresh';
  const tabs = joinTabs(`${MARK_COOKIE} ${endpoint.pathname}`, (what) => {
    // Nobody signed out: whoever can vouch for the user should.
    if (what === 'unverified') soon({ type: 'wake' });
    else dispatch({ type: 'peer' });
  });

  on(document, 'visibilitychange', () => {
    if (!isVisible()) return tabs.resign();
    void tabs.compete();
    soon({ type: 'wake' });
  });
  on(window, 'focus', () => soon({ type: 'wake' }));
  // The network takes a moment to settle, and not everybody should come back at once.
  on(window, 'online', () => setTimeout(() => soon({ type: 'wake' }), 200 + Math.random() * 1_300));
  // Somebody is at work on a page that could not keep up.
  const atWork = () => state.degraded && soon({ type: 'wake' });
  on(window, 'pointerdown', atWork);
  on(window, 'keydown', atWork);
  on(window, 'pagehide', () => {
    dispatch({ type: 'pagehide' });
    tabs.resign();
    tabs.deafen();
  });
  on(window, 'pageshow', (event) => {
    if (!event.persisted) return;
    tabs.listen();
    if (isVisible()) void tabs.compete();
    dispatch({ type: 'restored' });
  });
  // Where the browser tells: the cookies were cleared behind our back. Asking for that takes it milliseconds.
  setTimeout(() => {
    const { cookieStore } = /** @type {any} */ (window);
    if (cookieStore) on(cookieStore, 'change', ({ deleted }) => {
      if (deleted.some((/** @type {any} */ { name }) => name === MARK_COOKIE)) soon({ type: 'wake' });
    });
  }, 1_000);

  /** @type {(() => void) | undefined} */
  let unsubscribe;

  async function begin() {
    tabs.listen();
    if (isVisible()) await tabs.compete();
    if (life.signal.aborted) return;
    dispatch({ type: 'start' });
    void guarded(() => (unsubscribe = provider.subscribe(providerChanged)));
    if (options.return !== undefined) void until(() => state.who === 'in', 3_600_000).then(goOn);
    setTimeout(() => who().who === 'unknown' && state.phase !== 'stopped' && complain(provider.missing), 15_000);
  }

  function goOn() {
    const target = returnPath(location.search, options.return || '/');
    if (state.who !== 'in' || target === location.pathname + location.search) return;
    if (goneTooOften()) complain(`Sent back here again and again: ${target} does not accept this user.`);
    else location.replace(target);
  }

  /** Counts in this tab: a page that sends its visitors back here would otherwise go round for ever. */
  function goneTooOften() {
    try {
      /** @type {number[]} */
      const gone = JSON.parse(sessionStorage.getItem('signin-sync-gone') ?? '[]');
      const lately = gone.filter((time) => Date.now() - time < 60_000);
      sessionStorage.setItem('signin-sync-gone', JSON.stringify([...lately, Date.now()]));
      return lately.length >= 3;
    } catch {
      return false;
    }
  }

  serve(lend(document, life.signal), options);

  const busy = () => state.phase === 'asking' || state.phase === 'sending';
  const decided = () => ['refused', 'blocked', 'stopped'].includes(state.phase) || (state.who !== 'unknown' && !busy());
  // A prerendered page may never be looked at.
  if (/** @type {any} */ (document).prerendering) on(document, 'prerenderingchange', begin);
  else void begin();

  return {
    get state() {
      return state.who;
    },
    get phase() {
      return state.phase;
    },
    ready: until(decided, 15_000).then(() => state.who),
    async sync({ fresh = false } = {}) {
      dispatch({ type: 'demand', fresh });
      await until(() => !busy(), 20_000);
      return state.who;
    },
    async ensureFresh({ minTtl = 10, timeout = 5_000 } = {}) {
      const fresh = () => {
        const mark = readMark();
        const left = mark?.in ? mark.exp * 1000 - Date.now() - state.skew : 0;
        return state.who === 'in' && left >= minTtl * 1000;
      };
      if (fresh()) return true;
      if (state.left) return false; // a refresh signs nobody in again
      dispatch({ type: 'demand', fresh: true });
      await until(() => !busy(), timeout);
      return fresh();
    },
    async signOut(providerSignOut) {
      dispatch({ type: 'sign-out' });
      await until(() => state.phase !== 'sending', 2_000);
      if (providerSignOut) await Promise.race([guarded(providerSignOut), until(() => false, 10_000)]);
      dispatch({ type: 'left' });
    },
    on: listenTo,
    endpoint: endpoint.href,
    lend,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stop() {
      dispatch({ type: 'stop' });
      life.abort();
      void guarded(() => unsubscribe?.());
      tabs.resign();
      tabs.deafen();
      listeners.clear();
      instance = null;
    },
  };
}
