package needs

import (
	"slices"
	"strings"

	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/needs/book"
	"tekentafel/internal/skills/needs/demand"
)

// Staged is what a sheet would change, and what was not understood of it.
type Staged struct {
	Cells    []Cell         `json:"cells"`
	Troubles []book.Trouble `json:"troubles"`
}

// Cell is a cell that says something else than what stands.
type Cell struct {
	Sheet string      `json:"sheet"`
	Row   int         `json:"row"`
	Was   string      `json:"was"` // a level or an answer, as it counts now; "" for none
	Now   string      `json:"now"` // what it would be
	Wish  demand.Wish `json:"wish"`
}

// The troubles of lines that are understood but do not fit the organisation.
const (
	noSuchFunction = "no-function"
	noSuchFamily   = "no-family"
	codeAndName    = "code-and-name" // they are of different functions
	severalSuch    = "several"       // functions with this name
	noLevel        = "no-level"
	noAnswer       = "no-answer"
	twice          = "twice" // another row says something else of the same
)

// comparer puts the lines of a workbook beside what stands.
type comparer struct {
	m      *demand.Map
	reason string // for what has none of its own
	words  map[string]said
	byCode map[string][]int
	byName map[string][]int
	wished map[demand.Key]string
	out    *Staged
}

// compare says what a workbook would change.
func compare(m *demand.Map, tables []book.Table, reason string) *Staged {
	lines, troubles := book.Parse(tables, bookWords(m.Framework))
	c := &comparer{m: m, reason: reason, words: answerWords(), byCode: map[string][]int{}, byName: map[string][]int{}, wished: map[demand.Key]string{}, out: &Staged{Troubles: troubles}}
	for i := range m.Rows {
		if code := book.Fold(m.Rows[i].Code); code != "" {
			c.byCode[code] = append(c.byCode[code], i)
		}
		c.byName[book.Fold(m.Rows[i].Name)] = append(c.byName[book.Fold(m.Rows[i].Name)], i)
	}
	for i := range lines {
		c.line(&lines[i])
	}
	return c.out
}

func (c *comparer) trouble(l *book.Line, key string, args map[string]string) {
	c.out.Troubles = append(c.out.Troubles, book.Trouble{Sheet: l.Sheet, Row: l.Row, Key: key, Args: args})
}

func (c *comparer) line(l *book.Line) {
	if l.Code == "" && l.Function == "" {
		i := slices.IndexFunc(c.m.Families, func(f demand.Family) bool { return f.Name != "" && strings.EqualFold(f.Name, l.Family) })
		if i < 0 {
			c.trouble(l, noSuchFamily, map[string]string{"name": l.Family})
			return
		}
		name := c.m.Families[i].Name
		c.cells(l, framework.Where{Family: name}, c.m.FamilyAnswers(name), nil)
		return
	}
	found, key := c.find(l)
	if key != "" {
		c.trouble(l, key, map[string]string{"code": l.Code, "name": l.Function})
		return
	}
	r := &c.m.Rows[found]
	c.cells(l, framework.Where{Function: r.ID}, c.m.Answers(r.ID), r)
}

// find returns the function of a line by its code, else by its name and family, or the trouble with it.
func (c *comparer) find(l *book.Line) (int, string) {
	if l.Code != "" {
		if list := c.byCode[book.Fold(l.Code)]; len(list) == 1 {
			if l.Function != "" && book.Fold(l.Function) != book.Fold(c.m.Rows[list[0]].Name) {
				return 0, codeAndName
			}
			return list[0], ""
		}
	}
	list := c.byName[book.Fold(l.Function)]
	if l.Function == "" || len(list) == 0 {
		return 0, noSuchFunction
	}
	if len(list) > 1 {
		list = slices.DeleteFunc(slices.Clone(list), func(i int) bool { return !strings.EqualFold(c.m.Rows[i].Family, l.Family) })
	}
	if len(list) != 1 {
		return 0, severalSuch
	}
	if code := c.m.Rows[list[0]].Code; l.Code != "" && code != "" {
		return 0, codeAndName
	}
	return list[0], ""
}

