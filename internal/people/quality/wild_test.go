package quality

import (
	"fmt"

	"pgregory.net/rapid"

	"tekentafel/internal/people/org"
)

// wild draws an organisation in which anything may point to anything.
func wild(t *rapid.T) *org.Organisation {
	r := rapid.IntRange(0, 1<<30)
	n := func(of int) int { return r.Draw(t, "n") % of }
	units, functions, people := 1+n(8), 1+n(6), n(40)
	span := func() org.Span {
		if n(8) > 0 {
			return org.Span{}
		}
		return org.Span{From: []org.Date{0, 20200101, 20300101}[n(3)], To: []org.Date{0, 20210101, 20310101}[n(3)]}
	}
	to := func(kind string, of int) string {
		if i := n(of + 3); i > 0 {
			return fmt.Sprintf("%s%03d", kind, i) // the last one or two are not there
		}
		return ""
	}
	o := &org.Organisation{}
	for i := range units {
		u := org.Unit{ID: fmt.Sprintf("u%03d", i+1), Name: "U", Parent: to("u", units), Span: span()}
		if people > 0 && n(2) == 0 {
			u.Head = to("p", people)
		}
		o.Units = append(o.Units, u)
	}
	for i := range functions {
		o.Functions = append(o.Functions, org.Function{
			ID: fmt.Sprintf("f%03d", i+1), Name: []string{"Redder", "REDDER", "Tuinman", "Jurist"}[n(4)], Family: []string{"", "X"}[n(2)],
			Level: []org.Level{"", "A", "B"}[n(3)], Work: []org.Work{"", org.Desk, org.Field}[n(3)], Span: span(),
		})
	}
	for i := range people {
		p := org.Person{
			ID: fmt.Sprintf("p%03d", i+1), Number: []string{"", fmt.Sprint(n(60)), fmt.Sprint(100 + i)}[n(3)], Family: fmt.Sprint("Naam ", n(30)),
			Mail: []string{"", fmt.Sprintf("m%d@a.be", n(40)), fmt.Sprintf("own%d@a.be", i), "x"}[n(4)], Language: []string{"", "nl"}[n(2)],
			BirthYear: []int{0, 1900, 1980, 1995, 1960}[n(5)], Out: n(10) == 0, Manager: to("p", people), Span: span(),
		}
		o.People = append(o.People, p)
		for k := range []int{1, 1, 1, 0, 2}[n(5)] {
			o.Posts = append(o.Posts, org.Post{
				ID: fmt.Sprintf("t%03d%d", i, k), Person: p.ID, Unit: to("u", units), Function: to("f", functions),
				FTE: []int{-1, 0, 500, 1000, 2000}[n(5)], Main: n(3) > 0, Span: span(),
			})
		}
	}
	o.Sort()
	return o
}
