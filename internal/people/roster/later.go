package roster

import (
	"net/http"
	"slices"
	"time"

	"tekentafel/internal/i18n"
	"tekentafel/internal/people"
	"tekentafel/internal/people/store"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// laterPath is where what was put off of a kind is brought back.
func laterPath(kind store.Subject) string {
	if kind == store.Duplicate {
		return "/staff/duplicates/later"
	}
	return "/staff/titles/later"
}

// putOff are the proposals that somebody put off.
type putOff struct {
	kind  store.Subject
	since map[string]time.Time
	open  int // of them that can still be decided on
}

func (x *Roster) putOff(r *web.Request, kind store.Subject) (putOff, error) {
	since, err := x.PutOffs(r.Context(), r.Actor, kind)
	return putOff{kind: kind, since: since}, err
}

// behind puts the proposals that were put off behind the others, those that were put off first in front.
func behind[T any](p *putOff, list []T, ids func(*T) []string) {
	at := make(map[string]time.Time, len(list))
	key := func(v *T) string { return people.Proposal(ids(v)...) }
	for i := range list {
		k := key(&list[i])
		if at[k] = p.since[k]; !at[k].IsZero() {
			p.open++
		}
	}
	if p.open == 0 {
		return
	}
	slices.SortStableFunc(list, func(a, b T) int { return at[key(&a)].Compare(at[key(&b)]) }) // never comes before any day
}

// note says that a proposal was put off, and when; no cell content where it was not.
func (p *putOff) note(w words, ids ...string) string {
	if at := p.since[people.Proposal(ids...)]; !at.IsZero() {
		return w.T("later.since", i18n.Args{"when": w.moment(at)})
	}
	return ""
}

// allBack is the form that brings all back.
func (p *putOff) allBack() ui.FormSpec {
	return ui.FormSpec{State: web.NewForm(), Action: laterPath(p.kind)}
}

// oneBack is the form that brings one back.
func (p *putOff) oneBack(ids ...string) ui.FormSpec {
	f := p.allBack()
	for _, id := range ids {
		f.Hidden = append(f.Hidden, ui.NameValue{Name: "id", Value: id})
	}
	return f
}

// takeUp brings back what somebody put off: one proposal, or all.
func (x *Roster) takeUp(kind store.Subject) web.Handler {
	return func(w http.ResponseWriter, r *web.Request) error {
		form, err := r.ReadForm()
		if err != nil {
			return err
		}
		proposal, back, notice := "", "/staff/titles", "notice.taken-up-all"
		if kind == store.Duplicate {
			back = "/staff/duplicates"
		}
		if ids := form["id"]; len(ids) > 0 {
			proposal, notice = people.Proposal(ids...), "notice.taken-up"
		}
		if err := x.TakeUp(r.Context(), r.Actor, kind, proposal); err != nil {
			return err
		}
		return r.Redirect(w, back, r.Notice(noticeBundle, notice))
	}
}
