package gap_test

import (
	"fmt"
	"math"
	"os"
	"strconv"
	"testing"

	"tekentafel/internal/skills/gap"
	"tekentafel/internal/skills/gap/synthetic"
)

// tally of how often intervals hold the truth, and of the errors.
type hits struct {
	held, n              int
	error, square, width float64
}

func (h *hits) add(figure [3]float64, truth float64) {
	h.n++
	if figure[1] <= truth && truth <= figure[2] {
		h.held++
	}
	h.error += figure[0] - truth
	h.square += (figure[0] - truth) * (figure[0] - truth)
	h.width += figure[2] - figure[1]
}

func (h *hits) share() float64 { return float64(h.held) / float64(h.n) }

func (h *hits) String() string {
	n := float64(h.n)
	return fmt.Sprintf("%4d figures, held %.3f, bias %+.4f, RMSE %.4f, width %.3f", h.n, h.share(), h.error/n, math.Sqrt(h.square/n), h.width/n)
}

func repetitions(usual int) int {
	if n, err := strconv.Atoi(os.Getenv("GAP_REPETITIONS")); err == nil {
		return n
	}
	return usual
}

func in(r gap.RawRow, w *synthetic.World) func(f, d int) bool {
	return func(f, d int) bool {
		switch r.Kind {
		case gap.ByFunction:
			return f == r.Function
		case gap.ByDepartment:
			return d == r.Department
		case gap.ByFamily:
			return w.Input.Functions[f].Family == r.Family
		case gap.ByCell:
			return f == r.Function && d == r.Department
		}
		return true
	}
}

// Intervals of 95 % hold the truth about as often as they say, of large and of small groups, and figures are right on average.
func TestIntervalsHoldTheTruth(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(r *synthetic.Recipe){
		"everybody tried": func(*synthetic.Recipe) {},
		"a third never tried, half answers, answers missing": func(r *synthetic.Recipe) { r.Untried, r.Response, r.Missing, r.Staff = 0.33, 0.5, 0.1, 4000 },
		"a test":                     func(r *synthetic.Recipe) { r.Statements, r.TestItems = 0, 5 },
		"levels far from the middle": func(r *synthetic.Recipe) { r.Mean = -0.9 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := map[string]*hits{}
			for rep := range repetitions(12) {
				rec := synthetic.Usual(uint64(100+rep), 1500, 30, 12)
				rec.Families, rec.Skills = 6, 2
				change(&rec)
				w := synthetic.Make(rec)
				w.Input.K = 5
				rows, err := gap.Raw(t.Context(), &w.Input, gap.Options{Secret: secret, Seed: uint64(rep), Draws: 200})
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range rows {
					kind := string(r.Kind)
					if kind == "" {
						kind = "whole"
					}
					for s := range rec.Skills {
						truth := w.Truth(s, in(r, w))
						for i, x := range []struct {
							what  string
							truth float64
						}{{"level", truth.Level}, {"below", truth.Below}, {"distance", truth.Distance}} {
							key := kind + " " + x.what
							if found[key] == nil {
								found[key] = &hits{}
							}
							found[key].add(r.Skills[s][i], x.truth)
						}
						if rec.Untried > 0 && s == 0 {
							key := kind + " untried"
							if found[key] == nil {
								found[key] = &hits{}
							}
							found[key].add(r.Untried, truth.Untried)
						}
					}
				}
			}
			for key, h := range found {
				t.Logf("%-20s %s", key, h)
				// Figures of one repetition go together, so that they count as a tenth of their number, and at least the repetitions.
				n := math.Max(float64(repetitions(12)), float64(h.n)/10)
				slack := 4*math.Sqrt(0.95*0.05/n) + 0.01
				if h.share() < 0.95-slack {
					t.Errorf("%s: intervals of 95 %% hold the truth in %.3f of %d", key, h.share(), h.n)
				}
				if bias := math.Abs(h.error) / float64(h.n); bias > 0.05 {
					t.Errorf("%s: off by %.3f on average", key, bias)
				}
			}
		})
	}
}

// Weights put right who answers more within cells; the staff list puts right which cells do.
func TestWeightsAndStaffListPutRight(t *testing.T) {
	t.Parallel()
	// In every cell a quarter of the staff says 2 and the others say 4. In the first two cells of all, everybody says one more. quiet is
	// the share of those who say 2 among respondents, in quarters; first is how many respondents the first two cells have.
	wave := func(quiet, first int, weighted bool) *gap.Input {
		in := crossed([][]int{{first, 40, 40}, {first, 40, 40}, {40, 40, 40}, {40, 40, 40}}, func(int) int8 { return 1 })
		for i := range in.People.Function {
			weight, says := 0.25*4/float64(quiet), int8(2)
			if i%4 >= quiet {
				weight, says = 0.75*4/float64(4-quiet), 4
			}
			if in.People.Function[i] < 2 && in.People.Department[i] == 0 {
				says++
			}
			if weighted {
				in.People.Weight = append(in.People.Weight, weight)
			}
			for k := range in.People.Self[0] {
				in.People.Self[0][k][i] = says
			}
		}
		for f := range in.Functions {
			for d := range in.Departments {
				in.Staff = append(in.Staff, gap.Staff{Function: f, Department: d, N: 100})
			}
		}
		return in
	}
	level := func(in *gap.Input) float64 {
		rows, err := gap.Raw(t.Context(), in, gap.PlugIn(gap.Options{Draws: 400}))
		if err != nil {
			t.Fatal(err)
		}
		return rows[0].Skills[0][0][0]
	}
	want, got, plain := level(wave(1, 40, false)), level(wave(3, 160, true)), level(wave(3, 160, false))
	unstaffed := wave(3, 160, true)
	unstaffed.Staff = nil
	t.Logf("level %.3f; with weights %.3f, without %.3f, without staff list %.3f", want, got, plain, level(unstaffed))
	if math.Abs(got-want) > 0.05 {
		t.Errorf("the level is %.3f, weighted %.3f", want, got)
	}
	if plain > want-0.3 || level(unstaffed) < want+0.1 {
		t.Errorf("without weights %.3f, without staff list %.3f of %.3f: neither does anything", plain, level(unstaffed), want)
	}
}
