package chart

import (
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the golden pictures anew")

var layouts = []Layout{Wide, Narrow, Small, Half}

const tooFew = "te weinig antwoorden (< 10)"

func examples() map[string]Chart {
	return map[string]Chart{
		"intervals": Intervals{Min: 0, Max: 1, Percent: true,
			Ref: &Reference{Value: .53, Low: .49, High: .57, Label: "Vlaams onderzoek bij 576 overheidsmedewerkers: 53\u00a0%"},
			Rows: []Interval{
				{Label: "Onthaal", Value: .8, Low: .7, High: .89, Text: "80\u00a0%"},
				{Label: "Dienst Ruimtelijke Ordening, Vergunningen en Omgevingshandhaving", Value: .53, Low: .44, High: .62, Text: "53\u00a0%", Strong: true},
				{Label: "Groen en wegen", Value: 1, Low: .9, High: 1, Text: "100\u00a0%"},
				{Label: "Archief", Hidden: tooFew},
			}},
		"beside": Intervals{Min: 0, Max: 1, Percent: true, Legend: &Legend{Own: "Dienst Ruimtelijke Ordening en Vergunningen", Beside: "iedereen samen"},
			Rows: []Interval{
				{Label: "Elke dag", Value: .2, Low: .12, High: .3, Text: "20\u00a0%", Strong: true, Beside: &Reference{Value: .35, Low: .32, High: .38, Label: "35\u00a0%"}},
				{Label: "Nooit", Hidden: tooFew, Beside: &Reference{Value: .1, Low: .08, High: .12, Label: "10\u00a0%"}},
				{Label: "Elke maand", Value: .1, Low: .05, High: .2, Text: "10\u00a0%"},
				{Label: "Elke week", Value: 1, Low: .9, High: 1, Text: "100\u00a0%", Beside: &Reference{Value: math.NaN(), Low: .1, High: math.Inf(1), Label: "–"}},
			}},
		"effects": Intervals{Min: -.2, Max: .6, Rows: []Interval{
			{Label: "Verwachting", Value: .41, Low: .34, High: .48, Text: "0,41"},
			{Label: "Invloed van anderen", Value: -.05, Low: -.12, High: .02, Text: "−0,05"},
		}},
		"diverging": Diverging{Legend: []string{"helemaal oneens", "oneens", "eens", "helemaal eens"}, Neutral: "niet eens, niet oneens",
			Rows: []Stack{
				{Label: "Ik weet welke gegevens ik nooit mag invoeren, ook niet als het snel moet gaan", Negative: []float64{.08, .17}, Positive: []float64{.4, .13}, Neutral: .22, Texts: []string{"25\u00a0%", "22\u00a0%", "53\u00a0%"}},
				{Label: "Ik bouw zelf hulpjes met AI", Hidden: tooFew},
				{Label: "Ik kan het uitleggen", Negative: []float64{.22, .29}, Positive: []float64{.18, .05}, Neutral: .26, Texts: []string{"51\u00a0%", "26\u00a0%", "23\u00a0%"}, Strong: true},
			}},
		"profile": Profile{Min: 1, Max: 5, LowText: "1 = helemaal oneens", HighText: "5 = helemaal eens", Rows: []Interval{
			{Label: "Communicatief", Value: 3.7, Low: 3.6, High: 3.8, Text: "3,7"},
			{Label: "Creatief", Hidden: tooFew},
			{Label: "Ethisch", Value: 3.3, Low: 3.2, High: 3.4, Text: "3,3"},
			{Label: "Technisch", Value: 2.5, Low: 2.4, High: 2.6, Text: "2,5", Strong: true},
		}},
	}
}

func frame() Frame {
	return Frame{ID: "figure", Title: "Gebruik per dienst", Description: "Het hoogst bij <Onthaal> & \"Archief\"", Lang: "nl"}
}

func TestGoldenPictures(t *testing.T) {
	t.Parallel()
	for name, c := range examples() {
		for _, l := range layouts {
			t.Run(name+"-"+l.suffix(), func(t *testing.T) {
				t.Parallel()
				got := strings.ReplaceAll(SVG(frame(), c, l), "><", ">\n<") + "\n"
				file := filepath.Join("testdata", name+"-"+l.suffix()+".svg")
				if *update {
					if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if got != string(want) {
					t.Errorf("%s differs; look at it, then run go test ./internal/chart -update\n%s", file, got)
				}
			})
		}
	}
}

// check says what is wrong with a drawn chart: outside the sheet, text on text, text on a mark, broken XML, inline style.
func check(c Chart, l Layout) error {
	s, height := compose(frame(), c, l)
	const slack = 0.6
	sheet := box{-slack, -slack, l.width() + slack, height + slack}
	for i, e := range s.elements {
		for _, v := range []float64{e.box.x0, e.box.y0, e.box.x1, e.box.y1} {
			if !finite(v) {
				return fmt.Errorf("not finite: %s", e.svg)
			}
		}
		if e.box.x0 < sheet.x0 || e.box.y0 < sheet.y0 || e.box.x1 > sheet.x1 || e.box.y1 > sheet.y1 {
			return fmt.Errorf("outside %gx%g: %s %v", l.width(), height, e.svg, e.box)
		}
		if e.text == "" {
			continue
		}
		for _, o := range s.elements[i+1:] {
			if o.text != "" && overlaps(e.box, o.box, 0.5) {
				return fmt.Errorf("text on text: %q and %q", e.text, o.text)
			}
		}
		for _, o := range s.elements {
			if !isMark(o) {
				continue
			}
			for _, mark := range append([]box{o.box}, o.strokes...)[min(len(o.strokes), 1):] {
				if overlaps(e.box, mark, 0.5) {
					return fmt.Errorf("text %q on a mark: %s", e.text, o.svg)
				}
			}
		}
	}
	return wellFormed(s.render(frame(), height, l))
}

func isMark(e element) bool {
	for _, class := range []string{"c-whisker", "c-point", "c-bar", "c-stem"} {
		if strings.Contains(e.svg, `class="`+class) {
			return true
		}
	}
	return false
}

func overlaps(a, b box, slack float64) bool {
	return a.x0 < b.x1-slack && b.x0 < a.x1-slack && a.y0 < b.y1-slack && b.y0 < a.y1-slack
}

func wellFormed(svg string) error {
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if start, ok := token.(xml.StartElement); ok {
			for _, a := range start.Attr {
				if a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on") || strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "Inf") {
					return fmt.Errorf("attribute %s=%q", a.Name.Local, a.Value)
				}
			}
			if start.Name.Local == "style" || start.Name.Local == "script" {
				return fmt.Errorf("element %s", start.Name.Local)
			}
		}
	}
}

