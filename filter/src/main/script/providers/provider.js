// SPDX-License-Identifier: Apache-2.0
// @ts-check
/** @typedef {import('../state.js').Who} Who */

/**
 * Where tokens come from. `who` answers at once: `perhaps` means that only a token call can tell.
 * @typedef {object} Provider
 * @property {() => {who: Who | 'perhaps', key: string}} who
 * @property {(how: {fresh: boolean, signal: AbortSignal}) => Promise<string | null | undefined>} getToken
 * @property {(changed: () => void) => () => void} subscribe
 * @property {string} missing what to say when it does not turn up
 */

/**
 * Calls `then` as soon as `ready` holds; returns how to give up.
 * @param {() => unknown} ready @param {() => void} then @returns {() => void}
 */
export function poll(ready, then) {
  let pause = 50;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const look = () => {
    if (ready()) return then();
    timer = setTimeout(look, pause);
    pause = Math.min(500, pause * 1.5);
  };
  look();
  return () => clearTimeout(timer);
}
