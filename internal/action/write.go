package action

import (
	"context"
	"encoding/json"
	"errors"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/id"
	"tekentafel/internal/problem"
)

// Wish is the measure that somebody wants.
type Wish struct {
	Report    string
	Key       Key
	Direction Direction
	Goal      *float64 // nil: only the direction
}

// Draft is what somebody writes of an action.
type Draft struct {
	Title, Why, Risk, Notes string
	Owner                   Owner
	Target                  Target
	Starts, Due, Review     Day
	// Measure replaces the measure; nil takes it away, unless Keep says to leave it, with another goal and direction where Measure has
	// them and a zero Key.
	Measure *Wish
	Keep    bool
}

// Birth says from what an action is made, and where it begins. The zero value is somebody's own idea.
type Birth struct {
	From  *Origin
	State State // Proposed when "", or Planned
}

// wished is the measure of a draft, read before anything is written.
type wished struct {
	measure *Measure // nil: none, or not to be found
	lost    bool     // it is not to be found
}

// wish reads the measure that a draft wants.
func (s *Service) wish(ctx context.Context, actor access.Actor, d *Draft) (wished, error) {
	w := d.Measure
	if w == nil || d.Keep && w.Key == (Key{}) {
		return wished{}, nil
	}
	f, title, ok, err := s.Figure(ctx, actor, w.Report, w.Key)
	if err = lost(err); err != nil || !ok {
		return wished{lost: true}, err
	}
	return wished{measure: &Measure{Report: w.Report, Title: title, Figure: f, Direction: w.Direction, Goal: w.Goal}}, nil
}

// fill puts a draft into the content of an action, and notes what is wrong.
func (s *Service) fill(ctx context.Context, r db.Reader, a *Action, d *Draft, w wished) error {
	form := newChecker()
	a.Title, a.Why, a.Risk, a.Notes = prose1(d.Title), prose(d.Why), prose(d.Risk), prose(d.Notes)
	a.Starts, a.Due, a.Review, a.Target = d.Starts, d.Due, d.Review, d.Target
	owner := Owner{Account: d.Owner.Account, Role: prose1(d.Owner.Role)}
	if owner.Account != "" && owner.Account != a.Owner.Account {
		name, err := s.Accounts.Name(ctx, r, owner.Account)
		if errors.Is(err, db.ErrNoRow) {
			err = nil
		}
		if err != nil {
			return err
		}
		if name == "" {
			form.Wrong("owner", "field.choose", nil)
		}
	}
	a.Owner = owner
	switch {
	case w.lost:
		form.Wrong("measure", "field.measure", nil)
	case w.measure != nil:
		a.Measure = w.measure
	case d.Keep && d.Measure != nil && a.Measure != nil:
		m := *a.Measure
		m.Direction, m.Goal = d.Measure.Direction, d.Measure.Goal
		a.Measure = &m
	case !d.Keep:
		a.Measure = nil
	}
	form.content(&a.Content, a.Owner)
	return form.Err()
}

// Make keeps a new action. What is wrong with it is a problem of kind Invalid by the fields of the form.
func (s *Service) Make(ctx context.Context, actor access.Actor, d Draft, from Birth, ask asked.Request) (Action, error) {
	if err := allow(actor, access.ChangeActions, nil); err != nil {
		return Action{}, err
	}
	w, err := s.wish(ctx, actor, &d)
	if err != nil {
		return Action{}, err
	}
	var made string
	err = s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) (err error) {
		made, err = asked.Once(ctx, tx, s.Now, ask, func() (string, error) { return s.make(ctx, tx, actor, &d, w, from) })
		return err
	})
	if err != nil {
		return Action{}, err
	}
	return one(ctx, s.DB.Of(actor.Tenant), made)
}

func (s *Service) make(ctx context.Context, tx *db.Scope, actor access.Actor, d *Draft, w wished, from Birth) (string, error) {
	n, err := count(ctx, tx.Reader)
	if err != nil {
		return "", err
	}
	if n >= mostActions {
		return "", refuse(problem.Full, "error.full", nil)
	}
	kind := Made
	now := s.Now()
	a := Action{ID: id.New(now), Version: 1, Made: now, Changed: now, Content: Content{State: Proposed, From: from.From}}
	if from.State == Planned {
		a.State = Planned
	}
	if from.From != nil {
		kind = Taken
		if taken, err := takenAs(ctx, tx.Reader, from.From); err != nil || taken != "" {
			return "", conflictOr(err, "error.taken")
		}
	}
	if err := s.fill(ctx, tx.Reader, &a, d, w); err != nil {
		return "", err
	}
	if err := insertAction(ctx, tx, &a); err != nil {
		return "", err
	}
	return a.ID, s.keep(ctx, tx, actor, &a, kind)
}

// conflictOr returns err, or a problem of kind Conflict when there is none.
func conflictOr(err error, key string) error {
	if err != nil {
		return err
	}
	return refuse(problem.Conflict, key, nil)
}

// takenAs returns the action that was made from a proposal, "" for none.
func takenAs(ctx context.Context, r db.Reader, from *Origin) (string, error) {
	list, err := actions(ctx, r)
	for i := range list {
		if x := list[i].From; from.Proposal != "" && x != nil && x.Report == from.Report && x.Proposal == from.Proposal {
			return list[i].ID, err
		}
	}
	return "", err
}

