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
  addEventListener("pageshow", (e) => {
    if (e.persisted) location.reload(); // what the browser kept of a page may be of one before, or closed since
  });
  const form = document.querySelector("[data-kiosk]");
  if (!form) return;
  const warn = document.querySelector("[data-kiosk-warn]");
  let timer;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      warn.showModal(); // the focus goes to its button
      timer = setTimeout(() => form.requestSubmit(), 1000 * Number(form.dataset.warn));
    }, 1000 * Number(form.dataset.after));
  };
  const stay = () => {
    if (warn.open) warn.close();
    wait();
  };
  warn.querySelector("[data-kiosk-stay]").addEventListener("click", stay);
  warn.addEventListener("cancel", wait);
  const touched = () => {
    if (!warn.open) wait();
  };
  for (const what of ["pointerdown", "keydown", "scroll", "input", "focusin"]) addEventListener(what, touched, { passive: true, capture: true });
  wait();
})();
