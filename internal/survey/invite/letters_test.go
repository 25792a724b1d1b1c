package invite

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/pdf"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/problem"
	"tekentafel/internal/survey/invite/print"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/survey/wave/wavetest"
	"tekentafel/internal/testkit"
)

func TestPaperIsMadeInPiecesSealedAndInOrder(t *testing.T) {
	t.Parallel()
	if _, err := pdf.Find(); err != nil {
		testkit.Missing(t, err.Error())
	}
	each(t, func(t *testing.T, w *world) {
		v := w.running(wave.Anonymous, 1200)
		paper := Paper{Kind: print.Cards, Whom: Everyone, Names: true, Sort: "Dienst"}
		job, err := w.PDF(t.Context(), hr, v.ID, paper, "nl", asked.Request{Key: "k", What: paper})
		if err != nil {
			t.Fatal(err)
		}
		if again, err := w.PDF(t.Context(), hr, v.ID, paper, "nl", asked.Request{Key: "k", What: paper}); err != nil || again != job {
			t.Errorf("sent twice: %s, %v", again, err)
		}
		w.works(job)
		files, err := w.PaperFiles(t.Context(), hr, v.ID)
		if err != nil || len(files) != 3 {
			t.Fatalf("%+v, %v", files, err)
		}
		people := w.people(v)
		var order []string
		for i, f := range files {
			if f.Kind != print.Cards || f.N != i+1 || f.Of != 3 {
				t.Errorf("%+v", f)
			}
			_, content, err := w.OpenPaper(t.Context(), hr, v.ID, f.ID)
			if err != nil || !strings.HasPrefix(string(content), "%PDF of ") {
				t.Fatalf("%.60s, %v", content, err)
			}
			for part := range strings.SplitSeq(string(content), `class="who">`) {
				if name, _, found := strings.Cut(part, "<"); found && people[name].ID != "" {
					order = append(order, people[name].Groups["Dienst"]+" "+name)
					if !strings.Contains(part, w.pin(v, people[name].Member)) {
						t.Fatalf("%s has another's PIN", name)
					}
				}
			}
		}
		if len(order) != 1200 || !slices.IsSorted(order) {
			t.Errorf("%d people, in order: %t", len(order), slices.IsSorted(order))
		}
		for name, p := range people {
			if p.Invitation != Printed {
				t.Errorf("%s stands as %s", name, p.Invitation)
			}
		}
		pin := w.pin(v, people["Jan Peeters000"].Member)
		err = w.d.System().Rows(t.Context(), `SELECT bytes FROM file_pieces`, func(scan func(...any) error) error {
			var b []byte
			if err := scan(&b); err != nil {
				return err
			}
			if strings.Contains(string(b), pin) || strings.Contains(string(b), "Peeters") {
				t.Error("a PIN or a name stands open in the store")
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		other := w.draft(wave.Anonymous)
		if _, _, err := w.OpenPaper(t.Context(), hr, other.ID, files[0].ID); !errors.Is(err, db.ErrNoRow) {
			t.Errorf("a file is opened by another wave: %v", err)
		}
		w.write(func(s *db.Scope) error { return w.Service.Close(t.Context(), s, v.ID) })
		if files, err = w.PaperFiles(t.Context(), hr, v.ID); err != nil || len(files) != 0 {
			t.Errorf("files are left: %v, %v", files, err)
		}
	})
}

func TestPaperIsForWhomItIsAskedWhoeverTookPart(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t), nowhere)
	v := w.running(wave.Confidential, 20)
	count := func(whom Whom) int {
		t.Helper()
		n, _, err := w.Pieces(t.Context(), hr, v.ID, Paper{Kind: print.Labels, Whom: whom})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if a, b, c := count(WithoutMail), count(NotInvited), count(Everyone); a != 4 || b != 20 || c != 20 {
		t.Errorf("%d, %d, %d", a, b, c)
	}
	w.draw(v, "Jan Peeters000", "Jan Peeters004")
	if a, b, c := count(WithoutMail), count(NotInvited), count(Everyone); a != 4 || b != 20 || c != 20 {
		t.Errorf("after some took part: %d, %d, %d", a, b, c)
	}
	w.opened(v)
	if a, b := count(WithoutMail), count(NotInvited); a != 4 || b != 4 {
		t.Errorf("after the mails: %d, %d", a, b)
	}
	page, err := w.Page(t.Context(), hr, v.ID, Paper{Kind: print.Letters, Whom: WithoutMail}, 1, "nl")
	if err != nil || !strings.Contains(string(page), "Jan Peeters004") || strings.Contains(string(page), "Jan Peeters000") {
		t.Errorf("%v", err)
	}
	for what, bad := range map[string]Paper{"kind": {Kind: "poster", Whom: Everyone}, "whom": {Kind: print.Cards, Whom: "who did not take part"}} {
		if _, err := w.Page(t.Context(), hr, v.ID, bad, 1, "nl"); !problem.Is(err, problem.Invalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := w.Page(t.Context(), hr, v.ID, Paper{Kind: print.Cards, Whom: Everyone}, 2, "nl"); !errors.Is(err, db.ErrNoRow) {
		t.Errorf("a piece that is not there: %v", err)
	}
	if _, err := w.Page(t.Context(), hr, w.draft(wave.Anonymous).ID, Paper{Kind: print.Cards, Whom: Everyone}, 1, "nl"); !problem.Is(err, problem.Conflict) {
		t.Errorf("a draft is printed: %v", err)
	}
}

func TestPersonIsFoundInAFrameByTheirNumberHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		dbtest.AddAccount(t, w.d, dbtest.Ours, "anna")
		v := w.running(wave.Anonymous, 20)
		w.write(func(s *db.Scope) error {
			_, err := s.Exec(t.Context(), `UPDATE accounts SET mail = NULL, staff_number = 'AB7' WHERE tenant_id = $1`)
			if err == nil {
				_, err = s.Exec(t.Context(), `UPDATE wave_people SET reference = 'ab7' WHERE tenant_id = $1 AND wave_id = $2 AND name = 'Jan Peeters004'`, v.ID)
			}
			return err
		})
		sections, err := w.Held(t.Context(), dbtest.Ours, "anna")
		if err != nil || len(sections) != 1 || !strings.Contains(sections[0].Rows[0].Value, "Jan Peeters004") {
			t.Fatalf("%+v, %v", sections, err)
		}
	})
}

func TestPersonSeesAndErasesTheirPlaceInAFrame(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		dbtest.AddAccount(t, w.d, dbtest.Ours, "anna")
		v := w.running(wave.Anonymous, 20)
		w.write(func(s *db.Scope) error { // the account came after the launch, and is not matched
			_, err := s.Exec(t.Context(), `UPDATE accounts SET mail = 'p3@stad.example' WHERE tenant_id = $1`)
			return err
		})
		sections, err := w.Held(t.Context(), dbtest.Ours, "anna")
		if err != nil || len(sections) != 1 || len(sections[0].Rows) != 2 || !strings.Contains(sections[0].Rows[0].Value, "Jan Peeters003") {
			t.Fatalf("%+v, %v", sections, err)
		}
		w.opened(v)
		p := w.people(v)["Jan Peeters003"]
		if p.account != "anna" {
			t.Errorf("opening the wave matched %q", p.account)
		}
		pin := w.pin(v, p.Member)
		w.write(func(s *db.Scope) error { return w.Erase(t.Context(), s, "anna") })
		if got := w.mails(KindInvitation); got["p3@stad.example"] != 0 {
			t.Error("the invitation still goes out")
		}
		if found, err := w.Find(t.Context(), &v, pin); err != nil || found.ID != p.ID {
			t.Errorf("the PIN does not open any more: %v", err)
		}
		if sections, err = w.Held(t.Context(), dbtest.Ours, "anna"); err != nil || len(sections) != 0 {
			t.Errorf("%+v, %v", sections, err)
		}
		if got := len(w.people(v)); got != 20 {
			t.Errorf("%d people", got)
		}
		var _ held.Eraser = w.Service
	})
}

