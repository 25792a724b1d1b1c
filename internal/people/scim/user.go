package scim

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/id"
)

// readUser takes a user from a body, over what was there before: somebody who is not said to be active stays as they were.
func (g *Registry) readUser(body map[string]any, activeBefore bool) (Resource, error) {
	r, err := userType.read(body)
	if err != nil {
		return nil, err
	}
	if _, said := r["active"]; !said {
		r["active"] = activeBefore
	}
	return r, g.finishUser(r)
}

func (g *Registry) finishUser(r Resource) error {
	if err := userType.finish(r); err != nil {
		return err
	}
	if g.National != nil {
		if where := holdsNational(r, "", g.National); where != "" {
			return wrong(InvalidValue, "%s holds a national number, which is not taken; map another attribute to it.", where)
		}
	}
	return nil
}

// holdsNational returns the attribute whose text holds a national number, "" when none does.
func holdsNational(v any, name string, is func(string) bool) string {
	switch v := v.(type) {
	case Resource:
		return holdsNational(map[string]any(v), name, is)
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			if where := holdsNational(v[k], strings.TrimPrefix(name+"."+k, "."), is); where != "" {
				return where
			}
		}
	case []any:
		for _, e := range v {
			if where := holdsNational(e, name, is); where != "" {
				return where
			}
		}
	case string:
		if is(v) {
			return name
		}
	}
	return ""
}

// createUser adds a user. The directory may ask for one who is out, or whom it switched off: they come back with the account that they
// had, unless the directory says by another external id that it is somebody else with the same name.
func (g *Registry) createUser(ctx context.Context, sc *db.Scope, by access.Actor, body map[string]any) (Record, error) {
	r, err := g.readUser(body, true)
	if err != nil {
		return Record{}, err
	}
	now := clock.Micros(g.Now())
	next := userRow{ID: id.New(g.Now()), Version: 1, Created: now, Changed: now}.with(r)
	was, err := comeback(ctx, sc.Reader, next)
	if err != nil {
		return Record{}, err
	}
	action := UserAdded
	if was != nil {
		action = UserBack
		next.ID, next.Version, next.Created, next.Person, next.Account = was.ID, was.Version+1, was.Created, was.Person, was.Account
	}
	if err := g.settle(ctx, sc, by, was, &next); err != nil {
		return Record{}, err
	}
	if err := g.note(ctx, sc, by, action, next, nil); err != nil {
		return Record{}, err
	}
	return next.record(), nil
}

// comeback finds the user whom a new one is: one who is out, or who is switched off and is asked for as active. Nil when it is somebody
// new; an error when the directory has a user with this name or external id.
func comeback(ctx context.Context, r db.Reader, next userRow) (*userRow, error) {
	list, err := namesakes(ctx, r, next.Name, next.External)
	if err != nil {
		return nil, err
	}
	var back *userRow
	for i := range list {
		u := &list[i]
		sameID := next.External != "" && u.External == next.External
		self := sameID || u.Name == next.Name && (next.External == "" || u.External == "")
		if u.Deleted == 0 && (u.Active || !next.Active || !self) {
			if u.Name == next.Name {
				return nil, taken("userName")
			}
			return nil, taken("externalId")
		}
		if self && (back == nil || sameID && back.External != next.External && back.Deleted > 0) {
			back = u
		}
	}
	return back, nil
}

// with returns the row with another resource, and the columns that follow from it.
func (u userRow) with(r Resource) userRow {
	u.Resource, u.Name, u.External, u.Active, u.Deleted = r, fold(r.text("userName")), r.text("externalId"), isTrue(r["active"]), 0
	return u
}

func (g *Registry) changeUser(ctx context.Context, sc *db.Scope, by access.Actor, userID string, ch Change) (Record, error) {
	was, err := userBy(ctx, sc.Reader, userID)
	if err != nil {
		return Record{}, err
	}
	if err := stands(ch.Match, was.Version); err != nil {
		return Record{}, err
	}
	var r Resource
	if ch.Replace != nil {
		r, err = g.readUser(ch.Replace, was.Active)
	} else if r, err = userType.patch(was.Resource, ch.Patch); err == nil {
		err = g.finishUser(r)
	}
	if err != nil {
		return Record{}, err
	}
	if reflect.DeepEqual(was.Resource, r) {
		return was.record(), nil
	}
	next := was.with(r)
	next.Version, next.Changed = was.Version+1, clock.Micros(g.Now())
	if err := free(ctx, sc.Reader, next); err != nil {
		return Record{}, err
	}
	if err := g.settle(ctx, sc, by, &was, &next); err != nil {
		return Record{}, err
	}
	action := UserChanged
	switch {
	case was.Active && !next.Active:
		action = UserOff
	case !was.Active && next.Active:
		action = UserBack
	}
	return next.record(), g.note(ctx, sc, by, action, next, changed(was.Resource, r))
}

