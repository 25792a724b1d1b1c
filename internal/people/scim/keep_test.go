package scim_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/people/scim"
)

const patchOp = `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[%s]}`

func ops(list string) string { return fmt.Sprintf(patchOp, list) }

const off = `{"op":"Replace","path":"active","value":"False"}`

func TestSwitchingSomebodyOffEndsTheirSessionsAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		sessions := func(a string) int { return p.count(`SELECT COUNT(*) FROM sessions WHERE account_id = $1`, a) }
		for name, end := range map[string]func(id string){
			"patched":  func(id string) { p.must(200, "PATCH", "/Users/"+id, ops(off)) },
			"replaced": func(id string) { p.must(200, "PUT", "/Users/"+id, `{"userName":"replaced","active":"false"}`) },
			"deleted":  func(id string) { p.must(204, "DELETE", "/Users/"+id, "") },
		} {
			user := p.user(name, `,"displayName":"x"`)
			account, person := p.account(user)
			p.signIn(account)
			p.signIn(account)
			end(user)
			if p.state(account) != "blocked" || sessions(account) != 0 {
				t.Errorf("%s: %s with %d sessions", name, p.state(account), sessions(account))
			}
			if gone := p.count(`SELECT COUNT(*) FROM staff_of_test WHERE id = $1 AND gone`, person); gone != map[bool]int{true: 1, false: 0}[name == "deleted"] {
				t.Errorf("%s: out of service %d times", name, gone)
			}
		}
		user := p.user("back", "")
		account, _ := p.account(user)
		p.must(200, "PATCH", "/Users/"+user, ops(off))
		p.must(200, "PATCH", "/Users/"+user, ops(`{"op":"replace","value":{"active":true,"displayName":"Back"}}`))
		if again, _ := p.account(user); again != account || p.state(account) != "active" {
			t.Errorf("who comes back has account %s, not %s, which is %s", again, account, p.state(account))
		}
	})
}

func TestSomebodyWhoNeverMaySignInHasNoAccount(t *testing.T) {
	t.Parallel()
	p := newPlace(t, dbtest.SQLite(t))
	user := p.user("a", `,"active":false`)
	if account, person := p.account(user); account != "" || person == "" {
		t.Errorf("account %q, person %q", account, person)
	}
	p.must(200, "PATCH", "/Users/"+user, ops(`{"op":"replace","path":"active","value":true}`))
	if account, _ := p.account(user); account == "" || p.state(account) != "active" {
		t.Errorf("account %q", account)
	}
	// An account that was erased meanwhile is not called back to life: there is a new one.
	old, _ := p.account(user)
	if err := d(p).Write(t.Context(), dbtest.Ours, func(s *db.Scope) error {
		_, err := s.Exec(t.Context(), `UPDATE accounts SET state = 'erased', mail = NULL WHERE tenant_id = $1 AND id = $2`, old)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	p.must(200, "PATCH", "/Users/"+user, ops(`{"op":"replace","path":"title","value":"x"}`))
	if account, _ := p.account(user); account == old || p.state(account) != "active" || p.state(old) != "erased" {
		t.Errorf("account %s is %s, the erased one %s", account, p.state(account), p.state(old))
	}
}

func d(p *place) *db.DB { return p.d }

func TestWhatOneStepRefusesLeavesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		before := p.count(`SELECT COUNT(*) FROM audit_log`)
		w, body := p.send("POST", "/Users", key, `{"userName":"a","emails":[{"value":"taken@example.org","primary":true}]}`)
		p.refuses("a mail address of somebody else", w, body, 409, scim.Uniqueness)
		for _, table := range []string{"scim_users", "accounts", "staff_of_test"} {
			if n := p.count(`SELECT COUNT(*) FROM ` + table); n != 0 {
				t.Errorf("%d rows of %s are left", n, table)
			}
		}
		user := p.user("b", `,"active":false`)
		w, body = p.send("PATCH", "/Users/"+user, key, ops(`{"op":"replace","path":"active","value":true},{"op":"add","path":"emails","value":[{"value":"taken@example.org"}]}`))
		p.refuses("the same in a patch", w, body, 409, scim.Uniqueness)
		if got := p.must(200, "GET", "/Users/"+user, ""); got["active"] != false || got["emails"] != nil {
			t.Errorf("half of the patch is left: %v", got)
		}
		if n := p.count(`SELECT COUNT(*) FROM audit_log`) - before; n != 1 {
			t.Errorf("the log tells of %d changes, want 1", n)
		}
	})
}

