package action

import (
	"time"

	"tekentafel/internal/instrument"
)

// Action is something that an organisation does about what it found.
type Action struct {
	ID string
	Content
	Owner   Owner
	Version int64 // of the content, from 1
	Made    time.Time
	Changed time.Time
}

// Content is what somebody writes about an action. It holds no account.
type Content struct {
	Title     string     `json:"title"` // what
	Why       string     `json:"why"`   // what exactly and why, in the words of who made it
	State     State      `json:"state"`
	Reason    string     `json:"reason,omitempty"` // why it was stopped
	From      *Origin    `json:"from,omitempty"`   // nil: an idea of somebody, without a finding
	Target    Target     `json:"target"`
	Measure   *Measure   `json:"measure,omitempty"` // nil: no figure says whether it works
	Risk      string     `json:"risk,omitempty"`    // what may go wrong where people lack the skill: goals follow from risk
	Starts    Day        `json:"starts,omitempty"`
	Due       Day        `json:"due,omitempty"`
	Began     Day        `json:"began,omitempty"`  // when it was first under way
	Ended     Day        `json:"ended,omitempty"`  // when it was done or stopped
	Review    Day        `json:"review,omitempty"` // when somebody looks at it next
	Materials []Material `json:"materials,omitempty"`
	Reach     []Reach    `json:"reach,omitempty"`
	Reviews   []Review   `json:"reviews,omitempty"`
	Notes     string     `json:"notes,omitempty"`
}

// Owner is who answers for an action: somebody with an account, a role in words, or both.
type Owner struct {
	Account string // "" for none, and when it was erased
	Role    string // "HR, team leren"
}

// Given tells whether anybody answers for the action.
func (o Owner) Given() bool { return o != Owner{} }

// Origin is the finding from which an action was proposed, as it was.
type Origin struct {
	Report   string  `json:"report"` // id; the report may be gone since
	Title    string  `json:"title"`  // of the report
	Rule     string  `json:"rule"`   // of package propose
	Proposal string  `json:"proposal"`
	Figure   *Figure `json:"figure,omitempty"`
}

// Audience is for whom an action is.
type Audience string

// The audiences.
const (
	Everyone   Audience = "everyone"
	NonUsers   Audience = "non-users"  // people who never use AI for their work
	FieldWork  Audience = "field"      // people without a desk
	OfGroup    Audience = "group"      // a group of the report
	Family     Audience = "family"     // of functions
	Function   Audience = "function"   //
	Department Audience = "department" // a unit of the staff list
	Other      Audience = "other"      // in words
)

// Audiences lists them all.
func Audiences() []Audience {
	return []Audience{Everyone, NonUsers, FieldWork, OfGroup, Family, Function, Department, Other}
}

// Named tells whether a target of this kind needs a name.
func (a Audience) Named() bool { return a != Everyone && a != NonUsers && a != FieldWork }

// Target is for whom an action is.
type Target struct {
	Kind Audience `json:"kind"`
	// Variable and Value are those of a group of a report; of a family, function or department Value is its id or code, where it has one.
	Variable string          `json:"variable,omitempty"`
	Value    string          `json:"value,omitempty"`
	Name     instrument.Text `json:"name,omitempty"` // as it was called
}

// Direction is where a figure should go.
type Direction string

// The directions.
const (
	Up   Direction = "up"
	Down Direction = "down"
)

// Measure is the figure that an action should move.
type Measure struct {
	Report    string    `json:"report"` // id of the report with the figure as it was
	Title     string    `json:"title"`  // of the report
	Figure    Figure    `json:"figure"` // as it was
	Direction Direction `json:"direction"`
	Goal      *float64  `json:"goal,omitempty"` // in the unit of the figure; nil: only the direction
}

// Material is what was used.
type Material struct {
	Name    string `json:"name"`
	Version string `json:"version"` // "" where it has none
	Link    string `json:"link,omitempty"`
	Since   Day    `json:"since,omitempty"`
}

// Reach is how many people took part. It names nobody.
type Reach struct {
	Day      Day    `json:"day"`
	What     string `json:"what"` // the session, video or message
	Audience Target `json:"audience"`
	People   int    `json:"people"`
	Of       int    `json:"of,omitempty"` // people in the audience; 0 where nobody knows
	Material string `json:"material,omitempty"`
}

// Review is a look at an action.
type Review struct {
	Day   Day    `json:"day"`
	Found string `json:"found"`
	Since int64  `json:"since"` // the version of the action with which it came: its line in the history says who
	By    string `json:"-"`     // account, filled in from the history; "" when erased
}

// ChangeKind is what a change did.
type ChangeKind string

// The kinds of changes.
const (
	Made     ChangeKind = "made"
	Taken    ChangeKind = "taken" // made from a proposal
	Edited   ChangeKind = "edited"
	Moved    ChangeKind = "moved" // to another state
	Reached  ChangeKind = "reached"
	Supplied ChangeKind = "supplied" // with material
	Reviewed ChangeKind = "reviewed"
	Cleared  ChangeKind = "cleared" // a line of reach or material was taken off
	Undone   ChangeKind = "undone"  // the change before
)

// ChangeKinds lists them all.
func ChangeKinds() []ChangeKind {
	return []ChangeKind{Made, Taken, Edited, Moved, Reached, Supplied, Reviewed, Cleared, Undone}
}

// Line is a line of the history of an action.
type Line struct {
	Version int64
	Kind    ChangeKind
	State   State     // after it
	Account string    // who; "" when erased
	At      time.Time //
	Content Content   // after it
	Owner   Owner     // after it
}
