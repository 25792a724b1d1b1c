package intake

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tekentafel/internal/instrument"
	"tekentafel/internal/testkit"
)

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
	path := testkit.NeedRealAnswers(t)
	file := filepath.Join(testkit.Root(t), "instruments", "chatgpt-literacy-cl.yaml")
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	in, err := instrument.Parse(file, src)
	if err != nil {
		t.Fatal(err)
	}
	res, err := Read(t.Context(), path, in, Options{})
	if err != nil {
		t.Fatal(err)
	}
	q := res.Quality
	if res.Answers.N != 703 || q.Rows != 703 || q.Unknown != 0 || len(res.Issues) != 0 || len(q.Unread) != 0 || len(q.Missing) != 0 {
		t.Errorf("%d answers, %+v, %v", res.Answers.N, q, res.Issues)
	}
	var got []string
	for _, m := range res.Proposals {
		got = append(got, fmt.Sprintf("%s: %q (%d) into %q (%d), %s", m.Column, m.From, m.CountFrom, m.Into, m.CountInto, m.Why))
	}
	want := []string{
		`disciplina_OCDE: "Medicina y Ciencias de la Salud" (4) into "Medicina y Ciencias de La Salud" (119), capitals`,
		`sede: "Santiago " (1) into "Santiago" (412), white space`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
