package room

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"tekentafel/internal/guard"
	"tekentafel/internal/lab"
	"tekentafel/internal/problem"
	"tekentafel/internal/web"
)

// breath is how often a sign of life goes to who waits for an answer: an empty line.
const breath = 15 * time.Second

// question is a question that was read, with what is needed to judge it.
type question struct {
	asked
	all    []lab.Message // what the model is told beforehand, and the messages
	model  lab.Model
	policy guard.Policy
}

// read reads a question, and refuses one that no page of ours sends.
func (p *Room) read(w http.ResponseWriter, r *web.Request) (*question, error) {
	q := &question{}
	if err := readJSON(w, r, &q.asked); err != nil {
		return nil, err
	}
	return q, p.ready(r, q)
}

// ready checks a question and finds its model and the policy of the organisation.
func (p *Room) ready(r *web.Request, q *question) error {
	if len(q.Task) > mostName || !plain(q.Task) {
		return refuse(problem.Invalid, "error.conversation")
	}
	if err := soundQuestion(q.Messages); err != nil {
		return err
	}
	models, err := p.Models.Offered(r.Context(), r.Actor.Tenant, r.Actor.Owner, r.Lang)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(models, func(m lab.Model) bool { return m.Name == q.Model })
	if i < 0 {
		return &lab.Failure{Trouble: lab.NoModel}
	}
	q.model = models[i]
	if hasImages(q.Messages) && !q.model.Images {
		return &lab.Failure{Trouble: lab.Unfit}
	}
	if q.policy, err = p.Models.Policy(r.Context(), r.Actor.Tenant); err != nil {
		return err
	}
	q.all, err = p.beforehand(r, q)
	return err
}

// beforehand puts what the task tells the model before the messages. The answer that is fixed for the practice model goes to no other.
func (p *Room) beforehand(r *web.Request, q *question) ([]lab.Message, error) {
	e, err := p.entry(r, q.Task)
	if err != nil || e == nil {
		return q.Messages, err
	}
	system := e.System
	if !q.model.Practice {
		system, _ = lab.CutPractice(system)
	}
	if strings.TrimSpace(system) == "" {
		return q.Messages, nil
	}
	return append([]lab.Message{{ID: "task", Role: lab.System, Text: system, Task: q.Task}}, q.Messages...), nil
}

// entry returns the task by which somebody came; nil for none.
func (p *Room) entry(r *web.Request, id string) (*lab.Entry, error) {
	if id == "" || p.Entries == nil {
		return nil, nil
	}
	e, ok, err := p.Entries.Entry(r.Context(), r.Actor.Tenant, id, r.Lang)
	if err != nil || !ok {
		return nil, err
	}
	return &e, nil
}

func (p *Room) who(r *web.Request) person { return person{r.Actor.Tenant, r.Actor.Owner} }

// check answers what the guard finds in a question, and what would leave.
func (p *Room) check(w http.ResponseWriter, r *web.Request) error {
	done, err := p.looks.begin(p.who(r))
	if err != nil {
		return err
	}
	defer done()
	q, err := p.read(w, r)
	if err != nil {
		return p.explain(err)
	}
	v := reviewOf(p.guard, q.policy, r.Lang, q.all)
	return sendJSON(w, r, http.StatusOK, of(r).review(&v, q.all))
}

// ask answers a question while the model does, a line of JSON for each piece. A question of which something is undecided is answered as check does, with
// the status of a conflict.
func (p *Room) ask(w http.ResponseWriter, r *web.Request) error {
	done, err := p.asks.begin(p.who(r))
	if err != nil {
		return err
	}
	defer done()
	q, err := p.read(w, r)
	if err != nil {
		return p.explain(err)
	}
	v := reviewOf(p.guard, q.policy, r.Lang, q.all)
	if !v.passes() {
		return sendJSON(w, r, http.StatusConflict, of(r).review(&v, q.all))
	}
	out := newLines(w)
	stop := out.breathe(r.Context())
	defer stop()
	got := p.answer(r, q, func(piece lab.Piece) error {
		switch {
		case piece.Text == "":
			return nil
		case piece.Thinking:
			return out.put(line{Thinking: piece.Text})
		}
		return out.put(line{Text: piece.Text})
	})
	if r.Context().Err() != nil {
		return nil // nobody reads it any more
	}
	// The answer has begun: who went away while it ends has nothing to be told.
	_ = out.put(line{End: &got})
	return nil
}

// line is a line of an answer: a piece of text, or the end.
type line struct {
	Text     string `json:"text,omitempty"`
	Thinking string `json:"thinking,omitempty"`
	End      *end   `json:"end,omitempty"`
}

