package framework

// Lang is a two-letter interface language.
type Lang string

// The languages that every text carries.
const (
	NL Lang = "nl"
	FR Lang = "fr"
	DE Lang = "de"
	EN Lang = "en"
)

// Languages lists the languages, Dutch first.
func Languages() []Lang { return []Lang{NL, FR, DE, EN} }

// Text is one text in every language.
type Text map[Lang]string

// In returns the text in language l, else in Dutch, English, French or German, whichever comes first; "" when there is none.
func (t Text) In(l Lang) string {
	for _, f := range []Lang{l, NL, EN, FR, DE} {
		if s := t[f]; s != "" {
			return s
		}
	}
	return ""
}
