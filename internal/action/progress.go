package action

import (
	"context"
	"strconv"

	"tekentafel/internal/access"
	"tekentafel/internal/contact"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/problem"
)

// prose1 returns a text of one line in its one form.
func prose1(text string) string { return contact.Line(text) }

// Move brings an action to another state. Stopping needs a reason; planning and running need somebody who answers for it, and a day.
func (s *Service) Move(ctx context.Context, actor access.Actor, actionID string, version int64, to State, reason string) error {
	do := s.moving(to, prose(reason))
	return s.change(ctx, actor, access.RunAction, actionID, version, Moved, func(_ *db.Scope, a *Action) (bool, error) { return do(a) })
}

// moving brings an action to a state.
func (s *Service) moving(to State, reason string) func(a *Action) (bool, error) {
	return func(a *Action) (bool, error) {
		if a.State == to {
			return false, nil
		}
		if !a.State.To(to) {
			return false, refuse(problem.Conflict, "error.state", nil)
		}
		form := newChecker()
		if to == Stopped {
			form.bounded("reason", reason, LeastReason, MostReason)
		}
		a.move(to, reason, s.Today())
		form.content(&a.Content, a.Owner)
		return true, form.Err()
	}
}

// Touch notes whom an action reached.
func (s *Service) Touch(ctx context.Context, actor access.Actor, actionID string, version int64, r Reach) error {
	form := newChecker()
	r.What, r.Material = prose1(r.What), prose1(r.Material)
	form.bounded("what", r.What, LeastTitle, MostName)
	form.bounded("material", r.Material, 0, MostName)
	r.Audience = form.target("audience", r.Audience)
	switch {
	case r.Day == "":
		form.Wrong("day", "field.day", nil)
	case r.Day > s.Today():
		form.Wrong("day", "field.future", nil)
	}
	if r.People < 1 || r.People > mostPeople {
		form.Wrong("people", "field.people", nil)
	}
	if r.Of != 0 && (r.Of < r.People || r.Of > mostPeople) {
		form.Wrong("of", "field.of", nil)
	}
	if err := form.Err(); err != nil {
		return err
	}
	return s.change(ctx, actor, access.RunAction, actionID, version, Reached, func(_ *db.Scope, a *Action) (bool, error) {
		if len(a.Reach) >= mostReach {
			return false, full(mostReach)
		}
		a.Reach = append(a.Reach, r)
		return true, nil
	})
}

// Supply notes what is used.
func (s *Service) Supply(ctx context.Context, actor access.Actor, actionID string, version int64, m Material) error {
	form := newChecker()
	m.Name, m.Version, m.Link = prose1(m.Name), prose1(m.Version), prose1(m.Link)
	form.bounded("name", m.Name, LeastTitle, MostName)
	form.bounded("material-version", m.Version, 0, MostVersion)
	form.link("link", m.Link)
	if err := form.Err(); err != nil {
		return err
	}
	return s.change(ctx, actor, access.RunAction, actionID, version, Supplied, func(_ *db.Scope, a *Action) (bool, error) {
		if len(a.Materials) >= mostMaterials {
			return false, full(mostMaterials)
		}
		a.Materials = append(a.Materials, m)
		return true, nil
	})
}

// Look notes that somebody looked whether an action does what it should, what they found, and when to look next.
func (s *Service) Look(ctx context.Context, actor access.Actor, actionID string, version int64, found string, next Day) error {
	found = prose(found)
	form := newChecker()
	form.bounded("found", found, LeastReason, MostText)
	if next != "" && next <= s.Today() {
		form.Wrong("review", "field.past", nil)
	}
	if err := form.Err(); err != nil {
		return err
	}
	return s.change(ctx, actor, access.RunAction, actionID, version, Reviewed, func(_ *db.Scope, a *Action) (bool, error) {
		if len(a.Reviews) >= mostReviews {
			return false, full(mostReviews)
		}
		a.Reviews = append(a.Reviews, Review{Day: s.Today(), Found: found, Since: a.Version})
		a.Review = next
		return true, nil
	})
}

// List of which a line can be taken off.
const (
	OfReach     = "reach"
	OfMaterials = "material"
)

// Clear takes a line off the reach or the materials of an action; at counts from 0.
func (s *Service) Clear(ctx context.Context, actor access.Actor, actionID string, version int64, list string, at int) error {
	return s.change(ctx, actor, access.RunAction, actionID, version, Cleared, func(_ *db.Scope, a *Action) (bool, error) {
		switch {
		case list == OfReach && at >= 0 && at < len(a.Reach):
			a.Reach = append(a.Reach[:at], a.Reach[at+1:]...)
		case list == OfMaterials && at >= 0 && at < len(a.Materials):
			a.Materials = append(a.Materials[:at], a.Materials[at+1:]...)
		default:
			return false, db.ErrNoRow
		}
		return true, nil
	})
}

func full(most int) error {
	return refuse(problem.Full, "error.list-full", i18n.Args{"most": strconv.Itoa(most)})
}
