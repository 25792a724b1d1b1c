package irt

import "testing"

// BenchmarkCalibrate measures 60 items of three categories, of which each person saw 12, among 100,000 people.
func BenchmarkCalibrate(b *testing.B) {
	r := seeded(9)
	items := drawBank(r, 60, 3)
	var d Answers
	drawAnswers(b, r, &d, items, Reference(), 0, 100_000, 12)
	setup := Experts(items)
	for i := range setup {
		setup[i].Start.A = 1
	}
	for b.Loop() {
		c, err := Calibrate(b.Context(), &d, setup, Options{})
		if err != nil || !c.Converged {
			b.Fatal(err, "converged:", c.Converged)
		}
		b.ReportMetric(float64(c.Steps), "passes")
	}
}

// BenchmarkScore measures one person with 12 answers of three categories.
func BenchmarkScore(b *testing.B) {
	r := seeded(10)
	items := drawBank(r, 60, 3)
	s, err := NewScorer(items, nil)
	if err != nil {
		b.Fatal(err)
	}
	var answers []Answer
	for i := range 12 {
		answers = append(answers, Answer{i * 5, items[i*5].Draw(r, 0.4)})
	}
	b.Run("EAP", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.Posterior(answers); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("MAP", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.MAP(answers); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("WLE", func(b *testing.B) {
		for b.Loop() {
			if _, err := WLE(items, answers); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("table of 12 items", func(b *testing.B) {
		for b.Loop() {
			s, err := NewScorer(items[:12], nil)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := s.Posterior(answers[:2]); err != nil {
				b.Fatal(err)
			}
		}
	})
}
