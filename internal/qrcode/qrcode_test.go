package qrcode

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"rsc.io/qr"

	"tekentafel/internal/testkit"
)

var modules = regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`)

func number(t testing.TB, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

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

func TestCodeIsDrawnModuleByModuleWithItsQuietZone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"https://tekentafel.voorbeeld.example/w/k7m2p9qx#K7M2P-9QX4R", "x", strings.Repeat("long ", 100)} {
		svg, err := SVG(text, `a "label" <b>`)
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
	reader, err := exec.LookPath("zbarimg")
	if err != nil {
		testkit.Missing(t, "zbarimg is missing; install it with apt-get install zbar-tools")
	}
	text := "https://tekentafel.voorbeeld.example/w/k7m2p9qx#K7M2P-9QX4R"
	svg, err := SVG(text, "x")
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
	out, err := exec.CommandContext(t.Context(), reader, "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", path).Output()
	if got := strings.TrimSpace(string(out)); err != nil || got != text {
		t.Errorf("it reads %q: %v", got, err)
	}
}

func TestATextThatIsTooLongIsAnError(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := Draw(strings.Repeat("x", 3000), "y").Render(t.Context(), &b); err == nil || b.Len() > 0 {
		t.Errorf("%v, and %d bytes", err, b.Len())
	}
	if err := Draw("x", "y").Render(t.Context(), &b); err != nil || !strings.HasPrefix(b.String(), `<svg class="qr"`) {
		t.Errorf("%v, and %q", err, b.String())
	}
}
