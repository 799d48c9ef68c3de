// SPDX-License-Identifier: Apache-2.0
// @ts-check
/**
 * Keeps a servlet application's idea of who is signed in in step with the identity provider in the page.
 *
 * Three parts: deciding (pure: state and event in, state and effects out), doing (providers, requests, timers,
 * tabs) and start, which joins them. The server's mark cookie is the only record of success.
 */

// Readable and no secret: `<hash of issuer, subject, session id>.<expiry>.<in|out>`.
// The filter replaces this name by the configured one.
const MARK_COOKIE = '__Host-signin-mark';

const TOKEN_TIMEOUT = 10_000; // then we retry, but a late token is still used
const FORCED_PATIENCE = 30_000; // no second forced token call while one is this young
const REQUEST_TIMEOUT = 8_000;
const CONFIRM_AFTER = 1_000; // a doubt counts only if it is still there this much later
const SWITCH_LIMIT = 5_000; // how long another user's cookie may outlive a change of user
const MIN_PAUSE = 1_000; // between token calls that nobody waits for
const MIN_REFRESH = 5_000;
const MAX_REFRESH = 12 * 3_600_000;
const PARKED = 60_000;

// What OpenID providers say when there is no session left.
const NO_SESSION = ['invalid_grant', 'login_required', 'interaction_required', 'consent_required', 'session_expired'];

// ---------------------------------------------------------------------------------------------- deciding

/**
 * @typedef {{hash: string, exp: number, in: boolean}} Mark what the server last told this browser; seconds
 * @typedef {{identity: string, hash: string | null, exp: number, iat: number}} Claims read, not verified; seconds
 * @typedef {'in' | 'out' | 'unknown'} Who
 * @typedef {{now: number, random: number, mark: Mark | null, visible: boolean, online: boolean}} At
 *   the world when an event happens; milliseconds, random from 0 to 1
 * @typedef {{type: 'start' | 'wake' | 'due' | 'peer' | 'sign-out' | 'left' | 'pagehide' | 'restored' | 'stop'}
 *   | {type: 'demand', fresh: boolean}
 *   | {type: 'provider', who: Who | 'perhaps', key: string}
 *   | {type: 'token', ask: number, epoch: number, token: string, claims: Claims | null}
 *   | {type: 'nobody', ask: number, epoch: number, certain: boolean}
 *   | {type: 'not-ready', ask: number, epoch: number}
 *   | {type: 'failed', ask: number, epoch: number, definitive: boolean}
 *   | ({type: 'answered', send: number} & Answer)} SyncEvent
 * @typedef {{status: number, ours: boolean, code: string, changed: boolean, serverNow: number, sent: number,
 *   received: number, retryAfter: number}} Answer status 0: none came; serverNow and retryAfter in seconds, 0: not said
 * @typedef {{do: 'ask', fresh: boolean, ask: number, epoch: number}
 *   | {do: 'post', token: string, send: number}
 *   | {do: 'delete', send: number}
 *   | {do: 'abort'}
 *   | {do: 'tell', what: 'synced' | 'cleared'}
 *   | {do: 'changed', state: Who, previous: Who}
 *   | {do: 'stale'}
 *   | {do: 'complain', text: string}} Effect
 */

/**
 * @typedef {object} State
 * @property {'resting' | 'asking' | 'sending' | 'backing-off' | 'refused' | 'stopped'} phase
 * @property {Who} who the last thing we are sure of
 * @property {string} shown hash of the user this page was rendered for; '' for nobody
 * @property {number} epoch moves when the user changes: answers to questions of an older epoch are dropped
 * @property {string} key the provider's name for the session, when it has one
 * @property {number} ask number of the latest token call
 * @property {boolean} forced the latest token call wants a fresh one
 * @property {{ask: number, at: number} | null} forcing the forced token call that is still unanswered
 * @property {number} askedAt
 * @property {boolean} replace this tab may overwrite another user's cookie
 * @property {boolean} insist a later token is sent even though the present one would do
 * @property {{fresh: boolean, insist: boolean} | null} again asked for meanwhile
 * @property {number} send number of the latest request
 * @property {{method: 'POST' | 'DELETE', claims: Claims | null, before: Mark | null} | null} sending
 * @property {boolean} unsure a POST may have reached the server without our seeing the answer
 * @property {{kind: 'nobody' | 'definitive', at: number} | null} doubt unconfirmed sign that nobody is signed in
 * @property {boolean} lost the provider claims a user, but will not give a token for them
 * @property {'' | 'leaving' | 'left'} left signed out here or in another tab: only news from the provider counts
 * @property {number} failures in a row
 * @property {number} refusals in a row
 * @property {string} refused the token that was refused last
 * @property {number} idle fresh tokens in a row that were no later than the mark
 * @property {number} otherSince since when the cookie is another user's than the provider's; 0: it is not
 * @property {string | null} want hash of the user the provider has now
 * @property {{identity: string, hash: string} | null} known a pair the server confirmed, for pages that cannot hash
 * @property {number} life seconds the tokens live
 * @property {number} skew milliseconds the server's clock is ahead of ours
 * @property {number[]} samples of the skew
 * @property {number} timerAt when `due` is due; 0: never
 * @property {number} notBefore the server asked for patience until then
 */

