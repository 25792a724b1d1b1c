package action

import (
	"math"
	"slices"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/skills/gap"
)

// Read returns a figure of a report; ok is false when the report has none of that key, or may not show it. Who reads many takes a Reader.
func Read(f *findings.Findings, k Key) (out Figure, ok bool) {
	if k.Source != FromReport {
		return Figure{}, false
	}
	same := func(g *findings.Group) bool {
		return g == nil && k.Everyone() || g != nil && g.Variable == k.Variable && g.Value == k.Value
	}
	if k.Option == "" {
		if i := slices.IndexFunc(f.Means, func(m findings.Mean) bool { return m.Construct == k.Item && same(m.Group) }); i >= 0 {
			return ofMean(f, k, &f.Means[i])
		}
		return Figure{}, false
	}
	if i := slices.IndexFunc(f.Shares, func(s findings.Share) bool { return s.Item == k.Item && s.Option == k.Option && same(s.Group) }); i >= 0 {
		return ofShare(f, k, &f.Shares[i])
	}
	return Figure{}, false
}

// Reader reads many figures of a report.
type Reader struct {
	findings *findings.Findings
	shares   map[Key]*findings.Share
	means    map[Key]*findings.Mean
}

// NewReader returns a reader of a report.
func NewReader(f *findings.Findings) *Reader {
	r := &Reader{f, make(map[Key]*findings.Share, len(f.Shares)), make(map[Key]*findings.Mean, len(f.Means))}
	key := func(item, option string, g *findings.Group) Key {
		k := Key{Source: FromReport, Item: item, Option: option}
		if g != nil {
			k.Variable, k.Value = g.Variable, g.Value
		}
		return k
	}
	for i := range f.Shares {
		s := &f.Shares[i]
		r.shares[key(s.Item, s.Option, s.Group)] = s
	}
	for i := range f.Means {
		m := &f.Means[i]
		r.means[key(m.Construct, "", m.Group)] = m
	}
	return r
}

// Read is Read of the report.
func (r *Reader) Read(k Key) (Figure, bool) {
	if m := r.means[k]; m != nil && k.Option == "" {
		return ofMean(r.findings, k, m)
	}
	if s := r.shares[k]; s != nil && k.Option != "" {
		return ofShare(r.findings, k, s)
	}
	return Figure{}, false
}

// named is a figure with its names and without its numbers.
func named(f *findings.Findings, k Key) (out Figure, q *findings.Question, ok bool) {
	i := slices.IndexFunc(f.Questions, func(q findings.Question) bool { return q.ID == k.Item })
	if i < 0 {
		return Figure{}, nil, false
	}
	q = &f.Questions[i]
	out = Figure{Key: k, What: q.Label, Claim: q.Claim, Synthetic: f.Wave.Synthetic, Sensitive: q.Sensitive || q.Topic == instrument.TopicShadow}
	if len(out.What) == 0 {
		out.What = q.Wording
	}
	if !k.Everyone() {
		if out.Group, ok = groupName(f, k); !ok {
			return Figure{}, nil, false
		}
	}
	return out, q, true
}

func ofMean(f *findings.Findings, k Key, m *findings.Mean) (Figure, bool) {
	out, q, ok := named(f, k)
	if !ok || !told(m.Suppressed, m.Base, m.Mean, m.Low, m.High) {
		return Figure{}, false
	}
	out.Unit, out.Value, out.Low, out.High, out.Base = Scale, m.Mean, m.Low, m.High, m.Base
	out.From, out.To = q.Low, q.High
	return out, true
}

func ofShare(f *findings.Findings, k Key, s *findings.Share) (Figure, bool) {
	out, q, ok := named(f, k)
	if !ok || !told(s.Suppressed, s.Base, s.Share, s.Low, s.High) {
		return Figure{}, false
	}
	if j := slices.IndexFunc(q.Options, func(o findings.Option) bool { return o.ID == k.Option }); j >= 0 && q.Rule == "" {
		out.What, out.Answer = joined(out.What, q.Options[j].Label), q.Options[j].Label
	}
	out.Unit, out.Value, out.Low, out.High, out.Base = Share, s.Share, s.Low, s.High, s.Base
	return out, true
}

// told tells whether a report gives a figure: with an interval that is a number.
func told(suppressed bool, base int, value, low, high float64) bool {
	return !suppressed && base > 0 && !math.IsNaN(value+low+high) && !math.IsInf(high-low, 0)
}

// groupName names a group of a report.
func groupName(f *findings.Findings, k Key) (instrument.Text, bool) {
	for i := range f.Groups {
		if f.Groups[i].Variable != k.Variable {
			continue
		}
		for j := range f.Groups[i].Values {
			if v := &f.Groups[i].Values[j]; v.Value == k.Value && !v.Suppressed {
				return v.Label, true
			}
		}
	}
	return nil, false
}

// joined writes a question and an answer as one name.
func joined(question, answer instrument.Text) instrument.Text {
	out := instrument.Text{}
	for _, l := range instrument.Languages() {
		if a := answer[l]; a != "" {
			out[l] = question.In(l) + ": " + a
		}
	}
	if len(out) == 0 {
		return question
	}
	return out
}

// ReadGap returns a figure of a gap; ok is false when it has none of that key. names are those of skills by id
// and of groups by their GroupKey; a group without one is called as the gap calls it.
func ReadGap(g *gap.Gap, k Key, names map[string]instrument.Text) (out Figure, ok bool) {
	s := slices.IndexFunc(g.Skills, func(m gap.Measured) bool { return m.ID == k.Item })
	row := gapRow(g, k)
	if k.Source != FromGap || s < 0 || row == nil {
		return Figure{}, false
	}
	standing := &row.Skills[s]
	out = Figure{Key: k, Base: standing.Base, What: names[k.Item], Synthetic: g.Synthetic}
	if !k.Everyone() {
		if out.Group = names[GroupKey(k.Variable, k.Value)]; len(out.Group) == 0 {
			out.Group = instrument.Text{instrument.NL: row.Name}
		}
	}
	var f *gap.Figure
	switch k.Option {
	case GapBelow:
		f, out.Unit = standing.Below, Share
	case GapLevel:
		f, out.Unit = standing.Level, Level
	}
	if f == nil {
		return Figure{}, false
	}
	out.Value, out.Low, out.High, out.Grain = f.Value, f.Low, f.High, f.Grain
	return out, true
}

// GroupKey is the name of a group of a gap among names; no skill has such an id.
func GroupKey(kind, code string) string { return kind + ":" + code }

// gapRow returns the group of a key in a gap, nil when it is not shown.
func gapRow(g *gap.Gap, k Key) *gap.Row {
	var list []gap.Row
	var code func(*gap.Row) string
	switch gap.Kind(k.Variable) {
	case "":
		return g.Whole
	case gap.ByFunction:
		list, code = g.Functions, func(r *gap.Row) string { return r.Function }
	case gap.ByDepartment:
		list, code = g.Departments, func(r *gap.Row) string { return r.Department }
	case gap.ByFamily:
		list, code = g.Families, func(r *gap.Row) string { return r.Family }
	default:
		return nil
	}
	if i := slices.IndexFunc(list, func(r gap.Row) bool { return code(&r) == k.Value }); i >= 0 {
		return &list[i]
	}
	return nil
}
