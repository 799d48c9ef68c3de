// SPDX-License-Identifier: Apache-2.0
// Stand-ins for the surface of each SDK that the adapters use, and stories told with them. Time moves only when told to.
import { chooseProvider } from './providers/index.js';

let now = 0;
let timers = [];
globalThis.setTimeout = (run, after = 0) => {
  timers.push({ run, at: now + after });
  return timers.at(-1);
};
globalThis.clearTimeout = (timer) => void (timers = timers.filter((other) => other !== timer));

/** Lets what is ready happen, then the timers of that many milliseconds, one by one. */
async function pass(milliseconds = 0) {
  const end = now + milliseconds;
  for (;;) {
    for (let i = 0; i < 50; i++) await null;
    const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
    if (!next) break;
    clearTimeout(next);
    now = Math.max(now, next.at);
    next.run();
  }
  now = end;
}

/** Functions somebody added, and can take away again. */
function listeners() {
  const all = new Set();
  return {
    add(listener) {
      all.add(listener);
      return () => all.delete(listener);
    },
    remove: (listener) => all.delete(listener),
    tell: (...news) => [...all].forEach((listener) => listener(...news)),
    get size() {
      return all.size;
    },
  };
}

/**
 * Each: `sdk`, what a page would hold; `ready(user)`, it has loaded; `user(name)`, news; `renew()`, a new token for the
 * same user; `fail(error)`, for the next server call; `empty()`, everybody has unsubscribed; `calls`, those that matter.
 */
