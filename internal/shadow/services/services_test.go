package services

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tekentafel/internal/instrument"
)

func builtIn(t testing.TB) (*List, *Matcher) {
	t.Helper()
	l, err := BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	return l, NewMatcher(l)
}

func TestBuiltInListIsLargeDatedAndSaysWhatToOfferInstead(t *testing.T) {
	t.Parallel()
	l, _ := builtIn(t)
	if len(l.Services) < 150 {
		t.Errorf("there are %d services; at least 150 are promised", len(l.Services))
	}
	if l.Day().Year() < 2026 {
		t.Errorf("compiled on %s", l.Compiled)
	}
	used := map[string]int{}
	for _, s := range l.Services {
		used[s.Kind]++
		if k, ok := l.Kind(s.Kind); !ok || k.Instead.In(instrument.Languages()[0]) == "" {
			t.Errorf("%s: nothing is offered instead of %q", s.ID, s.Kind)
		}
	}
	for _, k := range l.Kinds {
		if used[k.ID] == 0 {
			t.Errorf("no service is of the kind %q", k.ID)
		}
	}
}

func TestHostFindsTheServiceByTheMostParticularPattern(t *testing.T) {
	t.Parallel()
	l, m := builtIn(t)
	for host, want := range map[string]string{
		"chatgpt.com":              "chatgpt",
		"ab.chatgpt.com":           "chatgpt",
		"sora.chatgpt.com":         "sora",
		"chatgpt.com.":             "chatgpt",
		"notchatgpt.com":           "",
		"chatgpt.com.evil.example": "",
		"com":                      "",
		"":                         "",
		"..":                       "",
		"api.deepseek.com":         "deepseek-api",
		"api-docs.deepseek.com":    "",
		"www.deepseek.com":         "deepseek",
		"gent.openai.azure.com":    "azure-openai",
		"openai.azure.com":         "",
		"bedrock-runtime.eu-west-1.amazonaws.com":      "bedrock",
		"bedrock-runtime.amazonaws.com":                "",
		"s3.eu-west-1.amazonaws.com":                   "",
		"q.us-east-1.amazonaws.com":                    "amazon-q",
		"europe-west1-aiplatform.googleapis.com":       "vertex",
		"aiplatform.googleapis.com":                    "vertex",
		"storage.googleapis.com":                       "",
		"mail.google.com":                              "",
		"gemini.google.com":                            "gemini",
		"translate.google.be":                          "google-translate",
		"www-gent-be.translate.goog":                   "google-translate",
		"translate.goog":                               "",
		strings.Repeat("a.", 130) + "chatgpt.com":      "", // longer than a name can be
		"x" + strings.Repeat(".a", 100) + ".claude.ai": "claude",
	} {
		got := ""
		if i := m.Host([]byte(host)); i != None {
			got = l.Services[i].ID
		}
		if got != want {
			t.Errorf("%q is of %q, want %q", host, got, want)
		}
	}
}

