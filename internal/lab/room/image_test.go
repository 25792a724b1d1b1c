package room

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"tekentafel/internal/lab"
	"tekentafel/internal/problem"
)

func drawn(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, color.RGBA{R: uint8(x), G: uint8(y), B: 90, A: 255})
		}
	}
	return m
}

func pngOf(t testing.TB, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, drawn(w, h)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// photo is a JPEG as a telephone makes it: on its side, with the place in it.
func photo(t testing.TB, w, h, how int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, drawn(w, h), nil); err != nil {
		t.Fatal(err)
	}
	tiff := []byte("II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00")
	tiff = binary.LittleEndian.AppendUint32(tiff, uint32(how))
	body := append([]byte("Exif\x00\x00"), append(tiff, "GPS 51.05 N 3.72 E"...)...)
	app := append([]byte{0xff, 0xe1}, binary.BigEndian.AppendUint16(nil, uint16(len(body)+2))...)
	out := append([]byte{}, b.Bytes()[:2]...)
	return append(append(out, append(app, body...)...), b.Bytes()[2:]...)
}

func TestPhotosLoseTheirPlaceAndStandUpright(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	media, out, err := s.picture(t.Context(), photo(t, 60, 20, 6))
	if err != nil || media != mediaJPEG {
		t.Fatalf("%s, %v", media, err)
	}
	if bytes.Contains(out, []byte("GPS")) || bytes.Contains(out, []byte("Exif")) {
		t.Error("the place is still in it")
	}
	c, err := jpeg.DecodeConfig(bytes.NewReader(out))
	if err != nil || c.Width != 20 || c.Height != 60 {
		t.Errorf("it is %d by %d, %v", c.Width, c.Height, err)
	}
}

func TestEveryOrientationIsTurnedAsItsTableSays(t *testing.T) {
	t.Parallel()
	m := image.NewGray(image.Rect(0, 0, 3, 2))
	for i := range m.Pix {
		m.Pix[i] = uint8(i)
	}
	// The first row, read from the image that is stored 0 1 2 / 3 4 5.
	for how, want := range map[int][]uint8{1: {0, 1, 2}, 2: {2, 1, 0}, 3: {5, 4, 3}, 4: {3, 4, 5}, 5: {0, 3}, 6: {3, 0}, 7: {5, 2}, 8: {2, 5}} {
		got := upright(m, how)
		for x, v := range want {
			if g := color.GrayModel.Convert(got.At(x, 0)).(color.Gray).Y; g != v { //nolint:forcetypeassert // the model gives nothing else
				t.Errorf("orientation %d at %d: %d, want %d", how, x, g, v)
			}
		}
	}
}

func TestLargeImagesBecomeAsLargeAsAModelLooksAt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, out, err := s.picture(t.Context(), pngOf(t, 3000, 1000))
	if err != nil {
		t.Fatal(err)
	}
	c, err := png.DecodeConfig(bytes.NewReader(out))
	if err != nil || c.Width != mostSide || c.Height != mostSide/3 {
		t.Errorf("it is %d by %d, %v", c.Width, c.Height, err)
	}
}

func TestImagesThatAreNoneOrTooLargeAreRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	huge := pngOf(t, 2, 2)
	binary.BigEndian.PutUint32(huge[16:], 100_000) // its header says how wide it is
	binary.BigEndian.PutUint32(huge[20:], 100_000)
	for name, data := range map[string][]byte{"cut": pngOf(t, 40, 40)[:60], "huge": huge, "webp without pixels": []byte("RIFF\x10\x00\x00\x00WEBPEXIF\x02\x00\x00\x00ab"), "lying webp": []byte("RIFF\x10\x00\x00\x00WEBPVP8 \xff\xff\xff\xffab")} {
		if _, _, err := s.picture(t.Context(), data); err == nil {
			t.Errorf("%s is taken", name)
		} else if _, known := problem.Of(err); !known {
			t.Errorf("%s: %v is nothing that a person can read", name, err)
		}
	}
}

func TestAWebPImageLosesWhatSaysWhereItWasMade(t *testing.T) {
	t.Parallel()
	chunk := func(name, body string) string {
		out := name + string(binary.LittleEndian.AppendUint32(nil, uint32(len(body)))) + body
		if len(body)%2 == 1 {
			out += "\x00"
		}
		return out
	}
	body := "WEBP" + chunk("VP8X", "\x0c\x00\x00\x00\x00\x00\x00\x00\x00\x00") + chunk("VP8 ", "pixels!") + chunk("EXIF", "GPS 51.05 N") + chunk("XMP ", "<who>")
	data := []byte("RIFF" + string(binary.LittleEndian.AppendUint32(nil, uint32(len(body)))) + body)
	out, err := bareWebP(data)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(out, []byte("GPS")) || bytes.Contains(out, []byte("who")) || !bytes.Contains(out, []byte("pixels!")) || out[20] != 0 || int(binary.LittleEndian.Uint32(out[4:])) != len(out)-8 {
		t.Errorf("it is %q", out)
	}
}

func TestAFileIsReadByItsContentAndKeptNowhere(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := read[fileView](s.form("mia", fileAt, "@C:\\Mijn map\\brief\u202efdp.txt", "TEKST hallo").wants(http.StatusOK))
	if v.Name != "brieffdp.txt" || v.Text != "TEKST hallo" || v.Data != "" || len(v.Notes) != 1 {
		t.Errorf("it is %+v", v)
	}
	v = read[fileView](s.form("mia", fileAt, "@brief.txt", string(photo(t, 8, 8, 1))).wants(http.StatusOK))
	if data, err := base64.StdEncoding.DecodeString(v.Data); v.Media != mediaJPEG || v.Text != "" || err != nil || mediaOf(data) != mediaJPEG {
		t.Errorf("an image with the name of a text is %s, %v", v.Media, err)
	}
	s.form("mia", fileAt, "@a.exe", "MZ").wants(http.StatusUnsupportedMediaType, "a.exe")
	s.form("mia", fileAt, "@a.txt", "").wants(http.StatusUnprocessableEntity, "leeg")
	s.form("mia", fileAt, "@a.txt", strings.Repeat("x", mostFile+1)).wants(http.StatusRequestEntityTooLarge)
	s.form("mia", fileAt, "text", "x").wants(http.StatusUnprocessableEntity)
	s.send(http.MethodPost, "mia", fileAt, "application/json", strings.NewReader("{}")).wants(http.StatusUnsupportedMediaType)
}

func FuzzPicture(f *testing.F) {
	f.Add(pngOf(f, 5, 3))
	f.Add(photo(f, 5, 3, 8))
	var b bytes.Buffer
	if err := gif.Encode(&b, drawn(5, 3), nil); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte("RIFF\x1a\x00\x00\x00WEBPVP8 \x04\x00\x00\x00abcdEXIF\x02\x00\x00\x00xy"))
	s := newSite(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		media, out, err := s.picture(t.Context(), data)
		if err == nil && (mediaOf(out) != media || len(out) > mostImage) {
			t.Errorf("%d bytes of %s", len(out), media)
		}
		if err != nil {
			if _, known := problem.Of(err); !known {
				t.Errorf("%v is nothing that a person can read", err)
			}
			return
		}
		m := lab.Message{Role: lab.User, Files: []lab.File{{Name: "a", Media: media, Data: out}}}
		if err := soundMessage(&m); err != nil {
			t.Errorf("what was made fit is refused: %v", err)
		}
	})
}
