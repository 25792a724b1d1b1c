package scim_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/people/scim"
	"tekentafel/internal/testkit/node"
)

// turn is one resource with a patch, for another implementation.
type turn struct {
	By         string `json:"by"`
	Kind       string `json:"kind"`
	Resource   body   `json:"resource"`
	Operations []body `json:"operations"`
}

// outcome is what another implementation makes of a turn.
type outcome struct {
	Resource body
	Error    string
}

// op writes an operation; a path of "" and a value of nil are left out.
func op(verb, path string, value any) body {
	o := body{"op": verb}
	if path != "" {
		o["path"] = path
	}
	if value != nil {
		o["value"] = value
	}
	return o
}

// patches draws operations that an implementation carries out as the RFCs say; where it does not is in differences.
type patches struct {
	*rand.Rand
	by    string
	mails int
}

func (p *patches) word() string { return pickOf(p.Rand, texts) }

func (p *patches) verb() string { return pickOf(p.Rand, []string{"add", "replace"}) }

func (p *patches) kind() string { return pickOf(p.Rand, []string{"work", "other"}) }

// mail returns an address that nobody has yet.
func (p *patches) mail() string { p.mails++; return fmt.Sprintf("m%d@x.be", p.mails) }

func (p *patches) user() body {
	u := body{"schemas": []string{scim.UserSchema, scim.EnterpriseSchema}, "userName": fmt.Sprint(p.by, " ", p.mail()), "active": true, "title": p.word(),
		"name": body{"givenName": p.word(), "familyName": p.word()}, scim.EnterpriseSchema: body{"department": p.word(), "division": p.word()}}
	var mails []body
	for range 1 + p.IntN(3) {
		mails = append(mails, body{"value": p.mail(), "type": p.kind()})
	}
	u["emails"] = mails
	return u
}

// operation draws an operation on a user.
func (p *patches) operation(u body) body {
	urn := scim.EnterpriseSchema + ":"
	simple := pickOf(p.Rand, []string{"title", "displayName", "preferredLanguage", "name.givenName", "name.formatted", urn + "department", urn + "costCenter"})
	known := pickOf(p.Rand, u["emails"].([]body))["value"].(string)
	all := []func() body{
		func() body { return op(p.verb(), simple, p.word()) },
		func() body { return op("remove", simple, nil) },
		func() body { return op("replace", "userName", fmt.Sprint(p.by, " ", p.mail())) },
		func() body { return op(p.verb(), "active", p.IntN(2) == 0) },
		func() body { return op("add", "name", body{"givenName": p.word(), "formatted": p.word()}) },
		func() body { return op("remove", "name", nil) },
		func() body { return op(p.verb(), urn+"manager", body{"value": p.word()}) },
		func() body { return op("remove", urn+"manager", nil) },
		func() body {
			return op("add", "emails", []body{{"value": p.mail(), "type": p.kind()}, {"value": p.mail()}})
		},
		func() body { return op("replace", "emails", []body{{"value": p.mail(), "type": p.kind()}}) },
		func() body { return op("remove", `emails[type eq "`+p.kind()+`"]`, nil) },
		func() body { return op("remove", `emails[value eq "`+known+`" or value ew "1@x.be"]`, nil) },
		func() body { return op("remove", `emails[type eq "`+p.kind()+`" and value sw "m1"].type`, nil) },
		func() body { return op("replace", `emails[type eq "`+p.kind()+`"].value`, p.mail()) },
		func() body { return op("replace", `emails[value eq "`+known+`"].type`, p.kind()) },
		func() body { return op("remove", "emails", []body{{"value": known, "type": "work"}}) },
		func() body {
			return op(p.verb(), "", body{"title": p.word(), "name.familyName": p.word(), urn + "division": p.word()})
		},
		func() body { return op("add", "", body{"emails": []body{{"value": p.mail(), "type": p.kind()}}}) },
	}
	if p.by == "SCIMMY" {
		all = append(all,
			func() body { return op("replace", "", body{"name": body{"givenName": p.word()}}) },
			func() body { return op(p.verb(), strings.ToLower("displayName"), p.word()) },
			func() body { return op("add", scim.EnterpriseSchema, body{"costCenter": p.word()}) },
		)
	} else {
		all = append(all,
			func() body { return op("replace", "name", body{"givenName": p.word()}) },
			func() body { return op("replace", "emails.type", p.kind()) },
			func() body { return op("remove", "emails.type", nil) },
			func() body {
				return op("replace", `emails[value eq "`+known+`"]`, body{"value": p.mail(), "type": p.kind()})
			},
			func() body {
				return op("add", "emails", []body{{"value": known, "type": "work"}, {"value": known, "type": "other"}})
			},
			func() body { return op("replace", "", body{"emails": []body{{"value": p.mail(), "type": p.kind()}}}) },
			func() body { return op(p.verb(), scim.UserSchema+":title", p.word()) },
		)
	}
	return pickOf(p.Rand, all)()
}

