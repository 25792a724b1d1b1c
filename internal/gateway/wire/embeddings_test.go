package wire

import (
	"bytes"
	"encoding/json"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestVectorsKeepEveryBitInBothForms(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.SliceOf(rapid.Float32()).Draw(t, "v")
		for i := range v {
			if math.IsInf(float64(v[i]), 0) || math.IsNaN(float64(v[i])) {
				v[i] = 0
			}
		}
		for _, form := range []bool{true, false} {
			d, err := Parse(AppendEmbedding(nil, v, form), Limits{})
			if err != nil {
				t.Fatal(err)
			}
			got, err := ReadEmbedding(d.Root())
			if err != nil || len(got) != len(v) {
				t.Fatalf("%v: %v", got, err)
			}
			for i := range v {
				if math.Float32bits(got[i]) != math.Float32bits(v[i]) {
					t.Fatalf("%v became %v", v[i], got[i])
				}
			}
		}
	})
}

func TestEmbeddingsComeInTheFormAskedFor(t *testing.T) {
	t.Parallel()
	numbers := `{"object":"list", "data":[{"embedding":[1,-0.5],"index":0},{"embedding":"AACAPw==","index":1}],"x":1}`
	d := mustParse(t, numbers)
	got, err := EmbeddingsAs(d, true)
	want := `{"object":"list", "data":[{"embedding":"AACAPwAAAL8=","index":0},{"embedding":"AACAPw==","index":1}],"x":1}`
	if string(got) != want || err != nil {
		t.Errorf("%s, %v", got, err)
	}
	got, err = EmbeddingsAs(mustParse(t, want), false)
	if want := `{"object":"list", "data":[{"embedding":[1,-0.5],"index":0},{"embedding":[1],"index":1}],"x":1}`; string(got) != want || err != nil {
		t.Errorf("%s, %v", got, err)
	}
	for _, bad := range []string{`{"data":[{"embedding":"AAA"}]}`, `{"data":[{"embedding":"AADAfw=="}]}`, `{"data":[{}]}`} {
		if _, err := EmbeddingsAs(mustParse(t, bad), false); ErrorStatus(err) != 502 || err == nil {
			t.Errorf("%s: %v", bad, err)
		}
	}
	if _, err := EmbeddingsAs(mustParse(t, `{"data":[{"embedding":["x"]}]}`), true); err == nil {
		t.Error("a word was taken for a number")
	}
}

func TestTheListOfModelsReadsInBothInterfaces(t *testing.T) {
	t.Parallel()
	got := string(AppendModels(nil, []Model{{ID: "a", Owner: "o", Created: 1}, {ID: "b", Name: "B"}}, func(int64) string { return "1970-01-01T00:00:01Z" }))
	want := `{"object":"list","data":[{"id":"a","object":"model","created":1,"owned_by":"o","type":"model","display_name":"a","created_at":"1970-01-01T00:00:01Z"},` +
		`{"id":"b","object":"model","created":0,"owned_by":"","type":"model","display_name":"B","created_at":"1970-01-01T00:00:01Z"}],"has_more":false,"first_id":"a","last_id":"b"}`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	mustParse(t, string(AppendModels(nil, nil, nil)))
}

// FuzzAnswer holds that whatever a server answers is read without harm, and stays JSON when it was.
func FuzzAnswer(f *testing.F) {
	f.Add([]byte(`{"data":[{"embedding":[1,2]},{"embedding":"AACAPw=="}],"usage":{"prompt_tokens":1}}`), uint8(2))
	f.Add([]byte(`{"type":"error","error":{"type":"overloaded_error","message":"x"}}`), uint8(4))
	f.Fuzz(func(t *testing.T, body []byte, shape uint8) {
		s := Shape(shape % 5)
		if fault := ReadFault(500, body); fault.Message == "" || fault.Status != 500 {
			t.Fatalf("%+v", fault)
		}
		d, err := Parse(body, Limits{})
		if err != nil {
			return
		}
		ReadUsage(s, d)
		for _, form := range []bool{true, false} {
			if out, err := EmbeddingsAs(d, form); err == nil {
				mustParse(t, string(out))
			}
		}
		if out := RewriteAnswer(s, d, func(Text) (string, bool) { return "\"x", true }); len(out) > 0 && bytes.Count(out, []byte(`"`)) > 0 && !json.Valid(out) {
			t.Fatalf("%s became %s", body, out)
		}
	})
}
