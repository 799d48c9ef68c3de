// SPDX-License-Identifier: Apache-2.0
/** What the tabs of a random walk live in: time and luck, one provider, one server, one cookie jar. */

const LEEWAY = 60; // seconds that the server tolerates

/** Small, quick and the same everywhere (mulberry32). */
export function dice(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    between: (low, high) => low + next() * (high - low),
    chance: (probability) => next() < probability,
    pick: (list) => list[Math.floor(next() * list.length)],
  };
}

/**
 * Things that are going to happen. Time is the provider's, in milliseconds; it moves only when something happens. A list that
 * is linked by hand: cutting pieces out of an array makes this engine's arrays grow without end.
 */
export function timeline() {
  const head = { at: -Infinity, run: null, gone: true, next: null };
  const time = {
    now: 1_000_000_000,
    after(millis, run) {
      const entry = { at: time.now + millis, run, gone: false, next: null };
      let before = head;
      while (before.next && before.next.at <= entry.at) before = before.next;
      entry.next = before.next;
      before.next = entry;
      return entry;
    },
    /** Lets everything happen that is due until then. */
    passTo(end) {
      while (head.next && head.next.at <= end) {
        const { at, run, gone, next } = head.next;
        head.next = next;
        time.now = Math.max(time.now, at);
        if (!gone) run();
      }
      time.now = Math.max(time.now, end);
    },
    /** A laptop sleeps: nothing happens, and then everything at once. */
    sleep(millis) {
      time.now += millis;
    },
  };
  return time;
}

/** The browser's cookies: `token` and `twin` are hidden from the script, `mark` is not. */
export function cookieJar(time) {
  const cookies = {};
  return {
    get(name) {
      const cookie = cookies[name];
      return cookie && cookie.until > time.now ? cookie.value : null;
    },
    snapshot() {
      return { token: this.get('token'), twin: this.get('twin'), generation: this.get('generation'), mark: this.get('mark') };
    },
    /** @param {Array<[string, any, number]>} lines name, value, seconds to live */
    store(lines) {
      for (const [name, value, seconds] of lines) cookies[name] = { value, until: time.now + seconds * 1000 };
    },
    empty() {
      for (const name of Object.keys(cookies)) delete cookies[name];
    },
  };
}

/** Who is signed in at the provider, and which sessions it still gives tokens for. */
export function identityProvider(time, setup) {
  let sessions = 0;
  const open = new Set();
  const provider = {
    session: null,
    minted: 0,
    login: (session) => (setup.namesSessions ? `${session.user}/${session.key}` : session.user),
    signIn(user, keepsOthers) {
      if (!keepsOthers) open.clear();
      provider.session = { user, key: `s${++sessions}`, since: time.now };
      open.add(provider.session.key);
    },
    /** Back to a session that was left open, where several may be. */
    activate(session) {
      if (open.has(session.key)) provider.session = session;
    },
    signOut() {
      open.clear();
      provider.session = null;
    },
    isOpen: (session) => open.has(session.key),
    mint(session) {
      const iat = Math.floor(time.now / 1000);
      provider.minted++;
      return { user: session.user, key: session.key, login: provider.login(session), iat, exp: iat + setup.life };
    },
  };
  return provider;
}

/** The filter's endpoint, as far as the script can tell: freshest wins, generations, revocations, marks. */
export function endpoint(time, setup) {
  const revoked = new Map(); // login to the latest time of issue that no longer counts
  let generations = 0;
  const now = () => (time.now + setup.serverAhead) / 1000;
  const inTime = (token) => token.exp + LEEWAY > now();
  const isRevoked = (token) => token.iat <= (revoked.get(token.login) ?? 0);
  const secondsLeft = (token) => Math.max(0, token.exp + LEEWAY - Math.floor(now()));
  const mark = (token, state) => ['mark', { hash: token.login, exp: token.exp, in: state === 'in' }, secondsLeft(token)];
  const fresh = () => ['generation', `g${++generations}`, 1e6];

  function refusal(token) {
    if (!inTime(token)) return 'expired';
    if (token.iat > now() + LEEWAY) return 'not-yet-valid';
    return isRevoked(token) ? 'revoked' : '';
  }

  const isDead = ({ token, twin, generation }) => token !== null && generation !== null && twin !== generation;
  const counts = (shown) => shown.token !== null && !isDead(shown) && refusal(shown.token) === '' ? shown.token : null;

  return {
    now,
    wouldTake: (token) => refusal(token) === '' && secondsLeft(token) >= 30,
    /** Whom a request with these cookies is served as. @returns the token, or null */
    counts,
    isDead,
    post(token, shown) {
      const code = refusal(token);
      if (code) return { status: 401, code, cookies: [] };
      const presented = counts(shown);
      const replaces = [shown.token?.login, shown.mark?.hash].some((login) => login && login !== token.login);
      if (!replaces && presented && token.exp <= presented.exp) {
        return { status: 200, code: '', changed: false, cookies: [mark(presented, 'in')] };
      }
      const lines = replaces ? [fresh()] : [];
      const twin = replaces ? lines[0][1] : shown.generation ?? '0';
      lines.push(['token', token, secondsLeft(token)], ['twin', twin, 604_800], mark(token, 'in'));
      return { status: 200, code: '', changed: true, cookies: lines };
    },
    remove(shown, unverified) {
      const lines = [fresh(), ['twin', '', 0]];
      if (shown.token) {
        if (!unverified) revoked.set(shown.token.login, Math.max(now(), shown.token.iat));
        lines.push(['token', null, 0], mark(shown.token, 'out'));
      } else if (shown.mark) {
        lines.push(['mark', null, 0]);
      }
      return { status: 200, code: '', changed: true, cookies: lines };
    },
    /** What a document request does to cookies that no longer count. */
    visit(shown) {
      return shown.token && !counts(shown) ? [['token', null, 0], ['mark', null, 0]] : [];
    },
  };
}
