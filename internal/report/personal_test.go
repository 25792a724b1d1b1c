package report

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/web"
)

func TestDryRunCountsWhatIsDeleted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		old := w.ready(dbtest.Ours)
		_, _, err := w.Share(t.Context(), hr, old.ID, "ends", 1, asked.Request{})
		if err != nil {
			t.Fatal(err)
		}
		revoked, _, err := w.Share(t.Context(), hr, old.ID, "revoked", 365, asked.Request{})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Revoke(t.Context(), hr, old.ID, revoked.ID); err != nil {
			t.Fatal(err)
		}
		_, holds, err := w.Share(t.Context(), hr, old.ID, "holds", 365, asked.Request{})
		if err != nil {
			t.Fatal(err)
		}
		theirs := w.ready(dbtest.Theirs)
		busy := w.start(dbtest.Ours, w.source(dbtest.Ours).ID) // being made: neither it nor its answers may go
		w.clock.step(48 * time.Hour)
		fresh := w.source(dbtest.Ours)
		before := w.clock.now().Add(-time.Hour)
		for name, want := range map[string]int{"report-links": 2, "answers": 1, "reports": 0} {
			if name == "reports" {
				continue // below: it would take the links along
			}
			if n := w.age(t, name, before); n != want {
				t.Errorf("%d %s went, want %d", n, name, want)
			}
		}
		if _, err := w.Open(t.Context(), holds); err != nil {
			t.Errorf("a link that holds: %v", err)
		}
		if _, err := w.findings(t.Context(), dbtest.Ours, &old); err != nil {
			t.Fatalf("the report went with its answers: %v", err)
		}
		if n := w.age(t, "reports", before); n != 1 {
			t.Errorf("%d reports went", n)
		}
		if w.cache.get(cacheKey{dbtest.Ours, old.ID, "findings"}) != nil {
			t.Error("what was made from it is kept in memory")
		}
		_, err = w.Open(t.Context(), holds)
		wantOutcome(t, "a link to a report that went", err, "not-found")
		if _, err := w.Source(t.Context(), hr, fresh.ID); err != nil {
			t.Errorf("fresh answers: %v", err)
		}
		if _, err := w.Source(t.Context(), hr, busy.Source); err != nil {
			t.Errorf("answers in use: %v", err)
		}
		if _, err := w.findings(t.Context(), dbtest.Theirs, &theirs); err != nil {
			t.Errorf("theirs: %v", err)
		}
		if f := w.count("files"); f != 4 { // theirs: answers and findings; ours: the answers in use and the fresh ones
			t.Errorf("%d files are left", f)
		}
		if n := w.count("file_pieces"); n != 4 {
			t.Errorf("%d pieces are left", n)
		}
	})
}

// age deletes what is older, two at a time, after a dry run that must have said as many.
func (w *world) age(t *testing.T, name string, before time.Time) (total int) {
	t.Helper()
	kinds := w.Kept()
	k := kinds[slices.IndexFunc(kinds, func(k held.Kept) bool { return k.Name == name })]
	said, oldest, err := k.Count(t.Context(), w.d.Of(dbtest.Ours), before)
	if err != nil || said > 0 && !oldest.Before(before) {
		t.Fatalf("%s: %d, the oldest of %v, %v", name, said, oldest, err)
	}
	all, err := k.Held(t.Context(), w.d.Of(dbtest.Ours))
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n > 0; total += n {
		err := w.d.Write(t.Context(), dbtest.Ours, func(s *db.Scope) (err error) {
			n, err = k.Delete(t.Context(), s, before, 2)
			return err
		})
		if err != nil || n > 2 {
			t.Fatalf("%s: %d at a time, %v", name, n, err)
		}
	}
	left, err := k.Held(t.Context(), w.d.Of(dbtest.Ours))
	if err != nil || said != total || all-left != total {
		t.Errorf("%s: %d said, %d deleted, %d of %d left, %v", name, said, total, left, all, err)
	}
	return total
}

