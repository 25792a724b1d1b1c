package identity

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

func TestAnAccountIsKeptInItsOneForm(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		d := newDesk(t, store)
		a, _ := d.add(AccountInput{Name: "  Zoë\t de  Smet ", Mail: " Zoe@OURS.example ", StaffNumber: "z 0 1", Roles: []access.Role{access.DPO, access.HR, access.Employee, access.HR}})
		if a.Name != "Zoë de Smet" || a.Mail != "zoe@ours.example" || a.StaffNumber != "Z01" || a.Language != "nl" || a.State != Active || a.Version != 1 {
			t.Fatalf("%+v", a)
		}
		if len(a.Roles) != 2 || a.Roles[0] != access.HR || a.Roles[1] != access.DPO {
			t.Fatalf("roles %v", a.Roles)
		}
		for field, in := range map[string]AccountInput{
			"name":        {Mail: "x@ours.example"},
			"mail":        {Name: "X"},
			"staffNumber": {Name: "X", StaffNumber: strings.Repeat("9", 41)},
			"language":    {Name: "X", Mail: "x@ours.example", Language: "es"},
			"roles":       {Name: "X", Mail: "x@ours.example", Roles: []access.Role{"boss"}},
		} {
			_, err := d.AddAccount(t.Context(), d.admin, in, asked.Request{})
			wantField(t, err, field)
		}
		for _, in := range []AccountInput{{Name: "Y", Mail: "ZOE@ours.example"}, {Name: "Y", StaffNumber: "z01"}} {
			_, err := d.AddAccount(t.Context(), d.admin, in, asked.Request{})
			wantKind(t, err, problem.Invalid)
		}
		other := d.first(dbtest.Theirs, access.Administrator)
		if _, err := d.AddAccount(t.Context(), other, AccountInput{Name: "Y", Mail: "zoe@ours.example"}, asked.Request{}); err != nil {
			t.Fatalf("an address is taken by another organisation's account: %v", err)
		}
	})
}

func TestAFormSentTwiceAddsOnePerson(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	in := AccountInput{Name: "Bert", Mail: "bert@ours.example"}
	once := asked.Request{Key: "k", What: in}
	first, err := d.AddAccount(t.Context(), d.admin, in, once)
	if err != nil {
		t.Fatal(err)
	}
	second, err := d.AddAccount(t.Context(), d.admin, in, once)
	if err != nil || second.ID != first.ID {
		t.Fatalf("%v %v %v", first.ID, second.ID, err)
	}
}

func TestAChangeStandsOnWhatWasRead(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		d := newDesk(t, store)
		a, _ := d.add(AccountInput{Name: "Bert", Mail: "bert@ours.example"})
		in := AccountInput{Name: "Bert Maes", Mail: a.Mail, Version: a.Version}
		b, err := d.ChangeAccount(t.Context(), d.admin, a.ID, in)
		if err != nil || b.Version != a.Version+1 || b.Name != "Bert Maes" {
			t.Fatalf("%+v %v", b, err)
		}
		_, err = d.ChangeAccount(t.Context(), d.admin, a.ID, in)
		wantKind(t, err, problem.Conflict)
		_, err = d.SetRoles(t.Context(), d.admin, a.ID, []access.Role{access.HR}, a.Version)
		wantKind(t, err, problem.Conflict)
	})
}

