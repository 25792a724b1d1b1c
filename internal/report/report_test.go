package report

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
)

// readers lists who tries, by name.
func readers() map[string]access.Actor {
	all := map[string]access.Actor{
		"visitor":              {Kind: access.Visitor, Tenant: dbtest.Ours},
		"hr key, every scope":  keyOf(hr, access.Delegable()...),
		"hr key, reads":        keyOf(hr, access.ReadReport),
		"hr key, publishes":    keyOf(hr, access.PublishReport),
		"employee key, all":    keyOf(person(dbtest.Ours, access.Employee), access.Delegable()...),
		"researcher key, none": keyOf(person(dbtest.Ours, access.Researcher)),
	}
	for _, role := range access.Roles() {
		all[string(role)] = person(dbtest.Ours, role)
	}
	return all
}

func TestWhoMayDoWhatWithReports(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		draft := w.ready(dbtest.Ours)
		published := w.ready(dbtest.Ours)
		if err := w.Publish(t.Context(), hr, published.ID); err != nil {
			t.Fatal(err)
		}
		// The letters: reads a draft, reads what is published, lists, makes, publishes, renames, shares, deletes, sees answers, adds and deletes them.
		for name, want := range map[string]string{
			"visitor":              "-----------",
			"employee":             "-rl--------",
			"manager":              "-rl--------",
			"core-team":            "-rl--------",
			"administrator":        "-rl--------",
			"researcher":           "drL-----s--",
			"dpo":                  "-rl-----s-x",
			"hr":                   "drLmpnkxsax",
			"hr key, every scope":  "drLmpnkxsax",
			"hr key, reads":        "drL--------",
			"hr key, publishes":    "----p------",
			"employee key, all":    "-rl--------",
			"researcher key, none": "-----------",
		} {
			if got := w.powers(name, readers()[name], draft, published); got != want {
				t.Errorf("%-22s may %s, want %s", name, got, want)
			}
		}
		if len(readers()) != 13 {
			t.Error("somebody is missing in the table")
		}
	})
}

// powers tries everything and gives a letter for what was allowed.
func (w *world) powers(name string, a access.Actor, draft, published Report) string {
	ctx := w.t.Context()
	out := []byte("-----------")
	try := func(i int, letter byte, err error) {
		switch got := outcome(err); got {
		case "ok":
			out[i] = letter
		case "forbidden":
		case "not-found":
			if letter != 'd' && letter != 'r' {
				w.t.Errorf("%s, %c: %s", name, letter, got)
			}
		default:
			w.t.Errorf("%s, %c: %v", name, letter, err)
		}
	}
	_, err := w.Report(ctx, a, draft.ID)
	try(0, 'd', err)
	_, err = w.Report(ctx, a, published.ID)
	try(1, 'r', err)
	list, err := w.Reports(ctx, a)
	letter := byte('L')
	if len(list) == 1 && list[0].ID == published.ID {
		letter = 'l'
	}
	try(2, letter, err)
	made, err := w.Make(ctx, a, Input{Source: draft.Source, Title: "t", Wave: "w"})
	try(3, 'm', err)
	if err == nil {
		w.stop(made)
	}
	err = w.Publish(ctx, a, draft.ID)
	try(4, 'p', errors.Join(err))
	if err == nil {
		try(4, 'p', w.Withdraw(ctx, a, draft.ID))
	}
	now, readErr := oneReport(ctx, w.d.Of(dbtest.Ours), draft.ID)
	if readErr != nil {
		w.t.Fatal(readErr)
	}
	try(5, 'n', w.Rename(ctx, a, draft.ID, "Titel", now.Version))
	_, _, err = w.Share(ctx, a, draft.ID, "", 1, asked.Request{})
	try(6, 'k', err)
	if made.ID != "" {
		try(7, 'x', w.Delete(ctx, a, made.ID))
	} else {
		try(7, 'x', w.Delete(ctx, a, draft.ID))
	}
	_, err = w.Source(ctx, a, draft.Source)
	try(8, 's', err)
	added, err := w.AddSource(ctx, a, w.input(answers()))
	try(9, 'a', err)
	if err != nil {
		added = w.source(dbtest.Ours)
	}
	err = w.DeleteSource(ctx, a, added.ID)
	try(10, 'x', err)
	return string(out)
}

