// SPDX-License-Identifier: Apache-2.0
// What the sources find without importing it.
import { Options, SigninSync } from './start.js';

declare global {
  /** The name of the mark cookie, which the filter puts in. */
  const MARK_COOKIE: string;

  interface Window {
    SigninSync?: { start: (options?: Options) => SigninSync; running: () => SigninSync | null };
  }
}
