package mail

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/tenant"
	"tekentafel/internal/testkit/smtptest"
	"tekentafel/internal/web"
)

// asRole signs in whoever sends a request, as the role that stands in a header.
type asRole struct{ now time.Time }

func (v asRole) Visit(_ context.Context, r *http.Request) (web.Visit, error) {
	role := access.Role(r.Header.Get("As"))
	actor := access.Actor{Kind: access.Person, Tenant: dbtest.Ours, ID: "me", Owner: "me", Roles: []access.Role{role}}
	return web.Visit{
		Actor: actor, Org: web.Organisation{ID: dbtest.Ours, Name: "Stad", Languages: instrument.Languages()}, Name: "Ik",
		Lang: instrument.Lang(r.Header.Get("Lang")), ConfirmedAt: v.now,
	}, nil
}

func newServer(t testing.TB, o *Outbox) *web.Server {
	t.Helper()
	base, err := url.Parse("http://tekentafel.example")
	if err != nil {
		t.Fatal(err)
	}
	s := web.New(web.Config{PublicURL: base}, asRole{o.Now()}, nil, o.Now, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err := NewPages(o).Mount(s); err != nil {
		t.Fatal(err)
	}
	return s
}

func ask(s http.Handler, role access.Role, method, path string, form url.Values) (int, string, http.Header) {
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.Header.Set("As", string(role))
	r.Header.Set("Lang", "nl")
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Code, w.Body.String(), w.Header()
}

func TestThePageShowsWhatBecameOfEachMailAndNeverItsText(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *smtptest.Server, o *Outbox, h *hand) {
		site := newServer(t, o)
		if status, page, _ := ask(site, access.HR, "GET", "/mail", nil); status != 200 || !strings.Contains(page, "Nog geen mails") {
			t.Errorf("%d, %s", status, page)
		}
		s.Behave(smtptest.Behaviour{DropBeforeAnswer: 1})
		unsure := post(t, o, dbtest.Ours, invitation("unsure@stad.example"))
		pass(t, o)
		s.Behave(smtptest.Behaviour{Refuse: []string{"wrong@stad.example"}})
		for _, to := range []string{"wrong@stad.example", "good@stad.example"} {
			post(t, o, dbtest.Ours, invitation(to))
		}
		post(t, o, dbtest.Theirs, invitation("elsewhere@stad.example"))
		pass(t, o)
		_, page, _ := ask(site, access.HR, "GET", "/mail", nil)
		for _, want := range []string{"unsure@", "wrong@", "good@", "Alle mails (3)", "Onzeker (1)", "Niet verstuurd (1)", "550", "24 november 2026, 14:03", "geen bevestiging"} {
			if !strings.Contains(page, want) {
				t.Errorf("the page lacks %q", want)
			}
		}
		for _, not := range []string{"elsewhere@", "secret-token", " style=", "<script>"} {
			if strings.Contains(page, not) {
				t.Errorf("the page holds %q", not)
			}
		}
		if strings.Count(page, "/resend\"") != 2 {
			t.Errorf("%d mails can be resent", strings.Count(page, "/resend\""))
		}
		if _, page, _ := ask(site, access.HR, "GET", "/mail?state=unsure", nil); !strings.Contains(page, "unsure@") || strings.Contains(page, "good@") {
			t.Error("the filter does not hold")
		}
		status, page, _ := ask(site, access.HR, "GET", "/mail/"+unsure+"/resend", nil)
		if status != 200 || !strings.Contains(page, "misschien twee keer") || get(t, o, dbtest.Ours, unsure).State != Unsure {
			t.Errorf("%d, %s", status, page)
		}
		if status, _, h := ask(site, access.HR, "POST", "/mail/"+unsure+"/resend", url.Values{}); status != 303 || h.Get("Location") != "/mail" || get(t, o, dbtest.Ours, unsure).State != Waiting {
			t.Errorf("%d, %v", status, h)
		}
		if status, _, _ := ask(site, access.HR, "POST", "/mail/"+unsure+"/resend", url.Values{}); status != 409 {
			t.Errorf("resent twice: %d", status)
		}
		h.pass(time.Minute)
	})
}

func TestOnlyWhoMaySeesMail(t *testing.T) {
	t.Parallel()
	o := newOutbox(t, Config{}, testParts(t, dbtest.SQLite(t), newHand().clock))
	site := newServer(t, o)
	for _, role := range access.Roles() {
		may := role == access.HR || role == access.Administrator
		for _, path := range []string{"GET /mail", "POST /mail/test", "GET /mail/x/resend", "POST /mail/x/resend"} {
			method, path, _ := strings.Cut(path, " ")
			if status, _, _ := ask(site, role, method, path, url.Values{"to": {"a@b.example"}}); (status != 403) != may {
				t.Errorf("%s %s as %s: %d", method, path, role, status)
			}
		}
	}
}

