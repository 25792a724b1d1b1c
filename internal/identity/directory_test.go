package identity

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/problem"
)

// annex is a desk with a directory.
type annex struct {
	*desk
	dir  Directory
	key  access.Actor
	held map[string]bool // accounts of its users
}

func newAnnex(t *testing.T, d *db.DB) *annex {
	t.Helper()
	a := &annex{desk: newDesk(t, d), held: map[string]bool{}}
	a.dir = a.Directory(func(_ context.Context, _ db.Reader, account string) (bool, error) { return a.held[account], nil })
	a.key = access.Actor{Kind: access.Key, Tenant: dbtest.Ours, ID: "key", Owner: a.admin.Owner, Roles: a.admin.Roles, Scopes: []access.Action{access.SyncPeople}}
	return a
}

// do makes a change in a transaction of its own.
func (a *annex) do(change func(*db.Scope) error) error {
	return a.db.Write(a.t.Context(), dbtest.Ours, change)
}

func (a *annex) provision(in Listed) (account string, err error) {
	err = a.do(func(sc *db.Scope) (err error) {
		account, err = a.dir.Provision(a.t.Context(), sc, a.key, in)
		return err
	})
	if err == nil {
		a.held[account] = true
	}
	return account, err
}

func (a *annex) must(err error) {
	a.t.Helper()
	if err != nil {
		a.t.Fatal(err)
	}
}

func (a *annex) view(account string) AccountView {
	a.t.Helper()
	v, err := a.Account(a.t.Context(), a.admin, account)
	a.must(err)
	return v
}

// refuses fails the test unless an error says why an account is not for the directory.
func (a *annex) refuses(what string, err error, why NotYours) {
	a.t.Helper()
	var no *NotYoursError
	if !errors.As(err, &no) || no.Why != why {
		a.t.Errorf("%s: %v, want %s", what, err, why)
	}
}

func TestADirectoryMakesAccountsAndTakesOverPlainOnes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		a := newAnnex(t, store)
		made, err := a.provision(Listed{Name: " Jan  Peeters ", Mail: "jan@ours.example", StaffNumber: "7", Language: "xx"})
		a.must(err)
		if v := a.view(made); v.Name != "Jan Peeters" || v.Mail != "jan@ours.example" || v.StaffNumber != "7" || v.State != Active || len(v.AllRoles()) != 0 {
			t.Errorf("%+v", v)
		}
		_, err = a.provision(Listed{Name: "Jan", Mail: "jan@ours.example"})
		a.refuses("the account of another user", err, HasOtherOwner)
		_, err = a.provision(Listed{Name: "Nobody"})
		wantKind(t, err, problem.Invalid)

		plain, _ := a.add(AccountInput{Name: "Bert", Mail: "bert@ours.example", StaffNumber: "8"})
		_, err = a.provision(Listed{Name: "Another Bert", Mail: "bert@ours.example", StaffNumber: "9"})
		a.refuses("a mail address that was given out anew", err, HasOtherOwner)
		took, err := a.provision(Listed{Name: "Bert Maes", Mail: "bert.maes@ours.example", StaffNumber: "8"})
		a.must(err)
		if v := a.view(plain.ID); took != plain.ID || v.Name != "Bert Maes" || v.Mail != "bert.maes@ours.example" {
			t.Errorf("%s is not taken over: %+v", took, v)
		}
		byMail, _ := a.add(AccountInput{Name: "Cas", Mail: "cas@ours.example"})
		if took, err = a.provision(Listed{Name: "Cas", Mail: "cas@ours.example", StaffNumber: "10"}); err != nil || took != byMail.ID || a.view(took).StaffNumber != "10" {
			t.Errorf("%s, %v", took, err)
		}

		dan, _ := a.add(AccountInput{Name: "Dan", Mail: "dan@ours.example", Roles: []access.Role{access.HR}})
		_, err = a.provision(Listed{Name: "Dan", Mail: "dan@ours.example"})
		a.refuses("an account with a role", err, HasRoles)
		if v := a.view(dan.ID); v.Version != dan.Version {
			t.Errorf("it was changed all the same: %+v", v)
		}
		eva, _ := a.add(AccountInput{Name: "Eva", Mail: "eva@ours.example"})
		_, err = a.Block(t.Context(), a.admin, eva.ID)
		a.must(err)
		_, err = a.provision(Listed{Name: "Eva", Mail: "eva@ours.example"})
		a.refuses("an account that somebody blocked", err, IsBlocked)
		f1, _ := a.add(AccountInput{Name: "Fa", StaffNumber: "20"})
		_, _ = a.add(AccountInput{Name: "Fb", Mail: "fb@ours.example"})
		_, err = a.provision(Listed{Name: "F", StaffNumber: "20", Mail: "fb@ours.example"})
		a.refuses("two accounts at once", err, HasOtherOwner)
		if a.view(f1.ID).Name != "Fa" {
			t.Error("half of it was done")
		}
	})
}

