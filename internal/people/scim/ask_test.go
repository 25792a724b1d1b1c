package scim_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/people/scim"
)

func TestOnlyAKeyWithTheScopeWhoseOwnerMayGetsIn(t *testing.T) {
	t.Parallel()
	p := newPlace(t, dbtest.SQLite(t))
	for _, target := range []string{"GET /Users", "POST /Users", "GET /Users/x", "PUT /Users/x", "PATCH /Users/x", "DELETE /Users/x", "POST /Users/.search", "GET /Groups", "POST /Groups",
		"PATCH /Groups/x", "DELETE /Groups/x", "POST /.search", "GET /Schemas", "GET /ResourceTypes", "GET /ServiceProviderConfig", "POST /Bulk", "GET /nowhere", "GET /"} {
		method, path, _ := strings.Cut(target, " ")
		for name, headers := range map[string][]string{"nothing": nil, "a session": {"Cookie", "tt_session=v"}, "another scheme": {"Authorization", "Basic eDp5"}} {
			w, body := p.send(method, path, "", "", headers...)
			p.refuses(target+" with "+name, w, body, 401, "")
			if w.Header().Get("WWW-Authenticate") == "" || len(w.Result().Cookies()) > 0 {
				t.Errorf("%s with %s: %v", target, name, w.Header())
			}
		}
		w, body := p.send(method, path, noScope, "")
		p.refuses(target+" with another scope", w, body, 403, "")
		w, body = p.send(method, path, noRight, "")
		p.refuses(target+" of somebody who may not", w, body, 403, "")
	}
	w, body := p.send("POST", "/Users", key, `{"userName":"a"}`, "Sec-Fetch-Site", "cross-site")
	p.refuses("a page of another site", w, body, 403, "")
	w, body = p.send("GET", "/Users", "Bearer down x", "")
	p.refuses("keys that cannot be looked up", w, body, 503, "")
	if !slices.Contains(access.Delegable(), needed) {
		t.Error("no key can have the action of these tests")
	}
}

func TestOrganisationsDoNotSeeEachOther(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		user := p.user("a@x.be", `,"externalId":"e"`)
		group := p.must(201, "POST", "/Groups", `{"displayName":"g","externalId":"e"}`)["id"].(string)
		for _, target := range []string{"/Users/" + user, "/Groups/" + group} {
			for method, body := range map[string]string{"GET": "", "DELETE": "", "PUT": `{"userName":"b","displayName":"b"}`, "PATCH": ops(`{"op":"replace","path":"externalId","value":"x"}`)} {
				w, out := p.send(method, target, theirKey, body)
				p.refuses(method+" "+target, w, out, 404, "")
			}
		}
		for _, target := range []string{"/Users", "/Groups", `/Users?filter=userName eq "a@x.be"`, `/Users?filter=active eq true`, `/Groups?filter=displayName pr`} {
			if _, out := p.send("GET", target, theirKey, ""); out["totalResults"] != 0.0 {
				t.Errorf("%s of another organisation: %v", target, out)
			}
		}
		w, _ := p.send("POST", "/Groups", theirKey, `{"displayName":"g","members":[{"value":"`+user+`"}]}`)
		if w.Code != 400 {
			t.Errorf("a user of another organisation is a member: %d", w.Code)
		}
		if w, _ := p.send("POST", "/Users", theirKey, `{"userName":"a@x.be","externalId":"e"}`); w.Code != 201 {
			t.Errorf("the name of a user elsewhere is taken: %d", w.Code)
		}
		p.must(200, "GET", "/Users/"+user, "")
	})
}

