package print

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"rsc.io/qr"

	"tekentafel/internal/instrument"
	"tekentafel/internal/pdf"
	"tekentafel/internal/testkit"
)

func TestMessagesAreThereInEachLanguage(t *testing.T) {
	t.Parallel()
	if err := locale().Check(); err != nil {
		t.Error(err)
	}
}

// campaign is a wave with n people.
func campaign(k Kind, n int, names bool) Sheet {
	s := Sheet{Kind: k, Lang: instrument.NL, Wave: Wave{
		Title: "GenAI-monitor najaar 2026", Organisation: "Stad Voorbeeld", Entry: "https://tekentafel.voorbeeld.example/w/k7m2p9qx",
		Refusal: "https://tekentafel.voorbeeld.example/no/k7m2p9qx", Contact: "Els Claes, HR, toestel 1234", Mode: Anonymous, Synthetic: true,
		Words:   instrument.Text{instrument.NL: "Samen tekenen we uit hoe we met AI willen werken.\n\nJe antwoord telt, ook als je nog nooit AI gebruikte."},
		Until:   func(instrument.Lang) string { return "14 december 2026, 17:00" },
		Minutes: map[instrument.Lang]int{instrument.NL: 8, instrument.FR: 8, instrument.DE: 8, instrument.EN: 8},
	}}
	for i := range n {
		p := Person{Group: "Dienst burgerzaken", PIN: fmt.Sprintf("K7M2P-9QX%02d", i), Lang: instrument.Languages()[i%4]}
		p.Link = s.Wave.Entry + "?lang=" + string(p.Lang) + "#" + p.PIN
		if names {
			p.Name = "Jan Peeters-Vandenbroucke"
		}
		s.People = append(s.People, p)
	}
	return s
}

func written(t testing.TB, s Sheet) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, s); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var modules = regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`)

// drawn reads a code from the path of its SVG.
func drawn(t testing.TB, svg string) (dark [][]bool) {
	t.Helper()
	size := regexp.MustCompile(`viewBox="0 0 (\d+) (\d+)"`).FindStringSubmatch(svg)
	if size == nil || size[1] != size[2] {
		t.Fatalf("no square: %.200s", svg)
	}
	side := number(t, size[1])
	dark = make([][]bool, side)
	for y := range dark {
		dark[y] = make([]bool, side)
	}
	for _, m := range modules.FindAllStringSubmatch(svg, -1) {
		for i := range number(t, m[3]) {
			dark[number(t, m[2])][number(t, m[1])+i] = true
		}
	}
	return dark
}

func number(t testing.TB, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestCodeIsDrawnModuleByModuleWithItsQuietZone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"https://tekentafel.voorbeeld.example/w/k7m2p9qx#K7M2P-9QX4R", "x", strings.Repeat("long ", 100)} {
		svg, err := Code(text, `a "label" <b>`)
		if err != nil {
			t.Fatal(err)
		}
		want, err := qr.Encode(text, qr.M)
		if err != nil {
			t.Fatal(err)
		}
		got := drawn(t, svg)
		if len(got) != want.Size+8 {
			t.Fatalf("%d modules a side, want %d and 4 of quiet zone on each", len(got), want.Size)
		}
		for y := range got {
			for x := range got {
				if got[y][x] != want.Black(x-4, y-4) {
					t.Fatalf("%q: module %d,%d", text, x, y)
				}
			}
		}
		if !strings.Contains(svg, `aria-label="a &#34;label&#34; &lt;b&gt;"`) {
			t.Error("the label is not escaped")
		}
	}
}

func TestCodeIsReadByAnotherProgram(t *testing.T) {
	t.Parallel()
	reader := scanner(t)
	text := "https://tekentafel.voorbeeld.example/w/k7m2p9qx#K7M2P-9QX4R"
	svg, err := Code(text, "x")
	if err != nil {
		t.Fatal(err)
	}
	dark := drawn(t, svg)
	const scale = 6
	img := image.NewGray(image.Rect(0, 0, len(dark)*scale, len(dark)*scale))
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			if !dark[y/scale][x/scale] {
				img.Pix[y*img.Stride+x] = 255
			}
		}
	}
	path := filepath.Join(t.TempDir(), "code.png")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if got := scan(t, reader, path); !slices.Equal(got, []string{text}) {
		t.Errorf("it reads %q", got)
	}
}

// scanner returns the path of zbarimg, a reader of codes that others made.
func scanner(t testing.TB) string {
	t.Helper()
	path, err := exec.LookPath("zbarimg")
	if err != nil {
		testkit.Missing(t, "zbarimg is missing; install it with apt-get install zbar-tools")
	}
	return path
}

func scan(t testing.TB, reader, path string) []string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), reader, "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", path).Output()
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	lines := strings.Fields(string(out))
	slices.Sort(lines)
	return lines
}

func TestSheetHoldsEveryPersonOnceAndNoOtherRequest(t *testing.T) {
	t.Parallel()
	for _, k := range Kinds() {
		for _, names := range []bool{true, false} {
			page := written(t, campaign(k, 50, names))
			for i := range 50 {
				if n := strings.Count(page, fmt.Sprintf(">K7M2P-9QX%02d<", i)); n != 1 {
					t.Errorf("%s: PIN %d stands there %d times", k, i, n)
				}
			}
			if got := strings.Contains(page, "Jan Peeters"); got != names {
				t.Errorf("%s: a name is there: %t", k, got)
			}
			if want := (50 + k.perPage() - 1) / k.perPage(); strings.Count(page, `class="page `) != want {
				t.Errorf("%s: %d pages, want %d", k, strings.Count(page, `class="page `), want)
			}
			for _, never := range []string{"<script", " style=", "src=\"http", "url(http"} {
				if strings.Contains(page, never) {
					t.Errorf("%s holds %s", k, never)
				}
			}
		}
	}
	if page := written(t, campaign(Poster, 0, false)); strings.Contains(page, "K7M2P-") || !strings.Contains(page, "/w/k7m2p9qx") {
		t.Error("the poster has a PIN, or no address")
	}
	spoken := campaign(Poster, 0, false)
	spoken.Wave.Scan = spoken.Wave.Entry + "?lang=nl"
	code, err := Code(spoken.Wave.Scan, "QR-code die naar de vragenlijst leidt")
	if page := written(t, spoken); err != nil || !strings.Contains(page, code) || strings.Contains(page, "?lang") {
		t.Errorf("the code of a poster does not lead to its language, or one types it, %v", err)
	}
}

