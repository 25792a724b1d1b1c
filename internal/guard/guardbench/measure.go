package main

import (
	"fmt"
	"io"

	"tekentafel/internal/guard"
	"tekentafel/internal/guard/corpus"
)

// score counts how well one type is found. A piece of truth is found when findings of its type cover at least covers of its bytes: what counts
// is what would leave the organisation. A finding is right when at least half of it lies in truth of its type.
type score struct {
	truth, found    int
	findings, right int
}

const covers = 0.8

// recall returns the share of the truth that was found, 1 when there was none.
func (s score) recall() float64 { return share(s.found, s.truth) }

// precision returns the share of the findings that are right, 1 when there were none.
func (s score) precision() float64 { return share(s.right, s.findings) }

// f1 returns the harmonic mean of the two.
func (s score) f1() float64 {
	p, r := s.precision(), s.recall()
	if p+r == 0 {
		return 0
	}
	return 2 * p * r / (p + r)
}

func share(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}

// scores is the score of each type.
type scores map[guard.Type]score

// overlap returns how many bytes two pieces share.
func overlap(a, b, c, d int) int { return max(0, min(b, d)-max(a, c)) }

// add counts one text.
func (s scores) add(text corpus.Text, list []guard.Finding, miss func(kind string, text corpus.Text, start, end int, t guard.Type)) {
	for _, tr := range text.Truth {
		t := guard.Type(tr.Type)
		x := s[t]
		x.truth++
		n := 0
		for _, f := range list {
			if f.Type == t {
				n += overlap(f.Start, f.End, tr.Start, tr.End)
			}
		}
		if float64(n) >= covers*float64(tr.End-tr.Start) {
			x.found++
		} else if miss != nil {
			miss("missed", text, tr.Start, tr.End, t)
		}
		s[t] = x
	}
	for _, f := range list {
		x := s[f.Type]
		x.findings++
		n := 0
		for _, tr := range text.Truth {
			if guard.Type(tr.Type) == f.Type {
				n += overlap(f.Start, f.End, tr.Start, tr.End)
			}
		}
		if 2*n >= f.End-f.Start {
			x.right++
		} else if miss != nil {
			miss("wrong", text, f.Start, f.End, f.Type)
		}
		s[f.Type] = x
	}
}

// measure scores the guard on n texts of an edition. Miss, when it is not nil, is told what goes wrong.
func measure(e *corpus.Edition, seed uint64, n int, miss func(kind string, text corpus.Text, start, end int, t guard.Type)) (all scores, bytes int) {
	g := guard.New()
	all = scores{}
	for _, text := range e.Make(seed, n) {
		all.add(text, g.Scan(text.Text), miss)
		bytes += len(text.Text)
	}
	return all, bytes
}

// print writes a table of a type a line.
func (s scores) print(w io.Writer) {
	fmt.Fprintf(w, "%-12s %7s %10s %8s %8s\n", "type", "n", "precision", "recall", "F1") //nolint:errcheck // a table on a screen
	for _, t := range guard.Types() {
		x := s[t]
		fmt.Fprintf(w, "%-12s %7d %10.4f %8.4f %8.4f\n", t, x.truth, x.precision(), x.recall(), x.f1()) //nolint:errcheck // a table on a screen
	}
}