// end is what is known when an answer ended.
type end struct {
	Cut    bool        `json:"cut,omitempty"`
	Masked int         `json:"masked,omitempty"`
	Tokens int64       `json:"tokens,omitempty"`
	Cost   string      `json:"cost,omitempty"`
	Found  []foundView `json:"found,omitempty"`
	Warn   string      `json:"warn,omitempty"`
	Fault  *failed     `json:"fault,omitempty"`

	text string
}

// foundView is sensitive data in an answer that was not in the question.
type foundView struct {
	Title string `json:"title"`
	Value string `json:"value"`
}

// answer asks the model and says how it ended. The text that came stays, also when it did not end well.
func (p *Room) answer(r *web.Request, q *question, emit func(lab.Piece) error) end {
	kept, _ := lab.Decided(q.Messages)
	var text strings.Builder
	outcome, err := p.Models.Ask(r.Context(), r.Actor.Tenant, &lab.Question{
		Account: r.Actor.Owner, Lang: r.Lang, Model: q.Model, Task: q.Task, Kept: kept, Messages: sendable(p.guard, q.policy, r.Lang, q.all),
	}, func(piece lab.Piece) error {
		if !piece.Thinking {
			text.WriteString(piece.Text)
		}
		return emit(piece)
	})
	out := end{Cut: outcome.Stopped || err != nil, Masked: outcome.Masked, Tokens: outcome.Tokens, Cost: outcome.Cost, Warn: outcome.Warn.In(r.Lang), text: text.String()}
	out.Found = p.found(of(r), out.text, outcome.Found)
	if err != nil {
		p.trace(r.Context(), err)
		f := of(r).failed(err)
		out.Fault = &f
	}
	return out
}

// found lists the values of some types in an answer.
func (p *Room) found(w words, text string, types []guard.Type) []foundView {
	const most = 20
	var out []foundView
	for _, f := range p.guard.Scan(text) {
		v := foundView{w.kind(f.Type), short(text[f.Start:f.End])}
		if slices.Contains(types, f.Type) && !slices.Contains(out, v) && len(out) < most {
			out = append(out, v)
		}
	}
	return out
}

// failed says in words why there is no whole answer.
func (w words) failed(err error) failed {
	var f *lab.Failure
	if errors.As(err, &f) {
		out := failed{Kind: string(f.Trouble), Error: w.say("trouble." + string(f.Trouble)), Retry: int(f.Retry / time.Second)}
		if more := f.Says.In(w.lang); more != "" {
			out.Error = more
		}
		return out
	}
	p := web.Explain(err)
	return failed{Kind: string(p.Kind), Error: p.Message.In(w.lang), Retry: p.RetryAfter}
}

// explain turns a failure into a problem, for who has not begun to read an answer.
func (p *Room) explain(err error) error {
	var f *lab.Failure
	if !errors.As(err, &f) {
		return err
	}
	kind := problem.Unavailable
	switch f.Trouble {
	case lab.NoModel, lab.Unfit, lab.Blocked, lab.TooLong:
		kind = problem.Invalid
	case lab.Spent, lab.Busy:
		kind = problem.TooMany
	case lab.Slow, lab.Unreachable, lab.Severed, lab.Broken:
	}
	out := problem.New(kind, locale(), "trouble."+string(f.Trouble), nil).After(int(f.Retry / time.Second)).Because(f.Err)
	if f.Says.Bundle != nil {
		out.Message = f.Says
	}
	return out
}

// lines writes lines of JSON, each at once. It is safe for concurrent use.
type lines struct {
	mu      sync.Mutex
	w       http.ResponseWriter
	control *http.ResponseController
}

func newLines(w http.ResponseWriter) *lines {
	h := w.Header()
	h.Set("Content-Type", "application/x-ndjson; charset=utf-8")
	h.Set("X-Accel-Buffering", "no") // a proxy in front of us passes on each line
	l := &lines{w: w, control: http.NewResponseController(w)}
	w.WriteHeader(http.StatusOK)
	_ = l.control.Flush() // where nothing can be flushed the lines come together
	return l
}

func (l *lines) put(v line) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return l.write(append(body, '\n'))
}

func (l *lines) write(b []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, err := l.w.Write(b); err != nil {
		return err
	}
	if err := l.control.Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	return nil
}

// breathe writes an empty line now and then, until stop is called, so that nobody between us takes silence for the end.
func (l *lines) breathe(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		t := time.NewTicker(breath)
		defer t.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-t.C:
				if l.write([]byte("\n")) != nil {
					return
				}
			}
		}
	}()
	return func() {
		cancel()
		<-ended
	}
}
