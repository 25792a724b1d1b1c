package room

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/guard"
	"tekentafel/internal/lab"
	"tekentafel/internal/problem"
	"tekentafel/internal/web"
)

// posted is the form of the plain chat as it came in.
type posted struct {
	draft
	do       string // what to do: a word, and behind a colon the message or file that it is about
	format   string // of an export
	days     int    // for how long to keep
	fields   url.Values
	uploaded []lab.File
	wrong    []error           // of files
	notes    []problem.Message // of files
}

// readForm reads the form of the plain chat. Nothing of it is written to a disk.
func (p *Room) readForm(w http.ResponseWriter, r *web.Request) (*posted, error) {
	parts, err := partsOf(r)
	if err != nil {
		return nil, err
	}
	f := &posted{fields: url.Values{}}
	state := []byte("{}")
	for n := 0; ; n++ {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || n > 2*mostDecisions {
			return nil, tooLargeOr(err)
		}
		switch name := part.FormName(); {
		case part.FileName() != "":
			if r.Actor.Kind != access.Person {
				continue // what it says is not read for whoever is not signed in
			}
			file, notes, err := p.takePart(r.Context(), part)
			if err != nil {
				if _, known := problem.Of(err); !known {
					return nil, err
				}
				f.wrong = append(f.wrong, err)
				continue
			}
			f.uploaded, f.notes = append(f.uploaded, file), append(f.notes, notes...)
		case name == "file": // nothing was chosen
		default:
			value, err := io.ReadAll(part)
			if err != nil {
				return nil, tooLargeOr(err)
			}
			if name == "draft" {
				state = value
				continue
			}
			f.fields.Add(name, strings.ReplaceAll(strings.ToValidUTF8(string(value), "�"), "\x00", "�"))
		}
	}
	arrived(w)
	d := json.NewDecoder(strings.NewReader(string(state)))
	d.DisallowUnknownFields()
	if err := d.Decode(&f.draft); err != nil {
		return nil, unreadable(err)
	}
	f.Text = strings.ReplaceAll(f.fields.Get("text"), "\r\n", "\n")
	f.Model, f.Second, f.do, f.format = f.fields.Get("model"), f.fields.Get("second"), f.fields.Get("do"), f.fields.Get("format")
	f.days, _ = strconv.Atoi(f.fields.Get("days")) // what is no number is none
	if len(f.Text) > mostText {
		return nil, refuse(problem.TooLarge, "error.message-too-long")
	}
	return f, f.sound()
}

// plain does what a button of the plain chat asks, and shows the page that comes of it.
func (p *Room) plain(w http.ResponseWriter, r *web.Request) error {
	if r.Actor.Kind != access.Person {
		r.Body = http.MaxBytesReader(w, r.Body, mostSignedOut)
	}
	f, err := p.readForm(w, r)
	if err != nil {
		return err
	}
	if r.Actor.Kind != access.Person {
		return p.signedOut(w, r, &f.draft)
	}
	if !r.Can(uses) {
		return refuse(problem.Forbidden, "error.forbidden")
	}
	v := p.newView(r, &f.draft)
	if v.models, err = p.Models.Offered(r.Context(), r.Actor.Tenant, r.Actor.Owner, r.Lang); err != nil {
		return err
	}
	if f.Model == "" && len(v.models) > 0 {
		f.Model = v.models[0].Name // the page of who was signed out does not ask
	}
	for _, err := range f.wrong {
		v.faults = append(v.faults, v.failed(err).Error)
	}
	for _, note := range f.notes {
		v.notes = append(v.notes, note.In(r.Lang))
	}
	f.Files = append(f.Files, f.uploaded...)
	if len(f.Files) > mostFiles {
		f.Files = f.Files[:mostFiles]
		v.faults = append(v.faults, v.say("error.too-many-files"))
	}
	do, id, _ := strings.Cut(f.do, ":")
	switch do {
	case "edit":
		f.edit(id)
	case "turn":
		f.turn(id)
	case "drop":
		if n, err := strconv.Atoi(id); err == nil && n >= 0 && n < len(f.Files) {
			f.Files = slices.Delete(f.Files, n, n+1)
		}
	case "cancel":
		f.clear()
	case "again":
		err = p.plainAgain(r, f, v, id)
	case "send", "decide":
		if len(v.faults) == 0 {
			err = p.plainSend(r, f, v)
		}
	case "keep":
		err = p.plainKeep(r, f, v)
	case "new":
		v.confirmNew = true
	}
	if err != nil {
		var fault *lab.Failure
		if _, known := problem.Of(err); !known && !errors.As(err, &fault) {
			return err
		}
		v.faults = append(v.faults, v.failed(err).Error)
	}
	return p.show(w, r, v)
}

