package desk

import (
	"context"
	"net/http"
	"slices"

	"tekentafel/internal/access"
	"tekentafel/internal/action"
	"tekentafel/internal/db"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// names are names of accounts, each asked for once.
type names struct {
	d     *Desk
	ctx   context.Context
	r     db.Reader
	known map[string]string
}

func (d *Desk) names(r *web.Request) *names {
	return &names{d, r.Context(), d.Actions.DB.Of(r.Actor.Tenant), map[string]string{}}
}

// of returns the name of an account, "" for none and for one that is gone.
func (x *names) of(account string) (string, error) {
	if account == "" {
		return "", nil
	}
	if name, ok := x.known[account]; ok {
		return name, nil
	}
	name, err := x.d.Actions.Accounts.Name(x.ctx, x.r, account)
	if err == nil {
		x.known[account] = name
	}
	return name, err
}

// owner names who answers for an action.
func (x *names) owner(w words, o action.Owner) (string, error) {
	name, err := x.of(o.Account)
	switch {
	case err != nil:
		return "", err
	case name != "" && o.Role != "":
		return w.with("owner.both", "name", name, "role", o.Role), nil
	case name != "":
		return name, nil
	case o.Role != "":
		return o.Role, nil
	}
	return w.say("owner.nobody"), nil
}

// line is an action in the list.
type line struct {
	*action.Action
	owner   string
	overdue bool
	review  bool
	effect  *action.Effect
}

// listView is the list of actions.
type listView struct {
	words
	tabs   []ui.Link
	lines  []line
	show   string
	who    string
	owners []action.Account
	may    bool // make one
	all    bool // reads all, not only the own
	none   bool // there is no action at all
}

// shows are what the list can hold.
func shows() []string { return []string{"open", "late", "done", "stopped", "all"} }

// holds tells whether a line is in what is shown.
func (v *listView) holds(l *line) bool {
	switch v.show {
	case "late":
		return l.overdue || l.review
	case "done":
		return l.State == action.Done
	case "stopped":
		return l.State == action.Stopped
	case "all":
		return true
	}
	return !l.State.Ended()
}

// mine is how the address names who looks.
const mine = "me"

func (d *Desk) list(w http.ResponseWriter, r *web.Request) error {
	v := listView{words: in(r), tabs: d.Tabs(r, home), may: r.Can(changes), all: r.Can(reads), show: r.URL.Query().Get("show"), who: r.URL.Query().Get("who")}
	if !slices.Contains(shows(), v.show) {
		v.show = "open"
	}
	list, err := d.Actions.List(r.Context(), r.Actor, action.Query{})
	if err != nil {
		return err
	}
	effects, err := d.Actions.Effects(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	v.none = len(list) == 0
	today, names := d.Actions.Today(), d.names(r)
	for i := range list {
		l := line{Action: &list[i], overdue: list[i].Overdue(today), review: list[i].ToReview(today)}
		if !v.holds(&l) || v.who == mine && l.Owner.Account != r.Actor.Owner || v.who != "" && v.who != mine && l.Owner.Account != v.who {
			continue
		}
		if l.owner, err = names.owner(v.words, l.Owner); err != nil {
			return err
		}
		if e, ok := effects[l.ID]; ok {
			l.effect = &e
		}
		v.lines = append(v.lines, l)
	}
	if v.all {
		if v.owners, err = d.owning(r, list, names); err != nil {
			return err
		}
	}
	p := page(r, v.say("title"))
	p.Lead = v.say("lead")
	p.Synthetic = slices.ContainsFunc(v.lines, func(l line) bool { return l.effect != nil && l.effect.Before.Synthetic })
	if v.may {
		p.Actions = []ui.Action{{Label: v.say("new.title"), Href: newAt, Kind: ui.Quiet}}
	}
	return r.Show(w, p, listPage(v))
}

// owning are the accounts that answer for an action of a list, by name.
func (d *Desk) owning(r *web.Request, list []action.Action, names *names) ([]action.Account, error) {
	var out []action.Account
	for i := range list {
		id := list[i].Owner.Account
		if id == "" || id == r.Actor.Owner || slices.ContainsFunc(out, func(a action.Account) bool { return a.ID == id }) {
			continue
		}
		name, err := names.of(id)
		if err != nil {
			return nil, err
		}
		if name != "" {
			out = append(out, action.Account{ID: id, Name: name})
		}
	}
	slices.SortStableFunc(out, func(a, b action.Account) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return out, nil
}

func (v *listView) showChoice() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "show", Label: v.say("list.show")}, Chosen: []string{v.show}}
	for _, s := range shows() {
		c.Options = append(c.Options, ui.Option{Value: s, Label: v.say("list.show-" + s)})
	}
	return c
}

func (v *listView) whoChoice() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "who", Label: v.say("list.who")}, Chosen: []string{v.who}, Options: []ui.Option{{Label: v.say("list.who-all")}, {Value: mine, Label: v.say("list.who-me")}}}
	for _, o := range v.owners {
		c.Options = append(c.Options, ui.Option{Value: o.ID, Label: o.Name})
	}
	return c
}

// states are the states of which there are lines, with their lines.
func (v *listView) states() []action.State {
	var out []action.State
	for _, s := range action.States() {
		if slices.ContainsFunc(v.lines, func(l line) bool { return l.State == s }) {
			out = append(out, s)
		}
	}
	return out
}

// table is the actions in a state.
func (v *listView) table(s action.State) ui.Table {
	t := ui.Table{Caption: v.say("state." + string(s)), HideCaption: true, Columns: []ui.Column{{Label: v.say("column.action")}, {Label: v.say("column.target")}, {Label: v.say("column.owner")},
		{Label: v.say("column.due")}, {Label: v.say("column.effect")}}}
	for i := range v.lines {
		l := &v.lines[i]
		if l.State != s {
			continue
		}
		due := l.Due
		if s.Ended() {
			due = l.Ended
		}
		effect := ui.Cell{Text: v.say("effect.none"), Quiet: true}
		if l.effect != nil {
			effect = ui.Cell{Text: v.short(l.effect), Quiet: l.effect.Verdict == action.Waiting}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: l.Title, Href: itemAt(l.ID)}, {Text: v.target(&l.Target)}, {Text: l.owner}, {Content: dueCell(v.words, due, l.overdue, l.review)}, effect}})
	}
	if s == action.Done || s == action.Stopped {
		t.Columns[3].Label = v.say("column.ended")
	}
	return t
}

func (v *listView) nothing() ui.Empty {
	e := ui.Empty{Title: v.say("list.empty"), Text: v.say("list.empty-text")}
	if v.may {
		e.Action = &ui.Action{Label: v.say("list.empty-do"), Href: proposalsAt, Kind: ui.Next}
	}
	if !v.all {
		e.Text = v.say("list.empty-own")
	}
	return e
}

// mayRun tells whether who sends r may say how far an action is.
func mayRun(r *web.Request, a *action.Action) bool {
	return access.Can(r.Actor, runs, access.Resource{Tenant: r.Actor.Tenant, Owner: a.Owner.Account})
}
