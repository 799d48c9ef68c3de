// SPDX-License-Identifier: Apache-2.0
// @ts-check
/** What a page author should change, for each way in which it cannot work. */

/** @typedef {import('./state.js').Answer} Answer */

export const notAJwt = 'getToken() gave something that is not a JWT.';

export const invisibleText = 'The server accepted the token, but its cookies do not show. Cookies may be blocked here, '
  + 'the page may be on plain http (set cookieSecure=false), or the cookie path or domain does not cover this page.';

/** @param {Answer} answer */
export function refusedText({ status, code }) {
  return `The server refused the token (${status} ${code}): compare its issuer, audience and authorized parties with the `
    + 'settings of the filter.';
}

/** @param {Answer} answer */
export function foreignText({ status }) {
  return `Five times in a row, something else than the filter answered (${status || 'or nothing did'}). This goes on, `
    + 'but if it never works: is the filter mapped to /signin-sync/*, and does the proxy let POST and DELETE through?';
}

/** @param {Answer} answer */
export function refusalText({ status, code }) {
  /** @type {Record<string, string>} */
  const advice = {
    403: 'The page is on another origin than the filter believes: list it in syncOrigins, or let the proxy keep Host.',
    413: 'The token is longer than a cookie may be: leave claims out of it.',
  };
  return `The server will not take part in the synchronization (${status} ${code}). ${advice[status] ?? ''}`;
}
