package kept

import (
	"slices"
	"strings"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/privacy/heldtest"
	"tekentafel/internal/problem"
)

func TestOneBranchIsSharedWithWhatWasChosenReplaced(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := conversation("Fatima El Amrani")
		c.Messages[1].Text += " Mail fatima@voorbeeld.be. Zij is zwanger. Wachtwoord: Zomer2026!x"
		c.Messages[2].Text += "\n\nBel 0470/12.34.56 of vraag de kroonluchter."
		id, version := w.keep(c)
		d, err := w.Draft(t.Context(), anna, id, "a1", Choice{}, "nl")
		if err != nil {
			t.Fatal(err)
		}
		var phone *Found
		for i := range d.Found {
			if d.Found[i].Type == "phone" {
				phone = &d.Found[i]
			}
		}
		if phone == nil || phone.Times != 2 || !phone.Usual {
			t.Fatalf("%+v", d.Found)
		}
		name, err := w.Share(t.Context(), anna, id, version, "a1", Choice{Keys: []string{phone.Key()}, Words: []string{"KROONLUCHTER", " ", "x"}}, "2026-12-20", "", "nl")
		if err != nil {
			t.Fatal(err)
		}
		got, err := w.Read(t.Context(), actor(dbtest.Ours, "bert"), name)
		if err != nil || got.Account != "anna" || got.Until != "2026-12-20" || len(got.Snapshot.Lines) != 3 || got.Snapshot.Lines[2].Title != "Het practice" {
			t.Fatalf("%+v %v", got, err)
		}
		var all []string
		for _, text := range got.Snapshot.texts() {
			all = append(all, *text)
		}
		text := strings.Join(all, "\n")
		for _, gone := range []string{"0470", "kroonluchter", "Korter", "inhoud over", "Zomer2026"} {
			if strings.Contains(text, gone) {
				t.Errorf("%q is shared in %s", gone, text)
			}
		}
		for _, there := range []string{"fatima@voorbeeld.be", "[TELEFOON-1]", "[…]", "dossier.txt", "Fatima El Amrani"} {
			if !strings.Contains(text, there) {
				t.Errorf("%q is not in %s", there, text)
			}
		}
	})
}

func TestAShareIsReadInsideTheOrganisationUntilItsDayOrUntilItIsWithdrawn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id, version := w.keep(conversation("x"))
		share := func(until Day) string {
			name, err := w.Share(t.Context(), anna, id, version, "", Choice{}, until, "", "nl")
			if err != nil {
				t.Fatal(err)
			}
			return name
		}
		name, short := share(""), share("2026-12-04")
		bert := actor(dbtest.Ours, "bert")
		for _, who := range []access.Actor{actor(dbtest.Theirs, "bert"), {}, {Kind: access.Visitor, Tenant: dbtest.Ours}, actor(dbtest.Ours, "key bert")} {
			if _, err := w.Read(t.Context(), who, name); err == nil {
				t.Errorf("%+v reads it", who)
			}
		}
		wants(t, "somebody else withdraws it", w.Withdraw(t.Context(), bert, name), problem.NotFound)
		_, err := w.Share(t.Context(), anna, id, version+1, "", Choice{}, "", "", "nl")
		wants(t, "another version", err, problem.Conflict)
		if err := w.Delete(t.Context(), anna, id); err != nil {
			t.Fatal(err)
		}
		w.later(1)
		if _, err := w.Read(t.Context(), bert, short); err != nil {
			t.Errorf("on its last day: %v", err)
		}
		w.later(1)
		_, err = w.Read(t.Context(), bert, short)
		wants(t, "after its last day", err, problem.NotFound)
		if _, err := w.Read(t.Context(), bert, name); err != nil {
			t.Error(err)
		}
		if err := w.Withdraw(t.Context(), anna, name); err != nil {
			t.Fatal(err)
		}
		_, err = w.Read(t.Context(), bert, name)
		wants(t, "once withdrawn", err, problem.NotFound)
		log, err := w.Audit.List(t.Context(), dbtest.Ours, audit.Filter{}, 100)
		if err != nil {
			t.Fatal(err)
		}
		var did []string
		for _, e := range log.Entries {
			did = append(did, e.Action)
			if len(e.Detail) > 0 {
				t.Errorf("the log says %v", e.Detail)
			}
		}
		if slices.Sort(did); !slices.Equal(did, []string{"lab.shared", "lab.shared", "lab.unshared"}) {
			t.Errorf("the log has %v", did)
		}
	})
}

func TestAPeriodThatBecomesShorterCountsAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id, _ := w.keep(conversation("x"))
		w.days = 5
		if got, err := w.Open(t.Context(), anna, id); err != nil || got.Until != "2026-12-08" {
			t.Errorf("%+v %v", got.Item, err)
		}
		w.later(6)
		_, err := w.Open(t.Context(), anna, id)
		wants(t, "after the shorter period", err, problem.NotFound)
	})
}

func TestRetentionDeletesWhatIsPastItsDayOrThePeriod(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		long, version := w.keep(conversation("lang"))
		if _, _, err := w.Keep(t.Context(), anna, "", 0, conversation("kort"), "2026-12-04"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Share(t.Context(), anna, long, version, "", Choice{}, "2026-12-04", "", "nl"); err != nil {
			t.Fatal(err)
		}
		k := w.Kept()[0]
		night := func(wantGone, wantLeft int) {
			t.Helper()
			before := w.clock().AddDate(0, 0, -w.days)
			n, _, err := k.Count(t.Context(), w.DB.Of(dbtest.Ours), before)
			if err != nil || n != wantGone {
				t.Errorf("%d would go, %v; want %d", n, err, wantGone)
			}
			gone := 0
			for {
				var some int
				if err := w.DB.Write(t.Context(), dbtest.Ours, func(tx *db.Scope) (err error) {
					some, err = k.Delete(t.Context(), tx, before, 1)
					return err
				}); err != nil {
					t.Fatal(err)
				}
				if some == 0 {
					break
				}
				gone += some
			}
			left, err := k.Held(t.Context(), w.DB.Of(dbtest.Ours))
			if err != nil || gone != wantGone || left != wantLeft {
				t.Errorf("%d went and %d are left, %v; want %d and %d", gone, left, err, wantGone, wantLeft)
			}
		}
		night(0, 3)
		w.later(2) // 5 December: two had 4 December as their last day
		night(2, 1)
		w.later(28) // 2 January, its last day
		night(0, 1)
		w.later(1)
		night(1, 0)
	})
}

func TestAPersonSeesWhatIsHeldAndIsForgotten(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, who := range []string{"anna", "bert"} {
			dbtest.AddAccount(t, w.DB, dbtest.Ours, who, "employee")
			id, version, err := w.Keep(t.Context(), actor(dbtest.Ours, who), "", 0, conversation("x"), "")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Share(t.Context(), actor(dbtest.Ours, who), id, version, "", Choice{}, "", "", "nl"); err != nil {
				t.Fatal(err)
			}
		}
		sections, err := w.Held(t.Context(), dbtest.Ours, "anna")
		if err != nil || len(sections) != 1 || len(sections[0].Rows) != 2 || sections[0].Rows[0].Value != "Brief aan x" {
			t.Fatalf("%+v %v", sections, err)
		}
		if rest := heldtest.Uncovered(heldtest.Mentions(t, w.DB, dbtest.Ours, "anna"), sections, "anna", map[string]string{"accounts": "of identity", "audit_log": "of audit", "account_roles": "of identity"}); len(rest) > 0 {
			t.Errorf("not shown: %v", rest)
		}
		var _ held.Eraser = w.Service
		if err := w.DB.Write(t.Context(), dbtest.Ours, func(tx *db.Scope) error { return w.Erase(t.Context(), tx, "anna") }); err != nil {
			t.Fatal(err)
		}
		if sections, err := w.Held(t.Context(), dbtest.Ours, "anna"); err != nil || sections != nil {
			t.Errorf("%+v %v", sections, err)
		}
		if sections, err := w.Held(t.Context(), dbtest.Ours, "bert"); err != nil || len(sections) != 1 {
			t.Errorf("%+v %v", sections, err)
		}
	})
}

func TestDeletingEverythingWithdrawsWhatIsShared(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id, version := w.keep(conversation("x"))
		name, err := w.Share(t.Context(), anna, id, version, "", Choice{}, "", "", "nl")
		if err != nil {
			t.Fatal(err)
		}
		if n, err := w.DeleteAll(t.Context(), anna); err != nil || n != 1 {
			t.Fatalf("%d %v", n, err)
		}
		if _, err := w.Read(t.Context(), anna, name); !problem.Is(err, problem.NotFound) {
			t.Errorf("the share is there: %v", err)
		}
	})
}
