// Shows in the message what the guard found, takes the decisions about it, and shows what will leave.
import { el, fill, more, unseen } from "./dom.js";

export class Review {
  constructor(conf, box, on) {
    this.conf = conf;
    this.box = box;
    this.on = on; // {send, back(start, end), decide}: what the room does
  }

  get open() { return !this.box.hidden; }

  close() {
    this.box.hidden = true;
    this.box.replaceChildren();
  }

  /** said is what was found, in a line. */
  said(data) {
    const { words } = this.conf, n = data.count;
    return n ? fill(n === 1 ? words["found-one"] : words["found-many"], { n }) : words["found-none"];
  }

  /** show draws a review anew; focus stays on the choice that was made. */
  show(data, text) {
    const conf = this.conf, { words } = conf;
    const first = this.box.hidden, at = document.activeElement && document.activeElement.id;
    const again = [...this.box.querySelectorAll("details[open]")].map((d) => d.id);
    this.data = data;
    const found = data.items.length;
    const title = el("h3.review-title", { tabindex: -1, id: "review-title" }, this.said(data));
    const sends = data.blocked ? null : el("button.button.next-step", { type: "button", id: "review-send", onclick: () => this.on.send() }, data.items.some((x) => x.placeholder) ? words["mask-send"] : words.send);
    this.box.replaceChildren(
      title,
      conf.rule ? el("p.room-rule", null, el("strong", null, words.rule), " ", conf.rule) : "",
      data.blocked ? el("p.review-stop", null, words.blocked) : "",
      found ? this.marked(text) : "",
      el("h4", null, words.leaves),
      el("p.leaves", { tabindex: 0, id: "review-leaves" }, data.leaves),
      data.images ? el("p.say-note", null, data.images) : "",
      found ? el("h4", null, words.each) : "",
      found ? el("ol.finds", null, data.items.map((x, i) => this.find(x, i)), (data.rest || []).map((o) => el("li.find", null, el("p", null, o.text)))) : "",
      el("p.hint", null, data.limits),
      el("div.review-do", null, sends, el("button.button.quiet", { type: "button", onclick: () => this.on.back() }, words.rewrite)),
    );
    this.box.hidden = false;
    for (const d of this.box.querySelectorAll("details")) d.open = again.includes(d.id);
    if (first) {
      title.focus({ preventScroll: true });
      this.box.scrollIntoView({ block: "start" });
    } else if (at && document.getElementById(at)) {
      document.getElementById(at).focus();
    }
  }

  /** marked is the text with what was found in it; each leads to its decision. */
  marked(text) {
    const out = el("p.marked", null);
    let from = 0;
    for (const m of [...this.data.marks].sort((a, b) => a.start - b.start)) {
      if (m.start < from) continue;
      const x = this.data.items[m.item];
      out.append(text.slice(from, m.start), el("a." + x.state, { href: "#find-" + m.item, onclick: (e) => { e.preventDefault(); this.to(m.item); } }, text.slice(m.start, m.end), unseen(" (" + x.title + ")")));
      from = m.end;
    }
    out.append(text.slice(from));
    return out;
  }

  to(i) {
    const li = document.getElementById("find-" + i);
    li.scrollIntoView({ block: "center" });
    (li.querySelector("select,button") || li).focus({ preventScroll: true });
  }

  find(x, i) {
    const { words } = this.conf;
    const same = this.data.items.filter((y) => y.type === x.type && y.action === x.action);
    const mark = this.data.marks.find((m) => m.item === i);
    const about = () => unseen(": " + x.value);
    return el("li.find", { id: "find-" + i, tabindex: -1 },
      el("p.find-head", null, el("strong", null, x.title), " ", el("span.quiet", null, "· " + x.where + (x.count > 1 ? " · " + fill(words.times, { n: x.count }) : ""))),
      el("p.find-what", null, el("mark", null, x.value), x.placeholder ? [" ", el("span", { "aria-hidden": true }, "→"), unseen(words.becomes), " ", el("code", null, x.placeholder)] : ""),
      el("p.find-learn", null, x.learn),
      x.action === "block" ? el("p.review-stop", null, words["take-out"]) : x.action === "mask" ? this.choice(x, i, about) : el("p", null, words.warned),
      el("div.find-do", null,
        mark ? el("button.plain", { type: "button", onclick: () => this.on.back(mark.start, mark.end) }, words["rewrite-this"], about()) : "",
        x.action === "mask" && same.length > 1 ? el("button.plain", { type: "button", id: "all-" + i, onclick: () => this.on.decide(same, x.reason || "") }, fill(words["all-same"], { n: same.length })) : "",
        Object.assign(more(words.why, el("p", null, x.why + " (" + x.sure + ")")), { id: "why-" + i })),
    );
  }

  choice(x, i, about) {
    const { words, reasons } = this.conf;
    const select = el("select.control", { id: "choice-" + i, onchange: (e) => this.on.decide([x], e.target.value) },
      el("option", { value: "" }, words.mask),
      reasons.map((r) => el("option", { value: r, selected: x.state === "kept" && x.reason === r }, fill(words.keep, { name: r }))));
    return el("div.field", null, el("label", { for: "choice-" + i }, words.choose, about()), el("div.select", null, select));
  }
}
