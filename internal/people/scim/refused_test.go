package scim_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/people/scim"
	"tekentafel/internal/tenant"
)

// picky refuses the account of whoever has a mail address, as one that somebody here gave a role.
type picky struct {
	house
	account string
}

func (p picky) Provision(ctx context.Context, tx *db.Scope, by access.Actor, a scim.Account) (string, error) {
	if a.Mail == "role@x.be" {
		return "", &scim.TakenError{Account: p.account, Why: "roles", Detail: "Take the role away first."}
	}
	return p.house.Provision(ctx, tx, by, a)
}

func TestWhyAnAccountIsNotForADirectoryIsSaidThereAndNotedOnceADay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		p.registry.Accounts = picky{house{p.now}, "an"}
		for range 3 {
			w, body := p.send("POST", "/Users", key, `{"userName":"a","emails":[{"value":"role@x.be"}]}`)
			p.refuses("an account with a role", w, body, 409, scim.Uniqueness)
			if body["detail"] != "Take the role away first." {
				t.Errorf("it says %v", body["detail"])
			}
		}
		noted := func() int {
			return p.count(`SELECT COUNT(*) FROM audit_log WHERE action = 'scim.user-refused' AND account = 'an' AND detail LIKE '%roles%'`)
		}
		if n := noted(); n != 1 {
			t.Errorf("it is noted %d times in a day", n)
		}
		p.ticks.Add((25 * time.Hour).Milliseconds())
		p.send("POST", "/Users", key, `{"userName":"a","emails":[{"value":"role@x.be"}]}`)
		if n := noted(); n != 2 {
			t.Errorf("a day later it is noted %d times", n)
		}
		if n := p.count(`SELECT COUNT(*) FROM scim_users`); n != 0 {
			t.Errorf("%d users are left", n)
		}
	})
}

// strict makes accounts for those alone who could sign in.
type strict struct{ house }

func (s strict) Provision(ctx context.Context, tx *db.Scope, by access.Actor, a scim.Account) (string, error) {
	if a.Mail == "" && a.Number == "" {
		return "", nil
	}
	return s.house.Provision(ctx, tx, by, a)
}

func TestWhoCannotSignInYetGetsAnAccountAndRolesWhenTheDirectorySaysHow(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		p.registry.Accounts = strict{house{p.now}}
		admin := administrator(dbtest.Ours, "administrator", string(access.ChangeAccount))
		if err := p.registry.SetGroupRoles(t.Context(), admin,
			[]scim.GroupRole{{By: scim.ByDisplayName, Group: "team", Role: access.HR}}); err != nil {
			t.Fatal(err)
		}
		user := p.user("ploeg7", `,"displayName":"Ploeg"`)
		account, person := p.account(user)
		if account != "" || person == "" {
			t.Errorf("without a way to sign in: account %q, person %q", account, person)
		}
		p.must(201, "POST", "/Groups", `{"displayName":"Team","members":[{"value":"`+user+`"}]}`)
		p.must(200, "PATCH", "/Users/"+user, ops(off))
		p.must(200, "PATCH", "/Users/"+user, ops(`{"op":"replace","path":"active","value":true}`))
		if o, err := p.registry.Overview(t.Context(), admin, 5); err != nil || o.Without != 1 || o.Users != 1 {
			t.Errorf("%+v, %v", o, err)
		}
		p.must(200, "PATCH", "/Users/"+user, ops(`{"op":"add","path":"emails","value":[{"value":"ploeg7@x.be"}]}`))
		account, again := p.account(user)
		if account == "" || again != person || p.state(account) != "active" || p.roles(account) != "hr" {
			t.Errorf("with a mail address: account %q with the roles %q, person %s, was %s", account, p.roles(account), again, person)
		}
		if o, err := p.registry.Overview(t.Context(), admin, 5); err != nil || o.Without != 0 {
			t.Errorf("%+v, %v", o, err)
		}
		if err := d.Write(t.Context(), dbtest.Ours, func(s *db.Scope) error { // erased meanwhile
			_, err := s.Exec(t.Context(), `UPDATE accounts SET state = 'erased', mail = NULL WHERE tenant_id = $1 AND id = $2`, account)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		p.must(200, "PATCH", "/Users/"+user, ops(`{"op":"replace","path":"title","value":"x"}`))
		if anew, _ := p.account(user); anew == account || p.roles(anew) != "hr" {
			t.Errorf("the account in the place of an erased one has the roles %q", p.roles(anew))
		}
		p.must(204, "DELETE", "/Users/"+user, "")
		other := p.user("ploeg8", "")
		p.must(204, "DELETE", "/Users/"+other, "")
		if n := p.count(`SELECT COUNT(*) FROM staff_of_test WHERE gone`); n != 2 {
			t.Errorf("%d people are out of service", n)
		}
	})
}

