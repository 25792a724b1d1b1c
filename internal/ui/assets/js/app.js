// What a script adds to pages that work without one. No inline handlers, no styles, nothing from elsewhere.
(() => {
  "use strict";
  const all = (selector, root) => [...(root || document).querySelectorAll(selector)];

  // Things to prepare when a page, or a part of it, appears.
  const prepare = (root) => {
    for (const b of all("[data-reveal],[data-copy]", root)) b.hidden = false;
    const errors = all("[data-focus]", root)[0];
    if (errors) {
      errors.focus();
      if (root === document) document.title = errors.dataset.title || document.title;
    }
  };

  const reveal = (button) => {
    const input = document.getElementById(button.dataset.reveal);
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.dataset.show ||= button.textContent;
    button.textContent = shown ? button.dataset.hide : button.dataset.show;
  };

  const copy = async (button) => {
    const source = document.getElementById(button.dataset.copy);
    const status = button.closest(".copyable").querySelector("[data-copy-status]");
    try {
      await navigator.clipboard.writeText(source.textContent);
      status.textContent = button.dataset.copied;
      const label = button.firstChild, before = label.textContent;
      if (before === button.dataset.copied) return;
      label.textContent = button.dataset.copied;
      setTimeout(() => { label.textContent = before; status.textContent = ""; }, 3000);
    } catch {
      getSelection().selectAllChildren(source); // not allowed to copy: it is selected, ready to copy by hand
    }
  };

  document.addEventListener("click", (e) => {
    const at = (selector) => e.target.closest(selector);
    let b;
    if ((b = at("[data-reveal]"))) reveal(b);
    else if ((b = at("[data-copy]"))) copy(b);
    else if ((b = at("[data-close]"))) b.closest("dialog").close();
    else if ((b = at("[data-dialog]"))) {
      const dialog = document.getElementById(b.dataset.dialog);
      if (dialog && dialog.showModal && !e.ctrlKey && !e.metaKey && !e.shiftKey) {
        e.preventDefault();
        dialog.showModal();
      }
    } else if ((b = at(".error-summary a[href^='#']"))) {
      const field = document.getElementById(b.hash.slice(1));
      if (!field) return;
      e.preventDefault();
      (field.closest(".field") || field).scrollIntoView();
      field.focus({ preventScroll: true });
    }
    for (const menu of all("details[data-menu][open]")) if (!menu.contains(e.target)) menu.open = false;
  });

  document.addEventListener("keydown", (e) => {
    if (e.key !== "Escape") return;
    for (const menu of all("details[data-menu][open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // A file that is too big is refused before it is sent.
  const tooBig = (input) => {
    const big = [...input.files].some((f) => f.size > Number(input.dataset.max));
    input.setCustomValidity(big ? input.dataset.tooBig : "");
    return big;
  };
  document.addEventListener("change", (e) => {
    if (e.target.matches("input[data-max]") && tooBig(e.target)) e.target.reportValidity();
  });

  // A form is sent once, however often its button is pressed, until the page is shown again.
  const release = (form) => {
    delete form.dataset.sent;
    for (const b of all("button[aria-disabled]", form)) b.removeAttribute("aria-disabled");
  };
  document.addEventListener("submit", (e) => {
    const form = e.target;
    const big = all("input[data-max]", form).find(tooBig);
    if (big) {
      e.preventDefault();
      e.stopImmediatePropagation();
      big.reportValidity();
      return;
    }
    if (form.method !== "post") return;
    if (form.dataset.sent) {
      e.preventDefault();
      e.stopImmediatePropagation();
      return;
    }
    form.dataset.sent = "1";
    for (const b of all("button:not([type=button])", form)) b.setAttribute("aria-disabled", "true");
    setTimeout(release, 8000, form); // the answer may have been a file, which leaves the page as it is
    if (form.querySelector("[data-upload]") && all("input[type=file]", form).some((i) => i.files.length)) {
      e.preventDefault();
      upload(form, e.submitter);
    }
  }, true);
  addEventListener("pageshow", () => all("form[data-sent]").forEach(release));
  document.addEventListener("htmx:afterRequest", (e) => all("form[data-sent]").filter((f) => f.contains(e.target)).forEach(release));
  document.addEventListener("htmx:load", (e) => prepare(e.target));

  // Sends a form with files and shows how far it is; the page that comes back takes the place of this one.
  const upload = (form, submitter) => {
    const box = form.querySelector("[data-upload]"), bar = box.querySelector("progress");
    const say = (text) => { box.querySelector("[data-upload-status]").textContent = text; };
    const share = (percent) => {
      bar.value = percent;
      box.querySelector("[data-upload-share]").textContent = percent + " %";
    };
    const cancel = box.querySelector("[data-upload-cancel]");
    const xhr = new XMLHttpRequest(), data = new FormData(form, submitter);
    box.hidden = false;
    cancel.hidden = false;
    say(box.dataset.busy);
    share(0);
    xhr.upload.onprogress = (e) => { if (e.lengthComputable) share(Math.floor(100 * e.loaded / e.total)); };
    xhr.upload.onload = () => { cancel.hidden = true; say(box.dataset.handling); };
    xhr.onerror = () => { cancel.hidden = true; say(box.dataset.failed); release(form); };
    xhr.onabort = () => { cancel.hidden = true; share(0); say(box.dataset.cancelled); release(form); };
    xhr.onload = () => {
      const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
      if (!page.querySelector("main")) return xhr.onerror();
      document.title = page.title;
      document.body.replaceWith(document.adoptNode(page.body));
      if (xhr.responseURL && xhr.responseURL !== location.href) history.pushState(null, "", xhr.responseURL);
      if (window.htmx) window.htmx.process(document.body);
      scrollTo(0, 0);
      prepare(document);
      if (document.activeElement === document.body) document.querySelector("main").focus();
    };
    cancel.onclick = () => xhr.abort();
    xhr.open("POST", form.action);
    xhr.send(data);
  };

  prepare(document);
})();
