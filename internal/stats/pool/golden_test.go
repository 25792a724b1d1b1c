package pool_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"tekentafel/internal/stats/pool"
)

var update = flag.Bool("update-pool", false, "write testdata/golden_pool.json from R, by testdata/oracle_pool.R")

// goldenWorlds are few and small: what R said about them is kept, for where R is not installed.
func goldenWorlds() []world {
	return []world{
		{name: "levels", seed: 201, functions: 10, departments: 6, people: 150, sdF: 0.5, sdD: 0.4, noise: 0.8, reml: true, covariates: 1, weighted: true},
		{name: "levels with cells and families", seed: 202, functions: 15, departments: 6, families: 5, family: pool.FamilyRandom, people: 300, sdF: 0.5, sdD: 0.4, sdC: 0.5, sdG: 0.8, noise: 0.6,
			cell: true},
		{name: "shares", seed: 203, functions: 10, departments: 6, people: 300, sdF: 0.9, sdD: 0.7, share: true, covariates: 1},
	}
}

func TestFitsAgreeWithWhatRSaidOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join("testdata", "golden_pool.json")
	if *update {
		_, answers := askR(t, goldenWorlds())
		data, err := json.Marshal(answers)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, append(data, '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var golden []oracleAnswer
	if err := json.Unmarshal(data, &golden); err != nil {
		t.Fatal(err)
	}
	for i, w := range goldenWorlds() {
		c := w.build()
		c.fitted = c.fit(t)
		c.agrees(t, golden[i], 1e-7, 1e-5)
	}
}
