package invite

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tekentafel/internal/asked"
	"tekentafel/internal/crockford"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/problem"
	"tekentafel/internal/survey/wave"
)

func TestMessagesAreThereInEachLanguage(t *testing.T) {
	t.Parallel()
	if err := locale().Check(); err != nil {
		t.Error(err)
	}
}

func TestPINIsReadHoweverItIsTyped(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		letters := rapid.SliceOfN(rapid.SampledFrom([]byte(crockford.Alphabet)), pinLength, pinLength).Draw(t, "pin")
		pin := string(letters)
		var typed strings.Builder
		for _, r := range WritePIN(pin) {
			alike := []string{string(r), strings.ToLower(string(r))}
			switch r {
			case '0':
				alike = append(alike, "O", "o")
			case '1':
				alike = append(alike, "I", "i", "L", "l")
			case '-':
				alike = []string{"", "-", " ", "–", " - "}
			}
			typed.WriteString(rapid.SampledFrom(alike).Draw(t, "typed"))
			typed.WriteString(rapid.SampledFrom([]string{"", "", "", " "}).Draw(t, "gap"))
		}
		if got, ok := ReadPIN(typed.String()); !ok || got != pin {
			t.Fatalf("%q reads as %q, %t; it is %q", typed.String(), got, ok, pin)
		}
	})
	for _, bad := range []string{"", "K7M2P", "K7M2P-9QX4", "K7M2P-9QX4RR", "K7M2P-9QX4U", "K7M2P-9QX4é", "K7M2P/9QX4R", strings.Repeat("-", 1000)} {
		if got, ok := ReadPIN(bad); ok {
			t.Errorf("%q reads as %q", bad, got)
		}
	}
}

func FuzzReadPIN(f *testing.F) {
	for _, s := range []string{"K7M2P-9QX4R", "k7m2p 9qx4r", "oil", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		pin, ok := ReadPIN(s)
		if !ok {
			return
		}
		if again, ok := ReadPIN(WritePIN(pin)); !ok || again != pin || len(pin) != pinLength {
			t.Fatalf("%q reads as %q, and that as %q", s, pin, again)
		}
	})
}

func TestPINsOfAWaveAreTheirOwnAndCanBeMadeAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t), nowhere)
	v, other := w.draft(wave.Anonymous), w.draft(wave.Anonymous)
	secret, err := v.Secret(w.Box)
	if err != nil {
		t.Fatal(err)
	}
	otherSecret, err := other.Secret(w.Box)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		person := rapid.StringMatching(`[a-z2-7]{26}`).Draw(t, "person")
		taken := map[string]bool{}
		var hashes []string
		for range rapid.IntRange(1, 4).Draw(t, "met") { // as if others had got this PIN before
			hash, err := newPIN(secret, person, taken)
			if err != nil {
				t.Fatal(err)
			}
			hashes = append(hashes, hash)
		}
		seen := map[string]bool{}
		for _, hash := range hashes {
			pin, err := againPIN(secret, person, hash)
			if err != nil || seen[pin] {
				t.Fatalf("%q again, %v", pin, err)
			}
			seen[pin] = true
			if plain, ok := ReadPIN(pin); !ok || hashPIN(secret, plain) != hash || hashPIN(otherSecret, plain) == hash {
				t.Fatalf("%q has another hash, or the same in another wave", pin)
			}
			if _, err := againPIN(otherSecret, person, hash); err == nil {
				t.Fatal("the secret of another wave makes this PIN")
			}
		}
	})
}

