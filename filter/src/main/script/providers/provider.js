// SPDX-License-Identifier: Apache-2.0
// @ts-check
/** @typedef {import('../state.js').Who} Who */

/**
 * @typedef {{who: Who | 'perhaps', key: string}} Seen `perhaps`: only a token call can tell. `key` names user, session and
 *   organisation as far as the SDK does, and is the same after a token refresh
 *
 * Where tokens come from. `who` answers at once, and never `out` because of an error.
 * @typedef {object} Adapter
 * @property {() => Seen} who
 * @property {(how: {fresh: boolean, signal: AbortSignal}) => Promise<string | null | undefined>} getToken
 * @property {(changed: () => void) => () => void} subscribe
 * @property {() => Promise<void>} [refresh] looks again, where the SDK does not tell by itself; never rejects
 * @property {(error: any) => 'transient' | 'definitive' | undefined} [classify] asked before the general rule
 *
 * @typedef {Adapter & {missing: string}} Provider `missing`: what to say when it does not turn up
 */

/**
 * Calls `then` as soon as `ready` holds, looking less and less often; returns how to give up.
 * @param {() => unknown} ready @param {() => void} then @param {number} [longest] milliseconds between two looks
 * @returns {() => void}
 */
export function poll(ready, then, longest = 500) {
  let pause = 50;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const holds = () => {
    try {
      return ready();
    } catch {
      return false; // a frame of another origin can go by the name of an SDK
    }
  };
  const look = () => {
    if (holds()) return then();
    timer = setTimeout(look, pause);
    pause = Math.min(longest, pause * 1.5);
  };
  look();
  return () => clearTimeout(timer);
}
