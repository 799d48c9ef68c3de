// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { NO_SESSION } from '../errors.js';
import { OUT, PERHAPS, definitiveOnly, memory, signedIn } from './known.js';

/**
 * A UserManager, for any OpenID provider. Its store may be this tab's alone. A renewal is forced only when we have had
 * the stored token: where iframes get no cookies, it would fail for somebody who has just signed in.
 * Looked at: oidc-client-ts 3.5.
 * @param {any} manager @param {{token?: string}} options @returns {import('./provider.js').Adapter}
 */
export function oidcProvider(manager, { token }) {
  const known = memory();
  /** @type {string | undefined} */
  let handedOut;
  const tokenOf = (/** @type {any} */ user) => user?.[token === 'id' ? 'id_token' : 'access_token'];
  const seen = (/** @type {any} */ user) => (user ? signedIn(user.profile.sub, user.profile.sid) : PERHAPS);
  const look = () => known.look(async () => seen(await manager.getUser()));
  const classify = definitiveOnly(NO_SESSION);
  return {
    who: known.who,
    refresh: look,
    classify,
    getToken: ({ fresh }) => known.settle(fresh, classify, async () => {
      await known.hear(async () => {
        let user = await manager.getUser();
        const doubtful = known.who().who !== 'in' || user?.expired || tokenOf(user) === handedOut;
        if (fresh && doubtful) user = await manager.signinSilent();
        handedOut = tokenOf(user);
        return seen(user);
      });
      return handedOut;
    }),
    subscribe(changed) {
      const { events } = manager;
      const undo = known.listen(
        changed,
        events.addUserLoaded((/** @type {any} */ user) => known.set(seen(user))),
        events.addUserUnloaded(() => known.set(OUT)),
        events.addUserSignedOut(known.doubt), // its session monitor also says so when it only failed to ask
      );
      void look();
      return undo;
    },
  };
}
