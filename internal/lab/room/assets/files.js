// What goes along with a message: picked, dropped or pasted. The server reads the text of a document, or makes an image fit; the page keeps it.
import { el, fill, more } from "./dom.js";
import { post } from "./stream.js";

export class Files {
  constructor(conf, box, say) {
    this.conf = conf;
    this.box = box;
    this.say = say; // shows what went wrong
    this.list = [];
    this.waiting = 0;
    this.notes = new Map(); // what to know about a file, which the conversation does not hold
  }

  set(list) {
    this.list = list || [];
    this.draw();
  }

  async add(files) {
    const { words, most } = this.conf;
    for (const file of files) {
      if (this.list.length + this.waiting >= most.files) return this.say(fill(words["too-many-files"], { n: most.files }));
      if (file.size > most.file) {
        this.say(fill(words["too-big"], { name: file.name, n: Math.floor(most.file / 1048576) }));
        continue;
      }
      this.waiting++;
      this.draw();
      try {
        const form = new FormData();
        form.append("file", file, file.name || "1.png");
        const { notes, ...f } = await post(this.conf, this.conf.file, form);
        this.notes.set(f, notes || []);
        this.list.push(f);
      } catch (e) {
        this.say(e.message);
      }
      this.waiting--;
      this.draw();
    }
  }

  draw() {
    this.box.replaceChildren(...this.list.map((f) => chip(this.conf, f, this.notes.get(f) || [], () => {
      this.list = this.list.filter((x) => x !== f);
      this.draw();
      document.getElementById("room-text").focus();
    })));
    if (this.waiting) this.box.append(el("p.hint", null, this.conf.words.reading));
  }
}

/** shown is a file as it stands with a message. */
export function shown(conf, f) {
  const { words } = conf;
  if (f.media) {
    return el("div.file-line", null, el("img.file-image", { src: "data:" + f.media + ";base64," + f.data, alt: fill(words.image, { name: f.name }) }), el("p.hint", null, words.images));
  }
  return el("div.file-line", null, more(fill(words.document, { name: f.name }), el("p.said-plain.file-text", { tabindex: 0 }, f.text)), f.cut && el("p.say-note", null, words["file-cut"]));
}

function chip(conf, f, notes, drop) {
  return el("div.file-chip", null, shown(conf, f), notes.map((n) => el("p.say-note", null, n)), el("button.plain", { type: "button", onclick: drop }, conf.words.drop, el("span.unseen", null, ", " + f.name)));
}
