// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { OUT, PERHAPS, definitiveOnly, memory, signedIn } from './known.js';

/**
 * AWS Amplify's `fetchAuthSession` and, if given, `Hub`, in one object. Looked at: @aws-amplify/auth 6.21.
 * @param {any} amplify @param {{token?: string}} options @returns {import('./provider.js').Adapter}
 */
export function amplifyProvider(amplify, { token }) {
  const known = memory();
  // No tokens is also what it says before it is configured: certain only when the Hub says so.
  const seen = (/** @type {any} */ { tokens }) => (tokens ? signedIn(tokens.accessToken.payload.sub) : PERHAPS);
  const look = () => known.look(async () => seen(await amplify.fetchAuthSession()));
  return {
    who: known.who,
    refresh: look,
    classify: definitiveOnly([
      'NotAuthorizedException', 'TokenRevokedException', 'UserNotFoundException', 'PasswordResetRequiredException',
      'UserNotConfirmedException', 'RefreshTokenReuseException',
    ]),
    async getToken({ fresh }) {
      /** @type {any} */
      let session;
      await known.hear(async () => seen((session = await amplify.fetchAuthSession(fresh ? { forceRefresh: true } : {}))));
      return session.tokens?.[token === 'id' ? 'idToken' : 'accessToken']?.toString();
    },
    subscribe(changed) {
      // Not on tokenRefresh_failure: looking would refresh, and fail, again.
      const stop = amplify.Hub?.listen('auth', (/** @type {any} */ { payload }) => {
        if (payload.event === 'signedOut') known.set(OUT);
        else if (/^sign(ed)?In/.test(payload.event)) void look();
      });
      const undo = known.listen(changed, () => stop?.());
      void look();
      return undo;
    },
  };
}
