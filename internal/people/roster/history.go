package roster

import (
	"cmp"
	"context"
	"slices"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/store"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// event is a change of a row, in words.
type event struct {
	by   store.Revision
	said []string
}

// field is a value of a row with the key of its name.
type field struct{ key, value string }

// events says what changed from version to version, the newest first. fields are in the same order for each row.
func events[T store.Row](w words, versions []store.Version[T], fields func(*T) []field) []event {
	var out []event
	for i := range versions {
		v := &versions[i]
		if v.Until != nil && (i == 0 || versions[i-1].Since.Seq != v.Until.Seq) {
			out = append(out, event{*v.Until, []string{w.say("history.ended")}})
		}
		now := fields(&v.Row)
		if i+1 == len(versions) || versions[i+1].Until == nil || versions[i+1].Until.Seq != v.Since.Seq {
			out = append(out, event{v.Since, []string{w.say("history.added")}})
			continue
		}
		e := event{by: v.Since}
		for j, was := range fields(&versions[i+1].Row) {
			if was.value != now[j].value {
				e.said = append(e.said, w.changed(now[j].key, was.value, now[j].value))
			}
		}
		if len(e.said) == 0 {
			e.said = []string{w.say("history.else")}
		}
		out = append(out, e)
	}
	return out
}

// changed says that a value became another.
func (w words) changed(key, from, to string) string {
	args := i18n.Args{"what": w.say("what." + key), "from": from, "to": to}
	switch {
	case from == "":
		return w.T("history.filled", args)
	case to == "":
		return w.T("history.emptied", args)
	default:
		return w.T("history.changed", args)
	}
}

// historyTable is events as a table: when, by whom, what, and how to put it back.
func (x *Roster) historyTable(ctx context.Context, r *web.Request, w words, list []event) (ui.Table, error) {
	t := ui.Table{Caption: w.say("history.title"), HideCaption: true, Columns: []ui.Column{{Label: w.say("history.when")}, {Label: w.say("history.who")}, {Label: w.say("history.what"), Long: true}}}
	names := map[string]string{}
	for _, e := range list {
		who, err := x.who(ctx, x.read(r), &e.by, names, w)
		if err != nil {
			return t, err
		}
		row := ui.Row{Cells: []ui.Cell{{Text: w.moment(e.by.At)}, {Text: who}, {Content: lines(e.said)}}}
		if r.Can(access.ChangePeople) && e.by.UndoneBy == 0 && (e.by.Kind == store.ByEdit || e.by.Kind == store.ByMerge) {
			row.Actions = []ui.Action{{Label: w.say("undo.do"), Href: undoPath(e.by.Seq, r.URL.Path)}}
		}
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

// who says who made a change, and how.
func (x *Roster) who(ctx context.Context, r db.Reader, v *store.Revision, names map[string]string, w words) (string, error) {
	name, known := names[v.Account]
	if !known && v.Account != "" {
		var err error
		if name, err = x.Accounts.Name(ctx, r, v.Account); err != nil {
			return "", err
		}
		names[v.Account] = name
	}
	how := w.say("by." + string(v.Kind))
	if v.UndoneBy != 0 {
		how += ", " + w.say("by.undone")
	}
	if name == "" {
		return how, nil
	}
	return name + " (" + how + ")", nil
}

// unitFields is what a version of a unit says.
func (b *board) unitFields(w words, heads map[string]string) func(*org.Unit) []field {
	return func(u *org.Unit) []field {
		head := heads[u.Head]
		if head == "" && u.Head != "" {
			head = w.say("nobody-known")
		}
		parent := b.unitName(u.Parent)
		if parent == "" && u.Parent != "" {
			parent = w.say("nothing-known")
		}
		return []field{{"name", u.Name}, {"code", u.Code}, {"kind", u.Kind}, {"parent", parent}, {"head", head}, {"from", w.day(u.From)}, {"to", w.day(u.To)}}
	}
}

func functionFields(w words) func(*org.Function) []field {
	return func(f *org.Function) []field {
		work := ""
		if f.Work != "" {
			work = w.say("work." + string(f.Work))
		}
		return []field{{"name", f.Name}, {"code", f.Code}, {"family", f.Family}, {"level", string(f.Level)}, {"work", work}, {"isco", f.ISCO}, {"from", w.day(f.From)}, {"to", w.day(f.To)}}
	}
}

func (b *board) postFields(w words) func(*org.Post) []field {
	return func(p *org.Post) []field {
		unit, function := b.unitName(p.Unit), b.functionName(p.Function)
		if unit == "" && p.Unit != "" {
			unit = w.say("nothing-known")
		}
		if function == "" && p.Function != "" {
			function = w.say("nothing-known")
		}
		main := w.say("post.side")
		if p.Main {
			main = w.say("post.main")
		}
		return []field{{"unit", unit}, {"function", function}, {"fte", w.share(p.FTE)}, {"statute", p.Statute}, {"main", main}, {"from", w.day(p.From)}, {"to", w.day(p.To)}}
	}
}

// share writes a part of full time as a percentage; "" for one that is unknown.
func (w words) share(thousandths int) string {
	if thousandths < 0 {
		return ""
	}
	decimals := 0
	if thousandths%10 != 0 {
		decimals = 1
	}
	return w.Decimal(float64(thousandths)/10, decimals) + "\u00a0%"
}

// sortEvents brings events of several rows in one order, the newest first.
func sortEvents(list []event) {
	slices.SortStableFunc(list, func(a, b event) int { return cmp.Compare(b.by.Seq, a.by.Seq) })
}