/** @returns {State} */
export function initialState() {
  return {
    phase: 'resting', who: 'unknown', shown: '', epoch: 0, key: '', left: '',
    ask: 0, askedAt: 0, forced: false, forcing: null, replace: false, insist: false, again: null,
    send: 0, sending: null, unsure: false,
    doubt: null, lost: false, failures: 0, refusals: 0, refused: '', idle: 0,
    otherSince: 0, want: null, known: null,
    life: 0, skew: 0, samples: [], timerAt: 0, notBefore: 0,
  };
}

/**
 * The whole machine. Touches nothing: the clock, the dice and the mark cookie come in through `at`.
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
      return ask(s, out, at, doubtful(s, at));
    case 'wake':
      return onWake(s, out, at);
    case 'due':
      return onDue(s, out, at);
    case 'provider':
      return onProvider(s, out, event, at);
    case 'demand':
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
      s.again = null;
      if (s.sending?.method === 'DELETE') return;
      drop(s, out);
      return remove(s, out, at);
    case 'left':
      s.left = 'left';
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
  if (s.left || busy(s) || at.now < s.notBefore || at.now - s.askedAt < MIN_PAUSE) return;
  s.failures = 0;
  s.replace = true;
  ask(s, out, at, doubtful(s, at));
}

/** The timer has run out. @param {State} s @param {Effect[]} out @param {At} at */
function onDue(s, out, at) {
  s.timerAt = 0;
  const switching = s.otherSince !== 0 && at.mark?.in && at.mark.hash !== s.want;
  if (s.phase === 'asking') return backOff(s, at);
  if (s.left && (at.mark?.in || s.unsure)) return remove(s, out, at);
  if (s.left || s.phase === 'sending') return;
  if (switching && at.now >= s.otherSince + SWITCH_LIMIT) {
    // The page shows one user and would act as another: better as nobody.
    s.again = { fresh: false, insist: false };
    return remove(s, out, at);
  }
  if (!at.visible) return; // the page becomes visible again before anybody acts in it
  if (!at.online && at.now - s.askedAt < PARKED) {
    s.timerAt = s.askedAt + PARKED; // `online` is heard earlier, but has been known to lie
    return;
  }
  s.refused = '';
  ask(s, out, at, doubtful(s, at));
}

/** @param {State} s @param {Effect[]} out @param {{who: Who | 'perhaps', key: string}} event @param {At} at */
function onProvider(s, out, event, at) {
  if (event.who === 'unknown' || (s.left === 'leaving' && event.who !== 'out')) return;
  if (event.who === 'out') return signedOut(s, out, at);
  const switched = s.key !== '' && event.key !== s.key;
  // A provider that names its sessions also tells of every new token: no news, our timer asks for those.
  const news = switched || s.key === '' || s.left !== '';
  s.key = event.key;
  s.left = '';
  if (s.sending?.method === 'DELETE') {
    s.again = { fresh: true, insist: false };
  } else if (switched) {
    drop(s, out);
    s.refusals = s.failures = 0;
    s.replace = s.insist = true;
    ask(s, out, at, true);
  } else if (!news) {
    if (!at.mark?.in || s.phase !== 'resting') onWake(s, out, at);
  } else if (busy(s)) {
    if (event.who === 'perhaps') s.again = { fresh: false, insist: false };
  } else if (at.now >= s.notBefore) {
    s.replace = true;
    // Some functions tell of a change whenever they are asked: that may go on, but slowly.
    if (event.who === 'perhaps' && at.now - s.askedAt < MIN_PAUSE) s.timerAt = s.askedAt + MIN_PAUSE;
    else ask(s, out, at, doubtful(s, at));
  }
}

