// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { OUT, PERHAPS, definitiveOnly, memory, signedIn } from './known.js';

/**
 * A Supabase client. Each refresh spends the refresh token, so one is forced only when we have had the present token.
 * Looked at: @supabase/auth-js 2.109.
 * @param {any} client @returns {import('./provider.js').Adapter}
 */
export function supabaseProvider({ auth }) {
  const known = memory();
  /** @type {string | undefined} */
  let handedOut;
  const seen = (/** @type {any} */ session) => (session ? signedIn(session.user.id) : PERHAPS);
  const classify = definitiveOnly([
    'AuthSessionMissingError', 'refresh_token_not_found', 'refresh_token_already_used', 'session_not_found',
    'session_expired', 'user_not_found', 'user_banned',
  ]);
  return {
    who: known.who,
    classify,
    async getToken({ fresh }) {
      await known.hear(async () => {
        let { data, error } = await auth.getSession();
        if (fresh && data.session && data.session.access_token === handedOut) {
          ({ data, error } = await auth.refreshSession());
          // It failed for the moment, or another tab was faster (a discarded refresh): the stored token may still do.
          if (error && classify(error) !== 'definitive') ({ data, error } = await auth.getSession());
        }
        if (error) throw error;
        handedOut = data.session?.access_token;
        return seen(data.session);
      });
      return handedOut;
    },
    subscribe(changed) {
      // Whoever calls the SDK from within its callback may wait for ever: a task of its own. A first event without a
      // session may stand for an error (no network), so only SIGNED_OUT is certain.
      const { data } = auth.onAuthStateChange((/** @type {string} */ event, /** @type {any} */ session) => {
        setTimeout(() => known.set(event === 'SIGNED_OUT' ? OUT : seen(session)));
      });
      return known.listen(changed, () => data.subscription.unsubscribe());
    },
  };
}
