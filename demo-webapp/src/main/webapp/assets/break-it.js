// SPDX-License-Identifier: Apache-2.0
// Presses the buttons and shows what comes of it: what the script says, what the server says, and all that happened.
(() => {
  'use strict';

  const page = document.querySelector('[data-break-it]').dataset;
  const faults = window.breakIt;
  const byId = (id) => document.getElementById(id);
  const trueNow = () => Date.now() - faults.shift;

  // What the server says, asked every two seconds. Another clock than its own is not to be trusted here.

  const LOOKS = 60;
  let serverSays = '';
  let serverAhead = 0; // of the true clock of this machine, in milliseconds

  async function look() {
    let kind = 'gone';
    let text = 'not reached';
    try {
      const answer = await fetch(page.whoami, { cache: 'no-store', signal: AbortSignal.timeout(5000) });
      const date = Date.parse(answer.headers.get('Date'));
      if (date) serverAhead = date + 500 - trueNow();
      kind = { 200: 'in', 401: 'out', 503: 'later' }[answer.status] || 'gone';
      text = answer.status === 200 ? `200 ${(await answer.json()).name}` : String(answer.status);
    } catch (unreachable) {
      // Shown as such.
    }
    byId('server-says').textContent = text;
    byId('server-says').dataset.kind = kind;
    stripe(kind, text);
    if (text !== serverSays) tell('server', 'Server', `says ${text}`);
    serverSays = text;
    setTimeout(look, 2000);
  }

  function stripe(kind, text) {
    const strip = byId('strip');
    const cell = document.createElement('i');
    cell.className = kind;
    cell.title = `${clockTime(trueNow())} ${text}`;
    strip.append(cell);
    if (strip.children.length > LOOKS) strip.firstChild.remove();
  }

  /** Seconds until the token expires, or null; less than nothing while the server's leeway is used up. */
  function tokenLeft() {
    const mark = /-mark=[0-9a-f]{32}\.(\d+)\.in/.exec(document.cookie);
    return mark && Math.round(Number(mark[1]) - (trueNow() + serverAhead) / 1000);
  }

  function tokenText(left) {
    if (left === null) return 'no token';
    return left >= 0 ? `${left} s left` : `expired ${-left} s ago`;
  }

  // What happened, the newest first. It outlives the page, for a change of the clock, but belongs to one user.

  const ROWS = 200;
  const KEPT = 'break-it';
  let rows = [];

  function tell(kind, what, detail) {
    rows = [{ kind, what, detail, at: trueNow(), left: tokenLeft() }, ...rows].slice(0, ROWS);
    const timeline = byId('timeline');
    if (rows.length === 1) timeline.replaceChildren();
    timeline.prepend(line(rows[0]));
    if (timeline.children.length > ROWS) timeline.lastChild.remove();
  }

  function line({ kind, what, detail, at, left }) {
    const item = document.createElement('li');
    item.className = kind;
    const parts = [['time', clockTime(at)], ['b', what], ['em', left === null ? '' : `${left} s`], ['span', detail]];
    for (const [name, text] of parts) {
      const part = document.createElement(name);
      part.textContent = text;
      item.append(part);
    }
    item.dataset.what = what;
    return item;
  }

  function clockTime(at) {
    return new Date(at).toLocaleTimeString([], { hour12: false });
  }

  function restore() {
    const kept = JSON.parse(sessionStorage.getItem(KEPT) || 'null');
    sessionStorage.removeItem(KEPT);
    if (!kept || kept.user !== page.user) return;
    rows = kept.rows;
    if (rows.length) byId('timeline').replaceChildren(...rows.map(line));
    byId('note').value = kept.note;
  }

  window.addEventListener('pagehide', () => {
    sessionStorage.setItem(KEPT, JSON.stringify({ user: page.user, rows, note: byId('note').value }));
  });

  // What the script says and does.

  const states = {
    starting: 'looks for the provider', asking: 'asks the provider for a token', sending: 'sends it to the server',
    in: 'in step with the server', out: 'nobody is signed in', 'backing-off': 'tries again soon',
    degraded: 'tries again, but slowly', refused: 'the server refused the token', blocked: 'cannot work here', stopped: 'is over',
  };
  const events = {
    degraded: 'cannot keep up for the time being', recovered: 'is in step again', blocked: 'cannot work here',
    change: 'the user is another than when this page was made', stale: 'this page was made for another user',
  };

  function sayState(word) {
    byId('script-says').textContent = word;
    tell('state', word, states[word] || '');
  }

  document.addEventListener('signin-sync:state', (event) => sayState(event.detail.state));
  for (const [name, meaning] of Object.entries(events)) {
    document.addEventListener(`signin-sync:${name}`, () => tell('event', `signin-sync:${name}`, meaning));
  }

  document.addEventListener('break-it:request', ({ detail: { method, url, status, took } }) => {
    const isOurs = url.pathname.endsWith('/signin-sync/session');
    if (!isOurs && url.origin === location.origin) return;
    const to = isOurs ? 'the server' : `the provider, ${url.pathname}`;
    tell('request', method, `to ${to}: ${status || 'no answer'} after ${took} ms`);
  });

  // The buttons. A fault of the provider or the server passes by itself, or when its button is pressed again.

  const buttons = [...document.querySelectorAll('[data-press]')];
  const isPressed = (button) => button.getAttribute('aria-pressed') === 'true';
  const ends = new Map(); // the buttons that are pressed, and when each comes up again

  const presses = {
    offline(button) {
      button.setAttribute('aria-pressed', String(!isPressed(button)));
      faults.setOffline(isPressed(button));
      tell('you', button.textContent, isPressed(button) ? 'from now on' : 'no more');
    },
    ask(button) {
      tell('you', button.textContent, '');
      return window.SigninSync.start().sync({ fresh: true });
    },
    async expire(button) {
      tell('you', button.textContent, '');
      await faults.fetch(`${page.faults}/expire`, { method: 'POST' });
    },
    sync: begin,
    tokens: begin,
  };

  async function begin(button) {
    const { press, fault, seconds } = button.dataset;
    const end = isPressed(button);
    const length = button.hasAttribute('aria-pressed') ? `for ${seconds} s at most` : '';
    tell('you', button.textContent, end ? 'no more' : length);
    const wanted = new URLSearchParams({ fault: end ? 'none' : fault, seconds: end ? 0 : seconds });
    showFault(press, await state(press, `?${wanted}`, { method: 'POST' }));
  }

  async function state(press, query = '', options = {}) {
    const url = press === 'sync' ? `${page.faults}/sync` : `${page.provider}/control/tokens`;
    return (await faults.fetch(url + query, { cache: 'no-store', ...options })).json();
  }

  /** The other buttons of the same place come up: one fault at a time. */
  function showFault(press, { fault, seconds }) {
    for (const button of buttons.filter((each) => each.dataset.press === press && each.hasAttribute('aria-pressed'))) {
      if (button.dataset.fault === fault) ends.set(button, trueNow() + seconds * 1000);
      else ends.delete(button);
      showEnd(button);
    }
  }

  function showEnd(button) {
    const left = Math.ceil(((ends.get(button) || 0) - trueNow()) / 1000);
    button.setAttribute('aria-pressed', String(left > 0));
    button.dataset.left = left > 0 ? `${left} s` : '';
  }

  for (const button of buttons) {
    button.addEventListener('click', async () => {
      try {
        await presses[button.dataset.press](button);
      } catch (unreachable) {
        tell('you', button.textContent, 'did not work');
      }
    });
  }

  // The note: what was typed leaves the page only when the server has it.

  byId('note-form').addEventListener('submit', async (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    const say = (text) => { byId('note-state').textContent = text; };
    say('One moment…');
    await window.SigninSync.start().ensureFresh({ minTtl: 2, timeout: 3000 });
    try {
      const answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
      if (!answer.ok) return say(`Not kept, the server says ${answer.status}. Your words are still here.`);
      const kept = await answer.json();
      byId('kept').textContent = kept.note;
      say(`Kept for ${kept.name}.`);
    } catch (unreachable) {
      say('Not kept, the server was not reached. Your words are still here.');
    }
  });

  function tick() {
    byId('token-left').textContent = tokenText(tokenLeft());
    for (const button of ends.keys()) {
      showEnd(button);
      if (isPressed(button)) continue;
      ends.delete(button);
      tell('you', button.textContent, 'is over');
    }
  }

  restore();
  byId('script-says').textContent = document.documentElement.dataset.signinSync || 'starting';
  if (faults.shift) tell('you', 'Clock', `${Math.abs(faults.shift) / 60000} minutes ${faults.shift > 0 ? 'fast' : 'slow'}`);
  for (const press of ['sync', 'tokens']) {
    if (buttons.some((button) => button.dataset.press === press)) {
      state(press).then((now) => showFault(press, now), () => {});
    }
  }
  look();
  setInterval(tick, 500);
})();