func TestFrameIsTakenAsTheFileSays(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		dbtest.AddAccount(t, w.d, dbtest.Ours, "anna")
		w.write(func(s *db.Scope) error {
			_, err := s.Exec(t.Context(), `UPDATE accounts SET mail = 'p0@stad.example' WHERE tenant_id = $1`)
			return err
		})
		v := w.draft(wave.Anonymous)
		w.takes(v, staff(40)+"Els;Dubbel;p1@stad.example;1001;nl;Groen\n")
		people := w.people(v)
		if len(people) != 40 {
			t.Fatalf("%d people", len(people))
		}
		p := people["Jan Peeters000"]
		want := Member{Name: "Jan Peeters000", Mail: "p0@stad.example", Number: "1000", Language: "nl", Groups: map[string]string{"Dienst": "Groen"}, Invitation: NotYet}
		want.ID, want.pinHash = p.ID, p.pinHash
		if d := cmp.Diff(want, p.Member, cmp.AllowUnexported(Member{})); d != "" || p.account != "anna" || p.taken {
			t.Errorf("%s %+v", d, p)
		}
		hashes := map[string]bool{}
		for _, p := range people {
			hashes[p.pinHash] = true
			found, err := w.Find(t.Context(), &v, strings.ToLower(w.pin(v, p.Member)))
			if err != nil || found.ID != p.ID || found.Groups["Dienst"] != p.Groups["Dienst"] {
				t.Fatalf("%+v, %v", found, err)
			}
		}
		if len(hashes) != 40 {
			t.Errorf("%d PINs for 40 people", len(hashes))
		}
		for _, wrong := range []string{"", "nonsense", "K7M2P-9QX4R"} {
			if _, err := w.Find(t.Context(), &v, wrong); !errors.Is(err, db.ErrNoRow) {
				t.Errorf("%q opens something: %v", wrong, err)
			}
		}
		if got, err := w.BySession(t.Context(), &v, "anna"); err != nil || got.ID != p.ID {
			t.Errorf("%+v, %v", got, err)
		}
		for _, nobody := range []string{"", "els"} {
			if _, err := w.BySession(t.Context(), &v, nobody); !errors.Is(err, db.ErrNoRow) {
				t.Errorf("%q is in the frame: %v", nobody, err)
			}
		}
		// Another file takes the place of the first as a whole.
		id, err := w.Upload(t.Context(), hr, v.ID, "staff.csv", w.file(staff(30)+"Els;Nieuw;els@stad.example;7;nl;Groen\n"), asked.Request{})
		if err != nil {
			t.Fatal(err)
		}
		up, err := w.Uploaded(t.Context(), hr, v.ID, id)
		if err != nil {
			t.Fatal(err)
		}
		changes, err := w.Compare(t.Context(), hr, v.ID, up.File.Check(up.File.Guess(), w.Rules(&v)))
		if want := (Changes{People: 40, New: 1, Gone: 10}); err != nil || changes != want {
			t.Errorf("%+v, %v", changes, err)
		}
		if len(w.people(v)) != 40 {
			t.Error("somebody was taken before it was confirmed")
		}
		if _, err := w.Take(t.Context(), hr, v.ID, id, up.File.Guess(), asked.Request{}); err != nil {
			t.Fatal(err)
		}
		if got := len(w.people(v)); got != 31 {
			t.Errorf("%d people", got)
		}
		if _, err := w.Uploaded(t.Context(), hr, v.ID, id); !errors.Is(err, db.ErrNoRow) {
			t.Errorf("the file is kept: %v", err)
		}
	})
}

