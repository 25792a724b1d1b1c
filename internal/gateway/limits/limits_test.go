package limits

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/gateway/price"
	"tekentafel/internal/instrument"
	"tekentafel/internal/privacy/heldtest"
	"tekentafel/internal/problem"
)

func TestEachChangeIsAVersionAndNoneIsOverwritten(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		first := w.set(monthly(budget.Organisation, "", "100"))
		in := monthly(budget.Organisation, "", "150")
		if _, err := w.Set(t.Context(), person(access.CoreTeam), in); !problem.Is(err, problem.Conflict) { // it was not read
			t.Error(err)
		}
		in.Version = first.Version
		second := w.set(in)
		if second.ID != first.ID || second.Version != 2 {
			t.Errorf("%+v", second)
		}
		if err := w.Remove(t.Context(), person(access.Administrator), first.ID, 2, "Niet meer nodig."); err != nil {
			t.Fatal(err)
		}
		if err := w.Remove(t.Context(), person(access.Administrator), first.ID, 2, "Niet meer nodig."); err != nil { // again changes nothing
			t.Fatal(err)
		}
		third := w.set(monthly(budget.Organisation, "", "80")) // it comes back
		list, err := w.Versions(t.Context(), person(access.HR), third.ID)
		if err != nil || len(list) != 4 || list[0].Most != euro("80") || list[1].Holds || list[3].By != "a-core-team" || list[3].Most != euro("100") {
			t.Fatalf("%+v %v", list, err)
		}
		var n int
		if err := w.DB.Of(dbtest.Ours).Row(t.Context(), `SELECT COUNT(*) FROM audit_log WHERE tenant_id = $1 AND action LIKE 'gateway-limit.%'`, nil, &n); err != nil || n != 4 {
			t.Error(n, err)
		}
	})
}

func TestOnlyWhoSetsBudgetsChangesLimitsAndNobodyReadsAnOwnLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t))
	l := w.set(monthly(budget.Organisation, "", "100"))
	for _, role := range access.Roles() {
		if role == access.CoreTeam || role == access.Administrator {
			continue
		}
		if _, err := w.Set(t.Context(), person(role), monthly(budget.Person, "", "1")); !problem.Is(err, problem.Forbidden) {
			t.Error(role, err)
		}
		if err := w.Remove(t.Context(), person(role), l.ID, 1, "Niet meer nodig."); !problem.Is(err, problem.Forbidden) {
			t.Error(role, err)
		}
	}
	if err := w.SetOwn(t.Context(), named("an"), Own{Period: budget.Month, Unit: budget.Euros, Most: 1}); err != nil {
		t.Fatal(err)
	}
	list, err := w.List(t.Context(), person(access.Administrator))
	if err != nil || len(list) != 1 {
		t.Error(list, err)
	}
	var n int
	if err := w.DB.Of(dbtest.Ours).Row(t.Context(), `SELECT COUNT(*) FROM audit_log WHERE tenant_id = $1 AND (actor_id = 'an' OR account = 'an')`, nil, &n); err != nil || n != 0 {
		t.Error("the log tells of an own limit", n, err)
	}
	wrong := []Input{{}, monthly("x", "", "1"), {Place: Place{Kind: budget.Organisation, Subject: "x", Period: budget.Month, Unit: budget.Euros}, Reason: "Zoals afgesproken."},
		{Place: Place{Kind: budget.Person, Group: "none", Period: budget.Month, Unit: budget.Euros}, Reason: "Zoals afgesproken."}, {Place: Place{Kind: budget.Person, Period: budget.Month, Unit: budget.Euros}, Most: -1, Reason: "Zoals afgesproken."},
		{Place: Place{Kind: budget.Person, Period: budget.Month, Unit: budget.Euros}, Reason: "x"}}
	for i, in := range wrong {
		if _, err := w.Set(t.Context(), person(access.CoreTeam), in); !problem.Is(err, problem.Invalid) {
			t.Error(i, err)
		}
	}
}