func TestWhoComesBackIsThemselvesAndNobodyElseIs(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		add := func(name, external, more string) string {
			return p.user(name, `,"externalId":"`+external+`"`+more)
		}
		jan := add("jan@x.be", "e1", "")
		account, person := p.account(jan)
		p.must(204, "DELETE", "/Users/"+jan, "")
		if raw := p.count(`SELECT COUNT(*) FROM scim_users WHERE resource = '{}' AND deleted_at > 0`); raw != 1 {
			t.Errorf("what the directory said of somebody who is out is still there")
		}
		other := add("jan@x.be", "e2", "") // another Jan, who got the name that was free
		if a, q := p.account(other); other == jan || a == account || q == person {
			t.Errorf("somebody else got the account of who had the name before")
		}
		back := add("jan.oud@x.be", "e1", "")
		if a, q := p.account(back); back != jan || a != account || q != person || p.state(account) != "active" {
			t.Errorf("who came back is %s with account %s, was %s with %s", back, a, jan, account)
		}
		if n := p.count(`SELECT COUNT(*) FROM staff_of_test WHERE id = $1 AND gone`, person); n != 0 {
			t.Errorf("who came back is still out of service")
		}
		p.must(409, "POST", "/Users", `{"userName":"jan@x.be"}`)
		p.must(409, "POST", "/Users", `{"userName":"iemand","externalId":"e1"}`)

		p.must(200, "PATCH", "/Users/"+back, ops(off))
		p.must(409, "POST", "/Users", `{"userName":"jan.oud@x.be","externalId":"e9"}`)
		p.must(409, "POST", "/Users", `{"userName":"jan.oud@x.be","externalId":"e1","active":false}`)
		if again := add("jan.oud@x.be", "e1", ""); again != jan || p.state(account) != "active" {
			t.Errorf("who was switched off is made again as %s, was %s", again, jan)
		}
		nameless := p.user("piet@x.be", "")
		p.must(204, "DELETE", "/Users/"+nameless, "")
		if again := p.user("PIET@x.be", ""); again != nameless {
			t.Errorf("without external ids the name does not tell who comes back")
		}
		w, body := p.send("PATCH", "/Users/"+other, key, ops(`{"op":"replace","path":"userName","value":"PIET@x.be"}`))
		p.refuses("a name that another has", w, body, 409, scim.Uniqueness)
	})
}

func TestOneUserIsMadeOnceHoweverManyAskAtATime(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		const many = 12
		statuses := make([]int, many)
		var wg sync.WaitGroup
		for i := range many {
			wg.Go(func() {
				w, _ := p.send("POST", "/Users", key, `{"userName":"a@x.be","externalId":"e"}`)
				statuses[i] = w.Code
			})
		}
		wg.Wait()
		made := 0
		for _, s := range statuses {
			if s == 201 {
				made++
			} else if s != 409 {
				t.Errorf("status %d", s)
			}
		}
		if made != 1 || p.count(`SELECT COUNT(*) FROM scim_users`) != 1 || p.count(`SELECT COUNT(*) FROM accounts`) != 1 {
			t.Errorf("made %d times: %d users, %d accounts", made, p.count(`SELECT COUNT(*) FROM scim_users`), p.count(`SELECT COUNT(*) FROM accounts`))
		}
		user := p.user("group@x.be", "")
		group := p.must(201, "POST", "/Groups", `{"displayName":"g"}`)["id"].(string)
		for range many {
			wg.Go(func() {
				if w, _ := p.send("PATCH", "/Groups/"+group, key, ops(`{"op":"add","path":"members","value":[{"value":"`+user+`"}]}`)); w.Code != 204 && w.Code != 503 {
					t.Errorf("add a member: %d", w.Code)
				}
			})
		}
		wg.Wait()
		if n := p.count(`SELECT COUNT(*) FROM scim_members`); n != 1 {
			t.Errorf("%d members", n)
		}
	})
}

