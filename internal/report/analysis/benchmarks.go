package analysis

import (
	"context"
	"slices"
	"strings"

	"tekentafel/internal/report/findings"
	"tekentafel/internal/stats"
)

// benchmarks sets our shares beside the published ones that the instrument names. What is hidden or empty has none.
func (e *estimator) benchmarks(ctx context.Context) ([]findings.Benchmark, error) {
	out := []findings.Benchmark{}
	for i := range e.sheet.in.Benchmarks {
		b := &e.sheet.in.Benchmarks[i]
		item, option, found := strings.Cut(b.Target, ".")
		if !found {
			option = yesOption
		}
		ours, ok, err := e.overall(ctx, item, option)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		c, err := stats.AgainstPublished(ours, b.Share, b.N)
		if err != nil {
			return nil, err
		}
		out = append(out, findings.Benchmark{
			ID: b.ID, Item: item, Option: option,
			Ours: ours.Share, OursLow: ours.Low, OursHigh: ours.High,
			Published: b.Share, N: b.N, Low: c.Low, High: c.High,
			Diff: c.Diff, DiffLow: c.Difference.Low, DiffHigh: c.Difference.High, P: c.P,
			Name: b.Name, Caveat: b.Caveat, Source: b.Source, URL: b.URL, Year: b.Year,
		})
	}
	return out, nil
}

// overall returns our share of an option over everyone; ok is false when there is none to publish.
func (e *estimator) overall(ctx context.Context, item, option string) (share stats.Share, ok bool, err error) {
	for qi, q := range e.sheet.questions {
		if q.about.ID != item || e.hidden(qi, -1, 0) {
			continue
		}
		for i := range q.parts {
			p := &q.parts[i]
			class := slices.Index(p.options, option)
			if class < 0 {
				continue
			}
			table, err := e.stats.Shares(ctx, e.cross(p, -1))
			if err != nil {
				return stats.Share{}, false, err
			}
			share = table.At(0, class)
			return share, share.Base > 0, nil
		}
	}
	return stats.Share{}, false, nil
}
