package skills

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"tekentafel/internal/skills/framework"
)

func builtIn(t *testing.T) *framework.Framework {
	t.Helper()
	src, err := Framework()
	if err != nil {
		t.Fatal(err)
	}
	f, err := framework.Parse("framework.yaml", bytes.NewReader(src))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestFrameworkHolds holds the framework against the schema, the checker and what the product promises of it.
func TestFrameworkHolds(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	src, err := Framework()
	if err != nil {
		t.Fatal(err)
	}
	if err := compiled(t, FrameworkSchema).Validate(asJSON(t, src)); err != nil {
		t.Errorf("the schema refuses it: %v", err)
	}
	var ids, levels []string
	for _, s := range f.Skills {
		ids = append(ids, s.ID)
	}
	if want := []string{"communicative", "critical", "ethical", "creative", "technical"}; !slices.Equal(ids, want) {
		t.Errorf("skills %v, want %v", ids, want)
	}
	for i, l := range f.Levels {
		levels = append(levels, l.ID)
		if from := float64(i - 2); i > 0 && *l.From != from {
			t.Errorf("level %s starts at %g, want %g", l.ID, *l.From, from)
		}
	}
	if want := []string{"start", "basis", "independent", "guide"}; !slices.Equal(levels, want) {
		t.Errorf("levels %v, want %v", levels, want)
	}
	if len(f.DigComp) != 21 || len(f.Factors) != 5 || len(f.Rules) != 8 {
		t.Errorf("%d competences, %d factors and %d rules, want 21, 5 and 8", len(f.DigComp), len(f.Factors), len(f.Rules))
	}
}

// TestSourceNamesTheCompetencesLeftOut holds the note to what skills and levels point to.
func TestSourceNamesTheCompetencesLeftOut(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	used := map[string]bool{}
	for _, s := range f.Skills {
		for _, code := range s.DigComp {
			used[code] = true
		}
		for _, l := range s.Levels {
			for _, code := range l.DigComp {
				used[code] = true
			}
		}
	}
	for _, c := range f.DigComp {
		for _, l := range framework.Languages() {
			if said := strings.Contains(f.Source[l], c.Code); said == used[c.Code] {
				t.Errorf("%s: competence %s is used: %v, named as left out: %v", l, c.Code, used[c.Code], said)
			}
		}
	}
}

// TestEveryLevelLeadsSomewhere holds the levels to three or four behaviours, said to the reader, and to a step of this week.
func TestEveryLevelLeadsSomewhere(t *testing.T) {
	t.Parallel()
	subjects := map[framework.Lang]string{framework.NL: "Je ", framework.FR: "Vous ", framework.DE: "Sie ", framework.EN: "You "}
	for _, s := range builtIn(t).Skills {
		for _, l := range s.Levels {
			at := s.ID + "." + l.ID
			if n := len(l.Behaviours); n < 3 || n > 4 {
				t.Errorf("%s has %d behaviours, want 3 or 4", at, n)
			}
			for lang, subject := range subjects {
				for _, b := range l.Behaviours {
					if !strings.HasPrefix(b[lang], subject) {
						t.Errorf("%s: %q does not start with %q", at, b[lang], subject)
					}
				}
			}
			for work, step := range map[string]framework.Step{"office": l.Next.Office, "field": l.Next.Field} {
				if step.Minutes < 10 || step.Minutes > 20 {
					t.Errorf("%s: the step for %s takes %d minutes, want 10 to 20", at, work, step.Minutes)
				}
			}
			if reflect.DeepEqual(l.Next.Office.Text, l.Next.Field.Text) {
				t.Errorf("%s: office and field have the same step", at)
			}
		}
	}
}

// TestFrenchSignsDoNotStandAlone holds the framework to a fixed space before ? ! ; : and inside guillemets.
func TestFrenchSignsDoNotStandAlone(t *testing.T) {
	t.Parallel()
	src, err := Framework()
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(string(src), "\n") {
		text, french := strings.CutPrefix(strings.TrimSpace(line), "fr: ")
		for _, sign := range []string{" ?", " !", " ;", " :", " »", "« "} {
			if french && strings.Contains(text, sign) {
				t.Errorf("line %d: %q may break apart: %s", i+1, sign, text)
			}
		}
	}
}

// TestRulesAskSomething shows that every rule makes a difference, and that only a choice for others asks the highest level.
func TestRulesAskSomething(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	everyone := map[string]int{}
	for _, a := range f.Everyone {
		everyone[a.Skill] = a.Level
	}
	if want := map[string]int{"communicative": 1, "critical": 2, "ethical": 2, "creative": 1, "technical": 1}; !reflect.DeepEqual(everyone, want) {
		t.Errorf("everyone is asked %v, want %v", everyone, want)
	}
	for _, r := range f.Rules {
		for _, a := range r.Asks {
			if a.Level <= everyone[a.Skill] {
				t.Errorf("rule %s asks level %d of %s, which everyone is asked", r.ID, a.Level, a.Skill)
			}
			if a.Level == framework.MostLevels && r.ID != "software" {
				t.Errorf("rule %s asks the highest level of %s", r.ID, a.Skill)
			}
		}
	}
}

// TestTitlesSuggestRules shows what the words say of titles as organisations write them.
func TestTitlesSuggestRules(t *testing.T) {
	t.Parallel()
	s := builtIn(t).Suggester()
	for title, want := range map[string]string{
		"Loketmedewerker burgerzaken":         "citizens personal-data",
		"Diensthoofd groendienst":             "field leads",
		"Tuinarbeider":                        "field",
		"Redder":                              "citizens field",
		"ICT-beheerder":                       "software",
		"Boekhouder":                          "figures",
		"Dossierbehandelaar vergunningen":     "personal-data decides",
		"Communicatiemedewerker":              "writes",
		"Zorgkundige":                         "citizens personal-data field",
		"Employé d’accueil":                   "citizens",
		"Éboueur":                             "field",
		"Chef de service":                     "leads",
		"Gärtner":                             "field",
		"Sachbearbeiterin Baugenehmigung":     "decides",
		"Head gardener":                       "field leads",
		"Verpleegkundige nachtdienst":         "citizens personal-data field",
		"Medewerker":                          "",
		"Kinderbegeleidster buitenschoolse":   "citizens field",
		"Wegenwerker":                         "field",
		"Administratief medewerker aankoop":   "writes software",
		"Assistante sociale":                  "citizens personal-data",
		"Conseiller en prévention (niveau A)": "",
	} {
		var got []string
		for _, x := range s.Suggest(title) {
			got = append(got, x.Rule)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", title, got, want)
		}
	}
}

// TestItemsHold holds every bank against the schema, the checker and the framework.
func TestItemsHold(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	schema := compiled(t, ItemsSchema)
	if len(Banks()) == 0 {
		t.Fatal("there are no banks")
	}
	var banks []*framework.Bank
	for _, name := range Banks() {
		src, err := Items(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(asJSON(t, src)); err != nil {
			t.Errorf("%s: the schema refuses it: %v", name, err)
		}
		b, err := framework.ParseItems(name+".yaml", bytes.NewReader(src))
		if err != nil {
			t.Error(err)
			continue
		}
		if b.Skill != name {
			t.Errorf("%s.yaml holds the items of %s", name, b.Skill)
		}
		banks = append(banks, b)
	}
	for _, p := range f.CheckItems(banks) {
		t.Error(p)
	}
}

func TestItemsNamesWhatThereIs(t *testing.T) {
	t.Parallel()
	_, err := Items("../framework")
	if err == nil || !strings.HasPrefix(err.Error(), `there is no built-in bank of items "../framework"; use one of: `) {
		t.Errorf("got %v", err)
	}
}

func compiled(t *testing.T, source func() ([]byte, error)) *jsonschema.Schema {
	t.Helper()
	src, err := source()
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(src))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", document); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
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

// TestSchemasKnowTheTypes holds the keys of the schemas, and which of them may be left out, against those of the types.
func TestSchemasKnowTheTypes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		source func() ([]byte, error)
		types  map[string]reflect.Type
	}{
		{FrameworkSchema, map[string]reflect.Type{
			"": reflect.TypeFor[framework.Framework](), "origin": reflect.TypeFor[framework.Origin](), "rank": reflect.TypeFor[framework.Rank](),
			"competence": reflect.TypeFor[framework.Competence](), "skill": reflect.TypeFor[framework.Skill](), "area": reflect.TypeFor[framework.Area](),
			"skill_level": reflect.TypeFor[framework.Level](), "next": reflect.TypeFor[framework.Next](), "step": reflect.TypeFor[framework.Step](),
			"ask": reflect.TypeFor[framework.Ask](), "rule": reflect.TypeFor[framework.Rule](), "factor": reflect.TypeFor[framework.Factor](),
		}},
		{ItemsSchema, map[string]reflect.Type{
			"": reflect.TypeFor[framework.Bank](), "item": reflect.TypeFor[framework.Item](), "parameters": reflect.TypeFor[framework.Parameters](),
			"version": reflect.TypeFor[framework.Version](), "option": reflect.TypeFor[framework.Option](),
		}},
	} {
		type object struct {
			Properties map[string]any `json:"properties"`
			Required   []string       `json:"required"`
		}
		var schema struct {
			object
			Defs map[string]object `json:"$defs"`
		}
		src, err := c.source()
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(src, &schema); err != nil {
			t.Fatal(err)
		}
		for name, of := range c.types {
			have := schema.object
			if name != "" {
				have = schema.Defs[name]
			}
			var keys, required, known []string
			for i := range of.NumField() {
				key, rest, _ := strings.Cut(of.Field(i).Tag.Get("yaml"), ",")
				keys = append(keys, key)
				if rest != "omitempty" {
					required = append(required, key)
				}
				if of.Field(i).Tag.Get("yaml") != of.Field(i).Tag.Get("json") {
					t.Errorf("%s.%s has one key in YAML and another in JSON", of.Name(), of.Field(i).Name)
				}
			}
			for key := range have.Properties {
				known = append(known, key)
			}
			slices.Sort(keys)
			slices.Sort(known)
			slices.Sort(required)
			slices.Sort(have.Required)
			if !slices.Equal(keys, known) || !slices.Equal(required, have.Required) {
				t.Errorf("%s: the schema knows %v and requires %v,\nthe type has %v and requires %v", of.Name(), known, have.Required, keys, required)
			}
		}
	}
}

