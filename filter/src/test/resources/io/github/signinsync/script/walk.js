// SPDX-License-Identifier: Apache-2.0
/** Random walks: anything may happen to a few tabs for a while; then the faults stop, and soon all must be in step. */
import { openTab } from './walk-tab.js';
import { broken } from './walk-rules.js';
import { cookieJar, dice, endpoint, identityProvider, timeline } from './walk-world.js';

const CALM_LIMIT = 600_000;
const STEADY = 20_000;

const ACTIONS = [
  'sign in A', 'sign in A', 'sign in B', 'sign in C', 'switch back', 'leave by page', 'leave by page', 'leave elsewhere',
  'provider transient', 'provider definitive', 'provider null', 'provider slow', 'provider ok', 'provider ok',
  'server 429', 'server 503', 'server 500', 'server drop', 'server lose', 'server cut', 'server foreign', 'server slow',
  'server slow', 'server ok', 'server ok', 'offline', 'online', 'hide', 'show', 'show', 'focus', 'focus', 'pagehide',
  'restore', 'restore', 'visit', 'demand', 'demand fresh', 'unknown', 'known', 'known', 'clear cookies', 'lose messages',
  'sleep', 'clock',
];

function setupOf(luck) {
  const tells = luck.chance(0.6);
  return {
    tells, // the provider knows who is signed in, and says so
    notifies: tells || luck.chance(0.6),
    namesSessions: luck.chance(0.7),
    hashes: luck.chance(0.85),
    locks: luck.chance(0.8),
    ignoresFresh: luck.chance(0.1),
    announcesTokens: luck.chance(0.5),
    keepsSessions: luck.chance(0.3),
    life: luck.pick([12, 20, 60, 60, 60, 300, 3600]),
    cacheMargin: luck.pick([0, 5, 10]),
    serverAhead: luck.chance(0.8) ? luck.between(-5e3, 5e3) : luck.chance(0.7) ? luck.between(-3e4, 3e4) : luck.between(-6e5, 6e5),
    browserAhead: luck.chance(0.5) ? luck.between(-2e3, 2e3) : luck.between(-6e5, 6e5),
    tabs: luck.pick([1, 1, 2, 2, 3]),
  };
}

function planOf(luck, setup) {
  const count = Math.floor(luck.between(4, 24));
  return Array.from({ length: count }, () => ({
    gap: luck.chance(0.4) ? luck.between(0, 1_500) : luck.chance(0.9) ? luck.between(500, 15_000) : luck.between(15e3, 120e3),
    tab: Math.floor(luck.next() * setup.tabs),
    what: luck.pick(ACTIONS),
    luck: luck.next(),
  }));
}

