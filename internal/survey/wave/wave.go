// Package wave holds what a wave is: its terms, its states, and what may change when. See package survey for the words.
package wave

import (
	"time"

	"tekentafel/internal/instrument"
	"tekentafel/internal/tenant"
)

// Mode says how answers and people are kept apart. It is locked at the launch.
type Mode string

// The modes.
const (
	Anonymous    Mode = "anonymous"    // a blind-signed ballot: nobody can link an answer to a person
	Confidential Mode = "confidential" // a keyed link, shown to nobody and destroyed when the wave is closed; works without scripts
	OpenLink     Mode = "open"         // anyone with the address answers; there is no frame, and nothing keeps people from answering twice
)

// Modes lists the modes, the strongest first.
func Modes() []Mode { return []Mode{Anonymous, Confidential, OpenLink} }

// State is where a wave stands.
type State string

// The states, in their order. A wave goes forward only.
const (
	Draft     State = "draft"     // everything can change
	Scheduled State = "scheduled" // launched: the terms are locked; opens by itself
	Open      State = "open"      // answers come in
	Closed    State = "closed"    // no answers any more; the report is made
	Published State = "published" // the report is there for all staff
)

// Launched tells whether the terms are locked.
func (s State) Launched() bool { return s != Draft }

// Wave is one time of asking.
type Wave struct {
	Tenant    tenant.ID
	ID        string
	Code      string // in the address that people open, /w/{code}: 8 letters and digits
	Title     string
	State     State
	Mode      Mode
	Recipe    []byte // JSON of compose.Recipe: how the questionnaire is put together
	GroupSize int    // k: a group of fewer people is never shown
	Retention int    // days that the answers stay after the wave is closed
	Linked    bool   // people may add a secret of their own, by which a later wave of theirs can be linked
	Languages []instrument.Lang
	Opens     time.Time // zero: not decided
	Closes    time.Time
	Settings  Settings
	Previous  string // id of the wave to compare with, or ""
	Source    string // id of its answers in the feature of reports, once closed
	Report    string // id of its report, once made
	CreatedBy string
	Created   time.Time
	Version   int64

	InstrumentHash string // SHA-256 of the questionnaire in hex, "" before the launch

	// secret, sealed; PINs and the keys of confidential answers follow from it.
	secret []byte
}

// Settings are what may change also after the launch.
type Settings struct {
	Reminders []time.Time `json:"reminders"` // when who has not taken part yet is reminded by mail
	Contact   string      `json:"contact"`   // whom people can ask, shown on the pages and in mails
	// Words of the organisation in the invitation, on top of ours; may be empty.
	Words instrument.Text `json:"words"`
	Kiosk bool            `json:"kiosk"` // a page for a shared tablet is offered

	Reminded time.Time `json:"reminded,omitzero"` // when people were last reminded
	Job      string    `json:"job,omitempty"`     // that makes the report, once closed
}

// Launch is what was locked when the wave was launched.
type Launch struct {
	Mode           Mode
	InstrumentHash string
	GroupSize      int
	Retention      int
	Linked         bool
	People         int // in the frame; 0 for an open link
	At             time.Time
	Spent          bool // the key of its answers is destroyed: they were processed
}

// Stratum is a part of the frame with a key of its own.
type Stratum struct {
	Name    string // "" where the wave has one key
	Public  []byte // SubjectPublicKeyInfo (DER)
	Private []byte // sealed PKCS #8; nil once the wave is closed
	People  int
}

// Takes tells whether the wave takes answers at a time: it is open and its moment to close has not come, whatever the job
// that closes it does.
func (w *Wave) Takes(at time.Time) bool {
	return w.State == Open && !at.Before(w.Opens) && (w.Closes.IsZero() || at.Before(w.Closes))
}
