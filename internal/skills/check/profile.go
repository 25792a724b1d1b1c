package check

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
	"unicode/utf8"

	"tekentafel/internal/skills/framework"
)

// MostChecks is how many checks a profile keeps: the latest.
const MostChecks = 12

// profileVersion is the form of a profile.
const profileVersion = 1

// Work is where somebody works.
type Work string

// The kinds of work.
const (
	Office Work = "office"
	Field  Work = "field"
)

// workOf names the kind of work.
func workOf(field bool) Work {
	if field {
		return Field
	}
	return Office
}

// Profile is what one person kept. It names nobody.
type Profile struct {
	Version  int    `json:"version"`
	Work     Work   `json:"work"`
	Function *Ref   `json:"function"`
	Unit     *Ref   `json:"unit,omitempty"`
	Checks   []Kept `json:"checks"` // oldest first
}

// Kept is a check that was kept.
type Kept struct {
	ID        string           `json:"id"`
	Day       string           `json:"day"` // such as 2026-11-29
	Plan      Plan             `json:"plan"`
	Skill     string           `json:"skill,omitempty"`
	Work      Work             `json:"work"`
	Framework string           `json:"framework"`        // version
	Bank      string           `json:"bank"`             // versions
	Self      map[string]uint8 `json:"self,omitempty"`   // by statement
	Places    map[string]uint8 `json:"places,omitempty"` // by skill, of who came from the monitor
	Test      []KeptAnswer     `json:"test,omitempty"`
	Shown     map[string]Shown `json:"shown,omitempty"` // by skill, as the person saw it then
}

// KeptAnswer is an answer to an item of the test.
type KeptAnswer struct {
	Item   string `json:"item"`
	Option int    `json:"option"`
	Credit int    `json:"credit"`
}

// Shown is what a person saw of a skill on the day of the check.
type Shown struct {
	Basis Basis   `json:"basis"`
	Level int     `json:"level"`
	Sure  float64 `json:"sure,omitempty"`
}

// ErrProfile says that bytes are no profile that this version reads.
var ErrProfile = errors.New("this is no profile that can be read")

// ErrNewer says that a profile was written by a later version of the program.
var ErrNewer = errors.New("the profile was written by a later version of the program")

// ID names the check of a state: adding it to a profile twice adds it once.
func (s *State) ID() string {
	sum := s.Derive("check")
	return hex.EncodeToString(sum[:6])
}

// Keep makes of a state what is kept, on a day.
func (m *Material) Keep(s *State, day time.Time) (Kept, error) {
	outcomes, err := m.Score(m.Evidence(s))
	if err != nil {
		return Kept{}, err
	}
	k := Kept{ID: s.ID(), Day: day.Format(time.DateOnly), Plan: s.Plan, Skill: s.Skill, Work: workOf(s.Field), Framework: m.Framework.Version, Bank: m.BankVersions(),
		Shown: map[string]Shown{}}
	for i, v := range s.Self {
		if v > 0 {
			if k.Self == nil {
				k.Self = map[string]uint8{}
			}
			k.Self[m.Statements[i].ID] = v
		}
	}
	for scale, skill := range m.skills {
		if level := placed(s.Places, scale); level > 0 {
			if k.Places == nil {
				k.Places = map[string]uint8{}
			}
			k.Places[skill] = s.Places[scale]
		}
	}
	for _, g := range s.Given {
		it := &m.Items[g.Item]
		k.Test = append(k.Test, KeptAnswer{it.ID, g.Option, it.In(s.Field).Options[g.Option].Credit})
	}
	for _, o := range outcomes {
		if o.Basis != Nothing {
			k.Shown[o.Skill] = Shown{o.Basis, o.Level, float64(int(o.Sure*100+0.5)) / 100}
		}
	}
	return k, nil
}

// Add adds a check to the profile, with the work, function and unit of its state; one that is there already stays as it is.
func (p *Profile) Add(k Kept, s *State) {
	p.Version, p.Work = profileVersion, k.Work
	if s.Function != (Ref{}) {
		p.As(s.Function, s.Unit)
	}
	if slices.ContainsFunc(p.Checks, func(x Kept) bool { return x.ID == k.ID }) {
		return
	}
	p.Checks = append(p.Checks, k)
	if over := len(p.Checks) - MostChecks; over > 0 {
		p.Checks = slices.Delete(p.Checks, 0, over)
	}
}

// As says which function the person has, in which unit; zero values for none.
func (p *Profile) As(function, unit Ref) {
	p.Function, p.Unit = nil, nil
	if function != (Ref{}) {
		p.Function = &Ref{cut(function.ID, maxID), cut(function.Name, maxName)}
	}
	if unit != (Ref{}) {
		p.Unit = &Ref{cut(unit.ID, maxID), cut(unit.Name, maxName)}
	}
}

// What a profile takes when it is kept, in bytes: the most that a check needs, and all beside the checks. The length of what is sealed then
// follows from how many checks there are, and from nothing that they say.
const (
	roomOfCheck = 1320
	roomOfHead  = 500
)

// Bytes writes a profile as it is kept, with blanks behind it up to the room of its checks.
func (p *Profile) Bytes() ([]byte, error) {
	b, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	room := roomOfHead + len(p.Checks)*roomOfCheck
	for room < len(b) {
		room += roomOfCheck
	}
	return append(b, bytes.Repeat([]byte{' '}, room-len(b))...), nil
}

