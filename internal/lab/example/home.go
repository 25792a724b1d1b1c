package example

import (
	"context"

	"tekentafel/internal/lab/shelf"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// Ranks of tasks, as web.Task has them.
const (
	rankReview = 28
	rankChange = 32
)

// Desk says what waits for people, on their home page.
type Desk struct{ s *Service }

// Desk returns what waits for people.
func (s *Service) Desk() Desk { return Desk{s} }

// Tasks says what waits for a person here: examples to look at for who reviews, and a change that somebody asked of an author. It costs one query.
func (h Desk) Tasks(ctx context.Context, r *web.Request) ([]web.Task, error) {
	if !r.Can(shelf.Uses) {
		return nil, nil
	}
	toReview, toChange, err := waiting(ctx, h.s.DB.Of(r.Actor.Tenant), r.Actor.Owner)
	if err != nil {
		return nil, err
	}
	w := in(r.Lang)
	var out []web.Task
	if toReview > 0 && r.Can(reviews) {
		out = append(out, web.Task{Title: w.Count("task.review", toReview), Text: w.Say("task.review-text"), Href: reviewAt, Label: w.Say("task.review-do"), Tag: w.Say("door"), Rank: rankReview, Tone: ui.Info, About: reviewAt})
	}
	if toChange > 0 {
		out = append(out, web.Task{Title: w.Count("task.change", toChange), Text: w.Say("task.change-text"), Href: mineAt, Label: w.Say("task.change-do"), Tag: w.Say("door"), Rank: rankChange, Tone: ui.Info, About: mineAt})
	}
	return out, nil
}
