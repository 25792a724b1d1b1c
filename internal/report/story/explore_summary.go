package story

import (
	"slices"

	"tekentafel/internal/report/findings"
)

// verdicts gathers what an exploration found on its way.
type verdicts struct {
	tests  int         // figures by group that a test speaks of
	differ []different // where groups differ
	pairs  []pair      // figures of one group beside everyone
}

// different is a certain difference between groups and the panel that draws it.
type different struct {
	*findings.Compare
	what, panel string
}

// maxSaid bounds the figures that one sentence of a summary names.
const maxSaid = 8

// summary says what the sections together allow to say.
func (v *visit) summary() []Said {
	if v.group != nil {
		return v.summaryOfOne()
	}
	n := len(v.told.differ)
	switch {
	case v.told.tests == 0:
		return []Said{{Text: v.say("explore.no-tests", nil)}}
	case n == 0:
		return []Said{{Text: v.say("groups.same", args{"by": v.by})}, {Text: v.say("groups.absence", nil)}}
	}
	slices.SortStableFunc(v.told.differ, func(a, b different) int {
		return effectSize(b.Compare, b.Effect) - effectSize(a.Compare, a.Effect)
	})
	said := Said{Text: v.p.N("explore.summary-differ", n, args{"n": v.p.Int(n), "by": v.by}), More: v.more(n)}
	for _, d := range v.told.differ[:min(maxSaid, n)] {
		said.Items = append(said.Items, SaidItem{v.say("explore.item", args{"what": v.p.Opening(d.what), "figure": v.effect(d.Compare)}), d.panel})
	}
	return []Said{said}
}

// more says how many of n figures a sentence does not name.
func (v *visit) more(n int) string {
	if n <= maxSaid {
		return ""
	}
	return v.p.N("explore.more", n-maxSaid, args{"n": v.p.Int(n - maxSaid)})
}

// summaryOfOne says where a group lies clear of everyone.
func (v *visit) summaryOfOne() []Said {
	var out []Said
	for _, say := range []struct {
		verdict verdict
		key     string
	}{{higher, "explore.summary-higher"}, {lower, "explore.summary-lower"}} {
		list := ofVerdict(v.told.pairs, say.verdict)
		if len(list) == 0 {
			continue
		}
		said := Said{Text: v.p.N(say.key, len(list), args{"group": v.p.Quote(v.name), "n": v.p.Int(len(list))}), More: v.more(len(list))}
		for _, r := range list[:min(maxSaid, len(list))] {
			said.Items = append(said.Items, SaidItem{v.say("explore.item", args{"what": v.p.Opening(v.measureName(r.measure)), "figure": v.against(r)}), r.panel})
		}
		out = append(out, said)
	}
	switch {
	case len(out) > 0:
		return out
	case !slices.ContainsFunc(v.told.pairs, func(r pair) bool { return r.verdict != untested && r.verdict != unknown }):
		return []Said{{Text: v.say("explore.no-tests", nil)}}
	}
	return []Said{{Text: v.say("explore.summary-alike", args{"group": v.p.Quote(v.name)})}, {Text: v.say("groups.absence", nil)}}
}

// against writes a figure of the group beside that of everyone: "24 % tegenover 53 %". Scores get a second decimal where
// the first does not tell them apart.
func (v *visit) against(r pair) string {
	group, all := v.about(r.group), v.about(r.all)
	if r.scored() {
		group, all = v.score(r.group), v.score(r.all)
		if group == all {
			group, all = v.p.Decimal(r.group.value, 2), v.p.Decimal(r.all.value, 2)
		}
	}
	return v.say("explore.against", args{"group": group, "all": all})
}
