package needs

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"tekentafel/internal/asked"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/needs/demand"
)

// TestALargeOrganisationIsQuick has 2,000 functions in 300 units: everything taken over at once, exported, brought back and put back,
// and pages that open at once from then on.
func TestALargeOrganisationIsQuick(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	ctx := t.Context()
	s.staff.org = demand.Organisation{Revision: 2}
	for i := range 300 {
		u := demand.Unit{ID: fmt.Sprint("u", i), Name: fmt.Sprint("Dienst ", i)}
		if i > 0 {
			u.Parent = fmt.Sprint("u", (i-1)/4)
		}
		s.staff.org.Units = append(s.staff.org.Units, u)
	}
	for i := range 2000 {
		f := demand.Function{ID: fmt.Sprint("f", i), Code: fmt.Sprintf("F%04d", i), Name: fmt.Sprintf("Administratief medewerker dossiers %d", i), Family: fmt.Sprint("Familie ", i%4)}
		s.staff.org.Functions = append(s.staff.org.Functions, f)
		for j := range 5 {
			s.staff.org.Tallies = append(s.staff.org.Tallies, demand.Tally{Function: f.ID, Unit: fmt.Sprint("u", (i*7+j)%300), People: 35})
		}
	}
	took := func(what string, limit time.Duration, do func()) {
		t.Helper()
		best := time.Hour
		for try := 0; try < 8 && best > limit; try++ { // others may use the machine too
			start := time.Now()
			do()
			best = min(best, time.Since(start))
			if limit > time.Second {
				break
			}
		}
		t.Logf("%s: %v", what, best)
		if best > limit {
			t.Errorf("%s takes %v, more than %v", what, best, limit)
		}
	}
	for i := range 4 {
		took(fmt.Sprintf("take over 500 functions (%d)", i), 10*time.Second, func() {
			must(s.TakeOverFamily(ctx, hr(), fmt.Sprint("Familie ", i), readLater))(t)
		})
	}
	if c := s.mapNow().Coverage(); c.FunctionsSeen != 2000 || c.Taken != 350_000 {
		t.Errorf("%+v", c)
	}
	must(s.SetLevel(ctx, hr(), framework.Where{Department: "u3"}, "technical", 3, "Zo spraken we het af", readLater, asked.Request{}))(t)
	s.mapNow().Grid()
	for _, path := range []string{home, matrixAt, matrixAt + "?unit=u3&show=open", matrixAt + "?q=1999", functionsAt + "f7", familyAt("Familie 1"), historyAt, frameworkAt} {
		took(path, 50*time.Millisecond, func() { s.get("hr", path).wants(200) })
	}
	var b bytes.Buffer
	took("export", 10*time.Second, func() {
		if err := s.Export(ctx, hr(), &b, instrument.NL, false); err != nil {
			t.Fatal(err)
		}
	})
	var x Import
	took("bring back", 20*time.Second, func() { x = s.brings(b.Bytes()) })
	if len(x.Staged.Cells)+len(x.Staged.Troubles) != 0 {
		t.Errorf("%d cells, %d troubles", len(x.Staged.Cells), len(x.Staged.Troubles))
	}
	took("put back", 10*time.Second, func() { must(s.Undo(ctx, hr(), 1))(t) })
	if c := s.mapNow().Coverage(); c.FunctionsSeen != 1500 {
		t.Errorf("%+v", c)
	}
}
