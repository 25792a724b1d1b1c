package app

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/api"
	"tekentafel/internal/asked"
	"tekentafel/internal/identity"
)

// TestNoSecretAndNoPersonStandsInTheLog uses the product with every kind of secret, right and wrong, and reads the log at its
// most talkative.
func TestNoSecretAndNoPersonStandsInTheLog(t *testing.T) {
	t.Parallel()
	h := sqliteHouse(t)
	hr, admin := h.actor(t, access.HR), h.actor(t, access.Administrator)
	reports := must(h.Report.Reports(t.Context(), hr))(t)
	_, share, err := h.Report.Share(t.Context(), hr, reports[0].ID, "Schepencollege", 30, asked.Request{})
	if err != nil {
		t.Fatal(err)
	}
	_, key, err := h.Identity.MakeKey(t.Context(), hr, identity.KeyInput{Name: "x", Scopes: []access.Action{access.ReadReport}, ExpiresAt: time.Now().AddDate(0, 1, 0)}, asked.Request{})
	if err != nil {
		t.Fatal(err)
	}
	worker := must(h.Identity.AddAccount(t.Context(), admin, identity.AccountInput{Name: "Piet Paters", StaffNumber: "77123"}, asked.Request{}))(t)
	invitation := must(h.Identity.Invite(t.Context(), admin, worker.ID))(t)
	_, welcome, _ := strings.Cut(invitation.Link, "/welcome/")
	shown := must(h.Identity.IssuePIN(t.Context(), admin, worker.ID))(t)
	pin := must(h.Identity.Shown(t.Context(), admin, shown))(t).Lines[0]

	visitor, in := h.visitor(t), h.as(t, access.HR)
	for _, path := range []string{"/s/" + share, "/s/" + share + "/groups", "/s/" + share + "x", "/welcome/" + welcome, "/welcome/" + welcome + "?x=" + key, "/shown/" + shown,
		"/people?search=Vermeulen", "/nowhere/" + share, "/%00" + key} {
		h.get(t, visitor, path)
		h.get(t, in, path)
	}
	const wrong = "a wrong kettle sings 99"
	h.post(t, visitor, "/o/voorbeeld/sign-in", url.Values{"mail": {"hr@voorbeeld.example"}, "password": {wrong}})
	h.post(t, visitor, "/o/voorbeeld/sign-in", url.Values{"mail": {"hr@voorbeeld.example"}, "password": {DemoPassword}})
	h.post(t, h.visitor(t), "/o/voorbeeld/sign-in/pin", url.Values{"staffNumber": {"77123"}, "pin": {pin}})
	h.post(t, h.visitor(t), "/welcome/"+welcome, url.Values{"pin": {"90871x"}, "password": {wrong}})
	for _, token := range []string{key, key + "x", "tt_" + share} {
		h.do(t, visitor, http.MethodGet, api.Prefix+"/reports", "", http.Header{"Authorization": {"Bearer " + token}})
		h.do(t, visitor, http.MethodPost, api.Prefix+"/reports", `{"title":"`+key+`"`, http.Header{"Authorization": {"Bearer " + token}, "Content-Type": {"application/json"}})
	}
	h.get(t, visitor, "/sign-in%0d%0a{\"forged\":1}")
	log := h.log.String()
	u := must(url.Parse(h.url))(t)
	private := []string{share, key, welcome, shown, wrong, DemoPassword, `"` + pin + `"`, "Vermeulen", "Hilde", "hr@voorbeeld.example", "Piet", "77123", "Schepencollege", "127.0.0.1:", "90871x"}
	for _, c := range in.Jar.Cookies(u) {
		private = append(private, c.Value)
	}
	for _, secret := range private {
		if i := strings.Index(log, secret); i >= 0 {
			t.Errorf("the log tells %q: ...%s", secret, log[max(0, i-300):i+len(secret)])
		}
	}
	if !strings.Contains(log, `"route":"GET /s/{token}"`) {
		t.Error("the log tells nothing, so this says nothing")
	}
	for line := range strings.Lines(log) {
		var fields struct{ Time time.Time }
		if err := json.Unmarshal([]byte(line), &fields); err != nil || fields.Time.IsZero() {
			t.Errorf("a line that is no entry with a time: %s", line)
		}
	}
	h.auditKnows(t, "session.started", "signin.failed", "account.invited", "pin.issued", "key.made", "report.shared", "account.added")
}

// auditKnows fails the test unless the audit log holds actions, each with who did it.
func (h *house) auditKnows(t *testing.T, actions ...string) {
	t.Helper()
	city := h.actor(t, access.HR).Tenant
	for _, action := range actions {
		var n int
		if err := h.DB.Of(city).Row(t.Context(), `SELECT COUNT(*) FROM audit_log WHERE tenant_id = $1 AND action = $2 AND at > 0 AND actor <> ''`, []any{action}, &n); err != nil || n == 0 {
			t.Errorf("the audit log does not hold %s: %v", action, err)
		}
	}
}

// inside are words of the machine room, which no answer tells.
var inside = regexp.MustCompile(`(?i)goroutine|panic|\.go:\d|sqlite|pgx|sqlstate|select .* from|/tmp/|runtime error|internal/|no such table|stack`)