const FAKES = {
  clerk() {
    const heard = listeners();
    const sdk = {
      loaded: false,
      session: undefined,
      client: undefined,
      on: (type, listener) => heard.add(listener),
      off: (type, listener) => heard.remove(listener),
      addListener: (listener) => heard.add(listener),
    };
    const fake = {
      sdk, calls: [], empty: () => heard.size === 0,
      ready(name) {
        sdk.loaded = true;
        fake.user(name);
      },
      user(name) {
        sdk.user = name && { id: name };
        sdk.session = name ? {
          id: `${name}-1`,
          getToken: async (how) => fake.calls.push(`getToken ${JSON.stringify(how)}`) && fake.answer(`token of ${name}`),
        } : null;
        heard.tell(sdk);
      },
      renew: () => heard.tell(sdk),
    };
    return fake;
  },

  auth0() {
    let name = null;
    let serial = 1;
    const sdk = {
      getIdTokenClaims: async () =>
        name ? { sub: name, sid: `${name}-1`, __raw: `id ${serial} of ${name}` } : undefined,
      getTokenSilently: async (how) => {
        fake.calls.push(`getTokenSilently ${JSON.stringify(how)}`);
        fake.answer();
        if (how.cacheMode) serial++;
        name ??= fake.session ?? null;
        return name ? `access ${serial} of ${name}` : undefined;
      },
    };
    const fake = {
      sdk, calls: [], empty: () => timers.length === 0,
      ready: (user) => void (name = user),
      user: (user) => void (name = user),
      renew: () => void serial++,
    };
    return fake;
  },

  firebase() {
    const heard = listeners();
    const sdk = { currentUser: null, onIdTokenChanged: (listener) => heard.add(listener) };
    const fake = {
      sdk, calls: [], empty: () => heard.size === 0,
      ready: (name) => fake.user(name),
      user(name) {
        sdk.currentUser = name && {
          uid: name, tenantId: null,
          getIdToken: async (force) => fake.calls.push(`getIdToken ${force}`) && fake.answer(`token of ${name}`),
        };
        heard.tell(sdk.currentUser);
      },
      renew: () => heard.tell(sdk.currentUser),
    };
    return fake;
  },

  supabase() {
    const heard = listeners();
    let session = null;
    let serial = 1;
    let inside = false;
    const sessionOf = (name) => name && { user: { id: name }, access_token: `access ${serial} of ${name}` };
    const tell = (event, ...news) => {
      inside = true;
      heard.tell(event, ...news);
      inside = false;
    };
    const call = (name, then) => async () => {
      if (inside) throw new Error('Called from within the callback');
      fake.calls.push(name);
      try {
        fake.answer();
        then?.();
        return { data: { session }, error: null };
      } catch (error) {
        return { data: { session: null }, error };
      }
    };
    const auth = {
      onAuthStateChange(listener) {
        const unsubscribe = heard.add(listener);
        return { data: { subscription: { unsubscribe } } };
      },
      getSession: call('getSession'),
      refreshSession: call('refreshSession', () => {
        serial++;
        session = session && sessionOf(session.user.id);
      }),
    };
    const fake = {
      sdk: { auth }, calls: [], empty: () => heard.size === 0,
      ready(name) {
        session = sessionOf(name);
        tell('INITIAL_SESSION', session);
      },
      user(name) {
        session = sessionOf(name);
        tell(name ? 'SIGNED_IN' : 'SIGNED_OUT', session);
      },
      renew() {
        serial++;
        session = sessionOf(session.user.id);
        tell('TOKEN_REFRESHED', session);
      },
    };
    return fake;
  },

  keycloak() {
    const sdk = {
      didInitialize: false,
      authenticated: false,
      updateToken: async (validity) => fake.calls.push(`updateToken ${validity}`) && fake.answer(true),
    };
    const set = (name) => Object.assign(sdk, {
      authenticated: !!name, subject: name ?? undefined, sessionId: name && `${name}-1`,
      token: name && `token of ${name}`, refreshToken: name && 'refresh',
    });
    const fake = {
      sdk, calls: [],
      empty: () => timers.length === 0 && !Object.keys(sdk).some((slot) => slot.startsWith('on') && sdk[slot]),
      ready(name) {
        sdk.didInitialize = true;
        set(name);
        sdk.onReady?.(sdk.authenticated);
      },
      user(name) {
        set(name);
        (name ? sdk.onAuthSuccess : sdk.onAuthLogout)?.();
      },
      renew: () => sdk.onAuthRefreshSuccess?.(),
    };
    return fake;
  },

  amplify() {
    const heard = listeners();
    let name = null;
    let loaded = false;
    const pending = [];
    const tokenOf = (word) => ({ payload: { sub: name }, toString: () => `${word} of ${name}` });
    const sdk = {
      Hub: { listen: (channel, listener) => heard.add(listener) },
      fetchAuthSession: async (how) => {
        if (!loaded) await new Promise((go) => pending.push(go));
        fake.calls.push(`fetchAuthSession ${JSON.stringify(how)}`);
        fake.answer();
        return { tokens: name ? { accessToken: tokenOf('access'), idToken: tokenOf('id') } : undefined };
      },
    };
    const tell = (event) => heard.tell({ payload: { event } });
    const fake = {
      sdk, calls: [], empty: () => heard.size === 0,
      load() {
        loaded = true;
        pending.forEach((go) => go());
      },
      ready(user) {
        fake.load();
        fake.user(user);
      },
      user(user) {
        name = user;
        tell(user ? 'signedIn' : 'signedOut');
      },
      renew: () => tell('tokenRefresh'),
    };
    return fake;
  },

  oidc() {
    const loadedHeard = listeners();
    const unloadedHeard = listeners();
    const signedOutHeard = listeners();
    let user = null;
    let serial = 1;
    const userOf = (name) => name && {
      profile: { sub: name, sid: `${name}-1` }, expired: fake.expired === true,
      access_token: `access ${serial} of ${name}`, id_token: `id ${serial} of ${name}`,
    };
    const sdk = {
      events: {
        addUserLoaded: loadedHeard.add,
        addUserUnloaded: unloadedHeard.add,
        addUserSignedOut: signedOutHeard.add,
      },
      getUser: async () => {
        fake.calls.push('getUser');
        return user && userOf(user);
      },
      signinSilent: async () => {
        fake.calls.push('signinSilent');
        fake.answer();
        serial++;
        fake.user(user ?? fake.session ?? null);
        return userOf(user);
      },
    };
    const fake = {
      sdk, calls: [], empty: () => loadedHeard.size + unloadedHeard.size + signedOutHeard.size === 0,
      ready: (name) => fake.user(name),
      user(name) {
        user = name;
        if (name) loadedHeard.tell(userOf(name));
        else unloadedHeard.tell();
      },
      renew() {
        serial++;
        loadedHeard.tell(userOf(user));
      },
      monitorSaysSignedOut: () => signedOutHeard.tell(),
    };
    return fake;
  },
};

