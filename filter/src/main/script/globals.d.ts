// SPDX-License-Identifier: Apache-2.0
// What the sources find without importing it; what pages find, too, is in signin-sync.d.ts.

/** The name of the mark cookie, which the filter puts in. */
declare const MARK_COOKIE: string;