// TestErrorsTellNothingOfTheInside sends what is malformed in every way and reads what comes back.
func TestErrorsTellNothingOfTheInside(t *testing.T) {
	t.Parallel()
	h := sqliteHouse(t)
	c := h.as(t, access.Administrator)
	long := strings.Repeat("9", 5000)
	for _, r := range h.Web.Routes() {
		method, path := anywhere(r.Pattern)
		for _, body := range []string{"", "%zz", "a=%00&id=%ff%fe&days=" + long + "&version=-9223372036854775809", `{"a":`} {
			a := h.do(t, c, method, path+"?after="+long+"&limit=-1&q=%27", body, http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
			if found := inside.FindString(a.body); found != "" && a.StatusCode >= 400 {
				t.Errorf("%s %s with %.20q tells %q", method, path, body, found)
			}
			if a.StatusCode >= 500 {
				t.Errorf("%s %s with %.20q: %d", method, path, body, a.StatusCode)
			}
		}
	}
	if strings.Contains(h.log.String(), `"stack"`) {
		t.Error("something panicked")
	}
}

// TestTheAPITakesNoFieldThatIsNotForTheAsker adds to every request of a person the fields that only the program sets.
func TestTheAPITakesNoFieldThatIsNotForTheAsker(t *testing.T) {
	t.Parallel()
	h := sqliteHouse(t)
	admin := h.actor(t, access.Administrator)
	_, key, err := h.Identity.MakeKey(t.Context(), admin, identity.KeyInput{Name: "x", Scopes: identity.Grantable(admin), ExpiresAt: time.Now().AddDate(0, 1, 0)}, asked.Request{})
	if err != nil {
		t.Fatal(err)
	}
	head := http.Header{"Authorization": {"Bearer " + key}, "Content-Type": {"application/json"}}
	a := must(h.Identity.AddAccount(t.Context(), admin, identity.AccountInput{Name: "Bert", Mail: "bert@voorbeeld.example"}, asked.Request{}))(t)
	path := api.Prefix + "/people/" + a.ID
	for _, extra := range []string{`"id":"other"`, `"state":"blocked"`, `"tenant":"other"`, `"tenantId":"other"`, `"createdAt":"2020-01-01T00:00:00Z"`, `"providerRoles":["administrator"]`,
		`"__proto__":{"state":"blocked"}`, `"passwordHash":"x"`} {
		body := `{"name":"Bert","mail":"bert@voorbeeld.example","staffNumber":"","language":"nl","version":1,"roles":[],` + extra + `}`
		if got := h.do(t, h.visitor(t), http.MethodPut, path, body, head); got.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", extra, got.StatusCode, got.body)
		}
	}
	body := `{"name":"Bert","mail":"bert@voorbeeld.example","staffNumber":"","language":"nl","version":1,"roles":["administrator"]}`
	if got := h.do(t, h.visitor(t), http.MethodPut, path, body, head); got.StatusCode >= 500 {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
	after := must(h.Identity.Account(t.Context(), admin, a.ID))(t)
	if len(after.Roles) > 0 || after.ID != a.ID || after.State != identity.Active || !after.CreatedAt.Equal(a.CreatedAt) {
		t.Errorf("a change of name made of it %+v", after)
	}
	form := url.Values{"name": {"Bert"}, "mail": {"bert@voorbeeld.example"}, "language": {"nl"}, "version": {"1"}, "roles": {"administrator"}, "id": {"other"}, "state": {"blocked"}, "tenant_id": {"x"}}
	h.post(t, h.as(t, access.Administrator), "/people/"+a.ID+"?roles=administrator&state=blocked", form)
	if after = must(h.Identity.Account(t.Context(), admin, a.ID))(t); len(after.Roles) > 0 || after.State != identity.Active {
		t.Errorf("the form of a name made of it %+v", after)
	}
}

// TestNoCookieOfASessionOpensTheAPIAndNoKeyThePages keeps the two ways in apart: what a browser sends by itself opens no
// operation, and a key opens no page.
func TestNoCookieOfASessionOpensTheAPIAndNoKeyThePages(t *testing.T) {
	t.Parallel()
	h := sqliteHouse(t)
	admin := h.actor(t, access.Administrator)
	_, key, err := h.Identity.MakeKey(t.Context(), admin, identity.KeyInput{Name: "x", Scopes: identity.Grantable(admin), ExpiresAt: time.Now().AddDate(0, 1, 0)}, asked.Request{})
	if err != nil {
		t.Fatal(err)
	}
	browser := h.as(t, access.Administrator)
	for _, op := range h.API.Operations() {
		_, path := anywhere(op.Method + " " + op.Path)
		if a := h.do(t, browser, op.Method, path, "{}", http.Header{"Content-Type": {"application/json"}}); a.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s %s with a cookie: %d", op.Method, path, a.StatusCode)
		}
	}
	for _, r := range h.Web.Routes() {
		if method, path := anywhere(r.Pattern); !r.Public && method == http.MethodGet {
			a := h.do(t, h.visitor(t), method, path, "", http.Header{"Authorization": {"Bearer " + key}})
			if a.StatusCode != http.StatusSeeOther {
				t.Errorf("%s with a key: %d", path, a.StatusCode)
			}
		}
	}
}
