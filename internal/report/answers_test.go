package report

import (
	"context"
	"errors"
	"slices"
	"testing"

	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/jobs"
)

func TestAnotherFeatureComputesFromTheSameAnswersAndWeights(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		var told []string
		w.WhenReady(func(ctx context.Context, tx *db.Scope, reportID string) error {
			r, err := oneReport(ctx, tx.Reader, reportID)
			if err == nil && r.State == Ready {
				told = append(told, reportID)
			}
			return err
		})
		plain := w.ready(dbtest.Ours)
		in := w.input(answers())
		in.Margins = []byte("variable,value,count\ndepartment,finance,100\ndepartment,culture,100\ndepartment,sport,400\n")
		src, err := w.AddSource(t.Context(), hr, in)
		if err != nil {
			t.Fatal(err)
		}
		weighted := w.start(dbtest.Ours, src.ID)
		stop := w.run()
		weighted = w.until(weighted, dbtest.Ours, Ready)
		stop()
		if !slices.Equal(told, []string{plain.ID, weighted.ID}) {
			t.Errorf("told of %q", told)
		}
		r := w.d.Of(dbtest.Ours)
		got, err := w.Answers(t.Context(), r, plain.ID, &jobs.Progress{})
		if err != nil || got.Answers.N != 60 || got.Weights != nil || got.Report.ID != plain.ID || got.Answers.Instrument.GroupSize != 5 {
			t.Fatalf("%+v, %v", got, err)
		}
		got, err = w.Answers(t.Context(), r, weighted.ID, &jobs.Progress{})
		if err != nil || len(got.Weights) != 60 {
			t.Fatalf("%+v, %v", got, err)
		}
		at := slices.IndexFunc(got.Answers.Variables, func(v instrument.Variable) bool { return v.ID == "department" })
		sum := map[string]float64{}
		total := 0.0
		for i, x := range got.Weights {
			sum[got.Answers.Columns[at].Levels[got.Answers.Columns[at].At(i)-instrument.FirstOption]] += x
			total += x
		}
		if share := sum["sport"] / total; share < 0.66 || share > 0.67 {
			t.Errorf("sport weighs %.3f, not two thirds", share)
		}
		in2, err := w.Asked(t.Context(), r, plain.ID)
		if err != nil || in2.Item("uses") == nil {
			t.Errorf("%v, %v", in2, err)
		}
		if _, err := w.Answers(t.Context(), w.d.Of(dbtest.Theirs), plain.ID, &jobs.Progress{}); outcome(err) != "gone" {
			t.Errorf("another organisation: %v", err)
		}
		if err := w.DeleteSource(t.Context(), hr, plain.Source); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Answers(t.Context(), r, plain.ID, &jobs.Progress{}); outcome(err) != "gone" {
			t.Errorf("without answers: %v", err)
		}
		if _, err := w.Asked(t.Context(), r, plain.ID); !errors.Is(err, db.ErrNoRow) {
			t.Errorf("without answers: %v", err)
		}
	})
}
