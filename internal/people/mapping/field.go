package mapping

import "slices"

// Field is what a column means.
type Field string

// The fields. A file has at most one column of each, but for Ignore and UnitLevel.
const (
	Ignore        Field = ""
	Number        Field = "number" // staff number
	Given         Field = "given"
	Family        Field = "family"
	Name          Field = "name" // first name and family name in one
	Mail          Field = "mail"
	Language      Field = "language"
	Birth         Field = "birth"    // birth date or year; only the year is taken
	National      Field = "national" // keyed hash of a national number
	UnitName      Field = "unit-name"
	UnitCode      Field = "unit-code"
	UnitPath      Field = "unit-path"   // names from the top down in one cell
	UnitParent    Field = "unit-parent" // code, or else name, of the unit above
	UnitLevel     Field = "unit-level"  // name of the unit at one level; a column for each level
	UnitIndent    Field = "unit-indent" // name of the unit, moved in under the one above
	UnitKind      Field = "unit-kind"
	UnitHead      Field = "unit-head" // staff number, mail or name of who leads the unit
	FunctionName  Field = "function-name"
	FunctionCode  Field = "function-code"
	FunctionGroup Field = "function-family"
	FunctionLevel Field = "function-level"
	FunctionISCO  Field = "function-isco"
	FunctionWork  Field = "function-work" // desk or field
	FTE           Field = "fte"
	Statute       Field = "statute"
	Start         Field = "start" // first day in service
	End           Field = "end"   // last day in service
	PostStart     Field = "post-start"
	PostEnd       Field = "post-end"
	Service       Field = "service" // whether in service
	ManagerNumber Field = "manager-number"
	ManagerMail   Field = "manager-mail"
	ManagerName   Field = "manager-name"
	Site          Field = "site"
	Shift         Field = "shift"
)

var fields = []Field{
	Number, Given, Family, Name, Mail, Language, Birth, National, UnitName, UnitCode, UnitPath, UnitParent, UnitLevel, UnitIndent, UnitKind, UnitHead,
	FunctionName, FunctionCode, FunctionGroup, FunctionLevel, FunctionISCO, FunctionWork, FTE, Statute, Start, End, PostStart, PostEnd, Service,
	ManagerNumber, ManagerMail, ManagerName, Site, Shift,
}

// Fields lists the fields in the order in which they are offered, without Ignore.
func Fields() []Field { return slices.Clone(fields) }

// Known tells whether f is a field or Ignore.
func (f Field) Known() bool { return f == Ignore || slices.Contains(fields, f) }

// At returns the place of a field in Fields, from 0; -1 for what is no field. It is asked for each cell, and therefore a switch.
func (f Field) At() int {
	switch f {
	case Number:
		return 0
	case Given:
		return 1
	case Family:
		return 2
	case Name:
		return 3
	case Mail:
		return 4
	case Language:
		return 5
	case Birth:
		return 6
	case National:
		return 7
	case UnitName:
		return 8
	case UnitCode:
		return 9
	case UnitPath:
		return 10
	case UnitParent:
		return 11
	case UnitLevel:
		return 12
	case UnitIndent:
		return 13
	case UnitKind:
		return 14
	case UnitHead:
		return 15
	case FunctionName:
		return 16
	case FunctionCode:
		return 17
	case FunctionGroup:
		return 18
	case FunctionLevel:
		return 19
	case FunctionISCO:
		return 20
	case FunctionWork:
		return 21
	case FTE:
		return 22
	case Statute:
		return 23
	case Start:
		return 24
	case End:
		return 25
	case PostStart:
		return 26
	case PostEnd:
		return 27
	case Service:
		return 28
	case ManagerNumber:
		return 29
	case ManagerMail:
		return 30
	case ManagerName:
		return 31
	case Site:
		return 32
	case Shift:
		return 33
	default:
		return -1
	}
}

// Content is what a file is about.
type Content string

// The contents.
const (
	Nothing   Content = ""
	People    Content = "people"    // people with their units, functions and posts
	Units     Content = "units"     // units alone
	Functions Content = "functions" // the catalogue of functions alone
)

// Key is the field by which a source recognises people.
type Key = Field

// Keys lists what can be a key, the best first.
func Keys() []Key { return []Key{Number, Mail, National} }

// aboutPeople are the fields that make a file one about people.
var aboutPeople = []Field{Number, Given, Family, Name, Mail, Language, Birth, National, FTE, Statute, Start, End, PostStart, PostEnd, Service, ManagerNumber, ManagerMail, ManagerName, Shift}

var unitNames = []Field{UnitName, UnitCode, UnitPath, UnitLevel, UnitIndent}

var functionNames = []Field{FunctionName, FunctionCode}

// ContentOf returns what a file with columns of these fields is about. A person's fields make it people; the place of work, which
// units have too, does not.
func ContentOf(list []Field) Content {
	has := func(of []Field) bool {
		return slices.ContainsFunc(of, func(f Field) bool { return slices.Contains(list, f) })
	}
	switch {
	case has(aboutPeople):
		return People
	case has(unitNames):
		return Units
	case has(functionNames):
		return Functions
	default:
		return Nothing
	}
}
