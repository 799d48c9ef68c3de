// SPDX-License-Identifier: Apache-2.0
// @ts-check
// What the machine remembers, hears and does: data only.

/**
 * @typedef {{hash: string, exp: number, in: boolean}} Mark what the server last told this browser; seconds
 * @typedef {{identity: string, hash: string | null, exp: number, iat: number}} Claims read, not verified; seconds
 * @typedef {'in' | 'out' | 'unknown'} Who
 * @typedef {{now: number, random: number, mark: Mark | null, visible: boolean, online: boolean, keeper: boolean}} At
 *   the world when an event happens; milliseconds, random from 0 to 1; the keeper refreshes for all visible tabs
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
 *   | {do: 'delete', send: number, unverified: boolean}
 *   | {do: 'abort'}
 *   | {do: 'tell', what: 'synced' | 'cleared' | 'unverified'}
 *   | {do: 'changed', state: Who, previous: Who}
 *   | {do: 'announce', what: 'degraded' | 'recovered' | 'blocked'}
 *   | {do: 'stale'}
 *   | {do: 'complain', text: string}} Effect
 */

/**
 * @typedef {object} State
 * @property {'resting' | 'asking' | 'sending' | 'backing-off' | 'refused' | 'blocked' | 'stopped'} phase
 * @property {Who} who the last thing we are sure of
 * @property {string} shown hash of the user this page was rendered for; '' for nobody
 * @property {number} epoch moves when the user changes: answers to questions of an older epoch are dropped
 * @property {string} key the provider's name for the session, when it has one
 * @property {number} ask number of the latest token call
 * @property {number} heard number of the latest token call that gave a token
 * @property {boolean} news the provider told of a change, and no token has come since
 * @property {boolean} forced the latest token call wants a fresh one
 * @property {{ask: number, at: number} | null} forcing the forced token call that is still unanswered
 * @property {number} askedAt
 * @property {boolean} replace this tab may overwrite another user's cookie
 * @property {boolean} polite another tab is probably doing the same just now
 * @property {boolean} insist a later token is sent even though the present one would do
 * @property {{fresh: boolean, insist: boolean} | null} again asked for meanwhile
 * @property {number} send number of the latest request
 * @property {{method: 'POST' | 'DELETE', claims: Claims | null, before: Mark | null, unverified: boolean} | null} sending
 * @property {boolean} unsure a POST may have reached the server without our seeing the answer
 * @property {{kind: 'nobody' | 'definitive', at: number} | null} doubt unconfirmed sign that nobody is signed in
 * @property {boolean} lost the provider claims a user, but will not give a token for them
 * @property {'' | 'leaving' | 'left'} left signed out here or in another tab: only news from the provider counts
 * @property {{hash: string | null, key: string} | null} leaver who signed out here
 * @property {string} came the provider's name for a session that began while somebody was leaving
 * @property {number} failures in a row
 * @property {boolean} degraded so many of them that the page was told
 * @property {number[]} posts when the latest were sent
 * @property {string} said the last complaint
 * @property {number} refusals in a row
 * @property {string} refused the token that was refused last
 * @property {number} idle fresh tokens in a row that were no later than the mark
 * @property {{hash: string, since: number} | null} other the cookie is another user's than the provider's, since when
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
    phase: 'resting', who: 'unknown', shown: '', epoch: 0, key: '', news: false, left: '', leaver: null, came: '',
    ask: 0, heard: 0, askedAt: 0, forced: false, forcing: null, replace: false, polite: false, insist: false, again: null,
    send: 0, sending: null, unsure: false,
    doubt: null, lost: false, failures: 0, degraded: false, posts: [], said: '',
    refusals: 0, refused: '', idle: 0,
    other: null, want: null, known: null,
    life: 0, skew: 0, samples: [], timerAt: 0, notBefore: 0,
  };
}
