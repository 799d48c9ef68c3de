// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { OUT, UNKNOWN, definitiveOnly, signedIn } from './known.js';

/**
 * A Firebase Auth. It does not renew tokens by itself: our timer does. Looked at: @firebase/auth 1.13.
 * @param {any} auth @returns {import('./provider.js').Adapter}
 */
export function firebaseProvider(auth) {
  let ready = false; // `currentUser` is null until the stored user is read
  return {
    who() {
      const user = auth.currentUser;
      if (user) return signedIn(user.uid, user.tenantId);
      return ready ? OUT : UNKNOWN;
    },
    getToken: async ({ fresh }) => auth.currentUser?.getIdToken(fresh),
    classify: definitiveOnly(['auth/user-token-expired', 'auth/user-disabled', 'auth/invalid-user-token']),
    // The first call comes when authStateReady() would resolve, which older versions do not have.
    subscribe: (changed) => auth.onIdTokenChanged(() => {
      ready = true;
      changed();
    }),
  };
}
