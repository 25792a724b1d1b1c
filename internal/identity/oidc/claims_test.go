package oidc

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"tekentafel/internal/access"
	"tekentafel/internal/problem"
)

func read(t *testing.T, raw string) claims {
	t.Helper()
	var c claims
	if err := json.Unmarshal([]byte(raw), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestGroupsAreFoundWhereverAProviderPutsThem(t *testing.T) {
	t.Parallel()
	for raw, c := range map[string]struct {
		path string
		want []string
	}{
		`{"groups":["b","a","a"]}`:                 {"groups", []string{"a", "b"}},
		`{"groups":"one"}`:                         {"groups", []string{"one"}},
		`{"groups":[1,null,{"x":1},["y"],"z",""]}`: {"groups", []string{"z"}},
		`{"groups":{"a":1}}`:                       {"groups", nil},
		`{"groups":7}`:                             {"groups", nil},
		`{}`:                                       {"groups", nil},
		`{"groups":["x"]}`:                         {"", nil},
		`{"realm_access":{"roles":["r"]}}`:         {"realm_access.roles", []string{"r"}},
		`{"resource_access":{"my.app":{"roles":["r"]}}}`:     {"resource_access.my.app.roles", nil},
		`{"https://example.org/groups":["r"]}`:               {"https://example.org/groups", []string{"r"}},
		`{"a":{"urn:x.y:groups":["r"]}}`:                     {"a.urn:x.y:groups", []string{"r"}},
		`{"a.b":["whole"],"a":{"b":["path"]}}`:               {"a.b", []string{"whole"}},
		`{"a":{"b":{"c":{"d":{"e":{"f":{"g":["deep"]}}}}}}}`: {"a.b.c.d.e.f.g", nil},
	} {
		got, err := read(t, raw).groups(c.path)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s at %q: %v, %v", raw, c.path, got, err)
		}
	}
}

func TestGroupsThatAreTooManyAreAProblemAndNeverAreLost(t *testing.T) {
	t.Parallel()
	if _, err := read(t, `{"_claim_names":{"groups":"src1"},"_claim_sources":{"src1":{}}}`).groups("groups"); keyOf(err) != "groups-elsewhere" {
		t.Errorf("got %v", err)
	}
	many, err := json.Marshal(map[string]any{"groups": strings.Split(strings.Repeat("x,", mostOfPerson+1), ",")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := read(t, string(many)).groups("groups"); keyOf(err) != "groups-elsewhere" {
		t.Errorf("got %v", err)
	}
}

func TestAPersonIsReadWithCare(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]Person{
		`{"sub":"1","email":" An@Stad.BE ","email_verified":"true","locale":"nl_BE"}`:      {Subject: "1", Mail: "an@stad.be", MailVerified: true, Name: "an@stad.be", Lang: "nl"},
		`{"sub":"1","email":"a@b","email_verified":1,"given_name":"An","family_name":"P"}`: {Subject: "1", Mail: "a@b", Name: "An P"},
		`{"sub":"1","email":"a@b@c","email_verified":true,"preferred_username":"ap"}`:      {Subject: "1", Name: "ap"},
		`{"sub":"1","email":"a b@c","name":"An\n\u202ePeeters\u0000"}`:                     {Subject: "1", Name: "An Peeters"},
		`{"sub":"1","email":"\"x\" <a@b>","locale":"xx"}`:                                  {Subject: "1"},
		`{"sub":1,"name":["x"]}`: {},
	} {
		got, err := read(t, raw).person("")
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", raw, err, diff)
		}
	}
}

func TestGroupsGiveRoles(t *testing.T) {
	t.Parallel()
	s := Settings{GroupRoles: map[string][]access.Role{
		"hr": {access.HR, access.Employee}, "boss": {access.Manager, access.HR}, "staff": {access.Employee}, "odd": {"emperor"},
	}}
	for _, c := range []struct {
		groups []string
		want   []access.Role
		mapped bool
	}{
		{nil, nil, false},
		{[]string{"other", "HR"}, nil, false},
		{[]string{"staff"}, nil, true},
		{[]string{"hr", "boss"}, []access.Role{access.HR, access.Manager}, true},
		{[]string{"odd"}, nil, true},
	} {
		roles, mapped := s.Roles(c.groups)
		if !slices.Equal(roles, c.want) || mapped != c.mapped {
			t.Errorf("%v: %v, %v", c.groups, roles, mapped)
		}
		s.DefaultDeny = true
		if _, err := s.Admit(Person{Groups: c.groups}); (err == nil) != c.mapped {
			t.Errorf("%v: %v", c.groups, err)
		}
		s.DefaultDeny = false
		if _, err := s.Admit(Person{Groups: c.groups}); err != nil {
			t.Errorf("%v: %v", c.groups, err)
		}
	}
}

func TestSettingsThatCannotWorkAreRefusedField(t *testing.T) {
	t.Parallel()
	good := Provider{Issuer: "https://login.example", ClientID: "c", Secret: "s", Settings: DefaultSettings()}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*Provider)
		field  string
	}{
		"no issuer":        {func(p *Provider) { p.Issuer = "" }, "issuer"},
		"no scheme":        {func(p *Provider) { p.Issuer = "login.example" }, "issuer"},
		"a script":         {func(p *Provider) { p.Issuer = "javascript:alert(1)" }, "issuer"},
		"a query":          {func(p *Provider) { p.Issuer = "https://a.example?x=1" }, "issuer"},
		"a password":       {func(p *Provider) { p.Issuer = "https://u:p@a.example" }, "issuer"},
		"discovery itself": {func(p *Provider) { p.Issuer += "/.well-known/openid-configuration" }, "issuer"},
		"no client":        {func(p *Provider) { p.ClientID = "" }, "client"},
		"no secret":        {func(p *Provider) { p.Secret = "" }, "secret"},
		"a scope in two":   {func(p *Provider) { p.Scopes = []string{"a b"} }, "scopes"},
		"groups, no claim": {func(p *Provider) { p.GroupRoles = map[string][]access.Role{"a": {access.HR}} }, "claim"},
		"nobody comes in":  {func(p *Provider) { p.DefaultDeny, p.GroupsClaim = true, "groups" }, "groups"},
		"no such role": {func(p *Provider) {
			p.GroupsClaim, p.GroupRoles = "groups", map[string][]access.Role{"a": {"emperor"}}
		}, "groups"},
		"no role": {func(p *Provider) { p.GroupsClaim, p.GroupRoles = "groups", map[string][]access.Role{"a": nil} }, "groups"},
	} {
		p := good
		c.change(&p)
		q, ok := problem.Of(p.Check())
		if !ok || len(q.Fields) != 1 || q.Fields[0].Name != c.field {
			t.Errorf("%s: %v", name, q)
		}
	}
}

