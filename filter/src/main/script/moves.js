// SPDX-License-Identifier: Apache-2.0
// @ts-check
/** What the machine can do about a situation. Each changes the state and adds effects; none looks at the event. */
import { userOf } from './mark.js';
import { elapsed, MIN_REFRESH, refreshDelay } from './time.js';

/** @typedef {import('./state.js').At} At */
/** @typedef {import('./state.js').Claims} Claims */
/** @typedef {import('./state.js').Effect} Effect */
/** @typedef {import('./state.js').State} State */

const TOKEN_TIMEOUT = 10_000; // then we retry, but a late token is still used
const FORCED_PATIENCE = 30_000; // no second forced token call while one is this young
const CONFIRM_AFTER = 1_000; // a doubt counts only if it is still there this much later
export const SWITCH_LIMIT = 5_000; // how long another user's cookie may outlive a change of user
const LONGEST_IDLE = 60_000;
const LADDER = [500, 1_500, 4_000, 10_000]; // before the second to fifth attempt; after that, slowly and for ever
const SLOWEST = 60_000;
const LONGEST_PATIENCE = 330_000;
const MANY_POSTS = 12; // in a minute; more than those keep their distance
const DISTANCE = 5_000;
const UNBLOCK_AFTER = 300_000;
const UNVERIFIED_AFTER = 30_000; // how long after expiry a cookie may stay that nobody can vouch for

/**
 * Whether this sign was seen before, long enough ago; if not, it is looked for again.
 * @param {State} s @param {'nobody' | 'definitive'} kind @param {At} at
 */
export function confirmed(s, kind, at) {
  if (s.doubt?.kind !== kind) s.doubt = { kind, at: at.now };
  if (elapsed(s.doubt.at, at.now) >= CONFIRM_AFTER) return true;
  s.phase = 'backing-off';
  s.timerAt = s.doubt.at + CONFIRM_AFTER;
  return false;
}

/**
 * Nobody is signed in at the provider, for certain.
 * @param {State} s @param {Effect[]} out @param {At} at
 * @param {boolean} [lost] although the provider still names somebody
 */
export function signedOut(s, out, at, lost = false) {
  s.lost = lost;
  s.again = null;
  s.key = '';
  if (ending(s)) return;
  drop(s, out);
  if (at.mark?.in || s.unsure) remove(s, out, at);
  else if (s.lost) lose(s, out, at);
  else rest(s, out, at);
}

/** @param {State} s @param {Effect[]} out @param {At} at @param {boolean} fresh */
export function ask(s, out, at, fresh) {
  const busy = s.forcing !== null && elapsed(s.forcing.at, at.now) < FORCED_PATIENCE;
  s.phase = 'asking';
  s.ask++;
  s.forced = fresh;
  s.askedAt = at.now;
  s.timerAt = at.now + TOKEN_TIMEOUT;
  if (fresh && !busy) s.forcing = { ask: s.ask, at: at.now };
  out.push({ do: 'ask', fresh: fresh && !busy, ask: s.ask, epoch: s.epoch });
}

/** @param {State} s @param {Effect[]} out @param {At} at @param {string} token @param {Claims} claims */
export function post(s, out, at, token, claims) {
  s.posts = s.posts.filter((time) => elapsed(time, at.now) < 60_000);
  const last = s.posts.at(-1) ?? 0;
  if (s.posts.length >= MANY_POSTS && elapsed(last, at.now) < DISTANCE) {
    s.phase = 'backing-off';
    s.timerAt = last + DISTANCE;
    return;
  }
  s.posts.push(at.now);
  s.phase = 'sending';
  s.timerAt = 0;
  s.unsure = true;
  s.sending = { method: 'POST', claims, before: at.mark, unverified: false };
  out.push({ do: 'post', token, send: ++s.send });
}

/**
 * @param {State} s @param {Effect[]} out @param {At} at
 * @param {boolean} [unverified] nobody signed out, but nobody can vouch for the cookie: the server keeps the session
 */
export function remove(s, out, at, unverified = false) {
  s.phase = 'sending';
  s.timerAt = 0;
  s.sending = { method: 'DELETE', claims: null, before: at.mark, unverified };
  out.push({ do: 'delete', send: ++s.send, unverified });
}

/**
 * Nothing to do now: the mark says who is signed in, and when to look again.
 * @param {State} s @param {Effect[]} out @param {At} at
 */
export function rest(s, out, at) {
  s.phase = 'resting';
  s.who = at.mark?.in ? 'in' : 'out';
  s.failures = 0;
  if (s.degraded) out.push({ do: 'announce', what: 'recovered' });
  s.degraded = false;
  s.notBefore = 0;
  s.doubt = null;
  s.sending = null;
  s.replace = false;
  s.insist = false;
  s.timerAt = 0;
  if (at.mark?.in) {
    const now = at.now + s.skew;
    const iat = at.mark.exp - (s.life || at.mark.exp - now / 1000);
    const idle = s.idle && Math.min(LONGEST_IDLE, MIN_REFRESH * 2 ** s.idle);
    s.timerAt = at.now + Math.max(idle, refreshDelay({ exp: at.mark.exp, iat }, now, at.random));
  }
  report(s, out, at);
  askAgain(s, out, at);
}

