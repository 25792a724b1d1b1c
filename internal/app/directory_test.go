package app

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/identity"
	"tekentafel/internal/people/scim"
	"tekentafel/internal/people/store"
	"tekentafel/internal/tenant"
)

// syncKey makes a key with which a directory signs in.
func (h *house) syncKey(t *testing.T) string {
	t.Helper()
	admin := h.actor(t, access.Administrator)
	_, key, err := h.Identity.MakeKey(t.Context(), admin, identity.KeyInput{Name: "Entra", Scopes: []access.Action{access.SyncPeople}, ExpiresAt: time.Now().AddDate(0, 1, 0)}, asked.Request{})
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// askAs sends a request of a directory, on a version where there is one, and returns the answer read as JSON.
func (h *house) askAs(t *testing.T, key, method, path, body string, version ...string) (answer, map[string]any) {
	t.Helper()
	path, query, _ := strings.Cut(path, "?")
	header := http.Header{"Authorization": {"Bearer " + key}, "Content-Type": {"application/scim+json"}}
	if len(version) > 0 {
		header["If-Match"] = version
	}
	a := h.do(t, h.visitor(t), method, scim.Prefix+path+"?"+strings.NewReplacer(" ", "%20", `"`, "%22", "[", "%5B", "]", "%5D").Replace(query), body, header)
	var out map[string]any
	if a.body != "" {
		if err := json.Unmarshal([]byte(a.body), &out); err != nil {
			t.Fatalf("%s %s: %v: %s", method, path, err, a.body)
		}
	}
	return a, out
}

func (h *house) mustAsk(t *testing.T, key string, status int, method, path, body string) map[string]any {
	t.Helper()
	a, out := h.askAs(t, key, method, path, body)
	if a.StatusCode != status {
		t.Fatalf("%s %s: %d, want %d: %s", method, path, a.StatusCode, status, a.body)
	}
	return out
}

// accountWith returns the account with a mail address.
func (h *house) accountWith(t *testing.T, o tenant.ID, mail string) identity.AccountView {
	t.Helper()
	p, err := h.Identity.Accounts(t.Context(), access.Actor{Kind: access.System, Tenant: o}, identity.Query{Search: mail})
	if err != nil || len(p.Accounts) != 1 {
		t.Fatalf("%s: %d accounts, %v", mail, len(p.Accounts), err)
	}
	return p.Accounts[0]
}

// TestTheServerAnswersRecordedExchangesOfDirectories replays what directories ask, with a real key and the whole program behind it.
func TestTheServerAnswersRecordedExchangesOfDirectories(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../people/scim/testdata/*.json")
	if err != nil || len(files) < 4 {
		t.Fatalf("%d recordings: %v", len(files), err)
	}
	eachHouse(t, func(t *testing.T, h *house) {
		key, city := h.syncKey(t), h.actor(t, access.Administrator).Tenant
		for _, file := range files {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var all []struct {
				Name, Method, Path, IfMatch string
				Body                        json.RawMessage
				Status                      int
				Keep                        map[string]string
			}
			if err := json.Unmarshal(raw, &all); err != nil {
				t.Fatal(err)
			}
			known := []string{"${base}", h.url + scim.Prefix}
			for _, e := range all {
				fill := strings.NewReplacer(known...)
				var version []string
				if e.IfMatch != "" {
					version = []string{fill.Replace(e.IfMatch)}
				}
				a, got := h.askAs(t, key, e.Method, fill.Replace(e.Path), fill.Replace(string(e.Body)), version...)
				if a.StatusCode != e.Status {
					t.Fatalf("%s: %s: %d, want %d: %s", filepath.Base(file), e.Name, a.StatusCode, e.Status, a.body)
				}
				for name, attribute := range e.Keep {
					of := got
					if sub, below := strings.CutPrefix(attribute, "meta."); below {
						of, attribute = got["meta"].(map[string]any), sub
					}
					known = append(known, "${"+name+"}", fmt.Sprint(of[attribute]))
				}
			}
			var users, without, people int
			r := h.DB.Of(city)
			if err := r.Row(t.Context(), `SELECT COUNT(*), COUNT(*) FILTER (WHERE u.active AND NOT EXISTS (SELECT 1 FROM accounts a WHERE a.tenant_id = u.tenant_id AND a.id = u.account_id AND a.state = 'active')
OR NOT u.active AND EXISTS (SELECT 1 FROM accounts a WHERE a.tenant_id = u.tenant_id AND a.id = u.account_id AND a.state = 'active')) FROM scim_users u WHERE u.tenant_id = $1`, nil, &users, &without); err != nil {
				t.Fatal(err)
			}
			head, err := store.Head(t.Context(), r)
			if err != nil {
				t.Fatal(err)
			}
			if err := r.Row(t.Context(), `SELECT COUNT(DISTINCT person_id) FROM scim_users WHERE tenant_id = $1 AND person_id <> ''`, nil, &people); err != nil {
				t.Fatal(err)
			}
			if users == 0 || without != 0 || people == 0 || head.Current == 0 {
				t.Errorf("%s: %d users, %d of them out of step with their account, %d people at revision %d", filepath.Base(file), users, without, people, head.Current)
			}
		}
	})
}

// TestADirectoryRulesWhoGetsIn provisions somebody, gives them a role by a group, and deprovisions them while they are signed in.
func TestADirectoryRulesWhoGetsIn(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		admin, browser, key := h.actor(t, access.Administrator), h.as(t, access.Administrator), h.syncKey(t)
		if a, _ := h.askAs(t, "tt_wrong", "GET", "/Users", ""); a.StatusCode != http.StatusUnauthorized {
			t.Errorf("without a key: %d", a.StatusCode)
		}
		if a := h.do(t, browser, "GET", scim.Prefix+"/Users", "", nil); a.StatusCode != http.StatusUnauthorized {
			t.Errorf("with a session: %d", a.StatusCode)
		}
		if a := h.get(t, browser, "/staff/directory"); a.StatusCode != http.StatusOK || !strings.Contains(a.body, h.url+scim.Prefix) {
			t.Errorf("the page: %d", a.StatusCode)
		}
		user := h.mustAsk(t, key, 201, "POST", "/Users", `{"userName":"nieuw@stad.example","externalId":"e1","displayName":"Nico Nieuw","name":{"givenName":"Nico","familyName":"Nieuw"},"title":"Klerk",
"emails":[{"value":"nieuw@stad.example","primary":true}],"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":"9001","department":"Griffie"}}`)["id"].(string)
		account := h.accountWith(t, admin.Tenant, "nieuw@stad.example")
		if account.Name != "Nico Nieuw" || account.StaffNumber != "9001" || account.State != identity.Active {
			t.Errorf("%+v", account)
		}
		if a := h.post(t, browser, "/staff/directory/roles", url.Values{"by": {"externalId"}, "group": {"g-hr"}, "role": {"hr"}}); a.StatusCode != http.StatusSeeOther {
			t.Fatalf("a group gets a role: %d %s", a.StatusCode, a.body)
		}
		group := h.mustAsk(t, key, 201, "POST", "/Groups", `{"displayName":"Personeelsdienst","externalId":"g-hr","members":[{"value":"`+user+`"}]}`)["id"].(string)
		nico := h.visitor(t)
		h.enter(t, nico, admin.Tenant, account.ID)
		if a := h.get(t, nico, "/people"); a.StatusCode != http.StatusOK {
			t.Errorf("with the role of the group: %d", a.StatusCode)
		}
		if a := h.get(t, browser, "/people/"+account.ID); !strings.Contains(a.body, "Waarvan door het adresboek") && !strings.Contains(a.body, "Of these from the directory") {
			t.Errorf("the account does not say who gave the role: %s", a.body)
		}
		h.mustAsk(t, key, 204, "PATCH", "/Groups/"+group, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"remove","path":"members[value eq \"`+user+`\"]"}]}`)
		if a := h.get(t, nico, "/people"); a.StatusCode != http.StatusForbidden {
			t.Errorf("after leaving the group: %d", a.StatusCode)
		}
		if a := h.get(t, nico, "/me/security"); a.StatusCode != http.StatusOK {
			t.Fatalf("still signed in: %d", a.StatusCode)
		}
		h.mustAsk(t, key, 204, "DELETE", "/Users/"+user, "")
		if a := h.get(t, nico, "/me/security"); a.StatusCode == http.StatusOK {
			t.Error("a session of who was deleted still works")
		}
		out := h.get(t, browser, "/staff/directory")
		if out.StatusCode != http.StatusOK || !strings.Contains(out.body, "/people/"+account.ID) {
			t.Errorf("the page does not tell who went: %d", out.StatusCode)
		}
		if a := h.get(t, browser, "/audit"); !strings.Contains(a.body, "adresboek") && !strings.Contains(a.body, "directory") {
			t.Errorf("the log does not tell it in words: %d", a.StatusCode)
		}
		h.lastAdministrator(t, key, admin)
	})
}

// lastAdministrator sees to it that a directory takes over no administrator, and blocks not the last one.
func (h *house) lastAdministrator(t *testing.T, key string, admin access.Actor) {
	t.Helper()
	me, err := h.Identity.Account(t.Context(), admin, admin.Owner)
	if err != nil {
		t.Fatal(err)
	}
	a, out := h.askAs(t, key, "POST", "/Users", `{"userName":"`+me.Mail+`","emails":[{"value":"`+me.Mail+`"}]}`)
	if a.StatusCode != http.StatusConflict || !strings.Contains(fmt.Sprint(out["detail"]), "given a role") {
		t.Errorf("an administrator is taken over: %d %s", a.StatusCode, a.body)
	}
	user := h.mustAsk(t, key, 201, "POST", "/Users", `{"userName":"tweede@stad.example","displayName":"Tweede"}`)["id"].(string)
	second := h.accountWith(t, admin.Tenant, "tweede@stad.example")
	if _, err := h.Identity.SetRoles(t.Context(), admin, second.ID, []access.Role{access.Administrator}, 0); err != nil {
		t.Fatal(err)
	}
	all, err := h.Identity.Accounts(t.Context(), admin, identity.Query{Role: access.Administrator})
	if err != nil || len(all.Accounts) < 2 {
		t.Fatalf("%d administrators, %v", len(all.Accounts), err)
	}
	two := access.Actor{Kind: access.Person, Tenant: admin.Tenant, ID: second.ID, Owner: second.ID, Roles: []access.Role{access.Administrator}}
	_, own, err := h.Identity.MakeKey(t.Context(), two, identity.KeyInput{Name: "own", Scopes: []access.Action{access.SyncPeople}, ExpiresAt: time.Now().AddDate(0, 1, 0)}, asked.Request{})
	if err != nil {
		t.Fatal(err)
	}
	var others []string
	for _, x := range all.Accounts {
		if x.ID != second.ID && slices.Contains(x.AllRoles(), access.Administrator) {
			others = append(others, x.ID)
			if _, err := h.Identity.Block(t.Context(), two, x.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	if a, _ := h.askAs(t, own, "DELETE", "/Users/"+user, ""); a.StatusCode != http.StatusConflict {
		t.Errorf("the last administrator is deleted: %d %s", a.StatusCode, a.body)
	}
	if a, _ := h.askAs(t, key, "GET", "/Users", ""); a.StatusCode != http.StatusUnauthorized {
		t.Errorf("the key of who is blocked works: %d", a.StatusCode)
	}
	for _, x := range others {
		if _, err := h.Identity.Unblock(t.Context(), two, x); err != nil {
			t.Fatal(err)
		}
	}
	h.mustAsk(t, own, 204, "DELETE", "/Users/"+user, "")
}