// free tells whether no other user has the name or external id of a row.
func free(ctx context.Context, r db.Reader, next userRow) error {
	list, err := namesakes(ctx, r, next.Name, next.External)
	if err != nil {
		return err
	}
	for _, u := range list {
		switch {
		case u.ID == next.ID || u.Deleted > 0:
		case u.Name == next.Name:
			return taken("userName")
		default:
			return taken("externalId")
		}
	}
	return nil
}

func stands(match Match, version int64) error {
	if match != nil && !match(version) {
		return &Error{Status: http.StatusPreconditionFailed, Detail: "The resource was changed meanwhile; read it again."}
	}
	return nil
}

// settle brings person, account and roles in step with a user, and stores the row. was is nil for somebody new.
func (g *Registry) settle(ctx context.Context, sc *db.Scope, by access.Actor, was, next *userRow) error {
	manager := ""
	if m := next.Resource.manager(); m != "" {
		var err error
		if manager, err = personOf(ctx, sc.Reader, m); err != nil {
			return err
		}
	}
	p := next.Resource.person()
	p.ID, p.Manager, p.Active = next.Person, manager, next.Active
	person, err := g.Staff.Put(ctx, sc, by, p)
	if err != nil {
		return err
	}
	next.Person = person
	before := was != nil && was.Active && was.Deleted == 0
	switch {
	case next.Active:
		err = g.admit(ctx, sc, by, before, next)
	case before && next.Account != "":
		err = g.Accounts.Block(ctx, sc, by, next.Account, false)
	}
	if err != nil {
		return err
	}
	if err := putUser(ctx, sc, *next); err != nil {
		return err
	}
	if next.Active && (!before || next.Account != was.Account) {
		return g.giveRoles(ctx, sc, by, []string{next.ID})
	}
	return nil
}

// admit sees to it that somebody who is active has an account that can be signed in with, and that says what the directory says. Who
// cannot be told by a mail address or number has none yet.
func (g *Registry) admit(ctx context.Context, sc *db.Scope, by access.Actor, before bool, next *userRow) error {
	a := next.Resource.account()
	if next.Account != "" {
		err := g.Accounts.Change(ctx, sc, by, next.Account, a)
		if err == nil && !before {
			err = g.Accounts.Unblock(ctx, sc, by, next.Account)
		}
		if !errors.Is(err, ErrGone) {
			return err
		}
	}
	account, err := g.Accounts.Provision(ctx, sc, by, a)
	next.Account = account
	return err
}

func (g *Registry) deleteUser(ctx context.Context, sc *db.Scope, by access.Actor, userID string, match Match) error {
	u, err := userBy(ctx, sc.Reader, userID)
	if err != nil {
		return err
	}
	if err := stands(match, u.Version); err != nil {
		return err
	}
	if err := leaveGroups(ctx, sc, u.ID, g.Now()); err != nil {
		return err
	}
	if u.Account != "" {
		if err := g.Roles.Set(ctx, sc, by, u.Account, nil); err != nil && !errors.Is(err, ErrGone) {
			return err
		}
		if err := g.Accounts.Block(ctx, sc, by, u.Account, true); err != nil && !errors.Is(err, ErrGone) {
			return err
		}
	}
	if u.Person != "" {
		if err := g.Staff.Out(ctx, sc, by, u.Person); err != nil {
			return err
		}
	}
	now := clock.Micros(g.Now())
	u.Active, u.Resource, u.Version, u.Changed, u.Deleted = false, Resource{}, u.Version+1, now, now
	if err := putUser(ctx, sc, u); err != nil {
		return err
	}
	return g.note(ctx, sc, by, UserOut, u, nil)
}

func (g *Registry) note(ctx context.Context, sc *db.Scope, by access.Actor, action string, u userRow, detail map[string]string) error {
	return g.Log.Record(ctx, sc, by, audit.Entry{Action: action, Subject: u.ID, Account: u.Account, Detail: detail})
}

// changed names the attributes that differ, never to what.
func changed(was, next Resource) map[string]string {
	out := map[string]string{}
	for _, r := range []Resource{was, next} {
		for name := range r {
			if !reflect.DeepEqual(was[name], next[name]) {
				out[name[strings.LastIndexByte(name, ':')+1:]] = "changed"
			}
		}
	}
	return out
}
