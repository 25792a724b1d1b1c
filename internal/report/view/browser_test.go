package view

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tekentafel/internal/chart"
	"tekentafel/internal/pdf"
	"tekentafel/internal/report/story"
	"tekentafel/internal/ui/browsertest"
)

// TestInABrowser opens the pages as readers do, in one browser for all.
func TestInABrowser(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	for name, page := range pages(t) {
		for _, width := range []int64{320, 820, 1366} {
			for _, dark := range []bool{false, true} {
				v := browsertest.View{Width: width, Height: 900, Dark: dark}
				t.Run(fmt.Sprintf("%s %v", name, v), func(t *testing.T) { look(t, b, page, v) })
			}
		}
	}
	t.Run("keyboard", func(t *testing.T) { byKeyboard(t, b) })
	t.Run("text width", func(t *testing.T) { textStandsWhereGuessed(t, b) })
	t.Run("fact sheet on paper", func(t *testing.T) { factSheetFits(t, b) })
}

// look says what is wrong with a page as seen in a view, with all its tables open.
func look(t *testing.T, b *browsertest.Browser, page []byte, v browsertest.View) {
	p := b.Open(t, page, v)
	defer p.Close()
	browsertest.Eval[int](p, `[...document.querySelectorAll('details')].map(d => d.open = true).length`)
	for what, out := range map[string][]string{
		"refused by the content security policy": p.Refused(), "requests": p.Requests(), "beyond the edge": p.Beyond(), "axe-core": p.Violations(),
	} {
		if len(out) > 0 {
			t.Errorf("%s: %s", what, strings.Join(out, "\n"))
		}
	}
	if px := p.SmallestText(); px < 12 {
		t.Errorf("smallest text is %.1f px", px)
	}
	if n := browsertest.Eval[int](p, `[...document.fonts].filter(f => f.status === 'loaded').length`); n == 0 {
		t.Error("the typeface did not load")
	}
}