func TestStratumNeedsEnoughPeople(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t), nowhere)
	v := w.draft(wave.Anonymous)
	id, err := w.Upload(t.Context(), hr, v.ID, "staff.csv", w.file(staff(20)+"Els;Alleen;els@stad.example;7;nl;Musea\n"), asked.Request{})
	if err != nil {
		t.Fatal(err)
	}
	up, err := w.Uploaded(t.Context(), hr, v.ID, id)
	if err != nil {
		t.Fatal(err)
	}
	plan := up.File.Guess()
	plan.Stratum = slices.Index(plan.Roles, "group")
	if _, err := w.Take(t.Context(), hr, v.ID, id, plan, asked.Request{}); !problem.Is(err, problem.Invalid) {
		t.Fatalf("a stratum of one person is taken: %v", err)
	}
	w.takes(v, staff(20))
	if id, err = w.Upload(t.Context(), hr, v.ID, "staff.csv", w.file(staff(20)), asked.Request{}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Take(t.Context(), hr, v.ID, id, plan, asked.Request{}); err != nil {
		t.Fatal(err)
	}
	for name, p := range w.people(v) {
		if p.stratum != p.Groups["Dienst"] || p.stratum == "" {
			t.Errorf("%s is in the stratum %q", name, p.stratum)
		}
	}
	sum, _, err := w.Summary(t.Context(), hr, v.ID)
	if err != nil || len(sum.Variables) != 1 || !sum.Variables[0].Stratum {
		t.Errorf("%+v, %v", sum, err)
	}
	in := MemberInput{Name: "An", Language: "nl", Groups: map[string]string{"Dienst": "Musea"}}
	if _, err := w.Add(t.Context(), hr, v.ID, in); !problem.Is(err, problem.Invalid) {
		t.Errorf("a stratum of one person is added: %v", err)
	}
}

func TestFrameIsFixedByTheLaunch(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		v := w.running(wave.Anonymous, 20)
		p := w.people(v)["Jan Peeters003"]
		ctx := t.Context()
		in := MemberInput{Name: "Jan Peeters003", Mail: "NEW@stad.example", Number: "1003", Language: "nl", Groups: map[string]string{"Dienst": "Musea"}}
		_, uploaded := w.Upload(ctx, hr, v.ID, "f", w.file(staff(3)), asked.Request{})
		_, added := w.Add(ctx, hr, v.ID, in)
		for what, err := range map[string]error{"upload": uploaded, "add": added, "remove": w.Remove(ctx, hr, v.ID, p.ID)} {
			if !problem.Is(err, problem.Conflict) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if err := w.Correct(ctx, hr, v.ID, p.ID, in); err != nil {
			t.Fatal(err)
		}
		got := w.people(v)["Jan Peeters003"]
		if got.Mail != "new@stad.example" || got.Language != "nl" || got.Groups["Dienst"] != p.Groups["Dienst"] || got.pinHash != p.pinHash {
			t.Errorf("%+v", got)
		}
		in.Mail = "p0@stad.example"
		if err := w.Correct(ctx, hr, v.ID, p.ID, in); !problem.Is(err, problem.Invalid) {
			t.Errorf("two people with one address: %v", err)
		}
		in.Mail, in.Number, in.Name = "", "", ""
		if err := w.Correct(ctx, hr, v.ID, p.ID, in); !problem.Is(err, problem.Invalid) {
			t.Errorf("a person who is nobody: %v", err)
		}
	})
}

func TestAPersonIsAddedAndRemovedInADraft(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		v := w.draft(wave.Confidential)
		w.takes(v, staff(10))
		in := MemberInput{Name: "Els", Number: "77", Language: "fr", Groups: map[string]string{"Dienst": "Musea"}, Asked: asked.Request{Key: "k", What: 1}}
		id, err := w.Add(t.Context(), hr, v.ID, in)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := w.Add(t.Context(), hr, v.ID, in); err != nil || again != id {
			t.Errorf("sent twice: %s, %v", again, err)
		}
		m, err := w.Member(t.Context(), hr, v.ID, id)
		if err != nil || m.Groups["Dienst"] != "Musea" {
			t.Fatalf("%+v, %v", m, err)
		}
		if found, err := w.Find(t.Context(), &v, w.pin(v, m)); err != nil || found.ID != id {
			t.Errorf("%+v, %v", found, err)
		}
		if err := w.Remove(t.Context(), hr, v.ID, id); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Member(t.Context(), hr, v.ID, id); !errors.Is(err, db.ErrNoRow) {
			t.Errorf("%v", err)
		}
	})
}

