package mapping

import (
	"encoding/json"
	"fmt"
	"slices"

	"tekentafel/internal/people/mapping/value"
)

// Version is the version of the form in which a mapping is kept.
const Version = 1

// Mapping is what the columns of a source mean. Columns are known by their heading, and where headings are equal by which of
// them it is.
type Mapping struct {
	Version int      `json:"version"`
	Key     Key      `json:"key"` // what people are recognised by; not used for units or functions alone
	Columns []Column `json:"columns"`
	Values  Values   `json:"values"`
}

// Column is what one column means. Columns with the field Ignore are kept too, so that it is known which are new.
type Column struct {
	Heading string `json:"heading"`
	Nth     int    `json:"nth,omitempty"` // 1 for the second column with this heading, and so on
	Field   Field  `json:"field,omitempty"`
	Level   int    `json:"level,omitempty"` // for UnitLevel: 1 for the top, and so on
}

// Values says how cells are written.
type Values struct {
	Dates     value.Order `json:"dates,omitempty"`
	Scale     value.Scale `json:"scale,omitempty"`     // of bare numbers in the part of full time
	FullHours float64     `json:"fullHours,omitempty"` // full time in hours a week, for the scale Hours; 0 means 38
	Separator string      `json:"separator,omitempty"` // between the units of a path
	Outline   bool        `json:"outline,omitempty"`   // an empty cell in a level above a filled one repeats the row above
	Width     int         `json:"width,omitempty"`     // digits of a staff number; shorter ones get leading zeros. 0: as they are
	AfterEnd  bool        `json:"afterEnd,omitempty"`  // the end is the first day out of service, not the last day in it
	Inverse   bool        `json:"inverse,omitempty"`   // the column of Service says who is out of service
	In        []string    `json:"in,omitempty"`        // further words for in service
	Out       []string    `json:"out,omitempty"`       // further words for out of service
}

// Parse reads a mapping as it is kept. The error says what is wrong with it.
func Parse(data []byte) (*Mapping, error) {
	var m Mapping
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("the mapping is no JSON of a mapping: %w", err)
	}
	if m.Version < 1 || m.Version > Version {
		return nil, fmt.Errorf("the mapping has version %d; this program reads version 1 to %d", m.Version, Version)
	}
	for _, c := range m.Columns {
		if !c.Field.Known() {
			return nil, fmt.Errorf("column %q of the mapping has the field %q, which does not exist; choose another", c.Heading, c.Field)
		}
		if c.Nth < 0 || c.Level < 0 || c.Level > MaxLevels {
			return nil, fmt.Errorf("column %q of the mapping has number %d and level %d; levels are 1 to %d", c.Heading, c.Nth, c.Level, MaxLevels)
		}
	}
	if m.Key != "" && !slices.Contains(Keys(), m.Key) {
		return nil, fmt.Errorf("people cannot be recognised by %q; choose number, mail or national", m.Key)
	}
	if v := m.Values; v.Width < 0 || v.Width > 40 || v.FullHours < 0 || v.FullHours > 168 {
		return nil, fmt.Errorf("the mapping has %d digits for a staff number (0 to 40) and %g hours for full time (0 to 168)", v.Width, v.FullHours)
	}
	if !slices.Contains([]value.Order{"", value.DayFirst, value.MonthFirst}, m.Values.Dates) ||
		!slices.Contains([]value.Scale{value.Auto, value.One, value.Percent, value.Hours}, m.Values.Scale) {
		return nil, fmt.Errorf("the mapping writes dates as %q and full time as %q; dates are dmy or mdy, full time is one, percent or hours", m.Values.Dates, m.Values.Scale)
	}
	return &m, nil
}

// JSON writes the mapping as Parse reads it.
func (m *Mapping) JSON() ([]byte, error) {
	out := *m
	out.Version = Version
	return json.Marshal(out)
}

// MaxLevels is the deepest tree that a file may have.
const MaxLevels = 32

// Fit is how a mapping lies on the columns of a file.
type Fit struct {
	Fields   []Field  // for each column of the file
	Levels   []int    // for each column of the file; 0 where it is no UnitLevel
	Vanished []Column // of the mapping, with a field, that the file does not have
	New      []int    // columns of the file that the mapping does not know; they are ignored
}

// Of returns the column of a field, -1 when there is none.
func (f *Fit) Of(field Field) int { return slices.Index(f.Fields, field) }

// Has tells whether the file has a column of a field.
func (f *Fit) Has(field Field) bool { return f.Of(field) >= 0 }

// Content returns what the file is about.
func (f *Fit) Content() Content { return ContentOf(f.Fields) }

// LevelColumns returns the columns of the levels, the top first.
func (f *Fit) LevelColumns() []int {
	var list []int
	for i, field := range f.Fields {
		if field == UnitLevel {
			list = append(list, i)
		}
	}
	slices.SortStableFunc(list, func(a, b int) int { return f.Levels[a] - f.Levels[b] })
	return list
}

type named struct {
	heading string
	nth     int
}

// Fit lays the mapping on a file with these headings. Headings are compared without regard to capitals, accents and signs; a heading
// without letters and digits by its place among such.
func (m *Mapping) Fit(headings []string) *Fit {
	f := &Fit{Fields: make([]Field, len(headings)), Levels: make([]int, len(headings))}
	place := map[named]int{}
	for i, n := range name(headings) {
		place[n] = i
	}
	known := make([]bool, len(headings))
	for _, c := range m.Columns {
		i, ok := place[named{value.Fold(c.Heading), c.Nth}]
		if !ok {
			if c.Field != Ignore {
				f.Vanished = append(f.Vanished, c)
			}
			continue
		}
		known[i] = true
		f.Fields[i], f.Levels[i] = c.Field, c.Level
	}
	for i, k := range known {
		if !k {
			f.New = append(f.New, i)
		}
	}
	return f
}

// name gives each heading its folded form and how many equal ones stand before it.
func name(headings []string) []named {
	list, count := make([]named, len(headings)), map[string]int{}
	for i, h := range headings {
		key := value.Fold(h)
		list[i] = named{key, count[key]}
		count[key]++
	}
	return list
}

// New returns the mapping that gives the columns of a file these fields. Levels of units follow the order of the columns where
// levels is nil.
func New(headings []string, list []Field, levels []int, key Key, values Values) *Mapping {
	m := &Mapping{Version: Version, Key: key, Values: values}
	level := 0
	for i, n := range name(headings) {
		c := Column{Heading: headings[i], Nth: n.nth}
		if i < len(list) {
			c.Field = list[i]
		}
		if c.Field == UnitLevel {
			level++
			c.Level = level
			if i < len(levels) && levels[i] > 0 {
				c.Level = levels[i]
			}
		}
		m.Columns = append(m.Columns, c)
	}
	return m
}
