package answering

import (
	"slices"
	"strings"
	"testing"

	"tekentafel/instruments"
	"tekentafel/internal/instrument"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/ui/browsertest"
)

// situations asks where people work and then the situations of the monitor, with their long answers.
func (w *world) situations() []string {
	w.t.Helper()
	src, err := instruments.Open("genai-monitor")
	if err != nil {
		w.t.Fatal(err)
	}
	whole, err := instrument.Parse("genai-monitor.yaml", src)
	if err != nil {
		w.t.Fatal(err)
	}
	in := *whole
	in.Items, in.Modules, in.Scales, in.Constructs, in.Indicators, in.Benchmarks, in.Models = nil, nil, nil, nil, nil, nil, nil
	var ids []string
	for _, it := range whole.Items {
		if it.ID == "workplace" || it.Topic == instrument.TopicTest {
			in.Items, ids = append(in.Items, it), append(ids, it.ID)
		}
	}
	s, err := NewSurvey(w.survey.Wave, &in, w.survey.Keys, w.survey.Org)
	if err != nil {
		w.t.Fatal(err)
	}
	w.survey = s
	return ids
}

// Whoever works in the field reads ten situations of the field on a phone: each on a page of its own, with answers that are easy to
// hit, read well and can be skipped.
func TestSituationsReadWellOnAPhone(t *testing.T) {
	b := browsertest.Start(t)
	for _, lang := range []string{"nl", "de"} {
		t.Run(lang, func(t *testing.T) {
			w := newWorld(t, wave.Anonymous)
			ids := w.situations()
			p, address := w.start(b, browsertest.View{Width: 390, Height: 844})
			p.Goto(address + "?lang=" + lang + "#" + pin)
			p.Click("[data-begin] .next-step")
			p.Wait("#s-workplace")
			p.Click(`label[for="q-workplace-2"]`)
			p.Click(next)
			p.Wait("#s-test_intro")
			sound(t, p, "1 what follows")
			p.Click(next)
			fields := slices.DeleteFunc(ids, func(id string) bool { return !strings.HasSuffix(id, "_field") })
			if len(fields) != 10 {
				t.Fatalf("%d situations", len(fields))
			}
			for i, id := range fields {
				wait(t, p, `!document.getElementById('s-`+id+`').closest('[hidden]')`)
				if i < 2 {
					p.Click(`label[for="q-` + id + `-3"]`)
					sound(t, p, "2 situation "+string(rune('1'+i)))
				}
				for what, expression := range map[string]string{
					"an answer is hard to hit": `[...document.querySelectorAll('label[for^="q-` + id + `"]')].filter(l => l.getBoundingClientRect().height < 44).length`,
					"an answer is cut off":     `[...document.querySelectorAll('label[for^="q-` + id + `"]')].filter(l => l.scrollWidth > l.clientWidth + 1).length`,
				} {
					if n := browsertest.Eval[int](p, expression); n > 0 {
						t.Errorf("%s: %s (%d)", id, what, n)
					}
				}
				if n := p.Count(`label[for^="q-` + id + `"]`); n < 3 {
					t.Errorf("%s has %d answers", id, n)
				}
				p.Click(next) // most are skipped
			}
			wait(t, p, `!document.querySelector('[data-screen=review]').hidden`)
			sound(t, p, "3 review")
		})
	}
}
