package quality

import "fmt"

// Kind is a kind of fault. It is written as its name, such as "unit.orphan".
type Kind uint8

// The kinds. A kind of people is counted over staff in service, unless it says otherwise.
const (
	UnitOrphan    Kind = iota // the unit above is not there, or no longer
	UnitCycle                 // units that stand below each other; one for each circle
	UnitRoots                 // units without one above, beside the top; all of them when none is the top
	UnitGone                  // units that people's posts point to and that are not there, or no longer
	UnitEmpty                 // nobody in it or below
	UnitSingle                // one person in it and below
	SameNumber                // second records with the same staff number after folding; of these kinds, people whose last day is over are none
	SameMail                  // second records with the same mail and the same name
	SameName                  // second records with the same name, year of birth and unit
	SameLinked                // second records as record linkage says
	NoPost                    // nobody's post stands on the day
	NoUnit                    // a function and no unit
	NoFunction                // a unit and no function
	NoEither                  // neither
	NoNumber                  // without a staff number
	BirthUnknown              //
	BirthRange                // born before 1930, or less than 14 years ago
	StartEarly                // in service before the year in which one becomes 14
	EndPast                   // the last day is over
	SpanTurned                // the last day before the first; also of people out of service
	NoLanguage                //
	NoMail                    //
	MailShared                // one mail, and people with other names; one for each mail
	MailBad                   // no mail address
	PostTurned                // a post that ends before it begins; also of people out of service
	PostAfter                 // a post that ends after the service of its person
	PostOfOut                 // a post that stands of somebody who is out of service
	PostOfNobody              // a post of a person who is not there
	Overlap                   // posts at one time of more than 1.2 of full time together
	TwoMain                   // two main posts
	NoMain                    // posts and no main one
	FTEUnknown                // of the post that counts
	FTEZero                   // of the post that counts
	FTEHigh                   // more than 1.5 in one post
	FunctionGone              // functions that people's posts point to and that are not there, or no longer
	NoLevel                   // functions that people have, without a level
	NoWork                    // functions that people have, not known to be desk or field work
	FunctionSame              // titles that are equal after folding; one for each set
	FunctionAlike             // titles that are one function as record linkage says; one for each set
	ManagerNone               // nobody leads the person: no manager, and no head of the unit or the one above
	ManagerSelf               //
	ManagerCycle              // people who manage each other; one for each circle
	ManagerOut                // the manager is out of service
	ManagerGone               // the manager is not there
	HeadOut                   // units led by somebody who is out of service
	HeadGone                  // units led by somebody who is not there
	GroupSmall                // usable people in a group below k; a cause of loss, not a check
	kindCount
)

// Severity says how bad a fault is.
type Severity string

// The severities.
const (
	Blocks Severity = "blocks" // figures are wrong until it is mended
	Harms  Severity = "harms"  // people drop out of figures
	Notice Severity = "notice" // worth a look; it may be right
)

// About is what a fault is found in, and so what to open to mend it.
type About string

// What there is.
const (
	AboutUnit     About = "unit"
	AboutFunction About = "function"
	AboutPerson   About = "person"
	AboutPost     About = "post"
)

// Mend is a kind of advice.
type Mend string

// The advice.
const (
	PlaceUnit      Mend = "place unit"      // say which unit stands above
	RestoreUnit    Mend = "restore unit"    // bring the unit back, or move its people
	CloseUnit      Mend = "close unit"      // end a unit that nobody is in
	JoinUnit       Mend = "join unit"       // consider it as a part of the unit above
	MergePeople    Mend = "merge people"    // decide whether the records are one person
	GivePost       Mend = "give post"       // enter a post, or end the service
	GiveUnit       Mend = "give unit"       //
	GiveFunction   Mend = "give function"   //
	GiveBoth       Mend = "give both"       // unit and function
	FillField      Mend = "fill field"      // enter what is missing
	CorrectField   Mend = "correct field"   // enter what is right
	EndService     Mend = "end service"     // mark as out of service, or take the last day away
	OwnMail        Mend = "own mail"        // give each an own mail, or none
	EndPost        Mend = "end post"        //
	ChooseMain     Mend = "choose main"     //
	RestoreTitle   Mend = "restore title"   // bring the function back into the catalogue
	FillCatalogue  Mend = "fill catalogue"  // enter level or kind of work of functions
	MergeFunctions Mend = "merge functions" //
	NameManager    Mend = "name manager"    //
	NameHead       Mend = "name head"       //
	NoMend         Mend = ""
)

