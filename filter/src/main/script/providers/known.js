// SPDX-License-Identifier: Apache-2.0
// @ts-check
// What the adapters share: words for who is there, closed lists of errors, and a memory for SDKs that answer later.

/** @typedef {import('./provider.js').Adapter} Adapter */
/** @typedef {import('./provider.js').Seen} Seen */

/** @type {Seen} */
export const UNKNOWN = { who: 'unknown', key: '' };
/** @type {Seen} */
export const OUT = { who: 'out', key: '' };
/** @type {Seen} Nobody in this page, but only a token call can tell. */
export const PERHAPS = { who: 'perhaps', key: '' };

/** @param {unknown[]} names of the user, the session, the organisation @returns {Seen} */
export const signedIn = (...names) => ({ who: 'in', key: names.join(' ') });

/**
 * The list is closed: a code that an SDK invents later is transient until somebody has looked at it.
 * @param {string[]} codes @returns {(error: any) => 'definitive' | 'transient'}
 */
export const definitiveOnly = (codes) => (error) =>
  codes.includes(error?.error ?? error?.code ?? error?.name) ? 'definitive' : 'transient';

/** The last answer of an SDK that cannot say at once who is signed in. */
export function memory() {
  let seen = UNKNOWN;
  let turn = 0;
  let doubted = false;
  let tell = () => {};

  /** @param {Seen} next */
  function set(next) {
    turn++;
    if (seen === OUT && next === PERHAPS) return; // it was certain
    if (next.who === seen.who && next.key === seen.key) return;
    seen = next;
    tell();
  }

  /**
   * An answer that newer news has overtaken changes nothing: a sign-out must not be forgotten for a slow token call.
   * @param {() => Promise<Seen>} ask
   */
  async function hear(ask) {
    const mine = ++turn;
    const next = await ask();
    if (mine === turn) set(next);
  }

  return {
    who: () => seen,
    set,
    hear,
    /** The same, but never rejects: an error says nothing about who is signed in. @param {() => Promise<Seen>} ask */
    look: (ask) => hear(ask).catch(() => {}),
    /** The provider hints that its session is gone, which is worth a question to its server. */
    doubt() {
      doubted = true;
      set(PERHAPS);
    },
    /**
     * A page that has nobody (a new tab, an SDK that starts late) may still have a session at the provider. Its server
     * is asked before somebody is signed out here, but not for every visitor: only the fresh call that settles an empty
     * cached one goes through, and nobody makes a cached one first where nobody was signed in.
     * @param {boolean} fresh
     * @param {NonNullable<Adapter['classify']>} classify
     * @param {() => Promise<string | null | undefined>} ask
     */
    async settle(fresh, classify, ask) {
      const nobody = seen.who !== 'in';
      if (nobody && !(fresh && doubted)) {
        doubted = !fresh;
        return null;
      }
      doubted = false;
      try {
        return await ask();
      } catch (error) {
        if (nobody && classify(error) === 'definitive') return null;
        throw error;
      }
    },
    /** @param {() => void} changed @param {Array<() => void>} undo @returns {() => void} */
    listen(changed, ...undo) {
      tell = changed;
      return () => {
        tell = () => {};
        undo.forEach((stop) => stop());
      };
    },
  };
}
