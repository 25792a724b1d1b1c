package invite

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/api"
	"tekentafel/internal/asked"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/jobs"
	"tekentafel/internal/mail"
	"tekentafel/internal/survey/invite/frame"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/survey/wave/wavetest"
	"tekentafel/internal/web"
)

// outbox lets the real outbox be the Mailer, as the server does.
type outbox struct{ o *mail.Outbox }

func (b outbox) On() bool { return b.o.On() }

func (b outbox) Address(s string) (string, error) { return mail.Address(s) }

func (b outbox) Post(ctx context.Context, s *db.Scope, l Letter) (string, error) {
	return b.o.Post(ctx, s, mail.Message{Kind: l.Kind, To: l.To, Name: l.Name, Lang: l.Lang, Organisation: l.Organisation, Args: l.Args, Note: l.Note, Until: l.Until, Forget: true})
}

func (b outbox) Withdraw(ctx context.Context, s *db.Scope, id string) error {
	return b.o.Withdraw(ctx, s, id)
}

func (b outbox) Unsent(ctx context.Context, r db.Reader, kind string) ([]string, error) {
	return b.o.Unsent(ctx, r, kind)
}

func (b outbox) Undelivered(ctx context.Context, r db.Reader, kind string) ([]Undelivered, error) {
	list, err := b.o.Undelivered(ctx, r, kind)
	var out []Undelivered
	for i := range list {
		out = append(out, Undelivered{ID: list[i].ID, Unsure: list[i].State == mail.Unsure, Reason: list[i].Reason, Reply: list[i].Reply})
	}
	return out, err
}

// accounts reads the accounts as the server does.
type accounts struct{}

func (accounts) Each(ctx context.Context, r db.Reader, each func(account, mail, number string) error) error {
	return r.Rows(ctx, `SELECT id, COALESCE(mail, ''), COALESCE(staff_number, '') FROM accounts WHERE tenant_id = $1 AND state = 'active'`, func(scan func(...any) error) error {
		var id, mail, number string
		if err := scan(&id, &mail, &number); err != nil {
			return err
		}
		return each(id, mail, number)
	})
}

func (accounts) Of(ctx context.Context, r db.Reader, account string) (mail, number string, err error) {
	err = r.Row(ctx, `SELECT COALESCE(MAX(mail), ''), COALESCE(MAX(staff_number), '') FROM accounts WHERE tenant_id = $1 AND id = $2`, []any{account}, &mail, &number)
	return mail, number, err
}

// world is invitations beside the life of waves.
type world struct {
	*wavetest.World
	*Service
	t    testing.TB
	d    *db.DB
	mail *mail.Outbox
}

const public = "https://tekentafel.example"

func newWorld(t testing.TB, d *db.DB, c mail.Config) *world {
	t.Helper()
	w := &world{World: wavetest.New(t, d), t: t, d: d}
	silent := slog.New(slog.NewTextHandler(io.Discard, nil))
	waves := w.World.Service
	var err error
	w.mail, err = mail.New(c, mail.Parts{DB: d, Box: waves.Box, Audit: waves.Audit, Now: waves.Now, Log: silent})
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range Kinds() {
		w.mail.Register(mail.Kind{Name: k.Name, Bundle: k.Bundle, Key: k.Key, Apart: true})
	}
	w.Service = New(Dependencies{DB: d, Audit: waves.Audit, Queue: waves.Queue, Box: waves.Box, Now: waves.Now, Organisations: w.World, Accounts: accounts{},
		Mail: outbox{w.mail}, PublicURL: public, Dir: t.TempDir(), MaxUpload: 32 << 20,
		Print: func(_ context.Context, document []byte) ([]byte, error) {
			return append([]byte("%PDF of "), document...), nil
		}})
	return w
}

// nowhere is a mail server that takes nothing: mails stay in the outbox.
var nowhere = mail.Config{Address: "127.0.0.1:1", Security: mail.None, From: "Tekentafel <noreply@stad.example>"}

// each runs a test on each engine.
func each(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(t, newWorld(t, d, nowhere)) })
}

var hr = wavetest.HR()

// staff is a list of n people: every fifth has no mailbox, departments take turns.
func staff(n int) string {
	var b strings.Builder
	b.WriteString("Voornaam;Naam;E-mailadres;Personeelsnummer;Taal;Dienst\n")
	for i := range n {
		mail := fmt.Sprintf("p%d@stad.example", i)
		if i%5 == 4 {
			mail = ""
		}
		fmt.Fprintf(&b, "Jan;Peeters%03d;%s;%d;%s;%s\n", i, mail, 1000+i, []string{"nl", "fr"}[i%2], []string{"Groen", "Financiën"}[i/2%2])
	}
	return b.String()
}

