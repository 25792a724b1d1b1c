package insight

import "tekentafel/internal/gateway/price"

// Figures are what everyone may see of a closed month. They are kept as they are shown; what they were made of is gone.
type Figures struct {
	K int `json:"k"` // smallest group

	// Few is set when fewer than K people used a model; nothing else is then there.
	Few bool `json:"few,omitempty"`

	People People `json:"people,omitzero"` // who used a model
	Days   int    `json:"days,omitempty"`  // on which each of them did, together, rounded to 10
	Heads  int    `json:"heads,omitempty"`

	Departments []Group `json:"departments,omitempty"`
	Families    []Group `json:"families,omitempty"`
	Models      []Item  `json:"models,omitempty"`
	Tasks       []Item  `json:"tasks,omitempty"`
	Outcomes    []Item  `json:"outcomes,omitempty"`
	Found       []Item  `json:"found,omitempty"`
	// Hidden counts the models, tasks, outcomes and kinds of data of fewer than K people, which are not named.
	Hidden map[string]int `json:"hidden,omitempty"`

	Amounts *Amounts `json:"amounts,omitempty"` // nil where they are not shown
	Why     string   `json:"why,omitempty"`     // that there are no amounts: few, heavy, unknown
}

// People is a number of people, rounded to 5.
type People struct {
	N       int  `json:"n"`
	AtLeast bool `json:"atLeast,omitempty"` // nearly everyone: how many did not, is not told
}

// Group is a department or a family of functions.
type Group struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Hidden bool   `json:"hidden,omitempty"` // not shown: too few people, or what is hidden elsewhere would follow
	People People `json:"people,omitzero"`
	Heads  int    `json:"heads,omitempty"` // people in service; 0 when not known
	Days   int    `json:"days,omitempty"`  // rounded to 10
}

// Item is a model, a task, an outcome or a kind of sensitive data, with the people to whom it applies.
type Item struct {
	ID     string `json:"id"`
	People People `json:"people"`
}

// Amounts are what the organisation used as a whole, rounded to two digits.
type Amounts struct {
	Tokens  int64    `json:"tokens"`
	Cents   int64    `json:"cents"`
	Energy  []Energy `json:"energy,omitempty"`  // by method, never added
	Guessed bool     `json:"guessed,omitempty"` // a tenth of the tokens or more is an estimate
	Dark    bool     `json:"dark,omitempty"`    // of a tenth of the tokens or more no energy is known
}

// Energy is a range in Wh, rounded outward to one digit.
type Energy struct {
	Method price.Method `json:"method"`
	Grade  price.Grade  `json:"grade"`
	Low    float64      `json:"low"`
	High   float64      `json:"high"`
}

// raw is what a month was before it was closed. It is never shown or kept.
type raw struct {
	all, tried  int
	groups      map[place]int // people
	days        map[place]int
	models      map[string]int
	tasks       map[string]int
	outcomes    map[string]int
	found       map[string]int
	departments []Part
	families    []Part
	heads       int
	amounts     map[string]int64
	weights     *Weights
}
