package store

import (
	"bytes"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tekentafel/internal/db"
	"tekentafel/internal/files"
)

// refused runs a change that must fail with an error.
func (w *world) refused(want error, do func(*db.Scope) error) {
	w.Helper()
	if err := w.d.Write(w.Context(), w.tenant, do); !errors.Is(err, want) {
		w.Errorf("%v in the place of %v", err, want)
	}
}

func TestSourcesComeBackAndTwoWhoChangeOneAtOnceAreTold(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a := Source{ID: "s1", Name: "Payroll", Key: ByStaffNumber, Complete: true, CreatedBy: "a", Created: noon}
		w.write(func(s *db.Scope) error { return AddSource(ctx, s, a) })
		w.refused(db.ErrExists, func(s *db.Scope) error {
			return AddSource(ctx, s, Source{ID: "s2", Name: "Payroll", Key: ByMailAddress})
		})
		w.refused(db.ErrCheck, func(s *db.Scope) error { return AddSource(ctx, s, Source{ID: "s2", Name: "x", Key: "shoe size"}) })
		w.write(func(s *db.Scope) error {
			return AddSource(ctx, s, Source{ID: "s2", Name: "Academy", Key: ByMailAddress})
		})
		got, err := SourceOf(ctx, w.r(), "s1")
		w.ok(err)
		a.Limits, a.Former, a.Version = "{}", "[]", 1
		if d := cmp.Diff(a, got); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
		got.Mapping, got.Folder, got.Signature, got.Limits, got.Complete, got.Key = "{}", "/in", "abc", `{"share":0.1}`, false, ByNationalHash
		got.Prefix, got.Former = "OCMW", `[""]`
		w.write(func(s *db.Scope) error { return UpdateSource(ctx, s, got) })
		w.refused(ErrChanged, func(s *db.Scope) error { return UpdateSource(ctx, s, got) })
		got.Version = 2
		list, err := Sources(ctx, w.r())
		w.ok(err)
		if len(list) != 2 || list[0].Name != "Academy" || list[1] != got {
			t.Errorf("%+v", list)
		}
		w.write(func(s *db.Scope) error {
			return AddImport(ctx, s, Import{ID: "i1", Source: "s1", State: Received, FileName: "x.csv"})
		})
		w.refused(db.ErrRefers, func(s *db.Scope) error { return DeleteSource(ctx, s, "s1") })
		w.write(func(s *db.Scope) error { return DeleteSource(ctx, s, "s2") })
		w.refused(db.ErrNoRow, func(s *db.Scope) error { return DeleteSource(ctx, s, "s2") })
	})
}

func TestImportsComeBackWithTheirFileUntilItIsGone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.write(func(s *db.Scope) error {
			return AddSource(ctx, s, Source{ID: "s1", Name: "Payroll", Key: ByStaffNumber})
		})
		var file files.File
		w.write(func(s *db.Scope) (err error) {
			file, err = files.Add(ctx, s, w.clock, "x", "application/octet-stream", bytes.NewReader([]byte("table")))
			return err
		})
		v := Import{ID: "i1", Source: "s1", State: Received, File: file.ID, FileName: "staff.csv", Account: "a", Created: noon, Notes: `[1]`, Counts: `{"rows":3}`}
		w.write(func(s *db.Scope) error { return AddImport(ctx, s, v) })
		w.refused(db.ErrRefers, func(s *db.Scope) error {
			return AddImport(ctx, s, Import{ID: "i9", Source: "nowhere", State: Received})
		})
		w.refused(db.ErrRefers, func(s *db.Scope) error { return files.Delete(ctx, s, file.ID) })
		got, err := ImportOf(ctx, w.r(), "i1")
		w.ok(err)
		v.Version = 1
		if d := cmp.Diff(v, got); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
		got.State, got.Revision, got.Preview, got.Finished = Applied, 4, `{"new":3}`, noon.Add(time.Hour)
		w.write(func(s *db.Scope) error { return UpdateImport(ctx, s, got) })
		w.refused(ErrChanged, func(s *db.Scope) error { return UpdateImport(ctx, s, got) })
		w.refused(db.ErrCheck, func(s *db.Scope) error {
			return UpdateImport(ctx, s, Import{ID: "i1", State: "eaten", Version: 2})
		})
		for _, id := range []string{"i2", "i3"} {
			w.write(func(s *db.Scope) error {
				return AddImport(ctx, s, Import{ID: id, Source: "s1", State: Refused, FileName: id, Created: noon, Finished: noon})
			})
		}
		ids := func(q ImportQuery) (out []string) {
			q.Limit = 2
			list, err := Imports(ctx, w.r(), q)
			w.ok(err)
			for _, v := range list {
				out = append(out, v.ID)
			}
			return out
		}
		for _, c := range []struct {
			q    ImportQuery
			want []string
		}{
			{ImportQuery{}, []string{"i3", "i2"}}, {ImportQuery{Before: "i2"}, []string{"i1"}}, {ImportQuery{State: Applied}, []string{"i1"}},
			{ImportQuery{Source: "s1", Before: "i3"}, []string{"i2", "i1"}}, {ImportQuery{Source: "s2"}, nil},
		} {
			if got := ids(c.q); !slices.Equal(got, c.want) {
				t.Errorf("%+v: %v", c.q, got)
			}
		}
		old, err := OldImports(ctx, w.r(), noon.Add(2*time.Hour), 9)
		w.ok(err)
		if !slices.Equal(old, []string{"i1"}) {
			t.Errorf("old imports: %v", old)
		}
		w.write(func(s *db.Scope) error {
			was, err := DeleteImport(ctx, s, "i1")
			if err != nil {
				return err
			}
			return files.Delete(ctx, s, was)
		})
		w.refused(db.ErrNoRow, func(s *db.Scope) error { _, err := DeleteImport(ctx, s, "i1"); return err })
	})
}

