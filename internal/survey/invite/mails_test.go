package invite

import (
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/asked"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	outmail "tekentafel/internal/mail"
	"tekentafel/internal/problem"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/testkit/smtptest"
)

// reaching returns the configuration by which a test server is reached.
func reaching(t testing.TB, s *smtptest.Server) outmail.Config {
	t.Helper()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, s.CertificatePEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	return outmail.Config{Address: s.Address(), From: "Tekentafel <noreply@stad.example>", CAFile: ca, Timeout: 5 * time.Second, FinalTimeout: 5 * time.Second}
}

// delivers sends what is due.
func (w *world) delivers() {
	w.t.Helper()
	if _, err := w.mail.Pass(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// textOf returns the plain text of a message on one line.
func textOf(t testing.TB, m smtptest.Message) string {
	t.Helper()
	read, err := mail.ReadMessage(strings.NewReader(string(m.Raw)))
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(read.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := multipart.NewReader(read.Body, params["boundary"])
	part, err := parts.NextRawPart()
	if err != nil {
		t.Fatal(err)
	}
	var body io.Reader = part
	if strings.EqualFold(part.Header.Get("Content-Transfer-Encoding"), "quoted-printable") {
		body = quotedprintable.NewReader(part)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(text)), " ")
}

func TestInvitationSaysAllThatAPersonMustKnow(t *testing.T) {
	t.Parallel()
	server := smtptest.Start(t, smtptest.Options{})
	w := newWorld(t, dbtest.SQLite(t), reaching(t, server))
	v := w.running(wave.Anonymous, 6)
	if err := w.SetPlan(t.Context(), hr, v.ID, v.Version, wave.Plan{Contact: "Els, toestel 1234", Moments: wave.Moments{Opens: v.Opens, Closes: v.Closes},
		Words: instrument.Text{"nl": "Samen tekenen we het uit.\n\nTot dan!", "fr": "Dessinons ensemble."}}); err != nil {
		t.Fatal(err)
	}
	v = w.Get(v.ID)
	w.opened(v)
	w.delivers()
	got := map[string]string{}
	for _, m := range server.Await(5) {
		got[m.To[0]] = textOf(t, m)
	}
	people := w.people(v)
	for to, wants := range map[string][]string{
		"p0@stad.example": {"Dag Jan Peeters000,", "Samen tekenen we het uit. Tot dan!", "Stad ours nodigt je uit", "Het duurt ongeveer", "anoniem", "tot 8 december 2026", "Els, toestel 1234", "?lang=nl#"},
		"p1@stad.example": {"Bonjour Jan Peeters001,", "Dessinons ensemble.", "anonyme", "jusqu’au 8 décembre 2026", "?lang=fr#"},
	} {
		p := people["Jan Peeters00"+to[1:2]]
		pin := w.pin(v, p.Member)
		lang := "?lang=" + string(p.Language)
		for _, want := range append(wants, public+"/w/"+v.Code+lang+"#"+pin+" ", public+"/no/"+v.Code+lang+".", public+"/w/"+v.Code+".", pin+".") {
			if !strings.Contains(got[to]+" ", want) {
				t.Errorf("%s is not told %q:\n%s", to, want, got[to])
			}
		}
	}
	// Addresses are forgotten, and the mails are in no list of the outbox.
	if left := w.mails(KindInvitation); left[""] != 5 || len(left) != 1 {
		t.Errorf("addresses are kept: %v", left)
	}
	page, err := w.mail.List(t.Context(), dbtest.Ours, hr, "", "", "")
	if err != nil || len(page.Mails) != 0 || len(page.Counts) != 0 {
		t.Errorf("the list of mails shows %v, %v", page.Mails, err)
	}
}

func TestMailThatComesBackIsToldAndMended(t *testing.T) {
	t.Parallel()
	server := smtptest.Start(t, smtptest.Options{})
	w := newWorld(t, dbtest.SQLite(t), reaching(t, server))
	v := w.running(wave.Anonymous, 9)
	server.Behave(smtptest.Behaviour{Refuse: []string{"p0@stad.example"}})
	w.opened(v)
	w.delivers()
	back, err := w.Back(t.Context(), hr, v.ID)
	if err != nil || len(back) != 1 || back[0].Mail != "p0@stad.example" || back[0].Reason != "server" || !strings.Contains(back[0].Reply, "550") {
		t.Fatalf("%+v, %v", back, err)
	}
	p := w.people(v)["Jan Peeters000"]
	m, err := w.Member(t.Context(), hr, v.ID, p.ID)
	if err != nil || m.Invitation != Bounced {
		t.Errorf("%+v, %v", m, err)
	}
	// Who is not reached is not reminded. That a reminder comes back is told to nobody: it would say who has not taken part.
	server.Behave(smtptest.Behaviour{Refuse: []string{"p1@stad.example"}})
	w.Clock.Step(time.Hour)
	w.reminded(v, w.Clock.Now())
	w.delivers()
	if got := w.mails(KindReminder); got["p0@stad.example"] != 0 || got["p1@stad.example"] != 1 || got[""] != 6 {
		t.Errorf("%v", got)
	}
	if back, err = w.Back(t.Context(), hr, v.ID); err != nil || len(back) != 1 {
		t.Errorf("%+v, %v", back, err)
	}
	// A new address, and the invitation again: it goes out also to who took part, so that nobody learns it by asking.
	server.Behave(smtptest.Behaviour{})
	w.draw(v, "Jan Peeters000")
	in := MemberInput{Name: p.Name, Mail: "jan@stad.example", Number: p.Number, Language: p.Language, Groups: p.Groups}
	if err := w.Correct(t.Context(), hr, v.ID, p.ID, in); err != nil {
		t.Fatal(err)
	}
	if err := w.InviteOne(t.Context(), hr, v.ID, p.ID, asked.Request{}); err != nil {
		t.Fatal(err)
	}
	w.delivers()
	all := server.Messages()
	if last := all[len(all)-1]; last.To[0] != "jan@stad.example" {
		t.Errorf("the last mail went to %v", last.To)
	}
	if back, err = w.Back(t.Context(), hr, v.ID); err != nil || len(back) != 0 {
		t.Errorf("%+v, %v", back, err)
	}
	if left := w.mails(KindInvitation); left["p0@stad.example"] != 0 {
		t.Error("the old address is kept")
	}
}

func TestInvitationsWaitForTheirTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t), nowhere)
	v := w.draft(wave.Anonymous)
	w.takes(v, staff(20))
	person := w.people(v)["Jan Peeters000"].ID
	refuses := func(what string) {
		t.Helper()
		if err := w.Invite(t.Context(), hr, v.ID, asked.Request{}); !problem.Is(err, problem.Conflict) {
			t.Errorf("%s: %v", what, err)
		}
		if err := w.InviteOne(t.Context(), hr, v.ID, person, asked.Request{}); !problem.Is(err, problem.Conflict) {
			t.Errorf("%s, one: %v", what, err)
		}
	}
	refuses("a draft")
	v = w.Get(v.ID)
	if _, err := w.Launch(t.Context(), hr, v.ID, v.Version, asked.Request{}); err != nil {
		t.Fatal(err)
	}
	refuses("scheduled")
	if err := w.OpenNow(t.Context(), hr, v.ID); err != nil {
		t.Fatal(err)
	}
	if err := w.Invite(t.Context(), hr, v.ID, asked.Request{}); err != nil {
		t.Error(err)
	}
	noMail := w.people(v)["Jan Peeters004"].ID
	if err := w.InviteOne(t.Context(), hr, v.ID, noMail, asked.Request{}); !problem.Is(err, problem.Conflict) {
		t.Errorf("without an address: %v", err)
	}
	off := newWorld(t, dbtest.SQLite(t), outmail.Config{})
	v = off.running(wave.Anonymous, 10)
	if err := off.Invite(t.Context(), hr, v.ID, asked.Request{}); !problem.Is(err, problem.Conflict) {
		t.Errorf("without a mail server: %v", err)
	}
	off.write(func(s *db.Scope) error { return off.Service.Opened(t.Context(), s, &v) })
	off.works("")
	if got := off.mails(KindInvitation); len(got) != 0 {
		t.Errorf("%v", got)
	}
}

func TestAnAddressSaysALanguageOnlyWhereThereAreSeveral(t *testing.T) {
	t.Parallel()
	two, one := &wave.Wave{Languages: []instrument.Lang{"nl", "fr"}}, &wave.Wave{Languages: []instrument.Lang{"fr"}}
	for _, c := range []struct {
		w    *wave.Wave
		lang instrument.Lang
		want string
	}{{two, "fr", "/w/x?lang=fr"}, {two, "nl", "/w/x?lang=nl"}, {two, "de", "/w/x"}, {two, "", "/w/x"}, {one, "fr", "/w/x"}} {
		if got := inLanguage("/w/x", c.w, c.lang); got != c.want {
			t.Errorf("in %q of %v: %s, want %s", c.lang, c.w.Languages, got, c.want)
		}
	}
}