func TestFiltersFindWhomTheySay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		ent := func(s string) string { return `,"` + scim.EnterpriseSchema + `":{` + s + `}` }
		names := map[string]string{}
		for name, more := range map[string]string{
			"an":   `,"externalId":"E1","displayName":"Anna Été","title":"Chef","emails":[{"value":"an@stad.be","type":"work","primary":true}]` + ent(`"department":"HR","manager":"boss1"`),
			"bert": `,"externalId":"e1","displayName":"bert","emails":[{"value":"bert@stad.be","type":"work"},{"value":"b@elders.be","type":"other"}]` + ent(`"department":"IT"`),
			"cas":  `,"displayName":"Cas","active":false,"preferredLanguage":"fr"`,
		} {
			names[p.user(name, more)] = name
		}
		group := p.must(201, "POST", "/Groups", `{"displayName":"G","members":[{"value":"`+key2(names, "an")+`"}]}`)["id"].(string)
		p.must(201, "POST", "/Groups", `{"displayName":"Leeg"}`)
		find := func(filter string) string {
			t.Helper()
			var got []string
			for _, r := range p.must(200, "GET", "/Users?filter="+filter, "")["Resources"].([]any) {
				got = append(got, names[r.(map[string]any)["id"].(string)])
			}
			slices.Sort(got)
			return strings.Join(got, " ")
		}
		for filter, want := range map[string]string{
			`userName eq "AN"`: "an", `userName ne "an"`: "bert cas", `userName sw "b"`: "bert", `userName ew "s"`: "cas", `userName co "A"`: "an cas", `userName gt "an"`: "bert cas",
			`userName ge "bert" and userName le "bert"`: "bert", `userName lt "b"`: "an", `externalId eq "e1"`: "bert", `externalId eq "E1"`: "an", `externalId eq null`: "cas", `externalId ne null`: "an bert",
			`title pr`: "an", `not (title pr)`: "bert cas", `active eq true`: "an bert", `active eq "False"`: "cas", `active ne true`: "cas", `displayName eq "anna été"`: "an", `displayName sw "Anna "`: "an", `displayName sw "Ann "`: "", `displayName co " "`: "an", `displayName ew " été"`: "an", `displayName eq " Cas "`: "cas", `displayName eq "ANNA E\u0301TÉ"`: "an",
			`emails eq "b@elders.be"`: "bert", `emails.value co "stad"`: "an bert", `emails.type eq "other"`: "bert", `emails[type eq "work" and value sw "b"]`: "bert", `emails[type eq "other" and value sw "bert"]`: "",
			`emails[type eq "work"].value eq "an@stad.be"`: "an", `emails[primary eq true]`: "an", `emails pr`: "an bert", `emails[not (type eq "work")]`: "bert",
			`urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "it"`: "bert", `department eq "HR"`: "an", `urn:ietf:params:scim:schemas:core:2.0:User:userName eq "cas"`: "cas",
			`urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager eq "boss1"`: "an", `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value pr`: "an",
			`schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"`: "an bert", `meta.resourceType eq "User"`: "an bert cas", `meta.created gt "2020-01-01T00:00:00Z"`: "an bert cas",
			`meta.lastModified lt "2026-11-29T08:00:00+01:00"`: "", `nickName eq "x"`: "", `nickName ne "x"`: "an bert cas", `nickName pr`: "", `phoneNumbers[type eq "work"]`: "",
			`userName eq "an" or userName eq "cas"`: "an cas", `userName eq "an" and userName eq "cas"`: "", `preferredLanguage eq "FR" and (active eq false or title pr)`: "cas", `userName eq 1`: "", `userName eq true`: "",
			`id eq "` + key2(names, "cas") + `"`: "cas", `userName eq "AN" and not (userName eq "an")`: "",
		} {
			if got := find(filter); got != want {
				t.Errorf("%s finds %q, want %q", filter, got, want)
			}
		}
		an, bert := key2(names, "an"), key2(names, "bert")
		for filter, want := range map[string]int{
			`displayName eq "g"`: 1, `members eq "` + an + `"`: 1, `members eq "` + bert + `"`: 0, `members.value eq "` + an + `"`: 1, `members[value eq "` + an + `"]`: 1, `members pr`: 1, `not (members pr)`: 1,
			`members.display sw "anna"`: 1, `members[display eq "bert" or value eq "` + an + `"]`: 1, `not (members eq "` + an + `")`: 1, `members eq "` + an + `" or displayName eq "Leeg"`: 2,
			`id eq "` + group + `" and members eq "` + an + `"`: 1, `id eq "` + group + `" and members eq "` + bert + `"`: 0, `externalId pr`: 0,
		} {
			if got := p.must(200, "GET", "/Groups?filter="+filter, "")["totalResults"]; got != float64(want) {
				t.Errorf("%s finds %v groups, want %d", filter, got, want)
			}
		}
		for _, wrong := range []string{`userName`, `userName eq`, `active gt true`, `active eq "maybe"`, `userName gt null`, `userName eq "a" and`, `(userName pr`, `active sw "t"`, `emails[primary gt true]`} {
			w, body := p.send("GET", "/Users?filter="+wrong, key, "")
			p.refuses(wrong, w, body, 400, scim.InvalidFilter)
		}
	})
}

