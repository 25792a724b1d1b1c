package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"tekentafel/internal/action"
	"tekentafel/internal/action/propose"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// proposalsView is what is proposed from a report.
type proposalsView struct {
	words
	d       *Desk
	tabs    []ui.Link
	found   *found
	others  []ui.Link // reports to choose from
	open    []proposed
	taken   []takenLine
	aside   []asideLine
	changes bool
}

type takenLine struct {
	proposed
	id, title string
	state     action.State
}

type asideLine struct {
	proposed
	reason, who, when string
}

// newest leads to the proposals of the newest report.
func (d *Desk) newest(w http.ResponseWriter, r *web.Request) error {
	if !r.Can(reads) {
		return notYours()
	}
	list, err := d.reports(r)
	if err != nil {
		return err
	}
	if len(list) > 0 {
		return d.proposalsOf(w, r, list[0].ID)
	}
	v := in(r)
	p := page(r, v.say("proposals.title"))
	p.Crumbs = []ui.Link{v.link("title", home)}
	return r.Show(w, p, noProposals(d.Tabs(r, proposalsAt), v, d.nothing(r, v)))
}

func (d *Desk) nothing(r *web.Request, v words) ui.Empty {
	e := ui.Empty{Title: v.say("proposals.empty"), Text: v.say("proposals.empty-text")}
	if r.Can(changes) {
		e.Action = &ui.Action{Label: v.say("proposals.empty-do"), Href: "/waves", Kind: ui.Next}
	}
	return e
}

func (d *Desk) proposals(w http.ResponseWriter, r *web.Request) error {
	return d.proposalsOf(w, r, r.PathValue("report"))
}

func (d *Desk) proposalsOf(w http.ResponseWriter, r *web.Request, id string) error {
	if !r.Can(reads) {
		return notYours()
	}
	x, err := d.found(r, id)
	if err != nil {
		return err
	}
	v := proposalsView{words: in(r), d: d, tabs: d.Tabs(r, proposalsAt), found: x, changes: r.Can(changes)}
	list, err := d.reports(r)
	if err != nil {
		return err
	}
	for _, o := range list {
		v.others = append(v.others, ui.Link{Label: o.Title, Href: reportAt(proposalsAt, o.ID), Current: o.ID == id})
	}
	made, err := d.Actions.List(r.Context(), r.Actor, action.Query{Report: id})
	if err != nil {
		return err
	}
	asides, err := d.Actions.Asides(r.Context(), r.Actor, id)
	if err != nil {
		return err
	}
	names := d.names(r)
	for i := range x.list {
		p := proposed{v.words, d.Helps, &x.list[i]}
		if j := slices.IndexFunc(made, func(a action.Action) bool { return a.From.Proposal == p.Key() }); j >= 0 {
			v.taken = append(v.taken, takenLine{p, made[j].ID, made[j].Title, made[j].State})
			continue
		}
		if a, ok := asides[p.Key()]; ok {
			name, err := names.of(a.Account)
			if err != nil {
				return err
			}
			v.aside = append(v.aside, asideLine{p, a.Reason, v.nameOr(name), v.moment(a.At)})
			continue
		}
		v.open = append(v.open, p)
	}
	p := below(r, v.say("proposals.title"))
	p.Kicker, p.Lead, p.Synthetic = x.report.Title, v.say("proposals.lead"), x.report.Synthetic
	if v.changes && len(v.open) > 0 {
		p.Actions = []ui.Action{{Label: v.say("proposals.first"), Href: v.takeAt(v.open[0], -1), Kind: ui.Next}}
	}
	return r.Show(w, p, proposalsPage(v))
}

// takeAt is the form that makes an action of a proposal, with one of its helps when i is not below 0.
func (v *proposalsView) takeAt(p proposed, i int) string {
	q := url.Values{"report": {v.found.report.ID}, "proposal": {p.Key()}}
	if i >= 0 {
		q.Set("help", strconv.Itoa(i))
	}
	return newAt + "?" + q.Encode()
}