// cells compares the cells of a line; row is nil for a family.
func (c *comparer) cells(l *book.Line, where framework.Where, answers []demand.Answered, row *demand.Row) {
	for _, skill := range l.SkillOrder {
		text := l.Skills[skill]
		level := levelIn(text)
		if level == "" {
			c.trouble(l, noLevel, map[string]string{"text": text, "skill": skill})
			continue
		}
		key := demand.Key{Kind: demand.Level, Where: where, Item: skill}
		reason := l.Reason
		if row != nil && reason == reasonShown(row) { // of the level that stood
			reason = ""
		}
		if len([]rune(reason)) < leastReason || len([]rune(reason)) > mostReason {
			reason = c.reason
		}
		wish := demand.Wish{Key: key, Value: demand.Value{Value: level, Note: reason}}
		was := c.m.State.Of(key).Value.Value
		if row != nil {
			n := row.Needs[slices.IndexFunc(row.Needs, func(n demand.Need) bool { return n.Skill == skill })]
			was = itoa(n.Level)
			if own := c.m.State.Of(key); own.Value.Value != "" && itoa(c.without(row, skill)) == level {
				wish.Value = demand.Value{} // what holds without it says the same
			}
		}
		c.wish(l, wish, was, level, was == level)
	}
	for _, rule := range l.RuleOrder {
		text := l.Rules[rule]
		what, known := c.words[book.Fold(text)]
		i := slices.IndexFunc(answers, func(a demand.Answered) bool { return a.Rule.ID == rule })
		a := &answers[i]
		person := a.Source == demand.Own || a.Source == demand.OfFamily
		if !known || what.proposed && (person || what.verdict != a.Verdict) || what.inherited && what.verdict != a.Verdict {
			c.trouble(l, noAnswer, map[string]string{"text": text, "rule": rule})
			continue
		}
		if what.proposed || what.inherited {
			continue
		}
		was := a.Verdict
		if !person {
			was = ""
		}
		w := demand.Wish{Key: demand.Key{Kind: demand.Answer, Where: where, Item: rule}, Value: demand.Value{Value: what.verdict, How: demand.Chosen}}
		c.wish(l, w, was, what.verdict, a.Source == demand.Own && was == what.verdict)
	}
}

// without is the level of a skill that a function would ask if none were set for it.
func (c *comparer) without(r *demand.Row, skill string) int {
	if set := c.m.State.Of(demand.Key{Kind: demand.Level, Where: framework.Where{Family: r.Family}, Item: skill}); r.Family != "" && len(set.Value.Value) == 1 {
		return int(set.Value.Value[0] - '0')
	}
	return r.Needs[slices.IndexFunc(r.Needs, func(n demand.Need) bool { return n.Skill == skill })].Proposed
}

// wish stages a cell, unless it says the same as what stands.
func (c *comparer) wish(l *book.Line, w demand.Wish, was, now string, same bool) {
	if before, seen := c.wished[w.Key]; seen {
		if before != now {
			c.trouble(l, twice, map[string]string{"item": w.Item, "kind": string(w.Kind)})
		}
		return
	}
	c.wished[w.Key] = now
	if !same {
		c.out.Cells = append(c.out.Cells, Cell{Sheet: l.Sheet, Row: l.Row, Was: was, Now: now, Wish: w})
	}
}

// levelIn reads a level: its number, with its name behind it or not; "" for none.
func levelIn(text string) string {
	first, _, _ := strings.Cut(text, " ")
	first = strings.TrimSuffix(strings.TrimSuffix(first, ".0"), ",0")
	if len(first) == 1 && first[0] >= '1' && first[0] <= '0'+framework.MostLevels {
		return first
	}
	return ""
}
