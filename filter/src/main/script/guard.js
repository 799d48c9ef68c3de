// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { isOurs } from './origin.js';
import { patch } from './patch.js';

/** @typedef {import('./page.js').Page} Page */

const ATTRIBUTES = ['action', 'method', 'enctype', 'target'];

/**
 * Holds a form that would be sent with a cookie about to die until there is a fresh one, then sends it once, and as it
 * was when it was submitted: pages that submit by script take their hidden fields out again right after.
 * Its fields may have any names, `submit` and `action` too, so nothing is called on a form but through the prototypes.
 * @param {Page} page @param {string} [which] submit: only what fires the event; all: what scripts submit as well; off
 */
export function guardForms(page, which) {
  if (which === 'off') return;
  const { signal } = page;
  const forms = HTMLFormElement.prototype;
  const send = forms.submit;
  /** @type {Map<HTMLFormElement, FormData>} */
  const held = new Map();

  /** @param {SubmitEvent} event */
  function onSubmit(event) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!event.defaultPrevented && hold(form, event.submitter)) event.preventDefault();
  }

  // Added anew each time, to come after handlers that were added later, also on window: they may prevent it, too.
  addEventListener('submit', () => addEventListener('submit', onSubmit, { once: true }), { capture: true, signal });
  // Whoever leaves does not want it to be sent on their return.
  addEventListener('pagehide', () => held.clear(), { signal });

  if (which !== 'submit') {
    /** @this {HTMLFormElement} */
    const submit = function () {
      if (!hold(this)) send.call(this);
    };
    patch(forms, 'submit', submit, signal);
  }

  /** @param {HTMLFormElement} form @param {HTMLElement | null} [button] @returns {boolean} whether it has to wait */
  function hold(form, button) {
    const values = ATTRIBUTES.map((name) => button?.getAttribute(`form${name}`) ?? attributeOf(form, name));
    const [action, method, , target] = values;
    if (signal.aborted || !page.user() || method?.toLowerCase() !== 'post' || !isOurs(action || location.href)) return false;
    if (isIgnored(form) || (button && isIgnored(button)) || !document.contains(form)) return false;
    if (held.has(form)) return true;
    if (page.lasts() || !knowsSubmitters()) return false;
    const owned = button && /** @type {HTMLButtonElement} */ (button).form === form;
    const data = owned ? new FormData(form, button) : new FormData(form);
    held.set(form, data);
    // A browser lets nobody open another window five seconds after the click.
    void release(form, data, values, /^(_self)?$/i.test(target ?? '') ? 5_000 : 4_000);
    return true;
  }

  /** @param {HTMLFormElement} form @param {FormData} data @param {Array<string | null>} values @param {number} limit */
  async function release(form, data, values, limit) {
    const user = page.user();
    page.say('held');
    page.announce('submit-held', { form });
    await page.renew(limit);
    if (held.get(form) !== data) return page.say('');
    held.delete(form);
    if (page.serves(user)) {
      page.announce('submit-released', { form });
    } else if (page.announce('submit-blocked', { form })) {
      return page.say('blocked');
    }
    page.say('');
    submitAs(form, data, values);
  }

  /** @param {HTMLFormElement} form @param {FormData} data @param {Array<string | null>} values */
  function submitAs(form, data, values) {
    const before = ATTRIBUTES.map((name) => attributeOf(form, name));
    /** @param {FormDataEvent} event */
    const replace = (event) => {
      event.stopImmediatePropagation(); // its listeners have had their say, when it was held
      const { formData } = event;
      for (const name of [...formData.keys()]) formData.delete(name);
      data.forEach((value, name) => formData.append(name, value));
    };
    const away = !document.contains(form); // made for this submission, and taken out right after: it could not be sent
    if (away) document.body.append(form);
    addEventListener('formdata', replace, true);
    setAll(form, values);
    send.call(form);
    setAll(form, before);
    removeEventListener('formdata', replace, true);
    if (away) Element.prototype.remove.call(form);
  }
}

/** Older browsers leave the button out of the data: better to send at once than to send something else. */
function knowsSubmitters() {
  const form = document.createElement('form');
  try {
    return !new FormData(form, form);
  } catch {
    return true; // it looked, and found no button
  }
}

/** @param {HTMLFormElement} form @param {string} name */
function attributeOf(form, name) {
  return Element.prototype.getAttribute.call(form, name);
}

/** @param {HTMLFormElement} form @param {Array<string | null>} values */
function setAll(form, values) {
  values.forEach((value, i) => {
    const name = ATTRIBUTES[i] ?? '';
    if (value === null) Element.prototype.removeAttribute.call(form, name);
    else Element.prototype.setAttribute.call(form, name, value);
  });
}

/** @param {Element} element */
function isIgnored(element) {
  return Element.prototype.closest.call(element, '[data-signin-sync-ignore]');
}
