package scim

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
)

func decoded(s string) (map[string]any, bool) {
	dec := json.NewDecoder(strings.NewReader(s))
	dec.UseNumber()
	var v map[string]any
	return v, dec.Decode(&v) == nil && v != nil
}

// whole fails the test unless what is kept is read again as it is, and stored as it is.
func whole(t *testing.T, r Resource) {
	t.Helper()
	again, err := userType.read(r)
	if err == nil {
		err = userType.finish(again)
	}
	if err != nil || !reflect.DeepEqual(again, r) {
		t.Fatalf("%v is read as %v: %v", r, again, err)
	}
	raw, err := json.Marshal(r)
	var stored Resource
	if err == nil {
		err = json.Unmarshal(raw, &stored)
	}
	if err != nil || !reflect.DeepEqual(stored, r) {
		t.Fatalf("%v is stored as %v: %v", r, stored, err)
	}
	view := Record{Kind: Users, Resource: r}.view("https://x")
	for _, name := range []string{"password", "phoneNumbers", "addresses", "photos"} {
		if view[name] != nil {
			t.Fatalf("%s is kept: %v", name, view)
		}
	}
}

func FuzzAnyBodyIsAUserOrRefused(f *testing.F) {
	f.Add(`{"userName":"a","emails":[{"value":"a@b.be","type":"work","primary":"True"},"c@d.be"],"name":{"givenName":"x"},"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":"m"}}`)
	f.Add(`{"userName":["a"],"active":"FALSE","emails":{"value":{"value":"a@b.be"}},"department":"x","title":1.5e3,"password":"x"}`)
	f.Fuzz(func(t *testing.T, body string) {
		m, ok := decoded(body)
		if !ok {
			return
		}
		r, err := userType.read(m)
		if err == nil {
			err = userType.finish(r)
		}
		var ours *Error
		if err != nil {
			if !errors.As(err, &ours) {
				t.Fatalf("%s: %v", body, err)
			}
			return
		}
		whole(t, r)
	})
}

func FuzzAnyPatchMakesAUserOrIsRefused(f *testing.F) {
	for _, s := range []string{
		`{"op":"Replace","path":"emails[type eq \"work\"].value","value":"x@y.be"}`, `{"op":"add","value":{"name.givenName":"x","emails[type eq \"other\"].primary":"True"}}`,
		`{"op":"remove","path":"emails[primary eq true]"}`, `{"op":"add","path":"emails","value":[{"value":"z@y.be","primary":true},{"value":"q@y.be","primary":true}]}`,
		`{"op":"replace","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","value":{"value":""}}`, `{"op":"replace","path":"emails[value pr].type","value":null}`,
		`{"op":"remove","path":"emails","value":[{"value":"a@b.be"}]}`, `{"op":"remove","path":"name.givenName"}`, `{"op":"add","path":"emails.value","value":"a@b.be"}`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, op string) {
		m, ok := decoded(`{"Operations":[` + op + `]}`)
		if !ok {
			return
		}
		was := Resource{"userName": "a", "active": true, "name": map[string]any{"givenName": "A"}, "emails": []any{
			map[string]any{"value": "a@b.be", "type": "work", "primary": true}, map[string]any{"value": "c@d.be", "type": "other"}},
			EnterpriseSchema: map[string]any{"department": "D", "manager": map[string]any{"value": "m"}}}
		before := was.clone()
		list, err := readPatch(m)
		var r Resource
		if err == nil {
			r, err = userType.patch(was, list)
		}
		if err == nil {
			err = userType.finish(r)
		}
		if !reflect.DeepEqual(was, before) {
			t.Fatalf("%s changed what it started from: %v", op, was)
		}
		var ours *Error
		if err != nil {
			if !errors.As(err, &ours) {
				t.Fatalf("%s: %v", op, err)
			}
			return
		}
		whole(t, r)
		if _, ok := r["active"].(bool); !ok {
			t.Fatalf("%s leaves it open whether the user may sign in: %v", op, r)
		}
	})
}

func FuzzAnyPatchMakesAGroupOrIsRefused(f *testing.F) {
	for _, s := range []string{
		`{"op":"add","path":"members","value":[{"value":"c"},"d"]}`, `{"op":"Remove","path":"members","value":[{"$ref":"https://x/Users/a"}]}`, `{"op":"remove","path":"members[value eq \"a\" or value eq \"b\"]"}`,
		`{"op":"remove","path":"members[display sw \"B\" and not (type pr)].value"}`, `{"op":"replace","value":{"displayName":"h","members":[{"value":"c","type":"user"}],"externalId":null}}`,
		`{"op":"replace","path":"members","value":[]},{"op":"remove","path":"members"},{"op":"add","path":"members","value":{"value":"a"}}`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, op string) {
		m, ok := decoded(`{"Operations":[` + op + `]}`)
		if !ok {
			return
		}
		were := []Member{{ID: "a", Name: "A"}, {ID: "b", Name: "B"}}
		list, err := readPatch(m)
		var r Resource
		var c *memberChange
		if err == nil {
			r, c, err = patchGroup(Resource{"displayName": "g", "externalId": "e"}, list, func() ([]Member, error) { return were, nil })
		}
		if err == nil {
			err = groupType.finish(r)
		}
		var ours *Error
		if err != nil {
			if !errors.As(err, &ours) {
				t.Fatalf("%s: %v", op, err)
			}
			return
		}
		now := map[string]bool{}
		for _, x := range c.now(were) {
			if x.ID == "" || now[x.ID] {
				t.Fatalf("%s: the members are %v", op, c.now(were))
			}
			now[x.ID] = true
		}
		for _, x := range c.add {
			if !now[x] || c.leaving[x] {
				t.Fatalf("%s: %s joins and is not in %v", op, x, now)
			}
		}
		for _, x := range c.remove {
			if now[x] || c.clear {
				t.Fatalf("%s: %s leaves and is in %v", op, x, now)
			}
		}
		if r["members"] != nil {
			t.Fatalf("%s: the members stand in the group: %v", op, r)
		}
	})
}
