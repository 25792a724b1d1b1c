// What is being written: the text, what goes along, what was decided about it, and after which message it comes.
import { newID } from "./dom.js";

/** saw is what a message keeps of what was decided about a value, or about every value of a type. */
export const saw = ({ type, value = "", placeholder = "" }) => ({ type, value, placeholder });

export class Composer {
  constructor(draft, text, files, editing, tree) {
    this.text = text;
    this.files = files;
    this.note = editing; // says that an earlier message is being changed
    this.tree = tree;
    this.task = draft.task || "";
    this.editing = draft.editing ? { parent: draft.parent || "" } : null;
    this.kept = draft.kept || [];
    this.seen = draft.seen || [];
    this.first = text.value.trim();
    files.set(draft.files);
    text.addEventListener("input", () => this.grow());
    this.grow();
  }

  get empty() { return !this.text.value.trim() && !this.files.list.length; }

  /** touched tells whether something stands here that would be lost. */
  get touched() { return this.text.value.trim() !== this.first; }

  /** message is what is written, as a message that nobody has sent. */
  message() {
    return {
      id: newID(), parent: this.editing ? this.editing.parent : this.tree.leaf, role: "user", text: this.text.value.trim(), files: this.files.list,
      kept: this.kept, seen: this.seen, task: this.task, at: new Date().toISOString(),
    };
  }

  edit(m) {
    this.put(m.text, m.files, m.kept, m.seen, { parent: m.parent || "" });
    this.text.focus();
    this.text.scrollIntoView({ block: "center" });
  }

  clear() {
    this.put("", [], [], [], null);
    this.first = "";
  }

  put(text, files, kept, seen, editing) {
    this.text.value = text;
    this.files.set(files);
    this.kept = kept || [];
    this.seen = seen || [];
    this.editing = editing;
    this.note.hidden = !editing;
    this.grow();
  }

  /** decide lets values be replaced, or go as they are for a reason. */
  decide(items, reason) {
    const others = (list) => list.filter((x) => !items.some((i) => i.type === x.type && i.value === x.value));
    this.kept = others(this.kept);
    this.seen = others(this.seen);
    if (reason) this.kept = this.kept.concat(items.map(({ type, value }) => ({ type, value, reason })));
  }

  /** accept notes that everything that is undecided was seen. */
  accept({ items, rest }) {
    this.seen = this.seen.concat([...items, ...(rest || [])].filter((x) => x.state === "open").map(saw));
  }

  /** select puts the cursor at a place in the text that was looked at, which has no space before it. */
  select(from, to) {
    this.text.focus();
    const lead = this.text.value.length - this.text.value.trimStart().length;
    if (from != null) this.text.setSelectionRange(from + lead, to + lead);
  }

  grow() {
    this.text.style.height = "auto";
    this.text.style.height = Math.min(this.text.scrollHeight + 4, Math.max(160, innerHeight * 0.5)) + "px";
  }
}
