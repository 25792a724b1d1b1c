package app

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/db"
	"tekentafel/internal/identity"
	"tekentafel/internal/identity/passkey/passkeytest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/report"
	"tekentafel/internal/testkit/oidctest"
	"tekentafel/internal/testkit/pgtest"
)

// eachHouse runs a test on a server on each engine.
func eachHouse(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, open(t, filepath.Join(t.TempDir(), "tekentafel.db")))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, open(t, pgtest.New(t)))
	})
}

// actor is somebody of the made-up city.
func (h *house) actor(t *testing.T, role access.Role) access.Actor {
	t.Helper()
	city, err := h.demoTenant(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	account := h.account(t, city, role)
	a := access.Actor{Kind: access.Person, Tenant: city, ID: account, Owner: account}
	if role != access.Employee {
		a.Roles = []access.Role{role}
	}
	return a
}

// must returns v, or ends the test.
func must[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func pathOf(t *testing.T, link string) string {
	t.Helper()
	return must(url.Parse(link))(t).Path
}

// prepare makes what some pages are about, and returns where each role can then begin beside its home page.
func (h *house) prepare(t *testing.T) map[string][]string {
	t.Helper()
	ctx := t.Context()
	hr, admin := h.actor(t, access.HR), h.actor(t, access.Administrator)
	reports := must(h.Report.Reports(ctx, hr))(t)
	_, token, err := h.Report.Share(ctx, hr, reports[0].ID, "Schepencollege", 30, asked.Request{})
	if err != nil {
		t.Fatal(err)
	}
	newcomer := must(h.Identity.AddAccount(ctx, admin, identity.AccountInput{Name: "Nele Nieuw", Mail: "nele@voorbeeld.example"}, asked.Request{}))(t)
	worker := must(h.Identity.AddAccount(ctx, admin, identity.AccountInput{Name: "Piet Paters", StaffNumber: "10300"}, asked.Request{}))(t)
	must(h.Identity.Invite(ctx, admin, newcomer.ID))(t)
	invitation := must(h.Identity.Invite(ctx, admin, worker.ID))(t)
	shown := must(h.Identity.IssuePIN(ctx, admin, worker.ID))(t)
	held := must(h.Identity.AddOrganisation(ctx, admin, identity.OrganisationInput{Slug: "dorp", Name: "Dorp Voorbeeld", Languages: []instrument.Lang{instrument.NL},
		Synthetic: true}, asked.Request{}))(t)
	h.decorate(t)
	h.provide(t)
	key := h.passkey(t, access.Researcher)
	job := must(h.Queue.List(ctx, hr, "", 1))(t)[0]
	report := "/reports/" + reports[0].ID
	w := h.waves(t)
	in := h.fill(t, w)
	paper := "?" + url.Values{"kind": {"cards"}, "whom": {"everyone"}, "sort": {"department"}}.Encode()
	staff := h.staffing(t)
	skill := h.skilling(t, staff)
	h.link = skill.link
	does := h.doing(t)
	starts := map[string][]string{
		"hr": {"/reports/" + h.failedReport(t, hr), "/answers", "/jobs/" + job.ID + "/progress", "/jobs/" + job.ID + "/stop", report + "/progress", "/confirm",
			"/mail/" + h.refusedMail(t) + "/resend", "/waves/" + w.closed.ID + "/progress", "/waves/" + w.closed.ID + "/publish", "/waves/" + w.open.ID + "/close",
			"/waves/" + w.draft.ID + "/questions/translations", "/waves/" + in.fromFile + "/questions/topics", in.own, in.own + "/condition", "/waves/" + w.draft.ID + "/frames/" + in.frame,
			"/waves/" + w.draft.ID + "/frames/" + in.frame + "/check", "/waves/" + w.scheduled.ID + "/invitations/pages" + paper, "/waves/" + in.answered.ID + "/texts"},
		"administrator": {"/shown/" + shown, "/people/" + worker.ID, "/organisations/" + string(held.Organisation.ID),
			"/people/" + worker.ID + "/second-factor/reset", "/organisation/sign-in/try", "/organisation/sign-in/remove"},
		"dpo":        {"/retention/apply"},
		"researcher": {"/passkeys/new", "/passkeys/" + key, "/passkeys/" + key + "/remove"},
		"visitor": {"/w/" + w.open.Code, "/w/" + w.open.Code + "/questions", "/w/" + w.open.Code + "/kiosk", "/w/" + w.open.Code + "/declined", "/w/" + w.open.Code + "/q/none",
			"/w/" + w.open.Code + "/review", "/w/" + w.open.Code + "/thanks", "/no/" + w.open.Code, "/w/" + in.answered.Code + "/list", "/w/sw.js",
			"/o/voorbeeld/oidc/start", "/o/voorbeeld/oidc/callback", "/o/voorbeeld/oidc/leave/none", "/o/voorbeeld/oidc/signed-out", "/s/" + token, pathOf(t, invitation.Link), pathOf(t, held.Link), "/o/voorbeeld/sign-in", "/o/dorp/sign-in", "/o/voorbeeld/sign-in/forgot", "/sign-in/pin", "/me/erased", "/l/" + h.link, "/t/" + does.told, "/check/closed", "/check/from-monitor"},
	}
	starts["hr"] = append(append(starts["hr"], staff.pages()...), skill.pages()...)
	starts["hr"] = append(starts["hr"], does.pages()...)
	for role, paths := range h.trying(t) {
		starts[role] = append(starts[role], paths...)
	}
	h.idle(t)
	starts["manager"] = append(starts["manager"], "/staff/team", "/staff/team/"+staff.member, "/learn/needs/functions/"+skill.led+"/propose")
	return starts
}

// decorate gives the city colours and a logo of its own.
func (h *house) decorate(t *testing.T) {
	t.Helper()
	c := h.as(t, access.Administrator)
	if a := h.post(t, c, "/organisation/theme", url.Values{"light.blue": {"#0b5c3b"}, "dark.blue": {"#8fd8b4"}}); a.StatusCode != http.StatusSeeOther {
		t.Fatalf("the colours are refused: %d", a.StatusCode)
	}
	var picture, body bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 120, 40))); err != nil {
		t.Fatal(err)
	}
	form := multipart.NewWriter(&body)
	part := must(form.CreateFormFile("logo", "logo.png"))(t)
	if _, err := part.Write(picture.Bytes()); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	a := h.do(t, c, http.MethodPost, "/organisation/logo", body.String(), http.Header{"Content-Type": {form.FormDataContentType()}})
	if a.StatusCode != http.StatusSeeOther {
		t.Fatalf("the logo is refused: %d", a.StatusCode)
	}
}

