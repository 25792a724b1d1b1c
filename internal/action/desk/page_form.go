package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tekentafel/internal/action"
	"tekentafel/internal/action/propose"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// formView is the form of an action.
type formView struct {
	words
	a       *action.Action // nil: a new one
	found   *found         // the report whose figures are offered; nil for none
	form    *ui.FormState
	hidden  []ui.NameValue
	targets []ui.Option
	owners  []action.Account
	seen    []string // what was found, of a proposal
	helps   []Help
	then    action.State
}

// keep is the value of the measure that stands.
const keep = "keep"

// subject is what a form is about: an action that stands, a proposal, a reason, or nothing yet.
type subject struct {
	action   *action.Action
	found    *found
	proposal *propose.Proposal
	reason   string
	then     action.State
}

// subject reads what a form is about from fields of the address or the form.
func (d *Desk) subject(r *web.Request, q url.Values) (*subject, error) {
	s := &subject{}
	if then := action.State(q.Get("then")); then == action.Planned || then == action.Running {
		s.then = then
	}
	var err error
	if id := r.PathValue("id"); id != "" {
		a, err := d.Actions.Action(r.Context(), r.Actor, id)
		if err != nil {
			return nil, err
		}
		s.action = &a
	}
	s.reason, _ = strings.CutPrefix(q.Get("from"), "reason:")
	if report := q.Get("report"); report != "" {
		if s.found, err = d.found(r, report); err != nil {
			return nil, err
		}
		if key := q.Get("proposal"); key != "" {
			if s.proposal = propose.Find(s.found.list, key); s.proposal == nil {
				return nil, refuse(problem.NotFound, "error.proposal")
			}
			if s.proposal.Rule == propose.NonUse {
				s.reason = s.proposal.Reason
			}
		}
		return s, nil
	}
	if s.found, err = d.latest(r); err != nil || s.found == nil || s.reason == "" || d.Helps == nil {
		return s, err
	}
	// A reason that is proposed on is that proposal, so that it is made once.
	for i := range s.found.list {
		if p := &s.found.list[i]; p.Rule == propose.NonUse && p.Reason == s.reason {
			s.proposal = p
		}
	}
	return s, nil
}

// origin is the finding from which the action is made; nil for none.
func (d *Desk) origin(s *subject) *action.Origin {
	switch {
	case s.proposal != nil:
		return s.found.from(s.proposal)
	case s.reason == "" || d.Helps == nil || s.found == nil:
		return nil
	}
	o := &action.Origin{Rule: string(propose.NonUse)}
	if f, ok := s.found.reason(d.Helps.Question(), s.reason); ok {
		o.Report, o.Title, o.Figure = s.found.report.ID, s.found.report.Title, &f
	}
	return o
}

// prefill are the values of a form that nobody sent yet.
func (d *Desk) prefill(r *web.Request, s *subject, q url.Values) url.Values {
	w, v := in(r), url.Values{}
	switch {
	case s.action != nil:
		a := s.action
		for name, text := range map[string]string{"title": a.Title, "why": a.Why, "risk": a.Risk, "notes": a.Notes, "owner": a.Owner.Account, "role": a.Owner.Role, "target": targetValue(&a.Target),
			"starts": string(a.Starts), "due": string(a.Due), "review": string(a.Review)} {
			v.Set(name, text)
		}
		if a.Target.Kind == action.Other {
			v.Set("target-name", a.Target.Name.In(r.Lang))
		}
		if m := a.Measure; m != nil {
			v.Set("measure", keep)
			v.Set("direction", string(m.Direction))
			if m.Goal != nil {
				v.Set("goal", w.goal(&m.Figure, *m.Goal))
			}
		}
		return v
	case s.proposal != nil:
		p := proposed{w, d.Helps, s.proposal}
		v.Set("title", p.title())
		v.Set("why", strings.Join(p.why(), "\n"))
		v.Set("target", targetValue(&s.proposal.Target))
		v.Set("measure", s.proposal.Figure.Key.String())
		v.Set("direction", string(s.proposal.Direction))
	case s.reason != "":
		v.Set("target", targetValue(&action.Target{Kind: action.NonUsers}))
		if o := d.origin(s); o != nil && o.Figure != nil {
			v.Set("measure", o.Figure.Key.String())
		}
		v.Set("direction", string(action.Down))
	}
	if s.reason != "" {
		d.helped(w, s, q, v)
	}
	if v.Get("target") == "" {
		v.Set("target", targetValue(&action.Target{Kind: action.Everyone}))
	}
	if v.Get("direction") == "" {
		v.Set("direction", string(action.Up))
	}
	v.Set("state", string(action.Proposed))
	return v
}

