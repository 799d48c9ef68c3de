// SPDX-License-Identifier: Apache-2.0
// @ts-check
/** @typedef {import('./state.js').Claims} Claims */

/**
 * Reads a token without verifying it: only to compare it with the mark.
 * @param {string} token @returns {Promise<Claims | null>}
 */
export async function decodeUnverified(token) {
  try {
    const base64 = token.split('.')[1]?.replace(/-/g, '+').replace(/_/g, '/') ?? '';
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const { iss, sub, sid, exp, iat } = JSON.parse(new TextDecoder().decode(bytes));
    if (!Number.isFinite(exp) || typeof sub !== 'string') return null;
    const identity = `${iss}\n${sub}\n${sid ?? ''}`;
    return { identity, hash: await hashOf(identity), exp, iat: Number.isFinite(iat) ? iat : exp - 60 };
  } catch {
    return null;
  }
}

/** The first half of SHA-256; null on plain http, where browsers do not offer it. @param {string} text */
async function hashOf(text) {
  if (!globalThis.crypto?.subtle) return null;
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest, 0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
