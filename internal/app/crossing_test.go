package app

import (
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
	"tekentafel/internal/instrument"
	"tekentafel/internal/tenant"
)

// neighbours is another organisation on the same server, with somebody in it who plays every role.
type neighbours struct {
	tenant  tenant.ID
	account string
	client  *http.Client
	key     string
}

func (h *house) neighbours(t *testing.T) neighbours {
	t.Helper()
	o, people, err := h.Identity.Found(t.Context(), "", identity.OrganisationInput{Slug: "buren", Name: "De Buren", Languages: instrument.Languages(), GroupSize: 10,
		Settings: identity.Settings{SecondFactorOptional: true}},
		[]identity.Seed{{AccountInput: identity.AccountInput{Name: "Bo Buur", Mail: "bo@buren.example", Roles: access.Roles()}}})
	if err != nil {
		t.Fatal(err)
	}
	n := neighbours{tenant: o, account: people[0].ID, client: h.visitor(t)}
	h.enter(t, n.client, o, n.account)
	_, secret, err := h.Identity.MakeKey(t.Context(), access.Actor{Kind: access.Person, Tenant: o, ID: n.account, Owner: n.account, Roles: access.Roles()},
		identity.KeyInput{Name: "all", Scopes: access.Delegable(), ExpiresAt: time.Now().AddDate(0, 1, 0)}, asked.Request{})
	if err != nil {
		t.Fatal(err)
	}
	n.key = secret
	return n
}

