package dataset_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"tekentafel/internal/instrument"
	"tekentafel/internal/intake"
	"tekentafel/internal/report/analysis"
	"tekentafel/internal/testkit"
)

// reproduced runs the script of a package and returns what it says.
func reproduced(t *testing.T, dir string) (string, error) {
	t.Helper()
	testkit.NeedR(t)
	run := exec.CommandContext(t.Context(), "Rscript", "--vanilla", filepath.Join(dir, "reproduce.R"), dir)
	said, err := run.CombinedOutput()
	return string(said), err
}

// agrees fails unless every figure of the package is reproduced, and at least so many shares were compared.
func agrees(t *testing.T, files map[string][]byte, shares int) string {
	t.Helper()
	said, err := reproduced(t, unpacked(t, files))
	if err != nil || !strings.Contains(said, "All figures agree.") {
		t.Fatalf("%v\n%s", err, said)
	}
	t.Log(said)
	kinds := []string{"shares", "means", "comparisons", "reliability", "answers.sav"}
	if strings.Contains(string(files["recipe.json"]), `"predictors"`) {
		kinds = append(kinds, "models", "benchmarks")
	}
	for _, kind := range kinds {
		n := 0
		for line := range strings.Lines(said) {
			if f := strings.Fields(line); len(f) == 2 && f[0] == kind {
				n, _ = strconv.Atoi(f[1])
			}
		}
		if n == 0 || kind == "shares" && n < shares {
			t.Errorf("%d figures of %s were compared", n, kind)
		}
	}
	return said
}

func TestRReproducesARakedWave(t *testing.T) {
	t.Parallel()
	a, margins, yaml := wave(t, 1214, 11)
	in := prepared(t, a, yaml, analysis.Options{Organisation: "Stad Proef", Wave: "najaar", Margins: margins, By: []string{"department"}})
	said := agrees(t, packed(t, in, options()), 20_000)
	if !strings.Contains(said, "background variables that are not in this package") {
		t.Error("the script does not say that background variables are left out")
	}
}

func TestRReproducesTrimmedWeightsOfAFinitePopulation(t *testing.T) {
	t.Parallel()
	a, margins, yaml := wave(t, 800, 4)
	in := prepared(t, a, yaml, analysis.Options{Organisation: "Stad Proef", Margins: margins, Trim: 1.2, Population: 3000, By: []string{"age"}})
	if in.Findings.Weights.Trimmed == 0 {
		t.Fatal("no weight was bounded, so this tests less than it says")
	}
	agrees(t, packed(t, in, options()), 1000)
}

func TestRReproducesBackgroundToo(t *testing.T) {
	t.Parallel()
	a, _, yaml := wave(t, 400, 9)
	opt := options()
	opt.Background = true
	said := agrees(t, packed(t, prepared(t, a, yaml, analysis.Options{By: []string{"age"}}), opt), 300)
	if strings.Contains(said, "background variables that are not in this package") {
		t.Error("with all background variables the script still misses some")
	}
}

func TestRReproducesStrataClustersAndAColumnOfWeights(t *testing.T) {
	t.Parallel()
	a, _, yaml := wave(t, 700, 12)
	layer, team := &instrument.Factor{Levels: []string{"alone", "=north", "south"}}, &instrument.Factor{}
	for k := range 30 {
		team.Levels = append(team.Levels, "t"+strconv.Itoa(100+k))
	}
	for i := range a.N {
		l := uint32(1 + i*7%2)
		k := uint32(i * i % 29)
		if i < 12 {
			l, k = 0, 29
		}
		layer.Codes, team.Codes = append(layer.Codes, l), append(team.Codes, k)
		a.Weights = append(a.Weights, 0.4+float64(i*37%101)/40)
	}
	a.Extra = map[string]*instrument.Factor{"laag": layer, "ploeg": team}
	in := prepared(t, a, yaml, analysis.Options{Strata: "laag", Cluster: "ploeg", By: []string{"age", "workplace"}})
	opt := options()
	opt.Strata, opt.Cluster = "laag", "ploeg"
	agrees(t, packed(t, in, opt), 1000)
}

func TestRReproducesTheRealAnswers(t *testing.T) {
	t.Parallel()
	path := testkit.NeedRealAnswers(t)
	q, yaml := built(t, "chatgpt-literacy-cl")
	in := prepared(t, read(t, path, q, intake.Options{}), yaml, analysis.Options{})
	opt := options()
	opt.Lang = instrument.EN
	agrees(t, packed(t, in, opt), 1000)
}

// A script that says "agrees" whatever it reads proves nothing.
func TestRSeesAFigureThatWasChanged(t *testing.T) {
	t.Parallel()
	a, margins, yaml := wave(t, 300, 3)
	in := prepared(t, a, yaml, analysis.Options{Margins: margins, By: []string{"none"}})
	files := packed(t, in, options())
	for name, change := range map[string]func(f map[string]any){
		"share": func(f map[string]any) {
			for _, s := range f["shares"].([]any) {
				if s := s.(map[string]any); s["suppressed"] == false {
					s["share"] = s["share"].(float64) + 1e-4
					return
				}
			}
		},
		"weights": func(f map[string]any) {
			w := f["weights"].(map[string]any)
			w["kish_deff"] = w["kish_deff"].(float64) * 1.001
		},
	} {
		var f map[string]any
		if err := json.Unmarshal(files["findings.json"], &f); err != nil {
			t.Fatal(err)
		}
		change(f)
		changed, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		dir := unpacked(t, files)
		if err := os.WriteFile(filepath.Join(dir, "findings.json"), changed, 0o600); err != nil {
			t.Fatal(err)
		}
		said, err := reproduced(t, dir)
		if err == nil || !strings.Contains(said, "1 figures DIFFER") {
			t.Errorf("%s: %v\n%s", name, err, said)
		}
	}
}
