package mail

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"tekentafel/internal/asked"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/problem"
	"tekentafel/internal/testkit/smtptest"
)

// parts returns the bodies of a received message by media type.
func parts(t testing.TB, m smtptest.Message) map[string]string {
	t.Helper()
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("content type %q: %v", m.Header.Get("Content-Type"), err)
	}
	whole, err := mail.ReadMessage(bytes.NewReader(m.Raw))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for r := multipart.NewReader(whole.Body, params["boundary"]); ; {
		p, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		media, more, err := mime.ParseMediaType(p.Header.Get("Content-Type"))
		if err != nil {
			t.Fatal(err)
		}
		if media == "text/plain" && more["format"] != "flowed" || !strings.EqualFold(more["charset"], "utf-8") {
			t.Errorf("content type %q", p.Header.Get("Content-Type"))
		}
		out[media] = string(body)
	}
}

func TestAMailArrivesInEachWayOfProtectingTheConnection(t *testing.T) {
	t.Parallel()
	for _, options := range []smtptest.Options{
		{TLS: smtptest.StartTLS}, {TLS: smtptest.StartTLS, User: "tekentafel", Password: "geheim"},
		{TLS: smtptest.Implicit, User: "tekentafel", Password: "geheim"}, {TLS: smtptest.None},
	} {
		t.Run(string(options.TLS)+" "+options.User, func(t *testing.T) {
			t.Parallel()
			s := smtptest.Start(t, options)
			o := newOutbox(t, configFor(t, s, options), testParts(t, dbtest.SQLite(t), newHand().clock))
			if err := o.Check(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n := len(s.Messages()); n != 0 {
				t.Fatalf("a check sent %d mails", n)
			}
			name := post(t, o, dbtest.Ours, invitation("Anna@Stad.example"))
			pass(t, o)
			m := s.Await(1)[0]
			if got := get(t, o, dbtest.Ours, name); got.State != Sent {
				t.Fatalf("%+v", got)
			}
			if m.Encrypted != (options.TLS != smtptest.None) || m.User != options.User || m.From != "noreply@stad.example" || m.To[0] != "anna@stad.example" {
				t.Errorf("%+v", m)
			}
			for header, want := range map[string]string{
				"Message-Id": "<" + name + "@stad.example>", "From": `"Tekentafel" <noreply@stad.example>`, "Reply-To": "<hr@stad.example>",
				"To": "<anna@stad.example>", "Auto-Submitted": "auto-generated", "Date": "Tue, 24 Nov 2026 13:03:00 +0000",
				"Subject": "Je uitnodiging voor Tekentafel van Stad Voorbeeld",
			} {
				if got, _ := new(mime.WordDecoder).DecodeHeader(m.Header.Get(header)); got != want {
					t.Errorf("%s: %q, expected %q", header, got, want)
				}
			}
			bodies := parts(t, m)
			for _, want := range []string{"Dag Anna,", "https://tekentafel.example/join/secret-token", "tot 1 januari 2027, 13:00", "Stad Voorbeeld heeft een account"} {
				if !strings.Contains(strings.ReplaceAll(bodies["text/plain"], " \r\n", " "), want) || !strings.Contains(bodies["text/html"], want) {
					t.Errorf("%q is missing in\n%s\n%s", want, bodies["text/plain"], bodies["text/html"])
				}
			}
			for _, not := range []string{"<img", "style", "<script", "src="} {
				if strings.Contains(bodies["text/html"], not) {
					t.Errorf("the HTML holds %q", not)
				}
			}
		})
	}
}

func TestAServerThatCannotProtectTheConnectionGetsNothing(t *testing.T) {
	t.Parallel()
	s := smtptest.Start(t, smtptest.Options{TLS: smtptest.None})
	c := configFor(t, s, smtptest.Options{TLS: smtptest.None})
	c.Security = StartTLS
	o := newOutbox(t, c, testParts(t, dbtest.SQLite(t), newHand().clock))
	name := post(t, o, dbtest.Ours, invitation("anna@stad.example"))
	pass(t, o)
	if m := get(t, o, dbtest.Ours, name); m.State != Waiting || m.Reason != whyUnreachable || !strings.Contains(m.Reply, "STARTTLS") {
		t.Errorf("%+v", m)
	}
	if err := o.Check(t.Context()); err == nil {
		t.Error("the check finds nothing wrong")
	}
	if got := s.Counts(); got.Transactions != 0 {
		t.Errorf("%+v", got)
	}
}

func TestAServerWhoseCertificateIsNotTrustedGetsNothing(t *testing.T) {
	t.Parallel()
	for _, kind := range []smtptest.TLS{smtptest.StartTLS, smtptest.Implicit} {
		s := smtptest.Start(t, smtptest.Options{TLS: kind})
		c := configFor(t, s, smtptest.Options{TLS: kind})
		c.CAFile = ""
		o := newOutbox(t, c, testParts(t, dbtest.SQLite(t), newHand().clock))
		name := post(t, o, dbtest.Ours, invitation("anna@stad.example"))
		pass(t, o)
		if m := get(t, o, dbtest.Ours, name); m.State != Waiting || m.Reason != whyUnreachable || s.Counts().Transactions != 0 {
			t.Errorf("%s: %+v", kind, m)
		}
	}
}

func TestWhatCertainlyDidNotArriveIsTriedAgainAndTheRestNever(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *smtptest.Server, o *Outbox, h *hand) {
		for _, c := range []struct {
			name     string
			does     smtptest.Behaviour
			down     bool
			tries    []State  // after each pass, a day apart
			reasons  []string // then
			reply    string   // is in what is shown at last
			received int      // messages that the server took, in all
		}{
			{name: "taken", tries: []State{Sent}, reasons: []string{""}, received: 1},
			{name: "refused for good", does: smtptest.Behaviour{Refuse: []string{"*"}}, tries: []State{Refused, Refused}, reasons: []string{whyServer, whyServer}, reply: "550"},
			{name: "deferred twice", does: smtptest.Behaviour{Defer: 2}, tries: []State{Waiting, Waiting, Sent}, reasons: []string{whyServer, whyServer, ""}, received: 1},
			{name: "cut before the message", does: smtptest.Behaviour{DropBeforeData: 1}, tries: []State{Waiting, Sent}, reasons: []string{whyBroken, ""}, received: 1},
			{name: "cut before the answer", does: smtptest.Behaviour{DropBeforeAnswer: 1}, tries: []State{Unsure, Unsure, Unsure}, reasons: []string{whyNoAnswer, whyNoAnswer, whyNoAnswer}, received: 1},
			{name: "down", down: true, tries: []State{Waiting, Sent}, reasons: []string{whyUnreachable, ""}, received: 1},
		} {
			before := len(s.Messages())
			s.Behave(c.does)
			if c.down {
				s.Stop()
			}
			m := invitation("anna@stad.example")
			m.Until = time.Time{}
			m.Kind = PasswordChanged
			name := post(t, o, dbtest.Ours, m)
			for i, want := range c.tries {
				pass(t, o)
				got := get(t, o, dbtest.Ours, name)
				if got.State != want || got.Reason != c.reasons[i] {
					t.Errorf("%s, pass %d: %s (%s), expected %s (%s)", c.name, i+1, got.State, got.Reason, want, c.reasons[i])
				}
				if i == len(c.tries)-1 && !strings.Contains(got.Reply, c.reply) {
					t.Errorf("%s: the reply %q does not hold %q", c.name, got.Reply, c.reply)
				}
				h.pass(24 * time.Hour)
				if c.down {
					s.Start()
				}
			}
			if got := len(s.Messages()) - before; got != c.received {
				t.Errorf("%s: received %d times, expected %d", c.name, got, c.received)
			}
			s.Behave(smtptest.Behaviour{})
		}
	})
}

