package main

import (
	"context"
	_ "embed"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"tekentafel/internal/stats/pool"
)

//go:embed lmer.R
var script string

// peer runs lme4 on the same people, and compares the first skill.
func peer(ctx context.Context, dir string, s *staff, skills int, share bool, first []*pool.Fit) error {
	if _, err := exec.LookPath("Rscript"); err != nil {
		fmt.Println("Rscript is not installed: no peer. Run scripts/setup.")
		return nil
	}
	data, program := filepath.Join(dir, "people.csv"), filepath.Join(dir, "lmer.R")
	if err := write(data, s, skills); err != nil {
		return err
	}
	if err := os.WriteFile(program, []byte(script), 0o600); err != nil {
		return err
	}
	glmer := "no"
	if share {
		glmer = "yes"
	}
	run := exec.CommandContext(ctx, "Rscript", "--vanilla", program, data, strconv.Itoa(skills), glmer) //nolint:gosec // our own script
	out, err := run.CombinedOutput()
	if err != nil {
		return fmt.Errorf("lme4: %w\n%s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		if err := show(strings.Split(strings.TrimSpace(line), "\t"), first); err != nil {
			return err
		}
	}
	return nil
}

// show prints a line of R: name, seconds, processor seconds, model (an index, -1 without a comparison), function variance,
// department variance, and criterion.
func show(fields []string, first []*pool.Fit) error {
	if len(fields) != 7 {
		return fmt.Errorf("lme4 says %q", fields)
	}
	var v [6]float64
	for i := range v {
		x, err := strconv.ParseFloat(fields[i+1], 64)
		if err != nil {
			return fmt.Errorf("lme4 says %q: %w", fields, err)
		}
		v[i] = x
	}
	fmt.Printf("%-46s %9.2f %11.2f", fields[0], v[0], v[1])
	if i := int(v[2]); i >= 0 {
		f := first[i]
		worst := math.Max(math.Abs(f.Components[0].Variance/v[3]-1), math.Abs(f.Components[1].Variance/v[4]-1))
		fmt.Printf("   one skill; variances differ by %.0e of themselves, criterion %.3f, ours %.3f", worst, v[5], f.Deviance)
	}
	fmt.Println()
	return nil
}

func write(path string, s *staff, skills int) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	w := csv.NewWriter(file)
	row := []string{"f", "d"}
	for k := range skills {
		row = append(row, "y"+strconv.Itoa(k+1), "b"+strconv.Itoa(k+1))
	}
	err = w.Write(row)
	for i := 0; i < len(s.function) && err == nil; i++ {
		row = append(row[:0], strconv.Itoa(int(s.function[i])), strconv.Itoa(int(s.department[i])))
		for k := range skills {
			row = append(row, strconv.Itoa(int(s.level[k][i])), strconv.Itoa(int(s.below[k][i])))
		}
		err = w.Write(row)
	}
	w.Flush()
	if err == nil {
		err = w.Error()
	}
	if e := file.Close(); err == nil {
		err = e
	}
	return err
}