// stuck keeps people, but not before something was mended.
type stuck struct {
	house
	mended *bool
}

var errStuck = errors.New("a dead writer stands in the way")

func (s stuck) Put(ctx context.Context, tx *db.Scope, by access.Actor, p scim.Person) (string, error) {
	if !*s.mended {
		return "", errStuck
	}
	return s.house.Put(ctx, tx, by, p)
}

func TestAChangeIsMadeOnceMoreAfterWhatStoodInItsWayIsMended(t *testing.T) {
	t.Parallel()
	p := newPlace(t, dbtest.SQLite(t))
	mended, asked := false, 0
	p.registry.Staff = stuck{house{p.now}, &mended}
	p.registry.Again = func(_ context.Context, o tenant.ID, err error) bool {
		asked++
		mended = o == dbtest.Ours && errors.Is(err, errStuck)
		return mended
	}
	p.user("a@x.be", "")
	if asked != 1 || p.count(`SELECT COUNT(*) FROM scim_users`) != 1 {
		t.Errorf("asked %d times", asked)
	}
	w, _ := p.send("POST", "/Users", key, `{"userName":"a@x.be"}`)
	if w.Code != 409 || asked != 2 {
		t.Errorf("an error that nothing mends: %d, asked %d times", w.Code, asked)
	}
}

func TestTheOverviewTellsWhatTheDirectoryDid(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		admin := administrator(dbtest.Ours, "administrator", string(access.ChangeAccount))
		o, err := p.registry.Overview(t.Context(), admin, 5)
		if err != nil || o.Users+o.Groups+len(o.Ends)+len(o.Refused) != 0 || !o.Changed.IsZero() {
			t.Fatalf("before anything: %+v, %v", o, err)
		}
		a, b := p.user("a@x.be", ""), p.user("b@x.be", "")
		p.user("c@x.be", "")
		p.must(201, "POST", "/Groups", `{"displayName":"Team","externalId":"g1","members":[{"value":"`+b+`"}]}`)
		accountA, _ := p.account(a)
		accountB, _ := p.account(b)
		p.must(200, "PATCH", "/Users/"+a, ops(off))
		p.must(204, "DELETE", "/Users/"+b, "")
		o, err = p.registry.Overview(t.Context(), admin, 5)
		if err != nil || o.Users != 2 || o.Off != 1 || o.Groups != 1 || o.Changed.IsZero() || len(o.Ends) != 2 ||
			o.Ends[0].Account != accountB || !o.Ends[0].Out || o.Ends[1].Account != accountA || o.Ends[1].Out {
			t.Errorf("%+v, %v", o, err)
		}
		groups, err := p.registry.Groups(t.Context(), admin, 5)
		if err != nil || len(groups) != 1 || groups[0] != (scim.Group{Name: "Team", ExternalID: "g1"}) {
			t.Errorf("%+v, %v", groups, err)
		}
		r := d.Of(dbtest.Ours)
		if has, err := scim.HasAccount(t.Context(), r, accountB); err != nil || !has {
			t.Errorf("the account of who is out is free for another user: %v", err)
		}
		if has, err := scim.HasAccount(t.Context(), r, ""); err != nil || has {
			t.Errorf("no account is that of a user: %v", err)
		}
		if other, err := p.registry.Overview(t.Context(), administrator(dbtest.Theirs, "administrator", string(access.ChangeAccount)), 5); err != nil || other.Users != 0 {
			t.Errorf("another organisation sees %+v, %v", other, err)
		}
		said := map[string]string{}
		p.user("d@x.be", `,"emails":[{"value":"d@x.be"}],"preferredLanguage":"fr-BE"`)
		if err := scim.Said(t.Context(), r, func(_, mail, language string) { said[mail] = language }); err != nil || said["d@x.be"] != "fr" || len(said) != 2 {
			t.Errorf("%v, %v", said, err)
		}
	})
}

func TestOnlyWhoChangesAccountsSeesTheOverview(t *testing.T) {
	t.Parallel()
	p := newPlace(t, dbtest.SQLite(t))
	for _, actor := range []access.Actor{administrator(dbtest.Ours, "hr", string(access.ChangeAccount)), administrator(dbtest.Ours, "administrator", "reports.read"), {}} {
		if _, err := p.registry.Overview(t.Context(), actor, 5); err == nil || !strings.Contains(err.Error(), "403") {
			t.Errorf("%v sees it: %v", actor, err)
		}
		if _, err := p.registry.Groups(t.Context(), actor, 5); err == nil {
			t.Errorf("%v sees groups", actor)
		}
	}
}