func TestAMailIsGivenUpAfterAboutTwoDays(t *testing.T) {
	t.Parallel()
	o := newOutbox(t, Config{Address: "127.0.0.1:1", Security: None, From: "a@b.example", Timeout: time.Second}, testParts(t, dbtest.SQLite(t), nil))
	h := newHand()
	o.Now = h.clock
	name := post(t, o, dbtest.Ours, Message{Kind: Test, To: "anna@stad.example", Lang: "nl", Organisation: "x"})
	began := h.clock()
	for range 100 {
		pass(t, o)
		m := get(t, o, dbtest.Ours, name)
		if m.State != Waiting {
			break
		}
		h.pass(m.Due.Sub(h.clock()))
	}
	m := get(t, o, dbtest.Ours, name)
	if took := h.clock().Sub(began); m.State != Refused || m.Reason != whyGaveUp || m.Tries != maxTries || took < 36*time.Hour || took > 60*time.Hour {
		t.Errorf("%+v after %v", m, h.clock().Sub(began))
	}
}

func TestAMailWhoseLinkHasEndedIsNotSent(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *smtptest.Server, o *Outbox, h *hand) {
		m := invitation("anna@stad.example")
		m.Until = h.clock().Add(time.Hour)
		late := post(t, o, dbtest.Ours, m)
		h.pass(2 * time.Hour)
		pass(t, o)
		if got := get(t, o, dbtest.Ours, late); got.State != Refused || got.Reason != whyTooLate || len(s.Messages()) != 0 {
			t.Errorf("%+v", got)
		}
		if err := o.Resend(t.Context(), dbtest.Ours, admin(dbtest.Ours), late, asked.Request{}); !problem.Is(err, problem.Conflict) {
			t.Errorf("resent: %v", err)
		}
	})
}