// decide keeps a decision on two titles.
func (w *world) decide(id, a, b string, verdict Verdict, into string, at time.Time) {
	w.Helper()
	w.write(func(s *db.Scope) error {
		return Decide(w.Context(), s, Decision{ID: id, Kind: Title, A: a, B: b, Verdict: verdict, Into: into, Account: "a", At: at})
	})
}

func TestTheLastDecisionOnTwoCountsAndTheOthersAreKept(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.decide("d1", "mdw", "medewerker", Same, "medewerker", noon)
		w.decide("d2", "medewerker", "mdw", Different, "", noon.Add(time.Minute)) // the same two, the other way round
		w.decide("d3", "chef", "baas", Same, "chef", noon)
		w.write(func(s *db.Scope) error {
			return Decide(ctx, s, Decision{ID: "d4", Kind: Duplicate, A: "p1", B: "p2", Verdict: Same, Account: "a", At: noon})
		})
		for _, bad := range []Decision{{A: "x", B: "x"}, {A: "x", B: "y", Into: "z"}} {
			if err := w.d.Write(ctx, w.tenant, func(s *db.Scope) error { return Decide(ctx, s, bad) }); err == nil {
				t.Errorf("%+v was taken", bad)
			}
		}
		list, err := Decisions(ctx, w.r(), Title)
		w.ok(err)
		if len(list) != 2 || list[0].ID != "d2" || list[0].A != "mdw" || list[0].B != "medewerker" || list[1].Into != "chef" || list[1].A != "baas" {
			t.Errorf("%+v", list)
		}
		w.write(func(s *db.Scope) error { return UndoDecision(ctx, s, "d3", noon.Add(time.Hour)) })
		w.refused(ErrChanged, func(s *db.Scope) error { return UndoDecision(ctx, s, "d3", noon) })
		ever, err := DecisionsEver(ctx, w.r(), Title, "", 9)
		w.ok(err)
		if len(ever) != 3 || ever[0].ID != "d3" || !ever[0].Undone.Equal(noon.Add(time.Hour)) || !ever[2].Undone.Equal(noon.Add(time.Minute)) || !ever[1].Undone.IsZero() {
			t.Errorf("%+v", ever)
		}
		if page, err := DecisionsEver(ctx, w.r(), Title, "d2", 9); err != nil || len(page) != 1 || page[0].ID != "d1" {
			t.Errorf("%+v %v", page, err)
		}
		if d, err := DecisionOf(ctx, w.r(), "d4"); err != nil || d.Kind != Duplicate {
			t.Errorf("%+v %v", d, err)
		}
		w.write(func(s *db.Scope) error {
			n, err := ForgetDecisions(ctx, s, Duplicate, "p2")
			if n != 1 {
				t.Errorf("%d were forgotten", n)
			}
			return err
		})
	})
}