func TestGroupsGiveTheRolesOfTheTableAndNoMore(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		admin := administrator(dbtest.Ours, "administrator", string(access.ChangeAccount))
		set := func(list ...scim.GroupRole) {
			t.Helper()
			if err := p.registry.SetGroupRoles(t.Context(), admin, list); err != nil {
				t.Fatal(err)
			}
		}
		user := p.user("a@x.be", "")
		account, _ := p.account(user)
		want := func(when, roles string) {
			t.Helper()
			if got := p.roles(account); got != roles {
				t.Errorf("%s: %q, want %q", when, got, roles)
			}
		}
		group := func(name, external string) string {
			return p.must(201, "POST", "/Groups", `{"displayName":"`+name+`","externalId":"`+external+`","members":[{"value":"`+user+`"}]}`)["id"].(string)
		}
		beheer := group("administrator", "x0")
		want("a group without a row", "")
		set(scim.GroupRole{By: scim.ByDisplayName, Group: "HR Team", Role: access.HR}, scim.GroupRole{By: scim.ByExternalID, Group: "x2", Role: access.DPO},
			scim.GroupRole{By: scim.ByExternalID, Group: "X0", Role: access.Administrator})
		want("rows of other groups", "")
		hr := group("hr team", "x1")
		want("a group with a row", "hr")
		dpo := group("whatever", "x2")
		want("two groups", "dpo hr")
		p.must(200, "PATCH", "/Users/"+user, ops(off))
		p.must(200, "PATCH", "/Users/"+user, ops(`{"op":"replace","path":"active","value":true}`))
		want("who comes back", "dpo hr")
		p.must(204, "PATCH", "/Groups/"+hr, ops(`{"op":"replace","path":"displayName","value":"HR Team 2"}`))
		want("a group that is called otherwise", "dpo")
		p.must(204, "PATCH", "/Groups/"+hr, ops(`{"op":"replace","path":"displayName","value":"hr Team"}`))
		p.must(204, "PATCH", "/Groups/"+dpo, ops(`{"op":"remove","path":"members"}`))
		want("who leaves a group", "hr")
		set(scim.GroupRole{By: scim.ByDisplayName, Group: "HR Team", Role: access.Researcher})
		want("another table", "researcher")
		p.must(204, "DELETE", "/Groups/"+hr, "")
		want("a group that goes", "")
		set(scim.GroupRole{By: scim.ByDisplayName, Group: "Administrator", Role: access.Manager})
		want("the table fills for a group that is there", "manager")
		p.must(204, "DELETE", "/Users/"+user, "")
		want("who is out", "")
		if again := p.user("a@x.be", ""); again != user {
			t.Fatalf("%s is not %s", again, user)
		}
		want("who comes back after being out is in no group", "")
		if got := p.must(200, "GET", "/Groups/"+beheer, ""); got["members"] != nil {
			t.Errorf("the group still has who was out: %v", got)
		}
		list, err := p.registry.GroupRoles(t.Context(), admin)
		if err != nil || len(list) != 1 || list[0] != (scim.GroupRole{By: scim.ByDisplayName, Group: "Administrator", Role: access.Manager}) {
			t.Errorf("%v, %v", list, err)
		}
	})
}

func TestOnlyWhoChangesAccountsMapsRoles(t *testing.T) {
	t.Parallel()
	p := newPlace(t, dbtest.SQLite(t))
	for _, actor := range []access.Actor{administrator(dbtest.Ours, "hr", string(access.ChangeAccount)), administrator(dbtest.Ours, "administrator", "reports.read"), {}} {
		if err := p.registry.SetGroupRoles(t.Context(), actor, nil); err == nil {
			t.Errorf("%v maps roles", actor)
		}
		if _, err := p.registry.GroupRoles(t.Context(), actor); err == nil {
			t.Errorf("%v reads which groups give roles", actor)
		}
	}
	admin := administrator(dbtest.Ours, "administrator", string(access.ChangeAccount))
	for _, x := range []scim.GroupRole{{By: "x", Group: "g", Role: access.HR}, {By: scim.ByDisplayName, Group: " ", Role: access.HR},
		{By: scim.ByDisplayName, Group: "g", Role: access.Employee}, {By: scim.ByDisplayName, Group: "g", Role: "root"}} {
		if err := p.registry.SetGroupRoles(t.Context(), admin, []scim.GroupRole{x}); err != scim.ErrGroupRole { //nolint:errorlint // as it is
			t.Errorf("%v: %v", x, err)
		}
	}
}

