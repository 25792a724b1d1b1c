package wave

import (
	"context"
	"fmt"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/problem"
)

// Problem is something that stands in the way of a launch, with where to mend it.
type Problem struct {
	Key     string // the same in every version, for scripts
	Message problem.Message
	Href    string
	// Warns says that the wave can be launched all the same.
	Warns bool
}

// MostStrata bounds the keys of a wave: each costs a moment at the launch, and many small parts tell much about a person.
const MostStrata = 20

// Ready lists all that stands in the way of launching a draft, at once.
func (s *Service) Ready(ctx context.Context, actor access.Actor, waveID string) ([]Problem, error) {
	if err := allow(actor, access.ReadWave); err != nil {
		return nil, err
	}
	r := s.DB.Of(actor.Tenant)
	w, err := One(ctx, r, waveID)
	if err != nil {
		return nil, err
	}
	_, problems, _, err := s.ready(ctx, r, &w)
	return problems, err
}

// Blocking returns the problems that a launch does not go past.
func Blocking(list []Problem) []Problem {
	var out []Problem
	for _, p := range list {
		if !p.Warns {
			out = append(out, p)
		}
	}
	return out
}

// checklist gathers problems of one wave.
type checklist struct {
	base string
	list []Problem
}

func (c *checklist) add(key, place string, args i18n.Args) {
	c.list = append(c.list, Problem{Key: key, Message: say("ready."+key, args), Href: c.base + place})
}

func (c *checklist) warn(key, place string, args i18n.Args) {
	c.add(key, place, args)
	c.list[len(c.list)-1].Warns = true
}

// ready returns the questionnaire as it would be launched, what stands in the way, and the frame.
func (s *Service) ready(ctx context.Context, r db.Reader, w *Wave) ([]byte, []Problem, Frame, error) {
	c := &checklist{base: "/waves/" + w.ID}
	yaml, problems, err := s.Questionnaires.Compose(ctx, r, w)
	if err != nil {
		return nil, nil, Frame{}, err
	}
	c.list = append(c.list, problems...)
	if len(yaml) == 0 && len(problems) == 0 {
		c.add("questionnaire", "/questions", nil)
	}
	frame, err := FrameOf(ctx, r, w.ID)
	if err != nil {
		return nil, nil, Frame{}, err
	}
	_, least, _, err := s.Organisations.About(ctx, r.Tenant())
	if err != nil {
		return nil, nil, Frame{}, err
	}
	if w.GroupSize < least {
		c.add("group-size", "/settings", i18n.Args{"k": fmt.Sprint(least)})
	}
	if w.Mode != OpenLink {
		s.readyFrame(c, w, frame)
	}
	s.readyMoments(c, w)
	return yaml, c.list, frame, nil
}

func (s *Service) readyFrame(c *checklist, w *Wave, frame Frame) {
	k := i18n.Args{"k": fmt.Sprint(w.GroupSize), "n": fmt.Sprint(frame.People)}
	switch {
	case frame.People == 0:
		c.add("no-people", "/people", k)
		return
	case frame.People < w.GroupSize:
		c.add("few-people", "/people", k)
	}
	if w.Mode == Anonymous {
		if len(frame.Strata) > MostStrata {
			c.add("strata", "/people", i18n.Args{"n": fmt.Sprint(len(frame.Strata)), "most": fmt.Sprint(MostStrata)})
		}
		for _, st := range frame.Strata {
			if len(frame.Strata) > 1 && st.People < w.GroupSize {
				// The number itself stays unsaid only where the frame is: whoever may launch sees the frame.
				c.add("small-stratum", "/people", i18n.Args{"name": st.Name, "n": fmt.Sprint(st.People), "k": fmt.Sprint(w.GroupSize)})
			}
		}
	}
	if frame.Mails > 0 && !s.MailOn() {
		c.warn("mail-off", "/invitations", i18n.Args{"n": fmt.Sprint(frame.Mails)})
	}
}

func (s *Service) readyMoments(c *checklist, w *Wave) {
	if w.Opens.IsZero() || w.Closes.IsZero() {
		c.add("no-moments", "/plan", nil)
	} else if !w.Closes.After(s.Now()) {
		c.add("closes-past", "/plan", nil)
	}
	m := Moments{Opens: w.Opens, Closes: w.Closes, Reminders: w.Settings.Reminders}
	seen := map[string]bool{}
	for _, t := range m.Check() {
		if !seen[t.Key] {
			seen[t.Key] = true
			c.list = append(c.list, Problem{Key: t.Key[len("error."):], Message: say(t.Key, t.Args), Href: c.base + "/plan"})
		}
	}
	if w.Settings.Contact == "" {
		c.add("no-contact", "/plan", nil)
	}
}