func key2(m map[string]string, value string) string {
	for k, v := range m {
		if v == value {
			return k
		}
	}
	return ""
}

func TestPagesAndOrderAreThoseAskedFor(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		for i, title := range []string{"c", "A", "b", "", "B"} {
			more := ""
			if title != "" {
				more = `,"title":"` + title + `","emails":[{"value":"z@x.be"},{"value":"` + title + fmt.Sprint(i) + `@x.be","primary":true}]`
			}
			p.user(fmt.Sprintf("u%d", i), more)
		}
		p.must(201, "POST", "/Groups", `{"displayName":"g1"}`)
		p.must(201, "POST", "/Groups", `{"displayName":"g2"}`)
		list := func(out map[string]any) string {
			var names []string
			for _, r := range out["Resources"].([]any) {
				m := r.(map[string]any)
				if n, ok := m["userName"].(string); ok {
					names = append(names, n)
				} else {
					names = append(names, fmt.Sprint(m["displayName"]))
				}
			}
			if n := float64(len(names)); out["itemsPerPage"] != n {
				t.Errorf("itemsPerPage %v of %v", out["itemsPerPage"], n)
			}
			return fmt.Sprint(out["totalResults"], " from ", out["startIndex"], ": ", strings.Join(names, " "))
		}
		for query, want := range map[string]string{
			"": "5 from 1: u0 u1 u2 u3 u4", "?count=2": "5 from 1: u0 u1", "?startIndex=3&count=2": "5 from 3: u2 u3", "?startIndex=9": "5 from 9: ", "?count=0": "5 from 1: ", "?count=-3": "5 from 1: ",
			"?startIndex=-1&count=1": "5 from 1: u0", "?sortBy=title": "5 from 1: u1 u2 u4 u0 u3", "?sortBy=title&sortOrder=descending": "5 from 1: u3 u0 u2 u4 u1",
			"?sortBy=userName&sortOrder=Descending&count=1&startIndex=2": "5 from 2: u3", "?sortBy=emails&count=4": "5 from 1: u1 u2 u4 u0", "?sortBy=nowhere": "5 from 1: u0 u1 u2 u3 u4",
			"?filter=title pr&count=2&startIndex=4": "4 from 4: u4", "?filter=title pr&count=0": "4 from 1: ", "?filter=": "5 from 1: u0 u1 u2 u3 u4", "?sortBy=meta.created&sortOrder=descending&count=1": "5 from 1: u4",
		} {
			if got := list(p.must(200, "GET", "/Users"+query, "")); got != want {
				t.Errorf("%s: %s, want %s", query, got, want)
			}
		}
		const search = `{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]`
		for body, want := range map[string]string{
			search + `}`: "7 from 1: u0 u1 u2 u3 u4 g1 g2", search + `,"startIndex":5,"count":2}`: "7 from 5: u4 g1", search + `,"startIndex":7}`: "7 from 7: g2", search + `,"startIndex":2,"count":"1"}`: "7 from 2: u1",
			search + `,"filter":"displayName sw \"g\""}`: "2 from 1: g1 g2", search + `,"filter":"meta.resourceType eq \"User\" and title pr","sortBy":"title","count":2}`: "4 from 1: u1 u2", search + `,"count":0}`: "7 from 1: ",
		} {
			if got := list(p.must(200, "POST", "/.search", body)); got != want {
				t.Errorf("%s: %s, want %s", body, got, want)
			}
		}
		if got := list(p.must(200, "POST", "/Users/.search", search+`,"attributes":["userName"],"count":1}`)); got != "5 from 1: u0" {
			t.Errorf("a search among users: %s", got)
		}
		if got := list(p.must(200, "POST", "/Groups/.search", search+`,"excludedAttributes":["members"]}`)); got != "2 from 1: g1 g2" {
			t.Errorf("a search among groups: %s", got)
		}
		for _, query := range []string{"?count=x", "?startIndex=1.5", "?sortOrder=up", "?sortBy=a[b pr]", "?attributes=a&excludedAttributes=b"} {
			if w, body := p.send("GET", "/Users"+query, key, ""); w.Code != 400 {
				t.Errorf("%s: %d %v", query, w.Code, body)
			}
		}
	})
}

