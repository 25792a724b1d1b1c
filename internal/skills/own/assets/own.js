// What a script adds to the pages of one's own skills: printing the code, and a shared device that wipes itself.
(() => {
  "use strict";
  for (const b of document.querySelectorAll("[data-print]")) {
    b.hidden = false;
    b.addEventListener("click", () => print());
  }
  const form = document.querySelector("[data-kiosk]");
  if (!form) return;
  const warn = document.querySelector("[data-kiosk-warn]");
  const text = warn.querySelector("[data-kiosk-text]");
  let timer;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      text.textContent = warn.dataset.text;
      warn.hidden = false;
      timer = setTimeout(() => form.requestSubmit(), 1000 * Number(form.dataset.warn));
    }, 1000 * Number(form.dataset.after));
  };
  const touched = () => {
    warn.hidden = true;
    wait();
  };
  warn.querySelector("[data-kiosk-stay]").addEventListener("click", touched);
  for (const what of ["pointerdown", "keydown", "scroll", "input"]) addEventListener(what, touched, { passive: true, capture: true });
  wait();
})();
