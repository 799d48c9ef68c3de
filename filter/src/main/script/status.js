// SPDX-License-Identifier: Apache-2.0
// @ts-check
/** The few words for a person, in the element `[data-signin-sync-status]`, if the page has one. */

/** @typedef {'held' | 'degraded' | 'recovered' | 'signed-out' | 'blocked'} Word */

/** @type {Record<Word, string>} */
const TEXTS = {
  held: 'Renewing your sign-in, then sending.',
  degraded: 'Your sign-in cannot be renewed just now. Still trying.',
  recovered: 'Your sign-in works again.',
  'signed-out': 'You are signed out.',
  blocked: 'Not sent: your sign-in has ended. Your entries are still here.',
};

const PATIENCE = 5_000; // shorter trouble is nobody's concern

/** @param {AbortSignal} signal ends it */
export function statusLine(signal) {
  /** @type {Word | ''} */
  let said = '';
  let before = 'unknown';
  let trouble = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  const element = () => {
    const found = document.querySelector('[data-signin-sync-status]');
    // Screen readers announce changes only of what was marked before.
    found?.setAttribute('role', 'status');
    found?.setAttribute('aria-live', 'polite');
    return found;
  };

  /** Says it, or with '' nothing any more. @param {Word | ''} word */
  function now(word) {
    const place = element();
    if (place && word !== said) place.textContent = word && (place.getAttribute(`data-msg-${word}`) ?? TEXTS[word]);
    said = word;
  }

  function stop() {
    clearTimeout(timer);
    now('');
  }

  signal.addEventListener('abort', stop);

  return {
    now,
    /** A routine refresh changes nothing here. @param {string} phase with a live cookie, `well` @param {string} who @param {string} user */
    follow(phase, who, user) {
      element();
      if (who === 'out' && who !== before && (user || before === 'in')) now('signed-out');
      before = who;
      if (phase === 'backing-off' || phase === 'refused') {
        if (!trouble && user) {
          timer = setTimeout(() => (said === '' || said === 'recovered') && now('degraded'), PATIENCE);
          trouble = true;
        }
      } else if (phase === 'resting' || phase === 'well') {
        clearTimeout(timer);
        trouble = false;
        if (phase === 'well' && said && said !== 'held') now('recovered');
      }
    },
  };
}