// onMembers draws an operation on a group.
func (p *patches) onMembers(users []string) body {
	some := []body{{"value": pickOf(p.Rand, users)}}
	if other := pickOf(p.Rand, users); other != some[0]["value"] {
		some = append(some, body{"value": other})
	}
	all := []func() body{
		func() body { return op("replace", "members", some) },
		func() body { return op("remove", "members", some) },
		func() body { return op("remove", "members", nil) },
		func() body { return op("remove", fmt.Sprintf(`members[value eq "%s"]`, some[0]["value"]), nil) },
		func() body { return op("replace", "displayName", fmt.Sprint("group ", p.by, p.mail())) },
		func() body { return op(p.verb(), "externalId", fmt.Sprint("e ", p.by, p.mail())) },
		func() body { return op("add", "members", some) },
	}
	return pickOf(p.Rand, all)()
}

// told are the refusals of others where we carry on, with why.
var told = map[string]string{
	"FilterOnEmptyArray":        "scim-patch takes it for an error that there is nothing to take away; RFC 7644, section 3.5.2.2, knows no such error",
	"FilterArrayTargetNotFound": "the same of a part of a value",
	"SCIMError invalidValue Cannot read properties of undefined": "SCIMMY fails on a value to take from a list that is not there",
	"RemoveValueNotArray": "the same with a value beside the path",
	"SCIMError noTarget":  "a part of no value makes one, as Entra ID expects that gives an address of work to somebody who has none",
}

// settled brings a resource in a form in which two can be compared: no schemas, versions and empty values, and values in no order.
func settled(v any) any {
	switch v := v.(type) {
	case body:
		out := body{}
		for k, x := range v {
			switch k {
			case "schemas", "meta", "id":
				continue
			case "members": // a set
				x = whom(x)
			}
			if x = settled(x); x != nil {
				out[k] = x
			}
		}
		if len(out) == 0 {
			return nil
		}
		return out
	case []any:
		var out []string
		for _, x := range v {
			out = append(out, fmt.Sprint(settled(x)))
		}
		slices.Sort(out)
		if len(out) == 0 {
			return nil
		}
		return out
	default:
		return v
	}
}

// whom returns the ids of members, each once.
func whom(members any) any {
	ids := map[any]bool{}
	list, _ := members.([]any)
	for _, m := range list {
		ids[m.(body)["value"]] = true
	}
	return slices.Collect(maps.Keys(ids))
}

func TestPatchesMakeWhatOtherImplementationsMake(t *testing.T) {
	t.Parallel()
	other := others(t)
	p := newPlace(t, dbtest.SQLite(t))
	var users []string
	for i := range 4 {
		users = append(users, p.user(fmt.Sprint("member ", i), ""))
	}
	var turns []turn
	for i, by := range []string{"scim-patch", "SCIMMY"} {
		draw := &patches{Rand: rand.New(rand.NewPCG(7644, uint64(352+i))), by: by}
		for n := range 150 {
			x := turn{By: by, Kind: "User"}
			if n%5 == 0 {
				x.Kind, x.Resource = "Group", body{"schemas": []string{scim.GroupSchema}, "displayName": fmt.Sprint(by, n), "members": []body{{"value": users[n%4]}, {"value": users[(n+1)%4]}}}
			} else {
				x.Resource = draw.user()
			}
			for range 1 + draw.IntN(4) {
				if x.Kind == "Group" {
					x.Operations = append(x.Operations, draw.onMembers(users))
				} else {
					x.Operations = append(x.Operations, draw.operation(x.Resource))
				}
			}
			turns = append(turns, x)
		}
	}
	compared, apart := 0, map[string]int{}
	for i, theirs := range node.Do[[]outcome](other, "patch", body{"cases": turns}) {
		x := turns[i]
		status, ours := p.patched(x)
		if at := slices.IndexFunc(slices.Collect(maps.Keys(told)), func(e string) bool { return strings.HasPrefix(theirs.Error, e) }); at >= 0 {
			apart[x.By]++
			continue
		}
		if _, one := theirs.Resource["emails"].(body); one { // scim-patch makes an object of a part of a list that is not there
			apart[x.By]++
			continue
		}
		compared++
		if (status >= 300) != (theirs.Error != "") || theirs.Error == "" && fmt.Sprint(settled(ours)) != fmt.Sprint(settled(theirs.Resource)) {
			t.Fatalf("%s with %s\n  is %d %v\n%s: %s %v", written(t, x.Resource), written(t, x.Operations), status, settled(ours), x.By, theirs.Error, settled(theirs.Resource))
		}
	}
	t.Logf("%d compared, apart %v", compared, apart)
	if compared < len(turns)*3/4 {
		t.Errorf("only %d of %d are compared: %v", compared, len(turns), apart)
	}
}

// patched adds a resource, patches it and takes it away. It returns the status of the patch and what it made of the resource.
func (p *place) patched(x turn) (int, body) {
	p.t.Helper()
	at := "/" + x.Kind + "s"
	at += "/" + p.must(201, "POST", at, written(p.t, x.Resource))["id"].(string)
	w, is := p.send("PATCH", at, key, written(p.t, body{"schemas": []string{"urn:ietf:params:scim:api:messages:2.0:PatchOp"}, "Operations": x.Operations}))
	if w.Code < 300 {
		is = p.must(200, "GET", at, "")
	}
	p.must(204, "DELETE", at, "") // its mail address is free for the next
	return w.Code, is
}
