// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { poll } from './provider.js';

/** @typedef {import('../state.js').Who} Who */
/** @typedef {import('./provider.js').Provider} Provider */

/** ClerkJS, once the page has loaded it; we never call `load()`. @returns {Provider} */
export function clerkProvider() {
  const clerk = () => /** @type {any} */ (window).Clerk;
  let leaving = false; // signOut() leaves `session` undefined until it has navigated away; only the listener knows
  return {
    missing: 'There is no window.Clerk that has finished load(), and no getToken was given (data-get-token).',
    who() {
      const { loaded, status, session, user } = clerk() ?? {};
      if (!loaded || status === 'error' || (status === 'degraded' && !session)) return { who: 'unknown', key: '' };
      if (session === undefined) return { who: leaving ? 'out' : 'unknown', key: '' };
      if (session === null || session.status === 'pending') return { who: 'out', key: '' };
      return { who: 'in', key: [session.id, user?.id, session.lastActiveOrganizationId].join(' ') };
    },
    async getToken({ fresh }) {
      const session = clerk().session;
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
      undo.push(poll(() => clerk()?.addListener, () => {
        if (clerk().on) {
          clerk().on('status', changed);
          undo.push(() => clerk().off?.('status', changed));
        }
        undo.push(poll(() => clerk().loaded, () => {
          undo.push(clerk().addListener((/** @type {any} */ { session, client }) => {
            leaving = session === undefined && client?.signedInSessions?.length === 0;
            changed();
          }));
          changed();
        }));
      }));
      return () => undo.forEach((stop) => stop());
    },
  };
}
