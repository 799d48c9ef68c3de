// SPDX-License-Identifier: Apache-2.0
// Runs before every other script of the page and holds the faults that a page can have by itself: a clock that is wrong
// from the start (?clock=600, in seconds) and a network that is gone. It also tells of each request and how it ended.
(() => {
  'use strict';

  const shift = Number(new URLSearchParams(location.search).get('clock')) * 1000 || 0;
  if (shift) {
    const TrueDate = Date;
    const now = () => TrueDate.now() + shift;
    window.Date = new Proxy(TrueDate, {
      apply: () => new TrueDate(now()).toString(),
      construct: (date, given, target) => Reflect.construct(date, given.length ? given : [now()], target),
      get: (date, name) => (name === 'now' ? now : Reflect.get(date, name)),
    });
  }

  const trueFetch = window.fetch.bind(window);
  let offline = false;

  window.fetch = async (input, options) => {
    const url = new URL(input instanceof Request ? input.url : input, document.baseURI);
    const method = (options && options.method) || (input instanceof Request ? input.method : 'GET');
    const began = performance.now();
    let status = 0;
    try {
      if (offline) throw new TypeError('Failed to fetch');
      const answer = await trueFetch(input, options);
      status = answer.status;
      return answer;
    } finally {
      const took = Math.round(performance.now() - began);
      document.dispatchEvent(new CustomEvent('break-it:request', { detail: { method, url, status, took } }));
    }
  };

  function setOffline(wanted) {
    offline = wanted;
    if (wanted) Object.defineProperty(navigator, 'onLine', { value: false, configurable: true });
    else delete navigator.onLine;
    window.dispatchEvent(new Event(wanted ? 'offline' : 'online'));
  }

  // For the buttons themselves, which work offline too.
  window.breakIt = Object.freeze({ shift, fetch: trueFetch, setOffline });
})();
