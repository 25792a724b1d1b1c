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
// for the source: what it knows is taken over, and the columns that are new are proposed beside it.
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
		return out
	}
	p.values(out)
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

// headed is the candidate of a heading, weighed by whether the cells look like it.
func headed(f Field, m match, s *shape) candidate {
	factor, share := suits(f, s)
	c := candidate{field: f, score: min(0.99, m.score*factor), reason: Reason{Kind: LikeHeading, Word: m.word}}
	if m.exact {
		c.reason.Kind = ByHeading
	}
	if share > 0 {
		c.reason.Kind, c.reason.Share = HeadingCells, percent(share)
	}
	if f == notUsed {
		c.reason = Reason{Kind: NotInModel, Word: m.word}
	}
	return c
}

func percent(share float64) int { return int(share*100 + 0.5) }

// suits returns a factor for how well cells go with a field, and the share of cells that speak for it, 0 where cells say nothing.
// An empty column goes with every field.
func suits(f Field, s *shape) (factor, share float64) {
	if s.filled == 0 {
		return 0.9, 0
	}
	judge := func(n int, without float64) (float64, float64) {
		switch part := s.share(n); {
		case part >= 0.9:
			return 1.1, part
		case part >= 0.5:
			return 1, part
		default:
			return without + part/2, 0
		}
	}
	switch f {
	case Mail, ManagerMail:
		return judge(s.mail, 0.1)
	case Birth:
		return judge(max(s.date, s.year), 0.1)
	case Start, End, PostStart, PostEnd:
		return judge(s.date, 0.1)
	case FTE:
		return judge(s.fte, 0.1)
	case FunctionLevel:
		return judge(s.level, 0.2)
	case FunctionISCO:
		return judge(s.isco, 0.1)
	case Language:
		return judge(s.language, 0.2)
	case Service:
		return judge(s.service, 0.35)
	case FunctionWork:
		return judge(s.work, 0.4)
	case National:
		return judge(s.hash, 0.3)
	case Number, ManagerNumber:
		factor, share = judge(s.code, 0.15)
		if s.share(s.date) > 0.9 && s.share(s.digits) < 0.5 || s.share(s.text) > 0.7 && s.share(s.code) < 0.5 {
			factor = 0.1
		}
		return factor, share
	case Given, Family, Name, ManagerName, UnitName, UnitLevel, UnitIndent, UnitPath, FunctionName, FunctionGroup, UnitHead:
		if s.share(s.date) > 0.9 && s.share(s.text) < 0.5 {
			return 0.1, 0
		}
		factor = 0.4 + 0.6*s.share(s.text)
		if (f == Given || f == Family || f == Name) && s.share(s.text) < 0.5 || f == UnitPath && s.paths == 0 {
			factor *= 0.5
		}
		if f == UnitName && (s.paths > 0 || s.share(s.indented) > 0.3) {
			factor *= 0.8
		}
		if f == FunctionName && s.share(s.level) > 0.8 {
			factor *= 0.4
		}
		return factor, 0
	case UnitCode, FunctionCode, UnitParent:
		return 0.6 + 0.4*s.share(s.code), 0
	default:
		if s.share(s.date) > 0.9 && s.share(s.text) < 0.5 {
			return 0.3, 0
		}
		return 1, 0
	}
}

// otherForm returns the field that a heading means when the cells have another form than it says: a code under "OE", a path under
// "Dienst", a staff number under "Leidinggevende".
func otherForm(f Field, s *shape) (Field, float64) {
	if s.filled == 0 {
		return Ignore, 0
	}
	coded := s.share(s.code) > 0.8 && (s.share(s.digits) > 0.5 || s.share(s.text) < 0.5)
	switch f {
	case UnitName, UnitPath, UnitLevel:
		switch {
		case s.paths > 0:
			return UnitPath, 1.05
		case s.share(s.indented) > 0.3:
			return UnitIndent, 1.05
		case coded:
			return UnitCode, 0.95
		}
	case UnitCode:
		if s.share(s.text) > 0.8 && s.share(s.code) < 0.3 {
			return UnitName, 0.85
		}
	case FunctionName:
		if coded && s.share(s.level) < 0.5 {
			return FunctionCode, 0.95
		}
	case ManagerName, ManagerNumber, ManagerMail, UnitHead:
		if f == UnitHead {
			return Ignore, 0
		}
		switch {
		case s.share(s.mail) > 0.8:
			return ManagerMail, 1
		case coded:
			return ManagerNumber, 1
		case s.share(s.text) > 0.8 && s.share(s.code) < 0.5:
			return ManagerName, 0.97
		}
	case Name, Family:
		if coded {
			return Number, 0.9
		}
	default:
	}
	return Ignore, 0
}

