// The messages on the page. It draws what the tree holds, and lets an answer grow while it comes.
import { el, fill, more, unseen } from "./dom.js";
import { shown } from "./files.js";

export class Talk {
  constructor(conf, list, render, on) {
    this.conf = conf;
    this.list = list;
    this.render = render; // of Markdown, into an element
    this.on = on; // {edit, again, turn, choose, copy, go}: what the room does
    this.texts = new Map(); // what a message says, drawn once
    this.ends = new Map(); // what is known of an answer since it ended
    this.faults = new Map(); // what went wrong after a question
    this.pair = []; // answers that stand beside each other
    this.look = []; // what to look at in an answer
    this.growing = new Set(); // answers that are coming
    this.grew = new Set(); // of these, what has more text than is drawn
  }

  draw(tree) {
    const focus = document.activeElement && this.list.contains(document.activeElement) ? document.activeElement.dataset.key : "";
    const branch = tree.branch();
    const items = branch.map((m) => {
      if (this.pair.includes(m.id)) {
        return el("li", null, el("div.beside", null, this.pair.map((id) => this.message(tree, tree.get(id), true))));
      }
      return el("li", null, this.message(tree, m));
    });
    this.list.replaceChildren(...items);
    if (focus) this.list.querySelector('[data-key="' + focus + '"]')?.focus({ preventScroll: true });
  }

  text(m) {
    let box = this.texts.get(m.id);
    if (!box) {
      box = el(m.role === "assistant" ? "div.say-text.md" : "div.say-text");
      this.texts.set(m.id, box);
      this.write(m);
    }
    return box;
  }

  /** write draws the text of a message as it is now. */
  write(m) {
    const box = this.texts.get(m.id);
    if (!box) return;
    if (m.role === "assistant") this.render(m.text, box);
    else box.replaceChildren(el("p.said-plain", null, m.text));
  }

  /** grow draws a text that grows, at most some times a second: a screen reader is told when it is done. */
  grow(m) {
    this.grew.add(m);
    this.timer = this.timer || setTimeout(() => {
      this.timer = 0;
      for (const one of this.grew) this.write(one);
      this.grew.clear();
    }, 60);
  }

  message(tree, m, beside) {
    const { words } = this.conf, end = this.ends.get(m.id), mine = m.role === "user", busy = this.growing.has(m.id);
    const who = el("h3.say-who", { id: "who-" + m.id, tabindex: -1 }, mine ? words.you : fill(words.model, { name: this.called(m.model) }));
    return el("article.say.say-" + m.role, { id: "say-" + m.id, "aria-labelledby": "who-" + m.id, "aria-busy": busy ? "true" : null },
      who,
      busy && !m.text ? el("p.say-note.waiting", null, words.thinking) : "",
      this.text(m),
      (m.files || []).map((f) => shown(this.conf, f)),
      m.cut && !busy ? el("p.say-note", null, words.cut, " ", this.button("go", m, words.go)) : "",
      mine ? this.replaced(m) : "",
      end ? this.known(end) : "",
      end && this.look.length && m.id === tree.leaf ? el("div.say-look", null, el("p", null, el("strong", null, words.look)), el("ul", null, this.look.map((t) => el("li", null, t)))) : "",
      mine && this.faults.has(m.id) ? this.fault(this.faults.get(m.id)) : "",
      busy ? "" : el("div.say-do", null,
        this.turns(tree, m),
        beside ? this.button("choose", m, words.pick) : "",
        mine ? this.button("edit", m, words.edit) : this.button("copy", m, words.copy),
        !mine || m.id === tree.leaf ? this.button("again", m, words.again) : ""),
    );
  }

  button(what, m, label) {
    return el("button.plain", { type: "button", "data-key": what + m.id, onclick: () => this.on[what](m) }, label, unseen(", " + (m.role === "user" ? this.conf.words.you : this.called(m.model))));
  }

  called(name) { return (this.conf.models.find((m) => m.name === name) || { title: name }).title; }

  /** turns leads to the other messages that could stand in the place of this one. */
  turns(tree, m) {
    const list = tree.siblings(m), at = list.indexOf(m), { words } = this.conf;
    if (list.length < 2 || this.pair.includes(m.id)) return "";
    const step = (by, sign, text, key) => {
      const to = list[at + by];
      return to ? el("button.plain", { type: "button", "data-key": key + (m.parent || "") + m.role, onclick: () => this.on.turn(to) }, el("span", { "aria-hidden": true }, sign), unseen(text)) : "";
    };
    return el("span.turns", { role: "group", "aria-label": words.versions }, step(-1, "←", words.before, "b"), el("span", null, fill(words.which, { n: at + 1, of: list.length })), step(1, "→", words.after, "a"));
  }

  /** replaced says in the place of which values something else left. */
  replaced(m) {
    const list = (m.seen || []).filter((s) => s.placeholder), { words } = this.conf;
    if (!list.length) return "";
    return more(fill(list.length === 1 ? words["replaced-one"] : words["replaced-many"], { n: list.length }),
      el("ul.pairs", null, list.map((s) => el("li", null, s.value, " ", el("span", { "aria-hidden": true }, "→"), unseen(words.becomes), " ", el("code", null, s.placeholder)))));
  }

  known(end) {
    const { words } = this.conf;
    return [
      end.fault ? this.fault(end.fault) : "",
      end.found && end.found.length ? el("div.say-found", null, el("p", null, el("strong", null, words["found-title"]), " ", words["found-text"]), el("ul", null, end.found.map((f) => el("li", null, f.title + ": ", el("mark", null, f.value))))) : "",
      end.warn ? el("p.say-note", null, end.warn) : "",
      end.cost ? el("p.say-note", null, fill(words.cost, { n: end.cost })) : "",
    ];
  }

  fault(f) { return el("p.say-fault", null, f.error); }
}
