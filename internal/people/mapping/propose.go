package mapping

import (
	"cmp"
	"slices"
	"strings"

	"tekentafel/internal/people/mapping/value"
)

// ReasonKind is why a field is proposed for a column.
type ReasonKind string

// The kinds of reasons.
const (
	ByHeading     ReasonKind = "heading"       // the heading is Word
	LikeHeading   ReasonKind = "heading-like"  // the heading looks like Word
	ByCells       ReasonKind = "cells"         // Share percent of the cells look like it
	HeadingCells  ReasonKind = "heading-cells" // the heading is or looks like Word, and Share percent of the cells look like it
	ByParents     ReasonKind = "parents"       // the values are values of column Column
	ByLevels      ReasonKind = "levels"        // one of several columns of kinds of units
	Describes     ReasonKind = "describes"     // says what the code in column Column means
	ByKnown       ReasonKind = "known"         // Share percent of the cells are known in the organisation
	BySaved       ReasonKind = "saved"         // decided before for this source
	NotInModel    ReasonKind = "not-used"      // Word is something that is not kept
	OtherColumn   ReasonKind = "other-column"  // looks like Word, but column Column is surer
	NotRecognised ReasonKind = "unknown"
)

// Reason is why a field is proposed, in parts that a caller puts into words.
type Reason struct {
	Kind   ReasonKind
	Word   string // of words.yaml
	Share  int    // percent
	Column int    // of the file
}

// Proposal is what a column probably is.
type Proposal struct {
	Column     int
	Heading    string
	Field      Field   // Ignore when nothing is likely enough
	Level      int     // for UnitLevel: 1 for the top
	Confidence float64 // between 0 and 1
	Reason     Reason
}

// Proposed is a proposal for a whole file.
type Proposed struct {
	Columns []Proposal // one a column, in their order
	Key     Key
	Values  Values
}

// Mapping returns the mapping that takes the proposal as it is.
func (p *Proposed) Mapping() *Mapping {
	headings, list, levels := make([]string, len(p.Columns)), make([]Field, len(p.Columns)), make([]int, len(p.Columns))
	for i, c := range p.Columns {
		headings[i], list[i], levels[i] = c.Heading, c.Field, c.Level
	}
	return New(headings, list, levels, p.Key, p.Values)
}

// least is the confidence below which no field is proposed.
const least = 0.4

// Propose says what the columns of a file probably are. known may be nil. saved, which may be nil, is the mapping that was kept
// for the source: what it knows is taken over, and the columns that are new are proposed beside it, with how their cells are written.
func Propose(t Table, known *Known, saved *Mapping) *Proposed {
	p := &proposer{table: t, headings: t.Headings(), shapes: shapes(t, known)}
	p.candidates()
	var fit *Fit
	if saved != nil {
		fit = saved.Fit(p.headings)
	}
	p.choose(fit)
	out := &Proposed{Columns: p.chosen}
	if saved != nil {
		out.Key, out.Values = saved.Key, saved.Values
	}
	p.values(out)
	if !p.has(out.Key) {
		out.Key = p.key()
	}
	return out
}

type candidate struct {
	field  Field
	score  float64
	level  int
	reason Reason
}

type proposer struct {
	words    *lexicon
	table    Table
	headings []string
	shapes   []shape
	cands    [][]candidate
	chosen   []Proposal
}

// candidates finds for each column what it could be.
func (p *proposer) candidates() {
	p.words = vocabulary()
	p.cands = make([][]candidate, len(p.headings))
	matches := make([]map[Field]match, len(p.headings))
	for i, h := range p.headings {
		matches[i] = p.words.match(h)
	}
	p.context(matches)
	for i := range p.headings {
		s := &p.shapes[i]
		for f, m := range matches[i] {
			p.add(i, headed(f, m, s))
			if to, fit := otherForm(f, s); fit > 0 {
				c := headed(to, m, s)
				c.score = min(0.97, m.score*fit)
				p.add(i, c)
			}
		}
		p.byCells(i)
	}
	p.levels()
	p.parents()
	p.describing()
	for i := range p.cands {
		slices.SortFunc(p.cands[i], func(a, b candidate) int {
			return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.field.At(), b.field.At()))
		})
	}
}

func (p *proposer) add(column int, c candidate) {
	if c.score > 0 {
		p.cands[column] = append(p.cands[column], c)
	}
}