// FuzzClaims holds that whatever a provider says becomes a person within bounds, or an error.
func FuzzClaims(f *testing.F) {
	f.Add(`{"sub":"1","email":"a@b","groups":["x"],"name":"N","locale":"nl"}`, "groups")
	f.Add(`{"a":{"b":["x"]}}`, "a.b")
	f.Fuzz(func(t *testing.T, raw, path string) {
		var c claims
		if json.Unmarshal([]byte(raw), &c) != nil {
			return
		}
		p, err := c.person(path)
		if err != nil {
			return
		}
		if utf8.RuneCountInString(p.Name) > longestName || len(p.Mail) > longestMail || len(p.Groups) > mostOfPerson || p.MailVerified && p.Mail == "" {
			t.Fatalf("%+v", p)
		}
		if !slices.IsSorted(p.Groups) || strings.ContainsAny(p.Name+p.Mail, "\n\r\x00") {
			t.Fatalf("%+v", p)
		}
	})
}

// FuzzAnswer holds that a query which passes has a state, and either a code or an error.
func FuzzAnswer(f *testing.F) {
	for _, s := range []string{"state=a&code=b", "state=a&error=access_denied&iss=x", "state=a&state=b&code=c", "code=a", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		q, err := url.ParseQuery(raw)
		if err != nil {
			return
		}
		a, err := ParseAnswer(q)
		if err != nil {
			if a != (Answer{}) {
				t.Fatalf("%q: %+v came with an error", raw, a)
			}
			return
		}
		if a.State == "" || (a.Code == "") == (a.Error == "") || len(q["state"]) != 1 || len(q["code"])+len(q["error"]) > 2 || len(q["iss"]) > 1 {
			t.Fatalf("%q: %+v", raw, a)
		}
	})
}
