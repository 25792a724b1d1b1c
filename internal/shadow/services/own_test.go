package services

import (
	"testing"
)

func TestServicesOfAnOrganisationStandBehindTheListAndTakeNothingFromIt(t *testing.T) {
	t.Parallel()
	l, err := BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	before := len(l.Services)
	x := l.Extend([]Service{
		{ID: "own-1", Name: "Praatpaal", Kind: "chat", Domains: []string{"praatpaal.example", "chatgpt.com"}, Apps: []string{"chatgpt"}},
		{ID: "own-2", Name: "Al bekend", Kind: "chat", Domains: []string{"claude.ai"}},
		{ID: "own-3", Name: "Nog eens", Kind: "chat", Domains: []string{"praatpaal.example"}},
		{ID: "own-4", Name: "Geen soort", Kind: "spook", Domains: []string{"spook.example"}},
		{ID: "chatgpt", Name: "Namaak", Kind: "chat", Domains: []string{"namaak.example"}},
		{ID: "own-5", Name: "Stuk", Kind: "chat", Domains: []string{"co.uk", "x"}},
	})
	if len(l.Services) != before || len(x.Services) != before+1 || x.Services[before].Source != OwnSource {
		t.Fatalf("%d of %d: %+v", len(x.Services), before, x.Services[before:])
	}
	m := NewMatcher(x)
	for host, want := range map[string]string{"www.praatpaal.example": "own-1", "chatgpt.com": "chatgpt", "claude.ai": "claude", "namaak.example": "", "spook.example": ""} {
		got := ""
		if i := m.Host([]byte(host)); i != None {
			got = x.Services[i].ID
		}
		if got != want {
			t.Errorf("%s is %q, want %q", host, got, want)
		}
	}
	if i := m.App([]byte("chatgpt")); x.Services[i].ID != "chatgpt" {
		t.Errorf("an addition takes the name of an application: %s", x.Services[i].ID)
	}
}

func TestDomainsAndCountriesAreTakenAsTheListTakesThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"example.com": "example.com", "*.example.com": "*.example.com", "bücher.example": "xn--bcher-kva.example", "co.uk": "", "localhost": "", "https://example.com": "", "": ""} {
		if got, err := Domain(text); got != want || (err == nil) != (want != "") {
			t.Errorf("%q is %q, %v", text, got, err)
		}
	}
	for code, want := range map[string]bool{"BE": true, "be": false, "EU": false, "XX": false, "": false, "BEL": false} {
		if Country(code) != want {
			t.Errorf("%q: %v", code, !want)
		}
	}
}
