package services

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"golang.org/x/text/language"

	"tekentafel/internal/instrument"
)

var idForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// check calls at for everything that is wrong, with the place, what, and how to mend it.
func (l *List) check(at func(path, message, mend string)) {
	if l.Version == "" {
		at("version", "there is no version", `write version: "1" and raise it when the list changes`)
	}
	if _, err := time.Parse(time.DateOnly, l.Compiled); err != nil {
		at("compiled", fmt.Sprintf("%q is not a day", l.Compiled), `write the day of the last change as "2026-11-29"`)
	}
	ids := map[string]string{}
	unique := func(path, what, id string) {
		if !idForm.MatchString(id) {
			at(path, fmt.Sprintf("the id %q is not made of small letters, digits and hyphens", id), "write it as chat-gpt")
		}
		if before, ok := ids[what+id]; ok {
			at(path, fmt.Sprintf("the id %q stands at %s already", id, before), "give each its own id")
		}
		ids[what+id] = path
	}
	for i, s := range l.Sources {
		path := fmt.Sprintf("sources[%d]", i)
		unique(path+".id", "source ", s.ID)
		if strings.TrimSpace(s.What) == "" {
			at(path, "the source does not say what came from it", "write what")
		}
	}
	for i, k := range l.Kinds {
		path := fmt.Sprintf("kinds[%d]", i)
		unique(path+".id", "kind ", k.ID)
		for _, lang := range instrument.Languages() {
			if strings.TrimSpace(k.Label[lang]) == "" {
				at(path+".label", fmt.Sprintf("there is no label in %s", lang), "write it in every language")
			}
			if strings.TrimSpace(k.Instead[lang]) == "" {
				at(path+".instead", fmt.Sprintf("there is no text in %s on what to offer instead", lang), "write it in every language")
			}
		}
	}
	if len(l.Services) == 0 {
		at("services", "there is no service", "start from the file that comes with the product")
	}
	hosts, apps := map[string]string{}, map[string]string{}
	for i, s := range l.Services {
		path := fmt.Sprintf("services[%d]", i)
		unique(path+".id", "service ", s.ID)
		s.check(path, at)
		if ids["kind "+s.Kind] == "" {
			at(path+".kind", fmt.Sprintf("there is no kind %q", s.Kind), "use one of the kinds above")
		}
		if ids["source "+s.Source] == "" {
			at(path+".source", fmt.Sprintf("there is no source %q", s.Source), "use one of the sources above")
		}
		once := func(seen map[string]string, place, value string) {
			if before, ok := seen[value]; ok {
				at(place, fmt.Sprintf("%q belongs to %s already", value, before), "leave it with one service")
			}
			seen[value] = s.ID
		}
		for j, d := range append(append([]string(nil), s.Domains...), s.Except...) {
			place := fmt.Sprintf("%s.domains[%d]", path, j)
			if j >= len(s.Domains) {
				place = fmt.Sprintf("%s.except[%d]", path, j-len(s.Domains))
			}
			p, err := parsePattern(d)
			if err != nil {
				at(place, err.Error(), "write it as example.com, *.example.com or api.*.example.com")
				continue
			}
			once(hosts, place, p.String())
		}
		for j, a := range s.Apps {
			once(apps, fmt.Sprintf("%s.apps[%d]", path, j), plainName(a))
		}
	}
}

func (s *Service) check(path string, at func(path, message, mend string)) {
	if strings.TrimSpace(s.Name) == "" || strings.TrimSpace(s.Maker) == "" {
		at(path, "the service has no name or no maker", "write both")
	}
	if r, err := language.ParseRegion(s.Country); s.Country != "" && (err != nil || !r.IsCountry() || r.String() != s.Country) {
		at(path+".country", fmt.Sprintf("%q is not the code of a country", s.Country), "write two capital letters, such as BE, or leave it out")
	}
	if len(s.Domains) == 0 {
		at(path+".domains", "the service has no domain", "write at least one")
	}
	for j, a := range s.Apps {
		if plainName(a) == "" {
			at(fmt.Sprintf("%s.apps[%d]", path, j), "the name has no letter or digit", "write it as the firewall does")
		}
	}
}
