// SPDX-License-Identifier: Apache-2.0
// @ts-check
/** Resolves an address as the page would; unlike `new URL`, whatever it is. @param {string} address */
export function resolve(address) {
  const link = document.createElement('a');
  link.href = address;
  return link;
}

/** @param {string} address */
export function isOurs(address) {
  return resolve(address).origin === location.origin;
}
