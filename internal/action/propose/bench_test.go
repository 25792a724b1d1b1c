package propose

import (
	"strconv"
	"testing"

	"tekentafel/internal/action/actiontest"
	"tekentafel/internal/report/findings"
)

// BenchmarkFrom proposes from a report of a large organisation: 300 departments in each figure.
func BenchmarkFrom(b *testing.B) {
	f := actiontest.Monitor()
	for q := range 120 {
		id := "item" + strconv.Itoa(q)
		f.Questions = append(f.Questions, findings.Question{ID: id, Kind: "single", Topic: "tasks"})
		for d := range 300 {
			f.Shares = append(f.Shares, actiontest.ShareOf(id, "yes", &findings.Group{Variable: "department", Value: "d" + strconv.Itoa(d)}, .5))
		}
	}
	for d := range 300 {
		value := "d" + strconv.Itoa(d)
		f.Groups[0].Values = append(f.Groups[0].Values, findings.GroupValue{Value: value, Label: actiontest.Text(value)})
		f.Shares = append(f.Shares, actiontest.ShareOf("weekly_use_work", "yes", &findings.Group{Variable: "department", Value: value}, .5))
	}
	b.ResetTimer()
	for b.Loop() {
		if len(From(f)) == 0 {
			b.Fatal("nothing")
		}
	}
}
