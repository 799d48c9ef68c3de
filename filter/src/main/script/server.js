// SPDX-License-Identifier: Apache-2.0
// @ts-check
/** @typedef {import('./state.js').Answer} Answer */

/**
 * One request to the endpoint; never rejects.
 * @param {URL} endpoint @param {AbortSignal} signal @param {RequestInit} init @returns {Promise<Answer>}
 */
export async function request(endpoint, signal, init) {
  const sent = Date.now();
  const answer = { status: 0, ours: false, code: '', changed: true, serverNow: 0, sent, received: sent, retryAfter: 0 };
  try {
    const response = await fetch(endpoint, {
      ...init, signal, credentials: 'same-origin', cache: 'no-store', redirect: 'manual', mode: 'same-origin',
    });
    answer.status = response.status;
    answer.received = Date.now();
    answer.ours = response.headers.get('Signin-Sync') === '1';
    answer.retryAfter = secondsOf(response.headers.get('Retry-After'));
    const body = await response.json();
    answer.code = String(body.code ?? '');
    answer.changed = body.changed !== false;
    answer.serverNow = Number(body.now) || 0;
  } catch {
    if (answer.status === 200) answer.ours = false; // cut off, or not what we speak
  }
  return answer;
}

/** Seconds or a date. @param {string | null} retryAfter @returns {number} */
function secondsOf(retryAfter) {
  if (!retryAfter) return 0;
  const seconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - Date.now()) / 1000;
  return Math.max(0, seconds) || 0;
}
