package scim_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/people/scim"
)

// edit is an operation of a patch with what it does to a resource that somebody reads, changes by hand and puts back.
type edit struct {
	op     string
	byHand func(map[string]any)
}

func operation(op, path string, value any) string {
	m := map[string]any{"op": op}
	if path != "" {
		m["path"] = path
	}
	if value != nil {
		m["value"] = value
	}
	raw, err := json.Marshal(m)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

func enterprise(m map[string]any) map[string]any {
	ext, ok := m[scim.EnterpriseSchema].(map[string]any)
	if !ok {
		ext = map[string]any{}
		m[scim.EnterpriseSchema] = ext
	}
	return ext
}

func part(m map[string]any, name string) map[string]any {
	p, ok := m[name].(map[string]any)
	if !ok {
		p = map[string]any{}
		m[name] = p
	}
	return p
}

// mails changes the list of mail addresses.
func mails(m map[string]any, change func([]any) []any) {
	list, _ := m["emails"].([]any)
	if list = change(list); len(list) == 0 {
		delete(m, "emails")
	} else {
		m["emails"] = list
	}
}

func drawEdit(t *rapid.T) edit {
	word := rapid.SampledFrom([]string{"a", "B", "é", "1 2", `"q"`}).Draw(t, "word")
	kind := rapid.SampledFrom([]string{"work", "other"}).Draw(t, "type")
	mail := rapid.SampledFrom([]string{"a@x.be", "b@x.be"}).Draw(t, "mail")
	verb := rapid.SampledFrom([]string{"add", "Replace"}).Draw(t, "verb")
	primaryOff := func(list []any) {
		for _, e := range list {
			if m := e.(map[string]any); m["primary"] == true {
				m["primary"] = false
			}
		}
	}
	typed := func(list []any) []map[string]any {
		var out []map[string]any
		for _, e := range list {
			if m := e.(map[string]any); m["type"] == kind {
				out = append(out, m)
			}
		}
		return out
	}
	urn := scim.EnterpriseSchema + ":"
	return rapid.SampledFrom([]edit{
		{operation(verb, "title", word), func(m map[string]any) { m["title"] = word }},
		{operation("remove", "TITLE", nil), func(m map[string]any) { delete(m, "title") }},
		{operation(verb, "name.familyName", word), func(m map[string]any) { part(m, "name")["familyName"] = word }},
		{operation(verb, "name", map[string]any{"givenName": word}), func(m map[string]any) { part(m, "name")["givenName"] = word }},
		{operation("Remove", "name.familyName", nil), func(m map[string]any) { delete(part(m, "name"), "familyName") }},
		{operation("remove", "name", nil), func(m map[string]any) { delete(m, "name") }},
		{operation(verb, urn+"department", word), func(m map[string]any) { enterprise(m)["department"] = word }},
		{operation(verb, urn+"manager", word), func(m map[string]any) { enterprise(m)["manager"] = map[string]any{"value": word} }},
		{operation("remove", urn+"manager", nil), func(m map[string]any) { delete(enterprise(m), "manager") }},
		{operation("remove", scim.EnterpriseSchema, nil), func(m map[string]any) { delete(m, scim.EnterpriseSchema) }},
		{operation(verb, "", map[string]any{"name.givenName": word, urn + "costCenter": word, "active": "False", "id": "x", "phoneNumbers": word}), func(m map[string]any) {
			part(m, "name")["givenName"] = word
			enterprise(m)["costCenter"] = word
			m["active"] = false
		}},
		{operation(verb, "active", "true"), func(m map[string]any) { m["active"] = true }},
		{operation("add", "emails", []any{map[string]any{"value": mail, "type": kind, "primary": true}}), func(m map[string]any) {
			mails(m, func(list []any) []any {
				primaryOff(list)
				for _, e := range list {
					if o := e.(map[string]any); o["value"] == mail && o["type"] == kind {
						o["primary"] = true
						return list
					}
				}
				return append(list, map[string]any{"value": mail, "type": kind, "primary": true})
			})
		}},
		{operation("replace", "emails", []any{map[string]any{"value": mail}}), func(m map[string]any) { m["emails"] = []any{map[string]any{"value": mail}} }},
		{operation("replace", `emails[type eq "`+kind+`"].value`, mail), func(m map[string]any) {
			mails(m, func(list []any) []any {
				hit := typed(list)
				for _, o := range hit {
					o["value"] = mail
				}
				if hit == nil {
					list = append(list, map[string]any{"value": mail, "type": kind})
				}
				return list
			})
		}},
		{operation("remove", `emails[type eq "`+kind+`"]`, nil), func(m map[string]any) {
			mails(m, func(list []any) []any {
				return slices.DeleteFunc(list, func(e any) bool { return e.(map[string]any)["type"] == kind })
			})
		}},
		{operation("remove", "emails", []any{map[string]any{"value": mail}}), func(m map[string]any) {
			mails(m, func(list []any) []any {
				return slices.DeleteFunc(list, func(e any) bool { return e.(map[string]any)["value"] == mail })
			})
		}},
		{operation("remove", "emails", nil), func(m map[string]any) { delete(m, "emails") }},
	}).Draw(t, "edit")
}

func TestAPatchIsToReadChangeAndPutBack(t *testing.T) {
	t.Parallel()
	p := newPlace(t, dbtest.SQLite(t))
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		user := p.user(fmt.Sprintf("patched%d", n), "")
		for range rapid.IntRange(1, 3).Draw(t, "patches") {
			read := p.must(200, "GET", "/Users/"+user, "")
			var list []string
			for range rapid.IntRange(1, 5).Draw(t, "operations") {
				e := drawEdit(t)
				list = append(list, e.op)
				e.byHand(read)
			}
			patched := p.must(200, "PATCH", "/Users/"+user, ops(strings.Join(list, ",")))
			put, err := json.Marshal(read)
			if err != nil {
				t.Fatal(err)
			}
			replaced := p.must(200, "PUT", "/Users/"+user, string(put))
			if !reflect.DeepEqual(patched, replaced) {
				t.Fatalf("patched with %s\n got %v\nwant %v", list, patched, replaced)
			}
		}
		p.must(204, "DELETE", "/Users/"+user, "") // its mail address is free for the next
	})
}

