// SPDX-License-Identifier: Apache-2.0
// @ts-check
/**
 * Where a sign-in page should go next: the path in the query parameter `return`, if it is a path on this origin.
 * @param {string} search as in `location.search`
 * @param {string} fallback
 * @returns {string}
 */
export function returnPath(search, fallback) {
  const [, encoded = ''] = /[?&]return=([^&#]*)/.exec(search) ?? [];
  let path = '';
  try {
    path = decodeURIComponent(encoded.replace(/\+/g, ' '));
  } catch {
    // Not decodable: no path.
  }
  return /^\/(?![/\\])[^\u0000-\u001f\u007f-\u009f]*$/.test(path) ? path : fallback;
}
