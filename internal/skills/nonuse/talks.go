package nonuse

import (
	"cmp"
	"context"
	"slices"

	"tekentafel/internal/db"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// Count is in how many interviews something came up.
type Count struct {
	ID string // of a reason
	N  int
}

// Part is a part of the interviews, counted by itself.
type Part struct {
	Value   string // office, field, or the id of a group
	Talks   int
	Reasons []Count
}

// Quote is a sentence that may be used.
type Quote struct{ Reason, Text string }

// Result is what a closed round found. It is about the people who were interviewed, who are no sample of anybody.
type Result struct {
	Round   Round
	Reasons []Count // the most named first
	Works   []Part  // desk and field, where each has at least k interviews
	Groups  []Part  // groups of departments, likewise
	Quotes  []Quote // in no order that means anything
}

// shown returns a round of which something may be shown: closed, with at least fewestTalks interviews.
func (s *Service) shown(ctx context.Context, r db.Reader, id string) (Round, error) {
	list, err := rounds(ctx, r)
	if err != nil {
		return Round{}, err
	}
	i := slices.IndexFunc(list, func(x Round) bool { return x.ID == id })
	if i < 0 || !list[i].told() {
		return Round{}, refuse(problem.NotFound, "error.round", nil)
	}
	return list[i], nil
}

// told tells whether anything of the round may be shown.
func (r Round) told() bool { return !r.Closed.IsZero() && r.Talks >= fewestTalks }

// Results returns what the newest round found that may be shown; nil when there is none.
func (s *Service) Results(ctx context.Context, t tenant.ID) (*Result, error) {
	r := s.DB.Of(t)
	list, err := rounds(ctx, r)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, Round.told)
	if i < 0 {
		return nil, nil //nolint:nilnil // no round to show is an ordinary answer
	}
	k, err := s.groupSize(ctx, t)
	if err != nil {
		return nil, err
	}
	codes, err := codesOf(ctx, r, list[i].ID)
	if err != nil {
		return nil, err
	}
	notes, err := notesOf(ctx, r, list[i].ID)
	if err != nil {
		return nil, err
	}
	return result(list[i], codes, notes, k), nil
}

// result counts a round.
func result(round Round, codes []counted, notes []noted, k int) *Result {
	out := &Result{Round: round, Reasons: count(codes)}
	out.Works = parts(codes, k, func(c *counted) string { return c.work })
	out.Groups = parts(codes, k, func(c *counted) string { return c.family })
	for i := range notes {
		if notes[i].question == "quote" {
			out.Quotes = append(out.Quotes, Quote{notes[i].reason, notes[i].text})
		}
	}
	return out
}

func count(codes []counted) []Count {
	n := map[string]int{}
	for i := range codes {
		for _, r := range codes[i].reasons {
			n[r]++
		}
	}
	var out []Count
	for id, times := range n {
		out = append(out, Count{id, times})
	}
	slices.SortFunc(out, func(a, b Count) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.ID, b.ID)) })
	return out
}

// parts counts the parts of the interviews that have at least k each. What is in none of them, together, is nothing or has at least k as
// well: otherwise it follows by subtracting, and the smallest part goes too.
func parts(codes []counted, k int, of func(*counted) string) []Part {
	by := map[string][]counted{}
	for i := range codes {
		v := of(&codes[i])
		by[v] = append(by[v], codes[i])
	}
	var out []Part
	rest := 0
	for v, list := range by {
		if v == "" || len(list) < k {
			rest += len(list)
			continue
		}
		out = append(out, Part{Value: v, Talks: len(list), Reasons: count(list)})
	}
	slices.SortFunc(out, func(a, b Part) int { return cmp.Or(cmp.Compare(b.Talks, a.Talks), cmp.Compare(a.Value, b.Value)) })
	for rest > 0 && rest < k && len(out) > 0 {
		rest += out[len(out)-1].Talks
		out = out[:len(out)-1]
	}
	if len(out) < 2 && rest == 0 { // one part is everybody
		return nil
	}
	return out
}

// Noted is a note as it is shown, with the name of its row to delete it by.
type Noted struct {
	ID, Question, Reason, Text string
}

// RoundNotes returns the notes of a round that may be shown, each loose from the others.
func (s *Service) RoundNotes(ctx context.Context, t tenant.ID, round string) (Round, []Noted, error) {
	r := s.DB.Of(t)
	x, err := s.shown(ctx, r, round)
	if err != nil {
		return x, nil, err
	}
	list, err := notesOf(ctx, r, round)
	var out []Noted
	for i := range list {
		out = append(out, Noted{list[i].id, list[i].question, list[i].reason, list[i].text})
	}
	return x, out, err
}
