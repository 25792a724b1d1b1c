// Builds a prompt while somebody fills in the form of a task, by the same rules as the server: see package task.
(() => {
  "use strict";
  const maker = document.querySelector("[data-maker]");
  if (!maker) return;
  const parts = [...maker.querySelectorAll("[data-part]")];
  const result = maker.querySelector("[data-result]");
  const again = maker.querySelector("[data-again]");
  const status = maker.querySelector("[data-status]");
  let own = false; // the person changed the prompt by hand

  const fenceFor = (text) => {
    let fence = '"""';
    while (text.includes(fence)) fence += '"';
    return fence;
  };

  // value is what stands in the prompt for a field.
  const value = (name) => {
    const field = maker.querySelector(`[data-field="${name}"]`);
    if (!field) return "";
    if (field.dataset.kind === "choice") {
      const chosen = maker.querySelector(`[name="${name}"]:checked`);
      return chosen ? JSON.parse(field.dataset.says)[chosen.value] || "" : "";
    }
    const text = maker.querySelector(`[name="${name}"]`).value.replaceAll("\r\n", "\n").trim();
    if (field.dataset.kind === "line") return text.split(/\s+/).filter(Boolean).join(" ");
    if (text === "") return "";
    const fence = fenceFor(text);
    return `${fence}\n${text}\n${fence}`;
  };
  const label = (name) => maker.querySelector(`[data-field="${name}"]`)?.dataset.label || name;

  const build = () => {
    const list = [];
    for (const part of parts) {
      const missing = [];
      const preview = [];
      // One pass: what was typed is never looked at again.
      const text = part.dataset.template.split(/(\{[a-z][a-z0-9_]*\})/).map((piece, i) => {
        if (i % 2 === 0) { preview.push(piece); return piece; }
        const name = piece.slice(1, -1);
        const v = value(name);
        preview.push(`‹${label(name)}›`);
        if (v === "") missing.push(label(name));
        return v;
      }).join("");
      part.classList.toggle("gone", missing.length > 0);
      part.querySelector("[data-text]").textContent = missing.length > 0 ? preview.join("") : text;
      if (missing.length === 0) list.push(text);
    }
    return list.join("\n\n");
  };

  const show = () => {
    const prompt = build();
    if (!own) result.value = prompt;
    again.hidden = !own;
  };

  maker.addEventListener("input", (e) => {
    if (e.target === result) { own = true; again.hidden = false; return; }
    if (e.target.closest("[data-field]")) show();
  });
  maker.addEventListener("change", (e) => { if (e.target.closest("[data-field]")) show(); });
  again.addEventListener("click", () => { own = false; show(); status.textContent = again.dataset.done; result.focus(); });
  show();
})();
