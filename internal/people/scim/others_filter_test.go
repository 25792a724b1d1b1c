package scim_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/people/scim"
	"tekentafel/internal/testkit/node"
)

// query is a filter as we get it, and as another implementation has to get it to mean what the RFCs say.
type query struct{ ours, theirs string }

// sought is an attribute that filters ask for, with what our /Schemas says of it.
type sought struct {
	name, theirs string // theirs "" for the same
	kind         string // of its values
	single       bool   // there is at most one value
	exact        bool   // caseExact
}

var inMail = []sought{{name: "type", single: true}, {name: "value", single: true}, {name: "primary", kind: "truth", single: true}}

var paths = []sought{
	{name: "userName", single: true}, {name: "displayName", single: true}, {name: "title", single: true}, {name: "preferredLanguage", single: true},
	{name: "externalId", single: true, exact: true}, {name: "active", kind: "truth", single: true}, {name: "name.givenName", single: true}, {name: "name.familyName", single: true},
	{name: "meta.lastModified", kind: "moment", single: true}, {name: "meta.resourceType", single: true, exact: true},
	{name: "emails.type"}, {name: "emails.value"}, {name: "emails.primary", kind: "truth"},
	{name: "emails", theirs: "emails.value"}, // a complex attribute stands for its value (RFC 7644, section 3.4.2.2, "emails co")
	{name: scim.UserSchema + ":userName", theirs: "userName", single: true},
	{name: scim.EnterpriseSchema + ":department", single: true}, {name: scim.EnterpriseSchema + ":employeeNumber", single: true},
	{name: scim.EnterpriseSchema + ":manager", theirs: scim.EnterpriseSchema + ":manager.value", single: true, exact: true},
	{name: scim.EnterpriseSchema + ":manager.value", single: true, exact: true},
	{name: "department", theirs: scim.EnterpriseSchema + ":department", single: true}, // short, as some write it
	{name: "nickName", single: true}, // not kept: nobody has it
}

// filters draws filters for one implementation.
type filters struct {
	*rand.Rand
	by      string
	moments []time.Time
}