func TestNothingIsStoredBeyondWhatIsUsed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		out := p.must(201, "POST", "/Users", `{"userName":"a@x.be","password":"GEHEIM1","phoneNumbers":[{"value":"GEHEIM2"}],"addresses":[{"streetAddress":"GEHEIM3"}],
"photos":[{"value":"https://x/GEHEIM4"}],"emails":[{"value":"geheim5@thuis.be","type":"home"},{"value":"a@x.be","type":"work","display":"GEHEIM6"}],"nickName":"GEHEIM7",
"urn:ietf:params:scim:schemas:extension:custom:2.0:User":{"tag":"GEHEIM8"},"name":{"middleName":"GEHEIM9","givenName":"A"}}`)
		user := out["id"].(string)
		p.must(200, "PATCH", "/Users/"+user, ops(`{"op":"add","path":"phoneNumbers[type eq \"work\"].value","value":"GEHEIM"},{"op":"add","path":"password","value":"GEHEIM"},
{"op":"replace","value":{"ims":[{"value":"GEHEIM"}]}},{"op":"add","path":"emails[type eq \"home\"].value","value":"geheim@thuis.be"},{"op":"add","path":"urn:x:2.0:User:tag","value":"GEHEIM"}`))
		for _, table := range []string{"scim_users WHERE LOWER(resource)", "staff_of_test WHERE LOWER(said)", "audit_log WHERE LOWER(detail)", "accounts WHERE LOWER(name || mail)"} {
			if n := p.count(`SELECT COUNT(*) FROM ` + table + ` LIKE '%geheim%'`); n != 0 {
				t.Errorf("%d rows of %s hold what is not used", n, table)
			}
		}
		w, body := p.send("POST", "/Users", key, `{"userName":"b@x.be","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":"85.07.30-033.28"}}`)
		p.refuses("a national number", w, body, 400, scim.InvalidValue)
		if detail := fmt.Sprint(body["detail"]); !strings.Contains(detail, "employeeNumber") || strings.Contains(detail, "85.07") {
			t.Errorf("it does not say where, or repeats the number: %s", detail)
		}
		w, body = p.send("PATCH", "/Users/"+user, key, ops(`{"op":"add","path":"title","value":"85.07.30-033.28"}`))
		p.refuses("a national number in a patch", w, body, 400, scim.InvalidValue)
	})
}

func TestPersonAndAccountSayWhatTheDirectorySays(t *testing.T) {
	t.Parallel()
	p := newPlace(t, dbtest.SQLite(t))
	boss := p.user("chef@x.be", `,"externalId":"boss","displayName":"Chef"`)
	_, bossPerson := p.account(boss)
	ent := func(s string) string { return `,"` + scim.EnterpriseSchema + `":{` + s + `}` }
	for name, c := range map[string]struct{ more, person, account string }{
		"whole": {`,"name":{"givenName":"An","familyName":"Peeters"},"preferredLanguage":"nl_BE","title":"Bibliothecaris","emails":[{"value":"an@x.be","type":"other"},{"value":"AN.work@x.be","type":"work"}]` +
			ent(`"employeeNumber":" ab 12","department":"D","division":"V","organization":"O","costCenter":"C","manager":"BOSS"`),
			`{"Number":"AB12","Given":"An","Family":"Peeters","Mail":"an.work@x.be","Language":"nl","Title":"Bibliothecaris","Department":"D","Division":"V","Organisation":"O","CostCentre":"C","Manager":"","Active":true`,
			"An Peeters|an.work@x.be|AB12|nl"},
		"by name": {`,"displayName":"Piet","preferredLanguage":"es"` + ent(`"manager":{"value":"CHEF@x.be"}`),
			`{"Number":"","Given":"","Family":"Piet","Mail":"","Language":"","Title":"","Department":"","Division":"","Organisation":"","CostCentre":"","Manager":"` + bossPerson + `","Active":true`,
			"Piet|by name@x.be||"},
		"mail": {`,"emails":[{"value":"w@x.be","type":"work"},{"value":"p@x.be","primary":"True"}]` + ent(`"manager":"boss"`), `"Mail":"p@x.be","Language":"","Title":"","Department":"","Division":"","Organisation":"","CostCentre":"","Manager":"` + bossPerson + `"`, "mail@x.be|p@x.be||"},
	} {
		user := p.user(strings.ReplaceAll(name, " ", "")+"@x.be", c.more)
		account, person := p.account(user)
		var said, is string
		err := p.d.System().Row(t.Context(), `SELECT said FROM staff_of_test WHERE id = $1`, []any{person}, &said)
		if err == nil {
			err = p.d.System().Row(t.Context(), `SELECT name || '|' || COALESCE(mail, '') || '|' || COALESCE(staff_number, '') || '|' || language FROM accounts WHERE id = $1`, []any{account}, &is)
		}
		said = `{` + said[strings.Index(said, `"Number"`):]
		if err != nil || !strings.Contains(said, c.person) {
			t.Errorf("%s: person %s, want %s: %v", name, said, c.person, err)
		}
		if want := strings.ReplaceAll(c.account, "by name", "byname"); is != want {
			t.Errorf("%s: account %s, want %s", name, is, want)
		}
	}
}
