package lab

import (
	"context"

	"tekentafel/internal/guard"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// Model is a model that a person may choose.
type Model struct {
	Name     string // by which it is asked for
	Title    string // as people read it
	Where    string // where its machines stand, in words; "" when not known
	Images   bool   // it takes images
	Practice bool   // it is the built-in rule-based stand-in, no AI
	Context  int64  // tokens of question and answer together; 0 when not known
}

// Question is what goes to a model: the branch of a conversation that ends with what the person asks.
type Question struct {
	Account  string
	Lang     instrument.Lang
	Model    string
	Task     string    // see Message; "" for none
	Messages []Message // what is sent of each is its Whole, and its images
	Kept     []Kept    // of the whole conversation
}

// Piece is what comes back while a model answers.
type Piece struct {
	Text     string // the next of the answer, with the person's own values in the place of placeholders
	Thinking bool   // it belongs to what the model thinks, not to its answer
}

// Outcome is what is known of an answer when it ended.
type Outcome struct {
	Stopped bool // the person stopped it, or it broke off
	Tokens  int64
	Cost    string          // in euro as people read it; "" when it costs nothing or is not known
	Masked  int             // values that were replaced on the way to the model
	Found   []guard.Type    // in what came back: what a person should look at
	Warn    problem.Message // a limit that is near its end; zero for none
}

// Limit is how a limit of a person stands, in words.
type Limit struct {
	Name    problem.Message
	Percent int // used
	Says    problem.Message
}

// Models answers questions. An error of Ask is a *Failure or a problem, which a person can read and act on; what came before it stays.
type Models interface {
	// Offered lists the models that a person may choose, the usual one first. It is empty when none is offered.
	Offered(ctx context.Context, t tenant.ID, account string, lang instrument.Lang) ([]Model, error)
	// Policy returns what the organisation wants of the guard.
	Policy(ctx context.Context, t tenant.ID) (guard.Policy, error)
	// Ask sends a question, guarded, within the limits, and calls emit with what comes back, in order. It ends when the answer does, or ctx.
	Ask(ctx context.Context, t tenant.ID, q *Question, emit func(Piece) error) (Outcome, error)
	// Limits returns how the limits of a person stand.
	Limits(ctx context.Context, t tenant.ID, account string, lang instrument.Lang) ([]Limit, error)
}

// Entry is what the chat shows of the task, challenge or example by which somebody came.
type Entry struct {
	ID       string
	Title    string
	System   string   // what the model is told beforehand; "" for nothing
	Reminder string   // the rule that matters here
	Look     []string // what to look at in the answer
	Back     string   // where it stands
}

// Entries knows tasks, challenges and examples.
type Entries interface {
	// Entry returns what the chat shows; ok is false when there is none (any more).
	Entry(ctx context.Context, t tenant.ID, id string, lang instrument.Lang) (e Entry, ok bool, err error)
}
