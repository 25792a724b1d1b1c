package gap_test

import (
	"encoding/json"
	"flag"
	"math"
	"os"
	"strconv"
	"testing"

	"tekentafel/internal/skills/gap"
	"tekentafel/internal/skills/gap/synthetic"
	"tekentafel/internal/testkit"
)

var update = flag.Bool("update-gap", false, "write testdata/golden_gap.json from R")

// oracleCase is what R reads: scores of single people, and the staff list.
type oracleCase struct {
	People struct {
		F []int     `json:"f"`
		D []int     `json:"d"`
		G []int     `json:"g"`
		Y []float64 `json:"y"`
	} `json:"people"`
	Staff struct {
		F        []int `json:"f"`
		D        []int `json:"d"`
		G        []int `json:"g"`
		N        []int `json:"n"`
		Required []int `json:"required"`
	} `json:"staff"`
	Cuts  []float64 `json:"cuts"`
	Error float64   `json:"error"`
}

// oracleAnswer has level, share below and distance of groups.
type oracleAnswer struct {
	Variance               map[string]float64
	Residual               float64
	Whole                  []float64
	Functions, Departments map[string][]float64
}

func oracleWorld(t *testing.T) (*synthetic.World, *oracleCase) {
	t.Helper()
	rec := synthetic.Usual(5, 1200, 14, 7)
	rec.Families, rec.Skills, rec.Response, rec.Function, rec.Cell = 5, 1, 0.8, 0.6, 0.4
	w := synthetic.Make(rec)
	w.Input.K = 5
	c := &oracleCase{Cuts: synthetic.Cuts()}
	score, errorVariance, err := gap.ScoresOf(t.Context(), &w.Input, 0)
	if err != nil {
		t.Fatal(err)
	}
	c.Error = errorVariance
	family := func(f int) int { return w.Input.Functions[f].Family }
	for i, y := range score {
		f, d := int(w.Input.People.Function[i]), int(w.Input.People.Department[i])
		c.People.F, c.People.D, c.People.G, c.People.Y = append(c.People.F, f), append(c.People.D, d), append(c.People.G, family(f)), append(c.People.Y, y)
	}
	for _, s := range w.Input.Staff {
		c.Staff.F, c.Staff.D, c.Staff.G, c.Staff.N = append(c.Staff.F, s.Function), append(c.Staff.D, s.Department), append(c.Staff.G, family(s.Function)), append(c.Staff.N, s.N)
		c.Staff.Required = append(c.Staff.Required, w.Required(s.Function, s.Department, 0))
	}
	return w, c
}

// Figures are those that lme4 and post-stratification in R give, to the error of simulation.
func TestFiguresAgreeWithR(t *testing.T) {
	t.Parallel()
	w, c := oracleWorld(t)
	var want oracleAnswer
	const golden = "testdata/golden_gap.json"
	if *update {
		testkit.AskR(t, "oracle_gap.R", c, &want)
		file, err := json.MarshalIndent(&want, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, append(file, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	file, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(file, &want); err != nil {
		t.Fatal(err)
	}
	agree(t, w, &want)
	t.Run("R now", func(t *testing.T) {
		t.Parallel()
		var now oracleAnswer
		testkit.AskR(t, "oracle_gap.R", c, &now)
		agree(t, w, &now)
	})
}

func agree(t *testing.T, w *synthetic.World, want *oracleAnswer) {
	t.Helper()
	const draws = 20_000
	rows, err := gap.Raw(t.Context(), &w.Input, gap.PlugIn(gap.Options{Draws: draws, Seed: 3}))
	if err != nil {
		t.Fatal(err)
	}
	compared, worst := 0, 0.0
	for _, r := range rows {
		var of []float64
		switch r.Kind {
		case "":
			of = want.Whole
		case gap.ByFunction:
			of = want.Functions[strconv.Itoa(r.Function)]
		case gap.ByDepartment:
			of = want.Departments[strconv.Itoa(r.Department)]
		default:
			continue
		}
		for i, x := range of {
			compared++
			f := r.Skills[0][i]
			const slack = 5e-4 // simulation; pairs of opposite draws leave little of it
			worst = math.Max(worst, math.Abs(f[0]-x))
			if math.Abs(f[0]-x) > slack {
				t.Errorf("%s %d/%d, figure %d: %.6f, R has %.6f", r.Kind, r.Function, r.Department, i, f[0], x)
			}
		}
	}
	t.Logf("%d figures, largest difference %.6f", compared, worst)
	if compared < 60 {
		t.Errorf("only %d figures were compared", compared)
	}
}
