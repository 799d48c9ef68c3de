// SPDX-License-Identifier: Apache-2.0
// The live view: polls what the server knows, as the page of a legacy application would.
(() => {
  'use strict';

  const url = document.querySelector('[data-live]').dataset.live;
  const byId = (id) => document.getElementById(id);
  let expires = 0;
  let ahead = 0; // how far the server's clock is ahead of ours, in milliseconds

  async function look() {
    try {
      const answer = await fetch(url, { cache: 'no-store' });
      if (answer.ok) show(await answer.json());
    } catch (unreachable) {
      byId('left').textContent = 'server not reached';
    }
    setTimeout(look, 2000);
  }

  function show(seen) {
    ahead = seen.now - Date.now();
    expires = seen.expires;
    byId('live-name').textContent = seen.name;
    byId('live-user').textContent = seen.user || 'nobody is signed in';
    byId('live-face').textContent = seen.user ? seen.name.split(/\s+/).map((word) => word[0]).join('').slice(0, 2) : '?';
    byId('live-roles').textContent = seen.roles.join(', ') || 'none';
    byId('live-login').textContent = seen.login || 'none';
    byId('live-session').textContent = seen.session ? seen.session + '…' : 'none';
    tick();
    if (seen.events.length) byId('events').replaceChildren(...seen.events.map(line));
  }

  function line(event) {
    const item = document.createElement('li');
    item.className = event.kind;
    item.dataset.number = event.number;
    const time = document.createElement('time');
    time.textContent = new Date(event.at).toLocaleTimeString();
    const kind = document.createElement('b');
    kind.textContent = event.kind === 'SignedIn' ? 'Signed in' : 'Signed out';
    const who = document.createElement('span');
    who.textContent = event.subject + (event.cause ? ' · ' + event.cause.toLowerCase().replace('_', ' ') : '');
    item.append(time, kind, who);
    return item;
  }

  function tick() {
    const left = Math.max(0, Math.round(expires - (Date.now() + ahead) / 1000));
    // Grows to the longest life seen, so that the bar is full for a fresh token.
    if (left > byId('life').max) byId('life').max = left;
    byId('life').value = left;
    byId('left').textContent = expires ? left + ' s' : '–';
  }

  look();
  setInterval(tick, 500);
})();