func TestNoChangeWithoutItsMailAndNoMailWithoutItsChange(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *smtptest.Server, o *Outbox, _ *hand) {
		broken := errors.New("the change fails")
		err := o.DB.Write(t.Context(), dbtest.Ours, func(sc *db.Scope) error {
			if _, err := o.Post(t.Context(), sc, invitation("anna@stad.example")); err != nil {
				return err
			}
			return broken
		})
		if !errors.Is(err, broken) || pass(t, o) != 0 || len(s.Messages()) != 0 {
			t.Errorf("%v, %d messages", err, len(s.Messages()))
		}
	})
}

func TestTheTextIsSealedUntilItIsSentAndThenGone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *smtptest.Server, o *Outbox, _ *hand) {
		body := func(name string) (b []byte) {
			if err := o.DB.Of(dbtest.Ours).Row(t.Context(), `SELECT body FROM mails WHERE tenant_id = $1 AND id = $2`, []any{name}, &b); err != nil {
				t.Fatal(err)
			}
			return b
		}
		s.Behave(smtptest.Behaviour{Defer: 1})
		name := post(t, o, dbtest.Ours, invitation("anna@stad.example"))
		if b := body(name); len(b) < 100 || bytes.Contains(b, []byte("secret-token")) {
			t.Errorf("stored as %q", b)
		}
		pass(t, o)
		o.Now = func() time.Time { return newHand().now.Add(time.Hour) }
		pass(t, o)
		if b := body(name); len(b) != 0 || len(s.Messages()) != 1 {
			t.Errorf("after sending %q is left", b)
		}
	})
}

