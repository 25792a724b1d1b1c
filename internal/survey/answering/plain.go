package answering

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"tekentafel/internal/instrument"
	"tekentafel/internal/survey/record"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// plainView is a question on a page of its own, for browsers without scripts.
type plainView struct {
	asking
	*Survey
	form      *ui.FormState
	at, count int
	left      string
	share     float64
	promise   string
	style     string
}

// question shows one question.
func (p *Pages) question(w http.ResponseWriter, r *web.Request) error {
	s, d, ok, err := p.needDraft(w, r)
	if !ok {
		return err
	}
	asked, at, err := p.place(r, s, d)
	if err != nil {
		return err
	}
	if at < 0 {
		return p.toFirst(w, r, s, d)
	}
	return p.showQuestion(w, r, s, d, asked, at, nil)
}

// place finds the item of the address among those that are asked; -1 when it is not.
func (p *Pages) place(r *web.Request, s *Survey, d *draft) ([]*instrument.Item, int, error) {
	asked, err := d.asked(s)
	at := slices.IndexFunc(asked, func(it *instrument.Item) bool { return it.ID == r.PathValue("item") })
	return asked, at, err
}

func (p *Pages) showQuestion(w http.ResponseWriter, r *web.Request, s *Survey, d *draft, asked []*instrument.Item, at int, wrong map[string]string) error {
	t := in(r.Lang)
	v := plainView{asking: asking{words: t, it: asked[at], given: d.Answers, wrong: wrong, plain: true}, Survey: s, at: at, count: len(asked),
		promise: t.say("foot.promise-" + string(s.Wave.Mode)), style: p.assetURL("answer.css")}
	v.form = &ui.FormState{ID: "q", Values: url.Values{}}
	for _, name := range fieldsOf(asked[at]) {
		if wrong[name] != "" {
			v.form.Fail(name, wrong[name])
		}
	}
	v.share = float64(at) / float64(len(asked)+1)
	v.left = t.with("question.at", "n", strconv.Itoa(at+1), "all", strconv.Itoa(len(asked)))
	page := web.Page{Bare: true}
	page.Title, page.NoH1, page.Home, page.Invalid = asked[at].Question.In(r.Lang), true, s.base(), len(wrong) > 0
	if len(wrong) > 0 {
		page.Status = http.StatusUnprocessableEntity
	}
	return r.Show(w, page, plainPage(v))
}

// answer keeps the answer to one question and leads on.
func (p *Pages) answer(w http.ResponseWriter, r *web.Request) error {
	s, d, ok, err := p.needDraft(w, r)
	if !ok {
		return err
	}
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	asked, at, err := p.place(r, s, d)
	if err != nil {
		return err
	}
	if at < 0 {
		return p.toFirst(w, r, s, d)
	}
	to, it := form.Get("go"), asked[at]
	before := map[string][]string{}
	for _, name := range fieldsOf(it) {
		before[name] = d.Answers[name]
		d.Answers[name] = slices.DeleteFunc(slices.Clone(form[name]), func(v string) bool { return v == "" })
	}
	wrong, err := p.wrong(r, s, d, it, to != "back")
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		if to != "back" {
			return p.showQuestion(w, r, s, d, asked, at, wrong)
		}
		for name, values := range before { // what cannot be kept does not keep anyone from going back
			d.Answers[name] = values
		}
	}
	d.Sent = false
	if err := p.saveDraft(r.Context(), s, d); err != nil {
		return err
	}
	return p.goOn(w, r, s, d, it, to)
}

// goOn leads from a question to the next, the one before, or the list of answers.
func (p *Pages) goOn(w http.ResponseWriter, r *web.Request, s *Survey, d *draft, it *instrument.Item, to string) error {
	asked, err := d.asked(s)
	if err != nil {
		return err
	}
	at := slices.Index(asked, it)
	switch {
	case to == "back" && at > 0:
		return sendOn(w, r, s, "/q/"+asked[at-1].ID)
	case to == "back":
		return sendOn(w, r, s, "")
	case to == "review" || at+1 >= len(asked):
		return sendOn(w, r, s, "/review")
	default:
		return sendOn(w, r, s, "/q/"+asked[at+1].ID)
	}
}

// wrong says what is wrong with the answers to an item, by id.
func (p *Pages) wrong(r *web.Request, s *Survey, d *draft, it *instrument.Item, complete bool) (map[string]string, error) {
	out := map[string]string{}
	one := &draft{Answers: given{}}
	for _, name := range fieldsOf(it) {
		one.Answers[name] = d.Answers[name]
		if complete && it.Required && len(d.Answers[name]) == 0 {
			out[name] = in(r.Lang).fault(it, record.Required)
		}
	}
	raw, err := one.json(s)
	if err != nil {
		return nil, err
	}
	_, err = s.Codec.Draft(raw)
	var problems *record.Problems
	if errors.As(err, &problems) {
		for _, q := range problems.List {
			out[q.Variable] = in(r.Lang).fault(it, q.Fault)
		}
		return out, nil
	}
	return out, err
}

