package secrecytest

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

// marks are what is the victim's alone: each of them is looked for in every writing.
type marks map[string]string

// marks are the code in the ways that people write it, the name of the check in the profile, words that a profile alone has, and what
// the person's own pages say of it.
func (k kept) marks(t testing.TB) marks {
	t.Helper()
	var own struct {
		Now []struct {
			Theta *float64 `json:"theta"`
		} `json:"now"`
		Profile struct {
			Checks []struct {
				ID string `json:"id"`
			} `json:"checks"`
		} `json:"profile"`
	}
	if err := json.Unmarshal([]byte(k.json), &own); err != nil || len(own.Profile.Checks) == 0 || own.Now[0].Theta == nil {
		t.Fatalf("%v: %.400s", err, k.json)
	}
	theta := must(json.Marshal(own.Now[0].Theta))(t)
	out := marks{"the code": k.code, "the code without dashes": strings.ReplaceAll(k.code, "-", ""), "the check": own.Profile.Checks[0].ID, "a score": string(theta),
		"a kept answer": `"credit":`, "what was shown": `{"basis":"test","level":`}
	for _, item := range k.items {
		out["question "+item] = `"` + item + `"`
	}
	return out
}

// writings are the ways in which bytes may stand in others.
func writings(text string) [][]byte {
	plain := []byte(text)
	out := [][]byte{plain, []byte(strings.ToLower(text)), []byte(hex.EncodeToString(plain)), []byte(strings.ToUpper(hex.EncodeToString(plain))), []byte(url.QueryEscape(text))}
	for shift := range 3 { // base 64 has three forms, by where in the text it begins
		padded := append(make([]byte, shift), plain...)
		for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			whole := e.EncodeToString(padded)
			if cut := whole[(shift*8+5)/6 : len(padded)*8/6]; len(cut) > 8 {
				out = append(out, []byte(cut))
			}
		}
	}
	wide := utf16.Encode([]rune(text))
	var little, big []byte
	for _, u := range wide {
		little, big = append(little, byte(u), byte(u>>8)), append(big, byte(u>>8), byte(u))
	}
	backwards := slices.Clone(plain)
	slices.Reverse(backwards)
	return append(out, little, big, backwards)
}

// found lists the marks that stand in content, also in what is packed in it.
func (m marks) found(content []byte) (out []string) {
	return m.written().found(content)
}

// written are marks in every writing.
type written map[string][][]byte

func (m marks) written() written {
	out := written{}
	for name, text := range m {
		out[name] = writings(text)
	}
	return out
}

func (m written) found(content []byte) (out []string) {
	all := append([][]byte{content}, unpacked(content)...)
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if slices.ContainsFunc(m[name], func(w []byte) bool {
			return slices.ContainsFunc(all, func(c []byte) bool { return bytes.Contains(c, w) })
		}) {
			out = append(out, name)
		}
	}
	return out
}

// unpacked is what is in archives and packed files.
func unpacked(content []byte) (out [][]byte) {
	for _, f := range archive(content) {
		out = append(out, []byte(f.content))
	}
	if at := bytes.Index(content, []byte("\x1f\x8b\x08")); at >= 0 {
		if z, err := gzip.NewReader(bytes.NewReader(content[at:])); err == nil {
			if plain, err := io.ReadAll(z); err == nil {
				out = append(out, plain)
			}
		}
	}
	return out
}

// archived is a file in an archive.
type archived struct{ name, content string }

// archive are the files in an archive such as a workbook, by name; none where content is something else.
func archive(content []byte) (out []archived) {
	at := bytes.Index(content, []byte("PK\x03\x04"))
	if at < 0 {
		return nil
	}
	z, err := zip.NewReader(bytes.NewReader(content[at:]), int64(len(content)-at))
	if err != nil {
		return nil
	}
	for _, f := range z.File {
		if r, err := f.Open(); err == nil {
			if plain, err := io.ReadAll(r); err == nil {
				out = append(out, archived{f.Name, string(plain)})
			}
		}
	}
	slices.SortFunc(out, func(a, b archived) int { return strings.Compare(a.name, b.name) })
	return out
}

// in lists where marks stand in views.
func (m marks) in(v views) (out []string) {
	all := m.written()
	for _, name := range slices.Sorted(maps.Keys(v)) {
		for _, mark := range all.found([]byte(v[name])) {
			if bank(name) && strings.HasPrefix(mark, "question ") {
				continue // all questions stand there, whoever was asked which; what is said of one must be the same in both twins
			}
			out = append(out, name+" holds "+mark)
		}
	}
	return out
}

// bank tells whether a view lists the whole bank of questions.
func bank(view string) bool {
	return strings.Contains(view, "GET /learn/items") || strings.Contains(view, "GET /api/v1/skills/items")
}

func TestMarksAreFoundInEveryWriting(t *testing.T) {
	t.Parallel()
	m := marks{"it": "ABCD-EFGH-1234-5678"}
	var packed, zipped bytes.Buffer
	z := gzip.NewWriter(&packed)
	a := zip.NewWriter(&zipped)
	f := must(a.Create("xl/sheet1.xml"))(t)
	for _, w := range []io.Writer{z, f} {
		if _, err := io.WriteString(w, "<c>"+m["it"]+"</c>"); err != nil {
			t.Fatal(err)
		}
	}
	if err := firstOf(z.Close(), a.Close()); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"plain": m["it"], "small": "x abcd-efgh-1234-5678 x", "hex": hex.EncodeToString([]byte("x" + m["it"])), "base 64": base64.StdEncoding.EncodeToString([]byte("x" + m["it"] + "y")),
		"base 64 elsewhere": base64.URLEncoding.EncodeToString([]byte("xy" + m["it"] + "yz")), "gzip": packed.String(), "zip": "200\n\n" + zipped.String(), "wide": "A\x00B\x00C\x00D\x00-\x00E\x00F\x00G\x00H\x00-\x001\x002\x003\x004\x00-\x005\x006\x007\x008\x00",
		"backwards": "8765-4321-HGFE-DCBA"} {
		if len(m.found([]byte(text))) != 1 {
			t.Errorf("%s: %q is not found", name, text)
		}
	}
	if found := m.found([]byte("ABCD-EFGH-1234-5679")); len(found) > 0 {
		t.Errorf("%v is found where it is not", found)
	}
}
