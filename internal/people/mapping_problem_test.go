package people

import (
	"testing"

	"tekentafel/internal/instrument"
	"tekentafel/internal/people/mapping"
	"tekentafel/internal/problem"
)

func TestEachThingThatIsWrongWithTheColumnsIsSaid(t *testing.T) {
	t.Parallel()
	headings := []string{"a", "b", "c", "d", "e"}
	for name, c := range map[string]struct {
		fields []mapping.Field
		levels []int
		key    mapping.Key
		about  string // the field of the form that the message leads to
	}{
		"nothing":          {fields: []mapping.Field{}, about: "columns"},
		"no number":        {fields: []mapping.Field{mapping.Family}, key: mapping.Number, about: "columns"},
		"no mail":          {fields: []mapping.Field{mapping.Family}, key: mapping.Mail, about: "columns"},
		"no national":      {fields: []mapping.Field{mapping.Family}, key: mapping.National, about: "columns"},
		"no name":          {fields: []mapping.Field{mapping.Number}, key: mapping.Number, about: "columns"},
		"no unit name":     {fields: []mapping.Field{mapping.UnitCode}, about: "columns"},
		"no function name": {fields: []mapping.Field{mapping.FunctionCode}, about: "columns"},
		"twice":            {fields: []mapping.Field{mapping.Number, mapping.Family, mapping.Number}, key: mapping.Number, about: "column-2"},
		"two trees":        {fields: []mapping.Field{mapping.UnitName, mapping.UnitLevel, mapping.UnitParent, mapping.UnitCode}, levels: []int{0, 1, 0, 0}, about: "column-2"},
		"parents of what":  {fields: []mapping.Field{mapping.Number, mapping.Family, mapping.UnitParent}, key: mapping.Number, about: "column-2"},
		"no separator":     {fields: []mapping.Field{mapping.UnitPath}, about: "separator"},
		"one level, twice": {fields: []mapping.Field{mapping.UnitLevel, mapping.UnitLevel}, levels: []int{1, 1}, about: "column-1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wrong := mapping.New(headings[:len(c.fields)], c.fields, c.levels, c.key, mapping.Values{}).Check(headings[:len(c.fields)])
			p, ok := problem.Of(mappingProblem(wrong, headings))
			if !ok || len(p.Fields) == 0 {
				t.Fatal("nothing is wrong")
			}
			led := false
			for _, f := range p.Fields {
				led = led || f.Name == c.about
				for _, lang := range instrument.Languages() {
					if text := f.In(lang); text == "" || text == f.Key {
						t.Errorf("%s: no text for %s", lang, f.Key)
					}
				}
			}
			if !led {
				t.Errorf("%+v leads not to %s", p.Fields, c.about)
			}
		})
	}
}
