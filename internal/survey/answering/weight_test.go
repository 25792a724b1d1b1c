package answering

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"tekentafel/instruments"
	"tekentafel/internal/instrument"
	"tekentafel/internal/survey/wave"
)

// monitor asks the built-in monitor, which is the largest questionnaire that most people meet.
func (w *world) monitor() {
	w.t.Helper()
	src, err := instruments.Open("genai-monitor")
	if err != nil {
		w.t.Fatal(err)
	}
	in, err := instrument.Parse("genai-monitor.yaml", src)
	if err != nil {
		w.t.Fatal(err)
	}
	s, err := NewSurvey(w.survey.Wave, in, w.survey.Keys, w.survey.Org)
	if err != nil {
		w.t.Fatal(err)
	}
	w.survey = s
}

var addresses = regexp.MustCompile(`(?:href|src)="(/(?:assets|w)/[^"?#]+\.[a-z0-9]+)"`)

// TestTheFirstLoadIsLight weighs a page with all that it needs, as it is sent.
func TestTheFirstLoadIsLight(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wave.Anonymous)
	w.monitor()
	packed := func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip") }
	for _, path := range []string{"", "/questions", "/kiosk", "/privacy"} {
		for _, lang := range instrument.Languages() {
			address := "/w/" + code + path + "?lang=" + string(lang)
			page := w.do("GET", address, "")
			total := w.do("GET", address, "", packed).Body.Len()
			parts := map[string]int{"page": total}
			for _, m := range addresses.FindAllStringSubmatch(page.Body.String(), -1) {
				if _, seen := parts[m[1]]; seen || strings.HasSuffix(m[1], ".png") { // icons for devices that ask for them
					continue
				}
				r := w.do("GET", m[1], "", packed)
				if r.Code != http.StatusOK {
					t.Errorf("%s: %d", m[1], r.Code)
				}
				parts[m[1]] = r.Body.Len()
				total += r.Body.Len()
			}
			if total > 100_000 {
				t.Errorf("%s weighs %d bytes: %v", address, total, parts)
			} else if lang == instrument.NL {
				t.Logf("%s weighs %d bytes: %v", address, total, parts)
			}
		}
	}
}

func BenchmarkQuestions(b *testing.B) {
	w := newWorld(b, wave.Anonymous)
	w.monitor()
	for b.Loop() {
		if r := w.do("GET", "/w/"+code+"/questions?lang=nl", "", func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip") }); r.Code != http.StatusOK {
			b.Fatal(r.Code)
		}
	}
}

func BenchmarkEntry(b *testing.B) {
	w := newWorld(b, wave.Anonymous)
	w.monitor()
	for b.Loop() {
		if r := w.do("GET", "/w/"+code+"?lang=nl", "", func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip") }); r.Code != http.StatusOK {
			b.Fatal(r.Code)
		}
	}
}
