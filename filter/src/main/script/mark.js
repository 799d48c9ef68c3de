// SPDX-License-Identifier: Apache-2.0
// @ts-check
/** The mark: readable and no secret, `<hash of issuer, subject, session id>.<expiry>.<in|out>`. */

/** @typedef {import('./state.js').Mark} Mark */

/** @param {Mark | null} mark */
export function userOf(mark) {
  return mark?.in ? mark.hash : '';
}

/** @param {string} cookies as in `document.cookie` @param {string} [name] @returns {Mark | null} */
export function parseMark(cookies, name = MARK_COOKIE) {
  const pair = cookies.split('; ').find((cookie) => cookie.startsWith(`${name}=`)) ?? '';
  const value = pair.slice(name.length + 1);
  const [, hash = '', exp = '', word] = /^([0-9a-f]{32})\.(\d{1,12})\.(in|out)$/.exec(value) ?? [];
  return word ? { hash, exp: Number(exp), in: word === 'in' } : null;
}

/** Nothing where a sandbox forbids cookies. */
export function readMark() {
  try {
    return parseMark(document.cookie);
  } catch {
    return null;
  }
}
