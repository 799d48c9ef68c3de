// SPDX-License-Identifier: Apache-2.0
// What every page does: shows the state of the synchronization, signs in and out.
(() => {
  'use strict';

  const words = {
    starting: 'Looking', in: 'In step', out: 'Visitor', asking: 'Checking', sending: 'Updating',
    'backing-off': 'Retrying', degraded: 'Retrying', refused: 'Refused', blocked: 'Not in step', stopped: 'Not in step',
  };
  // States that pass within a moment would only make the chip flicker.
  const passing = ['asking', 'sending'];
  const chip = document.getElementById('sync');
  let shown = 0;

  function show() {
    const state = document.documentElement.dataset.signinSync || 'starting';
    clearTimeout(shown);
    shown = setTimeout(() => {
      chip.dataset.state = state;
      const word = words[state] || state;
      const text = chip.querySelector('b');
      if (text.textContent !== word) text.textContent = word;
    }, passing.includes(state) ? 700 : 0);
  }
  new MutationObserver(show).observe(document.documentElement, { attributeFilter: ['data-signin-sync'] });
  show();

  const clerk = window.Clerk;

  document.addEventListener('signin-sync:change', () => {
    // A form may hold words that are nowhere else yet: the user decides when to load the page again.
    if ('keepsWords' in document.body.dataset) document.getElementById('changed').hidden = false;
  });

  const signIn = document.getElementById('go-sign-in');
  if (signIn) {
    signIn.disabled = !clerk;
    if (!clerk) signIn.textContent = 'The provider’s script did not load';
    signIn.addEventListener('click', () => clerk.redirectToSignIn({ signInForceRedirectUrl: location.href }));
  }

  const signOut = document.getElementById('sign-out');
  if (signOut) {
    signOut.addEventListener('click', async () => {
      signOut.disabled = true;
      const sync = window.SigninSync.start();
      await sync.signOut(() => clerk && clerk.signOut());
      location.assign(signOut.dataset.after);
    });
  }

  // A form that is sent a moment after the token has expired would arrive as nobody's: renew first, within limits.
  for (const form of document.querySelectorAll('form[data-fresh]')) {
    let renewed = false;
    form.addEventListener('submit', async (event) => {
      if (renewed) return;
      event.preventDefault();
      const sync = window.SigninSync.start();
      if (sync.state === 'in') await sync.ensureFresh({ minTtl: 2, timeout: 3000 });
      // Not within this very event: browsers ignore a form that is sent while it is being sent.
      setTimeout(() => {
        renewed = true;
        form.requestSubmit(event.submitter);
        renewed = false;
      });
    });
  }

  for (const until of document.querySelectorAll('[data-until]')) {
    const left = Math.max(0, Math.round(Number(until.dataset.until) - Date.now() / 1000));
    until.textContent = `${left} s left when you came`;
  }
})();
