package instruments

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"tekentafel/internal/instrument"
)

func schemaText(t *testing.T) []byte {
	t.Helper()
	src, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(schemaText(t)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("instrument.schema.json", document); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("instrument.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// asJSON reads YAML as what a JSON Schema can judge.
func asJSON(t *testing.T, src []byte) any {
	t.Helper()
	var value any
	if err := yaml.Unmarshal(src, &value); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	out, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestBuiltIn holds every instrument that comes with the product against the schema and the checker.
func TestBuiltIn(t *testing.T) {
	t.Parallel()
	if len(Names()) == 0 {
		t.Fatal("there are no instruments")
	}
	schema := compiled(t)
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			src, err := Open(name)
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(asJSON(t, src)); err != nil {
				t.Errorf("the schema refuses it: %v", err)
			}
			in, err := instrument.Parse(name+".yaml", src)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(in.Languages, instrument.Languages()) {
				t.Errorf("languages %v, want all of %v", in.Languages, instrument.Languages())
			}
			if in.ID != name {
				t.Errorf("the id %q is not the name of the file", in.ID)
			}
			if in.Pilot.In(instrument.NL) == "" {
				t.Error("it does not say that it is a pilot")
			}
			r, err := instrument.CompileRouting(in.Asking())
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range instrument.Languages() {
				if d := r.Minutes(l); d.Longest >= 8 {
					t.Errorf("%s: the longest route takes %.1f minutes, want less than 8", l, d.Longest)
				}
			}
		})
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	if _, err := Open("chatgpt-literacy-cl.yaml"); err != nil {
		t.Error(err)
	}
	_, err := Open("../go.mod")
	if err == nil || !strings.HasPrefix(err.Error(), `there is no built-in instrument "../go.mod"; use one of: chatgpt-literacy-cl`) {
		t.Errorf("got %v", err)
	}
}

// TestSchemaKnowsTheTypes holds the keys of the schema against those of the types.
func TestSchemaKnowsTheTypes(t *testing.T) {
	t.Parallel()
	type object struct {
		Properties map[string]any `json:"properties"`
	}
	var schema struct {
		object
		Defs map[string]object `json:"$defs"`
	}
	if err := json.Unmarshal(schemaText(t), &schema); err != nil {
		t.Fatal(err)
	}
	for name, of := range map[string]reflect.Type{
		"": reflect.TypeFor[instrument.Instrument](), "item": reflect.TypeFor[instrument.Item](), "row": reflect.TypeFor[instrument.Row](),
		"option": reflect.TypeFor[instrument.Option](), "construct": reflect.TypeFor[instrument.Construct](),
		"indicator": reflect.TypeFor[instrument.Indicator](), "benchmark": reflect.TypeFor[instrument.Benchmark](), "model": reflect.TypeFor[instrument.Model](),
		"module": reflect.TypeFor[instrument.Module](),
	} {
		properties := schema.Properties
		if name != "" {
			properties = schema.Defs[name].Properties
		}
		var keys []string
		for i := range of.NumField() {
			keys = append(keys, of.Field(i).Tag.Get("yaml"))
		}
		slices.Sort(keys)
		var known []string
		for key := range properties {
			known = append(known, key)
		}
		slices.Sort(known)
		if !slices.Equal(keys, known) {
			t.Errorf("%s: the schema knows\n%v\nthe type has\n%v", of.Name(), known, keys)
		}
	}
}

// TestSchemaRefuses shows that the schema catches what an editor should underline.
func TestSchemaRefuses(t *testing.T) {
	t.Parallel()
	const sound = "id: a\nversion: 1\ntitle: {nl: A}\ngroup_size: 10\nitems:\n  - {id: a, kind: text, question: {nl: A}}\n"
	schema := compiled(t)
	if err := schema.Validate(asJSON(t, []byte(sound))); err != nil {
		t.Fatalf("a sound instrument is refused: %v", err)
	}
	for _, change := range [][2]string{
		{"group_size: 10", "group_size: 4"}, {"kind: text", "kind: tekst"}, {"version: 1\n", ""}, {"{nl: A}}", "{es: A}}"},
		{"kind: text", "kind: single"}, {"kind: text", "kind: text, min: 1"}, {"kind: text", "kind: text, group: true"}, {"id: a, ", "id: 1a, "},
		{"kind: text", "kind: scale, options_from: x, rows: []"}, {"{nl: A}}", "A}"}, {"title:", "titel:"},
	} {
		src := strings.Replace(sound, change[0], change[1], 1)
		if err := schema.Validate(asJSON(t, []byte(src))); err == nil {
			t.Errorf("accepted with %q in place of %q", change[1], change[0])
		}
	}
}