func TestAppNamesFitWhateverTheirSpelling(t *testing.T) {
	t.Parallel()
	l, m := builtIn(t)
	for name, want := range map[string]string{"openai-chatgpt": "chatgpt", "ChatGPT": "chatgpt", "GitHub Copilot": "github-copilot", "Otter.ai": "otter",
		"ssl": "", "": "", "---": "", strings.Repeat("chatgpt", 20): ""} {
		got := ""
		if i := m.App([]byte(name)); i != None {
			got = l.Services[i].ID
		}
		if got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}

// No pattern of the list hides behind another one.
func TestEveryHostOfTheListIsOfItsService(t *testing.T) {
	t.Parallel()
	l, m := builtIn(t)
	for i, s := range l.Services {
		for _, d := range s.Domains {
			host := strings.ReplaceAll(d, "*", "eu-1")
			if got := m.Host([]byte(host)); got != i {
				t.Errorf("%s of %s gives %d, want %d", host, s.ID, got, i)
			}
		}
		for _, d := range s.Except {
			if got := m.Host([]byte(d)); got != None {
				t.Errorf("%s, which is not %s, gives %d", d, s.ID, got)
			}
		}
		for _, a := range s.Apps {
			if got := m.App([]byte(a)); got != i {
				t.Errorf("the application %s of %s gives %d", a, s.ID, got)
			}
		}
	}
}

const small = `version: "1"
compiled: "2026-11-29"
sources: [{id: own, what: "looked up"}]
kinds: [{id: chat, label: {nl: a, fr: a, de: a, en: a}, instead: {nl: b, fr: b, de: b, en: b}}]
services:
  - {id: one, name: One, maker: M, country: BE, kind: chat, domains: [müller.example, "*.wild.example"], except: [news.wild.example], source: own}
`

func TestNamesBeyondASCIIFitTheirPunycode(t *testing.T) {
	t.Parallel()
	l, err := Parse("t.yaml", []byte(small))
	if err != nil {
		t.Fatal(err)
	}
	m := NewMatcher(l)
	for host, want := range map[string]int{"müller.example": 0, "xn--mller-kva.example": 0, "www.xn--mller-kva.example": 0, "muller.example": None, "a.wild.example": 0, "news.wild.example": None, "b.news.wild.example": None, "wild.example": None} {
		if got := m.Host([]byte(host)); got != want {
			t.Errorf("%q gives %d, want %d", host, got, want)
		}
	}
}

func TestParseNamesWhatIsWrongAndWhere(t *testing.T) {
	t.Parallel()
	for old, c := range map[string]struct{ with, says string }{
		"id: one":           {"id: One", "small letters"},
		"country: BE":       {"country: Belgium", "not the code of a country"},
		"kind: chat, dom":   {"kind: chats, dom", "no kind"},
		"source: own}":      {"source: other}", "no source"},
		`"2026-11-29"`:      {`"29/11/2026"`, "not a day"},
		"müller.example":    {"co.uk", "everybody registers"},
		"news.wild.example": {"müller.example", "belongs to one already"},
		`"*.wild.example"`:  {`"*.*.example"`, "star in its last two labels"},
		"maker: M":          {"maker: \" \"", "no name or no maker"},
		", de: b":           {"", "no text in de"},
		"mixed":             {"", ""},
		"name: One":         {"nam: One", "nam"},
	} {
		text := strings.Replace(small, old, c.with, 1)
		_, err := Parse("t.yaml", []byte(text))
		if c.says == "" {
			if err != nil {
				t.Errorf("as it stands: %v", err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "t.yaml:") {
			t.Errorf("%s for %s: %v, want %q", c.with, old, err, c.says)
		}
	}
}

func TestRulesAreUnknownUntilTheOrganisationSays(t *testing.T) {
	t.Parallel()
	r := Rules{"a": Allowed, "b": Refused, "c": "perhaps"}
	for id, want := range map[string]Standing{"a": Allowed, "b": Refused, "c": Unknown, "d": Unknown} {
		if got := r.Of(id); got != want {
			t.Errorf("%s is %s, want %s", id, got, want)
		}
	}
}

// The host and everything below it are of the service; with a letter in front they are another's.
func TestWhatIsBelowADomainIsOfItsServiceAndWhatLooksLikeItIsNot(t *testing.T) {
	t.Parallel()
	l, m := builtIn(t)
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom(l.Services).Draw(t, "service")
		d := rapid.SampledFrom(s.Domains).Draw(t, "domain")
		if strings.Contains(d, "*") {
			return
		}
		label := "zz" + rapid.StringMatching(`[a-z0-9]{1,10}`).Draw(t, "label")
		if i := m.Host([]byte(d)); i == None || l.Services[i].ID != s.ID {
			t.Fatalf("%s is not of %s", d, s.ID)
		}
		if i := m.Host([]byte(label + "." + d)); i == None || l.Services[i].ID != s.ID {
			t.Fatalf("%s.%s is not of %s", label, d, s.ID)
		}
		if strings.Count(d, ".") == 1 && m.Host([]byte(label+d)) != None {
			t.Fatalf("%s%s is of a service", label, d)
		}
	})
}

func FuzzHostNeverPanics(f *testing.F) {
	_, m := builtIn(f)
	for _, s := range []string{"chatgpt.com", "..", "a..com", "xn--", "é.com", "\xff.com", ".chatgpt.com", "*.com"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, host []byte) {
		if i := m.Host(host); i < None || i >= len(m.list.Services) {
			t.Fatalf("%q gives %d", host, i)
		}
		m.App(host)
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(small))
	f.Fuzz(func(t *testing.T, src []byte) {
		if l, err := Parse("f.yaml", src); err == nil {
			NewMatcher(l).Host([]byte("chatgpt.com"))
		}
	})
}

func BenchmarkHost(b *testing.B) {
	_, m := builtIn(b)
	hosts := [][]byte{[]byte("www.example.com"), []byte("static.assets.gent.be"), []byte("login.microsoftonline.com"), []byte("ab.chatgpt.com"), []byte("storage.googleapis.com")}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		m.Host(hosts[i%len(hosts)])
	}
}