const GLOBALS = {
  clerk: 'Clerk', auth0: 'auth0Client', firebase: 'firebaseAuth', supabase: 'supabase', keycloak: 'keycloak',
  amplify: 'amplifyAuth', oidc: 'userManager',
};

function fakeOf(kind) {
  const fake = FAKES[kind]();
  const errors = [];
  fake.fail = (...next) => errors.push(...next);
  fake.answer = (value) => {
    const error = errors.shift();
    if (error) throw error;
    return value;
  };
  return fake;
}

/** Runs to its end before the call from Java returns; what went wrong is the answer. */
function finished(story) {
  const box = { value: 'unfinished' };
  now = 0;
  timers = [];
  story().then((value) => (box.value = value), (error) => (box.value = `${error}\n${error.stack}`));
  return box;
}

/** The events of a story, separated by commas, and who was there after each; different keys have different numbers. */
export const story = (kind, events) => finished(async () => {
  const fake = fakeOf(kind);
  const provider = chooseProvider({ provider: fake.sdk });
  let changes = 0;
  const undo = provider.subscribe(() => changes++);
  const keys = [];
  const seen = () => {
    const { who, key } = provider.who();
    if (who !== 'in') return key === '' ? who : `${who} with key ${key}`;
    if (!keys.includes(key)) keys.push(key);
    return `in ${keys.indexOf(key) + 1}`;
  };
  const words = {
    ready: (name) => fake.ready(name ?? null),
    user: (name) => fake.user(name ?? null),
    renew: () => fake.renew(),
    wake: () => provider.refresh(),
    after: (milliseconds) => pass(Number(milliseconds)),
    session: (name) => void (fake.session = name),
    expired: () => void (fake.expired = true),
    monitor: () => fake.monitorSaysSignedOut(),
    uninitialized: () => void (fake.sdk.didInitialize = false),
    initialized: () => void (fake.sdk.didInitialize = true),
    transition() {
      fake.sdk.session = undefined;
      fake.renew();
    },
    leaving() {
      fake.sdk.client = { signedInSessions: [] };
      words.transition();
    },
    pending() {
      fake.sdk.session.status = 'pending';
      fake.renew();
    },
    implicit: () => void delete fake.sdk.refreshToken,
    loaded: () => fake.load(),
    offline: () => fake.fail(...Array(9).fill(new TypeError('Failed to fetch'))),
    refused: (code, calls = 1) => fake.fail(...Array(calls - 1), Object.assign(new Error(code), { error: code, code, name: code })),
    nothing: () => undefined,
    overtaken() {
      void provider.getToken({ fresh: false });
      fake.user(null);
    },
    async token(fresh) {
      fake.calls.length = 0;
      const asked = provider.getToken({ fresh: fresh === 'fresh' })
        .catch((error) => `${provider.classify(error) ?? 'unclassified'} ${error.name}`);
      await pass();
      return `${await asked} [${fake.calls.join(', ')}]`;
    },
  };
  const told = [];
  for (const event of events.split(',').map((part) => part.trim())) {
    const [word, ...values] = event.split(' ');
    const before = seen();
    changes = 0;
    const answer = words[word](...values);
    if (word !== 'token') await pass(word === 'after' ? 0 : 60);
    const value = await answer;
    const after = seen();
    if (before !== after && !changes) told.push(`UNTOLD ${before} to`);
    told.push(typeof value === 'string' ? value : after);
  }
  undo();
  if (!fake.empty()) told.push('STILL LISTENING');
  return told.join(', ');
});

/** What comes of a token call that is made the moment a change is told. */
export const calledBack = (kind) => finished(async () => {
  const fake = fakeOf(kind);
  const provider = chooseProvider({ provider: fake.sdk });
  const answers = [];
  const undo = provider.subscribe(() => {
    if (provider.who().who === 'in') answers.push(provider.getToken({ fresh: false }));
  });
  fake.ready('A');
  await pass(60);
  undo();
  fake.user('B');
  await pass(60);
  return (await Promise.all(answers)).join(', ');
});