func TestQualityIsOnePerRevisionAndATrendBackwards(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		if _, err := QualityOf(ctx, w.r(), 9); !errors.Is(err, db.ErrNoRow) {
			t.Errorf("before there is any: %v", err)
		}
		for _, v := range []Quality{{1, noon, `{"a":1}`}, {4, noon, `{"a":2}`}, {4, noon.Add(time.Hour), `{"a":3}`}} {
			w.write(func(s *db.Scope) error { return PutQuality(ctx, s, v) })
		}
		list, err := Qualities(ctx, w.r(), 9, 9)
		w.ok(err)
		if d := cmp.Diff([]Quality{{4, noon.Add(time.Hour), `{"a":3}`}, {1, noon, `{"a":1}`}}, list); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
		if v, err := QualityOf(ctx, w.r(), 3); err != nil || v.Revision != 1 {
			t.Errorf("%+v %v", v, err)
		}
	})
}

func TestWhoReadWhatIsShownToThePersonAlone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		var reads []Read
		for i := range 70 {
			reads = append(reads, Read{Person: "p1", At: noon.Add(time.Duration(i/2) * time.Minute), Account: []string{"a", "b"}[i%2], Role: "hr", What: "file", Purpose: "leave"})
		}
		reads = append(reads, Read{Person: "p2", At: noon, Account: "a", Role: "hr", What: "number"})
		for range 2 { // noted twice, kept once
			w.write(func(s *db.Scope) error { return NoteReads(ctx, s, reads) })
		}
		var got []Read
		before := time.Time{}
		for {
			page, err := Reads(ctx, w.r(), "p1", before, 3)
			w.ok(err)
			if len(page) == 0 {
				break
			}
			got = append(got, page...)
			before = page[len(page)-1].At
		}
		if len(got) != 70 || got[0].At.Before(got[69].At) || got[69] != reads[1] {
			t.Errorf("%d reads, the first of %v", len(got), got[0].At)
		}
		by, err := ReadsBy(ctx, w.r(), "a", noon.Add(30*time.Minute), 99)
		w.ok(err)
		if len(by) != 5 || !by[0].At.Equal(noon.Add(30*time.Minute)) {
			t.Errorf("%+v", by)
		}
		w.write(func(s *db.Scope) error {
			n, err := ForgetReads(ctx, s, noon.Add(time.Minute))
			if n != 3 {
				t.Errorf("%d were forgotten", n)
			}
			return err
		})
	})
}

func TestWhatIsPutOffIsKeptForOneAccount(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.write(func(s *db.Scope) error { return PutOff(ctx, s, "a", Title, []string{"1", "2"}, noon) })
		w.write(func(s *db.Scope) error { return PutOff(ctx, s, "a", Title, []string{"2"}, noon.Add(time.Hour)) })
		w.write(func(s *db.Scope) error { return PutOff(ctx, s, "a", Duplicate, []string{"1"}, noon) })
		w.write(func(s *db.Scope) error { return PutOff(ctx, s, "b", Title, []string{"1"}, noon) })
		wants := func(what, account string, kind Subject, want map[string]time.Time) {
			t.Helper()
			got, err := PutOffs(ctx, w.r(), account, kind)
			w.ok(err)
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%s (-want +got):\n%s", what, d)
			}
		}
		wants("put off", "a", Title, map[string]time.Time{"1": noon, "2": noon.Add(time.Hour)})
		w.write(func(s *db.Scope) error { return TakeUpOld(ctx, s, "a", noon.Add(time.Minute)) })
		wants("not the old", "a", Title, map[string]time.Time{"2": noon.Add(time.Hour)})
		wants("not the old", "a", Duplicate, map[string]time.Time{})
		w.write(func(s *db.Scope) error { return PutOff(ctx, s, "a", Title, []string{"3", "4"}, noon) })
		w.write(func(s *db.Scope) error { return TakeUp(ctx, s, "a", Title, "3") })
		wants("one taken up", "a", Title, map[string]time.Time{"2": noon.Add(time.Hour), "4": noon})
		w.write(func(s *db.Scope) error { return TakeUp(ctx, s, "a", Title, "") })
		wants("all taken up", "a", Title, map[string]time.Time{})
		wants("of another", "b", Title, map[string]time.Time{"1": noon})
		done, err := DoneBy(ctx, w.r(), "b")
		w.ok(err)
		if done["people_later"] != 1 {
			t.Errorf("%v", done)
		}
		w.write(func(s *db.Scope) error { return ForgetAccount(ctx, s, "b") })
		wants("forgotten", "b", Title, map[string]time.Time{})
	})
}
