// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The door for pages without modules. Starts by itself from its own data-* attributes, unless data-start="manual".
(() => {
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const { start: when, provider, getToken, onUserChange, return: back } = script.dataset;
  const loaded = import(new URL('signin-sync.js', script.src).href);
  const start = async (/** @type {any} */ options) => (await loaded).start(options);
  Object.assign(window, { SigninSync: { start } });
  if (when !== 'manual') {
    start({ provider, getToken, onUserChange, return: back }).catch((error) => console.error('Signin Sync: cannot start.', error));
  }
})();
