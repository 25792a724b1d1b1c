package guard

// Type is a sort of sensitive data.
type Type string

// The types, in the order in which they are shown.
const (
	NationalNumber   Type = "national"   // Belgian rijksregisternummer
	BISNumber        Type = "bis"        // Belgian bisnummer
	BSN              Type = "bsn"        // Dutch burgerservicenummer
	Account          Type = "account"    // IBAN, or a Belgian account number of before
	PaymentCard      Type = "card"       // credit or debit card
	IdentityCard     Type = "idcard"     // number of an identity card
	Passport         Type = "passport"   // number of a passport
	Company          Type = "company"    // enterprise or VAT number, KvK, RSIN
	Phone            Type = "phone"      // phone number
	Mail             Type = "mail"       // mail address
	Plate            Type = "plate"      // licence plate
	Person           Type = "person"     // name of a person
	Address          Type = "address"    // street and number, with postcode and place where they follow
	BirthDate        Type = "birthdate"  // date of birth
	CaseNumber       Type = "casenumber" // number of a file or case
	Secret           Type = "secret"     // key, token, private key or connection string
	Password         Type = "password"   // what follows "wachtwoord:"
	Health           Type = "health"     // word about somebody's health
	SocialServices   Type = "social"     // word about social services, debts, youth care
	Justice          Type = "justice"    // word about police and justice
	placeholderAlike Type = "literal"    // text that looks like a placeholder, see Pseudonyms
)

// Types lists every type, in the order in which they are shown.
func Types() []Type {
	return []Type{NationalNumber, BISNumber, BSN, Account, PaymentCard, IdentityCard, Passport, Company, Phone, Mail, Plate, Person, Address,
		BirthDate, CaseNumber, Secret, Password, Health, SocialServices, Justice}
}

// Category tells whether a type says what a text is about, rather than holding a value that can be replaced.
func (t Type) Category() bool { return t == Health || t == SocialServices || t == Justice }

// Confidence says how sure a finding is.
type Confidence uint8

// The levels of confidence.
const (
	Low    Confidence = iota + 1 // by one weak sign
	Medium                       // by its shape or by a word of a list
	High                         // by check digits, or by its shape and the words around it
)

// Span is a piece of a text, in bytes: text[Start:End].
type Span struct{ Start, End int }

// Finding is a piece of a text that is sensitive. It does not hold the text, so that it can be logged and counted.
type Finding struct {
	Type       Type
	Start, End int // bytes: text[Start:End], on the edges of runes
	Why        string
	Confidence Confidence
	Context    Span // the word that decided, such as "BSN"; empty when there was none

	rank rank
}

// rank is what a finding stands on; the lower one goes first where findings overlap.
type rank uint8

const (
	checksummed rank = iota
	shaped
	worded
)

// The keys of the sentences that say why, in locale/ under "why". Every one has a text in four languages.
const (
	whyCheck      = "why.check"      // its check digits are right
	whyContext    = "why.context"    // a word beside it names it
	whyBoth       = "why.both"       // both
	whyShape      = "why.shape"      // written as such things are
	whyPrefix     = "why.prefix"     // begins as keys of a known service do
	whyTitle      = "why.title"      // after a title or a word for a person
	whyLabel      = "why.label"      // after a label, or in a column with that heading
	whyName       = "why.name"       // a frequent name
	whyInitials   = "why.initials"   // initials and a name
	whySeen       = "why.seen"       // the same name stood before
	whyGreeting   = "why.greeting"   // after a greeting or under a letter
	whyIntroduced = "why.introduced" // after words with which somebody says who they are
	whyStreet     = "why.street"     // street and number
	whyStreetCity = "why.streetcity" // street, number, postcode and place
	whyHealth     = "why.health"
	whySocial     = "why.social"
	whyJustice    = "why.justice"
)

// Reasons lists every key that a Finding can give as Why.
func Reasons() []string {
	return []string{whyCheck, whyContext, whyBoth, whyShape, whyPrefix, whyTitle, whyLabel, whyName, whyInitials, whySeen, whyGreeting, whyIntroduced,
		whyStreet, whyStreetCity, whyHealth, whySocial, whyJustice}
}
