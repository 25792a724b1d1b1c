package mail

import (
	"net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
)

// State is what became of a mail.
type State string

// The states.
const (
	Waiting State = "waiting" // to be sent when it is due
	Sending State = "sending" // a worker has claimed it
	Sent    State = "sent"    // the server has taken it
	Refused State = "refused" // certainly not taken, and not tried again
	Unsure  State = "unsure"  // handed over, but no answer came
)

// States lists all states, in the order in which the interface shows them.
func States() []State { return []State{Waiting, Sending, Sent, Refused, Unsure} }

// Kind is what mails are for. Its texts are the messages Key+".name" (for lists), Key+".subject" and Key+".body" of its
// bundle; an empty line parts paragraphs of the body, and a paragraph that is one placeholder for an address becomes a
// link. Every body may use {organisation}, {until} and {when}.
type Kind struct {
	Name   string
	Bundle *i18n.Bundle
	Key    string
	// Apart keeps mails of this kind out of every list and count of mails: to whom they go says something that nobody
	// is to read there. The feature that posts them tells what became of them.
	Apart bool
}

// Kinds that this package brings. The arguments of their texts are in brackets.
const (
	Invitation      = "invitation"       // {link}
	Recovery        = "recovery"         // {link}
	PasswordChanged = "password-changed" // none
	NewSignIn       = "new-sign-in"      // {device}
	AccountErased   = "account-erased"   // none
	Test            = "test"             // none
)

// builtin lists the kinds of this package.
func builtin() []Kind {
	var list []Kind
	for _, name := range []string{Invitation, Recovery, PasswordChanged, NewSignIn, AccountErased, Test} {
		list = append(list, Kind{Name: name, Bundle: locale(), Key: "kind." + name})
	}
	return list
}

// Message is a mail to one person, not yet in words.
type Message struct {
	Kind         string
	To           string          // the address alone
	Name         string          // of the person, for the greeting; "" where it is not known
	Account      string          // whose mail it is; "" for nobody with an account
	Lang         instrument.Lang // of the person
	Organisation string          // its name
	Args         i18n.Args       // for the placeholders of the kind
	Note         string          // words of the sender's own, before those of the kind; an empty line parts paragraphs
	Until        time.Time       // of no use afterwards: not sent any more, and {until} in the text; zero for never
	Forget       bool            // the address is emptied once it is sent
}

const (
	maxAddress = 254  // RFC 5321, section 4.5.3.1.3, without the brackets
	maxArg     = 300  // characters of a name or the like in a mail
	maxLink    = 2000 // characters of a link
	maxNote    = 1500 // characters of a paragraph of a note
)

// Address returns an address as the store and the mail server take it: its domain in ASCII (RFC 5891), small letters.
// A problem of kind Invalid with the field "to" when it is none.
func Address(s string) (string, error) {
	form := problem.Form{Bundle: locale()}
	a, err := mail.ParseAddress(strings.TrimSpace(s))
	if err != nil || a.Name != "" || strings.ContainsAny(s, "<>\"\r\n") {
		form.Wrong("to", "problem.address", nil)
		return "", form.Err()
	}
	at := strings.LastIndexByte(a.Address, '@')
	domain, err := idna.Lookup.ToASCII(a.Address[at+1:])
	address := strings.ToLower(a.Address[:at] + "@" + domain)
	if err != nil || len(address) > maxAddress || strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r >= utf8.RuneSelf }) {
		form.Wrong("to", "problem.address", nil)
		return "", form.Err()
	}
	return address, nil
}

// line makes any text fit for one line of a mail or header: control characters, line and paragraph separators and marks
// that turn the direction of writing become spaces, and what is too long is cut.
func line(s string, longest int) string {
	clean := strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, " "), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029'
	}), " ")
	if runes := []rune(clean); len(runes) > longest {
		return string(runes[:longest-1]) + "…"
	}
	return clean
}

// isLink tells whether an argument is an address to follow.
func isLink(s string) bool {
	return (strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://")) && !strings.ContainsAny(s, " \t\r\n<>\"")
}