func TestTheLastAdministratorStays(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		d := newDesk(t, store)
		ctx := t.Context()
		_, err := d.SetRoles(ctx, d.admin, d.admin.ID, nil, 0)
		wantKind(t, err, problem.Conflict)
		_, err = d.Block(ctx, d.admin, d.admin.ID)
		wantKind(t, err, problem.Conflict)
		wantKind(t, d.Erase(ctx, d.admin, d.admin.ID), problem.Conflict)
		blocked, _ := d.add(AccountInput{Name: "Bert", Mail: "bert@ours.example", Roles: []access.Role{access.Administrator}})
		if _, err := d.Block(ctx, d.admin, blocked.ID); err != nil {
			t.Fatal(err)
		}
		_, err = d.SetRoles(ctx, d.admin, d.admin.ID, nil, 0) // a blocked administrator is none
		wantKind(t, err, problem.Conflict)
		if a, err := d.Account(ctx, d.admin, d.admin.ID); err != nil || a.State != Active || len(a.Roles) != 1 {
			t.Fatalf("a refused change left its trace: %+v %v", a, err)
		}
		if _, err := d.SetProviderRoles(ctx, system(dbtest.Ours), blocked.ID, []access.Role{access.Administrator}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestAdministratorsWhoRemoveEachOtherAtOnceLeaveOne(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		d := newDesk(t, store)
		const n = 4
		all := []access.Actor{d.admin}
		for i := 1; i < n; i++ {
			_, a := d.add(AccountInput{Name: "A", Mail: fmt.Sprintf("a%d@ours.example", i), Roles: []access.Role{access.Administrator}})
			all = append(all, a)
		}
		var wg sync.WaitGroup
		errs := make([]error, n)
		for i, a := range all {
			wg.Go(func() {
				switch i % 3 {
				case 0:
					_, errs[i] = d.SetRoles(t.Context(), a, a.ID, nil, 0)
				case 1:
					_, errs[i] = d.Block(t.Context(), a, a.ID)
				default:
					errs[i] = d.Erase(t.Context(), a, a.ID)
				}
			})
		}
		wg.Wait()
		left, err := administrators(t.Context(), d.db.Of(dbtest.Ours))
		if err != nil || left != 1 {
			t.Fatalf("%d administrators left, %v", left, err)
		}
		refused := 0
		for _, err := range errs {
			if err != nil {
				refused++
				if !errors.Is(err, errLastAdministrator) {
					t.Errorf("refused otherwise: %v", err)
				}
			}
		}
		if refused != 1 {
			t.Fatalf("%d of %d were refused", refused, n)
		}
	})
}

func TestWhoGainsARoleSignsInAgain(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	a, bert := d.add(AccountInput{Name: "Bert", Mail: "bert@ours.example", Roles: []access.Role{access.Manager}})
	r := d.session(bert, ByPassword, false)
	if _, err := d.SetRoles(t.Context(), d.admin, a.ID, nil, 0); err != nil {
		t.Fatal(err)
	}
	if v := d.visit(r); v.Actor.Kind != access.Person || v.Actor.Has(access.Manager) {
		t.Fatalf("after losing a role: %+v", v.Actor)
	}
	if _, err := d.SetRoles(t.Context(), d.admin, a.ID, []access.Role{access.HR}, 0); err != nil {
		t.Fatal(err)
	}
	if d.visit(r).Actor.Kind == access.Person {
		t.Fatal("a session from before holds the new role")
	}
}