func TestAnswersHaveTheAttributesAskedFor(t *testing.T) {
	t.Parallel()
	p := newPlace(t, dbtest.SQLite(t))
	user := p.user("a", `,"title":"t","name":{"givenName":"A","familyName":"B"},"emails":[{"value":"a@x.be","type":"work"},{"value":"b@x.be"}],"`+scim.EnterpriseSchema+`":{"department":"D","costCenter":"C"}`)
	group := p.must(201, "POST", "/Groups", `{"displayName":"g","members":[{"value":"`+user+`"}]}`)["id"].(string)
	for query, want := range map[string]string{
		"/Users/" + user + "?attributes=title":                                    "id schemas title",
		"/Users/" + user + "?attributes=NAME.familyname,name.givenName":           "id name.familyName name.givenName schemas",
		"/Users/" + user + "?attributes=emails.value":                             "emails.value id schemas",
		"/Users/" + user + "?attributes=" + scim.EnterpriseSchema + ":department": "id schemas urn.department",
		"/Users/" + user + "?attributes=" + scim.EnterpriseSchema:                 "id schemas urn.costCenter urn.department",
		"/Users/" + user + "?attributes=nowhere":                                  "id schemas",
		"/Users/" + user + "?excludedAttributes=id,schemas,meta,name.givenName,emails.type,active,title,userName," + scim.EnterpriseSchema + ":costCenter": "emails.value id name.familyName schemas urn.department",
		"/Users/" + user + "?excludedAttributes=" + scim.EnterpriseSchema + ",meta,emails,name":                                                            "active id schemas title userName",
		"/Groups/" + group + "?attributes=displayName":                                                                                                     "displayName id schemas",
		"/Groups/" + group + "?attributes=members.value":                                                                                                   "id members.value schemas",
		"/Groups/" + group + "?excludedAttributes=members,meta":                                                                                            "displayName id schemas",
	} {
		if got := flat(p.must(200, "GET", query, "")); got != want {
			t.Errorf("%s has %s, want %s", query, got, want)
		}
	}
	if got := flat(p.must(200, "PATCH", "/Groups/"+group+"?attributes=displayName", ops(`{"op":"replace","path":"displayName","value":"h"}`))); got != "displayName id schemas" {
		t.Errorf("a patch answers with %s", got)
	}
}