// choose gives each column its surest field, the surest column first, and each field but a level one column.
func (p *proposer) choose(fit *Fit) {
	p.chosen = make([]Proposal, len(p.headings))
	done, taken := make([]bool, len(p.headings)), map[Field]int{}
	for i, h := range p.headings {
		p.chosen[i] = Proposal{Column: i, Heading: h, Reason: Reason{Kind: NotRecognised}}
		if fit != nil && !slices.Contains(fit.New, i) {
			p.chosen[i] = Proposal{Column: i, Heading: h, Field: fit.Fields[i], Level: fit.Levels[i], Confidence: 1, Reason: Reason{Kind: BySaved}}
			done[i] = true
			if fit.Fields[i] != Ignore {
				taken[fit.Fields[i]] = i
			}
		}
	}
	type pick struct {
		column int
		candidate
	}
	var all []pick
	for i := range p.cands {
		for _, c := range p.cands[i] {
			all = append(all, pick{i, c})
		}
	}
	slices.SortStableFunc(all, func(a, b pick) int { return cmp.Compare(b.score, a.score) })
	for _, c := range all {
		switch other, gone := taken[c.field]; {
		case done[c.column] || c.score < least:
		case c.field == notUsed:
			done[c.column] = true
			p.chosen[c.column].Confidence, p.chosen[c.column].Reason = c.score, c.reason
		case gone && c.field != UnitLevel || fit != nil && clashes(c.field, taken):
			if r := &p.chosen[c.column].Reason; r.Kind == NotRecognised {
				*r = Reason{Kind: OtherColumn, Word: c.reason.Word, Column: other}
			}
		case clashes(c.field, taken):
		default:
			done[c.column], taken[c.field] = true, c.column
			p.chosen[c.column] = Proposal{Column: c.column, Heading: p.headings[c.column], Field: c.field, Level: c.level, Confidence: c.score, Reason: c.reason}
		}
	}
}

// clashes tells whether a field says what another column says already: a second tree of units, a whole name beside its parts.
func clashes(f Field, taken map[Field]int) bool {
	has := func(list ...Field) bool {
		return slices.ContainsFunc(list, func(g Field) bool { _, ok := taken[g]; return ok && g != f })
	}
	switch f {
	case UnitPath, UnitLevel, UnitIndent, UnitParent:
		return has(UnitPath, UnitLevel, UnitIndent, UnitParent)
	case Name:
		return has(Family)
	case Family:
		return has(Name)
	default:
		return false
	}
}

// values proposes how the cells of columns are written that the saved mapping does not know.
func (p *proposer) values(out *Proposed) {
	day, month, kept := 0, 0, false
	for i := range p.chosen {
		s, saved := &p.shapes[i], p.chosen[i].Reason.Kind == BySaved
		switch f := p.chosen[i].Field; f {
		case Birth, Start, End, PostStart, PostEnd:
			day, month, kept = day+s.dayFirst, month+s.monthFirst, kept || saved
		case FTE:
			if !saved {
				out.Values.Scale = scale(p.headings[i], s)
			}
		case UnitPath:
			if !saved {
				out.Values.Separator = cmp.Or(s.separator, "/")
			}
		case Service:
			if !saved {
				out.Values.Inverse = inverse(p.headings[i])
			}
		case UnitLevel:
			if !saved && p.chosen[i].Level == 1 && p.outlined() {
				out.Values.Outline = true
			}
		default:
		}
	}
	if !kept && day+month > 0 {
		out.Values.Dates = ""
		if month > day {
			out.Values.Dates = value.MonthFirst
		}
	}
}

// has tells whether a column gives what people are recognised by.
func (p *proposer) has(key Key) bool {
	return key != "" && slices.ContainsFunc(p.chosen, func(c Proposal) bool { return c.Field == key })
}

// key proposes what people are recognised by: the first of the keys that is filled in.
func (p *proposer) key() Key {
	for _, key := range Keys() {
		if slices.ContainsFunc(p.chosen, func(c Proposal) bool { return c.Field == key && p.shapes[c.Column].filled > 0 }) {
			return key
		}
	}
	if p.has(Number) {
		return Number
	}
	return ""
}

// inverse tells whether a heading asks who is out of service.
func inverse(heading string) bool {
	folded := value.Fold(heading)
	for _, w := range []string{"uit dienst", "uitdienst", "out of service", "hors service", "inactief", "inactive", "inactif", "niet actief"} {
		if strings.Contains(folded, w) {
			return true
		}
	}
	return false
}