func TestWhatIsSetForOneTakesThePlaceOfWhatIsSetForEach(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.set(monthly(budget.Person, "", "2"))
		w.set(monthly(budget.Person, "an", "10"))
		w.use("an", "5")
		_, err := w.Book.Reserve(t.Context(), dbtest.Ours, &budget.Call{ID: "x", Person: "bert", Most: budget.Amount{Euro: 3_000_000_000}, Within: time.Minute})
		var refused *budget.Refused
		if !errors.As(err, &refused) || refused.Subject != "bert" || refused.Most != euro("2") {
			t.Fatal(err)
		}
		if err := w.SetOwn(t.Context(), named("an"), Own{Period: budget.Month, Unit: budget.Euros, Most: euro("6")}); err != nil {
			t.Fatal(err)
		}
		_, err = w.Book.Reserve(t.Context(), dbtest.Ours, &budget.Call{ID: "y", Person: "an", Most: budget.Amount{Euro: 3_000_000_000}, Within: time.Minute})
		if !errors.As(err, &refused) || !refused.Own {
			t.Fatal(err)
		}
		if text := Refusal(instrument.NL, refused, ""); !strings.Contains(text, "die je zelf koos") || !strings.Contains(text, "€ 1,00") {
			t.Error(text)
		}
		large := monthly(budget.Person, "", "9")
		large.Group = "large"
		w.set(large)
		states, err := w.Mine(t.Context(), named("an"))
		if err != nil || len(states) != 3 || states[0].Used != euro("5") {
			t.Fatalf("%+v %v", states, err)
		}
		if err := w.DropOwn(t.Context(), named("an"), budget.Month, budget.Euros); err != nil {
			t.Fatal(err)
		}
		if states, err = w.Mine(t.Context(), named("an")); err != nil || len(states) != 2 {
			t.Fatalf("%+v %v", states, err)
		}
	})
}

func TestASmallTeamShowsNoShareAndAPersonSeesNoneOfTheirTeam(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.staff("top", "", 0)
		w.staff("many", "top", 12)
		w.staff("few", "top", 6)
		w.set(monthly(budget.Team, "", "10"))
		w.set(monthly(budget.Team, "top", "100"))
		w.set(monthly(budget.Organisation, "", "100"))
		w.set(monthly(budget.Person, "", "50"))
		for i := range 6 {
			w.use("many"+strconv.Itoa(i), "1.10")
		}
		w.use("few0", "8.50") // one of the six
		list, err := w.Standings(t.Context(), person(access.HR))
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]Standing{}
		for _, st := range list {
			if st.Kind == budget.Person {
				t.Error("how a limit of people stands is told")
			}
			got[string(st.Kind)+":"+st.Subject] = st
		}
		// What remains of the whole without "many" is one person, so only the whole is shown: it is the larger.
		if st := got["organisation:"]; !st.Shown || st.Percent != 10 {
			t.Errorf("%+v", st)
		}
		if st := got["team:many"]; st.Shown || st.Percent != 0 {
			t.Errorf("%+v", st)
		}
		if st := got["team:few"]; st.Shown || st.Percent != 0 || st.Level != budget.Near {
			t.Errorf("%+v", st)
		}
		states, err := w.Mine(t.Context(), named("few1"))
		if err != nil {
			t.Fatal(err)
		}
		for _, st := range states {
			if Percent(&st) != int(st.Level) && st.Kind != budget.Person || strings.Contains(Warns(instrument.NL, &st, ""), "€") || Message("x").In(instrument.FR) != "x" {
				t.Errorf("%+v: %d", st, Percent(&st))
			}
			if st.Used != 0 || st.Held != 0 {
				t.Errorf("a colleague reads %+v", st)
			}
			if text := Says(instrument.NL, &st, "few"); st.Kind == budget.Team && strings.Contains(text, "€") {
				t.Error(text)
			}
		}
		for i := 1; i < 6; i++ {
			w.use("few"+strconv.Itoa(i), "0.10")
		}
		if list, err = w.Standings(t.Context(), person(access.HR)); err != nil {
			t.Fatal(err)
		}
		for _, st := range list {
			if st.Subject == "many" && (!st.Shown || st.Percent != 60 || st.Name != "Dienst many") {
				t.Errorf("%+v", st)
			}
		}
		st, ok, err := w.Try(t.Context(), person(access.CoreTeam), &Input{Place: Place{Kind: budget.Team, Subject: "many", Period: budget.Month, Unit: budget.Euros}, Most: euro("6")})
		if err != nil || !ok || st.Level != budget.Full || st.Percent != 100 {
			t.Errorf("%+v %v %v", st, ok, err)
		}
		if _, ok, err = w.Try(t.Context(), person(access.CoreTeam), &Input{Place: Place{Kind: budget.Person, Subject: "few0", Period: budget.Month, Unit: budget.Euros}, Most: 1}); ok || err != nil {
			t.Error("how a limit of a person would stand is told", err)
		}
	})
}