// file writes a file.
func (w *world) file(content string) string {
	w.t.Helper()
	path := filepath.Join(w.t.TempDir(), "staff.csv")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return path
}

// draft makes a draft without people.
func (w *world) draft(mode wave.Mode) wave.Wave { return w.Draft(mode, 0) }

// takes uploads a file for a draft and takes it as guessed.
func (w *world) takes(v wave.Wave, content string) {
	w.t.Helper()
	id, err := w.Upload(w.t.Context(), hr, v.ID, "staff.csv", w.file(content), asked.Request{})
	if err != nil {
		w.t.Fatal(err)
	}
	up, err := w.Uploaded(w.t.Context(), hr, v.ID, id)
	if err != nil {
		w.t.Fatal(err)
	}
	job, err := w.Take(w.t.Context(), hr, v.ID, id, up.File.Guess(), asked.Request{})
	if err != nil {
		w.t.Fatal(err)
	}
	if job != "" {
		w.works(job)
	}
}

// running makes an open wave with n people, whom nobody was told yet.
func (w *world) running(mode wave.Mode, n int) wave.Wave {
	w.t.Helper()
	v := w.draft(mode)
	w.takes(v, staff(n))
	v = w.Get(v.ID)
	if _, err := w.Launch(w.t.Context(), hr, v.ID, v.Version, asked.Request{}); err != nil {
		w.t.Fatal(err)
	}
	if err := w.OpenNow(w.t.Context(), hr, v.ID); err != nil {
		w.t.Fatal(err)
	}
	return w.Get(v.ID)
}

// write does something in a transaction.
func (w *world) write(do func(*db.Scope) error) {
	w.t.Helper()
	if err := w.d.Write(w.t.Context(), dbtest.Ours, do); err != nil {
		w.t.Fatal(err)
	}
}

// works lets jobs run until one, or with "" all, have ended.
func (w *world) works(job string) {
	w.t.Helper()
	ctx, stop := context.WithCancel(w.t.Context())
	ended := make(chan struct{})
	queue := w.World.Queue
	go func() { queue.Run(ctx); close(ended) }()
	defer func() { stop(); <-ended }()
	for deadline := time.Now().Add(60 * time.Second); ; time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			w.t.Fatal("the jobs do not end")
		}
		list, err := queue.List(w.t.Context(), hr, "", 1000)
		if err != nil {
			w.t.Fatal(err)
		}
		left := 0
		for i := range list {
			j := &list[i]
			if job != "" && j.ID != job || j.Kind == "wave-close" {
				continue
			}
			if j.State == jobs.Failed {
				w.t.Fatalf("the job %s failed: %v", j.Kind, j.Trouble)
			}
			if !j.State.Ended() {
				left++
			}
		}
		if left == 0 {
			return
		}
	}
}

