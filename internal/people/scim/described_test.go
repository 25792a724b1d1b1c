package scim_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/people/scim"
)

// leaf is an attribute that /Schemas describes, by its whole name.
type leaf struct {
	urn, top, sub string
	a             body
}

// path names the attribute as RFC 7644, section 3.10, does.
func (l leaf) path() string {
	p := l.urn + ":" + l.top
	if l.sub != "" {
		p += "." + l.sub
	}
	return p
}

// values returns what a resource has of the attribute.
func (l leaf) values(in body) []any {
	if l.urn == scim.EnterpriseSchema {
		in, _ = in[scim.EnterpriseSchema].(body)
	}
	if l.sub == "" {
		return someOf(in[l.top])
	}
	var out []any
	for _, v := range someOf(in[l.top]) {
		out = append(out, someOf(v.(body)[l.sub])...)
	}
	return out
}

func someOf(v any) []any {
	if v == nil {
		return nil
	}
	if list, ok := v.([]any); ok {
		return list
	}
	return []any{v}
}

// leaves returns all attributes that a schema describes, those below others too.
func (p *place) leaves(schema string) []leaf {
	p.t.Helper()
	var out []leaf
	for _, x := range p.must(200, "GET", "/Schemas/"+schema, "")["attributes"].([]any) {
		a := x.(body)
		out = append(out, leaf{schema, a["name"].(string), "", a})
		for _, y := range someOf(a["subAttributes"]) {
			out = append(out, leaf{schema, a["name"].(string), y.(body)["name"].(string), y.(body)})
		}
	}
	return out
}

// some returns a value for an attribute; two numbers give two values.
func some(l leaf, n int) any {
	switch {
	case l.top == "emails" && l.sub == "":
		return []any{body{"value": fmt.Sprintf("n%d@x.be", n), "type": "work"}}
	case l.top == "emails" && l.sub == "value":
		return fmt.Sprintf("n%d@x.be", n)
	case l.a["canonicalValues"] != nil:
		list := l.a["canonicalValues"].([]any)
		return list[n%len(list)]
	case l.a["type"] == "boolean":
		return n%2 == 0
	case l.a["type"] == "complex":
		return body{l.a["subAttributes"].([]any)[0].(body)["name"].(string): fmt.Sprintf("n%d", n)}
	default:
		return fmt.Sprintf("n%d", n)
	}
}

// shown tells whether an attribute has a value, or has the parts of it.
func shown(got []any, want any) bool {
	if list, ok := want.([]any); ok {
		want = list[0]
	}
	return slices.ContainsFunc(got, func(v any) bool {
		parts, complex := want.(body)
		if !complex {
			return reflect.DeepEqual(v, want)
		}
		for name, x := range parts {
			if v.(body)[name] != x {
				return false
			}
		}
		return true
	})
}

func TestEveryAttributeThatIsDescribedIsSetReplacedAndTakenAwayByItsName(t *testing.T) {
	t.Parallel()
	p := newPlace(t, dbtest.SQLite(t))
	user := p.user("a", `,"emails":[{"value":"a@x.be"}]`)
	at, n := "/Users/"+user, 0
	for _, schema := range []string{scim.UserSchema, scim.EnterpriseSchema} {
		for _, l := range p.leaves(schema) {
			for _, verb := range []string{"add", "replace"} {
				n++
				want := some(l, n)
				out := p.must(200, "PATCH", at, ops(operation(verb, l.path(), want)))
				if read := p.must(200, "GET", at, ""); !shown(l.values(out), want) || !reflect.DeepEqual(out, read) {
					t.Errorf("%s %s: %v, want %v; read again it is %v", verb, l.path(), l.values(out), want, l.values(read))
				}
			}
			w, out := p.send("PATCH", at, key, ops(operation("remove", l.path(), nil)))
			if l.a["required"] == true || l.top == "active" { // the directory must say whether somebody may sign in
				p.refuses("remove "+l.path(), w, out, 400, scim.Mutability)
				continue
			}
			if w.Code != 200 || len(l.values(out)) > 0 || len(l.values(p.must(200, "GET", at, ""))) > 0 {
				t.Errorf("remove %s: %d %v", l.path(), w.Code, l.values(out))
			}
			if l.top == "emails" && l.sub != "type" && l.sub != "primary" { // there is one to change the parts of again
				p.must(200, "PATCH", at, ops(operation("add", "emails", []any{body{"value": "a@x.be"}})))
			}
		}
	}
}