func TestADirectoryBringsAccountsUpToDate(t *testing.T) {
	t.Parallel()
	a := newAnnex(t, dbtest.SQLite(t))
	account, err := a.provision(Listed{Name: "Jan", Mail: "jan@ours.example", StaffNumber: "7"})
	a.must(err)
	other, err := a.provision(Listed{Name: "Piet", Mail: "piet@ours.example"})
	a.must(err)
	change := func(account string, in Listed) error {
		return a.do(func(sc *db.Scope) error { return a.dir.Change(t.Context(), sc, a.key, account, in) })
	}
	was := a.view(account)
	a.must(change(account, Listed{Name: "Jan", Mail: "jan@ours.example"}))
	if v := a.view(account); v.Version != was.Version {
		t.Errorf("a change of nothing is a change: %+v", v)
	}
	a.must(change(account, Listed{Name: "Jan Peeters"}))
	if v := a.view(account); v.Name != "Jan Peeters" || v.Mail != was.Mail || v.StaffNumber != "7" {
		t.Errorf("what is not said did not stay: %+v", v)
	}
	a.refuses("the mail address of another", change(account, Listed{Name: "Jan", Mail: "piet@ours.example"}), HasOtherOwner)
	a.refuses("the number of another", change(other, Listed{Name: "Piet", StaffNumber: "7"}), HasOtherOwner)
	a.must(a.Erase(t.Context(), a.admin, other))
	if err := change(other, Listed{Name: "Piet"}); !errors.Is(err, ErrErased) {
		t.Errorf("an erased account: %v", err)
	}
	a.must(a.do(func(sc *db.Scope) error { return a.dir.Block(t.Context(), sc, a.key, account, true) }))
	if v := a.view(account); v.Mail != "" || v.StaffNumber != "" || v.State != Blocked {
		t.Errorf("who is out keeps address and number: %+v", v)
	}
	successor, err := a.provision(Listed{Name: "Another Jan", Mail: "jan@ours.example", StaffNumber: "7"})
	a.must(err)
	if successor == account {
		t.Error("the successor got the account of who was there before")
	}
}

func TestBlockingByADirectoryEndsALiveSessionAtOnceAndTakesNothingElse(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		a := newAnnex(t, store)
		account, err := a.provision(Listed{Name: "Jan", Mail: "jan@ours.example"})
		a.must(err)
		_, err = a.SetRoles(t.Context(), a.admin, account, []access.Role{access.Researcher}, 0)
		a.must(err)
		jan := person(dbtest.Ours, account, []access.Role{access.Researcher})
		live := a.session(jan, ByOIDC, false)
		_, secret, err := a.MakeKey(t.Context(), jan, KeyInput{Name: "k", Scopes: []access.Action{access.ReadReport}, ExpiresAt: a.clock.now().Add(time.Hour)}, asked.Request{Key: "k"})
		a.must(err)
		if a.visit(live).Actor.Kind != access.Person || a.visit(bearer(secret)).Actor.Kind != access.Key {
			t.Fatal("there is no session and key to end")
		}
		block := func(account string) error {
			return a.do(func(sc *db.Scope) error { return a.dir.Block(t.Context(), sc, a.key, account, false) })
		}
		a.must(block(account))
		a.must(block(account))
		if a.visit(live).Actor.Kind == access.Person || a.visit(bearer(secret)).Actor.Kind == access.Key {
			t.Error("who was deprovisioned still gets in")
		}
		var blocks int
		a.must(a.db.Of(dbtest.Ours).Row(t.Context(), `SELECT count(*) FROM audit_log WHERE tenant_id = $1 AND action = 'account.blocked'`, nil, &blocks))
		if blocks != 1 {
			t.Errorf("the log tells of %d blocks", blocks)
		}
		a.must(a.do(func(sc *db.Scope) error { return a.dir.Unblock(t.Context(), sc, a.key, account) }))
		if a.visit(live).Actor.Kind == access.Person {
			t.Error("an ended session came back")
		}
		if a.visit(bearer(secret)).Actor.Kind != access.Key {
			t.Error("the key was taken away")
		}
		wantKind(t, block(a.admin.Owner), problem.Conflict)
		if v := a.view(a.admin.Owner); v.State != Active {
			t.Error("the last administrator is blocked")
		}
	})
}

