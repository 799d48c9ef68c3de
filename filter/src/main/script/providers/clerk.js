// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { OUT, UNKNOWN, signedIn } from './known.js';
import { poll } from './provider.js';

/**
 * ClerkJS, once the page has loaded it; we never call `load()`. Looked at: @clerk/clerk-js 6.29.
 * @param {any} clerk @returns {import('./provider.js').Adapter}
 */
export function clerkProvider(clerk) {
  let leaving = false; // signOut() leaves `session` undefined until it has navigated away; only the listener knows
  return {
    who() {
      const { loaded, status, session, user } = clerk;
      if (!loaded || status === 'error' || (status === 'degraded' && !session)) return UNKNOWN;
      if (session === undefined) return leaving ? OUT : UNKNOWN;
      if (session === null || session.status === 'pending') return OUT;
      return signedIn(session.id, user?.id, session.lastActiveOrganizationId);
    },
    async getToken({ fresh }) {
      const { session } = clerk;
      if (!fresh) return session.getToken();
      try {
        return await session.getToken({ skipCache: true });
      } catch (error) {
        // A failed forced refresh must not discard a token that is still good.
        const cached = await session.getToken().catch(() => null);
        if (cached) return cached;
        throw error;
      }
    },
    subscribe(changed) {
      /** @type {Array<() => void>} */
      const undo = [];
      if (clerk.on) {
        clerk.on('status', changed);
        undo.push(() => clerk.off?.('status', changed));
      }
      undo.push(poll(() => clerk.loaded, () => {
        undo.push(clerk.addListener((/** @type {any} */ { session, client }) => {
          leaving = session === undefined && client?.signedInSessions?.length === 0;
          changed();
        }));
        changed();
      }));
      return () => undo.forEach((stop) => stop());
    },
  };
}
