// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The door for pages without modules. It starts by itself, from its own attributes: data-provider, data-get-token,
// data-on-user-change, data-return; with data-start="manual" it waits for SigninSync.start(), which returns a promise.
(() => {
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const { start: when, provider, getToken, onUserChange, return: back } = script.dataset;
  const loaded = import(new URL('signin-sync.js', script.src).href);
  const start = async (/** @type {any} */ options) => (await loaded).start(options);
  Object.assign(window, { SigninSync: { start } });
  if (when !== 'manual') {
    start({ provider, getToken, onUserChange, return: back })
      .catch((error) => console.error('Signin Sync: cannot start.', error));
  }
})();
