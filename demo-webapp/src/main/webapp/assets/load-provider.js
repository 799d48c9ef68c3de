// SPDX-License-Identifier: Apache-2.0
// Starts the provider's front end. The filter's resync page loads this too, right after the provider's script.
(() => {
  'use strict';

  const clerk = window.Clerk;
  if (clerk && !clerk.loaded) clerk.load().catch((error) => console.error('The provider did not load.', error));
})();