func TestErasingLeavesTheIdAlone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		d := newDesk(t, store)
		ctx := t.Context()
		a, bert := d.add(AccountInput{Name: "Bertrand Maesens", Mail: "bertrand@ours.example", StaffNumber: "BM77", Roles: []access.Role{access.HR}})
		d.setPassword(bert, goodPassword)
		d.setFactor(bert)
		r := d.session(bert, ByPassword, false)
		if _, err := d.NewPIN(ctx, d.admin, a.ID); err != nil {
			t.Fatal(err)
		}
		if _, _, err := d.MakeKey(ctx, bert, KeyInput{Name: "k", Scopes: []access.Action{access.ReadAccounts}, ExpiresAt: d.clock.now().AddDate(0, 1, 0)}, asked.Request{}); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Invite(ctx, d.admin, a.ID); err != nil {
			t.Fatal(err)
		}
		if err := d.Erase(ctx, d.admin, a.ID); err != nil {
			t.Fatal(err)
		}
		if d.visit(r).Actor.Kind == access.Person {
			t.Fatal("an erased person still gets in")
		}
		for _, table := range accountTables() {
			var n int
			if err := d.db.Of(dbtest.Ours).Row(ctx, `SELECT count(*) FROM `+table+` WHERE tenant_id = $1 AND account_id = $2`, []any{a.ID}, &n); err != nil || n != 0 {
				t.Errorf("%s: %d rows left, %v", table, n, err)
			}
		}
		after, err := d.Account(ctx, d.admin, a.ID)
		if err != nil || after.Name != "" || after.Mail != "" || after.StaffNumber != "" || after.State != Erased {
			t.Fatalf("%+v %v", after, err)
		}
		p, err := d.Accounts(ctx, d.admin, Query{})
		if err != nil || p.Total != 1 {
			t.Fatalf("%d listed, %v", p.Total, err)
		}
		_, err = d.ChangeAccount(ctx, d.admin, a.ID, AccountInput{Name: "X", Mail: "x@ours.example"})
		wantKind(t, err, problem.Gone)
		if _, err := d.AddAccount(ctx, d.admin, AccountInput{Name: "New", Mail: "bertrand@ours.example", StaffNumber: "BM77"}, asked.Request{}); err != nil {
			t.Fatalf("the address of somebody erased stays taken: %v", err)
		}
		var log string
		err = d.db.Of(dbtest.Ours).Rows(ctx, `SELECT action, detail FROM audit_log WHERE tenant_id = $1`, func(scan func(...any) error) error {
			var action, detail string
			err := scan(&action, &detail)
			log += action + " " + detail + "\n"
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, trace := range []string{"Bertrand", "bertrand@", "BM77"} {
			if strings.Contains(log, trace) {
				t.Errorf("the log holds %q:\n%s", trace, log)
			}
		}
		if !strings.Contains(log, "account.erased") {
			t.Error("the log does not say so")
		}
	})
}

func TestTheListIsSearchedFilteredAndPaged(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		d := newDesk(t, store)
		ctx := t.Context()
		for i := range 7 {
			var roles []access.Role
			if i%3 == 0 {
				roles = []access.Role{access.Researcher}
			}
			d.add(AccountInput{Name: "Élise " + string(rune('G'-i)), Mail: fmt.Sprintf("e%d%%x@ours.example", i), StaffNumber: fmt.Sprint(100 + i), Roles: roles})
		}
		var names []string
		q := Query{Search: "ELISE", Limit: 3}
		for pages := 0; ; pages++ {
			p, err := d.Accounts(ctx, d.admin, q)
			if err != nil || p.Total != 7 || pages > 3 {
				t.Fatalf("%+v %v", p, err)
			}
			for _, a := range p.Accounts {
				names = append(names, a.Name)
			}
			if q.After = p.Next; q.After == "" {
				break
			}
		}
		if got := strings.Join(names, ","); got != "Élise A,Élise B,Élise C,Élise D,Élise E,Élise F,Élise G" {
			t.Fatal(got)
		}
		for want, q := range map[int]Query{
			3: {Role: access.Researcher}, 1: {Search: "elise 104"}, 8: {Role: access.Employee}, 0: {State: Blocked}, 7: {Search: "%"}, 2: {Search: "_"},
		} {
			if want == 2 {
				want = 0 // an underscore stands for itself
			}
			if p, err := d.Accounts(ctx, d.admin, q); err != nil || p.Total != want {
				t.Errorf("%+v finds %d, want %d (%v)", q, p.Total, want, err)
			}
		}
	})
}

func TestTheExportHoldsNoFormula(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	for i, name := range []string{"=1+1", "+cmd", "-2", "@SUM(A1)", `"quoted", with comma`} {
		d.add(AccountInput{Name: name, StaffNumber: fmt.Sprint(i)})
	}
	var out bytes.Buffer
	if err := d.ExportAccounts(t.Context(), d.admin, Query{}, &out); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\uFEFF"))).ReadAll()
	if err != nil || len(rows) != 7 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				t.Errorf("a spreadsheet would run %q", cell)
			}
		}
	}
}

