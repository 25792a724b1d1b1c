package lab

import (
	"time"

	"tekentafel/internal/problem"
)

// Trouble is why there is no answer, or no whole one. For each the chat has a sentence that helps.
type Trouble string

// The troubles.
const (
	Slow        Trouble = "slow"        // nothing came in time
	Busy        Trouble = "busy"        // too many ask at once
	Unreachable Trouble = "unreachable" // its machines do not answer, or do not take the key in the settings
	Severed     Trouble = "severed"     // it broke off half way
	Broken      Trouble = "broken"      // what came back cannot be read
	Spent       Trouble = "spent"       // a limit does not allow it: Says tells which, when it starts anew and whom to ask
	Blocked     Trouble = "blocked"     // the guard does not let it go
	TooLong     Trouble = "too-long"    // the conversation is longer than the model takes
	Unfit       Trouble = "unfit"       // the model does not take what was asked, such as an image
	NoModel     Trouble = "no-model"    // the model is not offered, or none is
)

// Failure is the error of Models.Ask. It holds no text of anyone.
type Failure struct {
	Trouble Trouble
	Says    problem.Message // more than the chat knows; zero for nothing
	Retry   time.Duration   // after which it may be tried again; 0 when not known
	Err     error           // the cause, for the log
}

// Error says what went wrong, for the log.
func (f *Failure) Error() string {
	if f.Err == nil {
		return "no whole answer: " + string(f.Trouble)
	}
	return "no whole answer: " + string(f.Trouble) + ": " + f.Err.Error()
}

// Unwrap returns the cause.
func (f *Failure) Unwrap() error { return f.Err }

// Troubles lists every trouble.
func Troubles() []Trouble {
	return []Trouble{Slow, Busy, Unreachable, Severed, Broken, Spent, Blocked, TooLong, Unfit, NoModel}
}
