package roster

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/people"
	"tekentafel/internal/people/store"
)

func TestWhatWasPutOffStandsBehindTheOthersForWhoPutItOff(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.bring(town() + "0005;Mia;Pauwels;mia@stad.example;1981;Stad/Financiën;Technisch deskundige;B;1;\n0006;Noa;Bauwens;noa@stad.example;1982;Stad/Financiën;Techn. desk.;B;1;\n" +
			"0007;Mia;Pauwels;mia@stad.example;1981;Stad/Financiën;Boekhouder;B;0,2;\n")
		first := "Administratief medewerker · Adm. mdw."
		body := s.wants("proposed", s.get("hr", "/staff/titles"), 200, "2 voorstellen wachten op jou", first, "Technisch deskundige")
		s.lacks("nothing was put off", body, "Uitgesteld", "/staff/titles/later")
		before := strings.Index(body, first) < strings.Index(body, "Technisch deskundige")
		if !before {
			t.Fatal("the proposal with most people is not the first")
		}
		adm, mdw := s.functionID("Administratief medewerker"), s.functionID("Adm. mdw.")
		later := url.Values{"f": {adm}, "all": {mdw, adm}, "into": {adm}, "do": {"later"}}
		s.leads("later", s.post("hr", "/staff/titles/merge", later), "/staff/titles")
		s.leads("by a double tap", s.post("hr", "/staff/titles/merge", later), "/staff/titles")
		body = s.wants("behind", s.get("hr", "/staff/titles"), 200, "2 voorstellen wachten op jou", "1 voorstel stelde je uit", "Uitgesteld op ", `action="/staff/titles/later"`)
		if strings.Index(body, first) < strings.Index(body, "Technisch deskundige") {
			t.Error("it stands in front still")
		}
		merge := "/staff/titles/merge?f=" + adm + "&f=" + mdw
		s.wants("on its page", s.get("hr", merge), 200, "Uitgesteld op ", "Haal dit voorstel terug")
		s.lacks("for somebody else", s.wants("another", s.get("other hr", "/staff/titles"), 200, first), "Uitgesteld")
		s.leads("back", s.post("hr", "/staff/titles/later", url.Values{"id": {adm, mdw}}), "/staff/titles")
		body = s.wants("in front again", s.get("hr", "/staff/titles"), 200)
		if s.lacks("in front again", body, "Uitgesteld"); strings.Index(body, first) > strings.Index(body, "Technisch deskundige") {
			t.Error("it stands behind still")
		}

		// People alike, and all at once.
		link := regexpLink(s.wants("a pair", s.get("hr", "/staff/duplicates"), 200, "1 paar wacht op jou"), "/staff/duplicates/0")
		s.leads("later", s.post("hr", link, url.Values{"do": {"later"}}), "/staff/duplicates")
		s.wants("put off", s.get("hr", "/staff/duplicates"), 200, "1 paar wacht op jou", "Uitgesteld op ", "Haal alles terug")
		s.wants("on its page", s.get("hr", link), 200, "Uitgesteld op ", "Haal dit voorstel terug")
		s.leads("titles are others", s.post("hr", "/staff/titles/later", nil), "/staff/titles")
		s.wants("still put off", s.get("hr", "/staff/duplicates"), 200, "Uitgesteld op ")
		s.leads("back", s.post("hr", "/staff/duplicates/later", nil), "/staff/duplicates")
		s.lacks("back", s.wants("back", s.get("hr", "/staff/duplicates"), 200, "1 paar wacht op jou"), "Uitgesteld")
		for _, target := range []string{"/staff/titles/later", "/staff/duplicates/later"} {
			s.wants("who may not decide", s.post("dpo", target, nil), 403)
		}
	})
}

func TestWhatWasPutOffFirstComesBackInFront(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	p := putOff{kind: store.Title, since: map[string]time.Time{people.Proposal("b"): day.Add(time.Hour), people.Proposal("a"): day, people.Proposal("gone"): day}}
	list := []string{"a", "b", "c", "d"}
	behind(&p, list, func(s *string) []string { return []string{*s} })
	if !slices.Equal(list, []string{"c", "d", "a", "b"}) || p.open != 2 {
		t.Errorf("%v, %d", list, p.open)
	}
	if people.Proposal("x", "y") != people.Proposal("y", "x") || people.Proposal("x", "y") == people.Proposal("xy") {
		t.Error("a proposal is not told by its rows alone")
	}
}
