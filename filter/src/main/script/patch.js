// SPDX-License-Identifier: Apache-2.0
// @ts-check
/**
 * Puts a function of ours in the place of the browser's, until the signal; unless somebody has put theirs there since.
 * @param {any} owner @param {string} name @param {Function} ours @param {AbortSignal} signal
 */
export function patch(owner, name, ours, signal) {
  const before = owner[name];
  owner[name] = ours;
  signal.addEventListener('abort', () => {
    if (owner[name] === ours) owner[name] = before;
  });
}