// ids are rows of the made-up city, by the name that a route gives them.
func (h *house) ids(t *testing.T) map[string][]string {
	t.Helper()
	hr := h.actor(t, access.HR)
	out := map[string][]string{"format": {"html"}, "slug": {"voorbeeld"}, "file": {"x"}, "token": {"no-such-secret"}, "link": {"none"},
		"own": {"none"}, "item": {"remarks"}, "text": {"none"}, "person": {"none"}, "code": {"none"}, "kind": {"unit.orphan"}, "a": {"none"}, "b": {"none"}, "seq": {"0"},
		"key": {"none"}, "skill": {"none"}, "part": {"none"}, "number": {"999"}, "n": {"1"}, "hash": {"none"}, "form": {"csv"}}
	for name, query := range map[string]string{"seq": `SELECT CAST(seq AS TEXT) FROM people_revisions WHERE tenant_id = $1`,
		"person": `SELECT MIN(id) FROM wave_people WHERE tenant_id = $1 GROUP BY wave_id`, "code": `SELECT code FROM waves WHERE tenant_id = $1`} {
		err := h.DB.Of(hr.Tenant).Rows(t.Context(), query, func(scan func(...any) error) error {
			var id string
			err := scan(&id)
			out[name] = append(out[name], id)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, table := range []string{"accounts", "reports", "report_sources", "report_links", "jobs", "mails", "sessions", "api_keys", "files", "waves", "people_imports", "people_sources", "people_decisions",
		"skill_need_proposals", "skill_need_imports", "skill_interview_rounds", "actions", "skill_item_calibrations",
		"gateway_keys", "gateway_limits", "lab_kept", "lab_shared", "lab_examples", "shadow_counts"} {
		err := h.DB.Of(hr.Tenant).Rows(t.Context(), `SELECT id FROM `+table+` WHERE tenant_id = $1`, func(scan func(...any) error) error {
			var id string
			err := scan(&id)
			out["id"] = append(out["id"], id)
			if table == "reports" {
				out["report"] = append(out["report"], id)
			}
			if table == "report_links" {
				out["link"] = append(out["link"], id)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, table := range []string{"people_units", "people_functions", "people_staff"} {
		var id string
		if err := h.DB.Of(hr.Tenant).Row(t.Context(), `SELECT COALESCE(MIN(id), 'none') FROM `+table+` WHERE tenant_id = $1`, nil, &id); err != nil {
			t.Fatal(err)
		}
		out["id"] = append(out["id"], id)
		if table == "people_functions" {
			out["key"] = append(out["key"], id)
		}
	}
	out["id"] = append(out["id"], string(hr.Tenant))
	return out
}

var placeholder = regexp.MustCompile(`\{([a-z]+)[^}]*\}`)

// fill returns the addresses of a pattern with every id that there is.
func fill(pattern string, ids map[string][]string) []string {
	paths := []string{strings.ReplaceAll(pattern, "{$}", "")}
	for _, m := range placeholder.FindAllStringSubmatch(paths[0], -1) {
		var more []string
		for _, p := range paths {
			for _, id := range ids[m[1]] {
				more = append(more, strings.Replace(p, m[0], url.PathEscape(id), 1))
			}
		}
		paths = more
	}
	return paths
}

// TestNobodyReachesIntoAnotherOrganisation tries every route and every operation with every id of the made-up city, as
// somebody who plays every role elsewhere. Nothing of the city is shown and nothing of it changes.
func TestNobodyReachesIntoAnotherOrganisation(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		h.prepare(t)
		n := h.neighbours(t)
		ids := h.ids(t)
		before := h.dump(t)
		tried := 0
		for _, r := range h.Web.Routes() {
			method, pattern, _ := strings.Cut(r.Pattern, " ")
			if r.Public || !strings.Contains(pattern, "{") || strings.Contains(pattern, "{$}") || strings.HasSuffix(pattern, "/export/{form}") { // what is one's own, as a kind of file
				continue
			}
			for _, path := range fill(pattern, ids) {
				tried++
				a := h.do(t, n.client, method, path, url.Values{"title": {"x"}, "days": {"3"}, "note": {"x"}, "version": {"1"}, "name": {"x"}, "mail": {"x@y.example"}, "roles": {"hr"}}.Encode(),
					http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
				switch a.StatusCode {
				case http.StatusNotFound, http.StatusGone, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusSeeOther, http.StatusConflict, http.StatusUnsupportedMediaType:
				default:
					t.Errorf("%s %s answers %d", method, path, a.StatusCode)
				}
				if strings.Contains(a.body, "Stad Voorbeeld") || strings.Contains(a.body, "voorbeeld.example") {
					t.Errorf("%s %s shows something of the city", method, path)
				}
			}
		}
		for _, op := range h.API.Operations() {
			if !strings.Contains(op.Path, "{") {
				continue
			}
			for _, path := range fill(op.Path, ids) {
				tried++
				a := h.do(t, n.client, op.Method, path, `{"title":"x","version":1,"days":3,"roles":["hr"],"name":"x","mail":"x@y.example"}`,
					http.Header{"Authorization": {"Bearer " + n.key}, "Content-Type": {"application/json"}})
				if a.StatusCode != http.StatusNotFound && a.StatusCode != http.StatusForbidden && a.StatusCode != http.StatusUnprocessableEntity {
					t.Errorf("%s %s answers %d: %.200s", op.Method, path, a.StatusCode, a.body)
				}
			}
		}
		if tried < 1000 {
			t.Errorf("only %d tries", tried)
		}
		h.same(t, before)
		if !strings.Contains(h.get(t, n.client, "/").body, "De Buren") {
			t.Error("the neighbour is not signed in any more, so the tries say nothing")
		}
		if a := h.do(t, n.client, "GET", api.Prefix+"/organisation", "", http.Header{"Authorization": {"Bearer " + n.key}}); a.StatusCode != http.StatusOK {
			t.Errorf("the key does not hold, so the tries say nothing: %d %s", a.StatusCode, a.body)
		}
	})
}

// dump returns every row of the made-up city that people change.
func (h *house) dump(t *testing.T) map[string]string {
	t.Helper()
	city := h.actor(t, access.HR).Tenant
	out := map[string]string{}
	for table, columns := range map[string]string{
		"organisations": "name || version", "accounts": "id || name || state || version", "account_roles": "account_id || role", "passwords": "account_id || hash",
		"pins": "account_id || hash", "sessions": "id || account_id", "api_keys": "id || name", "reports": "id || title || state || published_at || version",
		"report_sources": "id || name", "report_links": "id || revoked_at", "jobs": "id || state", "waves": "id || title || state || version", "wave_people": "id || name", "mails": "id || CASE state WHEN 'sending' THEN 'waiting' ELSE state END", "audit_log": "id || action", "files": "id || sha256",
		"gateway_keys": "id || name || ends_at", "gateway_limits": "id || version", "gateway_policies": "account_id || version", "lab_kept": "id || version || until_on", "lab_shared": "id || until_on", "lab_examples": "id || state || version", "shadow_counts": "id || account_id",
	} {
		var rows []string
		err := h.DB.Of(city).Rows(t.Context(), `SELECT `+columns+` FROM `+table+` WHERE tenant_id = $1 ORDER BY 1`, func(scan func(...any) error) error {
			var row string
			err := scan(&row)
			rows = append(rows, row)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		out[table] = strings.Join(rows, "\n")
	}
	return out
}

func (h *house) same(t *testing.T, before map[string]string) {
	t.Helper()
	for table, after := range h.dump(t) {
		if after != before[table] {
			t.Errorf("%s changed:\n%s\n-> \n%s", table, before[table], after)
		}
	}
}