func TestGroupsOfADirectoryGiveRolesBesideOthers(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		a := newAnnex(t, store)
		account, err := a.provision(Listed{Name: "Jan", Mail: "jan@ours.example"})
		a.must(err)
		live := a.session(person(dbtest.Ours, account, nil), ByOIDC, false)
		set := func(account string, roles ...access.Role) error {
			return a.do(func(sc *db.Scope) error { return a.dir.SetRoles(t.Context(), sc, a.key, account, roles) })
		}
		a.must(set(account, access.HR))
		if a.visit(live).Actor.Kind == access.Person {
			t.Error("whoever gains a role does not prove anew who they are")
		}
		_, err = a.SetRoles(t.Context(), a.admin, account, []access.Role{access.HR, access.DPO}, 0)
		a.must(err)
		a.must(set(account, access.Administrator))
		v := a.view(account)
		if !slices.Equal(v.Roles, []access.Role{access.HR, access.DPO}) || !slices.Equal(v.DirectoryRoles, []access.Role{access.Administrator}) ||
			!slices.Equal(v.AllRoles(), []access.Role{access.HR, access.DPO, access.Administrator}) {
			t.Errorf("%+v", v)
		}
		live = a.session(person(dbtest.Ours, account, nil), ByOIDC, false)
		a.must(set(account, access.Administrator))
		if got := a.visit(live).Actor; !got.Has(access.Administrator) || !got.Has(access.DPO) {
			t.Errorf("the roles do not count: %+v", got)
		}
		_, err = a.Block(t.Context(), a.admin, a.admin.Owner)
		a.must(err)
		wantKind(t, set(account), problem.Conflict)
		if !slices.Contains(a.view(account).DirectoryRoles, access.Administrator) {
			t.Error("the last administrator lost that role")
		}
		_, err = a.Unblock(t.Context(), person(dbtest.Ours, account, v.AllRoles()), a.admin.Owner)
		a.must(err)
		a.must(set(account))
		if v := a.view(account); len(v.DirectoryRoles) != 0 || len(v.Roles) != 2 {
			t.Errorf("%+v", v)
		}
	})
}

func TestOnlyADirectoryOrWhoChangesAccountsDirectsThem(t *testing.T) {
	t.Parallel()
	a := newAnnex(t, dbtest.SQLite(t))
	account, err := a.provision(Listed{Name: "Jan", Mail: "jan@ours.example"})
	a.must(err)
	other := a.key
	other.Scopes = []access.Action{access.ReadAccounts}
	ctx := t.Context()
	for _, actor := range []access.Actor{other, person(dbtest.Ours, account, []access.Role{access.HR}), visitor(dbtest.Ours)} {
		for name, try := range map[string]func(*db.Scope) error{
			"Provision": func(sc *db.Scope) error {
				_, err := a.dir.Provision(ctx, sc, actor, Listed{Name: "X", Mail: "x@ours.example"})
				return err
			},
			"Change":   func(sc *db.Scope) error { return a.dir.Change(ctx, sc, actor, account, Listed{Name: "X"}) },
			"Block":    func(sc *db.Scope) error { return a.dir.Block(ctx, sc, actor, account, true) },
			"Unblock":  func(sc *db.Scope) error { return a.dir.Unblock(ctx, sc, actor, account) },
			"SetRoles": func(sc *db.Scope) error { return a.dir.SetRoles(ctx, sc, actor, account, access.Roles()) },
		} {
			if err := a.do(try); err == nil {
				t.Errorf("%s: %+v", name, actor)
			} else {
				wantKind(t, err, problem.Forbidden)
			}
		}
	}
}

func TestSomebodyWhomTheDirectoryAddedSignsInAtTheProvider(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		how := settings()
		how.CreateAccounts, how.LinkByMail = false, true
		g, p := withProvider(t, store, how)
		dir := g.Directory(func(context.Context, db.Reader, string) (bool, error) { return false, nil })
		key := access.Actor{Kind: access.Key, Tenant: dbtest.Ours, ID: "key", Owner: g.admin.Owner, Roles: []access.Role{access.Administrator}, Scopes: []access.Action{access.SyncPeople}}
		var account string
		do := func(change func(*db.Scope) error) {
			t.Helper()
			if err := g.db.Write(t.Context(), dbtest.Ours, change); err != nil {
				t.Fatal(err)
			}
		}
		do(func(sc *db.Scope) (err error) {
			account, err = dir.Provision(t.Context(), sc, key, Listed{Name: "An Peeters", Mail: "an@stad.example"})
			return err
		})
		v := g.visitor(t)
		v.signIn(p, "ours", "an@stad.example").wantTo(t, "/")
		v.get("/").want(t, http.StatusOK, "home of An Peeters at ours")
		if g.accountOf(t, dbtest.Ours, "an@stad.example").ID != account {
			t.Error("it is another account")
		}
		do(func(sc *db.Scope) error { return dir.Block(t.Context(), sc, key, account, false) })
		if got := v.get("/"); got.status == http.StatusOK {
			t.Error("a session of who was deprovisioned still works")
		}
		if got := g.visitor(t).signIn(p, "ours", "an@stad.example"); got.status == http.StatusSeeOther && got.to == "/" {
			t.Error("who was deprovisioned signs in again")
		}
		do(func(sc *db.Scope) error { return dir.Unblock(t.Context(), sc, key, account) })
		g.visitor(t).signIn(p, "ours", "an@stad.example").wantTo(t, "/")
	})
}