func (v *proposalsView) asideAt(p proposed) string {
	return reportAt(proposalsAt, v.found.report.ID) + "/aside?" + url.Values{"proposal": {p.Key()}}.Encode()
}

// buttons are what can be done with a proposal.
func (v *proposalsView) buttons(p proposed) []ui.Action {
	return []ui.Action{{Label: v.say("proposals.take"), About: p.title(), Href: v.takeAt(p, -1), Kind: ui.Quiet}, {Label: v.say("proposals.aside"), About: p.title(), Href: v.asideAt(p), Kind: ui.Plain}}
}

// back is the form that brings a proposal back.
func (v *proposalsView) back(p proposed) ui.FormSpec {
	return ui.FormSpec{Action: reportAt(proposalsAt, v.found.report.ID) + "/back", Hidden: []ui.NameValue{{Name: "proposal", Value: p.Key()}}}
}

// rules say when something is proposed.
func (v *proposalsView) rules() []string {
	percent := func(x float64) string { return v.Percent(x) }
	var out []string
	for _, rule := range propose.Rules() {
		out = append(out, v.with("propose.rule-"+string(rule), "reason", percent(propose.LeastReason), "support", percent(propose.LeastSupport), "unknowing", percent(propose.LeastUnknowing),
			"undisclosed", percent(propose.LeastUndisclosed), "short", percent(propose.LeastShort), "sure", percent(propose.LeastSure)))
	}
	return append(out, v.say("propose.rule-personal"))
}

// chosen returns the proposal that a form or an address names.
func (d *Desk) chosen(r *web.Request, q url.Values) (*found, *propose.Proposal, error) {
	x, err := d.found(r, r.PathValue("report"))
	if err != nil {
		return nil, nil, err
	}
	p := propose.Find(x.list, q.Get("proposal"))
	if p == nil {
		return nil, nil, refuseGone()
	}
	return x, p, nil
}

func (d *Desk) askAside(w http.ResponseWriter, r *web.Request) error {
	return d.asidePage(w, r, r.URL.Query(), http.StatusOK, web.NewForm())
}

// asideView asks why a proposal is put aside.
type asideView struct {
	proposed
	report string
	form   *ui.FormState
}

func (d *Desk) asidePage(w http.ResponseWriter, r *web.Request, q url.Values, status int, form *ui.FormState) error {
	x, p, err := d.chosen(r, q)
	if err != nil {
		return err
	}
	v := asideView{proposed{in(r), d.Helps, p}, x.report.ID, form}
	pg := below(r, v.say("aside.title"), v.link("proposals.title", reportAt(proposalsAt, x.report.ID)))
	pg.Status, pg.Invalid = status, !form.OK()
	return r.Show(w, pg, asidePage(v))
}

func (v *asideView) spec() ui.FormSpec {
	return ui.FormSpec{State: v.form, Action: reportAt(proposalsAt, v.report) + "/aside", Hidden: []ui.NameValue{{Name: "proposal", Value: v.Key()}}}
}

func (v *asideView) reason() ui.Field {
	return ui.Field{Name: "reason", Label: v.say("aside.reason"), Hint: v.say("aside.reason-hint"), MaxLength: action.MostReason, Rows: 3}
}

func (d *Desk) putAside(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	x, p, err := d.chosen(r, form)
	if err != nil {
		return err
	}
	if err := d.Actions.PutAside(r.Context(), r.Actor, x.report.ID, p.Key(), form.Get("reason")); err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error { return d.asidePage(w, r, form, status, state) })
	}
	return r.Redirect(w, reportAt(proposalsAt, x.report.ID), notice(r, "aside"))
}

func (d *Desk) takeBack(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	x, err := d.found(r, r.PathValue("report"))
	if err != nil {
		return err
	}
	if err := d.Actions.TakeBack(r.Context(), r.Actor, x.report.ID, form.Get("proposal")); err != nil {
		return err
	}
	return r.Redirect(w, reportAt(proposalsAt, x.report.ID), notice(r, "back"))
}
