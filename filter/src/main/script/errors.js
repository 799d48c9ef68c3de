// SPDX-License-Identifier: Apache-2.0
// @ts-check
// What OpenID providers say when there is no session left.
export const NO_SESSION = ['invalid_grant', 'login_required', 'interaction_required', 'consent_required', 'session_expired'];

/**
 * Whether an error of the provider says for certain that there is no session. Everything unknown is transient.
 * @param {any} error
 * @returns {boolean}
 */
export function isDefinitive(error) {
  if (error?.definitive === true) return true;
  const code = error?.errors?.[0]?.code ?? error?.code ?? error?.error;
  switch (error?.status) {
    case 401:
      return code !== 'dev_browser_unauthenticated' && code !== 'requires_captcha';
    case 403:
      return !error.errors || code === 'user_banned' || code === 'user_deactivated';
    case 422:
      return true;
    default:
      return NO_SESSION.includes(code);
  }
}
