package record

import (
	"encoding/json"
	"testing"

	"tekentafel/internal/instrument"
)

// full is what somebody answers who uses everything.
func full(t testing.TB, in *instrument.Instrument) []byte {
	t.Helper()
	values := map[string]any{}
	for i := range in.Items {
		it := &in.Items[i]
		switch it.Kind {
		case instrument.Single, instrument.Scale:
			values[it.ID] = it.Options[len(it.Options)-1].ID
		case instrument.Matrix:
			for _, row := range it.Rows {
				values[row.ID] = it.Options[1].ID
			}
		case instrument.Multiple:
			values[it.ID] = []string{it.Options[0].ID, it.Options[1].ID}
		case instrument.Number, instrument.OpenText, instrument.Info, instrument.Category:
		}
	}
	raw, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func BenchmarkRead(b *testing.B) {
	in := monitor(b)
	c := codec(b, in)
	raw := full(b, in)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		r, err := c.Read(raw)
		if err != nil {
			b.Fatal(err)
		}
		r.Bytes()
	}
}

func BenchmarkAdd(b *testing.B) {
	in := monitor(b)
	c := codec(b, in)
	r, err := c.Read(full(b, in))
	if err != nil {
		b.Fatal(err)
	}
	raw := r.Bytes()
	collector := c.Collector(1 << 20)
	b.ReportAllocs()
	for b.Loop() {
		if collector.Len() == 1<<20 {
			collector = c.Collector(1 << 20)
		}
		if err := collector.Add(raw); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(raw)), "B/record")
}

func BenchmarkAnswers(b *testing.B) {
	in := monitor(b)
	c := codec(b, in)
	r, err := c.Read(full(b, in))
	if err != nil {
		b.Fatal(err)
	}
	const n = 1 << 20
	for b.Loop() {
		b.StopTimer()
		collector := c.Collector(n)
		for range n {
			if err := collector.Add(r.Bytes()); err != nil {
				b.Fatal(err)
			}
		}
		b.StartTimer()
		collector.Answers()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/record")
}
