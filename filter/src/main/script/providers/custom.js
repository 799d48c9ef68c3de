// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { PERHAPS, UNKNOWN } from './known.js';
import { lookUp } from './look-up.js';
import { poll } from './provider.js';

/**
 * A function of the page, or the dotted path of one that may turn up later.
 * @param {Function | string} source @param {Function} [subscribe] @returns {import('./provider.js').Provider}
 */
export function customProvider(source, subscribe) {
  const find = () => {
    const found = typeof source === 'function' ? source : lookUp(globalThis, source);
    return typeof found === 'function' ? found : null;
  };
  return {
    missing: `There is no function window.${source} (data-get-token).`,
    who: () => (find() ? PERHAPS : UNKNOWN),
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