// fault says what is wrong with an answer to an item.
func (w words) fault(it *instrument.Item, f record.Fault) string {
	switch f {
	case record.Required:
		if it.Kind == instrument.Number || it.Kind == instrument.OpenText {
			return w.say("script.required-text")
		}
		return w.say("script.required")
	case record.Range:
		if b := (asking{words: w, it: it}).bounds(); b != "" {
			return b
		}
		return w.say("script.number")
	case record.WrongKind:
		return w.say("script.number")
	case record.Together:
		return w.say("script.together")
	case record.TooLong:
		return w.with("script.long", "max", strconv.Itoa(mostText))
	default:
		return w.say("script.option")
	}
}

// reviewView lists the answers before they are sent, or after.
type reviewView struct {
	words
	*Survey
	form  *ui.FormState
	facts []ui.Fact
	style string
}

// review shows all answers.
func (p *Pages) review(w http.ResponseWriter, r *web.Request) error {
	s, d, ok, err := p.needDraft(w, r)
	if !ok {
		return err
	}
	return p.showReview(w, r, s, d, nil)
}

func (p *Pages) showReview(w http.ResponseWriter, r *web.Request, s *Survey, d *draft, wrong []record.Problem) error {
	asked, err := d.asked(s)
	if err != nil {
		return err
	}
	v := reviewView{words: in(r.Lang), Survey: s, form: &ui.FormState{ID: "r"}, style: p.assetURL("answer.css")}
	for _, it := range asked {
		if it.Kind == instrument.Info {
			continue
		}
		a := asking{words: v.words, it: it, given: d.Answers}
		v.facts = append(v.facts, ui.Fact{Term: a.question(), Content: answerText(a),
			Actions: []ui.Action{{Label: v.say("review.change"), Href: s.link("/q/"+it.ID, r.Lang), Kind: ui.Plain}}})
	}
	for _, q := range wrong {
		if it := s.Instrument.Item(q.Item); it != nil {
			v.form.Fail("", it.Question.In(r.Lang)+" "+v.fault(it, q.Fault))
		}
	}
	page := web.Page{Bare: true}
	page.Title, page.Lead, page.Home, page.Invalid = v.say("review.title"), v.say("review.text"), s.base(), len(wrong) > 0
	if len(wrong) > 0 {
		page.Status = http.StatusUnprocessableEntity
	}
	return r.Show(w, page, reviewPage(v))
}

// labels are the labels of what was chosen under an id.
func (a asking) labels(id string) []string {
	var out []string
	for i := range a.it.Options {
		if a.chosen(id, a.it.Options[i].ID) {
			out = append(out, a.it.Options[i].Label.In(a.Lang))
		}
	}
	if len(a.it.Options) == 0 && a.given.first(id) != "" {
		out = append(out, a.given.first(id))
	}
	if len(out) == 0 {
		out = append(out, a.say("script.open"))
	}
	return out
}

// send hands in without scripts.
func (p *Pages) send(w http.ResponseWriter, r *web.Request) error {
	s, d, ok, err := p.needDraft(w, r)
	if !ok {
		return err
	}
	raw, err := d.json(s)
	if err != nil {
		return err
	}
	e, person, err := p.credential(s, "", d.Pass)
	if err != nil {
		return err
	}
	err = p.put(r, s, e, person, raw)
	var wrong *record.Problems
	if errors.As(err, &wrong) {
		return p.showReview(w, r, s, d, wrong.List)
	}
	if err != nil {
		return err
	}
	d.Sent = true
	if err := p.saveDraft(r.Context(), s, d); err != nil {
		return err
	}
	return sendOn(w, r, s, "/thanks")
}

// thanks says that the answers are there.
func (p *Pages) thanks(w http.ResponseWriter, r *web.Request) error {
	s, d, ok, err := p.needDraft(w, r)
	if !ok {
		return err
	}
	if !d.Sent {
		return sendOn(w, r, s, "/review")
	}
	v := in(r.Lang)
	page := web.Page{Bare: true}
	page.Title, page.Home = v.say("script.sent-title"), s.base()
	var content []templ.Component
	content = append(content, paragraphs(v.say("script.sent-text"), v.say("script.sent-next")))
	if !s.Wave.Closes.IsZero() {
		content = append(content, paragraphs(v.with("script.sent-change-until", "date", v.Moment(r.Local(s.Wave.Closes)))))
	}
	offer, err := p.after(s, r.Lang)
	if err != nil {
		return err
	}
	counted, err := d.counted(s)
	if err != nil {
		return err
	}
	if fields := offer.fields(counted); fields != nil {
		content = append(content, afterwardsForm(offer, fields, p.assetURL("answer.css")))
	}
	content = append(content, ui.Buttons(ui.Action{Label: v.say("script.sent-change"), Href: s.link("/review", r.Lang), Kind: ui.Quiet}))
	return r.Show(w, page, templ.Join(content...))
}
