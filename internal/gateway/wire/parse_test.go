package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func mustParse(t testing.TB, s string) *Document {
	t.Helper()
	d, err := Parse([]byte(s), Limits{})
	if err != nil {
		t.Fatalf("Parse(%.200s): %v", s, err)
	}
	return d
}

func TestParseSaysWhatIsWrongAndWhere(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, code, field string }{
		"empty":            {``, "invalid_json", ""},
		"cut":              {`{"messages":[{"content":"a`, "invalid_json", "messages[0].content"},
		"cut in object":    {`{"a":1`, "invalid_json", "a"},
		"two values":       {`{} {}`, "invalid_json", ""},
		"key twice":        {`{"a":{"b":1,"b":2}}`, "duplicate_key", "a.b"},
		"key twice escape": {`{"model":1,"mod\u0065l":2}`, "duplicate_key", "*"},
		"lone high":        {`{"a":"\ud800"}`, "invalid_escape", "a"},
		"lone low":         {`{"a":"x\udc00"}`, "invalid_escape", "a"},
		"high then other":  {`{"a":"\ud800\u0041"}`, "invalid_escape", "a"},
		"no escape":        {`{"a":"\x"}`, "invalid_escape", "a"},
		"not UTF-8":        {"{\"a\":\"long enough to be read by eights \xff\"}", "invalid_utf8", "a"},
		"half a rune":      {"[1,\"\xc3\"]", "invalid_utf8", "[1]"},
		"surrogate bytes":  {"[\"\xed\xa0\x80\"]", "invalid_utf8", "[0]"},
		"control":          {"{\"a\":\"x\ny\"}", "invalid_json", "a"},
		"NaN":              {`{"temperature":NaN}`, "invalid_json", "temperature"},
		"Infinity":         {`{"temperature":-Infinity}`, "invalid_json", "temperature"},
		"too large":        {`{"max_tokens":1e999}`, "number_too_large", "max_tokens"},
		"too long":         {`{"max_tokens":` + strings.Repeat("9", 65) + `}`, "number_too_large", "max_tokens"},
		"leading zero":     {`[01]`, "invalid_json", "[0]"},
		"no fraction":      {`[1.]`, "invalid_json", "[0]"},
		"no exponent":      {`[1e]`, "invalid_json", "[0]"},
		"plus":             {`[+1]`, "invalid_json", ""},
		"comma":            {`[1,]`, "invalid_json", "[0]"},
		"comma in object":  {`{"a":1,}`, "invalid_json", "a"},
		"no colon":         {`{"a" 1}`, "invalid_json", "a"},
		"word":             {`[nul]`, "invalid_json", "[0]"},
		"mark":             {"\xef\xbb\xbf{}", "invalid_json", ""},
		"deep":             {strings.Repeat("[", 65) + strings.Repeat("]", 65), "too_deep", strings.Repeat("[0]", 64)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse([]byte(c.in), Limits{})
			var f *Fault
			if !errors.As(err, &f) {
				t.Fatalf("no fault but %v", err)
			}
			if f.Code != c.code || f.Status != 400 {
				t.Errorf("status %d, code %q; want 400, %q", f.Status, f.Code, c.code)
			}
			if c.field != "" && f.Field != c.field {
				t.Errorf("field %q, want %q", f.Field, c.field)
			}
			for _, s := range []Shape{Chat, Responses, Messages} {
				if !json.Valid(f.Body(s)) || !json.Valid(f.Event(s).Data) {
					t.Errorf("the body of the fault is not JSON: %s", f.Body(s))
				}
			}
		})
	}
}

func TestParseHoldsItsLimits(t *testing.T) {
	t.Parallel()
	if _, err := Parse([]byte(`"123456789"`), Limits{Bytes: 10}); ErrorStatus(err) != 413 {
		t.Errorf("too many bytes: %v", err)
	}
	if _, err := Parse([]byte(`[1,2,3]`), Limits{Values: 3}); err == nil {
		t.Error("too many values were accepted")
	}
	if _, err := Parse([]byte(`[1,2,3]`), Limits{Values: 4, Depth: 1, Bytes: 7}); err != nil {
		t.Errorf("what is within the limits was refused: %v", err)
	}
}

