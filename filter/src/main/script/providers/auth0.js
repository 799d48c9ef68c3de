// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { NO_SESSION } from '../errors.js';
import { PERHAPS, definitiveOnly, memory, signedIn } from './known.js';
import { poll } from './provider.js';

/**
 * An Auth0Client. It has no events, so we look into its cache now and then, which asks no server. A renewal that fails
 * (an iframe without third-party cookies) signs its user out, so one is forced only when we have had the cached token.
 * Looked at: @auth0/auth0-spa-js 2.28.
 * @param {any} client @param {{token?: string}} options @returns {import('./provider.js').Adapter}
 */
export function auth0Provider(client, { token }) {
  const known = memory();
  /** @type {string | undefined} */
  let handedOut;
  // isAuthenticated() and getUser() read the same ID token, but leave the session id out.
  const look = () => known.look(async () => {
    const claims = await client.getIdTokenClaims();
    return claims ? signedIn(claims.sub, claims.sid, claims.org_id) : PERHAPS;
  });
  const get = async (/** @type {object} */ how) => {
    const access = await client.getTokenSilently(how);
    return token === 'id' ? (await client.getIdTokenClaims())?.__raw : access;
  };
  const classify = definitiveOnly([...NO_SESSION, 'missing_refresh_token', 'mfa_required']);
  return {
    who: known.who,
    refresh: look,
    classify,
    getToken: ({ fresh }) => known.settle(fresh, classify, async () => {
      try {
        let value = await get({});
        if (fresh && value === handedOut) value = await get({ cacheMode: 'off' });
        return (handedOut = value);
      } finally {
        await look(); // it signs out by itself on some errors
      }
    }),
    subscribe: (changed) => known.listen(changed, poll(() => void look(), () => {}, 10_000)),
  };
}
