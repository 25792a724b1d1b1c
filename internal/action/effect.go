package action

import (
	"math"

	"tekentafel/internal/report/findings"
	"tekentafel/internal/skills/gap"
)

// Verdict is what a later report says of a measure.
type Verdict string

// The verdicts.
const (
	Waiting   Verdict = "waiting"    // no later report of the series, or the action had not begun then
	Shifted   Verdict = "shifted"    // the figure is another one than then, beyond chance
	NotShown  Verdict = "not-shown"  // that it is another one cannot be shown
	CannotSay Verdict = "cannot-say" // nothing can be said, see Because
)

// Because is why nothing can be said.
type Because string

// The reasons.
const (
	TooFew        Because = "too-few"        // the later report may not show the figure
	NotComparable Because = "not-comparable" // asked or computed in another way
	Unread        Because = "unread"         // the later report has no such figure any more
)

// Goal is how a figure stands to the goal of a measure.
type Goal string

// How figures stand to goals. Each is said only where the whole interval says it.
const (
	NoGoal      Goal = ""
	GoalReached Goal = "reached"
	GoalMissed  Goal = "missed"
	GoalUnclear Goal = "unclear" // the interval has the goal in it
)

// Difference is later less earlier, with its 95 % interval.
type Difference struct {
	Value, Low, High float64
	p                float64
}

// Effect is whether the measure of an action moved. It never says that the action did it.
type Effect struct {
	Verdict Verdict
	Because Because // of CannotSay
	Report  Report  // the later one
	Before  Figure  // as it was when the action was made
	Now     Figure
	Change  Difference
	// Standard is the change with the staff composed as now; nil where it is not known.
	Standard *Difference
	Wanted   bool // of Shifted: the figure went where it should
	Goal     Goal
	// Tests is how many figures were compared with this report, for which Shifted is corrected (Holm 1979).
	Tests int
	// Picked tells that the figure was of a group that stood out. Such a figure tends to come nearer to the others by itself.
	Picked bool
}

// less is the difference of two independent figures by their intervals (MOVER: Zou & Donner 2008, Statistics in Medicine 27:1693; for
// shares Newcombe 1998, method 10), with the p-value of the normal distribution that has the side of the interval towards zero as its own.
func less(before, now *Figure) Difference {
	d := Difference{Value: now.Value - before.Value}
	d.Low = d.Value - math.Hypot(now.Value-now.Low, before.High-before.Value)
	d.High = d.Value + math.Hypot(now.High-now.Value, before.Value-before.Low)
	d.p = tail(d)
	return d
}

// critical is the 97.5 % point of the normal distribution.
const critical = 1.959963984540054

// tail is the two-sided p-value that the interval of a difference implies.
func tail(d Difference) float64 {
	side := d.Value - d.Low
	if d.Value < 0 {
		side = d.High - d.Value
	}
	if side <= 0 {
		if d.Value == 0 {
			return 1
		}
		return 0
	}
	return math.Erfc(math.Abs(d.Value) / side * critical / math.Sqrt2)
}

// later is a report after that of a measure, with what lies between.
type later struct {
	report Report
	direct bool // its changes are measured against the report of the measure
	now    *findings.Findings
	before *findings.Findings // of the measure; nil when it is gone
	broken map[string]bool    // questions that are not comparable somewhere between, where before is gone
	gap    *gap.Gap           // of now; nil when there is none
	was    *gap.Gap           // of the report of the measure
}

// compare tells what a later report says of a measure, before it is corrected for the number of measures.
func (m *Measure) compare(l *later) Effect {
	e := Effect{Verdict: CannotSay, Report: l.report, Before: m.Figure, Picked: !m.Figure.Key.Everyone()}
	if m.Figure.Key.Source == FromGap {
		m.compareGaps(&e, l)
	} else {
		m.compareReports(&e, l)
	}
	if e.Verdict == CannotSay {
		return e
	}
	e.Wanted = (e.Change.Value > 0) == (m.Direction == Up)
	e.Goal = m.goal(&e.Now)
	return e
}

