package identity

import (
	"net/http"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/db/dbtest"
)

func TestWhoHasASecondFactorConfirmsWithItToo(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	s.setPassword(s.admin, goodPassword)
	secret, codes := s.setFactor(s.admin)
	b := s.as(s.admin)
	s.clock.pass(20 * time.Minute)
	const factor = "/me/security/second-factor/remove"
	b.get("/confirm?next="+factor).want(t, http.StatusOK, "current-password", `name="code"`)
	b.post("/confirm", "password", goodPassword, "next", factor).want(t, http.StatusUnprocessableEntity, "f-code-error")
	b.post("/confirm", "password", goodPassword, "code", "000000", "next", factor).want(t, http.StatusUnprocessableEntity, "f-code-error")
	b.post("/confirm", "password", "another "+goodPassword, "code", s.codeOf(secret)).want(t, http.StatusUnprocessableEntity, "f-password-error")
	b.post(factor).wantTo(t, "/confirm") // none of that was a proof
	code := s.codeOf(secret)
	b.post("/confirm", "password", goodPassword, "code", code, "next", factor).wantTo(t, factor)
	b.get(factor).want(t, http.StatusOK)

	s.clock.pass(20 * time.Minute)
	b.post("/confirm", "password", goodPassword, "code", codes[0], "next", factor).wantTo(t, factor)
	s.clock.pass(20 * time.Minute)
	b.post("/confirm", "password", goodPassword, "code", codes[0], "next", factor).want(t, http.StatusUnprocessableEntity, "f-code-error")
}

func TestGuessingCodesToConfirmLocks(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	s.setPassword(s.admin, goodPassword)
	secret, _ := s.setFactor(s.admin)
	b := s.as(s.admin)
	for range lockAfter {
		b.post("/confirm", "password", goodPassword, "code", "000000")
	}
	b.post("/confirm", "password", goodPassword, "code", s.codeOf(secret)).want(t, http.StatusTooManyRequests)
}

func TestWhatLeadsIntoAnAccountWantsAFreshProof(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	s.setPassword(s.admin, goodPassword)
	bert, _ := s.add(AccountInput{Name: "Bert", Mail: "bert@ours.example"})
	mine := s.as(s.admin)
	other := s.session(s.admin, ByPassword, false)
	list, err := s.Sessions(t.Context(), s.admin, "")
	if err != nil || len(list) != 2 {
		t.Fatalf("%v %v", list, err)
	}
	o, err := s.Organisation(t.Context(), s.admin, s.admin.Tenant)
	if err != nil {
		t.Fatal(err)
	}
	organisation := []string{"name", o.Name, "languages", string(o.Languages[0]), "groupSize", "10", "version", number(int(o.Version)), "withPassword", "yes", "withPin", "yes"}
	s.clock.pass(20 * time.Minute)
	for path, form := range map[string][]string{
		"/people":                                 {"name", "Nieuw", "mail", "new@ours.example", "roles", "administrator"},
		"/people/" + bert.ID:                      {"name", "Bert", "mail", "evil@evil.example", "version", "1"},
		"/people/" + bert.ID + "/invite":          nil,
		"/people/" + bert.ID + "/roles":           {"roles", "administrator"},
		"/me/security/sessions/end-others":        nil,
		"/me/security/sessions/" + "any" + "/end": nil,
		"/organisation":                           organisation, // without the second factor that it asked for
	} {
		if got := mine.post(path, form...); got.status != http.StatusSeeOther || got.to != "/confirm" {
			t.Errorf("POST %s: %d to %q", path, got.status, got.to)
		}
	}
	if a, err := s.Account(t.Context(), s.admin, bert.ID); err != nil || a.Mail != "bert@ours.example" || len(a.Roles) > 0 {
		t.Errorf("%+v %v", a, err)
	}
	if v := s.visit(other); v.Actor.Kind != access.Person {
		t.Error("the other session ended")
	}
	mine.post("/organisation", append(organisation, "secondFactor", "yes")...).wantTo(t, "/organisation") // its name alone asks for none
}
