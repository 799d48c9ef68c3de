// SPDX-License-Identifier: Apache-2.0
// @ts-check
/**
 * The whole machine: state and event in, state and effects out. It touches nothing; the clock, the dice and the mark
 * cookie come in. The server's mark cookie is the only record of success.
 */
import { foreignText, invisibleText, notAJwt, refusalText, refusedText } from './advice.js';
import { userOf } from './mark.js';
import {
  answered, ask, backOff, block, busy, confirmed, current, doubtful, drop, ending, lose, post, refuse, refuseLater, remove,
  report, rest, signedOut, SWITCH_LIMIT, tokenName, tooEarly, unverified,
} from './moves.js';
import { elapsed, learnSkew, refreshMargin, watchdogAt } from './time.js';

/** @typedef {import('./state.js').At} At */
/** @typedef {import('./state.js').Claims} Claims */
/** @typedef {import('./state.js').Effect} Effect */
/** @typedef {import('./state.js').State} State */
/** @typedef {import('./state.js').SyncEvent} SyncEvent */
/** @typedef {import('./state.js').Who} Who */

const MIN_PAUSE = 1_000; // between token calls that nobody waits for
const PARKED = 60_000; // offline, unless we are told earlier

/**
 * @param {Readonly<State>} before
 * @param {SyncEvent} event
 * @param {At} at
 * @returns {{state: State, effects: Effect[]}}
 */
export function step(before, event, at) {
  const state = { ...before };
  /** @type {Effect[]} */
  const effects = [];
  if (state.phase !== 'stopped') decide(state, effects, event, at);
  return { state, effects };
}

/** @param {State} s @param {Effect[]} out @param {SyncEvent} event @param {At} at */
function decide(s, out, event, at) {
  switch (event.type) {
    case 'start':
      s.shown = userOf(at.mark);
      s.replace = true;
      if (busy(s)) return; // somebody could not wait
      s.polite = !at.keeper;
      return ask(s, out, at, at.keeper && doubtful(s, at));
    case 'wake':
      return onWake(s, out, at);
    case 'due':
      return onDue(s, out, at);
    case 'provider':
      return onProvider(s, out, event, at);
    case 'demand':
      if (s.left === 'leaving') return; // the provider still has the user, and would give a token
      s.left = '';
      if (busy(s)) {
        s.again = { fresh: event.fresh, insist: event.fresh };
        return;
      }
      s.replace = true;
      s.insist ||= event.fresh;
      return ask(s, out, at, event.fresh);
    case 'token':
      return onToken(s, out, event, at);
    case 'nobody':
      return onNobody(s, out, event, at);
    case 'not-ready':
      if (!current(s, event)) return;
      s.phase = 'resting';
      s.timerAt = 0;
      return;
    case 'failed':
      return onFailed(s, out, event, at);
    case 'answered':
      return onAnswer(s, out, event, at);
    case 'peer':
      return onPeer(s, out, at);
    case 'sign-out':
      s.left = 'leaving';
      s.leaver = { hash: at.mark?.in ? at.mark.hash : s.want, key: s.key };
      s.came = '';
      s.again = null;
      s.lost = false;
      if (ending(s)) return;
      drop(s, out);
      return remove(s, out, at);
    case 'left':
      if (s.left !== 'leaving') return;
      s.left = 'left';
      if (s.came) return onProvider(s, out, { who: 'in', key: s.came }, at);
      if (s.phase === 'resting') report(s, out, at);
      return;
    case 'pagehide':
      s.timerAt = 0;
      if (s.sending?.method === 'DELETE') return;
      if (busy(s)) s.phase = 'backing-off';
      return drop(s, out);
    case 'restored':
      if (userOf(at.mark) !== s.shown) out.push({ do: 'stale' });
      if (s.phase === 'sending') return;
      s.left = '';
      s.replace = true;
      return ask(s, out, at, doubtful(s, at));
    case 'stop':
      drop(s, out);
      s.phase = 'stopped';
      s.timerAt = 0;
  }
}

/** Visible, focused or online again. @param {State} s @param {Effect[]} out @param {At} at */
function onWake(s, out, at) {
  if (!at.visible || s.left || busy(s) || s.phase === 'blocked') return;
  const pause = (s.degraded ? 3 : 1) * MIN_PAUSE;
  if (tooEarly(s, at) || elapsed(s.askedAt, at.now) < pause) {
    s.timerAt ||= Math.max(s.notBefore, s.askedAt + pause);
    return;
  }
  s.failures = 0;
  s.replace = true;
  ask(s, out, at, doubtful(s, at));
}

