// SPDX-License-Identifier: Apache-2.0
// @ts-check
/**
 * What our script does on the resync page: a login expired while its user was away, and the filter answered with that page
 * instead of the one that was asked for. Signed in again, it loads the URL once more. It never sends a form again by itself.
 */

const SPREAD = 150; // a browser may open twenty tabs again at once: the first to post spares the others theirs
const CONFIRM_AFTER = 1_000; // a provider that has not quite woken up may say "nobody" at first
const PATIENCE = 6_000;
const LIMIT = 60_000; // nobody expects a page to change by itself after that
const MOST_RELOADS = 2; // of one URL, within the limit
const RELOADS = 'signin-sync-resync';

/**
 * @param {() => import('./signin-sync.js').SigninSync} open starts the synchronization
 * @param {string} kind '' for a path that needs a user, 'open' for one that does not, 'post' for a form of ours,
 *   'post-foreign' for one of somebody else's
 * @param {string} [login] the sign-in page
 */
export async function resync(open, kind, login) {
  const isForm = kind === 'post' || kind === 'post-foreign';
  await pause(Math.random() * SPREAD);
  const page = open();

  let ready = false;
  let over = false;
  let doubting = false;
  const observer = new MutationObserver(look);
  observer.observe(document.documentElement, { attributeFilter: ['data-signin-sync'] });
  const patience = setTimeout(() => {
    say('Still trying to sign you in again…');
    offerLogin();
  }, PATIENCE);
  const limit = setTimeout(() => {
    finish();
    giveUp('You could not be signed in again.');
  }, LIMIT);
  // Loaded again, and here again: what the mark says is not what the server thinks.
  if (reloads().length) await page.sync({ fresh: true });
  ready = true;
  look();

  function look() {
    if (over || !ready) return;
    if (page.phase === 'refused') {
      say('The server does not accept your sign-in.');
      offerLogin();
    } else if (page.phase === 'blocked') {
      finish();
      giveUp('Your browser does not keep the cookies of this site. Allow them, then try again.');
    } else if (page.phase === 'stopped') {
      finish();
      giveUp('You cannot be signed in here. The console of the browser says why.');
    } else if (page.phase === 'resting' && page.state === 'in') {
      finish();
      back();
    } else if (page.phase === 'resting' && page.state === 'out') {
      void doubt();
    }
  }

  /** Nothing happens by itself from here on. */
  function finish() {
    over = true;
    observer.disconnect();
    clearTimeout(patience);
    clearTimeout(limit);
  }

  function back() {
    if (!isForm) return again();
    if (kind === 'post') {
      say('You are signed in again. What you sent has not arrived: your sign-in had run out.');
      offer('Send again', () => location.reload());
    } else {
      say('You are signed in again. What was sent came from another site and has not arrived.');
    }
    offer('Go back', () => history.back());
  }

  /** The provider knows nobody. It is asked twice. */
  async function doubt() {
    if (doubting) return;
    doubting = true;
    await pause(CONFIRM_AFTER);
    await page.sync();
    doubting = false;
    if (over || page.phase !== 'resting' || page.state !== 'out') return look();
    finish();
    // Our side ends too, or the next page would ask once more.
    await page.signOut();
    if (isForm) giveUp('You are signed out. What you sent has not arrived.');
    else if (kind === '' && login) location.replace(login);
    else again(); // a path that needs nobody is shown to a visitor, too
  }

  function again() {
    if (countReload()) location.reload();
    else if (login) location.replace(withReason(login));
    else giveUp('The server does not accept your sign-in.');
  }

  /** @param {string} text */
  function giveUp(text) {
    say(text);
    offerLogin();
    if (isForm) offer('Go back', () => history.back());
    else offer('Try again', () => location.reload());
  }
}

/** @param {string} text */
function say(text) {
  const status = document.querySelector('[role=status]');
  if (status) status.textContent = text;
}

function offerLogin() {
  document.getElementById('login')?.removeAttribute('hidden');
}

/** @param {string} text @param {() => void} action */
function offer(text, action) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = text;
  button.addEventListener('click', action);
  document.querySelector('main')?.append(button, ' ');
}

/** Our own sign-in page may want to say why its visitor is back. @param {string} login */
function withReason(login) {
  const url = new URL(login, location.href);
  if (url.origin === location.origin) url.searchParams.set('reason', 'loop');
  return url.href;
}

/** @returns {boolean} whether this URL may be loaded once more */
function countReload() {
  const lately = reloads();
  if (lately.length >= MOST_RELOADS) return false;
  const value = { ...stored(), [url()]: [...lately, Date.now()] };
  try {
    sessionStorage.setItem(RELOADS, JSON.stringify(value));
  } catch {
    history.replaceState({ ...history.state, [RELOADS]: value }, '');
  }
  return true;
}

/** When this tab loaded this URL again, as far as that counts. @returns {number[]} */
function reloads() {
  const times = stored()[url()];
  return Array.isArray(times) ? times.filter((time) => Math.abs(Date.now() - time) < LIMIT) : [];
}

/** @returns {Record<string, number[]>} */
function stored() {
  const noted = history.state?.[RELOADS] ?? {}; // where the storage is full or forbidden
  try {
    return { ...JSON.parse(sessionStorage.getItem(RELOADS) ?? '{}'), ...noted };
  } catch {
    return noted;
  }
}

function url() {
  return location.pathname + location.search;
}

/** @param {number} time milliseconds @returns {Promise<void>} */
function pause(time) {
  return new Promise((resolve) => setTimeout(resolve, time));
}