// plainSend asks the model, or shows what has to be decided first.
func (p *Room) plainSend(r *web.Request, f *posted, v *view) error {
	m := lab.Message{ID: newID(), Role: lab.User, Text: f.Text, Files: f.Files, Kept: f.Kept, Seen: f.Seen, Task: f.Task, At: p.Now()}
	q := &question{asked: asked{Model: f.Model, Task: f.Task, Messages: f.asking(m)}}
	if err := p.ready(r, q); err != nil {
		return err
	}
	rev := reviewOf(p.guard, q.policy, r.Lang, q.all)
	last := &q.Messages[len(q.Messages)-1]
	if f.do == "decide" && rev.count(stopped) == 0 {
		f.decide(&rev, last)
		q.all[len(q.all)-1] = *last
		rev = reviewOf(p.guard, q.policy, r.Lang, q.all)
	}
	if !rev.passes() {
		v.review, v.asks = &rev, q.all
		return nil
	}
	rev.note(last, len(q.all))
	f.add(*last)
	f.clear()
	return p.plainAnswer(r, f, v, q)
}

// decide reads what was chosen for each value that the page showed. It stands by the value, so that another text cannot take over a decision.
func (f *posted) decide(rev *review, m *lab.Message) {
	items, others := rev.shown()
	for _, o := range others { // the page told how many there are, and what becomes of them
		if o.State == undecided && slices.Contains(f.fields["rest"], string(o.Type)) {
			m.Seen = append(m.Seen, lab.Seen{Type: o.Type})
		}
	}
	for i := range items {
		x := &items[i]
		if x.State != undecided {
			continue
		}
		for j, value := range f.fields["value"] {
			n := strconv.Itoa(j)
			if f.fields.Get("type-"+n) != string(x.Type) || keyOf(x.Type, value) != keyOf(x.Type, x.Value) {
				continue
			}
			if reason := strings.TrimSpace(f.fields.Get("reason-" + n)); x.Action == guard.Mask && reason != "" && len(reason) <= mostReason {
				m.Kept = append(m.Kept, lab.Kept{Type: x.Type, Value: x.Value, Reason: reason})
			} else {
				m.Seen = append(m.Seen, lab.Seen{Type: x.Type, Value: x.Value, Placeholder: x.Placeholder})
			}
			break
		}
	}
}

// plainAgain asks for another answer to a question that was asked.
func (p *Room) plainAgain(r *web.Request, f *posted, v *view, id string) error {
	m := f.message(id)
	if m == nil {
		return nil
	}
	asked := m.ID
	if m.Role == lab.Assistant {
		asked = m.Parent
	}
	q := &question{asked: askedOf(f, asked)}
	if err := p.ready(r, q); err != nil {
		return err
	}
	if rev := reviewOf(p.guard, q.policy, r.Lang, q.all); !rev.passes() {
		f.edit(asked) // the rules have changed since: it has to be looked at anew
		v.review, v.asks = &rev, q.all
		return nil
	}
	f.Second = ""
	return p.plainAnswer(r, f, v, q)
}

func askedOf(f *posted, leaf string) asked {
	return asked{Model: f.Model, Task: f.Task, Messages: f.Conversation.Branch(leaf)}
}

// plainAnswer waits for the answer, and for that of a second model beside it.
func (p *Room) plainAnswer(r *web.Request, f *posted, v *view, q *question) error {
	done, err := p.asks.begin(p.who(r))
	if err != nil {
		return err
	}
	defer done()
	names := []string{f.Model}
	if f.Second != "" && f.Second != f.Model && slices.ContainsFunc(v.models, func(m lab.Model) bool { return m.Name == f.Second }) {
		names = append(names, f.Second)
	}
	parent := q.Messages[len(q.Messages)-1].ID
	for _, name := range names {
		one := &question{asked: asked{Model: name, Task: q.Task, Messages: q.Messages}}
		if err := p.ready(r, one); err != nil {
			return err
		}
		got := p.answer(r, one, func(lab.Piece) error { return nil })
		if got.Fault != nil {
			v.faults = append(v.faults, got.Fault.Error)
		}
		if got.text == "" {
			continue
		}
		m := lab.Message{ID: newID(), Parent: parent, Role: lab.Assistant, Text: got.text, Model: name, Task: q.Task, Cut: got.Cut, At: p.Now()}
		f.add(m)
		v.ends[m.ID] = got
		v.newest = m.ID
	}
	v.compared = len(names) > 1
	return nil
}

// signedOut shows all that was written to who is no longer signed in, to send again after signing in in another tab.
func (p *Room) signedOut(w http.ResponseWriter, r *web.Request, d *draft) error {
	v := &view{words: of(r), room: p, draft: d, ends: map[string]end{}, out: true}
	return p.show(w, r, v)
}
