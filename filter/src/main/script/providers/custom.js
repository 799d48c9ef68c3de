// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { poll } from './provider.js';

/** @typedef {import('./provider.js').Provider} Provider */

/**
 * A function of the page, or the dotted path of one that may turn up later.
 * @param {Function | string} source @param {Function} [subscribe] @returns {Provider}
 */
export function customProvider(source, subscribe) {
  const find = () => {
    if (typeof source === 'function') return source;
    /** @type {any} */
    let owner;
    /** @type {any} */
    let value = window;
    for (const name of source.split('.')) [owner, value] = [value, value?.[name]];
    return typeof value === 'function' ? value.bind(owner) : null;
  };
  return {
    missing: `There is no function window.${source} (data-get-token).`,
    who: () => ({ who: find() ? 'perhaps' : 'unknown', key: '' }),
    getToken: async (how) => find()(how),
    subscribe(changed) {
      const stopPolling = typeof source === 'function' ? undefined : poll(find, changed);
      const unsubscribe = subscribe?.(changed);
      return () => {
        stopPolling?.();
        if (typeof unsubscribe === 'function') unsubscribe();
      };
    },
  };
}