// TestSchemasRefuse shows that the schemas catch what an editor should underline.
func TestSchemasRefuse(t *testing.T) {
	t.Parallel()
	src, err := Framework()
	if err != nil {
		t.Fatal(err)
	}
	text := func(s string) string { return fmt.Sprintf("{nl: %s, fr: %s, de: %s, en: %s}", s, s, s, s) }
	item := "skill: critical\nversion: 1\nitems:\n  - {id: cri-verify-01, area: verify, digcomp: \"1.2\", kind: graded, parameters: {a: 1, b: [0, 1]}, office: V, field: V}\n"
	item = strings.ReplaceAll(item, "V", "{stem: "+text("s")+", rationale: "+text("r")+", options: ["+strings.Repeat("{credit: 1, text: "+text("o")+"}, ", 3)+"]}")
	for _, c := range []struct {
		source  func() ([]byte, error)
		sound   string
		changes [][2]string
	}{
		{FrameworkSchema, string(src), [][2]string{
			{"id: genai-skills", "id: GenAI"}, {"version: ", "versie: "}, {"minutes: 10", "minutes: 1"}, {"place: lab", "place: home"}, {"level: 3", "level: 5"},
			{"code: \"1.1\"", "code: \"11\""}, {"    nl: ", "    es: "}, {"from: -1.0", "from: low"},
		}},
		{ItemsSchema, item, [][2]string{
			{"version: 1", "version: 0"}, {"kind: graded", "kind: open"}, {"kind: graded", "kind: choice"}, {"b: [0, 1]", "b: [0]"}, {"b: [0, 1]", "b: [0, 1], c: 0.2"},
			{"a: 1", "a: 9"}, {"credit: 1", "credit: 3"}, {"cri-verify-01", "1"}, {"stem: ", "question: "}, {"nl: s, ", ""},
		}},
	} {
		schema := compiled(t, c.source)
		if err := schema.Validate(asJSON(t, []byte(c.sound))); err != nil {
			t.Fatalf("what is sound is refused: %v", err)
		}
		for _, change := range c.changes {
			src := strings.Replace(c.sound, change[0], change[1], 1)
			if src == c.sound {
				t.Fatalf("nothing to change: %q", change[0])
			}
			if err := schema.Validate(asJSON(t, []byte(src))); err == nil {
				t.Errorf("accepted with %q in place of %q", change[1], change[0])
			}
		}
	}
}