func TestNothingOverlapsInTheExamples(t *testing.T) {
	t.Parallel()
	for name, c := range examples() {
		for _, l := range layouts {
			if err := check(c, l); err != nil {
				t.Errorf("%s, %s: %v", name, l.suffix(), err)
			}
		}
	}
}

func label() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.StringMatching(`([A-Za-zéëïçß]{1,14} ){0,12}[a-z]{1,40}`),
		rapid.SampledFrom([]string{"", " ", "Gebruiksvriendelijkheidsverwachtingsbevraging van alle diensten", "<b>&\"'", "日本語のラベル", "a\x00b\x1f", "54\u00a0%"}),
		rapid.StringN(0, 30, 60),
	)
}

func figureValue() *rapid.Generator[float64] {
	return rapid.OneOf(rapid.Float64Range(0, 1), rapid.Float64Range(-8, 8), rapid.SampledFrom([]float64{0, 1, math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, 1e-300}))
}

func intervalRow() *rapid.Generator[Interval] {
	return rapid.Custom(func(t *rapid.T) Interval {
		return Interval{Label: label().Draw(t, "label"), Value: figureValue().Draw(t, "value"), Low: figureValue().Draw(t, "low"),
			High: figureValue().Draw(t, "high"), Text: rapid.SampledFrom([]string{"", "54\u00a0%", "0,41", "100\u00a0%", "1.234,5"}).Draw(t, "text"),
			Hidden: rapid.SampledFrom([]string{"", "", tooFew, "trop peu de réponses pour montrer ce groupe sans risque (moins de 10 personnes ont répondu)"}).Draw(t, "hidden"),
			Strong: rapid.Bool().Draw(t, "strong"), Beside: rapid.Ptr(besideFigure(), true).Draw(t, "beside")}
	})
}