func TestADeadWorkersMailIsSentAgainOnlyIfItWasNotHandedOver(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *smtptest.Server, o *Outbox, h *hand) {
		safe, risky := post(t, o, dbtest.Ours, invitation("anna@stad.example")), post(t, o, dbtest.Theirs, invitation("bert@stad.example"))
		for range 2 {
			c, err := o.claim(t.Context())
			if err != nil || c == nil {
				t.Fatal(c, err)
			}
			if c.id == risky {
				if err := o.handOver(t.Context(), c); err != nil {
					t.Fatal(err)
				}
			}
		}
		if n := pass(t, o); n != 0 {
			t.Fatalf("%d mails were taken from a worker that lives", n)
		}
		h.pass(o.server.lease() + time.Second)
		pass(t, o)
		if a, b := get(t, o, dbtest.Ours, safe), get(t, o, dbtest.Theirs, risky); a.State != Sent || b.State != Unsure || b.Reason != "died-handed" {
			t.Errorf("%+v\n%+v", a, b)
		}
		if m := s.Messages(); len(m) != 1 || m[0].To[0] != "anna@stad.example" {
			t.Errorf("%+v", m)
		}
	})
}

func TestAClaimThatEndedHandsNothingOverAndRecordsNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *smtptest.Server, o *Outbox, h *hand) {
		name := post(t, o, dbtest.Ours, invitation("anna@stad.example"))
		old, err := o.claim(t.Context())
		if err != nil || old == nil {
			t.Fatal(old, err)
		}
		h.pass(o.server.lease() + time.Second)
		pass(t, o) // another worker sends it
		if err := o.handOver(t.Context(), old); !errors.Is(err, errClaimEnded) {
			t.Errorf("handed over again: %v", err)
		}
		if err := o.work(t.Context(), old); err != nil {
			t.Fatal(err)
		}
		err = o.DB.Write(t.Context(), dbtest.Ours, func(sc *db.Scope) error {
			return record(t.Context(), sc, old, outcome{state: Waiting}, h.clock())
		})
		if err != nil {
			t.Fatal(err)
		}
		if m := get(t, o, dbtest.Ours, name); m.State != Sent || len(s.Messages()) != 1 {
			t.Errorf("%+v, received %d times", m, len(s.Messages()))
		}
	})
}

func TestALateAnswerSettlesWhatWasUnsureUnlessAPersonDecided(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ *smtptest.Server, o *Outbox, h *hand) {
		for _, resent := range []bool{false, true} {
			name := post(t, o, dbtest.Ours, invitation("anna@stad.example"))
			c, err := o.claim(t.Context())
			if err != nil || c == nil || c.id != name {
				t.Fatal(c, err)
			}
			if err := o.handOver(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			h.pass(o.server.lease() + time.Second)
			if n := pass(t, o); n != 0 || get(t, o, dbtest.Ours, name).State != Unsure {
				t.Fatalf("%d, %+v", n, get(t, o, dbtest.Ours, name))
			}
			want := Sent
			if resent {
				want = Waiting
				if err := o.Resend(t.Context(), dbtest.Ours, admin(dbtest.Ours), name, asked.Request{}); err != nil {
					t.Fatal(err)
				}
			}
			err = o.DB.Write(t.Context(), dbtest.Ours, func(sc *db.Scope) error {
				return record(t.Context(), sc, c, outcome{state: Sent, reply: "250"}, h.clock())
			})
			if m := get(t, o, dbtest.Ours, name); err != nil || m.State != want {
				t.Errorf("resent %v: %+v, %v", resent, m, err)
			}
		}
	})
}

