package desk

import (
	"fmt"
	"strings"
	"testing"
)

// roll is a file of ten people with the numbers 1 to 10.
func roll(given, family string) string {
	var b strings.Builder
	b.WriteString("Personeelsnummer;Voornaam;Familienaam;Dienst;Functie\n")
	for i := range 10 {
		fmt.Fprintf(&b, "%04d;%s%c;%s%c;%s;Medewerker\n", i+1, given, 'a'+i, family, 'a'+i, family)
	}
	return b.String()
}

func TestNumbersOfOtherPeopleStopAndAreToldApart(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		city, welfare := s.source("Stad"), s.source("OCMW")
		at := s.bring(city, roll("Jan", "Peeters"))
		s.maps(at)
		s.takes(at)
		page := s.get("hr", sourcesAt+"/"+welfare).wants(200, "Personeelsnummers", "met het voorvoegsel OCMW wordt nummer 1042 uit deze bron OCMW-1042").silent("Er kwamen al mensen uit deze bron")
		if len(page.all("input", "name", "renumber")) != 0 {
			t.Error("it asks what becomes of numbers that nobody has")
		}

		at = s.bring(welfare, roll("Els", "Maes"))
		s.maps(at)
		page = s.get("hr", at).wants(200, "Dezelfde nummers, andere mensen", "10 van de 10 nummers die ook een andere bron heeft", "Janc", "Elsc", "Ja, dit klopt: het gaat om dezelfde mensen, onder een andere naam.").silent("Er verdwijnt veel")
		page.one("a", "href", sourcesAt+"/"+welfare+"#numbers")
		s.post("hr", at+"/apply", page.form(at+"/apply")).wants(422)

		form := s.get("hr", sourcesAt+"/"+welfare).form(sourcesAt + "/" + welfare)
		form.Set("prefix", "a/b")
		s.post("hr", sourcesAt+"/"+welfare, form).wants(422, "Gebruik hoogstens 12 letters en cijfers").one("a", "href", "#f-prefix")
		form.Set("prefix", "ocmw-")
		s.post("hr", sourcesAt+"/"+welfare, form).leads(importsAt)
		s.post("hr", sourcesAt+"/"+welfare, form).leads(importsAt)
		s.people.Settle()
		s.get("hr", importsAt).wants(200, "Voorvoegsel", "OCMW")
		s.get("hr", at).wants(200, "10 nieuw").silent("Dezelfde nummers")
		s.takes(at)

		// Whoever changes it afterwards says what becomes of the numbers.
		form = s.get("hr", sourcesAt+"/"+welfare).wants(200, "Er kwamen al mensen uit deze bron").form(sourcesAt + "/" + welfare)
		if form.Get("prefix") != "OCMW" {
			t.Errorf("%v", form)
		}
		form.Set("prefix", "WZ")
		s.post("hr", sourcesAt+"/"+welfare, form).wants(422, "Vink aan dat ze bij het volgende bestand").one("a", "href", "#f-renumber")
		form.Set("renumber", "yes")
		s.post("hr", sourcesAt+"/"+welfare, form).leads(importsAt)
		at = s.bring(welfare, roll("Els", "Maes"))
		s.people.Settle()
		s.get("hr", at).wants(200, "10 gewijzigd").silent("nieuw, ", "uit dienst")
	})
}
