// Keeping a conversation, saving it as a file, and beginning a new one.
import { el, fill } from "./dom.js";
import { post, save } from "./stream.js";

export class Keep {
  constructor(conf, tree, draft) {
    this.conf = conf;
    this.tree = tree;
    this.stored = { id: draft.id || "", version: draft.version || 0 };
    this.unsaved = false; // something was said since it was kept
    this.leaving = false; // whoever leaves was asked
  }

  /** keep returns what the page says of it. */
  async keep(days) {
    const { words } = this.conf;
    const k = await post(this.conf, this.conf.keep, { ...this.stored, days, conversation: this.tree.data() });
    this.stored = { id: k.id, version: k.version };
    this.unsaved = false;
    return el("div.notice.notice-ok.room-notice", { role: "status" },
      el("div", null, el("p", null, fill(words.kept, { day: k.until })), el("p", null, el("a", { href: k.href }, words["kept-open"]))));
  }

  async download(format) {
    const data = new FormData();
    data.append("draft", JSON.stringify({ conversation: this.tree.data() }));
    data.append("format", format);
    const href = URL.createObjectURL(await save(this.conf, this.conf.export, data));
    el("a", { href, download: "chat." + format }).click();
    setTimeout(() => URL.revokeObjectURL(href), 60000);
  }

  /** link begins anew when it is followed. */
  link() { return el("a", { href: this.conf.home, onclick: () => { this.leaving = true; } }, this.conf.words["new-do"]); }

  fresh() {
    this.leaving = true;
    location.assign(this.conf.home);
  }
}