// TestNoFigureOfFewerThanKFollowsFromWhatIsShown plays whoever subtracts: each shown group, less any shown groups inside it that lie apart.
func TestNoFigureOfFewerThanKFollowsFromWhatIsShown(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const k = 5
		n := rapid.IntRange(1, 6).Draw(t, "units")
		parent := map[string]string{}
		people, users := map[string]int{}, map[string]int{}
		var groups []group
		id := func(i int) string { return "u" + strconv.Itoa(i) }
		above := func(g string) (out []string) {
			for g != "" {
				g = parent[g]
				out = append(out, g)
			}
			return out
		}
		for i := range n {
			if i > 0 {
				parent[id(i)] = rapid.SampledFrom([]string{"", id(rapid.IntRange(0, i-1).Draw(t, "parent"))}).Draw(t, "in")
			}
			p := rapid.IntRange(0, 12).Draw(t, "people")
			u := rapid.IntRange(0, p).Draw(t, "users")
			for _, g := range append([]string{id(i)}, above(id(i))...) {
				people[g] += p
				users[g] += u
			}
		}
		for i := range n {
			groups = append(groups, group{id(i), people[id(i)], users[id(i)]})
		}
		groups = append(groups, group{"", people[""], users[""]})
		shown := readable(groups, above, k)
		var list []string
		for g := range shown {
			list = append(list, g)
		}
		slices.Sort(list)
		for mask := range 1 << len(list) {
			var less []string
			for i, g := range list {
				if mask>>i&1 == 1 {
					less = append(less, g)
				}
			}
			for _, g := range list {
				p, u, ok := people[g], users[g], true
				for _, x := range less {
					inside := slices.Contains(above(x), g)
					apart := !slices.ContainsFunc(less, func(y string) bool { return slices.Contains(above(x), y) })
					ok = ok && inside && apart
					p -= people[x]
					u -= users[x]
				}
				if ok && p > 0 && u < k {
					t.Fatalf("%q less %v is about %d users among %d people", g, less, u, p)
				}
			}
		}
	})
}