func besideFigure() *rapid.Generator[Reference] {
	return rapid.Custom(func(t *rapid.T) Reference {
		return Reference{Value: figureValue().Draw(t, "value"), Low: figureValue().Draw(t, "low"), High: figureValue().Draw(t, "high"),
			Label: rapid.SampledFrom([]string{"", "54\u00a0%", "–", "3,4"}).Draw(t, "figure")}
	})
}

func stackRow() *rapid.Generator[Stack] {
	return rapid.Custom(func(t *rapid.T) Stack {
		side := rapid.SliceOfN(figureValue(), 0, 4)
		return Stack{Label: label().Draw(t, "label"), Negative: side.Draw(t, "negative"), Positive: side.Draw(t, "positive"),
			Neutral: figureValue().Draw(t, "neutral"), Texts: rapid.SliceOfN(rapid.SampledFrom([]string{"", "7\u00a0%", "100\u00a0%"}), 0, 3).Draw(t, "texts"),
			Hidden: rapid.SampledFrom([]string{"", "", tooFew}).Draw(t, "hidden"), Strong: rapid.Bool().Draw(t, "strong")}
	})
}

func anyChart() *rapid.Generator[Chart] {
	return rapid.Custom(func(t *rapid.T) Chart {
		rows := rapid.SliceOfN(intervalRow(), 0, 8).Draw(t, "rows")
		switch rapid.IntRange(0, 2).Draw(t, "kind") {
		case 0:
			c := Intervals{Rows: rows, Min: figureValue().Draw(t, "min"), Max: figureValue().Draw(t, "max"), Percent: rapid.Bool().Draw(t, "percent")}
			if rapid.Bool().Draw(t, "with reference") {
				c.Ref = &Reference{Value: figureValue().Draw(t, "ref"), Low: figureValue().Draw(t, "ref low"), High: figureValue().Draw(t, "ref high"), Label: label().Draw(t, "ref label")}
			}
			if rapid.Bool().Draw(t, "with legend") {
				c.Legend = &Legend{Own: label().Draw(t, "own"), Beside: label().Draw(t, "other")}
			}
			return c
		case 1:
			return Diverging{Rows: rapid.SliceOfN(stackRow(), 0, 8).Draw(t, "stacks"), Legend: rapid.SliceOfN(label(), 0, 6).Draw(t, "legend"), Neutral: label().Draw(t, "neutral")}
		}
		return Profile{Rows: rows, Min: figureValue().Draw(t, "min"), Max: figureValue().Draw(t, "max"), LowText: label().Draw(t, "low"), HighText: label().Draw(t, "high")}
	})
}

func TestAnyChartFitsItsSheet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := anyChart().Draw(t, "chart")
		for _, l := range layouts {
			if err := check(c, l); err != nil {
				t.Fatalf("%s: %v", l.suffix(), err)
			}
		}
	})
}

func TestWrappedLinesFitAndLoseNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := plain(label().Draw(t, "text"))
		width := rapid.Float64Range(40, 400).Draw(t, "width")
		lines := wrapText(s, width, 16, true)
		for _, line := range lines {
			if textWidth(line, 16, true) > width+0.01 {
				t.Fatalf("%q is wider than %g", line, width)
			}
		}
		bare := func(s string) string {
			return strings.Map(func(r rune) rune {
				if r == '-' || breaksLine(r) {
					return -1
				}
				return r
			}, s)
		}
		if got := bare(strings.Join(lines, "")); got != bare(s) {
			t.Fatalf("%q became %q", s, lines)
		}
	})
}