// stop gives up the making of a report.
func (w *world) stop(r Report) {
	w.t.Helper()
	if err := w.Queue.Stop(w.t.Context(), hr, r.Job); err != nil {
		w.t.Fatal(err)
	}
}

func TestReportAlikesOfOthersAreNotThere(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		r := w.ready(dbtest.Theirs)
		if err := w.Publish(t.Context(), person(dbtest.Theirs, access.HR), r.ID); err != nil {
			t.Fatal(err)
		}
		link, token, err := w.Share(t.Context(), person(dbtest.Theirs, access.HR), r.ID, "theirs", 1, ask("k"))
		if err != nil {
			t.Fatal(err)
		}
		ctx := t.Context()
		_, err = w.Report(ctx, hr, r.ID)
		wantOutcome(t, "read", err, "not-found")
		_, err = w.Make(ctx, hr, Input{Source: r.Source, Title: "t", Wave: "w"})
		wantOutcome(t, "make", err, "not-found")
		wantOutcome(t, "publish", w.Publish(ctx, hr, r.ID), "not-found")
		wantOutcome(t, "withdraw", w.Withdraw(ctx, hr, r.ID), "not-found")
		wantOutcome(t, "rename", w.Rename(ctx, hr, r.ID, "x", r.Version), "not-found")
		wantOutcome(t, "delete", w.Delete(ctx, hr, r.ID), "not-found")
		_, _, err = w.Share(ctx, hr, r.ID, "", 1, asked.Request{})
		wantOutcome(t, "share", err, "not-found")
		_, err = w.Links(ctx, hr, r.ID)
		wantOutcome(t, "links", err, "not-found")
		wantOutcome(t, "revoke", w.Revoke(ctx, hr, r.ID, link.ID), "not-found")
		_, err = w.Source(ctx, hr, r.Source)
		wantOutcome(t, "answers", err, "not-found")
		_, err = w.Questionnaire(ctx, hr, r.Source)
		wantOutcome(t, "questionnaire", err, "not-found")
		wantOutcome(t, "delete answers", w.DeleteSource(ctx, hr, r.Source), "not-found")
		_, err = w.Download(ctx, dbtest.Ours, &r, "json", instrument.NL)
		wantOutcome(t, "the findings by the id of their file", err, "not-found")
		reports, err := w.Reports(ctx, hr)
		sources, err2 := w.Sources(ctx, hr)
		if err := errors.Join(err, err2); err != nil || len(reports)+len(sources) != 0 {
			t.Errorf("%d reports and %d sources of others are listed, %v", len(reports), len(sources), err)
		}
		held, err := w.Held(ctx, dbtest.Ours, person(dbtest.Theirs, access.HR).Owner)
		if err != nil || len(held) != 0 {
			t.Errorf("held of a person elsewhere: %v, %v", held, err)
		}
		// An action on their rows under our organisation changed nothing: the link of theirs still leads to theirs.
		opened, err := w.Open(ctx, token)
		if err != nil || opened.Tenant != dbtest.Theirs || opened.Report.ID != r.ID || opened.Report.Version != 3 {
			t.Errorf("%+v, %v", opened, err)
		}
	})
}

func TestReportChangedBySomebodyElseIsNotRenamed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		r := w.ready(dbtest.Ours)
		if err := w.Rename(t.Context(), hr, r.ID, "  Nieuw  ", r.Version); err != nil {
			t.Fatal(err)
		}
		wantOutcome(t, "on the old version", w.Rename(t.Context(), hr, r.ID, "Anders", r.Version), "conflict")
		for _, title := range []string{"", " ", "a\x07", strings.Repeat("x", maxName+1)} {
			wantOutcome(t, "title", w.Rename(t.Context(), hr, r.ID, title, r.Version+1), "invalid")
		}
		got, err := w.Report(t.Context(), hr, r.ID)
		if err != nil || got.Title != "Nieuw" || got.Version != r.Version+1 || w.logged("report.renamed") != 1 {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func TestPublishingTwiceIsOneEntryInTheLog(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		making := w.start(dbtest.Ours, w.source(dbtest.Ours).ID)
		wantOutcome(t, "one that is being made", w.Publish(t.Context(), hr, making.ID), "conflict")
		wantOutcome(t, "deleting one that is being made", w.Delete(t.Context(), hr, making.ID), "conflict")
		stop := w.run()
		r := w.until(making, dbtest.Ours, Ready)
		stop()
		staff := person(dbtest.Ours)
		for range 2 {
			if err := w.Publish(t.Context(), hr, r.ID); err != nil {
				t.Fatal(err)
			}
			w.clock.step(time.Hour)
		}
		got, err := w.Report(t.Context(), staff, r.ID)
		if err != nil || !got.Published.Equal(w.clock.now().Add(-2*time.Hour)) || w.logged("report.published") != 1 {
			t.Errorf("published at %v, logged %d times, %v", got.Published, w.logged("report.published"), err)
		}
		for range 2 {
			if err := w.Withdraw(t.Context(), hr, r.ID); err != nil {
				t.Fatal(err)
			}
		}
		_, err = w.Report(t.Context(), staff, r.ID)
		wantOutcome(t, "withdrawn, for staff", err, "not-found")
		if n := w.logged("report.withdrawn"); n != 1 {
			t.Errorf("withdrawn %d times in the log", n)
		}
	})
}

