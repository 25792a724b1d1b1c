package action

import "slices"

// State is where an action stands.
type State string

// The states.
const (
	Proposed State = "proposed" // an idea: nobody decided
	Planned  State = "planned"  // decided, with who answers for it and when it is due
	Running  State = "running"
	Done     State = "done"
	Stopped  State = "stopped" // with the reason
)

// States lists the states, in the order of a list.
func States() []State { return []State{Running, Planned, Proposed, Done, Stopped} }

// Ended tells whether nothing is to be done any more.
func (s State) Ended() bool { return s == Done || s == Stopped }

// next are the states to which one may go from each.
func next(s State) []State {
	switch s {
	case Proposed:
		return []State{Planned, Running, Stopped}
	case Planned:
		return []State{Running, Proposed, Stopped}
	case Running:
		return []State{Done, Planned, Stopped}
	case Done:
		return []State{Running}
	case Stopped:
		return []State{Planned, Proposed}
	default:
		return nil
	}
}

// Next lists the states to which an action may go from a state, the most usual first.
func (s State) Next() []State { return slices.Clone(next(s)) }

// To tells whether an action may go from a state to another.
func (s State) To(other State) bool { return slices.Contains(next(s), other) }

// Overdue tells whether an action should have been finished before a day.
func (a *Action) Overdue(today Day) bool { return !a.State.Ended() && a.Due != "" && a.Due < today }

// ToReview tells whether somebody should look at an action by a day: the day of its review has come, whatever its state.
func (a *Action) ToReview(today Day) bool {
	return a.Review != "" && a.Review <= today && a.State != Stopped
}

// start is the day from which an action may have moved something: when it was first under way, or the day on which it began if that was
// noted later. "" when it never was, or is not any more.
func (a *Action) start() Day {
	switch {
	case a.Began == "" || a.State == Proposed || a.State == Planned:
		return ""
	case a.Starts != "" && a.Starts < a.Began:
		return a.Starts
	}
	return a.Began
}

// move brings content to a state, with what changes beside it: when an action began and ended, and why it was stopped.
func (c *Content) move(to State, reason string, today Day) {
	c.State, c.Reason, c.Ended = to, "", ""
	if to == Running && c.Began == "" {
		c.Began = today
	}
	if to.Ended() {
		c.Ended = today
	}
	if to == Stopped {
		c.Reason = reason
	}
}
