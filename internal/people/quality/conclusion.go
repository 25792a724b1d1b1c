package quality

// Field is something that must be known of a person, and can be relied on.
type Field string

// The fields. Every conclusion also needs that the person is there once and has not left (end in the past).
const (
	FieldUnit       Field = "unit"       // a unit that is there
	FieldDepartment Field = "department" // a unit that is there, in the tree
	FieldFunction   Field = "function"   // a function of the catalogue
	FieldLevel      Field = "level"      // a function with a level
	FieldWork       Field = "work"       // a function known to be desk or field work
	FieldBirth      Field = "birth"      // a year of birth that can be, and agrees with the first day
	FieldFTE        Field = "fte"        // a part of full time above 0 and up to 1.5
	FieldReach      Field = "reach"      // a mail, if any, that is one and is nobody else's: who has none gets a card
	FieldMail       Field = "mail"       // a mail of one's own
	FieldLanguage   Field = "language"   //
	FieldLeader     Field = "leader"     // somebody in service who leads the person: the manager, or the head of the unit or of the one above
)

// once are the faults by which a person counts for nothing: a second record, and somebody who left.
var once = set(SameNumber, SameMail, SameName, SameLinked, EndPast)

// removes are the faults of which the mend takes a record away from the staff.
var removes = once

// breaks says which faults make a field one that cannot be relied on.
func breaks(f Field) uint64 {
	switch f {
	case FieldUnit:
		return set(NoPost, NoUnit, NoEither, UnitGone)
	case FieldDepartment:
		return set(NoPost, NoUnit, NoEither, UnitGone, UnitOrphan, UnitCycle, UnitRoots)
	case FieldFunction:
		return set(NoPost, NoFunction, NoEither, FunctionGone)
	case FieldLevel:
		return set(NoPost, NoFunction, NoEither, FunctionGone, NoLevel)
	case FieldWork:
		return set(NoPost, NoFunction, NoEither, FunctionGone, NoWork)
	case FieldBirth:
		return set(BirthUnknown, BirthRange, StartEarly)
	case FieldFTE:
		return set(FTEUnknown, FTEZero, FTEHigh)
	case FieldReach:
		return set(MailShared, MailBad)
	case FieldMail:
		return set(NoMail, MailShared, MailBad)
	case FieldLanguage:
		return set(NoLanguage)
	case FieldLeader:
		return set(ManagerNone, ManagerSelf, ManagerCycle, ManagerOut, ManagerGone)
	default:
		return 0
	}
}

// Dimension is what people are grouped by.
type Dimension string

// The dimensions.
const (
	ByDepartment Dimension = "department"
	ByFunction   Dimension = "function"
	ByAge        Dimension = "age" // in bands
	ByWork       Dimension = "work"
)

// Conclusion is something that the organisation wants to say of its people. It needs fields of each person; people count in
// groups by all dimensions together, and a group of fewer than k is not shown. Without dimensions there are no groups.
type Conclusion struct {
	Name   string      `json:"name"`
	Needs  []Field     `json:"needs"`
	Groups []Dimension `json:"groups,omitempty"`
}

// Conclusions lists what the product says of people. A dimension needs its own field too.
func Conclusions() []Conclusion {
	return []Conclusion{
		{Name: "response by department", Needs: []Field{FieldDepartment}, Groups: []Dimension{ByDepartment}},
		{Name: "response by function", Needs: []Field{FieldFunction}, Groups: []Dimension{ByFunction}},
		{Name: "gap by department", Needs: []Field{FieldDepartment, FieldFunction, FieldLevel}, Groups: []Dimension{ByDepartment}},
		{Name: "gap by function", Needs: []Field{FieldFunction, FieldLevel}, Groups: []Dimension{ByFunction}},
		{Name: "workforce plan", Needs: []Field{FieldFunction, FieldLevel, FieldBirth, FieldFTE}, Groups: []Dimension{ByFunction, ByAge}},
		{Name: "invitations", Needs: []Field{FieldUnit, FieldReach}},
		{Name: "managers", Needs: []Field{FieldDepartment, FieldLeader}},
		{Name: "desk and field", Needs: []Field{FieldFunction, FieldWork}, Groups: []Dimension{ByWork}},
	}
}

// mask returns the faults by which a person is not usable for the conclusion.
func (c *Conclusion) mask() uint64 {
	m := once
	for _, f := range c.Needs {
		m |= breaks(f)
	}
	for _, d := range c.Groups {
		m |= breaks(fieldOf(d))
	}
	return m
}

func fieldOf(d Dimension) Field {
	switch d {
	case ByDepartment:
		return FieldDepartment
	case ByFunction:
		return FieldFunction
	case ByAge:
		return FieldBirth
	case ByWork:
		return FieldWork
	default:
		return ""
	}
}

// by tells whether the conclusion groups by a dimension.
func (c *Conclusion) by(d Dimension) bool {
	for _, g := range c.Groups {
		if g == d {
			return true
		}
	}
	return false
}