// provide gives the city a sign-in provider.
func (h *house) provide(t *testing.T) {
	t.Helper()
	forger := oidctest.NewForger(t)
	a := h.post(t, h.as(t, access.Administrator), "/organisation/sign-in", url.Values{"issuer": {forger.Issuer()}, "client": {"tekentafel"}, "secret": {"made up for a test"},
		"enabled": {"yes"}, "scopes": {"openid email profile"}, "claim": {"groups"}, "group.1": {"HR"}, "role.1": {"hr"}, "create": {"yes"}})
	if a.StatusCode != http.StatusSeeOther {
		t.Fatalf("the provider is refused: %d %s", a.StatusCode, a.body)
	}
}

// passkey gives somebody of the city a passkey and returns its id.
func (h *house) passkey(t *testing.T, role access.Role) string {
	t.Helper()
	c := h.as(t, role)
	var asked struct {
		Flow      string          `json:"flow"`
		PublicKey json.RawMessage `json:"publicKey"`
	}
	a := h.post(t, c, "/passkeys/options", nil)
	if err := json.Unmarshal([]byte(a.body), &asked); err != nil {
		t.Fatalf("%v: %s", err, a.body)
	}
	device := passkeytest.New(t, h.url)
	h.follow(t, c, "/passkeys", url.Values{"flow": {asked.Flow}, "name": {"Telefoon"}, "answer": {string(device.Create(t, asked.PublicKey))}}, "/me/security")
	var key string
	actor := h.actor(t, role)
	if err := h.DB.Of(actor.Tenant).Row(t.Context(), `SELECT id FROM passkeys WHERE tenant_id = $1 AND account_id = $2`, []any{actor.Owner}, &key); err != nil {
		t.Fatal(err)
	}
	return key
}

// failedReport lets a report fail, so that its page can be seen.
func (h *house) failedReport(t *testing.T, hr access.Actor) string {
	t.Helper()
	ctx := t.Context()
	sources := must(h.Report.Sources(ctx, hr))(t)
	r := must(h.Report.Make(ctx, hr, report.Input{Source: sources[0].ID, Title: "Mislukt", Wave: "x", Options: report.Options{Population: 5000, By: []string{"department"}}}))(t)
	for job := must(h.Queue.Get(ctx, hr, r.Job))(t); !job.State.Ended(); job = must(h.Queue.Get(ctx, hr, r.Job))(t) {
		time.Sleep(20 * time.Millisecond)
	}
	h.exec(t, hr, `UPDATE reports SET state = 'failed', problem = $3 WHERE tenant_id = $1 AND id = $2`, r.ID, `{"nl":"De antwoorden zijn verdwenen."}`)
	return r.ID
}

