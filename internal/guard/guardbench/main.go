// Command guardbench prints how well the guard finds each type in made-up texts: on the two editions with which its rules were made, and on the one that
// was held out. With -misses it lists what goes wrong in the first two.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"

	"tekentafel/internal/guard"
	"tekentafel/internal/guard/corpus"
)

// The seeds and the number of texts of each measurement; the tests assert the figures for these.
const (
	developmentSeed, validationSeed, heldOutSeed = 11, 29, 43
	texts                                        = 6000
)

func main() {
	n := flag.Int("n", texts, "number of texts of each edition")
	misses := flag.String("misses", "", "list what goes wrong in the development and validation editions for this type, or for all")
	flag.Parse()
	var miss func(string, corpus.Text, int, int, guard.Type)
	if *misses != "" {
		miss = func(kind string, text corpus.Text, start, end int, t guard.Type) {
			if *misses == "all" || *misses == string(t) {
				from, to := max(0, start-50), min(len(text.Text), end+30)
				fmt.Printf("%-7s %-10s %s %q in %q\n", kind, t, text.Language, text.Text[start:end], strings.ToValidUTF8(text.Text[from:to], ""))
			}
		}
	}
	dev, bytes := measure(corpus.Development(), developmentSeed, *n, miss)
	fmt.Printf("development: %d texts, %d kB\n", *n, bytes/1000)
	dev.print(os.Stdout)
	val, bytes := measure(corpus.Validation(), validationSeed, *n, miss)
	fmt.Printf("\nvalidation: %d texts, %d kB\n", *n, bytes/1000)
	val.print(os.Stdout)
	if *misses != "" {
		return
	}
	held, bytes := measure(corpus.HeldOut(), heldOutSeed, *n, nil)
	fmt.Printf("\nheld out: %d texts, %d kB\n", *n, bytes/1000)
	held.print(os.Stdout)
}
