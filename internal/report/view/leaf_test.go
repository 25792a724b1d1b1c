package view

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	"tekentafel/instruments"
	"tekentafel/internal/chart"
	"tekentafel/internal/instrument"
	"tekentafel/internal/report/analysis"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/report/story"
	"tekentafel/internal/synth"
	"tekentafel/internal/ui/browsertest"
)

// demo analyses a synthetic wave of the monitor, as the demonstration does.
func demo(t testing.TB) *findings.Findings {
	t.Helper()
	f, err := analysed()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

var analysed = sync.OnceValues(func() (*findings.Findings, error) {
	src, err := instruments.Open("genai-monitor")
	if err != nil {
		return nil, err
	}
	in, err := instrument.Parse("genai-monitor.yaml", src)
	if err != nil {
		return nil, err
	}
	w, err := synth.New(synth.Options{Instrument: in, Size: 1214, Seed: 2026, Population: 2961})
	if err != nil {
		return nil, err
	}
	a, err := w.Answers(context.Background(), 0, 1214)
	if err != nil {
		return nil, err
	}
	return analysis.Analyse(context.Background(), a, analysis.Options{
		Organisation: "Stad Voorbeeld", Wave: "voorjaar 2026", Population: 2961, By: []string{"department", "age", "workplace"},
	})
})

// sheets are stories that strain the fact sheet, each in its way.
func sheets(t *testing.T) map[string]*story.Story {
	t.Helper()
	out := map[string]*story.Story{"crowded": crowdedStory(), "hostile": hostileStory()}
	for n := range 5 {
		s, _ := example()
		s.Sheet.Heard = s.Sheet.Heard[:n]
		if n == 1 {
			s.Sheet.Doing = nil
		}
		out[fmt.Sprintf("%d figures", n)] = s
	}
	f := demo(t)
	for _, lang := range instrument.Languages() {
		s := story.Tell(f, lang)
		out["demo "+string(lang)] = &s
	}
	return out
}

// crowdedStory fills the fact sheet with as much as it promises to hold.
func crowdedStory() *story.Story {
	s, _ := example()
	long := "Ongeveer zeven op tien collega’s van de dienst Ruimtelijke Ordening vragen voorbeelden uit het eigen werk en duidelijke richtlijnen."
	s.Sheet.Title = "Wat 1.214 collega’s van Stad Voorbeeld en het OCMW ons vertelden over AI"
	s.Sheet.Asked, s.Sheet.Heard, s.Sheet.Doing = nil, nil, nil
	for i := range 9 {
		s.Sheet.Asked = append(s.Sheet.Asked, fmt.Sprintf("%d. Hoe vaardig voel je je in het werken met generatieve AI?", i))
		h := story.Heard{Big: "54\u00a0%", Text: long, Range: "tussen 51 en 57\u00a0%", Label: "Grafiek", Chart: means()}
		if i == 0 {
			h.Chart = likert()
		}
		s.Sheet.Heard = append(s.Sheet.Heard, h)
		s.Sheet.Doing = append(s.Sheet.Doing, long)
	}
	s.Sheet.Privacy = strings.Repeat("Niemand kan zien welke antwoorden van jou zijn, ook wij niet. ", 3)
	s.Sheet.Contact = strings.Repeat("Loop langs bij HR of mail hr@voorbeeld.be. ", 2)
	return s
}

// hostileStory has five figures of five rows with long German labels, and texts without end.
func hostileStory() *story.Story {
	s, _ := example()
	s.Lang = instrument.DE
	const word = "Arbeitsunterlagenvereinheitlichungsbeauftragtenverordnung"
	long := strings.Repeat("Zusammenarbeit mit der "+word+" und den Fachbereichsleiterinnen. ", 12)
	var rows []chart.Interval
	for i := range 5 {
		r := interval("Kein Endgerät oder keine Zugangsberechtigung für die "+word, .2, .3, .4)
		r.Strong = i == 4
		rows = append(rows, r)
	}
	s.Sheet = story.Sheet{Title: long, Privacy: long, Contact: long}
	for range 9 {
		s.Sheet.Asked = append(s.Sheet.Asked, long)
		s.Sheet.Doing = append(s.Sheet.Doing, long)
		s.Sheet.Heard = append(s.Sheet.Heard, story.Heard{Big: "etwa 1.250.000", Text: long, Range: "zwischen 1.100.000 und 1.300.000", Label: "Diagramm",
			Chart: chart.Intervals{Rows: rows, Max: 1, Percent: true}})
	}
	return s
}

// overlaps measures the page as it is printed: what leaves its page or its cell, what stands on what, and charts too small to
// read. Texts and charts are leaves of the layout, so no two of them may meet.
const overlaps = `(() => {
  const bad = [], short = e => e.tagName + ' ' + (e.textContent || '').trim().slice(0, 30);
  const inside = (r, room, slack) => r.top >= room.top - slack && r.bottom <= room.bottom + slack && r.left >= room.left - slack && r.right <= room.right + slack;
  for (const leaf of document.querySelectorAll('.leaf')) {
    const room = leaf.getBoundingClientRect();
    if (leaf.scrollHeight > leaf.clientHeight + 1) bad.push('a page overflows: ' + leaf.scrollHeight + ' > ' + leaf.clientHeight);
    const seen = [...leaf.querySelectorAll('h1,h2,.big,.heard-text,p,li,.tag,.mark,.chart')].map(e => [e, e.getBoundingClientRect()]).filter(([, r]) => r.height && r.width);
    seen.forEach(([e, r], i) => {
      if (!inside(r, room, 1)) bad.push('off the page: ' + short(e) + ' ' + [r.top, r.bottom, r.left, r.right, room.top, room.bottom, room.left, room.right].map(Math.round));
      const cell = e.closest('.heard');
      if (cell && !inside(r, cell.getBoundingClientRect(), 2)) bad.push('out of its cell: ' + short(e));
      if (e.matches('.chart')) {
        const scale = Math.min(r.width / e.viewBox.baseVal.width, r.height / e.viewBox.baseVal.height);
        if (scale * 14 * .75 < 7) bad.push('a chart in type of ' + (scale * 14 * .75).toFixed(1) + ' pt: ' + short(e));
      }
      for (const [o, q] of seen.slice(i + 1)) {
        if (e.contains(o) || o.contains(e)) continue;
        if (r.left < q.right - 1 && q.left < r.right - 1 && r.top < q.bottom - 2 && q.top < r.bottom - 2) bad.push(short(e) + ' on ' + short(o));
      }
    });
  }
  return bad;
})()`

// readOnAPhone looks at real content: its charts are set otherwise than those of the example.
func readOnAPhone(t *testing.T, b *browsertest.Browser, s *story.Story) {
	var page bytes.Buffer
	if err := FactSheet(&page, s); err != nil {
		t.Fatal(err)
	}
	look(t, b, page.Bytes(), browsertest.View{Width: 320, Height: 700})
}

func factSheetFits(t *testing.T, b *browsertest.Browser, s *story.Story) {
	var page bytes.Buffer
	if err := FactSheet(&page, s); err != nil {
		t.Fatal(err)
	}
	p := b.Open(t, page.Bytes(), browsertest.View{Width: 794, Height: 1123, Print: true})
	defer p.Close()
	if out := browsertest.Eval[[]string](p, overlaps); len(out) > 0 {
		t.Error(strings.Join(out, "\n"))
	}
	if s.Lang != instrument.DE {
		return // German is longest; printing takes a second
	}
	file := printed(t, func(w io.Writer) error { return FactSheetPDF(t.Context(), w, s) })
	if about := info(t, file); !strings.Contains(about, "Pages:           2\n") {
		t.Error(about)
	}
}

func TestDemoFitsTheWall(t *testing.T) {
	t.Parallel()
	f := demo(t)
	for _, lang := range instrument.Languages() {
		s := story.Tell(f, lang)
		if n := backLeaf(&s).figures; n != len(rest(s.Sheet.Heard)) {
			t.Errorf("%s: the second page shows %d of %d figures", lang, n, len(rest(s.Sheet.Heard)))
		}
	}
}

func TestTopKeepsTheRowThatTheHeadlineIsAbout(t *testing.T) {
	t.Parallel()
	rows := []chart.Interval{{Label: "a"}, {Label: "b"}, {Label: "c"}, {Label: "d"}, {Label: "e", Strong: true}, {Label: "f"}}
	for n, want := range map[int]string{1: "e", 2: "ae", 3: "abe", 5: "abcde", 6: "abcdef", 9: "abcdef"} {
		got := ""
		for _, r := range top(chart.Intervals{Rows: rows}, n).(chart.Intervals).Rows {
			got += r.Label
		}
		if got != want {
			t.Errorf("top %d is %q, want %q", n, got, want)
		}
	}
	if n := len(top(chart.Profile{Rows: rows}, 3).(chart.Profile).Rows); n != 5 {
		t.Errorf("%d rows of a profile", n)
	}
	if n := len(top(likert(), 2).(chart.Diverging).Rows); n != 2 || top(nil, 3) != nil {
		t.Errorf("%d rows of bars", n)
	}
}
