package desk

import (
	"bytes"
	"compress/gzip"
	"testing"

	"tekentafel/internal/skills/gap"
)

// FuzzUnpack holds that no stored result breaks the pages: it is read whole, or refused.
func FuzzUnpack(f *testing.F) {
	packed, err := pack(&gap.Gap{Version: gap.Version, Wave: "w", K: 5, Skills: []gap.Measured{{ID: "critical", Basis: gap.Self}},
		Departments: []gap.Row{{Department: "d", Name: "D", N: 12, Skills: []gap.Standing{{Base: 12, Verdict: gap.TooFew}}}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(packed)
	f.Add([]byte{})
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(`{"version":1,"k":5,"skills":[{}],"departments":[{"n":3}]}`))
	_ = z.Close()
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, packed []byte) {
		g, err := unpack(packed)
		if err != nil {
			return
		}
		for _, list := range [][]gap.Row{g.Departments, g.Functions, g.Families, g.Cells} {
			for i := range list {
				if list[i].N < g.K || len(list[i].Skills) != len(g.Skills) {
					t.Fatalf("a group of %d is read where %d is the least", list[i].N, g.K)
				}
			}
		}
		_ = newIndex(g)
	})
}