// TestIdsOfAnotherOrganisationAreNotThere holds each function that takes an id to the organisation of the actor.
func TestIdsOfAnotherOrganisationAreNotThere(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		d := newDesk(t, store)
		ctx := t.Context()
		theirs := d.first(dbtest.Theirs, access.Administrator)
		mine, bert := d.add(AccountInput{Name: "Bert", Mail: "bert@ours.example", StaffNumber: "1", Roles: []access.Role{access.HR}})
		d.setPassword(bert, goodPassword)
		d.setFactor(bert)
		session := d.visit(d.session(bert, ByPassword, false)).Session
		key, _, err := d.MakeKey(ctx, bert, KeyInput{Name: "k", Scopes: []access.Action{access.ReadAccounts}, ExpiresAt: d.clock.now().AddDate(0, 1, 0)}, asked.Request{})
		if err != nil {
			t.Fatal(err)
		}
		shown, err := d.IssuePIN(ctx, d.admin, mine.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.StartSecondFactor(ctx, d.admin); err != nil {
			t.Fatal(err)
		}
		before := d.rows()
		in := AccountInput{Name: "Taken", Mail: "taken@theirs.example"}
		for name, try := range map[string]func() error{
			"Account":                func() error { _, err := d.Account(ctx, theirs, mine.ID); return err },
			"ChangeAccount":          func() error { _, err := d.ChangeAccount(ctx, theirs, mine.ID, in); return err },
			"SetRoles":               func() error { _, err := d.SetRoles(ctx, theirs, mine.ID, []access.Role{access.DPO}, 0); return err },
			"SetProviderRoles":       func() error { _, err := d.SetProviderRoles(ctx, system(dbtest.Theirs), mine.ID, nil); return err },
			"Block":                  func() error { _, err := d.Block(ctx, theirs, mine.ID); return err },
			"Unblock":                func() error { _, err := d.Unblock(ctx, theirs, mine.ID); return err },
			"Invite":                 func() error { _, err := d.Invite(ctx, theirs, mine.ID); return err },
			"NewPIN":                 func() error { _, err := d.NewPIN(ctx, theirs, mine.ID); return err },
			"IssuePIN":               func() error { _, err := d.IssuePIN(ctx, theirs, mine.ID); return err },
			"ResetSecondFactor":      func() error { return d.ResetSecondFactor(ctx, theirs, mine.ID) },
			"EndAccountSessions":     func() error { return d.EndAccountSessions(ctx, theirs, mine.ID) },
			"EndSession":             func() error { return d.EndSession(ctx, theirs, session) },
			"Erase":                  func() error { return d.Erase(ctx, theirs, mine.ID) },
			"RevokeKey":              func() error { return d.RevokeKey(ctx, theirs, key.ID) },
			"Shown":                  func() error { _, err := d.Shown(ctx, theirs, shown); return err },
			"Organisation":           func() error { _, err := d.Organisation(ctx, theirs, dbtest.Ours); return err },
			"Theme":                  func() error { _, err := d.Theme(ctx, theirs, dbtest.Ours); return err },
			"SetTheme":               func() error { _, err := d.SetTheme(ctx, theirs, dbtest.Ours, nil); return err },
			"SetLogo":                func() error { _, err := d.SetLogo(ctx, theirs, dbtest.Ours, nil); return err },
			"FirstAdministratorLink": func() error { _, err := d.FirstAdministratorLink(ctx, theirs, dbtest.Ours); return err },
			"ChangeOrganisation": func() error {
				_, err := d.ChangeOrganisation(ctx, theirs, dbtest.Ours, OrganisationInput{Name: "X", GroupSize: 10, Version: 1})
				return err
			},
		} {
			t.Run(name, func(t *testing.T) { wantKind(t, try(), problem.NotFound) })
		}
		if after := d.rows(); after != before {
			t.Fatalf("something was changed:\n%s\n%s", before, after)
		}
	})
}

