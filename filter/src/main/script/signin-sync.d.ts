// SPDX-License-Identifier: Apache-2.0
// For pages in TypeScript: the module, the global of the plain script, and the events on `document`.

/** Who is signed in at the server, as far as this page knows. */
export type Who = 'in' | 'out' | 'unknown';

export type ProviderName =
  | 'auto' | 'clerk' | 'auth0' | 'firebase' | 'supabase' | 'keycloak' | 'amplify' | 'oidc' | 'custom';

export interface TokenRequest {
  /** A token the provider makes now; otherwise one it has will do. */
  readonly fresh: boolean;
  /** Aborted when nobody wants the answer any more. */
  readonly signal: AbortSignal;
}

/** What a provider of a page's own says at once; `perhaps`: only a token call can tell. */
export interface Seen {
  readonly who: Who | 'perhaps';
  /** Names user, session and organisation. The same after a token refresh, and empty if there is nothing to name. */
  readonly key: string;
}

/** Where tokens come from, for providers we have no adapter for. */
export interface Provider {
  /** Never `out` because of an error: that would sign somebody out. */
  who(): Seen;
  getToken(how: TokenRequest): Promise<string | null | undefined>;
  /** Calls `changed` whenever `who` may have changed; returns how to unsubscribe. */
  subscribe(changed: () => void): () => void;
  /** Looks again when somebody returns to the page; for SDKs without events. */
  refresh?(): Promise<void>;
  /** Whether an error says for certain that there is no session left; undefined leaves it to the general rule. */
  classify?(error: unknown): 'transient' | 'definitive' | undefined;
}

/** What each adapter is known by; an instance of the SDK fits. */
export type ProviderInstance =
  | Provider
  | { addListener(listener: (resources: any) => void): () => void }
  | { getTokenSilently(options?: any): Promise<any> }
  | { onIdTokenChanged(listener: (user: any) => void): () => void }
  | { auth: { onAuthStateChange(listener: (event: any, session: any) => any): any } }
  | { updateToken(minValidity?: number): PromiseLike<boolean> }
  | { fetchAuthSession(options?: any): Promise<any>; Hub?: { listen(channel: 'auth', listener: (capsule: any) => void): () => void } }
  | { signinSilent(args?: any): Promise<any> };

/** Also as attributes: `data-provider-global` and so on. */
export interface Options {
  /** Its name or the instance itself; `auto`: the first one found in the page. */
  provider?: ProviderName | ProviderInstance;
  /** Dotted path of the instance below `window`, where it is not in its usual place. */
  providerGlobal?: string;
  /** Which token to send, where a provider has two: `access` unless said otherwise. */
  token?: 'access' | 'id';
  /** A function that gives a token, or the dotted path of one; null when nobody is signed in. */
  getToken?: string | ((how: TokenRequest) => Promise<string | null | undefined>);
  /** Tells of a change at the provider; goes with `getToken`. */
  subscribe?: (changed: () => void) => (() => void) | void;
  /** What happens when another user, or nobody, is signed in than this page was made for: `event` unless said otherwise. */
  onUserChange?: 'reload' | 'event';
  /** What a tab does that nobody sees: `rest` unless said otherwise. */
  hidden?: 'rest' | 'refresh';
  /**
   * Forms that wait for a fresh cookie where theirs is nearly dead: those with a submit event, or, which is `all` and the
   * default, those that a script submits too.
   */
  guard?: 'submit' | 'all' | 'off';
  /** What is repeated after the 401 that an expired cookie gets: `fetch`, `xhr` or `fetch xhr`; nothing unless said. */
  hook?: string;
  /** On a sign-in page: where to go, once signed in, without a `return` in the query. */
  return?: string;
  /** The endpoint of the server; beside the script unless said otherwise. */
  endpoint?: string;
}

export type Phase = 'resting' | 'asking' | 'sending' | 'backing-off' | 'refused' | 'blocked' | 'stopped';

export type Change = Readonly<{ state: Who; previous: Who }>;

/** What is told on `document`, each under `signin-sync:` and its name here, and what comes with it. */
export interface Events {
  /** Another user than this page was made for, or nobody. Cancelable: no reload. */
  change: Change;
  /** The page came back from the back/forward cache for another user. Cancelable: no reload. */
  stale: Readonly<{}>;
  /** The word that stands in `data-signin-sync` of the root element. */
  state: Readonly<{ state: string }>;
  /** Nothing has worked for a while; this goes on, but slowly. */
  degraded: Readonly<{}>;
  recovered: Readonly<{}>;
  /** It cannot work as things are set up: the console says why. */
  blocked: Readonly<{}>;
  /** A form waits for a fresh cookie. */
  'submit-held': Readonly<{ form: HTMLFormElement }>;
  /** It was sent after all. */
  'submit-released': Readonly<{ form: HTMLFormElement }>;
  /** It would not have arrived; what was typed is still there. Cancelable: it is sent all the same. */
  'submit-blocked': Readonly<{ form: HTMLFormElement }>;
}

export interface SigninSync {
  readonly state: Who;
  /** What goes on at the moment. */
  readonly phase: Phase;
  /** Resolves within 15 seconds, whatever happens. */
  readonly ready: Promise<Who>;
  /** Looks now, with a fresh token if wanted. */
  sync(how?: { fresh?: boolean }): Promise<Who>;
  /** Whether the cookie lasts for another `minTtl` seconds (10), if need be after a sync of at most `timeout` ms (5000). */
  ensureFresh(need?: { minTtl?: number; timeout?: number }): Promise<boolean>;
  /** Ends the session at the server first, then at the provider. */
  signOut(providerSignOut?: () => unknown): Promise<void>;
  /** Returns how to stop listening. */
  on<Name extends keyof Events>(type: Name, listener: (detail: Events[Name]) => unknown): () => void;
  /** Returns how to stop listening. */
  onChange(listener: (change: Change) => unknown): () => void;
  stop(): void;
}

/** Starts the synchronization of this page, once: a second call returns what the first one did. */
export function start(options?: Options): SigninSync;

declare global {
  interface Window {
    /** Made by the plain script. */
    SigninSync?: { start: typeof start; running: () => SigninSync | null };
    /** Options that attributes do not give; to be set before the script runs. */
    signinSyncOptions?: Options;
  }

  interface DocumentEventMap {
    'signin-sync:change': CustomEvent<Events['change']>;
    'signin-sync:stale': CustomEvent<Events['stale']>;
    'signin-sync:state': CustomEvent<Events['state']>;
    'signin-sync:degraded': CustomEvent<Events['degraded']>;
    'signin-sync:recovered': CustomEvent<Events['recovered']>;
    'signin-sync:blocked': CustomEvent<Events['blocked']>;
    'signin-sync:submit-held': CustomEvent<Events['submit-held']>;
    'signin-sync:submit-released': CustomEvent<Events['submit-released']>;
    'signin-sync:submit-blocked': CustomEvent<Events['submit-blocked']>;
  }
}