/** Plays one plan. @returns {{failure: (Error & {rule: string}) | null, story: string[]}} */
function play(seed, setup, plan, telling) {
  const time = timeline();
  const luck = dice(seed ^ 0x5eed);
  const story = [];
  const begin = time.now;
  const write = (text) => void (telling && story.push(`${((time.now - begin) / 1000).toFixed(2)} ${text}`));
  const provider = identityProvider(time, setup);
  const server = endpoint(time, setup);
  const jar = cookieJar(time);
  const faults = { provider: 'ok', server: 'ok', messages: false };
  let browserAhead = setup.browserAhead;
  const tabs = [];
  const cache = new Map();
  const left = [];
  let keeper = null;

  const world = {
    time, luck, setup, provider, server, jar, online: true, clockWasSet: false,
    browserNow: () => Math.floor(time.now + browserAhead + 1e9),
    viewOf: (tab) => (setup.tells ? tab.session : provider.session),
    /** The lock stays where it is until that tab is hidden. */
    isKeeper(tab) {
      if (!setup.locks) return true;
      if (!keeper || !keeper.visible || keeper.frozen) keeper = tabs.find((each) => each.visible && !each.frozen);
      return keeper === tab;
    },
    look(tab) {
      if (!tab.known) return { who: 'unknown', key: '' };
      if (!setup.tells) return { who: 'perhaps', key: '' };
      return tab.session ? { who: 'in', key: tab.session.key } : { who: 'out', key: '' };
    },
    callProvider(tab, fresh) {
      const slow = faults.provider === 'slow';
      const after = slow ? luck.between(2_000, 40_000) : luck.between(5, 300);
      const session = world.viewOf(tab);
      if (!world.online || faults.provider === 'transient') return { outcome: 'transient', after };
      if (faults.provider === 'definitive') return { outcome: 'definitive', after };
      if (faults.provider === 'null' || !session) return { outcome: 'null', after };
      const held = cache.get(session.key);
      const lasts = held && held.exp * 1000 - time.now > setup.cacheMargin * 1000;
      if (lasts && (!fresh || setup.ignoresFresh)) return { token: held, after };
      if (!provider.isOpen(session)) {
        catchUp(tab, 500);
        return { outcome: 'definitive', after };
      }
      const token = provider.mint(session);
      cache.set(session.key, token);
      if (setup.announcesTokens && setup.tells) time.after(after, () => tab.providerChanged());
      return { token, after };
    },
    tellPeers(from) {
      for (const tab of tabs) {
        if (tab === from || tab.frozen) continue;
        if (!faults.messages) time.after(luck.between(1, 60), () => tab.frozen || tab.dispatch({ type: 'peer' }));
      }
    },
    /** A request on its way. What the browser gave up may still be dealt with, but its cookies are not stored. */
    deliver(request, token, here, answer) {
      const shown = jar.snapshot();
      const fault = world.online ? faults.server : 'drop';
      const slow = fault === 'slow' ? luck.between(1_000, 12_000) : luck.between(10, 300);
      const way = luck.next();
      const retryAfter = luck.chance(0.6) ? Math.ceil(luck.between(0, 90)) : 0;
      if (fault === 'drop') return void time.after(20, () => answer({}));
      time.after(slow * way, () => {
        if (request.aborted && luck.chance(0.5)) return;
        const busy = { 429: 429, 503: 503, 500: 500 }[fault];
        const foreign = fault === 'foreign' ? luck.pick([200, 302, 401, 403, 404, 502]) : 0;
        const reply = busy || foreign
          ? { status: busy || foreign, code: '', changed: true, cookies: [] }
          : request.method === 'POST' ? server.post(token, shown) : server.remove(shown, request.unverified);
        const serverNow = Math.floor(server.now());
        if (!busy && !foreign) write(`   server: ${request.method} ${reply.status} ${reply.code}`);
        time.after(slow * (1 - way), () => {
          if (request.aborted || request.over) return;
          if (fault === 'lose') return answer({});
          jar.store(reply.cookies);
          const { status, code, changed } = reply;
          if (foreign || fault === 'cut') return answer({ status: fault === 'cut' ? 200 : foreign === 302 ? 0 : foreign });
          answer({ status, code, changed, ours: true, serverNow, retryAfter: busy ? retryAfter : 0 });
        });
      });
    },
    signOutAtProvider(tab) {
      provider.signOut();
      news(tab);
    },
    tell(tab, event, { state, effects }) {
      if (!telling) return;
      const more = event.type === 'token' ? ` ${event.token.login} exp ${event.token.exp - begin / 1000} ask ${event.ask}`
        : event.type === 'provider' ? ` ${event.who} ${event.key}`
          : event.type === 'answered' ? ` ${event.send}: ${event.ours ? '' : 'foreign '}${event.status} ${event.code}` : '';
      const mark = jar.get('mark');
      const shows = mark ? `${mark.hash} ${mark.exp - begin / 1000} ${mark.in ? 'in' : 'out'}` : 'none';
      const wait = state.timerAt ? ((state.timerAt - world.browserNow()) / 1000).toFixed(1) : '-';
      write(`   ${tab.name}: ${event.type}${more} [mark ${shows}] => ${state.phase} (${wait}) `
        + effects.map((effect) => effect.do + (effect.fresh ? ' fresh' : '')).join(', '));
    },
  };

  /** Every tab of a provider that tells hears of it, the one it happened in at once. */
  function news(by) {
    for (const tab of tabs) {
      if (tab === by) catchUp(tab, 0);
      else if (setup.tells) catchUp(tab, luck.between(10, 5_000));
    }
    if (!setup.tells && by) setup.notifies ? by.providerChanged() : provider.session && by.dispatch({ type: 'demand', fresh: false });
  }

  function catchUp(tab, delay) {
    if (!setup.tells) return;
    const look = () => {
      if (tab.session === provider.session) return;
      if (tab.frozen) return void time.after(500, look);
      tab.session = provider.session;
      if (tab.known) tab.providerChanged();
    };
    if (delay) time.after(delay, look);
    else look();
  }

  function know(tab) {
    if (tab.known) return;
    tab.known = true;
    tab.providerChanged();
  }

  function act({ what, tab: index, luck: chance }) {
    const tab = tabs[index];
    const [word, value] = [what.slice(0, what.lastIndexOf(' ')), what.slice(what.lastIndexOf(' ') + 1)];
    write(`${tab.name}: ${what}`);
    if (word === 'provider' || word === 'server') return void (faults[word] = value);
    if (word === 'sign in') {
      if (tab.frozen || tabs.some((each) => each.isLeaving())) return;
      if (provider.session) left.push(provider.session);
      provider.signIn(value, setup.keepsSessions);
      return news(tab);
    }
    switch (what) {
      case 'switch back': {
        const before = left[Math.floor(chance * left.length)];
        if (tab.frozen || !before || !provider.session) return;
        left.push(provider.session);
        provider.activate(before);
        return news(tab);
      }
      case 'leave by page':
        return tab.signOut();
      case 'leave elsewhere':
        provider.signOut();
        if (setup.tells) tabs.forEach((each) => catchUp(each, luck.between(100, 30_000)));
        return;
      case 'offline':
        world.online = false;
        return;
      case 'online':
        world.online = true;
        return tabs.forEach((each) => time.after(luck.between(200, 1_500), () => each.frozen || each.soon({ type: 'wake' })));
      case 'hide':
        tab.visible = false;
        return;
      case 'show':
        tab.visible = true;
        return tab.frozen ? undefined : tab.soon({ type: 'wake' });
      case 'focus':
        return tab.frozen || !tab.visible ? undefined : tab.soon({ type: 'wake' });
      case 'pagehide':
        return tab.pagehide();
      case 'restore':
        return tab.restore();
      case 'visit':
        tab.session = provider.session;
        return tab.load();
      case 'demand':
      case 'demand fresh':
        return tab.frozen ? undefined : tab.dispatch({ type: 'demand', fresh: what !== 'demand' });
      case 'unknown':
        tab.known = false;
        return;
      case 'known':
        return know(tab);
      case 'clear cookies':
        return jar.empty();
      case 'lose messages':
        faults.messages = !faults.messages;
        return;
      case 'sleep':
        return time.sleep(10 ** (3 + 3.3 * chance));
      case 'clock':
        world.clockWasSet = true;
        browserAhead = (chance - 0.5) * 1_200_000;
    }
  }

  function calm() {
    write('calm');
    Object.assign(faults, { provider: 'ok', server: 'ok', messages: false });
    world.online = true;
    for (const tab of tabs) {
      tab.visible = true;
      tab.restore();
      know(tab);
      catchUp(tab, 0);
      tab.soon({ type: 'wake' });
      // A provider that cannot tell is asked again by whoever signs in, or by the next page.
      if (!setup.tells && tab.state.left === 'left') tab.dispatch({ type: 'demand', fresh: false });
    }
  }

  function inStep() {
    const served = server.counts(jar.snapshot())?.login ?? null;
    const { session } = provider;
    if (!session) return served === null;
    if (served === provider.login(session)) return true;
    const token = { login: provider.login(session), iat: time.now / 1000, exp: time.now / 1000 + setup.life };
    return served === null && (setup.ignoresFresh || !server.wouldTake(token));
  }

  function settle() {
    calm();
    const end = time.now + CALM_LIMIT;
    let steadySince = 0;
    for (let wake = time.now + 120_000; time.now < end; time.passTo(time.now + 2_000)) {
      if (time.now >= wake) {
        // Answers that crossed leave a token that does not count; the next page request clears it away.
        if (server.isDead(jar.snapshot())) tabs[0].load();
        tabs.forEach((tab) => tab.soon({ type: 'wake' }));
        wake += 120_000;
      }
      if (!inStep()) steadySince = 0;
      else if (!steadySince) steadySince = time.now;
      else if (time.now - steadySince >= STEADY) return;
    }
    const served = server.counts(jar.snapshot())?.login ?? 'nobody';
    throw broken('in step at last', `${provider.session?.user ?? 'nobody'} is signed in, ${served} is served`);
  }

  try {
    if (luck.chance(0.6)) provider.signIn('A', false);
    for (let i = 0; i < setup.tabs; i++) {
      const tab = openTab(world, `tab ${i + 1}`);
      tabs.push(tab);
      tab.load();
    }
    for (const action of plan) {
      time.passTo(time.now + action.gap);
      act(action);
    }
    time.passTo(time.now + 3_000);
    settle();
    return { failure: null, story };
  } catch (error) {
    if (!error.rule) throw error;
    return { failure: error, story };
  }
}

/** Leaves out what is not needed for the same rule to break. */
function shrink(seed, setup, plan, rule) {
  let shortest = plan;
  for (let again = true; again;) {
    again = false;
    for (let i = shortest.length - 1; i >= 0; i--) {
      const shorter = shortest.filter((_, place) => place !== i);
      if (play(seed, setup, shorter, false).failure?.rule !== rule) continue;
      shortest = shorter;
      again = true;
    }
  }
  return shortest;
}

/** Walks once for every seed. @returns {string} the first story that breaks a rule; empty if none does */
export function walk(first, count) {
  for (let seed = first; seed < first + count; seed++) {
    const luck = dice(seed);
    const setup = setupOf(luck);
    const plan = planOf(luck, setup);
    const { failure } = play(seed, setup, plan, false);
    if (!failure) continue;
    const shortest = shrink(seed, setup, plan, failure.rule);
    const told = play(seed, setup, shortest, true);
    return [`seed ${seed}`, told.failure.message, JSON.stringify(setup), ...told.story].join('\n');
  }
  return '';
}