func TestAPersonMayResendWhatIsUnsureAndItIsTheSameMessage(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *smtptest.Server, o *Outbox, h *hand) {
		s.Behave(smtptest.Behaviour{DropBeforeAnswer: 1})
		name := post(t, o, dbtest.Ours, invitation("anna@stad.example"))
		pass(t, o)
		ours := admin(dbtest.Ours)
		for _, a := range []struct {
			who  string
			do   func() error
			kind problem.Kind
		}{
			{"a manager", func() error {
				m := ours
				m.Roles = nil
				return o.Resend(t.Context(), dbtest.Ours, m, name, asked.Request{})
			}, problem.Forbidden},
			{"another organisation", func() error {
				return o.Resend(t.Context(), dbtest.Ours, admin(dbtest.Theirs), name, asked.Request{})
			}, problem.Forbidden},
		} {
			if err := a.do(); !problem.Is(err, a.kind) {
				t.Errorf("%s: %v", a.who, err)
			}
		}
		if err := o.Resend(t.Context(), dbtest.Theirs, admin(dbtest.Theirs), name, asked.Request{}); !errors.Is(err, db.ErrNoRow) {
			t.Errorf("from elsewhere: %v", err)
		}
		for range 2 { // a double tap
			if err := o.Resend(t.Context(), dbtest.Ours, ours, name, asked.Request{Key: "admin:1", What: name}); err != nil {
				t.Fatal(err)
			}
		}
		h.pass(time.Minute)
		pass(t, o)
		m := s.Messages()
		if len(m) != 2 || !bytes.Equal(m[0].Raw[:200], m[1].Raw[:200]) && m[0].Header.Get("Message-Id") != m[1].Header.Get("Message-Id") {
			t.Errorf("%d messages", len(m))
		}
		if m[0].Header.Get("Message-Id") != m[1].Header.Get("Message-Id") || m[0].Header.Get("Date") != m[1].Header.Get("Date") {
			t.Errorf("%v and %v", m[0].Header, m[1].Header)
		}
		if err := o.Resend(t.Context(), dbtest.Ours, ours, name, asked.Request{}); !problem.Is(err, problem.Conflict) {
			t.Errorf("what was sent is sent again: %v", err)
		}
		var n int
		if err := o.DB.Of(dbtest.Ours).Row(t.Context(), `SELECT COUNT(*) FROM audit_log WHERE tenant_id = $1 AND action = 'mail.resent' AND subject = $2`, []any{name}, &n); err != nil || n != 1 {
			t.Errorf("%d entries in the log, %v", n, err)
		}
	})
}

func TestManyWorkersSendEachMailOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *smtptest.Server, o *Outbox, _ *hand) {
		const mails, workers = 24, 4
		for i := range mails {
			in := dbtest.Ours
			if i%2 == 1 {
				in = dbtest.Theirs
			}
			post(t, o, in, invitation("anna@stad.example"))
		}
		var group sync.WaitGroup
		for range workers {
			group.Go(func() {
				for range mails {
					if _, err := o.Pass(background(t)); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		group.Wait()
		times := map[string]int{}
		for _, m := range s.Messages() {
			times[m.Header.Get("Message-Id")]++
		}
		for name, n := range times {
			if n != 1 {
				t.Errorf("%s was received %d times", name, n)
			}
		}
		if len(times) != mails {
			t.Errorf("%d of %d mails were received", len(times), mails)
		}
	})
}

func TestStoppingFinishesTheMailUnderWay(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *smtptest.Server, o *Outbox, _ *hand) {
		s.Behave(smtptest.Behaviour{Delay: 300 * time.Millisecond})
		first, second := post(t, o, dbtest.Ours, invitation("anna@stad.example")), post(t, o, dbtest.Ours, invitation("bert@stad.example"))
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- o.Run(ctx) }()
		awaitMail(t, s)
		stop()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		states := []State{get(t, o, dbtest.Ours, first).State, get(t, o, dbtest.Ours, second).State}
		if len(s.Messages()) != 1 || states[0] == states[1] || states[0] != Sent && states[1] != Sent || states[0] != Waiting && states[1] != Waiting {
			t.Errorf("%v, %d received", states, len(s.Messages()))
		}
	})
}