func TestDraftsAndFilesAge(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		open := w.running(wave.Anonymous, 10)
		v := w.draft(wave.Anonymous)
		w.takes(v, staff(10))
		if _, err := w.Upload(t.Context(), hr, v.ID, "f.csv", w.file(staff(5)), asked.Request{}); err != nil {
			t.Fatal(err)
		}
		later := w.Clock.Now().AddDate(1, 1, 0)
		for _, k := range w.Kept() {
			wants := map[string]int{"wave-people": 10, "wave-files": 1}[k.Name]
			n, oldest, err := k.Count(t.Context(), w.d.Of(dbtest.Ours), later)
			if err != nil || n != wants || oldest.IsZero() {
				t.Errorf("%s: %d, %s, %v", k.Name, n, oldest, err)
			}
			if n, _, err := k.Count(t.Context(), w.d.Of(dbtest.Ours), w.Clock.Now().AddDate(0, 0, -1)); err != nil || n != 0 {
				t.Errorf("%s, yesterday: %d, %v", k.Name, n, err)
			}
			w.write(func(s *db.Scope) error {
				n, err := k.Delete(t.Context(), s, later, 100)
				if n != wants {
					t.Errorf("%s: %d are deleted", k.Name, n)
				}
				return err
			})
			held, err := k.Held(t.Context(), w.d.Of(dbtest.Ours))
			if want := map[string]int{"wave-people": 10, "wave-files": 0}[k.Name]; err != nil || held != want {
				t.Errorf("%s: %d are held, %v", k.Name, held, err)
			}
		}
		if got := len(w.people(open)); got != 10 {
			t.Errorf("of a wave that runs %d people are left", got)
		}
	})
}

func TestWhoMayNotRunWavesSeesNumbersAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t), nowhere)
	v := w.draft(wave.Anonymous)
	w.takes(v, staff(20)+"Els;Alleen;els@stad.example;7;nl;Musea\n")
	dpo := wavetest.Person(dbtest.Ours, access.DPO)
	sum, hidden, err := w.Summary(t.Context(), dpo, v.ID)
	if err != nil || sum.People != 21 || hidden["Dienst"] != 1 || strings.Contains(fmt.Sprint(sum), "Musea") {
		t.Errorf("%+v, %v, %v", sum, hidden, err)
	}
	if sum, hidden, err = w.Summary(t.Context(), hr, v.ID); err != nil || hidden["Dienst"] != 0 || !strings.Contains(fmt.Sprint(sum), "Musea") {
		t.Errorf("%+v, %v, %v", sum, hidden, err)
	}
	_, _, list := w.List(t.Context(), dpo, v.ID, "", "", "")
	_, back := w.Back(t.Context(), dpo, v.ID)
	_, member := w.Member(t.Context(), dpo, v.ID, w.people(v)["Els Alleen"].ID)
	_, files := w.PaperFiles(t.Context(), dpo, v.ID)
	_, page := w.Page(t.Context(), dpo, v.ID, Paper{Kind: print.Cards, Whom: Everyone}, 1, "nl")
	for what, err := range map[string]error{"list": list, "back": back, "member": member, "files": files, "page": page} {
		if !problem.Is(err, problem.Forbidden) {
			t.Errorf("%s: %v", what, err)
		}
	}
}