// opened tells the people of a wave that it opened.
func (w *world) opened(v wave.Wave) {
	w.t.Helper()
	w.write(func(s *db.Scope) error { return w.Service.Opened(w.t.Context(), s, &v) })
	w.works("")
}

func (w *world) reminded(v wave.Wave, moment time.Time) {
	w.t.Helper()
	w.write(func(s *db.Scope) error { return w.SendReminders(w.t.Context(), s, &v, moment) })
	w.works("")
}

func TestEveryoneWithAnAddressIsInvitedOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		v := w.running(wave.Anonymous, 500) // more than two pieces
		w.draw(v, "Jan Peeters000")         // signed in before the mail
		for range 2 {
			w.opened(v)
		}
		got := w.mails(KindInvitation)
		if len(got) != 399 || got["p0@stad.example"] != 0 {
			t.Errorf("%d people were mailed, want 399 without who took part: %d", len(got), got["p0@stad.example"])
		}
		for to, n := range got {
			if n != 1 {
				t.Errorf("%s got %d mails", to, n)
			}
		}
		for name, p := range w.people(v) {
			if want := map[bool]Invitation{true: Mailed, false: NotYet}[p.Mail != ""]; p.Invitation != want {
				t.Errorf("%s stands as %s, want %s", name, p.Invitation, want)
			}
		}
	})
}

func TestRemindersGoToWhoDidNotTakePartOrRefuseOnceAMoment(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		v := w.running(wave.Anonymous, 20)
		w.opened(v)
		before := w.shownList(v)
		w.draw(v, "Jan Peeters000", "Jan Peeters001")
		if err := w.RefuseByPIN(t.Context(), &v, w.pin(v, w.people(v)["Jan Peeters002"].Member)); err != nil {
			t.Fatal(err)
		}
		w.Clock.Step(24 * time.Hour)
		moment := w.Clock.Now()
		for range 3 {
			w.reminded(v, moment)
			w.Clock.Step(time.Second)
		}
		got := w.mails(KindReminder)
		if len(got) != 13 || slices.Max(slices.Collect(maps.Values(got))) != 1 {
			t.Errorf("%v", got)
		}
		for _, never := range []string{"p0@stad.example", "p1@stad.example", "p2@stad.example"} {
			if got[never] != 0 {
				t.Errorf("%s was reminded", never)
			}
		}
		// What HR sees is the same for all: who took part, who refused, who was reminded.
		if d := cmp.Diff(before, w.shownList(v)); d != "" {
			t.Errorf("the list changed: %s", d)
		}
		w.Clock.Step(12 * 24 * time.Hour)
		w.reminded(v, w.Clock.Now())
		if got := w.mails(KindClosing); len(got) != 13 {
			t.Errorf("the last reminder: %v", got)
		}
		w.Clock.Step(24 * time.Hour) // the wave has closed
		w.reminded(v, w.Clock.Now())
		if got := w.mails(KindClosing); slices.Max(slices.Collect(maps.Values(got))) != 1 {
			t.Errorf("reminded of a wave that is closed: %v", got)
		}
	})
}

// shownList is what HR sees of each person, without names of fields that the store keeps for itself.
func (w *world) shownList(v wave.Wave) []string {
	w.t.Helper()
	list, more, err := w.List(w.t.Context(), hr, v.ID, "", "", "")
	if err != nil || more {
		w.t.Fatal(more, err)
	}
	var out []string
	for _, m := range list {
		out = append(out, fmt.Sprint(m.Name, m.Mail, m.Number, m.Language, m.Groups, m.Invitation))
	}
	return out
}

func TestRefusalsAreToldFromKOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t), nowhere)
	v := w.running(wave.Anonymous, 20)
	w.opened(v)
	for i := range 5 {
		o, err := w.Overview(t.Context(), hr, v.ID)
		if err != nil || o.Refused != -1 {
			t.Errorf("after %d: %d, %v", i, o.Refused, err)
		}
		if err := w.Refuse(t.Context(), &v, w.people(v)[fmt.Sprintf("Jan Peeters%03d", i)].ID); err != nil {
			t.Fatal(err)
		}
	}
	o, err := w.Overview(t.Context(), hr, v.ID)
	if want := (Overview{People: 20, WithMail: 16, NotYet: 4, Mailed: 16, Refused: 5, MailOn: true}); err != nil || o != want {
		t.Errorf("%+v, %v", o, err)
	}
}