func (m *Measure) compareReports(e *Effect, l *later) {
	k := m.Figure.Key
	now, ok := Read(l.now, k)
	switch {
	case other(l, k):
		e.Because = NotComparable
		return
	case !ok && asks(l.now, k.Item):
		e.Because = TooFew
		return
	case !ok:
		e.Because = Unread
		return
	case now.Unit != m.Figure.Unit:
		e.Because = NotComparable
		return
	}
	e.Verdict, e.Now, e.Change = NotShown, now, less(&m.Figure, &now)
	if !l.direct {
		return
	}
	for i := range l.now.Changes {
		c := &l.now.Changes[i]
		if c.Item != k.Item || c.Option != k.Option || c.Suppressed || (c.Group == nil) != k.Everyone() || c.Group != nil && (c.Group.Variable != k.Variable || c.Group.Value != k.Value) {
			continue
		}
		e.Change = Difference{Value: c.Diff, Low: c.Low, High: c.High, p: c.P}
		if s := c.Standard; s != nil {
			e.Standard = &Difference{Value: s.Diff, Low: s.Low, High: s.High, p: s.P}
		}
	}
}

// asks tells whether a report has a question.
func asks(f *findings.Findings, id string) bool {
	for i := range f.Questions {
		if f.Questions[i].ID == id {
			return true
		}
	}
	return false
}

// other tells whether a question was asked, or a group named, otherwise than then.
func other(l *later, k Key) bool {
	if l.before == nil {
		return l.broken[k.Item] || l.broken[k.Variable]
	}
	switch findings.Incomparables(l.now, l.before)[k.Item] {
	case "":
	case findings.NewQuestion:
		return asks(l.now, k.Item)
	default:
		return true
	}
	return !k.Everyone() && findings.Renamed(l.now, l.before)[findings.Group{Variable: k.Variable, Value: k.Value}]
}

func (m *Measure) compareGaps(e *Effect, l *later) {
	if l.gap == nil {
		e.Because = Unread
		return
	}
	if l.was == nil {
		e.Because = NotComparable // whether they are measured alike is known only from both
		return
	}
	k := m.Figure.Key
	s := -1
	for i := range l.gap.Skills {
		if l.gap.Skills[i].ID == k.Item {
			s = i
		}
	}
	row := gapRow(l.gap, k)
	if s < 0 || row == nil {
		e.Because = TooFew
		return
	}
	changes := gap.Compare(l.was, l.gap)
	for i := range changes.Rows {
		r := &changes.Rows[i]
		if r.Kind != gap.Kind(k.Variable) || k.Value != "" && k.Value != codeOf(r) {
			continue
		}
		moved := &r.Skills[s]
		d := moved.Below
		if k.Option == GapLevel {
			d = moved.Level
		}
		switch {
		case moved.Silence == gap.NotNow || moved.Silence == gap.UncertainNow || moved.Silence == gap.NotThen || moved.Silence == gap.UncertainThen:
			e.Because = TooFew
		case moved.Silence != gap.NotSilent, d == nil, k.Option == GapBelow && moved.Requirement:
			e.Because = NotComparable
		default:
			e.Now, _ = ReadGap(l.gap, k, nil)
			e.Now.What, e.Now.Group = m.Figure.What, m.Figure.Group
			e.Verdict, e.Change = NotShown, Difference{Value: d.Value, Low: d.Low, High: d.High}
			e.Change.p = tail(e.Change)
		}
	}
	if e.Verdict == CannotSay && e.Because == "" {
		e.Because = TooFew
	}
}

func codeOf(r *gap.ChangedRow) string {
	switch r.Kind {
	case gap.ByFunction:
		return r.Function
	case gap.ByDepartment:
		return r.Department
	case gap.ByFamily:
		return r.Family
	case gap.ByCell:
	}
	return ""
}

// goal tells how a figure stands to the goal.
func (m *Measure) goal(now *Figure) Goal {
	if m.Goal == nil {
		return NoGoal
	}
	short, past := now.High < *m.Goal, now.Low >= *m.Goal
	if m.Direction == Down {
		short, past = now.Low > *m.Goal, now.High <= *m.Goal
	}
	switch {
	case past:
		return GoalReached
	case short:
		return GoalMissed
	}
	return GoalUnclear
}
