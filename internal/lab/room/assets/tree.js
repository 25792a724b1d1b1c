// A conversation as a tree of messages: who changes an earlier message, or asks again, begins a branch. It knows no page and no server.

export class Tree {
  constructor(c) {
    this.title = c.title || "";
    this.messages = c.messages || [];
    this.leaf = c.leaf || "";
  }

  get(id) { return this.messages.find((m) => m.id === id); }

  /** branch is the way from the root to a message. */
  branch(leaf = this.leaf) {
    const out = [];
    for (let m = this.get(leaf); m; m = this.get(m.parent)) out.unshift(m);
    return out;
  }

  /** siblings are the messages that could stand in the place of one. */
  siblings(m) { return this.messages.filter((x) => (x.parent || "") === (m.parent || "") && x.role === m.role); }

  add(m) {
    this.messages.push(m);
    this.leaf = m.id;
  }

  remove(id) {
    const m = this.get(id);
    this.messages = this.messages.filter((x) => x.id !== id);
    if (this.leaf === id) this.turn(m.parent);
  }

  /** turn reads the branch through a message: its newest answer, and what followed on it. */
  turn(id) {
    let next = this.get(id);
    if (!next) this.leaf = "";
    while (next) {
      this.leaf = next.id;
      next = this.messages.filter((m) => m.parent === this.leaf).pop();
    }
  }

  data() { return { title: this.title, messages: this.messages, leaf: this.leaf }; }
}
