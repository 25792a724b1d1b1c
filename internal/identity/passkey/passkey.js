// Makes and uses passkeys from forms. A form with data-passkey="create" or "get" asks the address in data-options for what the
// browser needs, lets the person choose, puts the answer into its hidden fields and is sent as any other form. Without this
// script, or where the browser knows no passkeys, the form stays hidden and the other ways remain.
(function () {
  'use strict';

  if (!window.PublicKeyCredential || !navigator.credentials || !window.isSecureContext) {
    return;
  }

  function bytes(text) {
    const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
    return Uint8Array.from(plain, (c) => c.charCodeAt(0));
  }

  function text(buffer) {
    let plain = '';
    for (const b of new Uint8Array(buffer)) {
      plain += String.fromCharCode(b);
    }
    return btoa(plain).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  }

  function keys(list) {
    return (list || []).map((k) => Object.assign({}, k, { id: bytes(k.id) }));
  }

  // prepare turns the options, which came as JSON, into what the browser takes.
  function prepare(options) {
    const out = Object.assign({}, options, { challenge: bytes(options.challenge) });
    if (options.user) {
      out.user = Object.assign({}, options.user, { id: bytes(options.user.id) });
      out.excludeCredentials = keys(options.excludeCredentials);
    } else {
      out.allowCredentials = keys(options.allowCredentials);
    }
    return out;
  }

  // answer turns what the browser gives into JSON (Web Authentication, level 3, section 5.1.8).
  function answer(credential) {
    const r = credential.response;
    const response = { clientDataJSON: text(r.clientDataJSON) };
    if (r.attestationObject) {
      response.attestationObject = text(r.attestationObject);
      response.transports = r.getTransports ? r.getTransports() : [];
    } else {
      response.authenticatorData = text(r.authenticatorData);
      response.signature = text(r.signature);
      if (r.userHandle && r.userHandle.byteLength) {
        response.userHandle = text(r.userHandle);
      }
    }
    return JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      response: response,
      clientExtensionResults: {},
      authenticatorAttachment: credential.authenticatorAttachment || undefined,
    });
  }

  async function run(form) {
    const asked = await fetch(form.dataset.options, { method: 'POST', credentials: 'same-origin', headers: { Accept: 'application/json' } });
    if (asked.status === 401 || asked.redirected) {
      location.reload(); // to sign in or confirm first
      return;
    }
    if (!asked.ok) {
      throw new Error(String(asked.status));
    }
    const given = await asked.json();
    const request = { publicKey: prepare(given.publicKey) };
    const credential = form.dataset.passkey === 'create'
      ? await navigator.credentials.create(request)
      : await navigator.credentials.get(request);
    form.elements.namedItem('flow').value = given.flow;
    form.elements.namedItem('answer').value = answer(credential);
    form.submit();
  }

  // explain says what went wrong, in the words of the page.
  function explain(form, error) {
    const status = form.querySelector('[data-passkey-status]');
    const words = status.dataset;
    const name = error && error.name;
    status.hidden = false;
    if (name === 'InvalidStateError') {
      status.textContent = words.known;
    } else if (name === 'NotAllowedError' || name === 'AbortError') {
      status.textContent = words.cancelled;
    } else {
      status.textContent = words.failed;
    }
  }

  for (const form of document.querySelectorAll('form[data-passkey]')) {
    let busy = false;
    const part = form.closest('[data-passkey-part]') || form;
    part.hidden = false;
    form.hidden = false;
    form.addEventListener('submit', function (event) {
      event.preventDefault();
      if (busy) {
        return;
      }
      busy = true;
      run(form).catch(function (error) {
        explain(form, error);
        busy = false;
        delete form.dataset.sent; // pages mark a form that is on its way; this one is not
        for (const button of form.querySelectorAll('button[aria-disabled]')) {
          button.removeAttribute('aria-disabled');
        }
      });
    });
  }
})();
