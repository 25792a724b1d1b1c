package disclosure

import (
	"context"
	"testing"
)

// large makes a publication of 300 departments in 20 directorates and 5 age bands, with 150 questions of which every
// third has a filter that leaves small bases.
func large() Publication {
	rows := make([][]int, 20)
	for d := range rows {
		for i := range 15 {
			rows[d] = append(rows[d], 3+(d*7+i*i*5)%90)
		}
	}
	p := directorates(10, rows...)
	ages := make([]int, 5)
	jointDirectorate, jointDepartment := matrix(21, 6), matrix(301, 6)
	for i, n := range p.Groupings[1].N {
		for j := range n {
			a := (i + j*j) % 5
			ages[a]++
			jointDirectorate[i/15][a]++
			jointDepartment[i][a]++
		}
	}
	p.Groupings = append(p.Groupings, Grouping{Variable: "age", Values: names(5), N: ages})
	p.Joint = append(p.Joint, Joint{A: 0, B: 2, Counts: jointDirectorate}, Joint{A: 1, B: 2, Counts: jointDepartment})
	p.Questions = nil
	for q := range 150 {
		p.Questions = append(p.Questions, largeQuestion(&p, q))
	}
	return p
}

func largeQuestion(p *Publication, q int) Question {
	share := 1 + q%3*4 // one in 1, 5 or 9 of a department is asked
	out := Question{ID: "q", Bases: [][]int{make([]int, 20), make([]int, 300), make([]int, 5)}, Options: make([]int, 5)}
	if q%3 > 0 {
		out.Filters = []int{q - q%3}
	}
	for g := range out.Bases {
		out.GroupOptions = append(out.GroupOptions, matrix(len(out.Bases[g]), 5))
	}
	for i, n := range p.Groupings[1].N {
		for j := range n {
			if j%share > 0 || (i+j+q)%50 == 7 {
				continue
			}
			o := (i + 3*j + q) % 5
			out.Base++
			out.Options[o]++
			for g, group := range []int{i / 15, i, (i + j*j) % 5} {
				out.Bases[g][group]++
				out.GroupOptions[g][group][o]++
			}
		}
	}
	return out
}

func matrix(rows, columns int) [][]int {
	out := make([][]int, rows)
	for i := range out {
		out[i] = make([]int, columns)
	}
	return out
}

func BenchmarkProtect300x150(b *testing.B) {
	p := large()
	b.ReportAllocs()
	for b.Loop() {
		d, err := Protect(context.Background(), p)
		if err != nil {
			b.Fatal(err)
		}
		if d.Primary == 0 || d.Complementary == 0 {
			b.Fatal("nothing to protect")
		}
		b.ReportMetric(float64(d.Primary), "primary")
		b.ReportMetric(float64(d.Complementary), "complementary")
	}
}