func TestWithoutAServerThePageSaysHowToGetOne(t *testing.T) {
	t.Parallel()
	site := newServer(t, newOutbox(t, Config{}, testParts(t, dbtest.SQLite(t), newHand().clock)))
	if status, page, _ := ask(site, access.Administrator, "GET", "/mail", nil); status != 200 || !strings.Contains(page, "--mail-host") || strings.Contains(page, "/mail/test") {
		t.Errorf("%d, %s", status, page)
	}
}

func TestATestMailIsSentOnceAndAWrongAddressIsAskedAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *smtptest.Server, o *Outbox, _ *hand) {
		site := newServer(t, o)
		status, page, _ := ask(site, access.Administrator, "POST", "/mail/test", url.Values{"to": {"a@b.example\nBcc: c@d.example"}})
		if status != 422 || !strings.Contains(page, "geldig mailadres") || !strings.Contains(page, "#test-to") {
			t.Errorf("%d, %s", status, page)
		}
		for range 2 {
			if status, _, _ := ask(site, access.Administrator, "POST", "/mail/test", url.Values{"to": {"a@b.example"}, "_once": {"k"}}); status != 303 {
				t.Errorf("%d", status)
			}
		}
		pass(t, o)
		if n := len(s.Messages()); n != 1 {
			t.Errorf("%d test mails", n)
		}
	})
}

func TestAPageFollowsTheNextWithoutLossOrRepetition(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHand()
		o := newOutbox(t, Config{Address: "127.0.0.1:1", Security: None, From: "a@b.example"}, testParts(t, d, h.clock))
		var all []string
		for range 2*PageSize + 7 {
			h.pass(time.Millisecond)
			all = append([]string{post(t, o, dbtest.Ours, Message{Kind: Test, To: "a@b.example", Lang: "nl"})}, all...)
		}
		var seen []string
		var pages []Page
		for before := ""; ; before = seen[len(seen)-1] {
			p, err := o.List(t.Context(), dbtest.Ours, admin(dbtest.Ours), "", before, "")
			if err != nil {
				t.Fatal(err)
			}
			pages = append(pages, p)
			for _, m := range p.Mails {
				seen = append(seen, m.ID)
			}
			if !p.Older {
				break
			}
		}
		if strings.Join(seen, " ") != strings.Join(all, " ") || len(pages) != 3 {
			t.Errorf("%d of %d mails on %d pages", len(seen), len(all), len(pages))
		}
		back, err := o.List(t.Context(), dbtest.Ours, admin(dbtest.Ours), "", "", pages[1].Mails[0].ID)
		if err != nil || len(back.Mails) != PageSize || back.Mails[0].ID != all[0] || back.Newer || !back.Older {
			t.Errorf("back from the second page: %d mails, %v", len(back.Mails), err)
		}
	})
}

func TestAPersonWhoIsForgottenIsInNoMail(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *smtptest.Server, o *Outbox, _ *hand) {
		o.Mailbox = func(context.Context, tenant.ID, string) (string, error) { return "anna@stad.example", nil }
		sent := post(t, o, dbtest.Ours, Message{Kind: Test, To: "anna@stad.example", Lang: "nl"})
		other := post(t, o, dbtest.Ours, Message{Kind: Test, To: "bert@stad.example", Lang: "nl"})
		pass(t, o)
		waiting := invitation("old@stad.example")
		waiting.Account = "anna"
		post(t, o, dbtest.Ours, waiting)
		sections, err := o.Held(t.Context(), dbtest.Ours, "anna")
		if err != nil || len(sections) != 1 || len(sections[0].Rows) != 2 {
			t.Fatalf("%+v, %v", sections, err)
		}
		err = o.DB.Write(t.Context(), dbtest.Ours, func(sc *db.Scope) error {
			if _, err := o.Post(t.Context(), sc, Message{Kind: AccountErased, To: "anna@stad.example", Lang: "nl", Forget: true}); err != nil {
				return err
			}
			return o.Erase(t.Context(), sc, "anna")
		})
		if err != nil {
			t.Fatal(err)
		}
		if m := get(t, o, dbtest.Ours, sent); m.Recipient != "" || m.Reply != "" {
			t.Errorf("%+v", m)
		}
		pass(t, o)
		if m := s.Messages(); len(m) != 3 || !strings.Contains(m[2].Header.Get("Subject"), "gewist") {
			t.Errorf("%d messages", len(m))
		}
		if sections, err := o.Held(t.Context(), dbtest.Ours, "anna"); err != nil || len(sections) != 0 {
			t.Errorf("%+v, %v", sections, err)
		}
		if m := get(t, o, dbtest.Ours, other); m.Recipient == "" {
			t.Error("somebody else was forgotten too")
		}
	})
}