func TestPersonSeesWhatWasMadeAndIsForgotten(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		r := w.ready(dbtest.Ours)
		if _, _, err := w.Share(t.Context(), hr, r.ID, "note", 3, asked.Request{}); err != nil {
			t.Fatal(err)
		}
		sections, err := w.Held(t.Context(), dbtest.Ours, hr.Owner)
		if err != nil || len(sections) != 1 || len(sections[0].Rows) != 3 {
			t.Fatalf("%+v, %v", sections, err)
		}
		for i, want := range []string{"Voorjaar", "Rapport", "note"} {
			if row := sections[0].Rows[i]; row.Value != want || row.When.IsZero() || row.Label.In("nl") == "" {
				t.Errorf("%+v, want %s", row, want)
			}
		}
		if err := w.d.Write(t.Context(), dbtest.Ours, func(s *db.Scope) error { return w.Erase(t.Context(), s, hr.Owner) }); err != nil {
			t.Fatal(err)
		}
		if sections, err = w.Held(t.Context(), dbtest.Ours, hr.Owner); err != nil || len(sections) != 0 {
			t.Errorf("still held: %+v, %v", sections, err)
		}
		if got, err := w.Report(t.Context(), hr, r.ID); err != nil || got.CreatedBy != "" {
			t.Errorf("the report: %+v, %v", got, err)
		}
		if e := w.Effects(); len(e.Goes) == 0 || len(e.Stays) == 0 || e.Stays[0].Why.In("fr") == "" {
			t.Errorf("%+v", e)
		}
	})
}

// tasks returns where the tasks of somebody lead.
func (w *world) tasks(a access.Actor) []string {
	w.t.Helper()
	r := &web.Request{Request: httptest.NewRequest(http.MethodGet, "/", nil), Visit: web.Visit{Actor: a}, Lang: "nl"}
	list, err := w.Tasks(w.t.Context(), r)
	if err != nil {
		w.t.Fatal(err)
	}
	hrefs := []string{}
	for _, task := range list {
		if task.Title == "" || task.Label == "" {
			w.t.Errorf("%+v", task)
		}
		if at, about := task.Href, task.About; strings.HasPrefix(at, "/reports/") && (about == "" || !strings.HasPrefix(at, about)) {
			w.t.Errorf("the task that leads to %s is about %q", at, about)
		}
		hrefs = append(hrefs, task.Href)
	}
	if offers := w.Offers(r); len(offers) == 0 || offers[len(offers)-1].Href != "/reports" {
		w.t.Errorf("%+v", offers)
	}
	return hrefs
}

func TestTasksFollowTheRoleAndTheState(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		wants := func(when string, ofHR ...string) {
			t.Helper()
			if got := w.tasks(hr); !slices.Equal(got, ofHR) {
				t.Errorf("%s: hr is led to %v, want %v", when, got, ofHR)
			}
		}
		others := func(when string, want map[access.Role][]string) {
			t.Helper()
			for _, role := range access.Roles() {
				if role == access.HR {
					continue
				}
				if got := w.tasks(person(dbtest.Ours, role)); !slices.Equal(got, want[role]) {
					t.Errorf("%s: %s is led to %v", when, role, got)
				}
			}
		}
		wants("at first", "/answers/new")
		src := w.source(dbtest.Ours)
		wants("with answers", "/answers/"+src.ID)
		r := w.start(dbtest.Ours, src.ID)
		wants("while it is made")
		w.stop(r)
		wants("stopped", "/reports/"+r.ID)
		if err := w.Delete(t.Context(), hr, r.ID); err != nil {
			t.Fatal(err)
		}
		r = w.start(dbtest.Ours, src.ID)
		stop := w.run()
		w.until(r, dbtest.Ours, Ready)
		stop()
		wants("ready", "/reports/"+r.ID+"/manage")
		others("ready", nil)
		if err := w.Publish(t.Context(), hr, r.ID); err != nil {
			t.Fatal(err)
		}
		wants("published", "/reports/"+r.ID)
		read := map[access.Role][]string{}
		for _, role := range access.Roles() {
			read[role] = []string{"/reports/" + r.ID}
		}
		others("published", read)
	})
}
