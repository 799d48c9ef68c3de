// SPDX-License-Identifier: Apache-2.0
// The vocabulary of the decision tables: situations are reached by real events, never by setting fields.
import { isDefinitive } from './errors.js';
import { step } from './machine.js';
import { parseMark } from './mark.js';
import { returnPath } from './return-path.js';
import { initialState } from './state.js';
import { refreshDelay, refreshMargin } from './time.js';

const T = 1_000_000; // "now", in seconds
const HASH = { A: 'a'.repeat(32), A2: 'c'.repeat(32), B: 'b'.repeat(32), C: 'd'.repeat(32) };

/** `A in +60`, `A out +60`, `none` */
function mark(text) {
  if (text === 'none') return null;
  const [who, word, left] = text.split(' ');
  return { hash: HASH[who], exp: T + Number(left), in: word === 'in' };
}

function play(lines) {
  let state = initialState();
  const world = { now: T * 1000, random: 0.5, mark: null, visible: true, online: true, keeper: true };
  let last = '';
  const token = (who, left, life = 60, hash = HASH[who]) => ({
    type: 'token', ask: state.ask, epoch: state.epoch, token: who,
    claims: { identity: who, hash, exp: T + Number(left), iat: T + Number(left) - Number(life) },
  });
  const answer = (status, more = {}) => ({
    type: 'answered', send: state.send, status, ours: true, code: '', changed: true, serverNow: 0, sent: 0, received: 0,
    retryAfter: 0, ...more,
  });
  const words = {
    mark: (...text) => void (world.mark = mark(text.join(' '))),
    after: (seconds) => void (world.now += seconds * 1000),
    random: (value) => void (world.random = Number(value)),
    hidden: () => void (world.visible = false),
    visible: () => void (world.visible = true),
    offline: () => void (world.online = false),
    online: () => void (world.online = true),
    standby: () => void (world.keeper = false),
    keeper: () => void (world.keeper = true),
    token: (who, left, life) => token(who, left, life),
    unhashed: (who, left) => token(who, left, 60, null),
    late: (who, left) => ({ ...token(who, left), ask: state.ask - 1 }),
    older: (who, left) => ({ ...token(who, left), ask: state.ask - 2 }),
    outdated: (who, left) => ({ ...token(who, left), epoch: state.epoch - 1 }),
    opaque: () => ({ ...token('A', 60), claims: null }),
    nobody: (certain) => ({ type: 'nobody', ask: state.ask, epoch: state.epoch, certain: certain === 'certain' }),
    'not-ready': () => ({ type: 'not-ready', ask: state.ask, epoch: state.epoch }),
    failed: (kind) => ({ type: 'failed', ask: state.ask, epoch: state.epoch, definitive: kind === 'definitive' }),
    provider: (who, key = '') => ({ type: 'provider', who, key }),
    demand: (fresh) => ({ type: 'demand', fresh: fresh === 'fresh' }),
    answer: (status, retryAfter = 0) => answer(Number(status), { retryAfter: Number(retryAfter) }),
    unchanged: () => answer(200, { changed: false }),
    foreign: (status) => answer(Number(status), { ours: false }),
    clock: (ahead) => answer(200, { sent: world.now, received: world.now, serverNow: world.now / 1000 + Number(ahead) }),
  };
  for (const line of lines.split(',').map((part) => part.trim()).filter(Boolean)) {
    const [word, ...values] = line.split(' ');
    const event = words[word] ? words[word](...values) : { type: word };
    if (!event) continue;
    const result = step(Object.freeze(state), event, world);
    state = result.state;
    last = [state.phase === 'resting' ? state.who : state.phase, ...result.effects.map(brief)].join(', ');
  }
  return { last, wait: state.timerAt ? (state.timerAt - world.now) / 1000 : -1 };

  function brief(effect) {
    switch (effect.do) {
      case 'ask':
        return effect.fresh ? 'ask fresh' : 'ask';
      case 'post':
        return `post ${effect.token}`;
      case 'tell':
        return `tell ${effect.what}`;
      case 'delete':
        return effect.unverified ? 'delete unverified' : 'delete';
      case 'announce':
        return effect.what;
      case 'changed':
        return `${effect.previous} to ${effect.state}`;
      default:
        return effect.do;
    }
  }
}

/** What the last event of a story came to: the state, and what is to be done. */
export const outcome = (lines) => play(lines).last;

/** Seconds until the timer, at the end of a story; -1 when none runs. */
export const wait = (lines) => play(lines).wait;

export { parseMark, returnPath, refreshDelay, refreshMargin, isDefinitive };