/** @param {State} s @param {Effect[]} out @param {SyncEvent & {type: 'token'}} event @param {At} at */
function onToken(s, out, event, at) {
  if (event.epoch !== s.epoch || s.phase === 'sending' || s.phase === 'resting') return;
  answered(s, event.ask);
  s.doubt = null;
  s.lost = false;
  const claims = event.claims;
  if (!claims) return refuse(s, out, at, 'getToken() gave something that is not a JWT.');

  const { mark } = at;
  const hash = claims.hash ?? (s.known?.identity === claims.identity ? s.known.hash : null);
  const same = mark !== null && hash === mark.hash;
  const later = !same || claims.exp > mark.exp;
  s.want = hash;
  s.life = claims.exp - claims.iat;
  // A token from the future shows a slow clock, long before the server can tell us.
  if (!s.samples.length) s.skew = Math.max(s.skew, claims.iat * 1000 - at.now);
  const now = at.now + s.skew;

  if (mark?.in && same) {
    const lasts = mark.exp * 1000 - now > refreshMargin(s.life) * 1000;
    if (lasts && !(s.insist && (later || !s.forced))) return rest(s, out, at);
  }
  if (mark?.in && hash !== null && !same) {
    // Two tabs, two users: only the tab that somebody turned to takes the cookie.
    if (!s.replace) return rest(s, out, at);
    s.otherSince ||= at.now;
  } else {
    s.otherSince = 0;
  }
  const useless = !later || claims.exp * 1000 <= now || tokenName(claims) === s.refused;
  if (useless && !s.forced) return ask(s, out, at, true);
  if (!later) {
    s.idle++;
    return rest(s, out, at);
  }
  if (tokenName(claims) === s.refused) return refuseLater(s, at);
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
    return backOff(s, at);
  }
  if (!confirmed(s, 'definitive', at)) return;
  s.lost = true;
  signedOut(s, out, at);
}

/**
 * Whether this sign was seen before, long enough ago; if not, it is looked for again.
 * @param {State} s @param {'nobody' | 'definitive'} kind @param {At} at
 */
function confirmed(s, kind, at) {
  if (s.doubt?.kind !== kind) s.doubt = { kind, at: at.now };
  if (at.now - s.doubt.at >= CONFIRM_AFTER) return true;
  s.phase = 'backing-off';
  s.timerAt = s.doubt.at + CONFIRM_AFTER;
  return false;
}

/** Nobody is signed in at the provider, for certain. @param {State} s @param {Effect[]} out @param {At} at */
function signedOut(s, out, at) {
  s.again = null;
  s.key = '';
  if (s.sending?.method === 'DELETE') return;
  drop(s, out);
  if (at.mark?.in || s.unsure) remove(s, out, at);
  else if (s.lost) lose(s, out, at);
  else rest(s, out, at);
}

/** @param {State} s @param {Effect[]} out @param {SyncEvent & {type: 'answered'}} event @param {At} at */
function onAnswer(s, out, event, at) {
  if (!s.sending || event.send !== s.send) return;
  const { method, claims, before } = s.sending;
  s.sending = null;
  if (!event.ours || event.status === 429 || event.status >= 500) {
    if (!event.ours && s.failures === 4) out.push({ do: 'complain', text: foreignText(event) });
    return backOff(s, at, event.retryAfter);
  }
  s.unsure = false;
  learnSkew(s, event);
  if (event.status !== 200) {
    if (claims && (event.status === 400 || event.status === 401)) {
      s.refused = tokenName(claims);
      return refuse(s, out, at, `The server refused the token (${event.status} ${event.code}): compare its issuer, `
        + 'audience and authorized parties with the settings of the filter.');
    }
    return stop(s, out, refusalText(event));
  }
  const unchanged = at.mark?.hash === before?.hash && at.mark?.exp === before?.exp && at.mark?.in === before?.in;
  if (method === 'DELETE') {
    if (at.mark?.in && unchanged) return backOff(s, at);
    out.push({ do: 'tell', what: 'cleared' });
    return s.lost ? lose(s, out, at) : rest(s, out, at);
  }
  const { mark } = at;
  if (!claims) return;
  if (mark?.in && (claims.hash ?? mark.hash) === mark.hash && (mark.exp >= claims.exp || !event.changed)) {
    s.known = { identity: claims.identity, hash: mark.hash };
    s.refusals = s.idle = s.otherSince = 0;
    s.refused = '';
    s.lost = false;
    out.push({ do: 'tell', what: 'synced' });
    return rest(s, out, at);
  }
  if (mark && !unchanged) return rest(s, out, at); // another tab was faster
  stop(s, out, 'The server accepted the token, but its cookies do not show. Cookies may be blocked here, the page may '
    + 'be on plain http (set cookieSecure=false), or the cookie path or domain does not cover this page.');
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
  if (s.who !== 'in' || (s.sending && at.mark?.hash !== s.want)) return;
  s.again = null;
  drop(s, out);
  s.left ||= 'left';
  rest(s, out, at);
}

/** @param {State} s @param {Effect[]} out @param {At} at @param {boolean} fresh */
function ask(s, out, at, fresh) {
  const busy = s.forcing !== null && at.now - s.forcing.at < FORCED_PATIENCE;
  s.phase = 'asking';
  s.ask++;
  s.forced = fresh;
  s.askedAt = at.now;
  s.timerAt = at.now + TOKEN_TIMEOUT;
  if (fresh && !busy) s.forcing = { ask: s.ask, at: at.now };
  out.push({ do: 'ask', fresh: fresh && !busy, ask: s.ask, epoch: s.epoch });
}

