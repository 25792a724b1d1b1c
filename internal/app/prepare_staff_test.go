package app

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/people"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/store"
)

// staffed is personnel data of the city, by what pages are about.
type staffed struct {
	source, received, previewed, applied, refused string // imports but for the first
	unit, function, person, member                string
	seq                                           int64
	a, b                                          string // two records that may be of one person
	titles                                        []string
	decision                                      string
}

// staffing gives the city personnel data in every state that a page shows.
func (h *house) staffing(t *testing.T) staffed {
	t.Helper()
	ctx := t.Context()
	if err := h.FillDemoStaff(ctx); err != nil {
		t.Fatal(err)
	}
	hr := h.actor(t, access.HR)
	r := h.DB.Of(hr.Tenant)
	out := staffed{}
	for _, v := range must(h.Staff.Imports(ctx, hr, store.ImportQuery{Limit: 10}))(t) {
		switch v.State {
		case store.Previewed:
			out.previewed = v.ID
		case store.Applied:
			out.applied, out.seq = v.ID, v.Revision
		default:
		}
	}
	path := filepath.Join(t.TempDir(), "new.csv")
	if err := os.WriteFile(path, []byte("Kenmerk;Wie;Waar\n1;Peeters An;Groen\n2;Maes Bo;Groen\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out.source = must(h.Staff.AddSource(ctx, hr, people.SourceInput{Name: "Andere bron"}))(t).ID
	bring := func(key string) string {
		return must(h.Staff.Receive(ctx, hr, people.Arrival{Source: out.source, FileName: "new.csv", Path: path, Asked: asked.Request{Key: key}}))(t)
	}
	out.received, out.refused = bring("one"), bring("two")
	if err := h.Staff.Refuse(ctx, hr, out.refused, must(h.Staff.Import(ctx, hr, out.refused))(t).Version); err != nil {
		t.Fatal(err)
	}
	var found *people.Assessment
	for end := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		var err error
		if found, _, err = h.Staff.Assessed(ctx, hr); err == nil && len(found.Titles) > 1 && len(found.People) > 0 {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("nothing is assessed: %v", err)
		}
	}
	out.a, out.b, out.titles = found.People[0].A, found.People[0].B, found.Titles[0].Functions
	if err := h.Staff.PartTitles(ctx, hr, found.Titles[1].Functions[:2]); err != nil {
		t.Fatal(err)
	}
	out.decision = must(h.Staff.Decisions(ctx, hr, store.Title))(t)[0].ID
	head := must(store.Head(ctx, r))(t)
	out.unit = must(store.UnitsBelow(ctx, r, head.Current, ""))(t)[0].ID
	out.function = must(store.AllOf[org.Function](ctx, r, head.Current))(t)[0].ID
	out.person = must(h.Staff.Search(ctx, hr, store.Query{Limit: 1}))(t).People[0].ID
	if team := must(h.Staff.Team(ctx, h.actor(t, access.Manager), store.Query{Limit: 1}))(t); len(team.People) > 0 {
		out.member = team.People[0].ID
	}
	h.idle(t)
	return out
}

// pages are where HR can begin beside what the home page leads to.
func (s staffed) pages() []string {
	var list []string
	for _, v := range []string{s.received, s.previewed, s.applied, s.refused} {
		list = append(list, "/staff/imports/"+v)
	}
	revision := fmt.Sprint(s.seq)
	return append(list, "/staff/sources/"+s.source, "/staff/units/"+s.unit, "/staff/functions/"+s.function, "/staff/list/"+s.person, "/staff/list/"+s.person+"/file",
		"/staff/list/"+s.person+"/move", "/staff/duplicates/"+s.a+"/"+s.b, "/staff/titles", "/staff/decisions/"+s.decision+"/withdraw", "/staff/changes/"+revision+"/undo",
		"/staff/revisions/"+revision, "/staff/revisions/"+revision+"/undo", "/staff/quality/unit.orphan", "/staff/quality/progress", "/staff/imports/"+s.received+"/progress")
}
