// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { amplifyProvider } from './amplify.js';
import { auth0Provider } from './auth0.js';
import { clerkProvider } from './clerk.js';
import { customProvider } from './custom.js';
import { firebaseProvider } from './firebase.js';
import { keycloakProvider } from './keycloak.js';
import { UNKNOWN } from './known.js';
import { lookUp } from './look-up.js';
import { oidcProvider } from './oidc.js';
import { poll } from './provider.js';
import { supabaseProvider } from './supabase.js';

/** @typedef {import('./provider.js').Adapter} Adapter */
/** @typedef {import('./provider.js').Provider} Provider */

/**
 * @typedef {object} Choice
 * @property {string | object} [provider]
 * @property {string} [providerGlobal]
 * @property {string} [token]
 * @property {Function | string} [getToken]
 * @property {Function} [subscribe]
 */

/**
 * By name: where the page keeps the instance unless it says otherwise, and the method it is known by. Detection goes
 * from top to bottom.
 * @type {Record<string, [string, string, (instance: any, options: {token?: string}) => Adapter]>}
 */
const KINDS = {
  clerk: ['Clerk', 'addListener', clerkProvider],
  auth0: ['auth0Client', 'getTokenSilently', auth0Provider],
  firebase: ['firebaseAuth', 'onIdTokenChanged', firebaseProvider],
  supabase: ['supabase', 'auth.onAuthStateChange', supabaseProvider],
  keycloak: ['keycloak', 'updateToken', keycloakProvider],
  amplify: ['amplifyAuth', 'fetchAuthSession', amplifyProvider],
  oidc: ['userManager', 'signinSilent', oidcProvider],
};

export const PROVIDERS = Object.keys(KINDS);

/**
 * The provider that is named, else the function that is given, else the first one that turns up in the page.
 * @param {Choice} [options] @returns {Provider}
 */
export function chooseProvider(options = {}) {
  const { provider, providerGlobal, getToken, subscribe } = options;
  const given = typeof provider === 'object' ? provider : null;
  const named = Object.entries(KINDS).filter(([name]) => name === provider);
  if (provider === 'custom' || (getToken && !given && !named.length)) return customProvider(getToken ?? '', subscribe);
  const kinds = named.length ? named : Object.entries(KINDS);
  const instanceOf = (/** @type {string} */ global) => given ?? lookUp(globalThis, providerGlobal || global);

  return awaited(() => {
    for (const [, [global, sign, adapter]] of kinds) {
      const instance = instanceOf(global);
      // Only an SDK has functions: an element of the page that goes by its name has none.
      if (typeof lookUp(instance, sign) === 'function') return adapter(instance, options);
    }
    const own = given ?? (providerGlobal && lookUp(globalThis, providerGlobal));
    return typeof own?.who === 'function' ? own : null;
  }, given ? 'The provider given is not ready, or none we know.' : `No provider that is ready in window.${
    providerGlobal || kinds.map(([, [global]]) => global).join(', ')}, and no getToken was given (data-get-token).`);
}

/**
 * Stands in for an adapter until there is one.
 * @param {() => Adapter | null} find @param {string} missing @returns {Provider}
 */
function awaited(find, missing) {
  /** @type {Adapter | null} */
  let found = null;
  const look = () => (found ??= find());
  return {
    missing,
    who: () => look()?.who() ?? UNKNOWN,
    getToken: async (how) => look()?.getToken(how),
    classify(error) {
      try {
        return found?.classify?.(error);
      } catch {
        return undefined;
      }
    },
    refresh: async () => found?.refresh?.(),
    subscribe(changed) {
      /** @type {Array<(() => void) | undefined>} */
      const undo = [];
      undo.push(poll(look, () => {
        undo.push(found?.subscribe(changed));
        changed();
      }));
      return () => undo.forEach((stop) => stop?.());
    },
  };
}