func TestTextsOfTheOrganisationAreEscaped(t *testing.T) {
	t.Parallel()
	for _, k := range append(Kinds(), Poster) {
		s := campaign(k, 1, true)
		evil := `<img src=x onerror=alert(1)>"&`
		s.Wave.Title, s.Wave.Organisation, s.Wave.Contact, s.Wave.Words = evil, evil, evil, instrument.Text{instrument.NL: evil}
		s.People[0].Name, s.People[0].Group = evil, evil
		if page := written(t, s); strings.Contains(page, "<img") {
			t.Errorf("%s: a text is markup", k)
		}
	}
}

// TestLongWordsLeaveALetterOnItsPage looks for the last line of each letter on paper, which a page that is too full cuts off.
func TestLongWordsLeaveALetterOnItsPage(t *testing.T) {
	t.Parallel()
	if _, err := pdf.Find(); err != nil {
		testkit.Missing(t, err.Error())
	}
	sentence := "Samen tekenen we uit hoe we met artificiële intelligentie willen werken, en daarvoor hebben we je nodig. "
	for name, words := range map[string]string{
		"short": sentence, "middle": strings.Repeat(sentence+sentence+"\n\n", 3), "long": strings.Repeat(sentence, 14),
		"parted": strings.Repeat(sentence+sentence+"\n\n", 7), "many": strings.Repeat("Kort.\n\n", 14),
	} {
		s := campaign(Letters, 4, true)
		for _, l := range instrument.Languages() {
			s.Wave.Words[l] = words
		}
		out, err := pdf.Print(t.Context(), []byte(written(t, s)), pdf.Options{Bare: true})
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "letters.pdf")
		if keep := os.Getenv("KEEP_PICTURES"); keep != "" {
			path = filepath.Join(keep, "words-"+name+".pdf")
		}
		if err := os.WriteFile(path, out, 0o600); err != nil {
			t.Fatal(err)
		}
		for page := 1; page <= 4; page++ {
			n := strconv.Itoa(page)
			// The box is the page without its lowest 8 mm, in points at 72 dpi.
			text, err := exec.CommandContext(t.Context(), "pdftotext", "-f", n, "-l", n, "-x", "0", "-y", "0", "-W", "595", "-H", "819", path, "-").Output()
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(text), "Els Claes, HR, toestel 1234") {
				t.Errorf("%s: the last line is not on page %d", name, page)
			}
		}
	}
}

// TestPaperIsScannable prints each kind, looks at the pages as pictures, and reads every code on them.
func TestPaperIsScannable(t *testing.T) {
	t.Parallel()
	reader := scanner(t)
	if _, err := pdf.Find(); err != nil {
		testkit.Missing(t, err.Error())
	}
	for _, c := range []struct {
		kind  Kind
		n     int
		names bool
	}{{Letters, 4, true}, {Cards, 11, false}, {Cards, 8, true}, {Labels, 26, true}, {Poster, 0, false}} {
		s := campaign(c.kind, c.n, c.names)
		out, err := pdf.Print(t.Context(), []byte(written(t, s)), pdf.Options{Bare: true})
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		if keep := os.Getenv("KEEP_PICTURES"); keep != "" {
			dir = keep
		}
		base := filepath.Join(dir, fmt.Sprintf("%s-%t", c.kind, c.names))
		if err := os.WriteFile(base+".pdf", out, 0o600); err != nil {
			t.Fatal(err)
		}
		if said, err := exec.CommandContext(t.Context(), "pdftoppm", "-r", "200", "-png", base+".pdf", base).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		pages, err := filepath.Glob(base + "-*.png")
		if err != nil {
			t.Fatal(err)
		}
		want := []string{s.Wave.Entry}
		count := 1
		if c.n > 0 {
			want, count = nil, (c.n+c.kind.perPage()-1)/c.kind.perPage()
		}
		if len(pages) != count {
			t.Errorf("%s: %d pages, want %d", c.kind, len(pages), count)
		}
		for _, p := range s.People {
			want = append(want, p.Link)
		}
		var got []string
		for _, p := range pages {
			got = append(got, scan(t, reader, p)...)
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %d codes are read, want %d:\n%q", c.kind, len(got), len(want), got)
		}
	}
}