// people returns everyone of a frame as stored, by name.
func (w *world) people(v wave.Wave) map[string]stands {
	w.t.Helper()
	out := map[string]stands{}
	err := w.d.Of(dbtest.Ours).Rows(w.t.Context(), `SELECT `+memberColumns+`, taken, stratum, account_id FROM wave_people WHERE tenant_id = $1 AND wave_id = $2`, func(scan func(...any) error) error {
		var s stands
		m, err := scanMember(scan, &s.taken, &s.stratum, &s.account)
		s.Member = m
		out[m.Name] = s
		return err
	}, v.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// stands is a person with what HR never sees.
type stands struct {
	Member
	taken            bool
	stratum, account string
}

// pin returns the PIN of a person.
func (w *world) pin(v wave.Wave, m Member) string {
	w.t.Helper()
	secret, err := v.Secret(w.Box)
	if err != nil {
		w.t.Fatal(err)
	}
	pin, err := againPIN(secret, m.ID, m.pinHash)
	if err != nil {
		w.t.Fatal(err)
	}
	return pin
}

// draw notes that people took part.
func (w *world) draw(v wave.Wave, names ...string) {
	w.t.Helper()
	w.write(func(s *db.Scope) error {
		for _, name := range names {
			if n, err := s.Exec(w.t.Context(), `UPDATE wave_people SET taken = TRUE WHERE tenant_id = $1 AND wave_id = $2 AND name = $3`, v.ID, name); err != nil || n != 1 {
				return fmt.Errorf("%s draws: %d, %w", name, n, err)
			}
		}
		return nil
	})
}

// mails counts the mails of a kind by recipient; "" are those whose address is forgotten.
func (w *world) mails(kind string) map[string]int {
	w.t.Helper()
	out := map[string]int{}
	err := w.d.Of(dbtest.Ours).Rows(w.t.Context(), `SELECT recipient FROM mails WHERE tenant_id = $1 AND kind = $2`, func(scan func(...any) error) error {
		var to string
		err := scan(&to)
		out[to]++
		return err
	}, kind)
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// visitors resolves "X-Test-Who: hr" to somebody of our organisation, "theirs hr" to somebody of the other.
type visitors struct{}

func (visitors) Visit(_ context.Context, r *http.Request) (web.Visit, error) {
	v := web.Visit{Actor: access.Actor{Kind: access.Visitor, Tenant: dbtest.Ours}}
	o := dbtest.Ours
	who, elsewhere := strings.CutPrefix(r.Header.Get("X-Test-Who"), "theirs ")
	if elsewhere {
		o = dbtest.Theirs
	}
	if who != "" {
		v.Actor, v.Name, v.Session = wavetest.Person(o, access.Role(who)), "Wie Kijkt", "s"
	}
	if words := strings.Fields(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")); len(words) > 0 {
		v.Actor = wavetest.Person(o, access.Role(words[0]))
		v.Actor.Kind, v.Actor.ID = access.Key, "key"
		for _, s := range words[1:] {
			v.Actor.Scopes = append(v.Actor.Scopes, access.Action(s))
		}
	}
	v.Org = web.Organisation{ID: o, Slug: string(o), Name: "Stad " + string(o), Languages: instrument.Languages(), GroupSize: 5}
	return v, nil
}

// site is the pages and operations behind a server.
type site struct {
	*world
	server *web.Server
}

func newSite(t testing.TB, w *world) *site {
	t.Helper()
	address, err := url.Parse(public)
	if err != nil {
		t.Fatal(err)
	}
	s := &site{world: w, server: web.New(web.Config{PublicURL: address, Zone: clock.Brussels()}, visitors{}, nil, w.World.Now, slog.New(slog.NewTextHandler(io.Discard, nil)))}
	if err := w.AddTo(s.server); err != nil {
		t.Fatal(err)
	}
	w.API(api.New(s.server, visitors{}, "1.2.3"))
	return s
}

func (s *site) send(method, target string, body io.Reader, set ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequest(method, target, body)
	for i := 0; i+1 < len(set); i += 2 {
		r.Header.Set(set[i], set[i+1])
	}
	w := httptest.NewRecorder()
	s.server.ServeHTTP(w, r)
	return w
}

func (s *site) get(who, target string) *httptest.ResponseRecorder {
	s.t.Helper()
	return s.send(http.MethodGet, target, nil, "X-Test-Who", who)
}

func (s *site) post(who, target string, form url.Values) *httptest.ResponseRecorder {
	s.t.Helper()
	return s.send(http.MethodPost, target, strings.NewReader(form.Encode()), "X-Test-Who", who, "Content-Type", "application/x-www-form-urlencoded")
}

// upload sends a file as a browser does.
func (s *site) upload(who, target, content string) *httptest.ResponseRecorder {
	s.t.Helper()
	body := &bytes.Buffer{}
	m := multipart.NewWriter(body)
	f, err := m.CreateFormFile("file", `C:\docs\staff.csv`)
	if err == nil {
		_, err = io.WriteString(f, content)
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return s.send(http.MethodPost, target, body, "X-Test-Who", who, "Content-Type", m.FormDataContentType())
}

// wants fails the test unless an answer has a status and says all that it should.
func (s *site) wants(what string, w *httptest.ResponseRecorder, status int, says ...string) string {
	s.t.Helper()
	if w.Code != status {
		s.t.Errorf("%s: status %d, want %d: %.300s", what, w.Code, status, w.Body)
	}
	for _, text := range says {
		if !strings.Contains(w.Body.String(), text) {
			s.t.Errorf("%s: it does not say %q", what, text)
		}
	}
	return w.Body.String()
}

// leads fails the test unless an answer sends the browser to a place that begins as wanted; it returns the place.
func (s *site) leads(what string, w *httptest.ResponseRecorder, to string) string {
	s.t.Helper()
	got := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(got, to) {
		s.t.Errorf("%s: status %d to %q, want to %s: %.300s", what, w.Code, got, to, w.Body)
	}
	return got
}

var input = regexp.MustCompile(`<(?:input|select)[^>]* name="([^"]+)"`)

// plan is the plan of a file as guessed, as a form sends it.
func plan(f *frame.File) url.Values {
	v := url.Values{"stratum": {"-1"}}
	for i, r := range f.Guess().Roles {
		v.Set(columnField(i), string(r))
	}
	return v
}
