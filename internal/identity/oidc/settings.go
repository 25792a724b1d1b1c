package oidc

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"tekentafel/internal/access"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
)

// Provider is a provider as an organisation uses it.
type Provider struct {
	Issuer   string // as the provider writes it in its tokens
	ClientID string
	Secret   string
	Settings
}

// Settings are what an organisation decides about people who come from its provider.
type Settings struct {
	Label          map[instrument.Lang]string `json:"label,omitempty"`       // on the button; "" for a general text
	Scopes         []string                   `json:"scopes,omitempty"`      // beside openid
	GroupsClaim    string                     `json:"groupsClaim,omitempty"` // a claim, or a path into one: "realm_access.roles"
	GroupRoles     map[string][]access.Role   `json:"groupRoles,omitempty"`
	DefaultDeny    bool                       `json:"defaultDeny,omitempty"`    // only people in a group of GroupRoles come in
	CreateAccounts bool                       `json:"createAccounts,omitempty"` // the first sign-in makes an account
	LinkByMail     bool                       `json:"linkByMail,omitempty"`     // the first sign-in takes the account with the same, verified, address
}

// DefaultSettings are those of a provider that is new: people get an account when they first sign in, with the part of
// employee alone.
func DefaultSettings() Settings {
	return Settings{Scopes: []string{"profile", "email"}, CreateAccounts: true, LinkByMail: true}
}

// The bounds of a provider.
const (
	longestIssuer = 500 // bytes
	longestText   = 200
	mostScopes    = 20
	mostGroups    = 200 // that are mapped
)

// scopeForm is that of a scope (RFC 6749, section 3.3).
var scopeForm = regexp.MustCompile(`^[\x21\x23-\x5B\x5D-\x7E]{1,100}$`)

// Check returns what is wrong with the fields of a provider: issuer, client, scopes, claim, groups.
func (p Provider) Check() error {
	f := &problem.Form{Bundle: Locale()}
	u, err := url.Parse(p.Issuer)
	switch {
	case p.Issuer == "":
		f.Wrong("issuer", "field.issuer-empty", nil)
	case err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || len(p.Issuer) > longestIssuer:
		f.Wrong("issuer", "field.issuer-form", nil)
	case strings.Contains(p.Issuer, "/.well-known/"):
		f.Wrong("issuer", "field.issuer-well-known", nil)
	}
	if p.ClientID == "" || len(p.ClientID) > longestText {
		f.Wrong("client", "field.client", nil)
	}
	if p.Secret == "" || len(p.Secret) > longestIssuer {
		f.Wrong("secret", "field.secret", nil)
	}
	if len(p.Scopes) > mostScopes || slices.ContainsFunc(p.Scopes, func(s string) bool { return !scopeForm.MatchString(s) }) {
		f.Wrong("scopes", "field.scopes", nil)
	}
	if len(p.GroupsClaim) > longestText {
		f.Wrong("claim", "field.claim", nil)
	}
	p.checkGroups(f)
	return f.Err()
}

func (s Settings) checkGroups(f *problem.Form) {
	if len(s.GroupRoles) > mostGroups {
		f.Wrong("groups", "field.groups-many", nil)
	}
	for group, roles := range s.GroupRoles {
		if group == "" || utf8.RuneCountInString(group) > longestGroup || len(roles) == 0 {
			f.Wrong("groups", "field.groups-form", nil)
			break
		}
		if slices.ContainsFunc(roles, func(r access.Role) bool { return !slices.Contains(access.Roles(), r) }) {
			f.Wrong("groups", "field.groups-role", nil)
			break
		}
	}
	if len(s.GroupRoles) > 0 && s.GroupsClaim == "" {
		f.Wrong("claim", "field.claim-empty", nil)
	}
	if s.DefaultDeny && len(s.GroupRoles) == 0 {
		f.Wrong("groups", "field.groups-deny", nil)
	}
}

// Roles returns what somebody in these groups may be, sorted, and whether any of the groups is mapped. Everyone is an
// employee, so that role is not listed. Groups compare as written.
func (s Settings) Roles(groups []string) (roles []access.Role, mapped bool) {
	found := map[access.Role]bool{}
	for _, g := range groups {
		given, ok := s.GroupRoles[g]
		mapped = mapped || ok
		for _, r := range given {
			if r != access.Employee && slices.Contains(access.Roles(), r) {
				found[r] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found)), mapped
}

// Admit tells with which roles a person comes in, or why they do not.
func (s Settings) Admit(p Person) ([]access.Role, error) {
	roles, mapped := s.Roles(p.Groups)
	if s.DefaultDeny && !mapped {
		return nil, say(problem.Forbidden, "not-in-group")
	}
	return roles, nil
}

// ButtonText returns what the organisation wrote for the button in a language, or "".
func (s Settings) ButtonText(lang instrument.Lang) string { return s.Label[lang] }