func TestAPatchOfAGroupIsToReadChangeAndPutBack(t *testing.T) {
	t.Parallel()
	p := newPlace(t, dbtest.SQLite(t))
	var users []string
	for i := range 5 {
		users = append(users, p.user(fmt.Sprintf("u%d", i), ""))
	}
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		start := members(rapid.SliceOfDistinct(rapid.SampledFrom(users), func(s string) string { return s }).Draw(t, "start"))
		raw, err := json.Marshal(map[string]any{"displayName": fmt.Sprintf("g%d", n), "members": start})
		if err != nil {
			t.Fatal(err)
		}
		group := p.must(201, "POST", "/Groups", string(raw))["id"].(string)
		in := map[string]bool{}
		for _, m := range start {
			in[m["value"]] = true
		}
		var list []string
		for range rapid.IntRange(1, 6).Draw(t, "operations") {
			some := rapid.SliceOfN(rapid.SampledFrom(users), 1, 3).Draw(t, "some")
			var quoted []string
			for _, u := range some {
				quoted = append(quoted, `value eq "`+u+`"`)
			}
			switch rapid.IntRange(0, 6).Draw(t, "kind") {
			case 0:
				list = append(list, operation("Add", "members", members(some)))
				setAll(in, some, true)
			case 1:
				list = append(list, operation("add", "", map[string]any{"Members": members(some)}))
				setAll(in, some, true)
			case 2:
				list = append(list, operation("Remove", "members", members(some)))
				setAll(in, some, false)
			case 3:
				list = append(list, operation("remove", "members["+strings.Join(quoted, " or ")+"]", nil))
				setAll(in, some, false)
			case 4:
				list = append(list, operation("replace", "members", members(some)))
				clear(in)
				setAll(in, some, true)
			case 5:
				list = append(list, operation("remove", "members", nil))
				clear(in)
			case 6: // a filter that must know who is in it
				list = append(list, operation("remove", `members[value sw "`+some[0]+`" and type eq "User"]`, nil))
				setAll(in, some[:1], false)
			}
		}
		p.must(204, "PATCH", "/Groups/"+group, ops(strings.Join(list, ",")))
		patched := p.must(200, "GET", "/Groups/"+group, "")
		read := maps.Clone(patched)
		read["members"] = members(slices.Sorted(maps.Keys(keysWith(in))))
		put, err := json.Marshal(read)
		if err != nil {
			t.Fatal(err)
		}
		if replaced := p.must(200, "PUT", "/Groups/"+group, string(put)); !reflect.DeepEqual(patched, replaced) {
			t.Fatalf("from %v patched with %s\n got %v\nwant %v", start, list, patched["members"], replaced["members"])
		}
	})
}

func members(ids []string) []map[string]string {
	out := []map[string]string{}
	for _, id := range ids {
		out = append(out, map[string]string{"value": id})
	}
	return out
}

func setAll(in map[string]bool, ids []string, v bool) {
	for _, id := range ids {
		in[id] = v
	}
}

func keysWith(in map[string]bool) map[string]bool {
	out := maps.Clone(in)
	maps.DeleteFunc(out, func(_ string, v bool) bool { return !v })
	return out
}
