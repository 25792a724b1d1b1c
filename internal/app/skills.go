package app

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/people"
	"tekentafel/internal/people/mapping/value"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/store"
	"tekentafel/internal/skills"
	"tekentafel/internal/skills/check"
	"tekentafel/internal/skills/needs"
	"tekentafel/internal/skills/needs/demand"
	"tekentafel/internal/skills/own"
	"tekentafel/internal/tenant"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// newSkills builds the feature of skills and the map of what functions ask.
func (a *App) newSkills() error {
	duties := dutiesOfSkills{a.Staff, a.DB}
	material, err := check.Builtin()
	if err != nil {
		return err
	}
	a.Needs = needs.New(needs.Dependencies{DB: a.DB, Audit: a.Audit, Now: a.Now, Base: material.Framework, Staff: duties, Accounts: accountsOfStaff{}, Zone: a.Zone, Dir: a.Dir, MaxUpload: a.MaxUpload})
	a.newItems(material)
	a.newGaps()
	a.Skills = skills.New(skills.Dependencies{DB: a.DB, Box: a.Box, Clock: a.Now, Audit: a.Audit, Material: material, Organisations: faces{organisations{a.DB}, a},
		Posts: duties, Functions: duties, Needs: skills.FromMap(a.Needs), Frameworks: a.Needs, Materials: a.Items, Gifts: a.Items,
		Offers: []own.Offers{a.Needs, a.Gaps, a.Items, nonUseOffers{a}}})
	a.Identity.AlsoForget(func(w http.ResponseWriter) { a.Skills.SignedOut(w) })
	return nil
}

// nonUseOffers leads from the door to the feature about non-users, which is built after it.
type nonUseOffers struct{ app *App }

// Offers implements own.Offers.
func (n nonUseOffers) Offers(r *web.Request) []ui.Tile { return n.app.NonUse.Offers(r) }

// dutiesOfSkills is the personnel data as the feature of skills wants it.
type dutiesOfSkills struct {
	staff *people.Service
	db    *db.DB
}

// Revision implements needs.Staff.
func (d dutiesOfSkills) Revision(ctx context.Context, r db.Reader) (int64, error) {
	return d.staff.DutiesRevision(ctx, r)
}

// Standing implements needs.Staff.
func (d dutiesOfSkills) Standing(ctx context.Context, r db.Reader) (*demand.Organisation, error) {
	found, err := d.staff.Duties(ctx, r)
	if err != nil {
		return nil, err
	}
	out := &demand.Organisation{Revision: found.Revision, Tallies: talliesOf(found.Tallies)}
	for i := range found.Functions {
		f := &found.Functions[i]
		out.Functions = append(out.Functions, demand.Function{ID: f.ID, Code: f.Code, Name: f.Name, Family: f.Family, Level: string(f.Level), Work: demand.Work(f.Work)})
	}
	for i := range found.Units {
		u := &found.Units[i]
		out.Units = append(out.Units, demand.Unit{ID: u.ID, Code: u.Code, Name: u.Name, Parent: u.Parent})
	}
	return out, nil
}

// Led implements needs.Staff.
func (d dutiesOfSkills) Led(ctx context.Context, actor access.Actor) ([]demand.Tally, error) {
	list, err := d.staff.LedDuties(ctx, actor)
	return talliesOf(list), err
}

func talliesOf(list []store.Tally) []demand.Tally {
	out := make([]demand.Tally, len(list))
	for i, t := range list {
		out[i] = demand.Tally{Function: t.Function, Unit: t.Unit, People: t.People}
	}
	return out
}

// Post implements own.Posts.
func (d dutiesOfSkills) Post(ctx context.Context, t tenant.ID, account string) (own.Post, error) {
	does, err := d.staff.OwnDuties(ctx, d.db.Of(t), account)
	if err != nil || len(does.Functions) == 0 {
		return own.Post{}, err
	}
	out := own.Post{Unit: check.Ref{ID: does.Unit.ID, Name: does.Unit.Name}}
	for _, f := range does.Functions {
		out.Functions = append(out.Functions, check.Ref{ID: f.ID, Name: f.Name})
	}
	work := does.Functions[0].Work
	out.Field, out.Known = work == org.Field, work == org.Field || work == org.Desk
	return out, nil
}

// mostFunctions is how many functions a search shows.
const mostFunctions = 20

// Search implements own.Functions: functions of which the name has the words of a text in it, those that begin with it first.
func (d dutiesOfSkills) Search(ctx context.Context, t tenant.ID, text string) ([]check.Ref, error) {
	text = value.Fold(text)
	if text == "" {
		return nil, nil
	}
	head, err := store.Head(ctx, d.db.Of(t))
	if err != nil {
		return nil, err
	}
	list, err := store.AllOf[org.Function](ctx, d.db.Of(t), head.Current)
	if err != nil {
		return nil, err
	}
	type hit struct {
		check.Ref
		folded string
	}
	var hits []hit
	for i := range list {
		folded := value.Fold(list[i].Name)
		if !slices.ContainsFunc(strings.Fields(text), func(word string) bool { return !strings.Contains(folded, word) }) {
			hits = append(hits, hit{check.Ref{ID: list[i].ID, Name: list[i].Name}, folded})
		}
	}
	slices.SortFunc(hits, func(x, y hit) int {
		first := func(h hit) int {
			if strings.HasPrefix(h.folded, text) {
				return 0
			}
			return 1
		}
		return cmp.Or(first(x)-first(y), len(x.folded)-len(y.folded), strings.Compare(x.folded, y.folded))
	})
	var out []check.Ref
	for _, h := range hits[:min(len(hits), mostFunctions)] {
		out = append(out, h.Ref)
	}
	return out, nil
}