func TestDeletedReportLeavesNoFileNoLinkAndNoPage(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		r := w.ready(dbtest.Ours)
		_, token, err := w.Share(t.Context(), hr, r.ID, "", 30, asked.Request{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Download(t.Context(), dbtest.Ours, &r, "json", instrument.NL); err != nil {
			t.Fatal(err)
		}
		if w.cache.order.Len() == 0 {
			t.Fatal("nothing is kept in memory")
		}
		if err := w.Delete(t.Context(), hr, r.ID); err != nil {
			t.Fatal(err)
		}
		if n := w.cache.order.Len(); n != 0 {
			t.Errorf("%d pages of it are kept in memory", n)
		}
		if n, l := w.count("files"), w.count("report_links"); n != 1 || l != 0 {
			t.Errorf("%d files and %d links are left, want the answers alone", n, l)
		}
		_, err = w.Open(t.Context(), token)
		wantOutcome(t, "its link", err, "not-found")
		wantOutcome(t, "deleted again", w.Delete(t.Context(), hr, r.ID), "not-found")
	})
}

func TestInputThatCannotBeAnalysedIsRefusedBeforeTheJob(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		src := w.source(dbtest.Ours)
		for name, c := range map[string]struct {
			change func(*Input)
			field  string
		}{
			"fewer people than answers": {func(in *Input) { in.Options.Population = 59 }, "population"},
			"fewer than nobody":         {func(in *Input) { in.Options.Population = -1 }, "population"},
			"more than there are":       {func(in *Input) { in.Options.Population = maxPopulation + 1 }, "population"},
			"unknown breakdown":         {func(in *Input) { in.Options.By = []string{"shoe-size"} }, "by"},
			"a question, no background": {func(in *Input) { in.Options.By = []string{"uses"} }, "by"},
			"none beside others":        {func(in *Input) { in.Options.By = []string{"none", "age"} }, "by"},
			"a weight of at most 1":     {func(in *Input) { in.Options.Trim = 1 }, "trim"},
			"no number":                 {func(in *Input) { in.Options.Trim = math.NaN() }, "trim"},
			"no end":                    {func(in *Input) { in.Options.Trim = math.Inf(1) }, "trim"},
			"no title":                  {func(in *Input) { in.Title = " " }, "title"},
			"no wave":                   {func(in *Input) { in.Wave = "" }, "wave"},
			"hidden title":              {func(in *Input) { in.Title = "a\u202eb" }, "title"},
		} {
			in := Input{Source: src.ID, Title: "t", Wave: "w"}
			c.change(&in)
			_, err := w.Make(t.Context(), hr, in)
			if !slices.Equal(fieldsOf(err), []string{c.field}) {
				t.Errorf("%s: %v", name, err)
			}
		}
		_, err := w.Make(t.Context(), hr, Input{Source: src.ID, Title: "t", Wave: "w", Options: Options{Population: 60, By: []string{"none"}, Trim: 5}, Asked: ask("m")})
		if err != nil {
			t.Fatal(err)
		}
		if _, err = w.Make(t.Context(), hr, Input{Source: src.ID, Title: "t", Wave: "w", Options: Options{Population: 60, By: []string{"none"}, Trim: 5}, Asked: ask("m")}); err != nil {
			t.Fatal(err)
		}
		if r, j := w.count("reports"), w.count("jobs"); r != 1 || j != 1 {
			t.Errorf("%d reports and %d jobs for one form", r, j)
		}
	})
}
