package scim_test

import (
	"fmt"
	"slices"
	"testing"

	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/people/scim"
	"tekentafel/internal/testkit/node"
)

// TestWhereOtherImplementationsDifferTheStandardDecides holds each known difference: what we make of a patch, which others make something
// else of it, and why. A difference that is gone fails too.
func TestWhereOtherImplementationsDifferTheStandardDecides(t *testing.T) {
	t.Parallel()
	other := others(t)
	p := newPlace(t, dbtest.SQLite(t))
	mail := func(value, kind string) body { return body{"value": value, "type": kind} }
	user := func(more body) body {
		u := body{"schemas": []string{scim.UserSchema, scim.EnterpriseSchema}, "userName": "a@x.be", "active": true, "title": "t", "name": body{"givenName": "A", "familyName": "B"},
			"emails": []body{mail("a@x.be", "work"), mail("b@x.be", "other")}, scim.EnterpriseSchema: body{"department": "D"}}
		for k, v := range more {
			u[k] = v
		}
		return u
	}
	with := func(more body) body {
		u := user(more)
		for k, v := range more {
			if v == nil {
				delete(u, k)
			}
		}
		return u
	}
	const refused = 400
	both := []string{"SCIMMY", "scim-patch"}
	for name, c := range map[string]struct {
		was   body
		ops   []body
		want  body // nil when it is refused
		apart []string
	}{
		"RFC 7644, 3.5.2: one value that becomes primary makes the others not so": {
			user(body{"emails": []body{{"value": "a@x.be", "type": "work", "primary": true}}}), []body{op("add", "emails", []body{{"value": "c@x.be", "primary": true}})},
			user(body{"emails": []body{{"value": "a@x.be", "type": "work", "primary": false}, {"value": "c@x.be", "primary": true}}}), both},
		"RFC 7644, 3.5.2.1: to add what is there changes nothing": {
			user(nil), []body{op("add", "emails", []body{mail("a@x.be", "work")})}, user(nil), []string{"SCIMMY"}},
		"RFC 7644, 3.5.2.1: the same without a path": {
			user(nil), []body{op("add", "", body{"emails": []body{mail("a@x.be", "work")}})}, user(nil), both},
		"RFC 7644, 3.5.2.2: nothing to take away is no error": {
			with(body{"emails": nil}), []body{op("remove", `emails[type eq "work"]`, nil)}, with(body{"emails": nil}), []string{"scim-patch"}},
		"RFC 7644, 3.5.2.2: an attribute that is needed stays":     {user(nil), []body{op("remove", "userName", nil)}, nil, []string{"scim-patch"}},
		"RFC 7644, 3.5.2: what the server sets is not for clients": {user(nil), []body{op("replace", "meta.version", "x")}, nil, both},
		"RFC 7644, 3.5.2.3: a value that no filter finds is not replaced": {
			user(nil), []body{op("replace", `emails[value eq "c@x.be"]`, mail("d@x.be", "work"))}, nil, []string{"SCIMMY"}},
		"RFC 7644, 3.5.2.3: each value that a filter finds is replaced": {
			user(body{"emails": []body{mail("a@x.be", "work"), mail("c@x.be", "work")}}), []body{op("replace", `emails[type eq "work"]`, mail("d@x.be", "work"))},
			user(body{"emails": []body{mail("d@x.be", "work"), mail("d@x.be", "work")}}), []string{"SCIMMY"}},
		"RFC 7644, 3.5.2.3: parts that are not given stay": {
			user(nil), []body{op("replace", "name", body{"givenName": "C"})}, user(body{"name": body{"givenName": "C", "familyName": "B"}}), []string{"SCIMMY"}},
		"RFC 7644, 3.5.2.3: the same without a path": {
			user(nil), []body{op("replace", "", body{"name": body{"givenName": "C"}})}, user(body{"name": body{"givenName": "C", "familyName": "B"}}), []string{"scim-patch"}},
		"RFC 7644, 3.5.2.3: without a path many values are replaced too": {
			user(nil), []body{op("replace", "", body{"emails": []body{mail("c@x.be", "work")}})}, user(body{"emails": []body{mail("c@x.be", "work")}}), []string{"SCIMMY"}},
		"RFC 7644, 3.5.2.3: without a filter a part of all values is replaced": {
			user(nil), []body{op("replace", "emails.type", "work")}, user(body{"emails": []body{mail("a@x.be", "work"), mail("b@x.be", "work")}}), []string{"SCIMMY"}},
		"RFC 7643, 2.1: names of attributes are read without regard to case": {user(nil), []body{op("replace", "TITLE", "u")}, user(body{"title": "u"}), both},
		"RFC 7643, 2.2: and texts that are not caseExact": {
			user(nil), []body{op("remove", `emails[type eq "WORK"]`, nil)}, user(body{"emails": []body{mail("b@x.be", "other")}}), both},
		"RFC 7643, 3.3: the name of an extension is one of its attribute": {
			user(nil), []body{op("remove", scim.EnterpriseSchema, nil)}, with(body{scim.EnterpriseSchema: nil}), both},
		"RFC 7644, 3.10: the name of the schema may stand before that of an attribute": {
			user(nil), []body{op("replace", scim.UserSchema+":title", "u")}, user(body{"title": "u"}), []string{"SCIMMY"}},
		"Entra ID: a part of no value makes one": {
			user(body{"emails": []body{mail("b@x.be", "other")}}), []body{op("replace", `emails[type eq "work"].value`, "c@x.be")},
			user(body{"emails": []body{mail("b@x.be", "other"), mail("c@x.be", "work")}}), []string{"SCIMMY"}},
		"Entra ID: truths are texts": {user(nil), []body{op("replace", "active", "False")}, user(body{"active": false}), both},
		"Entra ID: a manager is a text": {
			user(nil), []body{op("add", scim.EnterpriseSchema+":manager", "m")}, user(body{scim.EnterpriseSchema: body{"department": "D", "manager": body{"value": "m"}}}), both},
		"Entra ID: what the directory must not do without stays": {user(nil), []body{op("remove", "active", nil)}, nil, both},
	} {
		var turns []turn
		for _, by := range both {
			turns = append(turns, turn{By: by, Kind: "User", Resource: c.was, Operations: c.ops})
		}
		status, ours := p.patched(turns[0])
		if c.want == nil && status != refused || c.want != nil && fmt.Sprint(settled(ours)) != fmt.Sprint(settled(plain(t, c.want))) {
			t.Errorf("%s: %d %v", name, status, settled(ours))
		}
		for i, theirs := range node.Do[[]outcome](other, "patch", body{"cases": turns}) {
			same := (c.want == nil) == (theirs.Error != "") && (c.want == nil || fmt.Sprint(settled(theirs.Resource)) == fmt.Sprint(settled(plain(t, c.want))))
			if by := both[i]; same == slices.Contains(c.apart, by) {
				t.Errorf("%s: %s makes %v %s", name, by, settled(theirs.Resource), theirs.Error)
			}
		}
	}
}
