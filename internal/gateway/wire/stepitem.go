package wire

import "strconv"

// This file writes the items of a streamed answer of the responses interface.

func (w *StepWriter) last() Part { return w.answer.Parts[len(w.answer.Parts)-1] }

// itemID names the item that is open.
func (w *StepWriter) itemID() string {
	switch p := w.last(); p.Kind {
	case PartCall:
		return "fc_" + p.ID
	case PartThought:
		return "rs_" + w.answer.ID + "_" + strconv.FormatInt(w.blocks-1, 10)
	default:
		return "msg_" + w.answer.ID + "_" + strconv.FormatInt(w.blocks-1, 10)
	}
}

// place writes where an event belongs.
func (w *StepWriter) place(index int64) {
	w.e.raw(`,"item_id":`)
	w.e.quote(w.itemID())
	w.e.integer("output_index", index)
	switch w.kind {
	case PartThought:
		w.e.raw(`,"summary_index":0`)
	case PartText:
		w.e.raw(`,"content_index":0`)
	default:
	}
}

func (w *StepWriter) itemEvent(name string, index int64, emit func(Event) error, status string) error {
	return w.numbered(name, emit, func() {
		w.e.integer("output_index", index)
		w.e.raw(`,"item":`)
		w.item(w.last(), w.itemID(), status)
	})
}

func (w *StepWriter) item(p Part, id, status string) {
	whole := status != "in_progress"
	switch p.Kind {
	case PartCall:
		w.e.callItem(p, status)
	case PartThought:
		w.e.raw(`{"type":"reasoning","id":`)
		w.e.quote(id)
		w.e.raw(`,"summary":[`)
		if whole {
			w.part(p)
		}
		w.e.raw("]}")
	default:
		w.e.raw(`{"type":"message","id":`)
		w.e.quote(id)
		w.e.raw(`,"status":"` + status + `","role":"assistant","content":[`)
		if whole {
			w.part(p)
		}
		w.e.raw("]}")
	}
}

func (w *StepWriter) part(p Part) {
	if p.Kind == PartThought {
		w.e.raw(`{"type":"summary_text","text":`)
	} else {
		w.e.raw(`{"type":"output_text","annotations":[],"text":`)
	}
	w.e.quote(p.Text)
	w.e.raw("}")
}

// names returns the beginnings of the names of the events of a part: of the part, and of its text.
func names(k PartKind) (part, text, field string) {
	switch k {
	case PartCall:
		return "", "response.function_call_arguments", "arguments"
	case PartThought:
		return "response.reasoning_summary_part", "response.reasoning_summary_text", "text"
	default:
		return "response.content_part", "response.output_text", "text"
	}
}

func (w *StepWriter) startItem(index int64, emit func(Event) error) error {
	if err := w.itemEvent("response.output_item.added", index, emit, "in_progress"); err != nil {
		return err
	}
	part, _, _ := names(w.kind)
	if part == "" {
		return nil
	}
	return w.numbered(part+".added", emit, func() {
		w.place(index)
		w.e.raw(`,"part":`)
		w.part(w.last())
	})
}

func (w *StepWriter) itemPiece(k PartKind, text string, emit func(Event) error) error {
	_, name, _ := names(k)
	return w.numbered(name+".delta", emit, func() {
		w.place(w.blocks - 1)
		w.e.raw(`,"delta":`)
		w.e.quote(text)
	})
}

func (w *StepWriter) stopItem(emit func(Event) error) error {
	p, index := w.last(), w.blocks-1
	part, name, field := names(w.kind)
	whole := p.Text
	if w.kind == PartCall {
		whole = string(p.Input)
	}
	if err := w.numbered(name+".done", emit, func() {
		w.place(index)
		w.e.raw(`,"` + field + `":`)
		w.e.quote(whole)
	}); err != nil {
		return err
	}
	if part != "" {
		if err := w.numbered(part+".done", emit, func() {
			w.place(index)
			w.e.raw(`,"part":`)
			w.part(p)
		}); err != nil {
			return err
		}
	}
	return w.itemEvent("response.output_item.done", index, emit, "completed")
}

// responseWhole writes the answer as it stands at the end.
func (w *StepWriter) responseWhole() {
	w.answer.responseHead(&w.e, status(w.answer.Stop))
	w.e.raw(`,"output":`)
	w.e.list(len(w.answer.Parts), func(i int) {
		p := w.answer.Parts[i]
		id := "msg_" + w.answer.ID + "_" + strconv.Itoa(i)
		if p.Kind == PartThought {
			id = "rs_" + w.answer.ID + "_" + strconv.Itoa(i)
		}
		w.item(p, id, "completed")
	})
	w.e.raw(`,"usage":`)
	w.e.out = append(w.answer.Usage.append(w.e.out, Responses), '}')
}
