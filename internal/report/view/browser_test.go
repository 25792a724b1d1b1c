package view

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tekentafel/internal/chart"
	"tekentafel/internal/instrument"
	"tekentafel/internal/pdf"
	"tekentafel/internal/report/story"
	"tekentafel/internal/testkit"
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
	t.Run("demo on a phone", func(t *testing.T) {
		f := demo(t)
		s := story.Tell(f, instrument.DE)
		var page bytes.Buffer
		if err := HTML(&page, &s, f); err != nil {
			t.Fatal(err)
		}
		if page.Len() > 350_000 {
			t.Errorf("the report of the demonstration weighs %d bytes", page.Len())
		}
		look(t, b, page.Bytes(), browsertest.View{Width: 320, Height: 700})
	})
	t.Run("keyboard", func(t *testing.T) { byKeyboard(t, b) })
	t.Run("text width", func(t *testing.T) { textStandsWhereGuessed(t, b) })
	t.Run("fact sheet on paper", func(t *testing.T) {
		for name, s := range sheets(t) {
			t.Run(name, func(t *testing.T) { factSheetFits(t, b, s) })
			if name == "demo de" || name == "hostile" {
				t.Run(name+" on a phone", func(t *testing.T) { readOnAPhone(t, b, s) })
			}
		}
	})
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

// printed prints and returns where the PDF lies.
func printed(t *testing.T, write func(io.Writer) error) string {
	t.Helper()
	var out bytes.Buffer
	err := write(&out)
	var missing *pdf.NotInstalledError
	if errors.As(err, &missing) {
		testkit.Missing(t, err.Error())
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
		testkit.Missing(t, tool+" is missing: apt-get install poppler-utils")
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
	if n := strings.Count(text, "Gebruiksgemak"); n != 2 {
		t.Errorf("a row stands %d times on paper, not once in the chart and once in its table", n)
	}
}

// TestDemoOnPaper holds the printed report of the demonstration to a length that one reads, with its tables behind the text.
func TestDemoOnPaper(t *testing.T) {
	t.Parallel()
	f := demo(t)
	s := story.Tell(f, instrument.DE) // the longest of the languages
	file := printed(t, func(w io.Writer) error { return PDF(t.Context(), w, &s, f) })
	sheets := strings.Split(strings.TrimSuffix(poppler(t, "pdftotext", "-layout", file, "-"), "\f"), "\f")
	tables := slices.IndexFunc(sheets, func(text string) bool { return strings.HasPrefix(afterHeader(text), "Tabellen zu den Abbildungen") })
	if tables < 8 || tables > 15 || len(sheets) > 21 {
		t.Errorf("the tables start after %d pages of %d", tables, len(sheets))
	}
}

// afterHeader returns the text of a printed page below its running header.
func afterHeader(text string) string {
	_, rest, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return strings.TrimSpace(rest)
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