// flat names the attributes of a resource.
func flat(m map[string]any) string {
	seen := map[string]bool{}
	for k, v := range m {
		if strings.HasPrefix(k, "urn:") {
			k = "urn"
		}
		list, many := v.([]any)
		if !many {
			list = []any{v}
		}
		for _, e := range list {
			parts, ok := e.(map[string]any)
			if !ok {
				seen[k] = true
			}
			for sub := range parts {
				seen[k+"."+sub] = true
			}
		}
	}
	var names []string
	for k := range seen {
		names = append(names, k)
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

func TestVersionsGuardAgainstLostChanges(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		user := p.user("a", "")
		group := p.must(201, "POST", "/Groups", `{"displayName":"g"}`)["id"].(string)
		for target, body := range map[string]string{"/Users/" + user: `{"userName":"a","title":"%s"}`, "/Groups/" + group: `{"displayName":"g%s"}`} {
			w, _ := p.send("GET", target, key, "")
			first := w.Header().Get("ETag")
			if first != `W/"1"` || !strings.HasSuffix(w.Header().Get("Location"), scim.Prefix+target) {
				t.Errorf("%s: %v", target, w.Header())
			}
			if w, _ := p.send("GET", target, key, "", "If-None-Match", first); w.Code != 304 || w.Body.Len() > 0 {
				t.Errorf("%s, unchanged: %d", target, w.Code)
			}
			if w, _ := p.send("PUT", target, key, fmt.Sprintf(body, "1"), "If-Match", first); w.Code != 200 || w.Header().Get("ETag") != `W/"2"` {
				t.Errorf("%s, on the version that stands: %d %v", target, w.Code, w.Header())
			}
			if w, _ := p.send("PUT", target, key, fmt.Sprintf(body, "1")); w.Code != 200 || w.Header().Get("ETag") != `W/"2"` {
				t.Errorf("%s, replaced by the same: %d %v", target, w.Code, w.Header())
			}
			for method, sent := range map[string]string{"PUT": fmt.Sprintf(body, "2"), "PATCH": ops(`{"op":"replace","path":"externalId","value":"x"}`), "DELETE": ""} {
				w, out := p.send(method, target, key, sent, "If-Match", first)
				p.refuses(method+" on an old version", w, out, 412, "")
			}
			if w, _ := p.send("GET", target, key, "", "If-None-Match", first); w.Code != 200 {
				t.Errorf("%s, changed: %d", target, w.Code)
			}
			if w, _ := p.send("PATCH", target, key, ops(`{"op":"replace","path":"externalId","value":"x"}`), "If-Match", `"9", W/"2"`); w.Code >= 300 || w.Header().Get("ETag") != `W/"3"` {
				t.Errorf("%s, one of several versions: %d", target, w.Code)
			}
			if w, _ := p.send("DELETE", target, key, "", "If-Match", "*"); w.Code != 204 {
				t.Errorf("%s, whatever the version: %d", target, w.Code)
			}
		}
	})
}

