package check

import (
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"

	"tekentafel/internal/instrument"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/stats/irt"
)

// Item is a question of the test.
type Item struct {
	framework.Item
	Skill   string
	Version int // of its bank
	scale   int
	takes   [2]float64 // seconds, of the versions
	tags    [2]uint32  // of the versions for desk work and for the field
}

// Statement is a sentence about oneself.
type Statement struct {
	ID       string
	Skill    string
	Text     instrument.Text
	Reversed bool // agreeing says less of the skill
	tag      uint32
}

// Material is what checks ask. Nobody changes it; it is safe for concurrent use.
type Material struct {
	Framework  *framework.Framework
	Items      []Item
	Statements []Statement
	Agreement  []instrument.Option // how much one agrees, from 1 up
	Questions  map[string]instrument.Text

	skills  []string
	entries []irt.Entry
	bank    *irt.Bank
	brief   [2]*irt.Bank   // the short items alone, for desk work and for the field
	items   map[string]int // by id
	byTag   map[uint32]int
	said    map[uint32]int // statements by tag
	loading irt.Loading
	tuned   int // items with calibrated parameters
}

// scale of the statements: answers 1 to most.
const most = 5

// The self-report on the scale of the statements. Nothing is known yet of how it spreads among the people of these organisations, so that
// a guess stands in (see irt.WeakLoading): a middle between neutral and agree, because people agree more easily than not, a common
// spread of five-point scales, and a reliability of 0.8 for five statements. So who agrees sees oneself at the third of the four levels.
const (
	selfMiddle, selfSpread = 3.4, 0.8
	selfReliability        = 0.8
)

// New makes material of a framework, one bank for each of its skills, and the statements of an instrument: the matrix items of the
// constructs that have the names of the skills. The error says what does not fit.
func New(f *framework.Framework, banks []*framework.Bank, in *instrument.Instrument) (*Material, error) {
	prior := irt.WeakLoading(selfMiddle, selfSpread)
	m := &Material{Framework: f, items: map[string]int{}, byTag: map[uint32]int{}, said: map[uint32]int{}, Questions: map[string]instrument.Text{},
		loading: irt.Loading{Nu: prior.Nu, Lambda: prior.Lambda, Sigma: prior.Sigma, Error: selfSpread * sqrt(1-selfReliability)}}
	for scale := range f.Skills {
		s := &f.Skills[scale]
		m.skills = append(m.skills, s.ID)
		at := slices.IndexFunc(banks, func(b *framework.Bank) bool { return b.Skill == s.ID })
		if at < 0 {
			return nil, fmt.Errorf("there is no bank of items for the skill %q", s.ID)
		}
		if err := m.addBank(scale, s, banks[at]); err != nil {
			return nil, err
		}
		if err := m.addStatements(s.ID, in); err != nil {
			return nil, err
		}
	}
	return m, m.makeBanks()
}

// With returns the same material with the words and levels of a framework that an organisation adapted; the same when it is nil.
func (m *Material) With(f *framework.Framework) *Material {
	if f == nil || f == m.Framework || len(f.Skills) != len(m.skills) {
		return m
	}
	for i := range f.Skills {
		if f.Skills[i].ID != m.skills[i] {
			return m
		}
	}
	out := *m
	out.Framework = f
	return &out
}

func (m *Material) addBank(scale int, s *framework.Skill, b *framework.Bank) error {
	for i := range b.Items {
		it := Item{Item: b.Items[i], Skill: s.ID, Version: b.Version, scale: scale}
		for v, field := range []bool{false, true} {
			it.tags[v] = it.tagOf(field)
			if _, twice := m.byTag[it.tags[v]]; twice || it.tags[v] == 0 {
				return fmt.Errorf("item %q: its tag is that of another; give it another id", it.ID)
			}
			m.byTag[it.tags[v]] = len(m.Items)
		}
		it.takes = [2]float64{it.seconds(false), it.seconds(true)}
		area := slices.IndexFunc(s.Areas, func(a framework.Area) bool { return a.ID == it.Area })
		m.items[it.ID] = len(m.Items)
		m.Items = append(m.Items, it)
		m.entries = append(m.entries, irt.Entry{Item: irt.Item{A: it.Parameters.A, B: it.Parameters.B, C: it.Parameters.C}, Scale: scale, Area: area, Seconds: (it.takes[0] + it.takes[1]) / 2})
	}
	return nil
}

// ErrStatements says that an instrument has no statements about a skill.
var ErrStatements = errors.New("the instrument has no statements about the skill")

func (m *Material) addStatements(skill string, in *instrument.Instrument) error {
	at := slices.IndexFunc(in.Constructs, func(c instrument.Construct) bool { return c.ID == skill })
	if at < 0 {
		return fmt.Errorf("%w %q", ErrStatements, skill)
	}
	c := &in.Constructs[at]
	for i := range in.Items {
		it := &in.Items[i]
		if it.Kind != instrument.Matrix || len(it.Options) != most {
			continue
		}
		for j := range it.Rows {
			row := &it.Rows[j]
			if !slices.Contains(c.Items, row.ID) {
				continue
			}
			s := Statement{ID: row.ID, Skill: skill, Text: row.Text, Reversed: slices.Contains(c.Reverse, row.ID), tag: tag("statement", row.ID)}
			if _, twice := m.said[s.tag]; twice || s.tag == 0 {
				return fmt.Errorf("statement %q: its tag is that of another; give it another id", row.ID)
			}
			m.said[s.tag] = len(m.Statements)
			m.Statements = append(m.Statements, s)
			m.Agreement, m.Questions[skill] = it.Options, it.Question
		}
	}
	if m.Questions[skill] == nil {
		return fmt.Errorf("%w %q", ErrStatements, skill)
	}
	return nil
}

// tagOf names a version of an item by what the score hangs on: its id, and what each option counts. Whoever mends a word keeps it.
func (it *Item) tagOf(field bool) uint32 {
	parts := []string{"item", it.ID, strconv.FormatBool(field)}
	for _, o := range it.In(field).Options {
		parts = append(parts, strconv.Itoa(o.Credit))
	}
	return tag(parts...)
}

// tag is a short name, FNV-1a of 32 bits.
func tag(parts ...string) uint32 {
	h := fnv.New32a()
	for _, p := range parts {
		_, _ = h.Write([]byte(p)) // a hash takes everything
		_, _ = h.Write([]byte{0})
	}
	return h.Sum32()
}

// Skills lists the skills, in the order of the framework. Nobody changes the list.
func (m *Material) Skills() []string { return m.skills }

// Has tells whether there is such a skill.
func (m *Material) Has(skill string) bool { return slices.Contains(m.skills, skill) }

// Item returns the item with an id, or nil when the bank has it no more.
func (m *Material) Item(id string) *Item {
	i, known := m.items[id]
	if !known {
		return nil
	}
	return &m.Items[i]
}

// StatementsOf lists the positions of the statements about a skill.
func (m *Material) StatementsOf(skill string) []int {
	var out []int
	for i := range m.Statements {
		if m.Statements[i].Skill == skill {
			out = append(out, i)
		}
	}
	return out
}

// BankVersions writes the versions of the banks in the order of the skills, such as "1.1.2.1.1".
func (m *Material) BankVersions() string {
	out, last := "", ""
	for i := range m.Items {
		if m.Items[i].Skill != last {
			last = m.Items[i].Skill
			if out != "" {
				out += "."
			}
			out += strconv.Itoa(m.Items[i].Version)
		}
	}
	return out
}
