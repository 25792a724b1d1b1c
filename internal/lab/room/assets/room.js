// The chat: connects what is written, what the guard asks, what comes back and what is kept. The page works without it; with it nothing is loaded anew.
import { Composer, saw } from "./composer.js";
import { el } from "./dom.js";
import { Exchange } from "./exchange.js";
import { Files } from "./files.js";
import { Keep } from "./keep.js";
import { Review } from "./review.js";
import { post } from "./stream.js";
import { Talk } from "./talk.js";
import { Tree } from "./tree.js";

const form = document.getElementById("room");
const list = document.getElementById("talk");
if (form && list) import(JSON.parse(form.dataset.room).markdown).then((m) => start(m.render));

function start(render) {
  const conf = JSON.parse(form.dataset.room), { words } = conf;
  const draft = JSON.parse(form.elements.draft.value);
  const byID = (id) => document.getElementById(id);
  const chosen = (name) => (form.elements[name] ? form.elements[name].value : "");
  const text = byID("room-text"), send = byID("room-send");
  const touch = matchMedia("(pointer: coarse)").matches;

  const here = el("div", { id: "room-here" });
  const long = byID("room-long");
  const box = el("div.review", { hidden: true, id: "room-review", role: "group", "aria-labelledby": "review-title" });
  const stop = el("button.button.quiet", { type: "button", id: "room-stop", hidden: true, onclick: halt }, words.stop);
  const peek = el("button.plain", { type: "button", id: "room-peek", onclick: look }, words.peek);
  text.before(here, box);
  send.after(stop, peek);
  form.classList.add("scripted");

  const tree = new Tree(draft.conversation || {});
  const keep = new Keep(conf, tree, draft);
  const talk = new Talk(conf, list, render, {
    edit: (m) => composer.edit(m), copy, turn,
    again: (m) => exchange.run([chosen("model")], tree.branch(m.role === "user" ? m.id : m.parent), null),
    choose: (m) => { turn(m); text.focus(); },
    go: (m) => {
      aside = { ...composer.message(), parent: m.id, text: words["go-on"], files: [], kept: [], seen: [] };
      exchange.run([chosen("model")], [...tree.branch(m.id), aside], aside);
    },
  });
  talk.look = conf.look || [];
  const composer = new Composer(draft, text, new Files(conf, byID("room-files"), notice), byID("room-editing"), tree);
  const review = new Review(conf, box, { send: accept, back: rewrite, decide });
  const exchange = new Exchange(conf, tree, talk, { busy, begun, failed, tell, review: decideFirst });

  // ---- what is said on the page

  function tell(what) { byID("room-status").textContent = what; }

  function notice(what, ...more) {
    const n = el("div.notice.notice-wrong.room-notice", { role: "alert" }, el("div", null, el("p", null, what), ...more),
      el("button.plain", { type: "button", onclick: () => { n.remove(); text.focus(); } }, words.close));
    here.replaceChildren(n);
    n.scrollIntoView({ block: "nearest" });
  }

  function failed(e) {
    if (e.name === "AbortError") return;
    notice(e.message, ...(e.kind === "sign-in" ? [el("p", null, el("a", { href: conf.signIn, target: "_blank", rel: "noopener" }, words["sign-in"]))] : []));
  }

  function draw() {
    talk.draw(tree);
    around();
  }

  /** around shows what belongs to a conversation that has begun, and tells in time that it grows longer than its model takes. */
  function around() {
    const begun = tree.messages.length > 0, model = conf.models.find((m) => m.name === chosen("model")) || {};
    for (const [id, hidden] of [["room-after", !begun], ["room-starts", begun], ["room-practice", !model.practice]]) if (byID(id)) byID(id).hidden = hidden;
    const chars = tree.branch().reduce((n, m) => n + m.text.length + (m.files || []).reduce((k, f) => k + (f.text || "").length, 0), 0);
    long.hidden = !(model.context && chars / 3.5 > 0.7 * model.context);
  }

  // ---- asking

  async function submit() {
    if (exchange.running || composer.files.waiting || send.getAttribute("aria-disabled")) return;
    if (composer.empty) return nothing();
    const m = composer.message(), messages = [...tree.branch(m.parent), m];
    const models = [...new Set([chosen("model"), chosen("second")])].filter(Boolean);
    send.setAttribute("aria-disabled", "true");
    try {
      const data = await post(conf, conf.check, exchange.question(models[0], messages));
      if (data.open || data.blocked) return decideFirst(data, m, messages);
      const known = ({ state }) => state === "masked" || state === "warned";
      m.seen = [...data.items.filter((x) => x.here && known(x)), ...(data.rest || []).filter(known)].map(saw);
    } catch (e) {
      return failed(e);
    } finally {
      send.removeAttribute("aria-disabled");
    }
    here.replaceChildren();
    await exchange.run(models, messages, m);
  }

  function nothing() {
    tell(words.nothing);
    text.focus();
  }

  let aside = null; // a message that does not come from the composer

  function begun(m) {
    if (m !== aside) {
      composer.clear();
      close();
    }
    here.replaceChildren();
    const starts = byID("room-starts");
    if (starts) starts.hidden = true;
    keep.unsaved = true;
  }

  function busy(is, answer) {
    const at = document.activeElement, lost = at === stop || at === document.body || (at !== text && form.contains(at) && !list.contains(at));
    send.hidden = peek.hidden = is;
    stop.hidden = !is;
    form.classList.toggle("busy", is);
    keep.unsaved = keep.unsaved || !is;
    if (!is) around();
    if (lost && is) stop.focus({ preventScroll: true }); // what had the focus is seen no more
    else if (lost && answer) byID("who-" + answer.id)?.focus({ preventScroll: true });
  }

  function halt() {
    if (!exchange.running) return;
    exchange.stop();
    tell(words.stopped);
    text.focus({ preventScroll: true });
  }

  // ---- what the guard asks

  let reviewed = null; // the message that is being decided about

  function open(data) {
    form.classList.add("reviewing");
    review.show(data, reviewed.text);
  }

  function close() {
    form.classList.remove("reviewing");
    review.close();
  }

  function decideFirst(data, m, messages) {
    if (!m) composer.edit(messages[messages.length - 1]); // a question of before is written anew
    reviewed = m || composer.message();
    open(data);
    tell(review.said(data));
  }

  async function check() {
    try {
      open(await post(conf, conf.check, exchange.question(chosen("model"), [...tree.branch(reviewed.parent), reviewed])));
    } catch (e) {
      failed(e);
    }
  }

  function look() {
    if (composer.empty) return nothing();
    reviewed = composer.message();
    return check();
  }

  function decide(items, reason) {
    composer.decide(items, reason);
    reviewed = { ...reviewed, kept: composer.kept, seen: composer.seen };
    return check();
  }

  function accept() {
    composer.accept(review.data);
    submit();
  }

  function rewrite(from, to) {
    close();
    composer.select(from, to);
  }

  // ---- what can be done with messages and with the conversation

  function turn(m) {
    talk.pair = [];
    tree.turn(m.id);
    draw();
  }

  async function copy(m) {
    try {
      await navigator.clipboard.writeText(m.text);
      tell(words.copied);
    } catch {
      tell(words["not-copied"]);
    }
  }

  async function keepIt() {
    try {
      here.replaceChildren(await keep.keep(Number(chosen("days"))));
      here.scrollIntoView({ block: "nearest" });
    } catch (e) {
      failed(e);
    }
  }

  function fresh() {
    if (!keep.unsaved && !composer.touched) return keep.fresh();
    notice(words["new-text"], el("p", null, keep.link()));
    here.querySelector("a").focus();
  }

  // ---- events

  form.addEventListener("click", (e) => {
    const b = e.target.closest("button[name]");
    if (!b) return;
    e.preventDefault(); // nothing is loaded anew
    if (b.name === "format") keep.download(b.value).catch(failed);
    else ({ send: submit, keep: keepIt, new: fresh, cancel: () => { composer.clear(); text.focus(); } })[b.value]?.();
  });
  form.addEventListener("submit", (e) => e.preventDefault());
  text.addEventListener("keydown", (e) => {
    if (e.key !== "Enter" || e.shiftKey || e.isComposing || touch) return;
    e.preventDefault();
    submit();
  });
  document.addEventListener("keydown", (e) => {
    if (e.key !== "Escape" || e.isComposing || e.target.matches?.("select")) return;
    if (exchange.running) halt();
    else if (review.open) rewrite();
  });
  const attach = byID("room-file");
  attach?.addEventListener("change", () => {
    composer.files.add([...attach.files]);
    attach.value = "";
  });
  byID("room-attach").addEventListener("click", () => attach?.click());
  text.addEventListener("paste", (e) => {
    if (!e.clipboardData.files.length) return;
    e.preventDefault();
    composer.files.add([...e.clipboardData.files]);
  });
  const drops = (is) => form.classList.toggle("dropping", is);
  form.addEventListener("dragover", (e) => {
    if (![...e.dataTransfer.types].includes("Files")) return;
    e.preventDefault();
    drops(true);
  });
  form.addEventListener("dragleave", (e) => { if (!form.contains(e.relatedTarget)) drops(false); });
  form.addEventListener("drop", (e) => {
    drops(false);
    if (!e.dataTransfer.files.length) return;
    e.preventDefault();
    composer.files.add([...e.dataTransfer.files]);
  });
  byID("room-model")?.addEventListener("change", around);
  addEventListener("beforeunload", (e) => {
    if (!keep.leaving && (exchange.running || keep.unsaved || composer.touched)) e.preventDefault();
  });

  draw();
}