// ReadProfile reads what Bytes wrote. The errors wrap ErrProfile, or are ErrNewer.
func ReadProfile(b []byte) (*Profile, error) {
	var head struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(b, &head); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrProfile, err)
	}
	if head.Version > profileVersion {
		return nil, ErrNewer
	}
	p := &Profile{}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(p); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrProfile, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: something follows it", ErrProfile)
	}
	return p, p.check()
}

func (p *Profile) check() error {
	wrong := func(what string) error { return fmt.Errorf("%w: %s", ErrProfile, what) }
	if p.Version != profileVersion || p.Work != Office && p.Work != Field || len(p.Checks) > MostChecks {
		return wrong("version, work or number of checks")
	}
	for i := range p.Checks {
		k := &p.Checks[i]
		if _, err := time.Parse(time.DateOnly, k.Day); err != nil || k.Work != Office && k.Work != Field || !slices.Contains(Plans(), k.Plan) || len(k.Test) > maxGiven {
			return wrong("day, work, plan or test of a check")
		}
		for id, v := range k.Self {
			if v < 1 || v > most || !utf8.ValidString(id) {
				return wrong("a statement")
			}
		}
		for _, v := range k.Places {
			if v < 1 || v > framework.MostLevels {
				return wrong("a place")
			}
		}
		for _, x := range k.Shown {
			if x.Level < 1 || x.Level > framework.MostLevels || !(x.Sure >= 0 && x.Sure <= 1) || x.Basis != BySelf && x.Basis != ByTest {
				return wrong("what was shown")
			}
		}
		for _, a := range k.Test {
			if a.Option < 0 || a.Credit < 0 {
				return wrong("an answer")
			}
		}
	}
	return nil
}

// EvidenceOf is what a kept check says today: what the material has no more is left out.
func (m *Material) EvidenceOf(k *Kept) Evidence {
	e := Evidence{Self: make([]uint8, len(m.Statements))}
	for i := range m.Statements {
		e.Self[i] = k.Self[m.Statements[i].ID]
	}
	for scale, skill := range m.skills {
		if level := k.Places[skill]; level > 0 && int(level) <= len(m.Framework.Levels) {
			if e.Places == nil {
				e.Places = make([]uint8, len(m.skills))
			}
			e.Places[scale] = level
		}
	}
	for _, a := range k.Test {
		i, known := m.items[a.Item]
		twice := slices.ContainsFunc(e.Test, func(s Scored) bool { return s.Item == i })
		if known && !twice && a.Credit <= len(m.entries[i].Item.B) {
			e.Test = append(e.Test, Scored{i, a.Credit})
		}
	}
	return e
}

// Point is what a check of a profile says of a skill.
type Point struct {
	Outcome
	Check int // position in Profile.Checks
	Day   time.Time
}

// History lists, for each skill in the order of the framework, what each check says of it, oldest first; checks that say nothing of it
// are left out. Levels are those of the parameters of now; where the bank has none of the items of a check any more, as they were shown.
func (m *Material) History(p *Profile) (map[string][]Point, error) {
	out := map[string][]Point{}
	for i := range p.Checks {
		day, err := time.Parse(time.DateOnly, p.Checks[i].Day)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrProfile, err)
		}
		outcomes, err := m.Score(m.EvidenceOf(&p.Checks[i]))
		if err != nil {
			return nil, err
		}
		for _, o := range outcomes {
			if then := p.Checks[i].Shown[o.Skill]; then.Basis == ByTest && o.Basis != ByTest {
				o = m.asShown(&o, then)
			}
			if o.Basis != Nothing {
				out[o.Skill] = append(out[o.Skill], Point{o, i, day})
			}
		}
	}
	return out, nil
}

// asShown is an outcome as the person saw it on the day of the check, for when the bank has none of its items any more.
func (m *Material) asShown(o *Outcome, then Shown) Outcome {
	out := *o
	out.Basis, out.Level, out.Sure, out.Low, out.High = ByTest, then.Level, then.Sure, then.Level, then.Level
	out.Probabilities = make([]float64, len(m.Framework.Levels))
	for i := range out.Probabilities {
		out.Probabilities[i] = (1 - then.Sure) / float64(len(out.Probabilities)-1)
	}
	out.Probabilities[then.Level-1] = then.Sure
	return out
}

// Latest gives what the profile says now: of each skill its newest outcome by a test, else its newest one.
func (m *Material) Latest(history map[string][]Point) []Point {
	out := make([]Point, len(m.skills))
	for i, skill := range m.skills {
		out[i].Skill = skill
		points := history[skill]
		for _, p := range points {
			if p.Basis == ByTest || out[i].Basis != ByTest {
				out[i] = p
			}
		}
	}
	return out
}

// Saw lists the items that the checks of a profile asked, the latest first, so that a new check asks others.
func (m *Material) Saw(p *Profile) []int {
	var out []int
	for i := len(p.Checks) - 1; i >= 0; i-- {
		for _, a := range p.Checks[i].Test {
			if at, known := m.items[a.Item]; known && !slices.Contains(out, at) && len(out) < maxAvoid {
				out = append(out, at)
			}
		}
	}
	return out
}
