// SPDX-License-Identifier: Apache-2.0
// What an application's own script does with forms and requests, and a log of what its visitor was told.
window.said = [];
window.events = [];
const line = document.querySelector('[data-signin-sync-status]');
new MutationObserver(() => said.push(line.textContent)).observe(line, { childList: true });
for (const name of ['held', 'released', 'blocked']) {
  document.addEventListener(`signin-sync:submit-${name}`, (event) => {
    events.push(`${name} ${event.detail.form.id} ${Object.isFrozen(event.detail)}`);
    if (name === 'blocked' && window.force) event.preventDefault();
  });
}
document.forms.foreign.setAttribute('action', `http://foreign.test:${location.port}/app/sent`);
document.querySelector('#prevented').addEventListener('click', () => {
  document.forms.mixed.addEventListener('submit', (event) => event.preventDefault(), { once: true });
});

/** As JSF does it: fields for this one submission, gone again right after. */
window.submitByScript = () => {
  const form = document.forms.claim;
  const field = document.createElement('input');
  field.name = 'command';
  field.value = 'delete';
  form.append(field);
  HTMLFormElement.prototype.submit.call(form);
  field.remove();
};

/** Status and text of the answer; for XMLHttpRequest also all that a page could notice, in order. */
window.ask = async (how, url = 'api', method = 'GET', body = null, set = () => {}) => {
  if (how === 'request') how = await fetch(new Request(url, { method, body }));
  if (how === 'fetch') how = await fetch(url, { method, body });
  if (typeof how === 'object') return `${how.status} ${await how.text()}`;
  return new Promise((resolve) => {
    const xhr = new XMLHttpRequest();
    const log = [];
    const seen = (name) => () => log.push(`${name}${xhr.readyState}`);
    xhr.onreadystatechange = seen('r');
    xhr.onload = seen('load');
    xhr.addEventListener('load', seen('heard'));
    xhr.upload.onload = seen('sent');
    xhr.open(method, url);
    xhr.setRequestHeader('X-Page', 'one');
    for (const name of ['error', 'abort', 'timeout', 'loadstart']) xhr.addEventListener(name, seen(name));
    xhr.onloadend = () => resolve(`${xhr.status} ${xhr.response} ${log}`);
    set(xhr);
    window.xhr = xhr;
    xhr.send(body);
  });
};
