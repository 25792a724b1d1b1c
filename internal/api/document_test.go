package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"tekentafel/internal/api"
	"tekentafel/internal/db/dbtest"
)

// document fetches the description of the API, as anybody may.
func (p *place) document() map[string]any {
	p.t.Helper()
	w, doc := p.send("GET", "/api/openapi.json", "", "")
	if w.Code != 200 || !strings.Contains(w.Header().Get("Content-Type"), "json") {
		p.t.Fatalf("%d %s", w.Code, w.Header().Get("Content-Type"))
	}
	return doc
}

// at follows keys into a document.
func at(t *testing.T, v any, keys ...string) any {
	t.Helper()
	for _, k := range keys {
		m, ok := v.(map[string]any)
		if !ok || m[k] == nil {
			t.Fatalf("no %s in %.200v (of %v)", k, v, keys)
		}
		v = m[k]
	}
	return v
}

// references lists every $ref in a document.
func references(v any) (all []string) {
	switch v := v.(type) {
	case map[string]any:
		for k, inner := range v {
			if ref, ok := inner.(string); ok && k == "$ref" {
				all = append(all, ref)
			}
			all = append(all, references(inner)...)
		}
	case []any:
		for _, inner := range v {
			all = append(all, references(inner)...)
		}
	}
	return all
}

