package oidc

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
)

// claims are what a token or the userinfo endpoint says, as JSON holds it.
type claims map[string]any

// The bounds of what is taken over.
const (
	longestGroup = 250  // characters
	mostOfPerson = 2000 // groups of one person
	longestName  = 120  // characters
	longestMail  = 254  // bytes, RFC 5321
	deepestPath  = 6
)

// UnmarshalJSON implements json.Unmarshaler. Numbers keep their digits.
func (c *claims) UnmarshalJSON(raw []byte) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	m := map[string]any{}
	if err := d.Decode(&m); err != nil {
		return err
	}
	*c = m
	return nil
}

// at returns the value of a claim: by its whole name, which may hold dots, or else by a path into objects.
func (c claims) at(path string) (any, bool) {
	if v, ok := c[path]; ok {
		return v, true
	}
	var here any = map[string]any(c)
	parts := strings.Split(path, ".")
	if len(parts) > deepestPath {
		return nil, false
	}
	for i := range parts {
		object, ok := here.(map[string]any)
		if !ok {
			return nil, false
		}
		// What is left may be one name with dots in it, as in "urn:example.org:groups" within an object.
		if v, ok := object[strings.Join(parts[i:], ".")]; ok {
			return v, true
		}
		if here, ok = object[parts[i]]; !ok {
			return nil, false
		}
	}
	return here, true
}

func (c claims) has(path string) bool {
	_, ok := c.at(path)
	return ok
}

func (c claims) text(name string) string {
	s, _ := c[name].(string)
	return s
}

// truth reads a claim that should be true or false and that some providers write as text.
func (c claims) truth(name string) bool {
	switch v := c[name].(type) {
	case bool:
		return v
	case string:
		return v == "true"
	default:
		return false
	}
}

func (c claims) number(name string) (float64, bool) {
	n, ok := c[name].(json.Number)
	if !ok {
		return 0, false
	}
	x, err := n.Float64()
	if err != nil || x < 0 || x > 1e11 {
		return 0, false
	}
	return x, true
}

// person reads what we use of the claims.
func (c claims) person(groupsClaim string) (Person, error) {
	groups, err := c.groups(groupsClaim)
	if err != nil {
		return Person{}, err
	}
	mail := mailOf(c.text("email"))
	p := Person{
		Subject: c.text("sub"), Mail: mail, MailVerified: mail != "" && c.truth("email_verified"), Lang: langOf(c.text("locale")),
		Groups: groups, SessionID: c.text("sid"),
	}
	if len(p.SessionID) > longestIssuer {
		return Person{}, wrongAnswer(errors.New("sid is too long"))
	}
	for _, name := range []string{c.text("name"), c.text("given_name") + " " + c.text("family_name"), c.text("preferred_username"), mail} {
		if p.Name = oneLine(name); p.Name != "" {
			break
		}
	}
	return p, nil
}

// groups reads the groups of a person: a list of texts, or one text. A provider that leaves them out because there are too
// many is a problem, as roles would be lost without a word.
func (c claims) groups(path string) ([]string, error) {
	if path == "" {
		return nil, nil
	}
	v, found := c.at(path)
	if !found {
		if elsewhere, ok := c["_claim_names"].(map[string]any); ok && elsewhere[path] != nil {
			return nil, say(problem.Unavailable, "groups-elsewhere")
		}
		return nil, nil
	}
	var list []string
	switch v := v.(type) {
	case string:
		list = []string{v}
	case []any:
		for _, x := range v {
			if s, ok := x.(string); ok {
				list = append(list, s)
			}
		}
	}
	if len(list) > mostOfPerson {
		return nil, say(problem.Unavailable, "groups-elsewhere")
	}
	list = slices.DeleteFunc(list, func(s string) bool {
		return s == "" || utf8.RuneCountInString(s) > longestGroup || !utf8.ValidString(s)
	})
	slices.Sort(list)
	return slices.Compact(list), nil
}

// mailOf returns an address in small letters, or "" when it cannot be one.
func mailOf(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	local, domain, found := strings.Cut(s, "@")
	if !found || local == "" || domain == "" || len(s) > longestMail || strings.Contains(domain, "@") || !utf8.ValidString(s) {
		return ""
	}
	if strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("<>,;\"()[]\\", r)
	}) {
		return ""
	}
	return s
}

// langOf returns the language of a locale such as "nl-BE" when the interface speaks it.
func langOf(locale string) instrument.Lang {
	base, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(locale), "_", "-"), "-")
	if l := instrument.Lang(base); slices.Contains(instrument.Languages(), l) {
		return l
	}
	return ""
}

// oneLine takes out what cannot stand in a name and cuts it to its longest.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError, unicode.In(r, unicode.Cf, unicode.Co):
			return -1
		case unicode.IsSpace(r), unicode.IsControl(r):
			return ' '
		}
		return r
	}, s)
	words := strings.Join(strings.Fields(s), " ")
	if runes := []rune(words); len(runes) > longestName {
		words = strings.TrimSpace(string(runes[:longestName]))
	}
	return words
}