// Definition is what holds for all faults of a kind.
type Definition struct {
	Kind     Kind
	Name     string
	Severity Severity
	About    About
	Mend     Mend
}

var definitions = [kindCount]Definition{
	UnitOrphan:    {Name: "unit.orphan", Severity: Blocks, About: AboutUnit, Mend: PlaceUnit},
	UnitCycle:     {Name: "unit.cycle", Severity: Blocks, About: AboutUnit, Mend: PlaceUnit},
	UnitRoots:     {Name: "unit.roots", Severity: Harms, About: AboutUnit, Mend: PlaceUnit},
	UnitGone:      {Name: "unit.gone", Severity: Harms, About: AboutUnit, Mend: RestoreUnit},
	UnitEmpty:     {Name: "unit.empty", Severity: Notice, About: AboutUnit, Mend: CloseUnit},
	UnitSingle:    {Name: "unit.single", Severity: Notice, About: AboutUnit, Mend: JoinUnit},
	SameNumber:    {Name: "person.same_number", Severity: Blocks, About: AboutPerson, Mend: MergePeople},
	SameMail:      {Name: "person.same_mail", Severity: Harms, About: AboutPerson, Mend: MergePeople},
	SameName:      {Name: "person.same_name", Severity: Harms, About: AboutPerson, Mend: MergePeople},
	SameLinked:    {Name: "person.same_linked", Severity: Harms, About: AboutPerson, Mend: MergePeople},
	NoPost:        {Name: "person.no_post", Severity: Harms, About: AboutPerson, Mend: GivePost},
	NoUnit:        {Name: "person.no_unit", Severity: Harms, About: AboutPerson, Mend: GiveUnit},
	NoFunction:    {Name: "person.no_function", Severity: Harms, About: AboutPerson, Mend: GiveFunction},
	NoEither:      {Name: "person.no_unit_or_function", Severity: Harms, About: AboutPerson, Mend: GiveBoth},
	NoNumber:      {Name: "person.no_number", Severity: Notice, About: AboutPerson, Mend: FillField},
	BirthUnknown:  {Name: "person.birth_unknown", Severity: Harms, About: AboutPerson, Mend: FillField},
	BirthRange:    {Name: "person.birth_range", Severity: Harms, About: AboutPerson, Mend: CorrectField},
	StartEarly:    {Name: "person.start_early", Severity: Harms, About: AboutPerson, Mend: CorrectField},
	EndPast:       {Name: "person.end_past", Severity: Harms, About: AboutPerson, Mend: EndService},
	SpanTurned:    {Name: "person.span_turned", Severity: Harms, About: AboutPerson, Mend: CorrectField},
	NoLanguage:    {Name: "person.no_language", Severity: Notice, About: AboutPerson, Mend: FillField},
	NoMail:        {Name: "person.no_mail", Severity: Notice, About: AboutPerson, Mend: FillField},
	MailShared:    {Name: "person.mail_shared", Severity: Harms, About: AboutPerson, Mend: OwnMail},
	MailBad:       {Name: "person.mail_bad", Severity: Harms, About: AboutPerson, Mend: CorrectField},
	PostTurned:    {Name: "post.turned", Severity: Harms, About: AboutPost, Mend: CorrectField},
	PostAfter:     {Name: "post.after_service", Severity: Notice, About: AboutPost, Mend: CorrectField},
	PostOfOut:     {Name: "post.of_out", Severity: Notice, About: AboutPost, Mend: EndPost},
	PostOfNobody:  {Name: "post.of_nobody", Severity: Harms, About: AboutPost, Mend: EndPost},
	Overlap:       {Name: "post.overlap", Severity: Harms, About: AboutPerson, Mend: EndPost},
	TwoMain:       {Name: "post.two_main", Severity: Harms, About: AboutPerson, Mend: ChooseMain},
	NoMain:        {Name: "post.no_main", Severity: Notice, About: AboutPerson, Mend: ChooseMain},
	FTEUnknown:    {Name: "post.fte_unknown", Severity: Notice, About: AboutPerson, Mend: FillField},
	FTEZero:       {Name: "post.fte_zero", Severity: Notice, About: AboutPerson, Mend: CorrectField},
	FTEHigh:       {Name: "post.fte_high", Severity: Harms, About: AboutPerson, Mend: CorrectField},
	FunctionGone:  {Name: "function.gone", Severity: Harms, About: AboutFunction, Mend: RestoreTitle},
	NoLevel:       {Name: "function.no_level", Severity: Harms, About: AboutFunction, Mend: FillCatalogue},
	NoWork:        {Name: "function.no_work", Severity: Harms, About: AboutFunction, Mend: FillCatalogue},
	FunctionSame:  {Name: "function.same", Severity: Harms, About: AboutFunction, Mend: MergeFunctions},
	FunctionAlike: {Name: "function.alike", Severity: Harms, About: AboutFunction, Mend: MergeFunctions},
	ManagerNone:   {Name: "manager.none", Severity: Harms, About: AboutPerson, Mend: NameManager},
	ManagerSelf:   {Name: "manager.self", Severity: Harms, About: AboutPerson, Mend: NameManager},
	ManagerCycle:  {Name: "manager.cycle", Severity: Harms, About: AboutPerson, Mend: NameManager},
	ManagerOut:    {Name: "manager.out", Severity: Harms, About: AboutPerson, Mend: NameManager},
	ManagerGone:   {Name: "manager.gone", Severity: Harms, About: AboutPerson, Mend: NameManager},
	HeadOut:       {Name: "head.out", Severity: Harms, About: AboutUnit, Mend: NameHead},
	HeadGone:      {Name: "head.gone", Severity: Harms, About: AboutUnit, Mend: NameHead},
	GroupSmall:    {Name: "group.small", Severity: Notice, About: AboutPerson, Mend: NoMend},
}