// TestDocumentIsOpenAPI31 checks what the specification asks of a document (OpenAPI 3.1.1, section 4.8): the fields that
// must be there, unique operation ids, path parameters that are declared, references that resolve, and that each schema is
// valid by the meta-schema of JSON Schema 2020-12.
func TestDocumentIsOpenAPI31(t *testing.T) {
	t.Parallel()
	p := newPlace(t, dbtest.SQLite(t), 0)
	doc := p.document()
	if version := fmt.Sprint(doc["openapi"]); !regexp.MustCompile(`^3\.1\.\d+$`).MatchString(version) {
		t.Errorf("version %s", version)
	}
	if at(t, doc, "info", "title") != "Tekentafel" || at(t, doc, "info", "version") != "1.2.3" {
		t.Errorf("info: %v", doc["info"])
	}
	if servers, ok := doc["servers"].([]any); !ok || len(servers) != 1 || at(t, servers[0], "url") != "https://tekentafel.example" {
		t.Errorf("servers: %v", doc["servers"])
	}
	if at(t, doc, "components", "securitySchemes", "key", "type") != "http" || at(t, doc, "components", "securitySchemes", "key", "scheme") != "bearer" {
		t.Error("it does not say how to sign in")
	}
	var ids []string
	count := 0
	for path, item := range at(t, doc, "paths").(map[string]any) {
		if !strings.HasPrefix(path, api.Prefix+"/") {
			t.Errorf("%s is outside %s", path, api.Prefix)
		}
		for method, op := range item.(map[string]any) {
			count++
			ids = append(ids, checkOperation(t, method+" "+path, path, op))
		}
	}
	if slices.Sort(ids); len(slices.Compact(slices.Clone(ids))) != len(ids) {
		t.Errorf("ids are not unique: %v", ids)
	}
	if count != len(p.Operations()) {
		t.Errorf("%d operations are described, %d are there", count, len(p.Operations()))
	}
	for _, ref := range references(doc) {
		at(t, doc, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
	}
	for name := range at(t, doc, "components", "schemas").(map[string]any) {
		schema(t, p, name)
	}
}

// checkOperation returns the id of an operation.
func checkOperation(t *testing.T, name, path string, op any) string {
	t.Helper()
	if fmt.Sprint(at(t, op, "summary")) == "" || len(at(t, op, "tags").([]any)) == 0 {
		t.Errorf("%s: nothing says what it does", name)
	}
	if s := fmt.Sprint(at(t, op, "security")); s != "[map[key:[]]]" {
		t.Errorf("%s: security %s", name, s)
	}
	var declared []string
	if list, ok := op.(map[string]any)["parameters"].([]any); ok {
		for _, param := range list {
			if at(t, param, "in") == "path" {
				if at(t, param, "required") != true {
					t.Errorf("%s: a parameter in a path that may be missing", name)
				}
				declared = append(declared, "{"+fmt.Sprint(at(t, param, "name"))+"}")
			}
			at(t, param, "schema")
		}
	}
	if want := regexp.MustCompile(`\{[^}]+\}`).FindAllString(path, -1); !slices.Equal(declared, want) {
		t.Errorf("%s: declares %v, has %v", name, declared, want)
	}
	good := 0
	for status, response := range at(t, op, "responses").(map[string]any) {
		at(t, response, "description")
		if status[0] == '2' {
			good++
			continue
		}
		at(t, response, "content", "application/problem+json", "schema")
	}
	if good != 1 {
		t.Errorf("%s: %d good answers", name, good)
	}
	return fmt.Sprint(at(t, op, "operationId"))
}

// schema compiles a schema of the document.
func schema(t *testing.T, p *place, name string) *jsonschema.Schema {
	t.Helper()
	raw, err := p.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	if err := c.AddResource("mem://openapi.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("mem://openapi.json#/components/schemas/" + name)
	if err != nil {
		t.Fatalf("schema %s: %v", name, err)
	}
	return s
}

func TestAnswersAreAsTheDocumentSays(t *testing.T) {
	t.Parallel()
	p := newPlace(t, dbtest.SQLite(t), 0)
	doc := p.document()
	for _, c := range []struct{ method, target, path, key, body string }{
		{"POST", "/api/v1/things", "/api/v1/things", hr, `{"name":"a"}`}, {"POST", "/api/v1/things", "/api/v1/things", hr, `{"name":"","size":99}`},
		{"POST", "/api/v1/things", "/api/v1/things", "", `{"name":"a"}`}, {"POST", "/api/v1/things", "/api/v1/things", readOnly, `{"name":"a"}`},
		{"GET", "/api/v1/things/x", "/api/v1/things/{id}", hr, ""}, {"GET", "/api/v1/failing?how=conflict", "/api/v1/failing", hr, ""},
		{"GET", "/api/v1/failing?how=fields", "/api/v1/failing", hr, ""}, {"GET", "/api/v1/failing?how=too-many", "/api/v1/failing", hr, ""},
		{"GET", "/api/v1/failing?how=inside", "/api/v1/failing", hr, ""}, {"GET", "/api/v1/jobs", "/api/v1/jobs", mostPeople, ""},
	} {
		w, _ := p.send(c.method, c.target, c.key, c.body)
		responses := at(t, doc, "paths", c.path, strings.ToLower(c.method), "responses").(map[string]any)
		response := responses[fmt.Sprint(w.Code)]
		if response == nil {
			t.Errorf("%s %s answers %d, which the document does not tell of", c.method, c.target, w.Code)
			continue
		}
		kind, _, _ := strings.Cut(w.Header().Get("Content-Type"), ";")
		ref := fmt.Sprint(at(t, response, "content", kind, "schema", "$ref"))
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(w.Body.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema(t, p, strings.TrimPrefix(ref, "#/components/schemas/")).Validate(value); err != nil {
			t.Errorf("%s %s: %s is not what the document says: %v", c.method, c.target, w.Body, err)
		}
	}
}

func TestDocumentOfTheProgramIsTheOneThatIsServed(t *testing.T) {
	t.Parallel()
	p := newPlace(t, dbtest.SQLite(t), 0)
	raw, err := p.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	var own any
	if err := json.Unmarshal(raw, &own); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(own) != fmt.Sprint(map[string]any(p.document())) {
		t.Error("they differ")
	}
	for _, key := range []string{"$schema", "ErrorModel"} {
		if strings.Contains(string(raw), key) {
			t.Errorf("%s stands in the document, and in no answer", key)
		}
	}
}