// refusedMail lets a mail be refused.
func (h *house) refusedMail(t *testing.T) string {
	t.Helper()
	hr := h.actor(t, access.HR)
	var mail string
	if err := h.DB.Of(hr.Tenant).Row(t.Context(), `SELECT MIN(id) FROM mails WHERE tenant_id = $1`, nil, &mail); err != nil {
		t.Fatal(err)
	}
	h.exec(t, hr, `UPDATE mails SET state = 'refused', reply = '550 no such mailbox', finished_at = created_at WHERE tenant_id = $1 AND id = $2`, mail)
	return mail
}

func (h *house) exec(t *testing.T, actor access.Actor, query string, args ...any) {
	t.Helper()
	if err := h.DB.Write(t.Context(), actor.Tenant, func(s *db.Scope) error { _, err := s.Exec(t.Context(), query, args...); return err }); err != nil {
		t.Fatal(err)
	}
}

// arrived is a browser that is somewhere.
type arrived struct {
	client *http.Client
	from   []string
}

// others are browsers of people who play no role: visitors, somebody without a mailbox, and some who are half way in.
func (h *house) others(t *testing.T) map[string]arrived {
	t.Helper()
	out := map[string]arrived{"visitor": {h.visitor(t), []string{"/sign-in"}}}
	worker := h.visitor(t)
	h.follow(t, worker, "/o/voorbeeld/sign-in/pin", url.Values{"staffNumber": {DemoNumber}, "pin": {DemoPIN}}, "/")
	out["worker"] = arrived{worker, []string{"/", "/me/security/pin"}}

	newPIN := h.visitor(t)
	admin := h.actor(t, access.Administrator)
	a := must(h.Identity.AddAccount(t.Context(), admin, identity.AccountInput{Name: "Pia Pin", StaffNumber: "10301"}, asked.Request{}))(t)
	shown := must(h.Identity.Shown(t.Context(), admin, must(h.Identity.IssuePIN(t.Context(), admin, a.ID))(t)))(t)
	h.follow(t, newPIN, "/o/voorbeeld/sign-in/pin", url.Values{"staffNumber": {"10301"}, "pin": {shown.Lines[0]}}, "/sign-in/new-pin")
	out["new PIN"] = arrived{newPIN, []string{"/sign-in/new-pin"}}

	strict, account := h.strict(t)
	out["must have a second factor"] = arrived{strict, []string{"/sign-in/second-factor"}}
	_ = account
	coded, coder := h.coded(t)
	out["code"] = arrived{coded, []string{"/sign-in/code"}}
	out["with a second factor"] = arrived{coder, []string{"/me/security", "/me/security/second-factor/remove"}}
	starting := h.as(t, access.Manager)
	h.post(t, starting, "/me/security/second-factor/start", nil)
	out["setting up a second factor"] = arrived{starting, []string{"/me/security/second-factor"}}
	maps.Copy(out, h.checked(t, h.link))
	return out
}

// follow posts a form and expects to be sent to a page.
func (h *house) follow(t *testing.T, c *http.Client, path string, form url.Values, to string) {
	t.Helper()
	a := h.post(t, c, path, form)
	if at, err := a.Location(); err != nil || at.Path != to {
		t.Fatalf("POST %s: %d leads to %v, want %s", path, a.StatusCode, at, to)
	}
}

const strongPassword = "kasseien en regenjassen 48"

// strict is somebody of an organisation that wants a second factor.
func (h *house) strict(t *testing.T) (*http.Client, string) {
	t.Helper()
	_, people, err := h.Identity.Found(t.Context(), "", identity.OrganisationInput{Slug: "streng", Name: "Strenge Stad", Languages: instrument.Languages(), GroupSize: 10},
		[]identity.Seed{{AccountInput: identity.AccountInput{Name: "Stef Streng", Mail: "stef@streng.example", Roles: []access.Role{access.HR}}, Password: strongPassword}})
	if err != nil {
		t.Fatal(err)
	}
	c := h.visitor(t)
	h.follow(t, c, "/o/streng/sign-in", url.Values{"mail": {"stef@streng.example"}, "password": {strongPassword}}, "/sign-in/second-factor")
	return c, people[0].ID
}

// coded is somebody who has a second factor: before giving a code, and signed in.
func (h *house) coded(t *testing.T) (before, in *http.Client) {
	t.Helper()
	ctx := t.Context()
	dpo := h.actor(t, access.DPO)
	if err := h.Identity.StartSecondFactor(ctx, dpo); err != nil {
		t.Fatal(err)
	}
	pending := must(h.Identity.PendingSecondFactor(ctx, dpo))(t)
	code := must(totp.GenerateCode(strings.ReplaceAll(pending.Secret, " ", ""), time.Now()))(t)
	must(h.Identity.ConfirmSecondFactor(ctx, dpo, "", code))(t)
	before = h.visitor(t)
	h.follow(t, before, "/o/voorbeeld/sign-in", url.Values{"mail": {"dpo@voorbeeld.example"}, "password": {DemoPassword}}, "/sign-in/code")
	return before, h.as(t, access.DPO)
}