// rows counts and versions what is kept of our organisation.
func (d *desk) rows() string {
	d.t.Helper()
	out := ""
	for _, table := range append(accountTables(), "accounts", "flows") {
		var n int
		if err := d.db.Of(dbtest.Ours).Row(d.t.Context(), `SELECT count(*) FROM `+table+` WHERE tenant_id = $1`, nil, &n); err != nil {
			d.t.Fatal(err)
		}
		out += fmt.Sprintf("%s %d, ", table, n)
	}
	var versions int
	if err := d.db.Of(dbtest.Ours).Row(d.t.Context(), `SELECT sum(version) + (SELECT version FROM organisations WHERE tenant_id = $1) FROM accounts WHERE tenant_id = $1`, nil, &versions); err != nil {
		d.t.Fatal(err)
	}
	return fmt.Sprintf("%sversions %d", out, versions)
}

func TestRolesDecideWhoManagesPeople(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	ctx := t.Context()
	target, _ := d.add(AccountInput{Name: "Target", StaffNumber: "T1"})
	for _, role := range access.Roles() {
		_, who := d.add(AccountInput{Name: string(role), Mail: string(role) + "@ours.example", Roles: []access.Role{role}})
		for name, c := range map[string]struct {
			may []access.Role
			try func() error
		}{
			"list":   {[]access.Role{access.HR, access.Administrator}, func() error { _, err := d.Accounts(ctx, who, Query{}); return err }},
			"read":   {[]access.Role{access.HR, access.Administrator}, func() error { _, err := d.Account(ctx, who, target.ID); return err }},
			"export": {[]access.Role{access.HR, access.Administrator}, func() error { return d.ExportAccounts(ctx, who, Query{}, &bytes.Buffer{}) }},
			"pin":    {[]access.Role{access.HR, access.Administrator}, func() error { _, err := d.NewPIN(ctx, who, target.ID); return err }},
			"add": {[]access.Role{access.Administrator}, func() error {
				_, err := d.AddAccount(ctx, who, AccountInput{Name: "N", StaffNumber: "N" + string(role)}, asked.Request{})
				return err
			}},
			"roles":  {[]access.Role{access.Administrator}, func() error { _, err := d.SetRoles(ctx, who, target.ID, nil, 0); return err }},
			"block":  {[]access.Role{access.Administrator}, func() error { _, err := d.Unblock(ctx, who, target.ID); return err }},
			"invite": {[]access.Role{access.Administrator}, func() error { _, err := d.Invite(ctx, who, target.ID); return err }},
			"organisation": {[]access.Role{access.HR, access.DPO, access.Administrator}, func() error {
				_, err := d.Organisation(ctx, who, dbtest.Ours)
				return err
			}},
			"logo": {[]access.Role{access.Administrator}, func() error { _, err := d.SetLogo(ctx, who, dbtest.Ours, nil); return err }},
		} {
			err := c.try()
			want := false
			for _, r := range c.may {
				want = want || r == role
			}
			if want && err != nil {
				t.Errorf("%s may %s: %v", role, name, err)
			}
			if !want && !problem.Is(err, problem.Forbidden) {
				t.Errorf("%s may not %s, got %v", role, name, err)
			}
		}
	}
}

