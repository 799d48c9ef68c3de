// SPDX-License-Identifier: Apache-2.0
// What a page author would write, plus a log of what the page was told.
import { start } from './signin-sync/signin-sync.js';

window.told = [];
sessionStorage.loads = Number(sessionStorage.loads ?? 0) + 1;
document.addEventListener('signin-sync:change', ({ detail }) => told.push(`${detail.previous} to ${detail.state}`));
document.addEventListener('signin-sync:stale', () => (sessionStorage.stale = 1));
const wanted = new URLSearchParams(location.search);
window.options = {
  onUserChange: wanted.get('on') ?? 'event',
  guard: wanted.get('guard') ?? undefined,
  hook: wanted.get('hook') ?? undefined,
  ...(window.Clerk ? {} : { getToken: (how) => fake.getToken(how), subscribe: fake.subscribe }),
};
window.start = () => (window.sync = start(options));
if (!wanted.has('manual')) window.start();
