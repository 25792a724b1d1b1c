// The chat: connects what is written, what the guard asks, what comes back and what is kept. The page works without it; with it nothing is loaded anew.
import { el, fill, newID } from "./dom.js";
import { Files } from "./files.js";
import { Review } from "./review.js";
import { ask, post, save } from "./stream.js";
import { Talk } from "./talk.js";
import { Tree } from "./tree.js";

const form = document.getElementById("room");
const list = document.getElementById("talk");
if (form && list) import(JSON.parse(form.dataset.room).markdown).then((m) => start(m.render));

function start(render) {
  const conf = JSON.parse(form.dataset.room), { words } = conf;
  const draft = JSON.parse(form.elements.draft.value);
  const byID = (id) => document.getElementById(id);
  const text = byID("room-text"), status = byID("room-status"), notices = byID("room-notices");
  const tree = new Tree(draft.conversation || {});
  const touch = matchMedia("(pointer: coarse)").matches;
  let asking = null; // what stops the answers that are coming
  let editing = draft.editing ? { parent: draft.parent || "" } : null;
  let kept = draft.kept || [], seen = draft.seen || [];
  let stored = { id: draft.id || "", version: draft.version || 0 };
  let unsaved = false, leaving = false;

  form.classList.add("scripted");
  const talk = new Talk(conf, list, render, { edit, again, turn, choose, copy, go });
  talk.look = conf.look || [];
  const files = new Files(conf, byID("room-files"), (what) => notice(what));
  files.set(draft.files);

  const box = el("div.review", { hidden: true, id: "room-review", role: "group", "aria-labelledby": "review-title" });
  text.before(box);
  const review = new Review(conf, box, { send: accept, back: rewrite, decide });

  const send = byID("room-send");
  const stop = el("button.button.quiet", { type: "button", id: "room-stop", hidden: true, onclick: halt }, words.stop);
  const peek = el("button.plain", { type: "button", id: "room-peek", onclick: look }, words.peek);
  const attach = byID("room-file");
  send.after(stop, peek);

  // ---- what is said on the page

  const tell = (what) => { status.textContent = what; };

  function notice(what, ...more) {
    const n = el("div.notice.notice-wrong.room-notice", { role: "alert" }, el("div", null, el("p", null, what), ...more), el("button.plain", { type: "button", onclick: () => { n.remove(); text.focus(); } }, words.close));
    byID("room-here").replaceChildren(n);
    n.scrollIntoView({ block: "nearest" });
  }
  const hush = () => byID("room-here").replaceChildren();
  text.before(el("div", { id: "room-here" }));

  function failed(e) {
    if (e.kind === "sign-in") return notice(e.message, el("p", null, el("a", { href: conf.signIn, target: "_blank", rel: "noopener" }, words["sign-in"])));
    notice(e.message);
  }

  function draw() {
    talk.draw(tree);
    const begun = tree.messages.length > 0;
    const after = byID("room-after"), starts = byID("room-starts");
    if (after) after.hidden = !begun;
    if (starts) starts.hidden = begun;
    tooLong();
  }

  /** tooLong tells in time that a conversation grows longer than its model takes. */
  function tooLong() {
    const model = conf.models.find((m) => m.name === chosen("model")) || {};
    const chars = tree.branch().reduce((n, m) => n + m.text.length + (m.files || []).reduce((k, f) => k + (f.text || "").length, 0), 0);
    byID("room-long").hidden = !(model.context && chars / 3.5 > 0.7 * model.context);
  }
  const note = el("p.say-note", { id: "room-long", hidden: true }, words.long);
  text.before(note);

  const chosen = (name) => (form.elements[name] ? form.elements[name].value : "");

  // ---- what is written

  const parent = () => (editing ? editing.parent : tree.leaf);

  const written = () => ({ id: newID(), parent: parent(), role: "user", text: text.value.trim(), files: files.list, kept, seen, task: draft.task || "", at: new Date().toISOString() });

  const question = (model, messages) => ({ model, task: draft.task || "", messages: messages.map(plain) });

  /** plain is a message as the server knows it. */
  const plain = (m) => ({ ...m, seen: (m.seen || []).map(({ type, value, placeholder }) => ({ type, value, placeholder })) });

  function emptyComposer() {
    text.value = "";
    grow();
    files.set([]);
    kept = [];
    seen = [];
    editing = null;
    byID("room-editing").hidden = true;
    review.close();
    form.classList.remove("reviewing");
    hush();
  }

  function grow() {
    text.style.height = "auto";
    text.style.height = Math.min(text.scrollHeight + 4, Math.max(160, innerHeight * 0.5)) + "px";
  }

  // ---- asking

  async function submit() {
    if (asking || files.waiting || send.getAttribute("aria-disabled")) return;
    if (!text.value.trim() && !files.list.length) {
      tell(words.nothing);
      text.focus();
      return;
    }
    const m = written();
    const messages = [...tree.branch(m.parent), m];
    const second = chosen("second");
    const models = [chosen("model"), ...(second && second !== chosen("model") ? [second] : [])];
    send.setAttribute("aria-disabled", "true");
    try {
      const data = await post(conf, conf.check, question(models[0], messages));
      if (data.open || data.blocked) return decideFirst(data, m, messages);
      m.seen = data.items.filter((x) => x.here && (x.state === "masked" || x.state === "warned")).map(({ type, value, placeholder }) => ({ type, value, placeholder }));
    } catch (e) {
      return failed(e);
    } finally {
      send.removeAttribute("aria-disabled");
    }
    await answer(models, messages, m);
  }

  /** answer asks models one question. m is the message that is new; none when a question is asked again. */
  async function answer(models, messages, m) {
    if (asking) return;
    hush();
    talk.pair = [];
    asking = new AbortController();
    busy(true);
    const answers = [];
    const one = async (model) => {
      let a;
      const begun = () => {
        if (m && !tree.get(m.id)) {
          tree.add(m);
          emptyComposer();
          unsaved = true;
        }
        a = { id: newID(), parent: messages[messages.length - 1].id, role: "assistant", text: "", model, task: draft.task || "", at: new Date().toISOString() };
        talk.faults.delete(a.parent);
        tree.add(a);
        answers.push(a);
        talk.growing.add(a.id);
        if (models.length > 1) talk.pair = answers.map((x) => x.id);
        if (answers.length === models.length || answers.length === 1) draw();
        byID("say-" + a.parent)?.scrollIntoView({ block: "start", behavior: "smooth" });
        tell(words.thinking);
        next();
      };
      const piece = (p) => {
        if (p.thinking) return;
        a.text += p.text || "";
        document.querySelector("#say-" + a.id + " .waiting")?.remove();
        talk.later(a);
      };
      const got = await ask(conf, question(model, messages), asking.signal, begun, piece);
      if (got.end) ended(a, got.end);
      return got;
    };
    const rest = models.slice(1), others = [];
    const next = () => { for (const model of rest.splice(0)) others.push(one(model).catch((e) => e)); };
    try {
      const got = await one(models[0]);
      for (const e of await Promise.all(others)) if (e instanceof Error && e.name !== "AbortError") notice(e.message);
      if (got.review) decideFirst(got.review, m, messages);
      else tell(answers.some((a) => a.text) ? words.done : words.failed);
    } catch (e) {
      if (e.name !== "AbortError") failed(e);
      await Promise.all(others);
    }
    const read = document.activeElement === stop || document.activeElement === document.body ? answers[answers.length - 1] : null;
    asking = null;
    busy(false);
    draw();
    if (read) byID("who-" + read.id)?.focus({ preventScroll: true });
  }

  function ended(a, end) {
    talk.growing.delete(a.id);
    a.cut = !!end.cut;
    unsaved = true;
    if (!a.text) {
      tree.remove(a.id);
      talk.pair = talk.pair.filter((id) => id !== a.id);
      talk.faults.set(a.parent, end.fault || { error: end.stopped ? words.stopped : words.failed });
      return;
    }
    talk.ends.set(a.id, end);
    talk.write(a);
    draw();
  }

  function busy(is) {
    const lost = is && document.activeElement !== text && form.contains(document.activeElement);
    send.hidden = is;
    stop.hidden = !is;
    peek.hidden = is;
    form.classList.toggle("busy", is);
    if (lost) stop.focus({ preventScroll: true }); // what had the focus is seen no more
  }

  function halt() {
    if (!asking) return;
    asking.abort();
    tell(words.stopped);
    text.focus({ preventScroll: true });
  }

  // ---- what the guard asks

  let reviewed = null; // the message that is being decided about

  function decideFirst(data, m, messages) {
    if (!m) { // a question of before: it is written anew
      const old = messages[messages.length - 1];
      edit(old);
      m = written();
    }
    reviewed = m;
    form.classList.add("reviewing");
    review.show(data, m.text);
    tell(fill(words["found-many"], { n: data.items.length }));
  }

  async function look() {
    if (!text.value.trim() && !files.list.length) { tell(words.nothing); text.focus(); return; }
    reviewed = written();
    try {
      const data = await post(conf, conf.check, question(chosen("model"), [...tree.branch(reviewed.parent), reviewed]));
      form.classList.add("reviewing");
      review.show(data, reviewed.text);
    } catch (e) { failed(e); }
  }

  /** decide lets values be replaced, or go as they are for a reason. */
  async function decide(items, reason) {
    const is = (x) => items.some((i) => i.type === x.type && i.value === x.value);
    kept = kept.filter((x) => !is(x));
    seen = seen.filter((x) => !is(x));
    if (reason) kept = kept.concat(items.map((i) => ({ type: i.type, value: i.value, reason })));
    reviewed = { ...reviewed, kept, seen };
    try {
      review.show(await post(conf, conf.check, question(chosen("model"), [...tree.branch(reviewed.parent), reviewed])), reviewed.text);
    } catch (e) { failed(e); }
  }

  /** accept sends: what is undecided is replaced, or was pointed out. */
  function accept() {
    seen = seen.concat(review.data.items.filter((x) => x.state === "open").map((x) => ({ type: x.type, value: x.value, placeholder: x.placeholder || "" })));
    submit();
  }

  function rewrite(from, to) {
    review.close();
    form.classList.remove("reviewing");
    text.focus();
    if (from != null) {
      const lead = text.value.length - text.value.trimStart().length;
      text.setSelectionRange(from + lead, to + lead);
    }
  }

  // ---- what can be done with a message

  function edit(m) {
    editing = { parent: m.parent || "" };
    text.value = m.text;
    files.set(m.files || []);
    kept = m.kept || [];
    seen = m.seen || [];
    byID("room-editing").hidden = false;
    grow();
    text.focus();
    text.scrollIntoView({ block: "center" });
  }

  function again(m) {
    const asked = m.role === "user" ? m.id : m.parent;
    answer([chosen("model")], tree.branch(asked), null);
  }

  function turn(m) {
    talk.pair = [];
    tree.turn(m.id);
    draw();
  }

  function choose(m) {
    talk.pair = [];
    tree.turn(m.id);
    draw();
    text.focus();
  }

  async function copy(m) {
    try {
      await navigator.clipboard.writeText(m.text);
      tell(words.copied);
    } catch { tell(words["not-copied"]); }
  }

  function go() {
    text.value = words["go-on"];
    submit();
  }

  // ---- what is kept

  async function keep() {
    try {
      const k = await post(conf, conf.keep, { ...stored, days: Number(chosen("days")), conversation: tree.data() });
      stored = { id: k.id, version: k.version };
      unsaved = false;
      byID("room-here").replaceChildren(el("div.notice.notice-ok.room-notice", { role: "status" }, el("div", null, el("p", null, fill(words.kept, { day: k.until })), el("p", null, el("a", { href: k.href }, words["kept-open"])))));
    } catch (e) { failed(e); }
  }

  async function download(format) {
    const data = new FormData();
    data.append("draft", JSON.stringify({ conversation: { ...tree.data(), messages: tree.messages.map(plain) }, task: draft.task }));
    data.append("format", format);
    try {
      const href = URL.createObjectURL(await save(conf, conf.export, data));
      el("a", { href, download: "chat." + format }).click();
      setTimeout(() => URL.revokeObjectURL(href), 60000);
    } catch (e) { failed(e); }
  }

  function fresh() {
    if (!unsaved && !text.value.trim()) { leaving = true; location.assign(location.pathname.replace(/\/start$/, "")); return; }
    notice(words["new-text"], el("p", null, el("a", { href: location.pathname.replace(/\/start$/, ""), onclick: () => { leaving = true; } }, words["new-do"])));
    byID("room-here").querySelector("a").focus();
  }

  // ---- events

  form.addEventListener("click", (e) => {
    const b = e.target.closest("button[name]");
    if (!b) return;
    e.preventDefault(); // nothing is loaded anew
    if (b.name === "format") download(b.value);
    else if (b.value === "send") submit();
    else if (b.value === "keep") keep();
    else if (b.value === "new") fresh();
    else if (b.value === "cancel") { emptyComposer(); text.focus(); }
  });
  form.addEventListener("submit", (e) => e.preventDefault());
  text.addEventListener("input", grow);
  text.addEventListener("keydown", (e) => {
    if (e.key === "Enter" && !e.shiftKey && !e.isComposing && !touch) {
      e.preventDefault();
      submit();
    }
  });
  document.addEventListener("keydown", (e) => {
    if (e.key !== "Escape") return;
    if (asking) halt();
    else if (review.open) rewrite();
  });
  if (attach) {
    attach.addEventListener("change", () => {
      files.add([...attach.files]);
      attach.value = "";
    });
    byID("room-attach")?.addEventListener("click", () => attach.click());
  }
  text.addEventListener("paste", (e) => {
    if (e.clipboardData.files.length) {
      e.preventDefault();
      files.add([...e.clipboardData.files]);
    }
  });
  form.addEventListener("dragover", (e) => {
    if (![...e.dataTransfer.types].includes("Files")) return;
    e.preventDefault();
    form.classList.add("dropping");
  });
  form.addEventListener("dragleave", (e) => { if (!form.contains(e.relatedTarget)) form.classList.remove("dropping"); });
  form.addEventListener("drop", (e) => {
    if (!e.dataTransfer.files.length) return;
    e.preventDefault();
    form.classList.remove("dropping");
    files.add([...e.dataTransfer.files]);
  });
  byID("room-model")?.addEventListener("change", () => {
    const m = conf.models.find((x) => x.name === chosen("model"));
    byID("room-practice").hidden = !(m && m.practice);
    tooLong();
  });
  addEventListener("beforeunload", (e) => {
    if (!leaving && (asking || (unsaved && tree.messages.length) || text.value.trim() !== first)) e.preventDefault();
  });
  const first = text.value.trim();

  draw();
  grow();
}
