// SPDX-License-Identifier: Apache-2.0
/** What must hold at every step of a random walk, told apart from the machine by looking at the world alone. */

const POSTS_A_MINUTE = 24; // twelve, and then one every five seconds
const ASKS_A_MINUTE = 90;

/** @param {string} rule @param {string} text what it was that broke it */
export function broken(rule, text) {
  return Object.assign(new Error(`${rule}: ${text}`), { rule });
}

/** What one tab was told, as far as the rules need it. */
export function memory() {
  return { leftAt: 0, leaving: '', sign: null, newest: { ask: 0, login: '' }, refused: 0, posts: [], asks: [], steps: 0 };
}

/** Before the machine hears of it. */
export function hears(world, tab, event) {
  const { memory: told, state } = tab;
  switch (event.type) {
    case 'sign-out':
      told.leftAt = world.time.now;
      told.leaving = world.jar.get('mark')?.hash;
      return;
    case 'provider':
      if (event.who === 'in' || event.who === 'perhaps') told.leftAt = state.left === 'leaving' ? told.leftAt : 0;
      return;
    case 'peer':
      if (world.jar.get('mark')?.in && state.left !== 'leaving') told.leftAt = 0; // somebody signed in again over there
      return;
    case 'restored': // looks as a new page does
    case 'demand':
      if (event.type === 'restored' || state.left !== 'leaving') told.leftAt = 0;
      return;
    case 'nobody':
      return sign(world, told, event, state, 'nobody');
    case 'failed':
      return sign(world, told, event, state, event.definitive ? 'definitive' : '');
    case 'token':
      // A late one is no news beside what a later call gave.
      if (event.epoch === state.epoch && event.ask > told.newest.ask) {
        told.sign = null;
        told.newest = { ask: event.ask, login: event.token.login };
      }
      return;
    case 'answered':
      if (event.send !== state.send) return;
      if (event.ours && event.status === 401) told.refused++;
      if (event.ours && event.status === 200) told.refused = 0;
      if (event.ours && event.status === 200 && state.sending?.method === 'DELETE') told.leaving = '';
  }
}

/** Signs of a sign-out count if they come twice, apart, with nothing else between them. */
function sign(world, told, event, state, kind) {
  if (event.epoch !== state.epoch) return;
  if (!kind) told.sign = null;
  else if (told.sign?.kind !== kind) told.sign = { kind, at: world.time.now };
}

/** What the machine wants done. */
export function wants(world, tab, effect) {
  const { memory: told } = tab;
  if (effect.do === 'ask' && often(told.asks, world.time.now, ASKS_A_MINUTE)) throw broken('rate', 'token calls');
  if (effect.do === 'post') return posts(world, tab, effect.token);
  if (effect.do === 'delete') return removes(world, tab, effect);
}

function posts(world, tab, token) {
  const { memory: told } = tab;
  if (isSending(tab)) throw broken('one request', 'a POST beside another request');
  if (often(told.posts, world.time.now, POSTS_A_MINUTE)) throw broken('rate', 'POSTs');
  if (told.leftAt) throw broken('no POST after a sign-out', 'nothing was heard of a new sign-in');
  const seen = world.look(tab);
  if (seen.who === 'out') throw broken('no POST after a sign-out', 'the provider says out');
  if (seen.who === 'in' && seen.key !== token.key) throw broken('no POST for another', 'the provider has another session');
  if (token.ask < told.newest.ask && token.login !== told.newest.login) {
    throw broken('no POST for another', `a later call gave a token of ${told.newest.login}`);
  }
}

function removes(world, tab, { unverified }) {
  const { memory: told } = tab;
  if (isSending(tab, !unverified)) throw broken('one request', 'a DELETE beside another request');
  const confirmed = told.sign !== null && world.time.now - told.sign.at >= 990;
  told.sign = null;
  const live = world.server.counts(world.jar.snapshot());
  const seen = world.look(tab);
  const session = world.viewOf(tab);
  if (!live || seen.who === 'out' || session === null) return; // C1, or nothing to lose
  if (live.key !== session.key) return; // C6, and a session of the provider that is over
  if (confirmed) return; // C2
  if (unverified && told.refused >= 2) return; // C5
  if (unverified && (world.clockWasSet || live.exp + 25 <= world.server.now())) return; // C3, as well as a tab can tell the time
  if (told.leftAt && (session.since <= told.leftAt || live.login === told.leaving)) return; // C1, on this page
  throw broken('no DELETE of a live login', unverified ? 'it is not over' : told.leftAt ? 'of a login from after the sign-out' : 'nobody signed out');
}

/** Once the machine has dealt with an event. */
export function rests(world, tab) {
  const { phase, timerAt } = tab.state;
  if (phase === 'stopped' || phase === 'blocked') throw broken('never gives up', 'nothing is wrong with the setup');
  if (tab.memory.steps > 20_000) throw broken('rate', 'the tab goes round and round');
  if (tab.frozen) return;
  if (phase === 'asking' && !timerAt) throw broken('never hangs', 'asking without a limit');
  if (!tab.visible || tab.isWaiting()) return; // it wakes up before anybody acts in it
  if ((phase === 'backing-off' || phase === 'refused') && !timerAt) throw broken('never hangs', `${phase} without a timer`);
  if (phase === 'sending' && !tab.requests().length) throw broken('never hangs', 'sending without a request');
  const mark = world.jar.get('mark');
  const idle = phase === 'resting' && tab.state.who === 'in' && mark?.in;
  if (idle && !timerAt && world.look(tab).who !== 'unknown') throw broken('never hangs', 'signed in without a timer');
}

/** A sign-out does not wait for the end of a login that nobody vouches for. */
function isSending(tab, isSignOut = false) {
  return tab.requests().some((request) => !request.aborted && !request.over && !(isSignOut && request.unverified));
}

function often(times, now, limit) {
  times.push(now);
  return times.length > limit && times[times.length - 1 - limit] > now - 60_000;
}