// byKeyboard goes through the stops of the tab key and looks whether each can be seen.
func byKeyboard(t *testing.T, b *browsertest.Browser) {
	p := b.Open(t, reportPage(t), browsertest.View{Width: 820, Height: 900})
	out := browsertest.Eval[[]string](p, `(() => {
  const bad = [], stops = [...document.querySelectorAll('a[href],summary,button,input,[tabindex="0"]')];
  for (const e of stops) {
    e.focus({focusVisible: true});
    const s = getComputedStyle(e);
    if (document.activeElement !== e) bad.push('no focus: ' + e.textContent);
    if (s.outlineStyle === 'none' || parseFloat(s.outlineWidth) < 2) bad.push('focus cannot be seen: ' + e.textContent);
    const r = e.getBoundingClientRect();
    if (r.bottom < 0 || r.top > innerHeight) bad.push('focus out of sight: ' + e.textContent);
  }
  if (!stops[0].classList.contains('skip')) bad.push('the first stop is not the skip link');
  return bad;
})()`)
	if len(out) > 0 {
		t.Error(strings.Join(out, "\n"))
	}
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

func factSheetFits(t *testing.T, b *browsertest.Browser) {
	sheets := map[string]*story.Story{"crowded": crowdedStory()}
	for n := range 5 {
		s, _ := example()
		s.Sheet.Heard = s.Sheet.Heard[:n]
		if n == 1 {
			s.Sheet.Doing = nil
		}
		sheets[fmt.Sprintf("%d figures", n)] = s
	}
	for name, s := range sheets {
		t.Run(name, func(t *testing.T) {
			var page bytes.Buffer
			if err := FactSheet(&page, s); err != nil {
				t.Fatal(err)
			}
			p := b.Open(t, page.Bytes(), browsertest.View{Width: 794, Height: 1123, Print: true})
			defer p.Close()
			out := browsertest.Eval[[]string](p, `(() => {
  const bad = [];
  for (const leaf of document.querySelectorAll('.leaf')) {
    const room = leaf.getBoundingClientRect();
    if (leaf.scrollHeight > leaf.clientHeight + 1) bad.push('a page overflows: ' + leaf.scrollHeight + ' > ' + leaf.clientHeight);
    for (const e of leaf.querySelectorAll('h1,h2,h3,p,li,.tag,.chart')) {
      const r = e.getBoundingClientRect();
      if (r.height && r.bottom > room.bottom + 1) bad.push('off the page: ' + e.textContent.slice(0, 40));
      const cell = e.closest('.heard');
      if (cell && r.height && r.bottom > cell.getBoundingClientRect().bottom + 1) bad.push('cut off: ' + e.tagName + ' ' + e.textContent.slice(0, 40));
    }
    const blocks = [...leaf.querySelectorAll('header,.asked,.hero,.more,.doing,footer')].map(e => e.getBoundingClientRect());
    for (let i = 1; i < blocks.length; i++) if (blocks[i].top < blocks[i - 1].bottom - 1) bad.push('blocks overlap: ' + i);
  }
  return bad;
})()`)
			if len(out) > 0 {
				t.Error(strings.Join(out, "\n"))
			}
			file := printed(t, func(w io.Writer) error { return FactSheetPDF(t.Context(), w, s) })
			if about := info(t, file); !strings.Contains(about, "Pages:           2\n") || !strings.Contains(about, "Title:           "+s.Sheet.Title) {
				t.Error(about)
			}
		})
	}
}

// printed prints and returns where the PDF lies.
func printed(t *testing.T, write func(io.Writer) error) string {
	t.Helper()
	var out bytes.Buffer
	err := write(&out)
	var missing *pdf.NotInstalledError
	if errors.As(err, &missing) {
		browsertest.Missing(t, err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "page.pdf")
	if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func info(t *testing.T, args ...string) string { return poppler(t, "pdfinfo", args...) }

func poppler(t *testing.T, tool string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(tool); err != nil {
		browsertest.Missing(t, tool+" is missing: apt-get install poppler-utils")
	}
	out, err := exec.Command(tool, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", tool, err, out)
	}
	return string(out)
}

func TestReportOnPaper(t *testing.T) {
	t.Parallel()
	s, f := example()
	file := printed(t, func(w io.Writer) error { return PDF(t.Context(), w, s, f) })
	about := info(t, file)
	for _, want := range []string{"Tagged:          yes", "Title:           " + s.Title, "A4"} {
		if !strings.Contains(about, want) {
			t.Errorf("pdfinfo does not say %q:\n%s", want, about)
		}
	}
	structure := info(t, "-struct-text", file)
	for _, want := range []string{"H1", "Table", "TH", "Figure"} {
		if !strings.Contains(structure, want) {
			t.Errorf("no %s in the structure of the PDF", want)
		}
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"/Lang (nl)", "/Outlines", "/Alt "} {
		if !bytes.Contains(raw, []byte(want)) {
			t.Errorf("no %s in the PDF", want)
		}
	}
	text := strings.Join(strings.Fields(poppler(t, "pdftotext", "-layout", file, "-")), " ")
	for _, want := range []string{"Pagina 1 van", s.Kicker, "Dienst Ruimtelijke Ordening", tooFew, "Welke antwoorden meetellen"} {
		if !strings.Contains(text, want) {
			t.Errorf("the paper does not say %q", want)
		}
	}
	if n := strings.Count(text, "Ik vertrouw de antwoorden niet"); n != 2 {
		t.Errorf("a row stands %d times on paper, not once in the chart and once in its table", n)
	}
}

// textStandsWhereGuessed holds the widths that charts reckon with to those of the browser.
func textStandsWhereGuessed(t *testing.T, b *browsertest.Browser) {
	s, f := example()
	s.Chapters[0].Figures[0].Chart = chart.Intervals{Percent: true, Max: 1, Rows: []chart.Interval{
		interval("Sphinx of black quartz, judge my vow", .1, .2, .3), interval("ÀÉÈÊËÏÎÔÙÛÜŸÇ àéèêëïîôùûüÿç œ Œ ß", .1, .2, .3)}}
	var page bytes.Buffer
	if err := HTML(&page, s, f); err != nil {
		t.Fatal(err)
	}
	p := b.Open(t, page.Bytes(), browsertest.View{Width: 1366, Height: 900})
	out := browsertest.Eval[[]string](p, `[...document.querySelectorAll('.chart')].filter(c => c.getClientRects().length).flatMap(c => {
  const texts = [...c.querySelectorAll('text')].map(t => [t.textContent, t.getBBox()]), bad = [], w = c.viewBox.baseVal.width;
  for (const [a, p] of texts) {
    if (p.x < -1 || p.x + p.width > w + 1) bad.push('outside: ' + a);
    for (const [b, q] of texts) if (a !== b && p.x < q.x + q.width - 1 && q.x < p.x + p.width - 1 && p.y + 3 < q.y + q.height - 3 && q.y + 3 < p.y + p.height - 3) bad.push(a + ' on ' + b);
  }
  return bad;
})`)
	if len(out) > 0 {
		t.Error(strings.Join(out, "\n"))
	}
}
