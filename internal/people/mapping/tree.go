package mapping

import (
	"cmp"
	"slices"
	"strings"

	"tekentafel/internal/people/mapping/value"
)

// context makes what general headings ("Naam", "Code", "Leidinggevende") mean fit what the file is about.
func (p *proposer) context(matches []map[Field]match) {
	person, unit, function, given, family := 0.0, 0.0, 0.0, false, false
	for i, list := range matches {
		for f, m := range list {
			factor, _ := suits(f, &p.shapes[i])
			switch score := m.score * min(1, factor); f {
			case Number, Given, Mail, Language, Birth, National, FTE, Statute, Start, End, PostStart, PostEnd, Service, ManagerNumber, ManagerMail:
				if score > 0.7 {
					person += score
				}
			case UnitParent, UnitKind, UnitCode, UnitPath, UnitName, UnitHead:
				unit = max(unit, score)
			case FunctionGroup, FunctionLevel, FunctionISCO, FunctionCode, FunctionName, FunctionWork:
				function = max(function, score)
			default:
			}
			given = given || f == Given && m.score > 0.7
			family = family || f == Family && m.score > 0.9
		}
		if p.shapes[i].share(p.shapes[i].mail) > 0.6 {
			person++
		}
	}
	for i, list := range matches {
		if given && !family {
			delete(list, Name)
		}
		if family {
			if m := list[Family]; m.score < 0.9 {
				delete(list, Family)
			}
		}
		if person > 0 {
			if m, ok := list[UnitHead]; ok && list[ManagerName].score == 0 {
				m.score *= 0.5
				list[UnitHead] = m
			}
			continue
		}
		name, code := UnitName, UnitCode
		switch {
		case function > unit:
			name, code = FunctionName, FunctionCode
		case unit == 0:
			continue
		}
		p.general(list, value.Fold(p.headings[i]), name, code)
	}
}

// general gives a general heading its meaning in a file about units or functions alone.
func (p *proposer) general(list map[Field]match, heading string, name, code Field) {
	switch {
	case slices.Contains(p.words.Descriptions, heading):
		clear(list)
		list[name] = match{heading, 0.9, true}
	case slices.Contains(p.words.Codes, heading):
		clear(list)
		list[code] = match{heading, 0.9, true}
	}
	if name == UnitName {
		for _, f := range []Field{ManagerName, ManagerNumber, ManagerMail} {
			if m, ok := list[f]; ok {
				list[UnitHead] = m
				delete(list, f)
			}
		}
	}
}

// levels finds columns that are the levels of a tree: kinds of units ("Departement", "Dienst", "Team"), or one word with numbers
// ("Niveau 1", "Niveau 2"). The order is that of the numbers, or else of the columns when there are ever more units from left to right, or
// else of how many there are.
func (p *proposer) levels() {
	var kinds, numbers []int
	digit := map[int]int{}
	for i, h := range p.headings {
		s := &p.shapes[i]
		if s.share(s.text) < 0.5 || s.paths > 0 || s.share(s.level) > 0.8 {
			continue
		}
		tokens := strings.Fields(value.Fold(h))
		if len(tokens) == 1 {
			if word, n := cutNumber(tokens[0]); n > 0 {
				tokens = []string{word, string(rune('0' + n))}
			}
		}
		last := ""
		if len(tokens) > 1 {
			last = tokens[len(tokens)-1]
		}
		if word, n := cutNumber("x" + last); word == "x" && n > 0 && slices.Contains(p.words.Numbered, strings.Join(tokens[:len(tokens)-1], " ")) {
			numbers, digit[i] = append(numbers, i), n
			continue
		}
		for _, w := range p.words.Levels {
			if t := strings.Join(tokens, " "); t == w || t == "naam "+w || t == w+" naam" {
				kinds = append(kinds, i)
				break
			}
		}
	}
	list := kinds
	if len(numbers) >= 2 {
		list = numbers
		slices.SortFunc(list, func(a, b int) int { return digit[a] - digit[b] })
	} else if !slices.IsSortedFunc(list, func(a, b int) int { return cmp.Compare(p.shapes[a].distinct, p.shapes[b].distinct) }) && !p.sparse(list) {
		slices.SortStableFunc(list, func(a, b int) int { return cmp.Compare(p.shapes[a].distinct, p.shapes[b].distinct) })
	}
	if len(list) < 2 || len(list) > MaxLevels {
		return
	}
	for k, i := range list {
		p.add(i, candidate{field: UnitLevel, level: k + 1, score: 0.96, reason: Reason{Kind: ByLevels}})
	}
}

// sparse tells whether columns are an outline: most rows that name a unit in one of them leave the top empty.
func (p *proposer) sparse(list []int) bool {
	if len(list) < 2 {
		return false
	}
	open, named := 0, 0
	n := p.table.Len()
	var cells []string
	for k := range min(n, looked) {
		cells = p.table.AppendRow(cells[:0], k*n/min(n, looked))
		first, any := true, false
		for at, i := range list {
			if i < len(cells) && !value.Empty(cells[i]) {
				any = true
				first = first && at > 0
			}
		}
		count(&named, any)
		count(&open, any && first)
	}
	return open*2 > named
}

// outlined tells whether the level columns that were chosen leave out what the row above says.
func (p *proposer) outlined() bool {
	var list []Proposal
	for _, c := range p.chosen {
		if c.Field == UnitLevel {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b Proposal) int { return a.Level - b.Level })
	columns := make([]int, len(list))
	for i, c := range list {
		columns[i] = c.Column
	}
	return p.sparse(columns)
}

// cutNumber cuts the digits from 1 to 32 from the end of a word.
func cutNumber(s string) (string, int) {
	word := strings.TrimRight(s, "0123456789")
	n := 0
	for _, r := range s[len(word):] {
		n = n*10 + int(r-'0')
		if n > MaxLevels {
			return s, 0
		}
	}
	return word, n
}

// parents finds a column whose values are codes of another column: each unit with the one above.
func (p *proposer) parents() {
	for i := range p.shapes {
		child := &p.shapes[i]
		if child.filled < 3 || child.distinct < 3 {
			continue
		}
		code := best(p.cands[i])
		unique := child.distinct == child.filled
		for k := range p.shapes {
			parent := &p.shapes[k]
			if k == i || parent.distinct < 2 || parent.distinct >= child.distinct || parent.within(child) < 0.9 {
				continue
			}
			head := 0.0
			for _, c := range p.cands[k] {
				if c.field == UnitParent {
					head = c.score
				}
			}
			switch {
			case head > 0:
				p.add(k, candidate{field: UnitParent, score: min(0.98, head+0.3), reason: Reason{Kind: ByParents, Column: i}})
			case code.field == UnitCode && code.score > 0.5 && child.share(child.text) < 0.5:
				p.add(k, candidate{field: UnitParent, score: 0.75, reason: Reason{Kind: ByParents, Column: i}})
			case code.field == Number && unique && code.score > 0.5 && parent.share(parent.code) > 0.8 && parent.share(parent.digits) >= child.share(child.digits)/2:
				p.add(k, candidate{field: ManagerNumber, score: 0.6, reason: Reason{Kind: ByParents, Column: i}})
			}
		}
	}
}