// helped fills in the help that was chosen for a reason.
func (d *Desk) helped(w words, s *subject, q, v url.Values) {
	if d.Helps == nil {
		return
	}
	name, list, ok := d.Helps.Helps(s.reason, w.lang)
	if !ok {
		return
	}
	if v.Get("title") == "" {
		v.Set("title", w.with("propose.title-non-use", "answer", w.Quote(w.Inside(name))))
	}
	i, err := strconv.Atoi(q.Get("help"))
	if err != nil || i < 0 || i >= len(list) {
		return
	}
	text := list[i].Office
	if q.Get("work") == "field" {
		text = list[i].Field
		v.Set("target", targetValue(&action.Target{Kind: action.FieldWork}))
	}
	v.Set("why", strings.TrimSpace(text+"\n"+v.Get("why")))
	v.Set("title", w.with("propose.title-help", "kind", list[i].Kind, "answer", w.Quote(w.Inside(name))))
}

// goal writes a goal as one types it.
func (w words) goal(f *action.Figure, x float64) string {
	if f.Unit == action.Share {
		return w.Decimal(100*x, 0)
	}
	return w.Decimal(x, 1)
}

// readGoal reads a goal in the unit of a figure; nil for none. What is no number is a goal that the domain refuses.
func readGoal(text string, unit action.Unit) *float64 {
	text = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "%"))
	if text == "" {
		return nil
	}
	x, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", "."), 64)
	if err != nil {
		x = -1
	}
	if unit == action.Share {
		x /= 100
	}
	return &x
}

func (d *Desk) askNew(w http.ResponseWriter, r *web.Request) error {
	s, err := d.subject(r, r.URL.Query())
	if err != nil {
		return err
	}
	form := web.NewForm()
	form.Values = d.prefill(r, s, r.URL.Query())
	return d.formPage(w, r, http.StatusOK, form, s)
}

func (d *Desk) askEdit(w http.ResponseWriter, r *web.Request) error { return d.askNew(w, r) }

func (d *Desk) formPage(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState, s *subject) error {
	v := formView{words: in(r), a: s.action, found: s.found, form: form, then: s.then}
	kept := &action.Target{}
	above := []ui.Link{}
	title := v.say("new.title")
	if s.action != nil {
		kept, title = &s.action.Target, v.say("edit.title")
		above = append(above, ui.Link{Label: s.action.Title, Href: itemAt(s.action.ID)})
		version := strconv.FormatInt(s.action.Version, 10)
		if was := form.Values.Get("version"); was != "" {
			version = was
		}
		v.hidden = append(v.hidden, ui.NameValue{Name: "version", Value: version})
	}
	if s.proposal != nil {
		v.hidden = append(v.hidden, ui.NameValue{Name: "report", Value: s.found.report.ID}, ui.NameValue{Name: "proposal", Value: s.proposal.Key()})
		kept = &s.proposal.Target
		above = append(above, v.link("proposals.title", reportAt(proposalsAt, s.found.report.ID)))
	} else if s.reason != "" {
		v.hidden = append(v.hidden, ui.NameValue{Name: "from", Value: "reason:" + s.reason})
	}
	if s.reason != "" && d.Helps != nil {
		_, v.helps, _ = d.Helps.Helps(s.reason, v.lang)
	}
	if s.then != "" {
		v.hidden = append(v.hidden, ui.NameValue{Name: "then", Value: string(s.then)})
	}
	if s.found != nil {
		v.hidden = append(v.hidden, ui.NameValue{Name: "measure-report", Value: s.found.report.ID})
	}
	var err error
	if v.targets, err = d.audiences(r, v.findings(), kept); err != nil {
		return err
	}
	if v.owners, err = d.owners(r, s.action); err != nil {
		return err
	}
	p := below(r, title, above...)
	p.Status, p.Invalid = status, !form.OK()
	if s.then != "" {
		p.Lead = v.say("edit.then-" + string(s.then))
	}
	return r.Show(w, p, formPage(v))
}

