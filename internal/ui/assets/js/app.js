// What a script adds to pages that work without one.
(() => {
  "use strict";
  const doc = document;
  const on = (what, f, first) => doc.addEventListener(what, f, first);
  const all = (selector, root) => [...(root || doc).querySelectorAll(selector)];

  // When a page, or a part of it, appears.
  const prepare = (root) => {
    for (const b of all("[data-reveal],[data-copy]", root)) b.hidden = false;
    const errors = all("[data-focus]", root)[0];
    if (errors) errors.focus();
  };

  const reveal = (button) => {
    const input = doc.getElementById(button.dataset.reveal);
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.firstChild.textContent = shown ? button.dataset.hide : button.dataset.show;
  };

  const copy = async (button) => {
    const source = doc.getElementById(button.dataset.copy);
    const status = button.closest(".copyable").querySelector("[data-copy-status]");
    try {
      await navigator.clipboard.writeText(source.textContent);
      status.textContent = button.dataset.copied;
      const label = button.firstChild, before = label.textContent;
      if (before === button.dataset.copied) return;
      label.textContent = button.dataset.copied;
      setTimeout(() => { label.textContent = before; status.textContent = ""; }, 3000);
    } catch {
      getSelection().selectAllChildren(source);
    }
  };

  on("click", (e) => {
    const at = (selector) => e.target.closest(selector);
    let b;
    if ((b = at("[data-reveal]"))) reveal(b);
    else if ((b = at("[data-copy]"))) copy(b);
    else if ((b = at("[data-close]"))) b.closest("dialog").close();
    else if ((b = at("[data-dialog]"))) {
      const dialog = doc.getElementById(b.dataset.dialog);
      if (dialog && !e.ctrlKey && !e.metaKey && !e.shiftKey) {
        e.preventDefault();
        dialog.showModal();
      }
    } else if ((b = at(".error-summary a[href^='#']"))) {
      const field = doc.getElementById(b.hash.slice(1));
      if (!field) return;
      e.preventDefault();
      (field.closest(".field") || field).scrollIntoView();
      field.focus({ preventScroll: true });
    }
    for (const menu of all("details[data-menu][open]")) if (!menu.contains(e.target)) menu.open = false;
  });

  on("keydown", (e) => {
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
  on("change", (e) => {
    if (e.target.matches("input[data-max]") && tooBig(e.target)) e.target.reportValidity();
  });

  // A form is sent once, however often its button is pressed.
  const release = (form) => {
    delete form.dataset.sent;
    for (const b of all("button[aria-disabled]", form)) b.removeAttribute("aria-disabled");
  };
  on("submit", (e) => {
    const form = e.target;
    const big = all("input[data-max]", form).find(tooBig);
    if (big || form.dataset.sent) {
      e.preventDefault();
      e.stopImmediatePropagation();
      if (big) big.reportValidity();
      return;
    }
    if (form.method !== "post") return;
    for (const input of all("[data-password]", form)) input.type = "password"; // not kept as text
    form.dataset.sent = "1";
    for (const b of all("button:not([type=button])", form)) b.setAttribute("aria-disabled", "true");
    setTimeout(release, 8000, form); // the answer may be a file
    if (form.querySelector("[data-upload]") && all("input[type=file]", form).some((i) => i.files.length)) {
      e.preventDefault();
      upload(form, e.submitter);
    }
  }, true);
  addEventListener("pageshow", () => all("form[data-sent]").forEach(release));
  on("htmx:afterRequest", (e) => all("form[data-sent]").filter((f) => f.contains(e.target)).forEach(release));
  on("htmx:load", (e) => prepare(e.target));

  // Sends a form with files and shows how far it is; the page that comes back takes the place of this one.
  const upload = (form, submitter) => {
    const box = form.querySelector("[data-upload]"), bar = box.querySelector("progress");
    const say = (text) => { box.querySelector("[data-upload-status]").textContent = text; };
    const share = (percent) => { box.querySelector("[data-upload-share]").textContent = (bar.value = percent) + " %"; };
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
      doc.title = page.title;
      for (const link of all("link[rel=stylesheet]", page)) {
        if (!all("link").some((l) => l.href === link.href)) doc.head.append(doc.adoptNode(link));
      }
      doc.body.replaceWith(doc.adoptNode(page.body));
      if (xhr.responseURL && xhr.responseURL !== location.href) history.pushState(null, "", xhr.responseURL);
      if (window.htmx) window.htmx.process(doc.body);
      scrollTo(0, 0);
      prepare(doc);
      if (doc.activeElement === doc.body) doc.querySelector("main").focus();
    };
    cancel.onclick = () => xhr.abort();
    xhr.open("POST", form.action);
    xhr.send(data);
  };

  prepare(doc);
})();