/** The timer has run out. @param {State} s @param {Effect[]} out @param {At} at */
function onDue(s, out, at) {
  s.timerAt = 0;
  s.notBefore = 0;
  if (s.phase === 'asking') return backOff(s, out, at);
  if (s.phase === 'sending') return;
  if (s.left) {
    const others = at.mark?.in && (s.leaver?.hash ? at.mark.hash !== s.leaver.hash : !s.unsure);
    if (s.phase === 'backing-off' && !others) remove(s, out, at);
    else rest(s, out, at);
    return;
  }
  const overdue = s.other && at.mark?.in && at.mark.hash === s.other.hash && elapsed(s.other.since, at.now) >= SWITCH_LIMIT;
  if (overdue && !s.news) {
    // The page shows one user and would act as another: better as nobody.
    s.again = { fresh: false, insist: false };
    return remove(s, out, at);
  }
  if (!at.visible) return; // the page becomes visible again before anybody acts in it
  if (!at.online && elapsed(s.askedAt, at.now) < PARKED) {
    s.timerAt = s.askedAt + PARKED; // `online` is heard earlier, but has been known to lie
    return;
  }
  if (s.phase === 'resting' && at.mark?.in && !at.keeper) {
    // Another tab refreshes for all; should it not, we do, while there is time.
    s.timerAt = watchdogAt(s, at.mark.exp);
    if (at.now < s.timerAt) return;
  }
  s.refused = '';
  ask(s, out, at, doubtful(s, at));
}

/** @param {State} s @param {Effect[]} out @param {{who: Who | 'perhaps', key: string}} event @param {At} at */
function onProvider(s, out, event, at) {
  if (event.who === 'unknown') return;
  if (s.left === 'leaving' && event.who !== 'out') {
    if (event.key !== s.leaver?.key) s.came = event.key;
    return;
  }
  if (event.who === 'out') return signedOut(s, out, at);
  const switched = s.key !== '' && event.key !== s.key;
  // A provider that names its sessions also tells of every new token: no news, our timer asks for those.
  const news = switched || s.key === '' || s.left !== '';
  s.key = event.key;
  s.left = '';
  s.news ||= news;
  if (switched) s.other = s.want = null;
  if (s.sending?.method === 'DELETE') {
    s.again = { fresh: true, insist: false };
  } else if (switched) {
    drop(s, out);
    s.refusals = s.failures = 0;
    if (s.unsure && !at.mark) {
      // The old user's request may be answered after the new one's, and nothing would tell the server of the change.
      s.again = { fresh: true, insist: true };
      return remove(s, out, at);
    }
    s.replace = s.insist = true;
    ask(s, out, at, true);
  } else if (s.phase === 'blocked') {
    // Nothing the provider says can mend that.
  } else if (!news) {
    if (!at.mark?.in || s.phase !== 'resting' || !s.timerAt) onWake(s, out, at);
  } else if (busy(s)) {
    if (event.who === 'perhaps') s.again = { fresh: false, insist: false };
  } else if (!tooEarly(s, at)) {
    s.replace = true;
    // Some functions tell of a change whenever they are asked: that may go on, but slowly.
    if (event.who === 'perhaps' && elapsed(s.askedAt, at.now) < MIN_PAUSE) s.timerAt = s.askedAt + MIN_PAUSE;
    else ask(s, out, at, doubtful(s, at));
  } else {
    s.timerAt ||= s.notBefore; // leaving the page took the timer away
  }
}

/** @param {State} s @param {Effect[]} out @param {SyncEvent & {type: 'token'}} event @param {At} at */
function onToken(s, out, event, at) {
  if (event.epoch !== s.epoch || event.ask < s.heard || s.phase === 'sending' || s.phase === 'resting') return;
  answered(s, event.ask);
  s.heard = event.ask;
  s.news = false;
  s.doubt = null;
  s.lost = false;
  const claims = event.claims;
  if (!claims) return refuse(s, out, at, notAJwt);

  const { mark } = at;
  const hash = claims.hash ?? (s.known?.identity === claims.identity ? s.known.hash : null);
  const same = mark !== null && hash === mark.hash;
  const later = !same || claims.exp > mark.exp;
  s.want = hash;
  s.life = claims.exp - claims.iat;
  // A token from the future shows a slow clock, long before the server can tell us.
  if (!s.samples.length) s.skew = Math.max(s.skew, claims.iat * 1000 - at.now);
  const now = at.now + s.skew;

  if (same) s.other = null;
  if (mark?.in && same) {
    const lasts = mark.exp * 1000 - now > refreshMargin(s.life) * 1000;
    if (lasts && !(s.insist && (later || !s.forced))) return rest(s, out, at);
  }
  if (mark?.in && hash !== null && !same) {
    // Two tabs, two users: only the tab that somebody turned to takes the cookie.
    if (!s.replace) return rest(s, out, at);
    if (s.other?.hash !== mark.hash && event.ask === s.ask) s.other = { hash: mark.hash, since: at.now };
  } else {
    s.other = null;
  }
  const useless = !later || claims.exp * 1000 <= now || tokenName(claims) === s.refused;
  if (useless && !s.forced) return ask(s, out, at, true);
  if (!later) {
    s.idle++;
    return rest(s, out, at);
  }
  if (tokenName(claims) === s.refused) return refuseLater(s, at);
  if (s.polite && !s.other) {
    // A browser that opens many tabs at once: the keeper is likely to be sending just now.
    s.polite = false;
    s.phase = 'backing-off';
    s.timerAt = at.now + 100 + at.random * 400;
    return;
  }
  post(s, out, at, event.token, { ...claims, hash });
}