/** @param {State} s @param {Effect[]} out @param {At} at @param {string} token @param {Claims} claims */
function post(s, out, at, token, claims) {
  s.phase = 'sending';
  s.timerAt = 0;
  s.unsure = true;
  s.sending = { method: 'POST', claims, before: at.mark };
  out.push({ do: 'post', token, send: ++s.send });
}

/** @param {State} s @param {Effect[]} out @param {At} at */
function remove(s, out, at) {
  s.phase = 'sending';
  s.timerAt = 0;
  s.sending = { method: 'DELETE', claims: null, before: at.mark };
  out.push({ do: 'delete', send: ++s.send });
}

/**
 * Nothing to do now: the mark says who is signed in, and when to look again.
 * @param {State} s @param {Effect[]} out @param {At} at
 */
function rest(s, out, at) {
  s.phase = 'resting';
  s.who = at.mark?.in ? 'in' : 'out';
  s.failures = 0;
  s.notBefore = 0;
  s.doubt = null;
  s.sending = null;
  s.replace = false;
  s.insist = false;
  s.timerAt = 0;
  if (at.mark?.in) {
    const now = at.now + s.skew;
    const iat = at.mark.exp - (s.life || at.mark.exp - now / 1000);
    const idle = s.idle && Math.min(PARKED, MIN_REFRESH * 2 ** s.idle);
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
function report(s, out, at) {
  const user = userOf(at.mark);
  if (user === s.shown || s.left === 'leaving') return;
  out.push({ do: 'changed', state: user ? 'in' : 'out', previous: s.shown ? 'in' : 'out' });
  s.shown = user;
}

/** @param {State} s @param {At} at @param {number} [retryAfter] seconds */
function backOff(s, at, retryAfter = 0) {
  s.phase = 'backing-off';
  s.insist ||= s.again?.insist ?? false;
  s.again = null;
  const wait = retryAfter
    ? Math.min(retryAfter, 300) * 1000 * (1 + at.random / 10)
    : Math.max(250, at.random * Math.min(60_000, 1_000 * 2 ** s.failures));
  s.failures++;
  s.notBefore = retryAfter ? at.now + wait : 0;
  s.timerAt = at.now + wait;
  if (s.otherSince) s.timerAt = Math.min(s.timerAt, Math.max(s.otherSince + SWITCH_LIMIT, at.now + 250));
}

/** @param {State} s @param {Effect[]} out @param {At} at @param {string} text */
function refuse(s, out, at, text) {
  s.refusals++;
  if (s.refusals === 1) return ask(s, out, at, true);
  if (s.refusals === 2) out.push({ do: 'complain', text });
  refuseLater(s, at);
}

/** A refusal clears nothing: the keys may just be rotating. @param {State} s @param {At} at */
function refuseLater(s, at) {
  s.phase = 'refused';
  s.again = null;
  s.timerAt = at.now + Math.min(300_000, 15_000 * 2 ** s.refusals) * (0.8 + at.random * 0.4);
  if (s.otherSince) s.timerAt = Math.min(s.timerAt, Math.max(s.otherSince + SWITCH_LIMIT, at.now + 250));
}

/**
 * The provider names a user but will not give a token for them: signed out, and worth a slow look.
 * @param {State} s @param {Effect[]} out @param {At} at
 */
function lose(s, out, at) {
  rest(s, out, at);
  s.lost = false;
  s.refusals++;
  refuseLater(s, at);
}

/** @param {State} s @param {Effect[]} out @param {string} text */
function stop(s, out, text) {
  s.phase = 'stopped';
  s.timerAt = 0;
  out.push({ do: 'complain', text });
}

/** Whatever is on its way concerns a user who is gone. @param {State} s @param {Effect[]} out */
function drop(s, out) {
  s.epoch++;
  s.forcing = null;
  s.doubt = null;
  s.otherSince = 0;
  s.sending = null;
  out.push({ do: 'abort' });
}

/** Whether this is the answer we wait for. @param {State} s @param {{ask: number, epoch: number}} event */
function current(s, event) {
  if (event.epoch === s.epoch) answered(s, event.ask);
  return event.epoch === s.epoch && event.ask === s.ask && (s.phase === 'asking' || s.phase === 'backing-off');
}

/** @param {State} s @param {number} ask */
function answered(s, ask) {
  if (s.forcing?.ask === ask) s.forcing = null;
}

/** @param {State} s */
function busy(s) {
  return s.phase === 'asking' || s.phase === 'sending';
}

/** Whether only a fresh token will do. @param {State} s @param {At} at */
function doubtful(s, at) {
  return !at.mark?.in || s.doubt !== null || s.refusals > 0;
}

/** @param {State} s @param {Answer} answer */
function learnSkew(s, { serverNow, sent, received }) {
  if (!serverNow || received - sent >= 5_000) return;
  s.samples = [...s.samples, serverNow * 1000 + 500 - (sent + received) / 2].slice(-3);
  s.skew = [...s.samples].sort((a, b) => a - b)[s.samples.length >> 1] ?? 0;
}

/** @param {Mark | null} mark */
function userOf(mark) {
  return mark?.in ? mark.hash : '';
}

/** @param {Claims} claims */
function tokenName({ identity, exp, iat }) {
  return `${identity}\n${exp}\n${iat}`;
}

/** @param {Answer} answer */
function foreignText({ status }) {
  return `Five times in a row, something else than the filter answered (${status || 'or nothing did'}). This goes on, `
    + 'but if it never works: is the filter mapped to /signin-sync/*, and does the proxy let POST and DELETE through?';
}

/** @param {Answer} answer */
function refusalText({ status, code }) {
  /** @type {Record<string, string>} */
  const advice = {
    403: 'The page is on another origin than the filter believes: list it in syncOrigins, or let the proxy keep Host.',
    413: 'The token is longer than a cookie may be: leave claims out of it.',
  };
  return `The server will not take part in the synchronization (${status} ${code}). ${advice[status] ?? ''}`;
}

/** Seconds before expiry at which to look for a fresh token. @param {number} life seconds @returns {number} */
export function refreshMargin(life) {
  return life < 20 ? life / 2 : Math.min(300, Math.max(10, life / 4));
}

/**
 * Milliseconds until we should ask for a fresh token. Uses the token's own lifetime as the upper bound,
 * so a wrong local clock can make us early or late but never busy.
 * @param {{exp: number, iat: number}} claims seconds since the epoch
 * @param {number} now milliseconds since the epoch, by the server's clock as far as we know it
 * @param {number} [random] from 0 to 1
 * @returns {number}
 */
export function refreshDelay({ exp, iat }, now, random = 0) {
  const margin = refreshMargin(exp - iat) * (1 - random / 5);
  const delay = Math.min(exp * 1000 - now, (exp - iat) * 1000, MAX_REFRESH) - margin * 1000;
  return Math.max(MIN_REFRESH, delay);
}

/** @param {string} cookies as in `document.cookie` @param {string} [name] @returns {Mark | null} */
export function parseMark(cookies, name = MARK_COOKIE) {
  const pair = cookies.split('; ').find((cookie) => cookie.startsWith(`${name}=`)) ?? '';
  const value = pair.slice(name.length + 1);
  const [, hash = '', exp = '', word] = /^([0-9a-f]{32})\.(\d{1,12})\.(in|out)$/.exec(value) ?? [];
  return word ? { hash, exp: Number(exp), in: word === 'in' } : null;
}

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

// ------------------------------------------------------------------------------------------------- doing

/**
 * Where tokens come from. `who` answers at once: `perhaps` means that only a token call can tell.
 * @typedef {object} Provider
 * @property {() => {who: Who | 'perhaps', key: string}} who
 * @property {(how: {fresh: boolean, signal: AbortSignal}) => Promise<string | null | undefined>} getToken
 * @property {(changed: () => void) => () => void} subscribe
 * @property {string} missing what to say when it does not turn up
 */

/** ClerkJS, once the page has loaded it; we never call `load()`. @returns {Provider} */
function clerkProvider() {
  const clerk = () => /** @type {any} */ (window).Clerk;
  let leaving = false; // signOut() leaves `session` undefined until it has navigated away; only the listener knows
  return {
    missing: 'There is no window.Clerk that has finished load(), and no getToken was given (data-get-token).',
    who() {
      const { loaded, status, session, user } = clerk() ?? {};
      if (!loaded || status === 'error' || (status === 'degraded' && !session)) return { who: 'unknown', key: '' };
      if (session === undefined) return { who: leaving ? 'out' : 'unknown', key: '' };
      if (session === null || session.status === 'pending') return { who: 'out', key: '' };
      return { who: 'in', key: [session.id, user?.id, session.lastActiveOrganizationId].join(' ') };
    },
    async getToken({ fresh }) {
      const session = clerk().session;
      if (!fresh) return session.getToken();
      try {
        return await session.getToken({ skipCache: true });
      } catch (error) {
        // A failed forced refresh must not discard a token that is still good.
        const cached = await session.getToken().catch(() => null);
        if (cached) return cached;
        throw error;
      }
    },
    subscribe(changed) {
      /** @type {Array<() => void>} */
      const undo = [];
      undo.push(poll(() => clerk()?.addListener, () => {
        if (clerk().on) {
          clerk().on('status', changed);
          undo.push(() => clerk().off?.('status', changed));
        }
        undo.push(poll(() => clerk().loaded, () => {
          undo.push(clerk().addListener((/** @type {any} */ { session, client }) => {
            leaving = session === undefined && client?.signedInSessions?.length === 0;
            changed();
          }));
          changed();
        }));
      }));
      return () => undo.forEach((stop) => stop());
    },
  };
}

/**
 * A function of the page, or the dotted path of one that may turn up later.
 * @param {Function | string} source @param {Function} [subscribe] @returns {Provider}
 */
function customProvider(source, subscribe) {
  const find = () => {
    if (typeof source === 'function') return source;
    /** @type {any} */
    let owner;
    /** @type {any} */
    let value = window;
    for (const name of source.split('.')) [owner, value] = [value, value?.[name]];
    return typeof value === 'function' ? value.bind(owner) : null;
  };
  return {
    missing: `There is no function window.${source} (data-get-token).`,
    who: () => ({ who: find() ? 'perhaps' : 'unknown', key: '' }),
    getToken: async (how) => find()(how),
    subscribe(changed) {
      const stopPolling = typeof source === 'function' ? undefined : poll(find, changed);
      const unsubscribe = subscribe?.(changed);
      return () => {
        stopPolling?.();
        if (typeof unsubscribe === 'function') unsubscribe();
      };
    },
  };
}

/**
 * Calls `then` as soon as `ready` holds; returns how to give up.
 * @param {() => unknown} ready @param {() => void} then @returns {() => void}
 */
function poll(ready, then) {
  let pause = 50;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const look = () => {
    if (ready()) return then();
    timer = setTimeout(look, pause);
    pause = Math.min(500, pause * 1.5);
  };
  look();
  return () => clearTimeout(timer);
}

/**
 * Reads a token without verifying it: only to compare it with the mark.
 * @param {string} token @returns {Promise<Claims | null>}
 */
async function decodeUnverified(token) {
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

/** Nothing where a sandbox forbids cookies. */
function readMark() {
  try {
    return parseMark(document.cookie);
  } catch {
    return null;
  }
}

/**
 * One request to the endpoint; never rejects.
 * @param {URL} endpoint @param {AbortSignal} signal @param {RequestInit} init @returns {Promise<Answer>}
 */
async function request(endpoint, signal, init) {
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

/** @param {string} text */
function complain(text) {
  console.error(`Signin Sync: ${text}`);
}

/** Runs a function of the page; what it throws is its own affair. @param {() => unknown} run */
async function guarded(run) {
  try {
    await run();
  } catch (error) {
    console.error('Signin Sync: a function of the page failed.', error);
  }
}

// ------------------------------------------------------------------------------------------------- start

/**
 * @typedef {object} Options
 * @property {'clerk' | 'auto'} [provider]
 * @property {string | ((how: {fresh: boolean, signal: AbortSignal}) => Promise<string | null>)} [getToken]
 * @property {(changed: () => void) => (() => void) | void} [subscribe] tells of a change at the provider
 * @property {'reload' | 'event'} [onUserChange]
 * @property {string} [return] on a sign-in page: where to go, once signed in, without a `return` in the query
 *
 * @typedef {Readonly<{state: Who, previous: Who}>} Change
 *
 * @typedef {object} SigninSync
 * @property {Who} state
 * @property {Promise<Who>} ready resolves within 15 seconds, whatever happens
 * @property {(how?: {fresh?: boolean}) => Promise<Who>} sync
 * @property {(need?: {minTtl?: number, timeout?: number}) => Promise<boolean>} ensureFresh seconds, milliseconds
 * @property {(providerSignOut?: () => unknown) => Promise<void>} signOut
 * @property {(listener: (change: Change) => unknown) => () => void} onChange
 * @property {() => void} stop
 */

/** @type {SigninSync | null} */
let instance = null;

/**
 * Starts the synchronization of this page, once: a second call returns what the first one did.
 * @param {Options} [options]
 * @returns {SigninSync}
 */
export function start(options = {}) {
  return instance ??= join(options);
}

/** @param {Options} options @returns {SigninSync} */
function join(options) {
  const endpoint = new URL('session', import.meta.url);
  const provider = options.getToken && options.provider !== 'clerk'
    ? customProvider(options.getToken, options.subscribe)
    : clerkProvider();
  const root = document.documentElement;

  let state = initialState();
  /** @type {SyncEvent[]} */
  const events = [];
  let running = false;
  /** @type {Set<() => void>} */
  const watchers = new Set();
  /** @type {Set<(change: Change) => unknown>} */
  const listeners = new Set();

  /** @param {SyncEvent} event */
  function dispatch(event) {
    events.push(event);
    if (running) return;
    running = true;
    for (let next = events.shift(); next; next = events.shift()) {
      const result = step(state, next, {
        now: Date.now(),
        random: Math.random(),
        mark: readMark(),
        visible: document.visibilityState !== 'hidden',
        online: navigator.onLine !== false,
      });
      state = result.state;
      result.effects.forEach(perform);
    }
    running = false;
    arm();
    const word = state.phase !== 'resting' ? state.phase : state.who === 'unknown' ? 'starting' : state.who;
    if (root.dataset.signinSync !== word) root.dataset.signinSync = word;
    watchers.forEach((watch) => watch());
  }

  /** @param {Effect} effect */
  function perform(effect) {
    switch (effect.do) {
      case 'ask':
        return void getToken(effect);
      case 'post':
        return void post(effect);
      case 'delete':
        return void remove(effect);
      case 'abort':
        return abort();
      case 'tell':
        return channel?.postMessage(effect.what);
      case 'changed':
        return changed(effect);
      case 'stale':
        if (announce('stale')) location.reload();
        return;
      case 'complain':
        return complain(effect.text);
    }
  }

  // Token calls and requests. Each ends in an event, whatever happens.

  let pending = new AbortController();

  function abort() {
    pending.abort();
    pending = new AbortController();
  }

  function who() {
    try {
      return provider.who();
    } catch {
      return { who: /** @type {Who} */ ('unknown'), key: '' };
    }
  }

  /** @param {{fresh: boolean, ask: number, epoch: number}} effect */
  async function getToken({ fresh, ask, epoch }) {
    const { signal } = pending;
    const { key } = who();
    if (told()) return;
    try {
      const token = await provider.getToken({ fresh, signal });
      const claims = token ? await decodeUnverified(token) : null;
      if (told()) return;
      if (who().key !== key) dispatch({ type: 'failed', ask, epoch, definitive: false });
      else if (token) dispatch({ type: 'token', ask, epoch, token, claims });
      else if (who().who === 'perhaps') dispatch({ type: 'nobody', ask, epoch, certain: false });
      else dispatch({ type: 'failed', ask, epoch, definitive: false });
    } catch (error) {
      if (!told()) dispatch({ type: 'failed', ask, epoch, definitive: isDefinitive(error) });
    }

    /** Whether the provider knows without a token that there is none. */
    function told() {
      const now = who().who;
      if (now === 'out') dispatch({ type: 'nobody', ask, epoch, certain: true });
      if (now === 'unknown') dispatch({ type: 'not-ready', ask, epoch });
      return now === 'out' || now === 'unknown';
    }
  }

  /** @param {{token: string, send: number}} effect */
  async function post({ token, send }) {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), REQUEST_TIMEOUT);
    pending.signal.addEventListener('abort', () => limit.abort());
    const headers = { 'Content-Type': 'application/jwt', 'Signin-Sync': '1' };
    const answer = await request(endpoint, limit.signal, { method: 'POST', headers, body: token });
    clearTimeout(timer);
    dispatch({ type: 'answered', send, ...answer });
  }

  /** Outlives the page, and is never given up for another user. @param {{send: number}} effect */
  async function remove({ send }) {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), REQUEST_TIMEOUT);
    const headers = { 'Signin-Sync': '1' };
    const answer = await request(endpoint, limit.signal, { method: 'DELETE', headers, keepalive: true });
    clearTimeout(timer);
    dispatch({ type: 'answered', send, ...answer });
  }

  // The page.

  /** @param {string} name @param {Change} [detail] @returns {boolean} whether the default action is wanted */
  function announce(name, detail) {
    return document.dispatchEvent(new CustomEvent(`signin-sync:${name}`, { detail, cancelable: true }));
  }

  /** @param {Change} change */
  function changed({ state, previous }) {
    const detail = Object.freeze({ state, previous });
    listeners.forEach((listener) => void guarded(() => listener(detail)));
    if (announce('change', detail) && options.onUserChange === 'reload') location.reload();
  }

  /**
   * Waits, within limits, and never rejects.
   * @param {() => boolean} done @param {number} limit milliseconds @returns {Promise<void>}
   */
  function until(done, limit) {
    return new Promise((resolve) => {
      const finish = () => {
        watchers.delete(watch);
        clearTimeout(timer);
        resolve();
      };
      const watch = () => {
        if (done()) finish();
      };
      const timer = setTimeout(finish, limit);
      watchers.add(watch);
      watch();
    });
  }

  // Time. Long waits are cut up and read the wall clock again: timers do not run while a laptop sleeps.

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  function arm() {
    clearTimeout(timer);
    if (!state.timerAt) return;
    const left = state.timerAt - Date.now();
    timer = setTimeout(() => {
      const clockWentBack = state.timerAt - Date.now() > left;
      if (Date.now() >= state.timerAt || clockWentBack) dispatch({ type: 'due' });
      else arm();
    }, Math.min(Math.max(left, 0), 30_000));
  }

  /** @type {SyncEvent | null} */
  let waiting = null;

  /**
   * One event for the burst that a return to the page makes; news from the provider counts for more.
   * @param {SyncEvent} event
   */
  function soon(event) {
    if (!waiting) setTimeout(() => {
      if (waiting) dispatch(waiting);
      waiting = null;
    }, 50);
    if (waiting?.type !== 'provider') waiting = event;
  }

  function providerChanged() {
    const seen = who();
    if (seen.who === 'out' || seen.key !== state.key) dispatch({ type: 'provider', ...seen });
    else if (seen.who !== 'unknown') soon({ type: 'provider', ...seen });
  }

  // Other tabs. Messages only say that the cookies are worth reading again.

  /** @type {BroadcastChannel | undefined} */
  let channel;

  function openChannel() {
    if (!globalThis.BroadcastChannel) return;
    channel = new BroadcastChannel(`${MARK_COOKIE} ${endpoint.pathname}`);
    channel.onmessage = () => dispatch({ type: 'peer' });
  }

  function closeChannel() {
    channel?.close(); // an open one keeps the page out of the back/forward cache
    channel = undefined;
  }

  const life = new AbortController(); // of the event listeners

  /** @param {EventTarget} target @param {string} type @param {(event: any) => void} listener */
  function on(target, type, listener) {
    target.addEventListener(type, listener, { signal: life.signal });
  }

  on(document, 'visibilitychange', () => document.visibilityState !== 'hidden' && soon({ type: 'wake' }));
  on(window, 'focus', () => soon({ type: 'wake' }));
  // The network takes a moment to settle, and not everybody should come back at once.
  on(window, 'online', () => setTimeout(() => soon({ type: 'wake' }), 200 + Math.random() * 1_300));
  on(window, 'pagehide', () => {
    dispatch({ type: 'pagehide' });
    closeChannel();
  });
  on(window, 'pageshow', (event) => {
    if (!event.persisted) return;
    openChannel();
    dispatch({ type: 'restored' });
  });

  /** @type {(() => void) | undefined} */
  let unsubscribe;

  function begin() {
    openChannel();
    dispatch({ type: 'start' });
    void guarded(() => (unsubscribe = provider.subscribe(providerChanged)));
    if (options.return !== undefined) void until(() => state.who === 'in', 3_600_000).then(goOn);
    setTimeout(() => who().who === 'unknown' && state.phase !== 'stopped' && complain(provider.missing), 15_000);
  }

  function goOn() {
    const target = returnPath(location.search, options.return || '/');
    if (state.who !== 'in' || target === location.pathname + location.search) return;
    if (goneTooOften()) complain(`Sent back here again and again: ${target} does not accept this user.`);
    else location.replace(target);
  }

  /** Counts in this tab: a page that sends its visitors back here would otherwise go round for ever. */
  function goneTooOften() {
    try {
      /** @type {number[]} */
      const gone = JSON.parse(sessionStorage.getItem('signin-sync-gone') ?? '[]');
      const lately = gone.filter((time) => Date.now() - time < 60_000);
      sessionStorage.setItem('signin-sync-gone', JSON.stringify([...lately, Date.now()]));
      return lately.length >= 3;
    } catch {
      return false;
    }
  }

  const busy = () => state.phase === 'asking' || state.phase === 'sending';
  const decided = () => state.phase === 'refused' || state.phase === 'stopped' || (state.who !== 'unknown' && !busy());
  // A prerendered page may never be looked at.
  if (/** @type {any} */ (document).prerendering) on(document, 'prerenderingchange', begin);
  else begin();

  return {
    get state() {
      return state.who;
    },
    ready: until(decided, 15_000).then(() => state.who),
    async sync({ fresh = false } = {}) {
      dispatch({ type: 'demand', fresh });
      await until(() => !busy(), 20_000);
      return state.who;
    },
    async ensureFresh({ minTtl = 10, timeout = 5_000 } = {}) {
      const fresh = () => {
        const mark = readMark();
        const left = mark?.in ? mark.exp * 1000 - Date.now() - state.skew : 0;
        return state.who === 'in' && left >= minTtl * 1000;
      };
      if (fresh()) return true;
      dispatch({ type: 'demand', fresh: true });
      await until(() => !busy(), timeout);
      return fresh();
    },
    async signOut(providerSignOut) {
      dispatch({ type: 'sign-out' });
      await until(() => state.phase !== 'sending', 2_000);
      if (providerSignOut) await guarded(providerSignOut);
      dispatch({ type: 'left' });
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stop() {
      dispatch({ type: 'stop' });
      life.abort();
      unsubscribe?.();
      closeChannel();
      listeners.clear();
      instance = null;
    },
  };
}
