package scim_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"strings"
	"testing"

	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/people/scim"
	"tekentafel/internal/testkit/node"
)

// others starts the other implementations of SCIM.
func others(t *testing.T) *node.Process {
	t.Helper()
	for _, name := range []string{"scim-patch", "scim2-parse-filter"} {
		node.File(t, name, "package.json")
	}
	return node.Start(t, "scim.js", "scimmy")
}

// body is a resource, or what else goes over the line.
type body = map[string]any

func TestWhatIsSentIsReadBySomebodyElseWithoutLoss(t *testing.T) {
	t.Parallel()
	other := others(t)
	p := newPlace(t, dbtest.SQLite(t))
	described := body{"base": publicBase, "config": p.must(200, "GET", "/ServiceProviderConfig", ""),
		"types": p.must(200, "GET", "/ResourceTypes", "")["Resources"], "schemas": p.must(200, "GET", "/Schemas", "")["Resources"]}
	wrong := node.Do[[]string](other, "describe", described)
	// "primary" of an authentication scheme stands in the example of RFC 7643, section 8.5, and not in the schema of section 8.7.2, which
	// is what SCIMMY reads with.
	if len(wrong) != 1 || !strings.HasPrefix(wrong[0], ".authenticationSchemes.0.primary: true is read as undefined") {
		t.Errorf("what describes the interface: %q", wrong)
	}

	r := rand.New(rand.NewPCG(7643, 1))
	type sent struct {
		Kind string `json:"kind"`
		Body body   `json:"body"`
	}
	var all []sent
	var lists []body
	ids := p.addPeople(r, 40, false)
	for i := range 12 {
		var in []string
		for range r.IntN(4) {
			in = append(in, ids[r.IntN(len(ids))])
		}
		p.must(201, "POST", "/Groups", written(t, body{"displayName": fmt.Sprint("g", i), "externalId": fmt.Sprint("e", i), "members": members(in)}))
	}
	for _, kind := range []string{"User", "Group"} {
		list := p.must(200, "GET", "/"+kind+"s", "")
		// SCIMMY leaves out the first of a page in the middle once more, so this is the last.
		lists = append(lists, list, p.must(200, "GET", "/"+kind+"s?startIndex=3", ""), p.must(200, "POST", "/"+kind+"s/.search", `{"count":0}`))
		for _, x := range list["Resources"].([]any) {
			all = append(all, sent{kind, x.(body)}, sent{kind, p.must(200, "GET", fmt.Sprintf("/%ss/%s", kind, x.(body)["id"]), "")})
		}
	}
	for _, id := range ids[:20] {
		all = append(all, sent{"User", p.must(200, "PATCH", "/Users/"+id, ops(operation("replace", "title", "x")))},
			sent{"User", p.must(200, "PUT", "/Users/"+id, `{"userName":"put `+id+`"}`)})
	}
	for i, wrong := range node.Do[[][]string](other, "accept", body{"resources": all, "base": publicBase}) {
		if len(wrong) > 0 {
			t.Errorf("%s is read with %q", written(t, all[i].Body), wrong)
		}
	}

	var errors []body
	for _, ask := range []string{"GET /Users/x", "POST /Users", "GET /Users?filter=a", "POST /Bulk", "GET /nowhere", "POST /Groups"} {
		method, target, _ := strings.Cut(ask, " ")
		var w *httptest.ResponseRecorder
		w, said := p.send(method, target, key, map[string]string{"POST": `{"userName":""}`}[method])
		if w.Code < 400 {
			t.Errorf("%s: %d", ask, w.Code)
		}
		errors = append(errors, said)
	}
	for _, wrong := range node.Do[[]string](other, "messages", body{"lists": lists, "errors": errors}) {
		t.Error(wrong)
	}
}

func written(t testing.TB, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// The texts of made-up people: alike but for a little, and some that are hard to write.
var texts = []string{"a", "A", "ab", "b", "Ba", "é", "É", "1", "10", "a b", "x-y", "Zoë O'Neill"}

// person returns a made-up user with a mail address of their own; whole has every attribute.
func person(r *rand.Rand, n int, whole bool) body {
	word := func() string { return texts[r.IntN(len(texts))] }
	some := func(in body, name string, v any) {
		if whole || r.IntN(3) > 0 {
			in[name] = v
		}
	}
	u := body{"userName": fmt.Sprintf("%s-%d", word(), n), "active": r.IntN(3) > 0}
	some(u, "externalId", fmt.Sprintf("%s-%d", word(), n))
	for _, name := range []string{"displayName", "title", "preferredLanguage"} {
		some(u, name, word())
	}
	name, ext := body{}, body{}
	some(name, "givenName", word())
	some(name, "familyName", word())
	some(name, "formatted", word())
	some(u, "name", name)
	some(ext, "employeeNumber", fmt.Sprintf("N-%d", n))
	for _, name := range []string{"department", "division", "organization", "costCenter"} {
		some(ext, name, word())
	}
	some(ext, "manager", body{"value": word()})
	some(u, scim.EnterpriseSchema, ext)
	var mails []any
	primary := r.IntN(4)
	for i := range 1 + r.IntN(3) {
		m := body{"value": fmt.Sprintf("%s%d.%d@X.be", []string{"a", "B", "ab"}[r.IntN(3)], i, n)}
		some(m, "type", []string{"work", "other"}[r.IntN(2)])
		if i == primary || r.IntN(4) == 0 {
			m["primary"] = i == primary
		}
		mails = append(mails, m)
	}
	some(u, "emails", mails)
	return u
}

// addPeople adds made-up users and returns their ids.
func (p *place) addPeople(r *rand.Rand, n int, whole bool) []string {
	p.t.Helper()
	var ids []string
	for i := range n {
		ids = append(ids, p.must(201, "POST", "/Users", written(p.t, person(r, i, whole)))["id"].(string))
	}
	return ids
}

// plain returns a value as it is read from JSON.
func plain(t testing.TB, v any) body {
	t.Helper()
	var out body
	if err := json.Unmarshal([]byte(written(t, v)), &out); err != nil {
		t.Fatal(err)
	}
	return out
}
