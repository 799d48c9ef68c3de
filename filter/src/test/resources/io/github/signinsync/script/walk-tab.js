// SPDX-License-Identifier: Apache-2.0
/** One tab of a random walk: does for the machine what start.js does, without a browser. */
import { step } from './machine.js';
import { initialState } from './state.js';
import { hears, memory, rests, wants } from './walk-rules.js';

const REQUEST_TIMEOUT = 8_000;

export function openTab(world, name) {
  const { time, luck } = world;
  const tab = {
    name, visible: true, frozen: false, known: true, session: world.provider.session,
    state: initialState(), memory: memory(),
    requests: () => [...requests], isWaiting: () => waiting !== null, isLeaving: () => leaving !== null || tab.state.left === 'leaving',
    dispatch, soon, providerChanged, load, pagehide, restore, signOut, close: () => void page++,
  };
  let page = 0; // what an earlier page of this tab began concerns nobody
  let events = [];
  let running = false;
  let inbox = [];
  let timer = null;
  let armed = { at: 0, deadline: 0 };
  let waiting = null;
  let leaving = null;
  let requests = new Set();

  const here = (run) => {
    const mine = page;
    return () => {
      if (mine !== page) return;
      if (tab.frozen) inbox.push(run);
      else run();
    };
  };

  function load() {
    page++;
    Object.assign(tab, { state: initialState(), memory: memory(), frozen: false });
    events = [];
    inbox = [];
    waiting = leaving = null;
    requests.forEach((request) => request.method === 'POST' && request.abort());
    requests = new Set();
    world.jar.store(world.server.visit(world.jar.snapshot()));
    dispatch({ type: 'start' });
    providerChanged();
  }

  function dispatch(event) {
    events.push(event);
    if (running) return;
    running = true;
    while (events.length) {
      const [next, ...later] = events;
      events = later;
      hears(world, tab, next);
      tab.memory.steps++;
      const before = tab.state;
      const result = step(before, next, {
        now: world.browserNow(), random: luck.next(), mark: world.jar.get('mark'),
        visible: tab.visible, online: world.online, keeper: world.isKeeper(tab),
      });
      tab.state = result.state;
      world.tell(tab, next, result);
      for (const effect of result.effects) {
        wants(world, tab, effect);
        perform(effect);
      }
    }
    running = false;
    if (event.type !== 'pagehide') rests(world, tab);
    arm();
    if (leaving && tab.state.phase !== 'sending') leaving();
  }

  function perform(effect) {
    switch (effect.do) {
      case 'ask':
        return getToken(effect);
      case 'post':
        return send(effect.send, 'POST', effect.token);
      case 'delete':
        return send(effect.send, 'DELETE', null, effect.unverified);
      case 'abort':
        return requests.forEach((request) => request.method === 'POST' && request.abort());
      case 'tell':
        return world.tellPeers(tab);
    }
  }

  function getToken({ fresh, ask, epoch }) {
    const { key } = world.look(tab);
    if (told()) return;
    const { outcome, token, after } = world.callProvider(tab, fresh);
    time.after(after, here(() => {
      if (told()) return;
      if (outcome === 'definitive' || outcome === 'transient') {
        dispatch({ type: 'failed', ask, epoch, definitive: outcome === 'definitive' });
      } else if (world.look(tab).key !== key) {
        dispatch({ type: 'failed', ask, epoch, definitive: false });
      } else if (token) {
        const { login, iat, exp } = token;
        const claims = { identity: login, hash: world.setup.hashes ? login : null, iat, exp };
        dispatch({ type: 'token', ask, epoch, token: { ...token, ask }, claims });
      } else if (world.look(tab).who === 'perhaps') {
        dispatch({ type: 'nobody', ask, epoch, certain: false });
      } else {
        dispatch({ type: 'failed', ask, epoch, definitive: false });
      }
    }));

    function told() {
      const { who } = world.look(tab);
      if (who === 'out') dispatch({ type: 'nobody', ask, epoch, certain: true });
      if (who === 'unknown') dispatch({ type: 'not-ready', ask, epoch });
      return who === 'out' || who === 'unknown';
    }
  }

  function send(number, method, token, unverified = false) {
    const sent = world.browserNow();
    const request = { method, unverified, aborted: false, over: false, abort };
    const mine = requests.add(request);
    const answer = (more) => {
      if (request.over) return;
      request.over = true;
      here(() => {
        mine.delete(request);
        dispatch({
          type: 'answered', send: number, status: 0, ours: false, code: '', changed: true, serverNow: 0, sent,
          received: world.browserNow(), retryAfter: 0, ...more,
        });
      })();
    };
    const unanswered = here(() => answer({}));
    function abort() {
      request.aborted = true;
      time.after(0, unanswered);
    }
    time.after(REQUEST_TIMEOUT, here(() => request.over || abort()));
    world.deliver(request, token, here, answer);
  }

  function arm() {
    if (timer) timer.gone = true;
    timer = null;
    const { timerAt } = tab.state;
    if (timerAt !== armed.at) armed = { at: timerAt, deadline: time.now + timerAt - world.browserNow() };
    if (!timerAt || tab.frozen) return;
    const left = () => Math.ceil(Math.min(timerAt - world.browserNow(), armed.deadline - time.now));
    timer = time.after(Math.min(Math.max(left(), 0), 30_000), here(() => {
      if (left() > 0) return arm();
      armed.at = 0;
      dispatch({ type: 'due' });
    }));
  }

  function soon(event) {
    if (!waiting) {
      time.after(50, here(() => {
        const next = waiting;
        waiting = null;
        if (next) dispatch(next);
      }));
    }
    if (waiting?.type !== 'provider') waiting = event;
  }

  function providerChanged() {
    const seen = world.look(tab);
    if (tab.frozen) return void inbox.push(providerChanged);
    if (seen.who === 'out' || seen.key !== tab.state.key) dispatch({ type: 'provider', ...seen });
    else if (seen.who !== 'unknown') soon({ type: 'provider', ...seen });
  }

  function pagehide() {
    if (tab.frozen) return;
    dispatch({ type: 'pagehide' });
    tab.frozen = true;
    if (timer) timer.gone = true;
  }

  function restore() {
    if (!tab.frozen) return;
    tab.frozen = false;
    const late = inbox;
    inbox = [];
    dispatch({ type: 'restored' });
    late.forEach((run) => run());
  }

  /** The page's own way out: the cookies first, and then the provider. */
  function signOut() {
    if (tab.frozen || leaving) return;
    dispatch({ type: 'sign-out' });
    const goOn = () => {
      if (leaving !== goOn) return;
      leaving = null;
      world.signOutAtProvider(tab);
      time.after(luck.between(0, 500), here(() => dispatch({ type: 'left' })));
    };
    leaving = goOn;
    if (tab.state.phase !== 'sending') goOn();
    else time.after(2_000, here(() => goOn()));
  }

  return tab;
}
