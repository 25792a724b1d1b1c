package invite

import (
	"context"
	"errors"
	"slices"

	"tekentafel/internal/api"
	"tekentafel/internal/asked"
	"tekentafel/internal/db"
	"tekentafel/internal/problem"
	"tekentafel/internal/survey/invite/frame"
)

func (s *Service) apiStaff(ctx context.Context, c api.Caller, in *staffRequest) (*oneBody[FrameView], error) {
	b := &in.Body
	choice := StaffChoice{Everybody: len(b.Units) == 0, Units: b.Units, Variables: b.Variables}
	if b.Stratum != "" && !slices.Contains(b.Variables, b.Stratum) {
		wrong := &problem.Form{Bundle: locale()}
		wrong.Wrong("stratum", "error.staff-stratum", nil)
		return nil, wrong.Err()
	}
	w, f, err := s.readStaff(ctx, c.Actor, in.ID, choice)
	if err != nil {
		return nil, err
	}
	plan := f.Guess()
	plan.Stratum = stratumOf(plan, &choice, b.Stratum)
	result := f.Check(plan, s.Rules(&w))
	v := frameViewOf(f, plan, result)
	if !b.Confirm || result.Blocked() {
		return &oneBody[FrameView]{v}, nil
	}
	what := []any{in.ID, b.Units, b.Variables, b.Stratum}
	once, list := c.Asked(in.Key, what), c.Asked(in.Key, what)
	if list.Key != "" {
		list.Key += "/list"
	}
	id, err := s.keepStaff(ctx, &w, f, list)
	if err != nil {
		return nil, err
	}
	v.Job, err = s.Take(ctx, c.Actor, in.ID, id, plan, once)
	if errors.Is(err, db.ErrNoRow) && in.Key != "" { // the list is no longer there once it is taken
		v.Job, err = s.takenBefore(ctx, c, once)
	}
	v.Taken = err == nil && v.Job == ""
	return &oneBody[FrameView]{v}, err
}

// takenBefore returns the job that took people when the same was asked before, "" when none was needed; db.ErrNoRow when it was not asked.
func (s *Service) takenBefore(ctx context.Context, c api.Caller, once asked.Request) (job string, err error) {
	err = s.DB.Write(ctx, c.Actor.Tenant, func(tx *db.Scope) error {
		job, err = asked.Once(ctx, tx, s.Now, once, func() (string, error) { return "", db.ErrNoRow })
		return err
	})
	return job, err
}

// stratumOf returns the column of a variable in a file of the personnel data, in which the variables stand in their order.
func stratumOf(plan frame.Plan, choice *StaffChoice, variable string) int {
	k := 0
	for _, v := range StaffVariables() {
		if !slices.Contains(choice.Variables, v) {
			continue
		}
		if v == variable {
			for i, role := range plan.Roles {
				if role != frame.Group {
					continue
				}
				if k == 0 {
					return i
				}
				k--
			}
		}
		k++
	}
	return frame.None
}
