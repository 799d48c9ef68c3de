// SPDX-License-Identifier: Apache-2.0
// A stand-in for an identity provider's browser script. Who is signed in survives page loads and is shared by tabs, as
// with a real one; `plan` says what the next token calls do, `always` what all of them do.
window.fake = (() => {
  const stored = (name) => JSON.parse(localStorage.getItem(name) ?? 'null');
  const store = (name, value) => localStorage.setItem(name, JSON.stringify(value));
  const listeners = new Set();
  const { XMLHttpRequest } = window; // before anybody hooks it

  /** The provider's own clock: right, whatever the browser's says. */
  const now = () => Date.now() / 1000 - (window.secondsAhead ?? 0);

  function mintFor(user, sid = `${user}-1`, life = 60) {
    const iat = Math.floor(now());
    return signed({ sub: user, sid, iat, exp: iat + life });
  }

  /** The issuer's key is on the server. Waits for it on the spot, so that a paused clock does not come in between. */
  function signed(claims) {
    const request = new XMLHttpRequest();
    request.open('POST', 'mint', false);
    request.send(JSON.stringify(claims));
    return request.responseText;
  }

  function mint() {
    const { user, sid, life } = stored('session');
    const value = mintFor(user, sid, life);
    store('token', { value, exp: Math.floor(now()) + life, user, sid });
    return value;
  }

  /** Like a real provider's: cached until shortly before expiry. */
  function token(fresh) {
    const session = stored('session');
    if (!session) return null;
    const cached = stored('token');
    const usable = cached && cached.user === session.user && cached.sid === session.sid && cached.exp - now() > 17;
    return usable && !fresh ? cached.value : mint();
  }

  const fake = {
    calls: [],
    times: [],
    plan: [],
    always: '',
    release: () => {},
    signIn(user, sid = `${user}-1`, life = 60) {
      store('session', { user, sid, life });
      fake.changed();
    },
    signOut() {
      store('session', null);
      fake.changed();
    },
    session: () => stored('session'),
    mintFor,
    changed: () => listeners.forEach((listener) => listener()),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async getToken({ fresh = false, signal } = {}) {
      const todo = fake.plan.shift() ?? fake.always;
      fake.calls.push(fresh ? 'fresh' : 'cached');
      fake.times.push(Date.now());
      fake.signal = signal;
      switch (todo) {
        case 'network':
          throw new TypeError('Failed to fetch');
        case 'definitive':
          throw Object.assign(new Error('Unauthenticated'), { status: 401 });
        case 'nothing':
          return null;
        case 'opaque':
          return 'not-a-jwt';
        case 'never':
          return new Promise(() => {});
        case 'held': {
          const held = token(fresh);
          await new Promise((resolve) => (fake.release = resolve));
          return held;
        }
        default:
          return /^\d+$/.test(todo) ? new Promise((resolve) => setTimeout(() => resolve(token(fresh)), Number(todo))) : token(fresh);
      }
    },
  };
  return fake;
})();
