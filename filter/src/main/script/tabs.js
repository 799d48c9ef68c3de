// SPDX-License-Identifier: Apache-2.0
// @ts-check
/**
 * The other tabs of this browser. Messages only say that the cookies are worth reading again. The lock only says who
 * refreshes for all visible tabs, the keeper: it saves work and nothing waits for it.
 * @param {string} name what the tabs of one application, and no others, have in common
 * @param {(what: string) => void} heard
 */
export function joinTabs(name, heard) {
  /** @type {BroadcastChannel | undefined} */
  let channel;
  /** @type {AbortController | undefined} */
  let candidacy;
  const { locks } = navigator; // not on plain http
  let keeper = !locks;

  /** @param {AbortSignal} signal @param {LockOptions} options @param {() => void} [answered] */
  function request(signal, options, answered = () => {}) {
    locks.request(name, options, (lock) => {
      answered();
      if (!lock) return request(signal, { signal });
      if (signal.aborted) return undefined;
      keeper = true;
      return new Promise((resolve) => signal.addEventListener('abort', resolve));
    }).catch(answered);
  }

  return {
    get keeper() {
      return keeper;
    },

    /** @param {string} what */
    tell(what) {
      channel?.postMessage(what);
    },

    /** Resolves as soon as it is known whether another tab is the keeper. @returns {Promise<void>} */
    compete() {
      if (!locks || candidacy) return Promise.resolve();
      const { signal } = (candidacy = new AbortController());
      return new Promise((resolve) => request(signal, { ifAvailable: true }, resolve));
    },

    /** For hidden tabs: one that the browser freezes must not keep the others waiting. */
    resign() {
      candidacy?.abort();
      candidacy = undefined;
      keeper = !locks;
    },

    listen() {
      if (!globalThis.BroadcastChannel || channel) return;
      channel = new BroadcastChannel(name);
      channel.onmessage = ({ data }) => heard(data);
    },

    /** A message that arrives meanwhile would put the page out of the back/forward cache. */
    deafen() {
      channel?.close();
      channel = undefined;
    },
  };
}
