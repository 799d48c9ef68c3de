// SPDX-License-Identifier: Apache-2.0
// @ts-check
/** The script of the resync page, beside the one that every page has. Its element has the attributes for both. */
import { resync } from './resync.js';

const { resync: kind = '', login, ...options } = document.currentScript?.dataset ?? {};
const { SigninSync } = window;

if (SigninSync) void resync(() => SigninSync.start(options), kind, login);