func TestAWarningComesOnceAPeriodToWhomeverItIsFor(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.staff("few", "", 2)
		w.set(monthly(budget.Person, "", "10"))
		w.set(monthly(budget.Team, "few", "20"))
		call := budget.Call{Person: "few0", Teams: []string{"few"}}
		notice := func() {
			t.Helper()
			states, err := w.Book.Left(t.Context(), dbtest.Ours, &call)
			if err != nil {
				t.Fatal(err)
			}
			if err := w.Notice(t.Context(), dbtest.Ours, states...); err != nil {
				t.Fatal(err)
			}
		}
		notice()
		if len(w.mails) > 0 {
			t.Fatal(w.mails)
		}
		w.use("few0", "8")
		w.use("few1", "9")
		notice()
		notice()
		want := []string{MailOwn + "|few0|je limiet per maand|bijna bereikt", MailShared + "|core|de limiet per maand van de dienst ‘Dienst few’|bijna bereikt"}
		if !slices.Equal(w.mails, want) {
			t.Fatalf("%q", w.mails)
		}
		if list, err := w.Unseen(t.Context(), named("few0"), false); err != nil || len(list) != 1 || list[0].Level != budget.Near || list[0].Shared() {
			t.Errorf("%+v %v", list, err)
		}
		if list, err := w.Unseen(t.Context(), named("few1"), false); err != nil || len(list) != 0 {
			t.Errorf("%+v %v", list, err)
		}
		if list, err := w.Unseen(t.Context(), named("core", access.CoreTeam), true); err != nil || len(list) != 1 || list[0].Account != "" || list[0].Subject != "few" {
			t.Errorf("%+v %v", list, err)
		}
		if _, err := w.Unseen(t.Context(), named("few1"), true); !problem.Is(err, problem.Forbidden) {
			t.Error(err)
		}
		w.pass(time.Minute)
		if err := w.Seen(t.Context(), named("few0"), false); err != nil {
			t.Fatal(err)
		}
		if list, err := w.Unseen(t.Context(), named("few0"), false); err != nil || len(list) != 0 {
			t.Errorf("%+v %v", list, err)
		}
		w.pass(time.Minute)
		w.use("few0", "2")
		notice()
		if list, err := w.Unseen(t.Context(), named("few0"), false); err != nil || len(list) != 1 || list[0].Level != budget.Full || len(w.mails) != 3 {
			t.Errorf("%+v %v %q", list, err, w.mails)
		}
		other := newWorld(t, w.DB) // another node gives none of them again
		states, err := w.Book.Left(t.Context(), dbtest.Ours, &call)
		if err != nil {
			t.Fatal(err)
		}
		if err := other.Notice(t.Context(), dbtest.Ours, states...); err != nil || len(other.mails) > 0 {
			t.Errorf("%q %v", other.mails, err)
		}
		w.pass(30 * 24 * time.Hour) // another month
		if list, err := w.Unseen(t.Context(), named("few0"), false); err != nil || len(list) != 0 {
			t.Errorf("%+v %v", list, err)
		}
	})
}

func TestTheGatewayWarnsWhenItReservesAndWhenItRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t))
	w.set(monthly(budget.Person, "", "10"))
	book := w.Watched()
	ask := func(id, most string) error {
		c := budget.Call{ID: id, Person: "an", Most: budget.Amount{Euro: price.Nano(euro(most))}, Within: time.Minute}
		if _, limited, err := book.ReserveLimited(t.Context(), dbtest.Ours, &c); err != nil || !limited {
			return err
		}
		return book.Settle(t.Context(), dbtest.Ours, id, c.Most, false)
	}
	if err := ask("1", "9"); err != nil || len(w.mails) > 0 {
		t.Fatal(err, w.mails)
	}
	if err := ask("2", "1"); err != nil || len(w.mails) != 1 {
		t.Fatal(err, w.mails)
	}
	var refused *budget.Refused
	if _, err := book.Reserve(t.Context(), dbtest.Ours, &budget.Call{ID: "3", Person: "an", Most: budget.Amount{Euro: 1}, Within: time.Minute}); !errors.As(err, &refused) || len(w.mails) != 2 || !strings.HasSuffix(w.mails[1], "|bereikt") {
		t.Fatal(err, w.mails)
	}
}

