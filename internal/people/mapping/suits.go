package mapping

import (
	"slices"

	"tekentafel/internal/people/mapping/value"
)

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
