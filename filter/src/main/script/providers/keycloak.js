// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { OUT, PERHAPS, UNKNOWN, signedIn } from './known.js';

const SLOTS = ['onReady', 'onAuthSuccess', 'onAuthRefreshSuccess', 'onAuthRefreshError', 'onAuthLogout'];
const INIT_LIMIT = 12_000; // init() gives its frames 10 seconds

/**
 * A keycloak-js instance. Nothing to classify: it signs out by itself when the server says so (400).
 * Looked at: keycloak-js 26.2.
 * @param {any} keycloak @returns {import('./provider.js').Adapter}
 */
export function keycloakProvider(keycloak) {
  let heard = false;
  let late = false;
  return {
    who() {
      if (keycloak.authenticated) return signedIn(keycloak.subject, keycloak.sessionId);
      if (heard) return OUT;
      // `authenticated` is false from the start. If init() was over before we came, no handler will tell.
      return late && keycloak.didInitialize !== false ? PERHAPS : UNKNOWN;
    },
    async getToken({ fresh }) {
      if (keycloak.refreshToken) await keycloak.updateToken(fresh ? -1 : 30); // the implicit flow has none
      return keycloak.token;
    },
    subscribe(changed) {
      let live = true;
      // Each slot holds one function: the page's goes on being called, and gets its place back unless it took it already.
      const undo = SLOTS.map((slot) => {
        const theirs = keycloak[slot];
        /** @param {unknown[]} news */
        const ours = (...news) => {
          heard = true;
          if (live) changed();
          return theirs?.apply(keycloak, news);
        };
        keycloak[slot] = ours;
        return () => {
          if (keycloak[slot] === ours) keycloak[slot] = theirs;
        };
      });
      const timer = setTimeout(() => {
        late = true;
        changed();
      }, INIT_LIMIT);
      return () => {
        live = false;
        clearTimeout(timer);
        undo.forEach((restore) => restore());
      };
    },
  };
}