func TestWhatIsWrongWithARequestIsSaid(t *testing.T) {
	t.Parallel()
	p := newPlace(t, dbtest.SQLite(t))
	user := p.user("a", `,"title":"t"`)
	group := p.must(201, "POST", "/Groups", `{"displayName":"g"}`)["id"].(string)
	at, in := "PATCH /Users/"+user, "PATCH /Groups/"+group
	for _, c := range []struct {
		target, body string
		status       int
		kind         scim.Type
	}{
		{"POST /Users", `{`, 400, scim.InvalidSyntax}, {"POST /Users", `[]`, 400, scim.InvalidSyntax}, {"POST /Users", `null`, 400, scim.InvalidSyntax}, {"POST /Users", `{} {}`, 400, scim.InvalidSyntax},
		{"POST /Users", ``, 400, scim.InvalidSyntax}, {"POST /Users", `{}`, 400, scim.InvalidValue}, {"POST /Users", `{"userName":" "}`, 400, scim.InvalidValue}, {"POST /Users", `{"userName":{"a":1},"x":1}`, 400, scim.InvalidValue},
		{"POST /Users", `{"userName":true}`, 400, scim.InvalidValue}, {"POST /Users", `{"userName":"b","USERNAME":"c"}`, 400, scim.InvalidSyntax}, {"POST /Users", `{"userName":"b","active":"yes"}`, 400, scim.InvalidValue},
		{"POST /Users", `{"userName":"b","name":"x"}`, 400, scim.InvalidValue}, {"POST /Users", `{"userName":"b","emails":["no mail"]}`, 400, scim.InvalidValue}, {"POST /Users", `{"userName":"b","title":["a","b"]}`, 400, scim.InvalidValue},
		{"POST /Users", `{"userName":"b","emails":[{"value":"a@x.be","primary":true},{"value":"b@x.be","primary":true}]}`, 400, scim.InvalidValue},
		{"POST /Users", `{"userName":"` + strings.Repeat("a", 1001) + `"}`, 400, scim.InvalidValue}, {"POST /Users", `{"schemas":["urn:x"],"userName":"b"}`, 400, scim.InvalidSyntax},
		{"POST /Users", `{"userName":"b","emails":[` + strings.Repeat(`"a@x.be",`, 20) + `"a@x.be"]}`, 400, scim.InvalidValue}, {"POST /Users", `{"userName":"` + strings.Repeat("a", 1<<20) + `"}`, 413, ""},
		{"POST /Groups", `{}`, 400, scim.InvalidValue}, {"POST /Groups", `{"displayName":"h","members":[{}]}`, 400, scim.InvalidValue}, {"POST /Groups", `{"displayName":"h","members":[{"display":"x"}]}`, 400, scim.InvalidValue},
		{"POST /Groups", `{"displayName":"h","members":[{"value":"` + group + `","type":"Group"}]}`, 400, scim.InvalidValue}, {"POST /Groups", `{"displayName":"h","members":[{"value":"` + group + `"}]}`, 400, scim.InvalidValue},
		{at, `{}`, 400, scim.InvalidSyntax}, {at, `{"Operations":[]}`, 400, scim.InvalidSyntax}, {at, `{"Operations":[1]}`, 400, scim.InvalidSyntax}, {at, ops(`{"op":"move","path":"title"}`), 400, scim.InvalidSyntax},
		{at, ops(`{"op":"remove"}`), 400, scim.NoTarget}, {at, ops(`{"op":"add","value":"x"}`), 400, scim.InvalidValue}, {at, ops(`{"op":"add","path":"title["}`), 400, scim.InvalidPath}, {at, ops(`{"op":"add","path":7}`), 400, scim.InvalidPath},
		{at, ops(`{"op":"add","path":"nowhere","value":"x"}`), 400, scim.InvalidPath}, {at, ops(`{"op":"add","path":"name.nowhere","value":"x"}`), 400, scim.InvalidPath}, {at, ops(`{"op":"replace","path":"id","value":"x"}`), 400, scim.Mutability},
		{at, ops(`{"op":"replace","path":"meta.created","value":"x"}`), 400, scim.Mutability}, {at, ops(`{"op":"remove","path":"userName"}`), 400, scim.Mutability}, {at, ops(`{"op":"remove","path":"active"}`), 400, scim.Mutability},
		{at, ops(`{"op":"replace","path":"userName","value":""}`), 400, scim.Mutability}, {at, ops(`{"op":"replace","path":"title[value eq \"t\"]","value":"x"}`), 400, scim.InvalidPath},
		{at, ops(`{"op":"replace","path":"emails[type sw \"w\"].value","value":"a@x.be"}`), 400, scim.NoTarget}, {at, ops(`{"op":"replace","path":"emails[primary gt true].value","value":"a@x.be"}`), 400, scim.InvalidFilter},
		{at, ops(`{"op":"replace","path":"emails[type eq \"work\"]","value":{"value":"a@x.be","type":"work"}}`), 400, scim.NoTarget}, {at, ops(`{"op":"add","path":"emails[value eq \"b@x.be\"]","value":{"type":"work"}}`), 400, scim.NoTarget},
		{at, ops(`{"op":"replace","path":"active","value":"perhaps"}`), 400, scim.InvalidValue}, {at, ops(`{"op":"replace","path":"` + scim.EnterpriseSchema + `","value":"x"}`), 400, scim.InvalidValue},
		{in, ops(`{"op":"replace","path":"members[value eq \"x\"].value","value":"y"}`), 400, scim.Mutability}, {in, ops(`{"op":"replace","path":"members.value","value":"y"}`), 400, scim.InvalidPath}, {in, ops(`{"op":"remove","path":"displayName"}`), 400, scim.Mutability},
		{in, ops(`{"op":"add","path":"members.display","value":"y"}`), 400, scim.Mutability},
		{"GET /nowhere", "", 404, ""}, {"GET /Users/" + user + "/x", "", 404, ""}, {"GET /users", "", 404, ""}, {"GET /Groups/" + user, "", 404, ""}, {"DELETE /Users", "", 405, ""}, {"GET /.search", "", 405, ""}, {"POST /Users/" + user, `{}`, 405, ""},
		{"POST /Bulk", `{}`, 501, ""}, {"GET /Me", "", 501, ""}, {"POST /Schemas", `{}`, 405, ""}, {"GET /Schemas?filter=id pr", "", 403, ""}, {"GET /Schemas/urn:x", "", 404, ""}, {"GET /ServiceProviderConfig/x", "", 404, ""},
		{"POST /.search", `{"filter":"a"}`, 400, scim.InvalidFilter}, {"PATCH /Users/nobody", ops(off), 404, ""}, {"PUT /Groups/nobody", `{"displayName":"x"}`, 404, ""},
	} {
		method, path, _ := strings.Cut(c.target, " ")
		w, body := p.send(method, path, key, c.body)
		p.refuses(fmt.Sprintf("%s %.200s", c.target, c.body), w, body, c.status, c.kind)
	}
	w, body := p.send("POST", "/Users", key, `{"userName":"b"}`, "Content-Type", "text/plain")
	p.refuses("another form", w, body, 415, "")
	if w, _ := p.send("POST", "/Users", key, `{"userName":"b"}`, "Content-Type", "application/json"); w.Code != 201 {
		t.Errorf("plain JSON: %d", w.Code)
	}
	if got := p.must(200, "GET", "/Users/"+user, ""); got["title"] != "t" || got["meta"].(map[string]any)["version"] != `W/"1"` {
		t.Errorf("what was refused left something: %v", got)
	}
}

