// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { readMark, userOf } from './mark.js';
import { statusLine } from './status.js';

/** @typedef {import('./state.js').State} State */

/**
 * What start.js lends to those who wait for a fresh cookie.
 * @typedef {object} Loan
 * @property {() => State} state
 * @property {AbortSignal} signal ends with `stop()`
 * @property {(watch: () => void) => void} watch calls it after every event
 * @property {(done: () => boolean, limit: number) => Promise<void>} until
 * @property {() => void} demand a fresh token
 * @property {(name: string, detail: object) => boolean} announce
 *
 * @typedef {ReturnType<typeof pageOf>} Page
 */

/** Whose page this is, and how long the cookie lasts: what the form guard and the 401 hook ask. @param {Loan} loan */
export function pageOf({ state, signal, watch, until, demand, announce }) {
  const say = statusLine(signal);
  let user = ''; // whoever was signed in here last, even if no longer; '' again once this page signed them out

  watch(() => {
    const { left, phase, shown, who } = state();
    user = left === 'leaving' ? '' : shown || user;
    say.follow(phase === 'resting' && remaining() > 0 ? 'well' : phase, who, user);
  });

  function remaining() {
    const mark = readMark();
    return mark?.in ? mark.exp * 1000 - Date.now() - state().skew : 0;
  }

  return {
    signal,
    announce,
    say: say.now,
    remaining,
    user: () => user,
    /** Whether the cookie is alive, and still this user's. @param {string} user as of when the wait began */
    serves: (user) => remaining() > 0 && (!user || userOf(readMark()) === user),
    /** Whether it is not worth the wait. */
    lasts: () => remaining() > Math.max(15, state().life / 4) * 1000,
    /**
     * Waits until there is a fresh cookie, or none to be had soon; whoever signed out is not signed in again by it.
     * @param {number} limit milliseconds
     */
    async renew(limit) {
      if (state().left) return;
      demand();
      await until(() => {
        const { phase, who } = state();
        if (phase === 'asking' || phase === 'sending') return false;
        return phase === 'stopped' || remaining() > 0 || (phase === 'resting' && who === 'out');
      }, limit);
    },
  };
}
