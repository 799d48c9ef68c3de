// SPDX-License-Identifier: Apache-2.0
// Follows the bundle where it is served as a module.
const endpoint = new URL('session', import.meta.url).href;
export const start = (options) => self.SigninSync.start({ endpoint, ...options });
