package intake

import (
	"os"
	"path/filepath"
	"testing"

	"tekentafel/internal/instrument"
)

// root returns the folder that holds go.mod.
func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if filepath.Dir(dir) == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
}

// realAnswers returns the path of the Chilean answers, and skips the test without them.
func realAnswers(t testing.TB) string {
	t.Helper()
	path := filepath.Join(root(t), "..", "shared", "data", "chatgpt-literacy-cl", "answers.csv")
	if _, err := os.Stat(path); err != nil {
		t.Skip("the real answers are not here:", path)
	}
	return path
}

func likert(id string) instrument.Item {
	item := instrument.Item{ID: id, Kind: instrument.Scale}
	for v := range 5 {
		score := float64(v + 1)
		item.Options = append(item.Options, instrument.Option{ID: numberText(score), Value: &score})
	}
	return item
}

func TestRealAnswers(t *testing.T) {
	t.Parallel()
	in := &instrument.Instrument{ID: "real", Items: []instrument.Item{
		{ID: "campus", Kind: instrument.Category, Column: "sede"},
		{ID: "discipline", Kind: instrument.Category, Column: "disciplina_OCDE"},
		{ID: "age", Kind: instrument.Number, Column: "edad"},
		{ID: "sex", Kind: instrument.Single, Column: "sexo", Options: []instrument.Option{
			{ID: "m", Values: []string{"Masculino"}}, {ID: "f", Values: []string{"Femenino"}},
		}},
		likert("CT1"), likert("HE4"),
	}}
	res, err := Read(t.Context(), realAnswers(t), in, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if res.Answers.N != 703 {
		t.Errorf("N = %d", res.Answers.N)
	}
	t.Logf("%+v", res.Quality)
	for _, m := range res.Proposals {
		t.Logf("%+v", m)
	}
	for _, m := range res.Issues {
		t.Logf("%+v", m)
	}
}
