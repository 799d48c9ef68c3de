// SPDX-License-Identifier: Apache-2.0
// @ts-check
/**
 * The script of a page: one global, made once however often the page includes it. It starts by itself, from the
 * attributes of its element and, for what those do not say, from `window.signinSyncOptions`; with data-start="manual", or
 * as a module, it waits for `start`.
 */
import { running, start } from './start.js';

const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);

if (!window.SigninSync) {
  const endpoint = script?.src ? new URL('session', script.src).href : undefined;
  window.SigninSync = { start: (options) => start({ endpoint, ...window.signinSyncOptions, ...options }), running };
  const { start: when, ...options } = script?.dataset ?? { start: 'manual' };
  if (when !== 'manual') window.SigninSync.start(options);
}