// Definitions lists what holds for each kind, in the order of the kinds.
func Definitions() []Definition {
	all := definitions
	for i := range all {
		all[i].Kind = Kind(i)
	}
	return all[:]
}

// Define returns what holds for a kind; nothing for a kind that there is not.
func Define(k Kind) Definition {
	if k >= kindCount {
		return Definition{}
	}
	d := definitions[k]
	d.Kind = k
	return d
}

// String returns the name, such as "unit.orphan".
func (k Kind) String() string { return Define(k).Name }

// MarshalText writes the name.
func (k Kind) MarshalText() ([]byte, error) {
	if k >= kindCount {
		return nil, fmt.Errorf("%d is no kind of fault", k)
	}
	return []byte(definitions[k].Name), nil
}

// UnmarshalText reads what MarshalText writes.
func (k *Kind) UnmarshalText(b []byte) error {
	for i := range definitions {
		if definitions[i].Name == string(b) {
			*k = Kind(i)
			return nil
		}
	}
	return fmt.Errorf("%q is no kind of fault that this version knows", b)
}

// bit returns the kind as one of a set.
func (k Kind) bit() uint64 { return 1 << k }

// set returns kinds as a set.
func set(kinds ...Kind) uint64 {
	var s uint64
	for _, k := range kinds {
		s |= k.bit()
	}
	return s
}

// has tells whether a set has a kind.
func has(s uint64, k Kind) bool { return s&k.bit() != 0 }