func TestManyKeysAreSeenTwice(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("{")
	for i := range 40 {
		b.WriteString(`"k` + string(rune('a'+i/10)) + string(rune('a'+i%10)) + `":{"x":[1,2]},`)
	}
	if _, err := Parse([]byte(b.String()+`"last":1}`), Limits{}); err != nil {
		t.Error(err)
	}
	for _, k := range []string{"kaa", "kba", "kdj"} {
		if _, err := Parse([]byte(b.String()+`"`+k+`":1}`), Limits{}); err == nil {
			t.Errorf("%s was accepted twice", k)
		}
	}
}

// anyJSON draws a JSON text and the value that encoding/json would make of it.
func anyJSON(t *rapid.T, depth int) any {
	kinds := 6
	if depth == 0 {
		kinds = 4
	}
	switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
	case 0:
		return nil
	case 1:
		return rapid.Bool().Draw(t, "bool")
	case 2:
		return json.Number(rapid.SampledFrom([]string{"0", "-1", "3.25", "1e5", "-0.5E-3", "18446744073709551616"}).Draw(t, "number"))
	case 3:
		return rapid.String().Draw(t, "string")
	case 4:
		n := rapid.IntRange(0, 4).Draw(t, "n")
		list := make([]any, n)
		for i := range list {
			list[i] = anyJSON(t, depth-1)
		}
		return list
	default:
		m := map[string]any{}
		for range rapid.IntRange(0, 20).Draw(t, "n") {
			m[rapid.String().Draw(t, "key")] = anyJSON(t, depth-1)
		}
		return m
	}
}

// plain builds what encoding/json would, from a Value.
func plain(v Value) any {
	switch v.Kind() {
	case Bool:
		return v.True()
	case Number:
		return json.Number(v.Raw())
	case String:
		return v.Text()
	case Array:
		list := []any{}
		for _, item := range v.Items() {
			list = append(list, plain(item))
		}
		return list
	case Object:
		m := map[string]any{}
		for k, f := range v.Fields() {
			m[k] = plain(f)
		}
		return m
	default:
		return nil
	}
}

func TestADocumentReadsAsTheStandardLibraryDoes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		src, err := json.Marshal(anyJSON(t, 3))
		if err != nil {
			t.Fatal(err)
		}
		sameAsStandard(t, src)
	})
}

func sameAsStandard(t interface{ Fatalf(string, ...any) }, src []byte) {
	d, err := Parse(src, Limits{})
	if err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	dec := json.NewDecoder(bytes.NewReader(src))
	dec.UseNumber()
	var want any
	if err := dec.Decode(&want); err != nil {
		t.Fatalf("the standard library refuses %q: %v", src, err)
	}
	a, _ := json.Marshal(want)
	b, _ := json.Marshal(plain(d.Root()))
	if !bytes.Equal(a, b) {
		t.Fatalf("read %s as %s", a, b)
	}
}

func TestQuoteReadsBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		q := AppendQuote(nil, s)
		d, err := Parse(q, Limits{})
		if err != nil || d.Root().Text() != s {
			t.Fatalf("%q was quoted as %s: %v", s, q, err)
		}
	})
	if got := string(AppendQuote(nil, "a\xffb")); got != "\"a\uFFFDb\"" {
		t.Errorf("bytes that are not UTF-8 became %s", got)
	}
}

func TestPathNamesThePlaceButNotWhatAPersonWrote(t *testing.T) {
	t.Parallel()
	d := mustParse(t, `{"a":[{"b":1},{"c":[[2,3]]}],"85.07.30-033.61":{"x":4}}`)
	want := []string{"", "a", "a", "a[0]", "a[0].b", "a[0].b", "a[1]", "a[1].c", "a[1].c", "a[1].c[0]", "a[1].c[0][0]", "a[1].c[0][1]", "*", "*", "*.x", "*.x"}
	for i, w := range want {
		if got := (Value{d, uint32(i)}).Path(); got != w {
			t.Errorf("node %d: %q, want %q", i, got, w)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`{"a":[1,2,{"b":"\ud83d\ude00é"}]}`, `{"a":1,"a":2}`, `[NaN]`, `"\ud800"`, "[\"\xff\"]", `{"a":`, `[1e999]`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		d, err := Parse(src, Limits{})
		if err != nil {
			var fault *Fault
			if !errors.As(err, &fault) || !json.Valid(fault.Body(Chat)) {
				t.Fatalf("%v", err)
			}
			return
		}
		for i := range d.nodes {
			_ = (Value{d, uint32(i)}).Path()
		}
		if _, err := json.Marshal(plain(d.Root())); err == nil {
			sameAsStandard(t, src)
		}
	})
}