/**
 * The provider has no token.
 * @param {State} s @param {Effect[]} out @param {SyncEvent & {type: 'nobody'}} event @param {At} at
 */
function onNobody(s, out, event, at) {
  if (!current(s, event)) return;
  const something = at.mark?.in || s.unsure || s.who === 'in';
  if (event.certain || !something || confirmed(s, 'nobody', at)) signedOut(s, out, at);
}

/** @param {State} s @param {Effect[]} out @param {SyncEvent & {type: 'failed'}} event @param {At} at */
function onFailed(s, out, event, at) {
  if (!current(s, event)) return;
  if (!event.definitive) {
    s.doubt = null;
    backOff(s, out, at);
    if (unverified(s, at)) remove(s, out, at, true);
    return;
  }
  if (!confirmed(s, 'definitive', at)) return;
  signedOut(s, out, at, true);
}

/** @param {State} s @param {Effect[]} out @param {SyncEvent & {type: 'answered'}} event @param {At} at */
function onAnswer(s, out, event, at) {
  if (!s.sending || event.send !== s.send) return;
  const { method, claims, before, unverified } = s.sending;
  s.sending = null;
  const unchanged = at.mark?.hash === before?.hash && at.mark?.exp === before?.exp && at.mark?.in === before?.in;
  // An answer that was cut off may still have brought its cookies.
  const shows = claims && at.mark?.in && claims.hash === at.mark.hash && at.mark.exp >= claims.exp && !unchanged;
  if (!event.ours && shows) return settled(s, out, at, claims);
  // Nor can we know what a DELETE did: only a later token brings that user back.
  if (!event.ours && method === 'DELETE') s.insist = true;
  if (!event.ours || event.status === 429 || event.status >= 500) {
    if (!event.ours && s.failures === 4) out.push({ do: 'complain', text: foreignText(event) });
    return backOff(s, out, at, event.retryAfter);
  }
  s.unsure = false;
  learnSkew(s, event);
  if (event.status !== 200) {
    if (claims && (event.status === 400 || event.status === 401)) {
      s.refused = tokenName(claims);
      // The third in a row, a minute after the second: the server does not know this user any more.
      if (at.mark?.in && s.refusals >= 2) return remove(s, out, at, true);
      return refuse(s, out, at, refusedText(event));
    }
    return block(s, out, at, refusalText(event));
  }
  if (method === 'DELETE') {
    if (at.mark?.in && unchanged) return backOff(s, out, at);
    s.other = null;
    out.push({ do: 'tell', what: unverified ? 'unverified' : 'cleared' });
    if (unverified) {
      s.who = 'out';
      report(s, out, at);
      return s.refusals ? refuseLater(s, at) : backOff(s, out, at);
    }
    return s.lost ? lose(s, out, at) : rest(s, out, at);
  }
  const { mark } = at;
  if (!claims) return;
  if (mark?.in && (claims.hash ?? mark.hash) === mark.hash && (mark.exp >= claims.exp || !event.changed)) {
    return settled(s, out, at, claims);
  }
  if (mark && !unchanged) return rest(s, out, at); // another tab was faster
  block(s, out, at, invisibleText);
}

/** The mark says what we wanted it to say. @param {State} s @param {Effect[]} out @param {At} at @param {Claims} claims */
function settled(s, out, at, claims) {
  s.known = { identity: claims.identity, hash: userOf(at.mark) };
  s.refusals = s.idle = 0;
  s.other = null;
  s.refused = '';
  s.lost = false;
  s.unsure = false;
  out.push({ do: 'tell', what: 'synced' });
  rest(s, out, at);
}

/** Another tab changed the cookies. @param {State} s @param {Effect[]} out @param {At} at */
function onPeer(s, out, at) {
  if (s.sending?.method === 'DELETE') return;
  if (at.mark?.in) {
    if (s.left === 'left') s.left = '';
    const settled = s.phase === 'resting' ? s.who !== 'unknown' : at.mark.hash === s.want;
    if (settled && s.phase !== 'sending' && s.phase !== 'asking') rest(s, out, at);
    return;
  }
  // Somebody may be signing in here just now, as another user: that goes on.
  const former = s.news || (at.mark && s.want !== null && at.mark.hash !== s.want);
  if (s.who !== 'in' || former || (s.sending && at.mark?.hash !== s.want)) return;
  s.again = null;
  drop(s, out);
  s.left ||= 'left';
  rest(s, out, at);
}
