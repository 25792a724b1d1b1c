package filter

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

func TestFiltersOfTheStandardAreRead(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		// RFC 7644, figure 2.
		`userName eq "bjensen"`:         `userName eq "bjensen"`,
		`name.familyName co "O'Malley"`: `name.familyName co "O'Malley"`,
		`userName sw "J"`:               `userName sw "J"`,
		`urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J"`: `urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J"`,
		`title pr`: `title pr`,
		`meta.lastModified gt "2011-05-13T04:42:34Z"`:                                           `meta.lastModified gt "2011-05-13T04:42:34Z"`,
		`title pr and userType eq "Employee"`:                                                   `title pr and userType eq "Employee"`,
		`title pr or userType eq "Intern"`:                                                      `title pr or userType eq "Intern"`,
		`schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"`:               `schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"`,
		`userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")`: `userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")`,
		`userType ne "Employee" and not (emails co "example.com")`:                              `userType ne "Employee" and not (emails co "example.com")`,
		`userType eq "Employee" and emails[type eq "work" and value co "@example.com"]`:         `userType eq "Employee" and emails[type eq "work" and value co "@example.com"]`,
		`emails[type eq "work" and value co "@a.b"] or ims[type eq "xmpp" and value co "@c"]`:   `emails[type eq "work" and value co "@a.b"] or ims[type eq "xmpp" and value co "@c"]`,
		// Tighter first; without regard to case; brackets without spaces.
		`a pr or b pr and c pr`:               `a pr or (b pr and c pr)`,
		`a PR AND NOT(b Eq TRUE)OR c eq null`: `(a pr and not (b eq true)) or c eq null`,
		`  ( a eq -1.5e3 ) `:                  `a eq -1.5e3`,
		`a eq "x\"y\\\u00e9\n"`:               `a eq "x\"y\\é\n"`,
		`emails[type eq "work"].value eq "x"`: `emails[type eq "work" and value eq "x"]`,
		`manager.$ref pr`:                     `manager.$ref pr`,
		`not pr`:                              `not pr`,
		`urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq "1"`: `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq "1"`,
	} {
		e, err := Parse(in)
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		if got := e.String(); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
}

func TestWhatIsNoFilterIsRefusedWithItsPlace(t *testing.T) {
	t.Parallel()
	for in, at := range map[string]int{
		``: 0, `a`: 1, `a eq`: 4, `a eq x`: 5, `a xx "y"`: 2, `a eq "x`: 5, `a eq "x" and`: 12, `a eq "x"  b pr`: 10, `(a pr`: 5, `a pr)`: 4, `a[b pr`: 6,
		`a[b[c pr]]`: 3, `a.b[c pr]`: 3, `a eq [1]`: 5, `a eq {}`: 5, `1a pr`: 0, `a..b pr`: 0, `a eq 01`: 5, `a[b pr].`: 8, `x:y pr`: 0, `a eq "x"y`: 8,
		"a eq \"\xff\"": 0, strings.Repeat("(", 100) + "a pr" + strings.Repeat(")", 100): deepest + 1, strings.Repeat("a", Longest+1): Longest,
	} {
		e, err := Parse(in)
		var wrong *Error
		if !errors.As(err, &wrong) {
			t.Errorf("%.40q became %v, %v", in, e, err)
			continue
		}
		if wrong.At != at {
			t.Errorf("%.40q: at %d, want %d: %v", in, wrong.At, at, err)
		}
	}
}

func TestPathsOfPatchesAreRead(t *testing.T) {
	t.Parallel()
	enterprise := "urn:ietf:params:scim:schemas:extension:enterprise:2.0"
	for in, want := range map[string]Target{
		`members`:                          {Path: Path{Name: "members"}},
		`name.familyName`:                  {Path: Path{Name: "name", Sub: "familyName"}},
		`emails[type eq "work"].value`:     {Path{Name: "emails", Sub: "value"}, Compare{Path{Name: "type"}, Eq, "work"}},
		`members[value eq "1"]`:            {Path{Name: "members"}, Compare{Path{Name: "value"}, Eq, "1"}},
		enterprise + `:User`:               {Path: Path{URN: enterprise, Name: "User"}},
		enterprise + `:User:department`:    {Path: Path{URN: enterprise + ":User", Name: "department"}},
		enterprise + `:User:manager.value`: {Path: Path{URN: enterprise + ":User", Name: "manager", Sub: "value"}},
	} {
		got, err := ParseTarget(in)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s became %#v, %v", in, got, err)
		}
		if got.String() != in {
			t.Errorf("%s is written %s", in, got)
		}
	}
	for _, in := range []string{``, `a b`, `a[`, `a[b pr`, `a[b pr]c`, `a.b.c`, `a[b pr].c.d`, `members[]`, `a.b[c pr]`} {
		if got, err := ParseTarget(in); err == nil {
			t.Errorf("%q became %v", in, got)
		}
	}
	if p, err := ParsePath(`a[b pr]`); err == nil {
		t.Errorf("a filter is taken for the path %v", p)
	}
}

func FuzzAFilterIsReadAsItIsWritten(f *testing.F) {
	for _, s := range []string{`a eq "x"`, `a.b pr and not (c[d gt 1 or e sw "\u0000"])`, `urn:a:2.0:U:m.v ne null`, `a pr or b pr and c pr`, `a[b pr].c eq true`, `not pr`, `not (a pr)`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := Parse(s)
		if err != nil {
			var wrong *Error
			if !errors.As(err, &wrong) || wrong.At < 0 || wrong.At > len(s) {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		written := e.String()
		if len(written) > Longest || strings.Count(written, "(") > deepest {
			return
		}
		again, err := Parse(written)
		if err != nil || again.String() != written || !reflect.DeepEqual(again, e) {
			t.Fatalf("%q was written %q, which became %v: %v", s, written, again, err)
		}
	})
}

func FuzzAPathIsReadAsItIsWritten(f *testing.F) {
	for _, s := range []string{`a`, `a.b`, `a[b eq "x"].c`, `urn:x:2.0:User:a.b`, `$ref`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ParseTarget(s)
		if err != nil {
			return
		}
		written := p.String()
		if len(written) > Longest || strings.Count(written, "(") > deepest {
			return
		}
		if again, err := ParseTarget(written); err != nil || !reflect.DeepEqual(again, p) {
			t.Fatalf("%q was written %q, which became %v: %v", s, written, again, err)
		}
	})
}