func TestStoppingWaitsNoLongerThanItMay(t *testing.T) {
	t.Parallel()
	s := smtptest.Start(t, smtptest.Options{})
	c := configFor(t, s, smtptest.Options{})
	c.StopWithin = 50 * time.Millisecond
	o := newOutbox(t, c, testParts(t, dbtest.SQLite(t), newHand().clock))
	s.Behave(smtptest.Behaviour{Delay: 3 * time.Second})
	name := post(t, o, dbtest.Ours, invitation("anna@stad.example"))
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- o.Run(ctx) }()
	awaitMail(t, s)
	began := time.Now()
	stop()
	if err := <-done; err != nil || time.Since(began) > 2*time.Second {
		t.Errorf("stopped after %v: %v", time.Since(began), err)
	}
	if m := get(t, o, dbtest.Ours, name); m.State != Waiting || m.Reason != whyBroken {
		t.Errorf("%+v", m)
	}
}

func TestANodeSendsNoFasterThanItMay(t *testing.T) {
	t.Parallel()
	s := smtptest.Start(t, smtptest.Options{})
	c := configFor(t, s, smtptest.Options{})
	c.PerMinute = 300
	o := newOutbox(t, c, testParts(t, dbtest.SQLite(t), newHand().clock))
	for range 4 {
		post(t, o, dbtest.Ours, invitation("anna@stad.example"))
	}
	began := time.Now()
	pass(t, o)
	if took := time.Since(began); took < 600*time.Millisecond || len(s.Messages()) != 4 {
		t.Errorf("4 mails in %v: %+v", took, s.Counts())
	}
}

func TestWithoutAServerNothingIsPosted(t *testing.T) {
	t.Parallel()
	o := newOutbox(t, Config{}, testParts(t, dbtest.SQLite(t), newHand().clock))
	err := o.DB.Write(t.Context(), dbtest.Ours, func(sc *db.Scope) error {
		_, err := o.Post(t.Context(), sc, invitation("anna@stad.example"))
		return err
	})
	if !errors.Is(err, ErrOff) || o.On() || !errors.Is(o.Check(t.Context()), ErrOff) {
		t.Errorf("%v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := o.Run(ctx); err != nil {
		t.Error(err)
	}
}

func TestAConfigurationThatCannotWorkSaysHowToMendIt(t *testing.T) {
	t.Parallel()
	good := Config{Address: "mail.stad.example:587", From: "a@b.example"}
	for says, change := range map[string]func(*Config){
		"host or port":            func(c *Config) { c.Address = "mail.stad.example" },
		"no number from 1":        func(c *Config) { c.Address = "mail.stad.example:smtp" },
		"the sender":              func(c *Config) { c.From = "nobody" },
		"for answers":             func(c *Config) { c.ReplyTo = "nobody" },
		"travel unprotected":      func(c *Config) { c.Security = None },
		"is unknown":              func(c *Config) { c.Security = "ssl" },
		"together":                func(c *Config) { c.Username = "x" },
		"cannot be read":          func(c *Config) { c.CAFile = "/nowhere/ca.pem" },
		"holds no certificate":    func(c *Config) { c.CAFile = "config.go" },
		"the sender \"A\\r\\nBcc": func(c *Config) { c.From = "A\r\nBcc: x@y.example <a@b.example>" },
	} {
		c := good
		change(&c)
		if _, err := New(c, Parts{}); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q is not in %v", says, err)
		}
	}
	if _, err := New(good, Parts{}); err != nil {
		t.Error(err)
	}
}

func TestAfterARestoreNothingIsSentByItself(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *smtptest.Server, o *Outbox, h *hand) {
		name := post(t, o, dbtest.Ours, invitation("anna@stad.example"))
		err := o.DB.System().Write(t.Context(), func(sys *db.System) error {
			n, err := AfterRestore(t.Context(), sys, h.clock())
			if n != 1 {
				t.Errorf("%d mails", n)
			}
			return err
		})
		if err != nil || pass(t, o) != 0 || len(s.Messages()) != 0 || get(t, o, dbtest.Ours, name).State != Unsure {
			t.Errorf("%v, %+v", err, get(t, o, dbtest.Ours, name))
		}
	})
}