func TestAKeyDoesWhatItsMakerCanAndNoMore(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		d := newDesk(t, store)
		ctx := t.Context()
		a, hr := d.add(AccountInput{Name: "Hilde", Mail: "hilde@ours.example", Roles: []access.Role{access.HR}})
		in := KeyInput{Name: "import", Scopes: []access.Action{access.ReadAccounts, access.ReadReport}, ExpiresAt: d.clock.now().AddDate(0, 6, 0)}
		once := asked.Request{Key: "k", What: in}
		key, secret, err := d.MakeKey(ctx, hr, in, once)
		if err != nil || !strings.HasPrefix(secret, keyPrefix) || len(secret) < 43 {
			t.Fatalf("%+v %q %v", key, secret, err)
		}
		if again, same, err := d.MakeKey(ctx, hr, in, once); err != nil || again.ID != key.ID || same != secret {
			t.Fatalf("asked for twice: %v %v", again.ID, err)
		}
		for field, bad := range map[string]KeyInput{
			"scopes":    {Name: "x", Scopes: []access.Action{access.ChangeAccount}, ExpiresAt: in.ExpiresAt}, // HR cannot
			"name":      {Scopes: in.Scopes, ExpiresAt: in.ExpiresAt},
			"expiresAt": {Name: "x", Scopes: in.Scopes, ExpiresAt: d.clock.now().AddDate(1, 1, 0)},
		} {
			_, _, err := d.MakeKey(ctx, hr, bad, asked.Request{})
			wantField(t, err, field)
		}
		v := d.visit(bearer(secret))
		if v.Actor.Kind != access.Key || v.Actor.Owner != a.ID || v.Actor.ID != key.ID {
			t.Fatalf("%+v", v.Actor)
		}
		can := func(action access.Action) bool {
			actor := d.visit(bearer(secret)).Actor
			return access.Can(actor, action, access.Resource{Tenant: dbtest.Ours})
		}
		if !can(access.ReadAccounts) || can(access.IssuePIN) || can(access.ManageKeys) {
			t.Fatal("the key does not keep to its scopes")
		}
		if err := d.KeepSeen(ctx); err != nil {
			t.Fatal(err)
		}
		list, err := d.Keys(ctx, hr)
		if err != nil || len(list) != 1 || !list[0].UsedAt.Equal(d.clock.now()) {
			t.Fatalf("%+v %v", list, err)
		}
		if _, err := d.SetRoles(ctx, d.admin, a.ID, nil, 0); err != nil {
			t.Fatal(err)
		}
		if can(access.ReadAccounts) {
			t.Fatal("the key outlived the role")
		}
		if _, err := d.Block(ctx, d.admin, a.ID); err != nil {
			t.Fatal(err)
		}
		if d.visit(bearer(secret)).Actor.Kind == access.Key {
			t.Fatal("the key works for a blocked account")
		}
		if _, err := d.Unblock(ctx, d.admin, a.ID); err != nil {
			t.Fatal(err)
		}
		d.clock.pass(7 * 31 * 24 * time.Hour)
		if d.visit(bearer(secret)).Actor.Kind == access.Key {
			t.Fatal("the key works after its end")
		}
	})
}

func TestFederationsAddOrganisationsAndOthersDoNotReachThem(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		d := newDesk(t, store)
		ctx := t.Context()
		in := OrganisationInput{Slug: "lid", Name: "Lid", Languages: nil}
		once := asked.Request{Key: "k", What: in}
		added, err := d.AddOrganisation(ctx, d.admin, in, once)
		if err != nil || added.Link == "" || added.Organisation.Parent != dbtest.Ours || added.Organisation.GroupSize != DefaultGroupSize {
			t.Fatalf("%+v %v", added, err)
		}
		if again, err := d.AddOrganisation(ctx, d.admin, in, once); err != nil || again.Organisation.ID != added.Organisation.ID || again.Link != "" {
			t.Fatalf("%+v %v", again, err)
		}
		_, err = d.AddOrganisation(ctx, d.admin, in, asked.Request{})
		wantField(t, err, "slug")
		member := added.Organisation.ID
		if _, err := d.ChangeOrganisation(ctx, d.admin, member, OrganisationInput{Name: "Lid twee", GroupSize: 12, Version: 1}); err != nil {
			t.Fatal(err)
		}
		theirs := d.first(dbtest.Theirs, access.Administrator)
		_, err = d.Organisation(ctx, theirs, member)
		wantKind(t, err, problem.NotFound)
		_, hr := d.add(AccountInput{Name: "Hilde", Mail: "hilde@ours.example", Roles: []access.Role{access.HR}})
		_, err = d.Organisation(ctx, hr, member)
		wantKind(t, err, problem.NotFound)
		if list, err := d.Organisations(ctx, d.admin); err != nil || len(list) != 2 {
			t.Fatalf("%d %v", len(list), err)
		}
		if list, err := d.Organisations(ctx, hr); err != nil || len(list) != 1 {
			t.Fatalf("%d %v", len(list), err)
		}
		in.Slug = "kind"
		boss := d.first(member, access.Administrator)
		_, err = d.AddOrganisation(ctx, boss, in, asked.Request{})
		wantKind(t, err, problem.Conflict) // no federation in a federation
		_, err = d.FirstAdministratorLink(ctx, d.admin, member)
		wantKind(t, err, problem.Conflict) // it has one now
		_, err = d.Accounts(ctx, access.Actor{Kind: access.Person, Tenant: member, ID: d.admin.ID, Owner: d.admin.ID}, Query{})
		wantKind(t, err, problem.Forbidden)
	})
}