func pickOf[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// cased writes a name in other capitals.
func (f filters) cased(name string) string {
	switch f.IntN(4) {
	case 0:
		return strings.ToUpper(name)
	case 1:
		return strings.ToLower(name)
	default:
		return name
	}
}

func quoted(s string) string { return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"` }

// compare draws a comparison. Two things the RFCs leave open, and both are said to others in their words: what is not there differs from
// everything, so that "ne" is what "eq" is not, and equals null.
func (f filters) compare(p sought) query {
	theirs := p.name
	if p.theirs != "" {
		theirs = p.theirs
	}
	name := f.cased(p.name)
	op := pickOf(f.Rand, []string{"eq", "eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le", "pr", "null", "some"})
	var value, theirValue string
	switch p.kind {
	case "truth":
		op = pickOf(f.Rand, []string{"eq", "ne", "pr", "null"})
		theirValue = pickOf(f.Rand, []string{"true", "false"})
		value = theirValue
		if f.IntN(3) == 0 { // as Entra ID writes it
			value = pickOf(f.Rand, []string{`"` + value + `"`, `"` + strings.ToUpper(value[:1]) + value[1:] + `"`})
		}
	case "moment":
		op = pickOf(f.Rand, []string{"eq", "ne", "gt", "ge", "lt", "le", "pr"})
		m := pickOf(f.Rand, f.moments)
		value = quoted(m.In(time.FixedZone("", 3600*(f.IntN(5)-2))).Format(time.RFC3339Nano))
		theirValue = quoted(fixed(m))
	default:
		v := pickOf(f.Rand, texts)
		switch f.IntN(6) {
		case 0:
			v += fmt.Sprint("-", f.IntN(9))
		case 1:
			v = pickOf(f.Rand, []string{"work", "other", "user", "ab0.", "@x.BE"})
		case 2:
			v = pickOf(f.Rand, []string{`"`, `\`, "'", "%", "_", "[", ")", " or "})
		}
		value = quoted(v)
		if !p.exact {
			v = strings.ToLower(v)
		}
		if !slices.Contains([]string{"co", "sw", "ew"}, op) {
			v = strings.TrimSpace(v) // as it is kept
		}
		theirValue = strings.ReplaceAll(quoted(v), `\\`, `\u005c`) // scim2-parse-filter takes the end of "\\" for a quote in the text
	}
	operator := f.cased(op)
	switch op {
	case "pr":
		return query{name + " " + operator, theirs + " pr"}
	case "null":
		return query{name + " eq null", "not (" + theirs + " pr)"}
	case "some":
		return query{name + " ne null", theirs + " pr"}
	case "ne":
		return query{name + " " + operator + " " + value, fmt.Sprintf("(not (%s pr) or %s ne %s)", theirs, theirs, theirValue)}
	default:
		return query{name + " " + operator + " " + value, theirs + " " + op + " " + theirValue}
	}
}

// draw draws a filter over some attributes. inside is that it stands in brackets, where no other brackets can.
func (f filters) draw(of []sought, depth int, inside bool) query {
	kind := f.IntN(10)
	switch {
	case depth > 0 && kind < 4:
		a, b := f.draw(of, depth-1, inside), f.draw(of, depth-1, inside)
		join := pickOf(f.Rand, []string{"and", "or"})
		return query{"(" + a.ours + ") " + f.cased(join) + " (" + b.ours + ")", "(" + a.theirs + ") " + join + " (" + b.theirs + ")"}
	case depth > 0 && kind == 4:
		a := f.draw(of, depth-1, inside)
		return query{f.cased("not") + " (" + a.ours + ")", "not (" + a.theirs + ")"}
	case kind < 7 && !inside:
		a := f.draw(inMail, min(depth, 1), true)
		return query{f.cased("emails") + "[" + a.ours + "]", "emails[" + a.theirs + "]"}
	default:
		return f.compare(pickOf(f.Rand, of))
	}
}

// plain draws a filter that SCIMMY understands: it reads "not" and "null" otherwise, knows no extensions in filters, writes no quotes in
// texts, and takes what is not there for the text "undefined".
func (f filters) plain() query {
	one := func(p sought) query {
		op := pickOf(f.Rand, []string{"eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"})
		v := pickOf(f.Rand, texts)
		value, theirs := quoted(v), quoted(strings.ToLower(v))
		switch p.kind {
		case "truth":
			op, value = pickOf(f.Rand, []string{"eq", "ne"}), pickOf(f.Rand, []string{"true", `"False"`})
			theirs = value
		case "moment":
			op = pickOf(f.Rand, []string{"gt", "ge", "lt", "le"})
			value = quoted(pickOf(f.Rand, f.moments).In(time.FixedZone("", 3600*(f.IntN(5)-2))).Format(time.RFC3339Nano))
			theirs = value
		}
		return query{fmt.Sprintf("%s %s %s", f.cased(p.name), f.cased(op), value), fmt.Sprintf("%s %s %s", p.name, op, theirs)}
	}
	both := func(a, b query, join string) query {
		return query{a.ours + " " + f.cased(join) + " " + b.ours, a.theirs + " " + join + " " + b.theirs}
	}
	known := paths[:4:4]
	known = append(known, paths[5:9]...)
	q := one(pickOf(f.Rand, known))
	switch f.IntN(4) {
	case 0:
		q = both(q, one(pickOf(f.Rand, known)), "and")
	case 1:
		q = both(both(q, one(pickOf(f.Rand, known)), "or"), one(pickOf(f.Rand, known)), "and") // "and" holds tighter
	case 2:
		in := both(one(inMail[0]), one(inMail[1]), pickOf(f.Rand, []string{"and", "or"}))
		q = both(q, query{"emails[" + in.ours + "]", "emails[" + in.theirs + "]"}, "and")
	}
	return q
}

// fixed writes a moment so that texts are in the order of moments.
func fixed(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

// folded returns a resource as others have to see it: they compare texts and moments letter by letter, so what is compared without regard
// to case is in small letters.
func folded(v any, exact map[string]bool, name string) any {
	switch v := v.(type) {
	case body:
		out := body{}
		for k, x := range v {
			below := k
			if name != "" && !strings.HasPrefix(name, "urn:") {
				below = name + "." + k
			}
			out[k] = folded(x, exact, below)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = folded(v[i], exact, name)
		}
		return out
	case string:
		if at, err := time.Parse(time.RFC3339Nano, v); err == nil {
			return fixed(at)
		}
		if !exact[name] {
			return strings.ToLower(v)
		}
		return v
	default:
		return v
	}
}

// exactOnes returns the attributes that are compared as they are written: those that /Schemas says so of, and those of RFC 7643, section 3.1.
func (p *place) exactOnes() map[string]bool {
	p.t.Helper()
	out := map[string]bool{"id": true, "externalId": true, "schemas": true, "meta.resourceType": true, "meta.location": true, "meta.version": true}
	var walk func(prefix string, list []any)
	walk = func(prefix string, list []any) {
		for _, x := range list {
			a := x.(body)
			name := prefix + a["name"].(string)
			out[name] = a["caseExact"] == true
			if sub, ok := a["subAttributes"].([]any); ok {
				walk(name+".", sub)
			}
		}
	}
	for _, s := range p.must(200, "GET", "/Schemas", "")["Resources"].([]any) {
		if s.(body)["id"] != scim.GroupSchema {
			walk("", s.(body)["attributes"].([]any))
		}
	}
	return out
}

func TestFiltersFindWhomOtherImplementationsFind(t *testing.T) {
	t.Parallel()
	other := others(t)
	for by, c := range map[string]struct {
		seed  uint64
		whole bool // everybody has every attribute
		n     int
	}{"scim2-parse-filter": {7644, false, 400}, "SCIMMY": {3422, true, 200}} {
		p := newPlace(t, dbtest.SQLite(t))
		r := rand.New(rand.NewPCG(c.seed, 2))
		p.addPeople(r, 30, c.whole)
		exact := p.exactOnes()
		var people []any
		f := filters{Rand: r, by: by}
		place := map[string]int{}
		for i, x := range p.must(200, "GET", "/Users", "")["Resources"].([]any) {
			u := x.(body)
			place[u["id"].(string)] = i
			people = append(people, folded(u, exact, ""))
			at, err := time.Parse(time.RFC3339Nano, value(u, "meta.lastModified").(string))
			if err != nil {
				t.Fatal(err)
			}
			f.moments = append(f.moments, at)
		}
		type asked struct {
			By   string `json:"by"`
			Text string `json:"text"`
		}
		queries, cases := make([]query, c.n), make([]asked, c.n)
		for i := range queries {
			if queries[i] = f.draw(paths, 3, false); c.whole {
				queries[i] = f.plain()
			}
			cases[i] = asked{by, queries[i].theirs}
		}
		found, some := node.Do[[][]int](other, "filter", body{"resources": people, "cases": cases}), 0
		for i, q := range queries {
			var got []int
			out := p.must(200, "POST", "/Users/.search", written(t, body{"filter": q.ours, "attributes": []string{"id"}}))
			for _, u := range out["Resources"].([]any) {
				got = append(got, place[u.(body)["id"].(string)])
			}
			if !slices.Equal(got, found[i]) {
				t.Fatalf("%s\nfinds %v; %s finds by %s\n      %v", q.ours, got, by, q.theirs, found[i])
			}
			if len(got) > 0 && len(got) < len(people) {
				some++
			}
		}
		if some < c.n/4 {
			t.Errorf("%s: only %d of %d filters tell people apart", by, some, c.n)
		}
	}
}