func TestDescriptionListsWhatIsKeptAndSaysWhatIsNotSupported(t *testing.T) {
	t.Parallel()
	p := newPlace(t, dbtest.SQLite(t))
	config := p.must(200, "GET", "/ServiceProviderConfig", "")
	for name, want := range map[string]bool{"patch": true, "bulk": false, "filter": true, "changePassword": false, "sort": true, "etag": true} {
		if got := config[name].(map[string]any)["supported"]; got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
	types := p.must(200, "GET", "/ResourceTypes", "")["Resources"].([]any)
	if len(types) != 2 || types[0].(map[string]any)["endpoint"] != "/Users" || p.must(200, "GET", "/ResourceTypes/Group", "")["schema"] != scim.GroupSchema {
		t.Errorf("%v", types)
	}
	schemas := p.must(200, "GET", "/Schemas", "")["Resources"].([]any)
	var names []string
	for _, s := range schemas {
		m := s.(map[string]any)
		one := p.must(200, "GET", "/Schemas/"+m["id"].(string), "")
		if one["name"] != m["name"] {
			t.Errorf("%v is not %v", one["name"], m["name"])
		}
		for _, a := range m["attributes"].([]any) {
			names = append(names, a.(map[string]any)["name"].(string))
		}
	}
	want := "userName name displayName title preferredLanguage active emails employeeNumber department division organization costCenter manager displayName members"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("listed: %s, want %s", got, want)
	}
}

func TestLogNamesNobody(t *testing.T) {
	t.Parallel()
	p := newPlace(t, dbtest.SQLite(t))
	user := p.user("NAAM@x.be", `,"displayName":"NAAM","externalId":"NAAM"`)
	p.must(200, "GET", `/Users?filter=userName eq "NAAM@x.be"`, "")
	p.must(200, "PATCH", "/Users/"+user, ops(`{"op":"replace","path":"title","value":"NAAM"}`))
	p.must(409, "POST", "/Users", `{"userName":"NAAM@x.be"}`)
	p.send("GET", "/Users?filter=NAAM", key, "")
	log := p.log.String()
	for _, private := range []string{"NAAM", user, "Bearer", "accounts.change"} {
		if strings.Contains(log, private) {
			t.Errorf("the log tells %s: %s", private, log)
		}
	}
	if !strings.Contains(log, `"route":"PATCH /scim/v2/Users/{id}"`) || !strings.Contains(log, `"organisation":"ours"`) {
		t.Errorf("the log does not tell what was asked: %s", log)
	}
	if n := p.count(`SELECT COUNT(*) FROM audit_log WHERE action = 'scim.user-changed' AND detail = '{"title":"changed"}' AND subject = $1`, user); n != 1 {
		t.Errorf("%d entries tell of the change", n)
	}
	if n := p.count(`SELECT COUNT(*) FROM audit_log WHERE detail LIKE '%NAAM%'`); n != 0 {
		t.Errorf("%d entries tell to what", n)
	}
}
