package demand

// Work is where a function is done, as the personnel data says it.
type Work string

// The kinds of work.
const (
	WorkUnknown Work = ""
	Desk        Work = "desk"
	Field       Work = "field"
	Both        Work = "both"
)

// Function is a function of the organisation.
type Function struct {
	ID, Code, Name string
	Family         string // "" for none
	Level          string // such as "A" to "E"; "" unknown
	Work           Work
}

// Unit is a unit of the organisation.
type Unit struct {
	ID, Code, Name string
	Parent         string // id of the unit above; "" for none
}

// Tally is how many people have a function in a unit, not counting the units below it.
type Tally struct {
	Function, Unit string // "" where it is not known
	People         int
}

// Organisation is the functions, units and numbers of people at a moment.
type Organisation struct {
	Revision  int64 // a number that differs when anything of it differs
	Functions []Function
	Units     []Unit
	Tallies   []Tally
}
