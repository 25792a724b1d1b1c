package madeup

import "tekentafel/internal/people/org"

// Fault is a kind of fault that can be planted.
type Fault string

// Faults of people: the rate is a share of the people.
const (
	Twice         Fault = "twice"          // a second record of a person, with another number and mail and the same name, year of birth and unit
	TwiceNumber   Fault = "twice number"   // a second record with the same number less its leading zeros
	TwiceMail     Fault = "twice mail"     // a second record with the same mail, the names exchanged, in another unit
	NoPost        Fault = "no post"        //
	NoUnit        Fault = "no unit"        //
	NoFunction    Fault = "no function"    //
	NoEither      Fault = "no either"      // neither unit nor function
	UnitGone      Fault = "unit gone"      // a post in a unit that is not there
	FunctionGone  Fault = "function gone"  // a post with a function that is not there
	BirthUnknown  Fault = "birth unknown"  //
	BirthRange    Fault = "birth range"    // born in 1900 or next year
	StartEarly    Fault = "start early"    // in service at the age of ten
	EndPast       Fault = "end past"       // in service, with an end in the past
	SpanTurned    Fault = "span turned"    // in service up to a day before the first
	NoLanguage    Fault = "no language"    //
	NoNumber      Fault = "no number"      //
	NoMail        Fault = "no mail"        //
	MailShared    Fault = "mail shared"    // two people with other names and one mail
	MailBad       Fault = "mail bad"       //
	PostTurned    Fault = "post turned"    // a second post that ends before it begins
	PostAfter     Fault = "post after"     // a person with an end to come, and a post that ends a year later
	PostOfOut     Fault = "post of out"    // somebody out of service whose post goes on
	Overlap       Fault = "overlap"        // two posts of 0.8
	TwoMain       Fault = "two main"       //
	NoMain        Fault = "no main"        //
	FTEZero       Fault = "fte zero"       //
	FTEHigh       Fault = "fte high"       //
	FTEUnknown    Fault = "fte unknown"    //
	ManagerSelf   Fault = "manager self"   //
	ManagerCycle  Fault = "manager cycle"  // two people who manage each other
	ManagerOut    Fault = "manager out"    // a manager out of service
	ManagerGone   Fault = "manager gone"   // a manager who is not there
	PostOfNobody  Fault = "post of nobody" // a post of a person who is not there
	ManagerAbsent Fault = "manager absent" // the rate is a share of services: nobody leads the service nor its teams
)

// Faults of units: the rate is a share of the services, or of the teams where it says so.
const (
	UnitOrphan Fault = "unit orphan" // its parent is not there
	UnitCycle  Fault = "unit cycle"  // the service stands below one of its own teams
	UnitRoot   Fault = "unit root"   // the service has no parent
	UnitEmpty  Fault = "unit empty"  // a team more, without people
	UnitSingle Fault = "unit single" // a team more, with one person more
)

// Faults of functions: the rate is a share of the functions.
const (
	NoLevel   Fault = "no level"
	NoWork    Fault = "no work"
	Spellings Fault = "spellings" // the title is spelt in 3 to 20 ways, each a function of its own with a part of its people
)

// Rates says how often a fault is planted, as a share from 0 to 1.
type Rates map[Fault]float64

// Recipe says what to make.
type Recipe struct {
	Seed   uint64
	People int      // records of people before faults add some, 3 in 100 of them out of service; at least 60, and fewer are made 60
	Day    org.Date // the day as seen from the organisation; 0 is 15 September 2026
	Faults Rates
}

// Ugly returns rates as an export has them that nobody looked at for years: one person in five has something.
func Ugly() Rates {
	return Rates{
		Twice: 0.006, TwiceNumber: 0.003, TwiceMail: 0.002, NoPost: 0.006, NoUnit: 0.012, NoFunction: 0.02, NoEither: 0.004,
		UnitGone: 0.01, FunctionGone: 0.008, BirthUnknown: 0.01, BirthRange: 0.002, StartEarly: 0.001, EndPast: 0.006, NoLanguage: 0.03,
		NoNumber: 0.002, NoMail: 0.06, MailShared: 0.01, MailBad: 0.004, PostTurned: 0.002, PostAfter: 0.002, PostOfOut: 0.003, Overlap: 0.004,
		TwoMain: 0.003, NoMain: 0.004, FTEZero: 0.004, FTEHigh: 0.001, FTEUnknown: 0.01, ManagerSelf: 0.002, ManagerCycle: 0.002,
		ManagerOut: 0.006, ManagerGone: 0.006, PostOfNobody: 0.001, ManagerAbsent: 0.05,
		UnitOrphan: 0.04, UnitCycle: 0.02, UnitRoot: 0.03, UnitEmpty: 0.1, UnitSingle: 0.06,
		NoLevel: 0.08, NoWork: 0.06, Spellings: 0.25,
	}
}

// Made is an organisation with what is known of its faults.
type Made struct {
	*org.Organisation          // in order
	Day               org.Date // as seen from
	Planted           map[Fault][]string
	// Same holds the ids of functions that are one function, the right spelling first.
	Same [][]string
	// Double holds the ids of records that are one person, the right one first.
	Double [][]string
}