/** @param {State} s @param {Effect[]} out @param {At} at */
function askAgain(s, out, at) {
  const { again } = s;
  s.again = null;
  if (!again || s.left) return;
  s.replace = true;
  s.insist = again.insist;
  ask(s, out, at, again.fresh);
}

/** @param {State} s @param {Effect[]} out @param {At} at */
export function report(s, out, at) {
  const user = userOf(at.mark);
  if (user === s.shown || s.left === 'leaving') return;
  out.push({ do: 'changed', state: user ? 'in' : 'out', previous: s.shown ? 'in' : 'out' });
  s.shown = user;
}

/** @param {State} s @param {Effect[]} out @param {At} at @param {number} [retryAfter] seconds */
export function backOff(s, out, at, retryAfter = 0) {
  s.phase = 'backing-off';
  s.insist ||= s.again?.insist ?? false;
  s.again = null;
  const quick = LADDER[s.failures];
  const wait = retryAfter
    ? Math.min(retryAfter, 300) * 1000 * (1 + at.random / 10)
    : quick
      ? quick * (0.75 + at.random / 2)
      : Math.min(SLOWEST, 30_000 * 2 ** (s.failures - LADDER.length)) * (0.8 + at.random * 0.4);
  s.failures++;
  if (s.failures > LADDER.length && !s.degraded) {
    s.degraded = true;
    out.push({ do: 'announce', what: 'degraded' });
  }
  s.notBefore = retryAfter ? at.now + wait : 0;
  s.timerAt = at.now + wait;
  notLaterThanSwitch(s, at);
}

/** @param {State} s @param {Effect[]} out @param {At} at @param {string} text */
export function refuse(s, out, at, text) {
  s.refusals++;
  if (s.refusals === 1) return ask(s, out, at, true);
  if (s.refusals === 2) out.push({ do: 'complain', text });
  refuseLater(s, at);
}

/**
 * The keys may just be rotating: a refusal clears nothing by itself, only a third one does, a minute later.
 * @param {State} s @param {At} at
 */
export function refuseLater(s, at) {
  s.phase = 'refused';
  s.again = null;
  s.timerAt = at.now + Math.min(300_000, 15_000 * 2 ** s.refusals) * (0.8 + at.random * 0.4);
  notLaterThanSwitch(s, at);
}

/** Another user's cookie has a limit of its own. @param {State} s @param {At} at */
function notLaterThanSwitch(s, at) {
  const limit = s.other ? s.other.since + SWITCH_LIMIT : 0;
  if (limit > at.now) s.timerAt = Math.min(s.timerAt, limit);
}

/**
 * Whether attempts enough have failed and the cookie is so long past its expiry that nobody vouches for it. Only by a
 * clock that was compared with the server's: a wrong one must not sign anybody out.
 * @param {State} s @param {At} at
 */
export function unverified(s, at) {
  if (!s.degraded || !at.mark?.in || !s.samples.length) return false;
  const end = at.mark.exp * 1000 - s.skew + UNVERIFIED_AFTER;
  if (at.now < end) s.timerAt = Math.min(s.timerAt, end);
  return at.now >= end;
}

/**
 * The provider names a user but will not give a token for them: signed out, and worth a slow look.
 * @param {State} s @param {Effect[]} out @param {At} at
 */
export function lose(s, out, at) {
  rest(s, out, at);
  s.lost = false;
  s.refusals++;
  refuseLater(s, at);
}

/**
 * This cannot work before somebody changes something: said once, and looked at again now and then.
 * @param {State} s @param {Effect[]} out @param {At} at @param {string} text
 */
export function block(s, out, at, text) {
  s.phase = 'blocked';
  s.again = null;
  s.timerAt = at.now + UNBLOCK_AFTER;
  if (s.said !== text) out.push({ do: 'complain', text }, { do: 'announce', what: 'blocked' });
  s.said = text;
}

/** Whatever is on its way concerns a user who is gone. @param {State} s @param {Effect[]} out */
export function drop(s, out) {
  s.epoch++;
  s.forcing = null;
  s.doubt = null;
  s.other = null;
  s.sending = null;
  out.push({ do: 'abort' });
}

/** Whether this is the answer we wait for. @param {State} s @param {{ask: number, epoch: number}} event */
export function current(s, event) {
  if (event.epoch === s.epoch) answered(s, event.ask);
  return event.epoch === s.epoch && event.ask === s.ask && (s.phase === 'asking' || s.phase === 'backing-off');
}

/** @param {State} s @param {number} ask */
export function answered(s, ask) {
  if (s.forcing?.ask === ask) s.forcing = null;
}

/** Whether a sign-out is on its way. @param {State} s */
export function ending(s) {
  return s.sending?.method === 'DELETE' && !s.sending.unverified;
}

/** @param {State} s */
export function busy(s) {
  return s.phase === 'asking' || s.phase === 'sending';
}

/** Whether the server asked for patience, and not just before somebody set the clock. @param {State} s @param {At} at */
export function tooEarly(s, at) {
  return at.now < s.notBefore && s.notBefore - at.now < LONGEST_PATIENCE;
}

/** Whether only a fresh token will do. @param {State} s @param {At} at */
export function doubtful(s, at) {
  return !at.mark?.in || s.doubt !== null || s.refusals > 0;
}

/** @param {Claims} claims */
export function tokenName({ identity, exp, iat }) {
  return `${identity}\n${exp}\n${iat}`;
}