func TestDrawWritesBothLayoutsWithOneName(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := Draw(&b, frame(), examples()["intervals"]); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`role="img"`, `aria-labelledby="figure-wide-t figure-wide-d"`, `<desc id="figure-wide-d">Het hoogst bij &lt;Onthaal&gt; &amp; &#34;Archief&#34;</desc>`, tooFewEscaped} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %s in the chart", want)
		}
	}
	if n := strings.Count(b.String(), "<title"); n != 1 {
		t.Errorf("%d titles for one chart", n)
	}
	if n := strings.Count(b.String(), `aria-labelledby="figure-wide-t figure-wide-d"`); n != 2 {
		t.Errorf("%d of two layouts carry the name of the chart", n)
	}
	if SVG(frame(), nil, Wide) != "" || Aspect(nil, Wide) != 0 {
		t.Error("a nil chart draws something")
	}
}

const tooFewEscaped = "te weinig antwoorden (&lt; 10)"

func TestDrawReportsAFailingWriter(t *testing.T) {
	t.Parallel()
	if err := Draw(broken{}, frame(), examples()["profile"]); err == nil || !strings.Contains(err.Error(), "figure") {
		t.Errorf("error %v", err)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestHiddenRowsShowNoMark(t *testing.T) {
	t.Parallel()
	c := Intervals{Percent: true, Min: 0, Max: 1, Rows: []Interval{{Label: "Archief", Value: .5, Low: .4, High: .6, Text: "50\u00a0%", Hidden: tooFew}}}
	for _, l := range layouts {
		svg := SVG(frame(), c, l)
		if strings.Contains(svg, "c-point") || strings.Contains(svg, "c-whisker") || strings.Contains(svg, "c-stem") || strings.Contains(svg, "50\u00a0%</text>") && !strings.Contains(svg, "c-quiet") {
			t.Errorf("%s shows the figure of a hidden row: %s", l.suffix(), svg)
		}
	}
}

func TestTicksAreWrittenAsTheLanguageDoes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lang    string
		percent bool
		value   float64
		digits  int
		want    string
	}{
		{"nl", true, .25, 2, "25\u00a0%"}, {"en", true, .25, 2, "25%"}, {"fr", true, .125, 3, "12,5\u00a0%"},
		{"nl", false, -.2, 1, "−0,2"}, {"en", false, 3, 0, "3"}, {"de", false, -0.0000001, 1, "0,0"},
	} {
		a := axis{min: -1, max: 4, percent: c.percent, lang: c.lang}
		if got := a.tick(c.value, c.digits); got != c.want {
			t.Errorf("%v: %q", c, got)
		}
	}
}

func TestSmallestTextIsReadable(t *testing.T) {
	t.Parallel()
	for l, narrowest := range map[Layout]float64{Wide: 560, Narrow: 284} {
		scale := narrowest / l.width()
		if px := min(l.quiet().size, l.label(false).size) * scale; px < 12 {
			t.Errorf("%s: %.1f px", l.suffix(), px)
		}
	}
}

func TestCoordinatesHaveOneDecimalAtMost(t *testing.T) {
	t.Parallel()
	for v, want := range map[float64]string{0: "0", -0.04: "0", 0.05: "0.1", -0.3: "-0.3", -1.25: "-1.3", 12: "12", 99.96: "100", 340.5: "340.5", -10.1: "-10.1"} {
		if got := num(v); got != want {
			t.Errorf("%g is written %q, want %q", v, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64Range(-1e6, 1e6).Draw(t, "v")
		if want := strconv.FormatFloat(math.Round(v*10)/10+0, 'f', -1, 64); num(v) != want {
			t.Fatalf("%g is written %q, want %q", v, num(v), want)
		}
	})
}
