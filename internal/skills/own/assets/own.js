// What a script adds to the pages of one's own skills: printing the code, and a shared device that wipes itself.
(() => {
  "use strict";
  for (const b of document.querySelectorAll("[data-print]")) {
    b.hidden = false;
    b.addEventListener("click", () => print());
  }
  if (document.querySelector("[data-homeward]")) {
    // The page of a questionnaire on a shared tablet noted in this tab alone where it stands (internal/survey/client/src/after.js).
    let home = "";
    try {
      home = sessionStorage.getItem("tekentafel/tablet") || "";
    } catch {
      // one goes back oneself
    }
    if (/^\/w\/[0-9a-z]+\/kiosk(\?lang=[a-z]+)?$/.test(home)) location.replace(home);
  }
  const form = document.querySelector("[data-kiosk]");
  if (!form) return;
  addEventListener("pageshow", (e) => {
    if (e.persisted) location.reload(); // what the browser kept of one before
  });
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