func TestEveryAttributeThatIsDescribedCanBeAskedForAndLeftOut(t *testing.T) {
	t.Parallel()
	p := newPlace(t, dbtest.SQLite(t))
	mate := p.user("b", "")
	user := p.user("a", `,"displayName":"d","title":"t","preferredLanguage":"nl","name":{"formatted":"f","familyName":"f","givenName":"g"},"emails":[{"value":"a@x.be","type":"work","primary":true}],
"`+scim.EnterpriseSchema+`":{"employeeNumber":"1","department":"d","division":"v","organization":"o","costCenter":"c","manager":{"value":"`+mate+`"}}`)
	group := p.must(201, "POST", "/Groups", `{"displayName":"g","members":[{"value":"`+user+`"}]}`)["id"].(string)
	for schema, at := range map[string]string{scim.UserSchema: "/Users/" + user, scim.EnterpriseSchema: "/Users/" + user, scim.GroupSchema: "/Groups/" + group} {
		list := at[:strings.LastIndex(at, "/")]
		all := p.leaves(schema)
		if one := p.must(200, "GET", at+"?attributes="+all[0].path(), ""); len(one) != 3 {
			t.Errorf("asked for %s: %v", all[0].path(), one)
		}
		for _, l := range all {
			if len(l.values(p.must(200, "GET", at, ""))) == 0 {
				t.Fatalf("%s has no value to ask for", l.path())
			}
			for query, want := range map[string]bool{"?attributes=" + l.path(): true, "?excludedAttributes=" + l.path(): false, "?attributes=meta": false} {
				found := p.must(200, "GET", list+query+"&filter="+`id eq "`+at[strings.LastIndex(at, "/")+1:]+`"`, "")["Resources"].([]any)[0].(body)
				for where, got := range map[string]body{"read": p.must(200, "GET", at+query, ""), "found": found} {
					if has := len(l.values(got)) > 0; has != want || got["id"] == nil || got["schemas"] == nil {
						t.Errorf("%s%s, %s: %v", list, query, where, got)
					}
				}
			}
		}
	}
}

func TestWhatDescribesTheInterfaceFitsTogether(t *testing.T) {
	t.Parallel()
	p := newPlace(t, dbtest.SQLite(t))
	for _, x := range p.must(200, "GET", "/ResourceTypes", "")["Resources"].([]any) {
		kind := x.(body)
		schemas := []any{kind["schema"]}
		for _, e := range someOf(kind["schemaExtensions"]) {
			schemas = append(schemas, e.(body)["schema"])
		}
		for _, s := range schemas {
			p.must(200, "GET", fmt.Sprint("/Schemas/", s), "")
		}
		p.must(200, "GET", fmt.Sprint(kind["endpoint"]), "")
		p.must(200, "GET", fmt.Sprint(kind["endpoint"], "/?count=1"), "") // some write it so
		if one := p.must(200, "GET", fmt.Sprint("/ResourceTypes/", kind["name"]), ""); !reflect.DeepEqual(one, kind) {
			t.Errorf("%v is not %v", one, kind)
		}
	}
	for _, name := range []string{"ServiceProviderConfig", "ResourceTypes", "ResourceTypes/User", "Schemas", "Schemas/" + scim.UserSchema} {
		for _, method := range []string{"POST", "PUT", "PATCH", "DELETE"} {
			w, out := p.send(method, "/"+name, key, "{}")
			p.refuses(method+" "+name, w, out, 405, "")
			if w.Header().Get("Allow") != "GET" {
				t.Errorf("%s %s: Allow %q", method, name, w.Header().Get("Allow"))
			}
		}
	}
}