func TestCloseLeavesNobodysNameAndNoMailThatWaits(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		v := w.running(wave.Anonymous, 20)
		w.opened(v)
		w.draw(v, "Jan Peeters001")
		w.write(func(s *db.Scope) error { return w.Service.Close(t.Context(), s, v.ID) })
		if got := w.mails(KindInvitation); len(got) != 0 {
			t.Errorf("mails wait: %v", got)
		}
		var people, taken, named int
		if err := w.d.Of(dbtest.Ours).Row(t.Context(), `SELECT COUNT(*), COUNT(*) FILTER (WHERE taken), COUNT(*) FILTER (WHERE name <> '' OR mail <> '' OR reference <> '' OR account_id <> '' OR mail_id <> '' OR drawn <> '')
FROM wave_people WHERE tenant_id = $1 AND wave_id = $2`, []any{v.ID}, &people, &taken, &named); err != nil || people != 20 || taken != 1 || named != 0 {
			t.Errorf("%d people, %d took part, %d are named: %v", people, taken, named, err)
		}
		w.write(func(s *db.Scope) error { return w.Clean(t.Context(), s, v.ID) })
		if got := len(w.people(v)); got != 0 {
			t.Errorf("%d people are left", got)
		}
	})
}

// TestRefusingChangesNothingThatIsShown tries each way in which somebody can stand, and what is done to all of them afterwards.
func TestRefusingChangesNothingThatIsShown(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		v := w.running(wave.Anonymous, 20)
		refuses := func(names ...string) {
			t.Helper()
			for _, name := range names {
				if err := w.Refuse(t.Context(), &v, w.people(v)[name].ID); err != nil {
					t.Fatal(err)
				}
			}
		}
		same := func(what string, a, b string) {
			t.Helper()
			list := map[string]Invitation{}
			all, _, err := w.List(t.Context(), hr, v.ID, "", "", "")
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range all {
				list[m.Name] = m.Invitation
			}
			if list[a] != list[b] {
				t.Errorf("%s: who refused stands as %s, others as %s", what, list[a], list[b])
			}
		}
		refuses("Jan Peeters000", "Jan Peeters004") // 4 and 9 have no address
		same("before anything", "Jan Peeters000", "Jan Peeters001")
		w.opened(v)
		same("after the mails", "Jan Peeters000", "Jan Peeters001")
		same("after the mails, without address", "Jan Peeters004", "Jan Peeters009")
		if got := w.mails(KindInvitation); got["p0@stad.example"] != 0 {
			t.Error("who refused was mailed")
		}
		if err := w.NotePrinted(t.Context(), hr, v.ID, Paper{Kind: "cards", Whom: WithoutMail}); err != nil {
			t.Fatal(err)
		}
		same("after printing", "Jan Peeters004", "Jan Peeters009")
		refuses("Jan Peeters009", "Jan Peeters002")
		same("printed, then refused", "Jan Peeters009", "Jan Peeters014")
		same("mailed, then refused", "Jan Peeters002", "Jan Peeters001")
		if err := w.InviteOne(t.Context(), hr, v.ID, w.people(v)["Jan Peeters002"].ID, asked.Request{}); err != nil {
			t.Fatal(err)
		}
		same("mailed again", "Jan Peeters002", "Jan Peeters001")
		w.Clock.Step(time.Hour)
		w.reminded(v, w.Clock.Now())
		if got := w.mails(KindReminder); got["p2@stad.example"] != 0 || len(got) != 14 {
			t.Errorf("%v", got)
		}
	})
}