// owners are the accounts that a form offers: those that are proposed, and who answers for the action now.
func (d *Desk) owners(r *web.Request, a *action.Action) ([]action.Account, error) {
	reader := d.Actions.DB.Of(r.Actor.Tenant)
	list, err := d.Actions.Accounts.Owners(r.Context(), reader)
	if err != nil || a == nil || a.Owner.Account == "" || slices.ContainsFunc(list, func(x action.Account) bool { return x.ID == a.Owner.Account }) {
		return list, err
	}
	name, err := d.names(r).of(a.Owner.Account)
	if err != nil || name == "" {
		return list, err
	}
	return append(slices.Clone(list), action.Account{ID: a.Owner.Account, Name: name}), nil
}

func (d *Desk) putNew(w http.ResponseWriter, r *web.Request) error { return d.put(w, r) }

func (d *Desk) putEdit(w http.ResponseWriter, r *web.Request) error { return d.put(w, r) }

// put keeps a form: a new action, or a changed one.
func (d *Desk) put(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	s, err := d.subject(r, form)
	if err != nil {
		return err
	}
	id, err := d.keep(r, s, form)
	if err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error { return d.formPage(w, r, status, state, s) })
	}
	said := "made"
	if s.action != nil {
		said = "edited"
	}
	return r.Redirect(w, itemAt(id), notice(r, said))
}

func (d *Desk) keep(r *web.Request, s *subject, form url.Values) (string, error) {
	draft, err := d.draft(r, s, form)
	if err != nil {
		return "", err
	}
	if s.action == nil {
		birth := action.Birth{From: d.origin(s), State: action.State(form.Get("state"))}
		a, err := d.Actions.Make(r.Context(), r.Actor, draft, birth, r.Asked(form, form))
		return a.ID, err
	}
	version := numberOf(form.Get("version"))
	if s.then == "" {
		return s.action.ID, d.Actions.Edit(r.Context(), r.Actor, s.action.ID, version, draft)
	}
	return s.action.ID, d.Actions.EditAndMove(r.Context(), r.Actor, s.action.ID, version, draft, s.then)
}

// draft reads an action from a form.
func (d *Desk) draft(r *web.Request, s *subject, form url.Values) (action.Draft, error) {
	dates := problem.Form{Bundle: action.Locale()}
	out := action.Draft{Title: form.Get("title"), Why: form.Get("why"), Risk: form.Get("risk"), Notes: form.Get("notes"), Owner: action.Owner{Account: form.Get("owner"), Role: form.Get("role")},
		Starts: dayOf(&dates, "starts", form.Get("starts")), Due: dayOf(&dates, "due", form.Get("due")), Review: dayOf(&dates, "review", form.Get("review"))}
	if err := dates.Err(); err != nil {
		return out, err
	}
	kept := &action.Target{}
	if s.action != nil {
		kept = &s.action.Target
	} else if s.proposal != nil {
		kept = &s.proposal.Target
	}
	x := s.found
	if id := form.Get("measure-report"); id != "" && (x == nil || x.report.ID != id) {
		var err error
		if x, err = d.found(r, id); err != nil {
			return out, err
		}
	}
	v := formView{found: x}
	var err error
	if out.Target, err = d.target(r, form.Get("target"), form.Get("target-name"), v.findings(), kept); err != nil {
		return out, err
	}
	to := action.Direction(form.Get("direction"))
	switch measure := form.Get("measure"); {
	case measure == "":
	case measure == keep && s.action != nil && s.action.Measure != nil:
		out.Keep = true
		out.Measure = &action.Wish{Direction: to, Goal: readGoal(form.Get("goal"), s.action.Measure.Figure.Unit)}
	default:
		key, _ := action.ParseKey(measure) // what is none is refused as a figure that is not there
		wish := &action.Wish{Key: key, Direction: to}
		if x != nil {
			wish.Report = x.report.ID
			unit := x.unit(&wish.Key, &out.Target)
			wish.Goal = readGoal(form.Get("goal"), unit)
		}
		out.Measure = wish
	}
	return out, nil
}

// unit narrows a key to the group of an audience where the report shows its figure, and returns the unit.
func (x *found) unit(k *action.Key, t *action.Target) action.Unit {
	if k.Source == action.FromGap && x.gap != nil {
		f, _ := action.ReadGap(x.gap, *k, x.names)
		return f.Unit
	}
	if k.Everyone() {
		narrow := *k
		narrow.Variable, narrow.Value = t.Variable, t.Value
		if t.Kind == action.FieldWork {
			narrow.Variable, narrow.Value = "workplace", "field"
		}
		if f, ok := action.Read(x.findings, narrow); ok && narrow.Variable != "" {
			*k = narrow
			return f.Unit
		}
	}
	f, _ := action.Read(x.findings, *k)
	return f.Unit
}
