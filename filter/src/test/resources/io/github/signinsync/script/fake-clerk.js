// SPDX-License-Identifier: Apache-2.0
// The surface of ClerkJS that the script uses, over the fake provider: a session in three states, a listener that is
// called at once and on every change, and a sign-out that never gets as far as `session = null` on this page.
window.Clerk = (() => {
  const listeners = new Set();
  const sessionOf = (session) => session && {
    id: session.sid,
    status: session.status ?? 'active',
    lastActiveOrganizationId: session.org ?? null,
    getToken: async (how) => {
      const token = await fake.getToken({ fresh: how?.skipCache === true });
      emit(); // ClerkJS tells its listeners about new tokens, too
      return token;
    },
  };
  const clerk = {
    loaded: false,
    status: 'loading',
    session: undefined,
    user: undefined,
    client: undefined,
    load: () => {
      throw new Error('The script must never call load()');
    },
    finishLoading() {
      clerk.loaded = true;
      clerk.status = 'ready';
      refresh();
    },
    on: (type, listener) => listeners.add(listener),
    off: (type, listener) => listeners.delete(listener),
    addListener(listener) {
      listeners.add(listener);
      if (clerk.client) listener(clerk);
      return () => listeners.delete(listener);
    },
    /** As the real one: transition, sessions gone, and the rest only after a navigation. */
    signOut() {
      clerk.session = undefined;
      clerk.client = { signedInSessions: [] };
      localStorage.setItem('session', 'null');
      emit();
    },
    /** A change that looks like a sign-out for a moment. */
    beginTransition() {
      clerk.session = undefined;
      emit();
    },
    refresh,
  };
  function refresh() {
    const session = fake.session();
    clerk.client = { signedInSessions: session ? [session] : [] };
    clerk.session = sessionOf(session) ?? null;
    clerk.user = session && { id: session.user };
    emit();
  }
  function emit() {
    listeners.forEach((listener) => listener(clerk));
  }
  fake.subscribe(() => clerk.loaded && refresh());
  if (!new URLSearchParams(location.search).has('slow')) clerk.finishLoading();
  return clerk;
})();
