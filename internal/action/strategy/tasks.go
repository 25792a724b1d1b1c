package strategy

import (
	"context"

	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// rankNewer is worth a look, behind what others wait for.
const rankNewer = 46

// Tasks says what waits for a person here: figures of a newer report than the one in the strategy, or figures that dropped out of it.
func (s *Service) Tasks(ctx context.Context, r *web.Request) ([]web.Task, error) {
	if !r.Can(writes) {
		return nil, nil
	}
	p, err := s.placed(ctx, r.Actor.Tenant)
	if err != nil || p == nil {
		return nil, err
	}
	newer, err := s.newer(ctx, r.Actor, p)
	if err != nil {
		return nil, err
	}
	k, err := s.Organisations.GroupSize(ctx, r.Actor.Tenant)
	if err != nil {
		return nil, err
	}
	w := s.in(r.Lang)
	task := web.Task{Href: home, Label: w.say("task.do"), Tag: w.say("title"), Rank: rankNewer, Tone: ui.Info, About: home}
	switch {
	case k > p.K:
		task.Title, task.Text = w.say("task.raised"), w.say("overview.raised")
	case newer != nil:
		task.Title, task.Text = w.with("task.newer", "title", w.Quote(newer.Title)), w.say("task.newer-text")
	default:
		return nil, nil
	}
	return []web.Task{task}, nil
}
