package print

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tekentafel/internal/instrument"
	"tekentafel/internal/pdf"
	"tekentafel/internal/qrcode"
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
	code, err := qrcode.SVG(spoken.Wave.Scan, "QR-code die naar de vragenlijst leidt")
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
