// One question and the answers to it, from one model or from two beside each other.
import { newID } from "./dom.js";
import { ask } from "./stream.js";

export class Exchange {
  constructor(conf, tree, talk, on) {
    this.conf = conf;
    this.tree = tree;
    this.talk = talk;
    this.on = on; // {busy(is), begun(m), failed(error), review(data, m, messages), tell(text)}
    this.stops = null; // while answers are coming
  }

  get running() { return !!this.stops; }

  question(model, messages) { return { model, task: messages[0].task || "", messages }; }

  stop() { this.stops?.abort(); }

  /** run asks. m is the message that is new, null when a question is asked again; it joins the conversation when the first answer begins. */
  async run(models, messages, m) {
    if (this.stops) return;
    this.talk.pair = [];
    this.stops = new AbortController();
    this.on.busy(true);
    const answers = [], others = [];
    const begin = (model) => {
      if (m && !this.tree.get(m.id)) {
        this.tree.add(m);
        this.on.begun(m);
      }
      const asked = messages[messages.length - 1];
      const a = { id: newID(), parent: asked.id, role: "assistant", text: "", model, task: asked.task || "", at: new Date().toISOString() };
      this.talk.faults.delete(a.parent);
      this.tree.add(a);
      this.talk.growing.add(a.id);
      answers.push(a);
      if (models.length > 1) this.talk.pair = answers.map((x) => x.id);
      this.talk.draw(this.tree);
      document.getElementById("say-" + answers[0].id)?.scrollIntoView({ block: "center" });
      this.on.tell(this.conf.words.thinking);
      return a;
    };
    const one = async (model) => {
      let a;
      const first = answers.length === 0;
      const begun = () => {
        a = begin(model);
        if (first) for (const other of models.slice(1)) others.push(one(other).catch((e) => this.on.failed(e)));
      };
      const got = await ask(this.conf, this.question(model, messages), this.stops.signal, begun, (p) => this.take(a, p));
      if (got.end) this.ended(a, got.end);
      return got;
    };
    let got = {};
    try {
      got = await one(models[0]);
    } catch (e) {
      this.on.failed(e);
    }
    await Promise.all(others);
    this.stops = null;
    const said = answers.filter((a) => a.text);
    this.talk.draw(this.tree);
    this.on.busy(false, said[said.length - 1]);
    if (got.review) this.on.review(got.review, m, messages);
    else if (answers.length) this.on.tell(said.length ? this.conf.words.done : this.conf.words.failed);
  }

  take(a, p) {
    if (p.thinking) return;
    a.text += p.text || "";
    document.querySelector("#say-" + a.id + " .waiting")?.remove();
    this.talk.grow(a);
  }

  ended(a, end) {
    const { words } = this.conf;
    this.talk.growing.delete(a.id);
    a.cut = !!end.cut;
    if (a.text) {
      this.talk.ends.set(a.id, end);
      this.talk.write(a);
    } else {
      this.tree.remove(a.id);
      this.talk.pair = this.talk.pair.filter((id) => id !== a.id);
      this.talk.faults.set(a.parent, end.fault || { error: end.stopped ? words.stopped : words.failed });
    }
    this.talk.draw(this.tree);
  }
}
