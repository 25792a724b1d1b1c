package services

import (
	"slices"

	"golang.org/x/text/language"
)

// OwnSource is the source of services that an organisation added itself.
const OwnSource = "own"

// Domain returns a pattern of hosts in the one way of writing it, or what is wrong with it. Parse takes the same patterns.
func Domain(text string) (string, error) {
	p, err := parsePattern(text)
	if err != nil {
		return "", err
	}
	return p.String(), nil
}

// Country reports whether a text is the code of a country as lists have it: BE.
func Country(code string) bool {
	r, err := language.ParseRegion(code)
	return err == nil && r.IsCountry() && r.String() == code
}

// Patterns returns the id of the service to which each pattern of the list belongs, also of what is excepted.
func (l *List) Patterns() map[string]string {
	out := map[string]string{}
	for i := range l.Services {
		s := &l.Services[i]
		for _, d := range append(slices.Clone(s.Domains), s.Except...) {
			if p, err := Domain(d); err == nil {
				out[p] = s.ID
			}
		}
	}
	return out
}

// Extend returns a list with services of an organisation behind those of l, which stays as it is. What the list has meanwhile stays with the list: such patterns, and services of which
// none is left, whose id is taken or whose kind is not known, are left out.
func (l *List) Extend(own []Service) *List {
	out := *l
	out.Services = slices.Clone(l.Services)
	taken, ids := l.Patterns(), map[string]bool{}
	for i := range l.Services {
		ids[l.Services[i].ID] = true
	}
	for _, s := range own {
		var domains []string
		for _, d := range s.Domains {
			p, err := Domain(d)
			if err != nil || taken[p] != "" {
				continue
			}
			taken[p] = s.ID
			domains = append(domains, p)
		}
		if _, known := l.Kind(s.Kind); !known || len(domains) == 0 || ids[s.ID] {
			continue
		}
		ids[s.ID] = true
		s.Domains, s.Except, s.Apps, s.Source = domains, nil, nil, OwnSource
		out.Services = append(out.Services, s)
	}
	return &out
}
