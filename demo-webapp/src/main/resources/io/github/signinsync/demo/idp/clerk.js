// SPDX-License-Identifier: Apache-2.0
// A front end with the manners of Clerk's, as far as a page or a synchronizer can tell: the tri-state session
// (undefined while it cannot say), status events, a token cache, sign-out that is heard in every tab.
(() => {
  'use strict';

  const provider = new URL(document.currentScript.src).origin;
  const changeListeners = new Set();
  const statusListeners = new Set();
  const channel = 'BroadcastChannel' in window ? new BroadcastChannel('standin') : null;

  let status = 'loading';
  let loading = null;
  let session; // undefined: in transition, null: nobody, object: somebody
  let cached = null; // { jwt, expires, sessionId }
  let minting = null;

  const clerk = {
    get status() { return status; },
    get loaded() { return status === 'ready' || status === 'degraded'; },
    get session() { return session; },
    get user() { return session ? session.user : session; },
    get client() { return { signedInSessions: session ? [session] : [] }; },
    load() {
      loading = loading || load();
      return loading;
    },
    addListener(listener) {
      changeListeners.add(listener);
      if (clerk.loaded) listener(resources());
      return () => changeListeners.delete(listener);
    },
    on(event, listener, options) {
      if (event !== 'status') return;
      statusListeners.add(listener);
      if (options && options.notify) listener(status);
    },
    off(event, listener) {
      statusListeners.delete(listener);
    },
    async signOut(options) {
      const before = session;
      settle(undefined);
      try {
        await ask('/v1/sign-out', { method: 'POST' });
      } catch (trouble) {
        settle(before);
        throw trouble;
      }
      cached = null;
      if (channel) channel.postMessage('signed out');
      if (options && options.redirectUrl) {
        location.assign(options.redirectUrl);
        return;
      }
      settle(null);
    },
    redirectToSignIn(options) {
      const back = (options && (options.signInForceRedirectUrl || options.redirectUrl)) || location.href;
      location.assign(provider + '/sign-in?redirect_url=' + encodeURIComponent(new URL(back, location.href).href));
      return Promise.resolve();
    },
    openSignIn(options) {
      clerk.redirectToSignIn(options);
    },
  };

  async function load() {
    for (let wait = 500; ; wait = Math.min(wait * 2, 4000)) {
      try {
        await refreshClient();
        setStatus('ready');
        settle(session);
        return;
      } catch (trouble) {
        setStatus('degraded');
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  }

  async function refreshClient() {
    const client = await ask('/v1/client', {});
    adopt(client.session);
  }

  function adopt(found) {
    if (!found) {
      cached = null;
      session = null;
      return;
    }
    if (session && session.id === found.id) return;
    cached = null;
    session = { ...found, getToken: (options) => getToken(found.id, options || {}) };
  }

  async function getToken(sessionId, options) {
    if (!options.skipCache && cached && cached.sessionId === sessionId && fresh(cached)) return cached.jwt;
    minting = minting || mint(sessionId).finally(() => { minting = null; });
    return minting;
  }

  // Kept until 5 s before it expires, or for half its life where that is short.
  function fresh(token) {
    return Date.now() < token.expires - Math.min(5000, token.life / 2);
  }

  async function mint(sessionId) {
    try {
      const { jwt } = await ask('/v1/tokens?session=' + encodeURIComponent(sessionId), { method: 'POST' });
      const claims = JSON.parse(atob(jwt.split('.')[1].replace(/-/g, '+').replace(/_/g, '/')));
      const life = (claims.exp - claims.iat) * 1000;
      cached = { jwt, life, expires: Date.now() + life, sessionId };
      settle(session);
      return jwt;
    } catch (trouble) {
      if (trouble.status !== 401) throw trouble;
      await lookAgain();
      return null;
    }
  }

  async function lookAgain() {
    const before = session ? session.id : session;
    await refreshClient();
    const after = session ? session.id : session;
    if (before !== after) settle(session);
  }

  async function ask(path, options) {
    let answer;
    try {
      answer = await fetch(provider + path, { credentials: 'include', ...options });
    } catch (unreachable) {
      throw Object.assign(new Error('The provider cannot be reached.'), { code: 'clerk_offline' });
    }
    if (!answer.ok) {
      throw Object.assign(new Error('The provider answered ' + answer.status + '.'), { status: answer.status });
    }
    return answer.json();
  }

  function resources() {
    return { client: clerk.client, session: clerk.session, user: clerk.user };
  }

  function settle(next) {
    session = next;
    for (const listener of [...changeListeners]) listener(resources());
  }

  function setStatus(next) {
    if (next === status) return;
    status = next;
    for (const listener of [...statusListeners]) listener(status);
  }

  if (channel) channel.onmessage = () => { lookAgain().catch(() => {}); };
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && status === 'ready') lookAgain().catch(() => {});
  });
  window.addEventListener('focus', () => {
    if (status === 'ready') lookAgain().catch(() => {});
  });

  window.Clerk = clerk;
})();