// byCells adds what the cells alone make likely.
func (p *proposer) byCells(i int) {
	s := &p.shapes[i]
	if s.filled < 3 {
		return
	}
	say := func(f Field, n int, from, score float64, kind ReasonKind) {
		if part := s.share(n); part >= from {
			p.add(i, candidate{field: f, score: score * part, reason: Reason{Kind: kind, Share: percent(part)}})
		}
	}
	say(Mail, s.mail, 0.6, 0.85, ByCells)
	say(National, s.hash, 0.5, 0.9, ByCells)
	say(Number, s.number, 0.5, 0.9, ByKnown)
	say(UnitName, s.unit, 0.6, 0.8, ByKnown)
	say(FunctionName, s.function, 0.6, 0.8, ByKnown)
	if s.share(s.digits) < 1 || s.distinct > 30 { // small numbers are codes of anything
		say(UnitCode, s.unitCode, 0.8, 0.7, ByKnown)
		say(FunctionCode, s.functionCode, 0.8, 0.7, ByKnown)
	}
	if s.distinct >= 3 {
		say(UnitPath, s.paths, 0.6, 0.65, ByCells)
		say(FunctionLevel, s.level, 0.95, 0.6, ByCells)
	}
	if s.distinct >= 5 && s.share(s.digits) > 0.9 {
		say(FunctionISCO, s.isco, 0.97, 0.55, ByCells)
	}
	if s.distinct >= 2 && s.distinct <= 4 {
		say(Language, s.language, 0.95, 0.5, ByCells)
	}
	if s.indented > 0 && s.indented < s.filled {
		say(UnitIndent, s.indented, 0.4, 0.5, ByCells)
	}
}

// describing gives a column such as "Omschrijving" the name of what the code in the column before it stands for.
func (p *proposer) describing() {
	for i := 1; i < len(p.headings); i++ {
		s := &p.shapes[i]
		if !slices.Contains(p.words.Descriptions, value.Fold(p.headings[i])) || s.share(s.text) < 0.5 {
			continue
		}
		before := best(p.cands[i-1])
		for _, of := range []struct{ code, name Field }{{UnitCode, UnitName}, {FunctionCode, FunctionName}} {
			if before.field == of.code && before.score >= 0.5 {
				p.add(i, candidate{field: of.name, score: 0.85 * before.score, reason: Reason{Kind: Describes, Column: i - 1}})
			}
		}
	}
}

func best(list []candidate) (c candidate) {
	for _, x := range list {
		if x.score > c.score {
			c = x
		}
	}
	return c
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

// values proposes how cells are written, and what people are recognised by.
func (p *proposer) values(out *Proposed) {
	day, month := 0, 0
	for i := range p.chosen {
		s := &p.shapes[i]
		switch f := p.chosen[i].Field; f {
		case Birth, Start, End, PostStart, PostEnd:
			day, month = day+s.dayFirst, month+s.monthFirst
		case FTE:
			out.Values.Scale = scale(p.headings[i], s)
		case UnitPath:
			if out.Values.Separator = s.separator; s.separator == "" {
				out.Values.Separator = "/"
			}
		case Service:
			out.Values.Inverse = inverse(p.headings[i])
		case UnitLevel:
			if p.chosen[i].Level == 1 && p.outlined() {
				out.Values.Outline = true
			}
		default:
		}
	}
	if month > day {
		out.Values.Dates = value.MonthFirst
	}
	for _, key := range Keys() {
		if slices.ContainsFunc(p.chosen, func(c Proposal) bool { return c.Field == key && p.shapes[c.Column].filled > 0 }) {
			out.Key = key
			break
		}
	}
	if out.Key == "" && slices.ContainsFunc(p.chosen, func(c Proposal) bool { return c.Field == Number }) {
		out.Key = Number
	}
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