// keep writes a version of an action to its history and to the log.
func (s *Service) keep(ctx context.Context, tx *db.Scope, actor access.Actor, a *Action, kind ChangeKind) error {
	if err := insertChange(ctx, tx, a, kind, actor.Owner); err != nil {
		return err
	}
	return s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "action." + string(kind), Subject: a.ID})
}

// change makes a change to an action that was read at a version. What others changed meanwhile is a problem of kind Conflict that
// says who. do returns false when everything stands already.
func (s *Service) change(ctx context.Context, actor access.Actor, may access.Action, actionID string, version int64, kind ChangeKind, do func(tx *db.Scope, a *Action) (bool, error)) error {
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		return s.changeIn(ctx, tx, actor, may, actionID, version, kind, func(a *Action) (bool, error) { return do(tx, a) })
	})
}

func (s *Service) changeIn(ctx context.Context, tx *db.Scope, actor access.Actor, may access.Action, actionID string, version int64, kind ChangeKind, do func(a *Action) (bool, error)) error {
	a, err := one(ctx, tx.Reader, actionID)
	if err != nil {
		return err
	}
	if allow(actor, access.ReadActions, &a) != nil {
		return db.ErrNoRow
	}
	if err := allow(actor, may, &a); err != nil {
		return err
	}
	if a.Version != version {
		return s.clash(ctx, tx.Reader, actionID)
	}
	a.Materials, a.Reach, a.Reviews = cloned(a.Materials), cloned(a.Reach), cloned(a.Reviews)
	a.Version++
	a.Changed = s.Now()
	changed, err := do(&a)
	if err != nil || !changed {
		return err
	}
	if err := updateAction(ctx, tx, &a); err != nil {
		return err
	}
	return s.keep(ctx, tx, actor, &a, kind)
}

func cloned[T any](list []T) []T { return append([]T(nil), list...) }

// clash says who changed an action meanwhile.
func (s *Service) clash(ctx context.Context, r db.Reader, actionID string) error {
	lines, err := history(ctx, r, actionID)
	if err != nil || len(lines) == 0 {
		return conflictOr(err, "error.changed")
	}
	name := ""
	if who := lines[0].Account; who != "" {
		if name, err = s.Accounts.Name(ctx, r, who); err != nil {
			return err
		}
	}
	if name == "" {
		return refuse(problem.Conflict, "error.changed", nil)
	}
	return refuse(problem.Conflict, "error.changed-by", i18n.Args{"who": name})
}

// Edit changes what is written of an action.
func (s *Service) Edit(ctx context.Context, actor access.Actor, actionID string, version int64, d Draft) error {
	w, err := s.wish(ctx, actor, &d)
	if err != nil {
		return err
	}
	return s.change(ctx, actor, access.ChangeActions, actionID, version, Edited, func(tx *db.Scope, a *Action) (bool, error) {
		was, err := digest(a)
		if err != nil {
			return false, err
		}
		if err := s.fill(ctx, tx.Reader, a, &d, w); err != nil {
			return false, err
		}
		is, err := digest(a)
		return is != was, err
	})
}

// EditAndMove changes what is written of an action and brings it to another state, as two changes of which both are made or none.
func (s *Service) EditAndMove(ctx context.Context, actor access.Actor, actionID string, version int64, d Draft, to State) error {
	if err := allow(actor, access.ChangeActions, nil); err != nil {
		return err
	}
	w, err := s.wish(ctx, actor, &d)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		at := version
		err := s.changeIn(ctx, tx, actor, access.ChangeActions, actionID, at, Edited, func(a *Action) (bool, error) {
			was, err := digest(a)
			if err != nil {
				return false, err
			}
			if err := s.fill(ctx, tx.Reader, a, &d, w); err != nil {
				return false, err
			}
			is, err := digest(a)
			if is != was {
				at++
			}
			return is != was, err
		})
		if err != nil {
			return err
		}
		return s.changeIn(ctx, tx, actor, access.RunAction, actionID, at, Moved, s.moving(to, ""))
	})
}

// digest writes what somebody can change of an action.
func digest(a *Action) (string, error) {
	raw, err := json.Marshal([]any{a.Content, a.Owner})
	return string(raw), err
}

// Undo puts an action back as it was before its last change, which somebody read as version. The first version cannot be undone: an
// action is deleted instead. Who answers for an action may undo what they did themselves.
func (s *Service) Undo(ctx context.Context, actor access.Actor, actionID string, version int64) error {
	return s.change(ctx, actor, access.RunAction, actionID, version, Undone, func(tx *db.Scope, a *Action) (bool, error) {
		lines, err := history(ctx, tx.Reader, actionID)
		if err != nil {
			return false, err
		}
		if len(lines) < 2 {
			return false, refuse(problem.Conflict, "error.first", nil)
		}
		if lines[0].Account != actor.Owner {
			if err := allow(actor, access.ChangeActions, nil); err != nil {
				return false, err
			}
		}
		a.Content, a.Owner = lines[1].Content, lines[1].Owner
		return true, nil
	})
}

// Delete takes an action away for good, with its history.
func (s *Service) Delete(ctx context.Context, actor access.Actor, actionID string, version int64) error {
	if err := allow(actor, access.ChangeActions, nil); err != nil {
		return err
	}
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		a, err := one(ctx, tx.Reader, actionID)
		if err != nil {
			return err
		}
		if a.Version != version {
			return s.clash(ctx, tx.Reader, actionID)
		}
		if err := deleteAction(ctx, tx, actionID); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "action.deleted", Subject: actionID})
	})
}