func TestNamesInAddresses(t *testing.T) {
	t.Parallel()
	for slug, ok := range map[string]bool{"stad-gent": true, "a": true, "1": true, "": false, "-a": false, "a-": false, "a--b": false, "Stad": false, "a/b": false, "é": false, strings.Repeat("a", 41): false} {
		if CheckSlug(slug) != ok {
			t.Errorf("CheckSlug(%q) is not %v", slug, ok)
		}
	}
	for name, slug := range map[string]string{"Stad Gent": "stad-gent", "Région wallonne!": "region-wallonne", "  ": "", "’s-Gravenbrakel": "s-gravenbrakel"} {
		if got := SlugOf(name); got != slug {
			t.Errorf("SlugOf(%q) = %q", name, got)
		}
	}
}

func TestLetOnlyWholeOrganisationsIn(t *testing.T) {
	t.Parallel()
	good := OrganisationInput{Slug: "a", Name: "A"}.normal()
	if err := good.check(); err != nil {
		t.Fatal(err)
	}
	for field, change := range map[string]func(*OrganisationInput){
		"name": func(o *OrganisationInput) { o.Name = "" }, "slug": func(o *OrganisationInput) { o.Slug = "A b" },
		"host": func(o *OrganisationInput) { o.Host = "https://a" }, "languages": func(o *OrganisationInput) { o.Languages = append(o.Languages, "xx") },
		"groupSize": func(o *OrganisationInput) { o.GroupSize = 4 }, "sessionHours": func(o *OrganisationInput) { o.Settings.SessionHours = 25 },
		"idleMinutes": func(o *OrganisationInput) { o.Settings.IdleMinutes = 4 },
	} {
		o := good
		change(&o)
		wantField(t, o.check(), field)
	}
}

func TestAStoreOfAnotherTenantIsNeverReachedByARescue(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	if _, err := d.Rescue(t.Context(), "theirs", "ann@ours.example"); err == nil {
		t.Fatal("an administrator of another organisation was rescued")
	}
	d.setFactor(d.admin)
	r := d.session(d.admin, ByPassword, false)
	link, err := d.Rescue(t.Context(), "ours", "Ann@ours.example")
	if err != nil {
		t.Fatal(err)
	}
	wel, err := d.ReadLink(t.Context(), link[strings.LastIndexByte(link, '/')+1:])
	if err != nil || wel.Account.ID != d.admin.ID {
		t.Fatalf("%+v %v", wel, err)
	}
	c, err := credentials(t.Context(), d.db.Of(tenant.ID("ours")), d.admin.ID)
	if err != nil || c.SecondFactor || d.visit(r).Actor.Kind == access.Person {
		t.Fatalf("%+v %v", c, err)
	}
	_, hr := d.add(AccountInput{Name: "Hilde", Mail: "hilde@ours.example", Roles: []access.Role{access.HR}})
	if _, err := d.Rescue(t.Context(), "ours", "hilde@ours.example"); err == nil {
		t.Fatalf("%s is no administrator", hr.ID)
	}
}