/** What a token call comes to with this choice of token. */
export const tokenOf = (kind, token) => finished(async () => {
  const fake = fakeOf(kind);
  const provider = chooseProvider({ provider: fake.sdk, token });
  provider.subscribe(() => {});
  await pass();
  fake.ready('A');
  await pass(60);
  return provider.getToken({ fresh: false });
});

/** What an error is to an adapter. */
export function classify(kind, error) {
  const provider = chooseProvider({ provider: fakeOf(kind).sdk });
  provider.who();
  return String(provider.classify(error));
}


/** Which SDK speaks, of those the page has: each has a user of its own name. */
export const detected = (present, options) => finished(async () => {
  clear();
  const provider = chooseProvider(options);
  const before = provider.who().who;
  const undo = provider.subscribe(() => {});
  await pass(1_000);
  for (const word of present.split(' ').filter(Boolean)) {
    const [kind, path = GLOBALS[kind]] = word.split('@');
    const fake = fakeOf(kind);
    const [first, second] = path.split('.');
    globalThis[first] = second ? { [second]: fake.sdk } : fake.sdk;
    setTimeout(() => fake.ready(kind), 700);
  }
  await pass(2_000);
  const { who, key } = provider.who();
  undo();
  clear();
  return who === 'in' ? key.split(' ').find((name) => GLOBALS[name]) : `${before}, ${who}: ${provider.missing}`;
});

function clear() {
  for (const name of [...Object.values(GLOBALS), 'app']) delete globalThis[name];
}

/** A page's own handlers, before, meanwhile and after. */
export const keycloakSlots = () => finished(async () => {
  const { sdk } = fakeOf('keycloak');
  const told = [];
  sdk.onReady = (authenticated) => told.push(`page ready ${authenticated}`);
  const first = sdk.onReady;
  const undo = chooseProvider({ provider: sdk }).subscribe(() => told.push('changed'));
  told.length = 0;
  sdk.onReady(true);
  const chained = sdk.onAuthLogout;
  sdk.onAuthLogout = () => {
    told.push('page logout');
    chained();
  };
  const taken = sdk.onAuthLogout;
  undo();
  told.push(`restored ${sdk.onReady === first}`, `left alone ${sdk.onAuthLogout === taken}`);
  sdk.onAuthLogout();
  sdk.onReady(false);
  return told.join(', ');
});

/** A provider that a page wrote itself. */
export const ownProvider = () => {
  const own = { who: () => ({ who: 'in', key: 'own' }), getToken: async () => 'own token', subscribe: () => () => {} };
  return chooseProvider({ provider: own }).who().key;
};

/** A function of the page that turns up later, by its path. */
export const customFunction = (provider) => finished(async () => {
  const told = [];
  const source = { provider, getToken: 'app.auth.getToken' };
  const chosen = chooseProvider(source);
  const undo = chosen.subscribe(() => told.push('changed'));
  await pass(600);
  told.push(chosen.who().who);
  globalThis.app = { auth: { name: 'owner', getToken({ fresh }) { return `${this.name} ${fresh}`; } } };
  await pass(600);
  told.push(chosen.who().who, await chosen.getToken({ fresh: true }));
  undo();
  clear();
  return told.join(', ');
});

/** An element goes by the name of an SDK, and so does a frame of another origin; then the SDK comes. */
export const clobbered = () => finished(async () => {
  clear();
  globalThis.keycloak = { updateToken: { tagName: 'INPUT' } };
  globalThis.amplifyAuth = new Proxy({}, { get: () => { throw new Error('SecurityError'); } });
  const provider = chooseProvider({ provider: 'none of these' });
  provider.subscribe(() => {});
  await pass(1_000);
  delete globalThis.amplifyAuth;
  const told = [provider.who().who];
  const fake = fakeOf('keycloak');
  globalThis.keycloak = fake.sdk;
  await pass(1_000);
  fake.ready('A');
  told.push(provider.who().who);
  clear();
  return told.join(', ');
});