func TestAPersonSeesAllThatIsHeldAndIsForgotten(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		dbtest.AddAccount(t, w.DB, dbtest.Ours, "an-peeters")
		me := named("an-peeters", access.CoreTeam)
		w.where["an-peeters"] = []string{"few"}
		w.set(monthly(budget.Person, "an-peeters", "10"))
		if _, err := w.Set(t.Context(), me, monthly(budget.Organisation, "", "500")); err != nil {
			t.Fatal(err)
		}
		if err := w.SetOwn(t.Context(), me, Own{Period: budget.Day, Unit: budget.Tokens, Most: 5000}); err != nil {
			t.Fatal(err)
		}
		w.use("an-peeters", "9")
		if _, err := w.Book.Reserve(t.Context(), dbtest.Ours, &budget.Call{ID: "runs", Person: "an-peeters", Teams: []string{"few"}, Within: time.Minute}); err != nil {
			t.Fatal(err)
		}
		states, err := w.Book.Left(t.Context(), dbtest.Ours, &budget.Call{Person: "an-peeters"})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Notice(t.Context(), dbtest.Ours, states...); err != nil {
			t.Fatal(err)
		}
		for _, shared := range []bool{false, true} {
			if err := w.Seen(t.Context(), me, shared); err != nil {
				t.Fatal(err)
			}
		}
		sections, err := w.Held(t.Context(), dbtest.Ours, "an-peeters")
		if err != nil {
			t.Fatal(err)
		}
		found := heldtest.Mentions(t, w.DB, dbtest.Ours, "an-peeters")
		if len(found) < 8 {
			t.Fatalf("the test sees only %v", found)
		}
		others := map[string]string{"accounts": "of identity", "audit_log": "of the log"}
		if missed := heldtest.Uncovered(found, sections, "an-peeters", others); len(missed) > 0 {
			t.Errorf("not shown:\n%s", strings.Join(missed, "\n"))
		}
		if err := w.DB.Write(t.Context(), dbtest.Ours, func(s *db.Scope) error { return w.Erase(t.Context(), s, "an-peeters") }); err != nil {
			t.Fatal(err)
		}
		for _, f := range heldtest.Mentions(t, w.DB, dbtest.Ours, "an-peeters") {
			if others[f.Table] == "" {
				t.Errorf("still in %s/%s", f.Table, f.Key)
			}
		}
		if list, err := w.List(t.Context(), person(access.HR)); err != nil || len(list) != 1 || list[0].By != "" {
			t.Errorf("%+v %v", list, err)
		}
	})
}

func TestDaysArePutTogetherAndWarningsGoWhenTheirTimeIsOver(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.set(monthly(budget.Person, "", "10"))
		w.use("an", "9")
		states, err := w.Book.Left(t.Context(), dbtest.Ours, &budget.Call{Person: "an"})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Notice(t.Context(), dbtest.Ours, states...); err != nil {
			t.Fatal(err)
		}
		w.pass(70 * 24 * time.Hour)
		w.use("an", "1")
		before := w.now().AddDate(0, 0, -62)
		for _, kept := range w.Kept() {
			if n, oldest, err := kept.Count(t.Context(), w.DB.Of(dbtest.Ours), before); err != nil || n != 1 || oldest.IsZero() {
				t.Error(kept.Name, n, oldest, err)
			}
			if err := w.DB.Write(t.Context(), dbtest.Ours, func(s *db.Scope) error { _, err := kept.Delete(t.Context(), s, before, 100); return err }); err != nil {
				t.Error(kept.Name, err)
			}
			if n, _, err := kept.Count(t.Context(), w.DB.Of(dbtest.Ours), before); err != nil || n != 0 {
				t.Error(kept.Name, n, err)
			}
			if _, err := kept.Held(t.Context(), w.DB.Of(dbtest.Ours)); err != nil {
				t.Error(kept.Name, err)
			}
		}
		days, err := w.Book.Days(t.Context(), dbtest.Ours, "an")
		if err != nil || len(days) != 2 || days[0].Used.Euro != 1_000_000_000 || !days[1].On.IsZero() || days[1].Used.Euro != 9_000_000_000 {
			t.Errorf("%+v %v", days, err)
		}
	})
}

func TestEveryLanguageSaysTheSame(t *testing.T) {
	t.Parallel()
	if err := Locale().Check(); err != nil {
		t.Error(err)
	}
	for lang, want := range map[instrument.Lang]string{instrument.NL: "€ 1.234,57", instrument.EN: "€1,234.57"} {
		if got := Money(lang, 1_234_561_000_000); strings.ReplaceAll(got, "\u00a0", " ") != want {
			t.Errorf("%s: %q", lang, got)
		}
	}
}
