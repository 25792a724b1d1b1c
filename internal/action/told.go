package action

import (
	"context"
	"errors"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// Told is what the people who answered are told about what was done with it: the actions that HR chose, in plain words. Whoever has the
// address of a published page reads it: people without an account or a mailbox answered too.
type Told struct {
	Report    string // of the answers
	Version   int64  // 0: nothing is kept yet
	Key       string // in the address, /t/{key}; "" when it is not published
	Published time.Time
	Account   string // who changed it last; "" when erased
	Changed   time.Time
	ToldContent
}

// ToldContent is what HR writes of it.
type ToldContent struct {
	Intro instrument.Text `json:"intro,omitempty"`
	Items []ToldItem      `json:"items,omitempty"`
	// Figures shows the figure that each action should move, where its report is published too and enough people are behind it.
	Figures bool `json:"figures,omitempty"`
}

// ToldItem is an action in plain words.
type ToldItem struct {
	Action string          `json:"action"` // id
	Words  instrument.Text `json:"words"`
}

// MostWords bounds the words about one action, in characters.
const MostWords = 500

const mostItems = 100

// Tell keeps what is told about a report. Version is the one that was read, 0 for the first time.
func (s *Service) Tell(ctx context.Context, actor access.Actor, report string, version int64, c ToldContent) error {
	if err := s.mayTell(ctx, actor, report); err != nil {
		return err
	}
	form := newChecker()
	for lang, text := range c.Intro {
		c.Intro[lang] = prose(text)
		form.bounded("intro", c.Intro[lang], 0, MostText)
	}
	if len(c.Items) > mostItems {
		return full(mostItems)
	}
	for i := range c.Items {
		field, words := "words-"+c.Items[i].Action, 0
		for lang, text := range c.Items[i].Words {
			text = prose(text)
			c.Items[i].Words[lang] = text
			words += len(text)
			form.bounded(field, text, 0, MostWords)
		}
		if words == 0 {
			form.Wrong(field, "field.words", nil)
		}
	}
	if err := form.Err(); err != nil {
		return err
	}
	return s.tell(ctx, actor, report, version, "action.told-changed", func(_ *db.Scope, t *Told) error {
		t.ToldContent = c
		if t.Key != "" && len(c.Items) == 0 {
			return refuse(problem.Conflict, "error.told-empty", nil)
		}
		return nil
	})
}

// mayTell tells whether the actor may publish what is told about a report that is there.
func (s *Service) mayTell(ctx context.Context, actor access.Actor, report string) error {
	if err := allow(actor, access.TellActions, nil); err != nil {
		return err
	}
	_, err := s.report(ctx, actor, report)
	return err
}

// report returns a report that the actor may read; db.ErrNoRow when there is none.
func (s *Service) report(ctx context.Context, actor access.Actor, id string) (Report, error) {
	list, err := s.Reports.Reports(ctx, actor)
	if err != nil {
		return Report{}, err
	}
	for _, r := range list {
		if r.ID == id {
			return r, nil
		}
	}
	return Report{}, db.ErrNoRow
}

// Publish opens the page for whoever has its address, and returns the key of the address: a new one each time. Publishing it again
// changes nothing.
func (s *Service) Publish(ctx context.Context, actor access.Actor, report string, version int64) error {
	if err := s.mayTell(ctx, actor, report); err != nil {
		return err
	}
	return s.tell(ctx, actor, report, version, "action.told-published", func(_ *db.Scope, t *Told) error {
		switch {
		case t.Key != "":
			return errSame
		case len(t.Items) == 0:
			return refuse(problem.Conflict, "error.told-empty", nil)
		}
		t.Key, t.Published = newKey(), s.Now()
		return nil
	})
}

// Withdraw closes the page: its address is gone for good. It does so too when the report is gone.
func (s *Service) Withdraw(ctx context.Context, actor access.Actor, report string, version int64) error {
	if err := allow(actor, access.TellActions, nil); err != nil {
		return err
	}
	return s.tell(ctx, actor, report, version, "action.told-withdrawn", func(_ *db.Scope, t *Told) error {
		if t.Key == "" {
			return errSame
		}
		t.Key, t.Published = "", time.Time{}
		return nil
	})
}

// tell changes what is told about a report.
func (s *Service) tell(ctx context.Context, actor access.Actor, report string, version int64, entry string, do func(*db.Scope, *Told) error) error {
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		t, err := toldOf(ctx, tx.Reader, report)
		if err != nil {
			return err
		}
		if t.Version != version {
			return refuse(problem.Conflict, "error.told-changed", nil)
		}
		if err := do(tx, &t); errors.Is(err, errSame) {
			return nil
		} else if err != nil {
			return err
		}
		t.Report, t.Version, t.Account, t.Changed = report, t.Version+1, actor.Owner, s.Now()
		if err := putTold(ctx, tx, &t); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, actor, audit.Entry{Action: entry, Subject: report})
	})
}

// ToldAbout returns what is told about a report; the zero value with the report when nothing is kept yet.
func (s *Service) ToldAbout(ctx context.Context, actor access.Actor, report string) (Told, error) {
	if err := allow(actor, access.ReadActions, nil); err != nil {
		return Told{}, err
	}
	return toldOf(ctx, s.DB.Of(actor.Tenant), report)
}

// ToldAt returns the address of what is told about a report, /t/{key}; "" when nothing is published. For the page of a wave.
func (s *Service) ToldAt(ctx context.Context, t tenant.ID, report string) (string, error) {
	x, err := toldOf(ctx, s.DB.Of(t), report)
	if err != nil || x.Key == "" {
		return "", err
	}
	return ToldPath + x.Key, nil
}

// ToldPath is where published pages are, before the key.
const ToldPath = "/t/"

// Open returns the published page with a key and whose it is; a problem of kind NotFound for any other key.
func (s *Service) Open(ctx context.Context, key string) (tenant.ID, Told, error) {
	t, report, ok, err := s.toldBy(ctx, key)
	if err != nil {
		return "", Told{}, err
	}
	if !ok {
		return "", Told{}, refuse(problem.NotFound, "error.told-gone", nil)
	}
	x, err := toldOf(ctx, s.DB.Of(t), report)
	if err == nil && x.Key != key {
		err = refuse(problem.NotFound, "error.told-gone", nil)
	}
	return t, x, err
}

// ToldLine is an action as people read it.
type ToldLine struct {
	Words      instrument.Text
	State      State
	Due, Ended Day
	Figure     *Figure // that it should move; nil where it is not shown
	Direction  Direction
	Effect     *Effect // Shifted or NotShown by a published report; nil where there is none
	Times      int     // how often somebody took part, 0 where it is not shown
}

// Lines are the actions that are told, as they stand. Names of people are in none. Figures are only those of published reports with at least
// k people behind them, and none that are told with care; how often people took part only from k.
func (s *Service) Lines(ctx context.Context, t tenant.ID, told *Told) ([]ToldLine, error) {
	k, err := s.Organisations.GroupSize(ctx, t)
	if err != nil {
		return nil, err
	}
	list, err := actions(ctx, s.DB.Of(t))
	if err != nil {
		return nil, err
	}
	published := map[string]bool{}
	var effects map[string]Effect
	if told.Figures {
		actor := access.Actor{Kind: access.System, Tenant: t}
		reports, err := s.Reports.Reports(ctx, actor)
		if err != nil {
			return nil, err
		}
		for _, r := range reports {
			published[r.ID] = r.Published
		}
		if effects, err = s.effects(ctx, actor, list, reports, func(r Report) bool { return r.Published }); err != nil {
			return nil, err
		}
	}
	byID := map[string]*Action{}
	for i := range list {
		byID[list[i].ID] = &list[i]
	}
	today := s.Today()
	var out []ToldLine
	for _, item := range told.Items {
		a := byID[item.Action]
		if a == nil {
			continue
		}
		l := ToldLine{Words: item.Words, State: a.State, Due: a.Due, Ended: a.Ended}
		if a.Overdue(today) {
			l.Due = "" // the page for everyone does not say that a day has passed
		}
		for _, r := range a.Reach {
			l.Times += r.People
		}
		if l.Times < k {
			l.Times = 0
		}
		if m := a.Measure; m != nil && published[m.Report] && !m.Figure.Sensitive && m.Figure.Base >= k {
			l.Figure, l.Direction = &m.Figure, m.Direction
			if e, ok := effects[a.ID]; ok && (e.Verdict == Shifted || e.Verdict == NotShown) && e.Now.Base >= k {
				l.Effect = &e
			}
		}
		out = append(out, l)
	}
	return out, nil
}

// TellsOf lists what is told, by report.
func (s *Service) TellsOf(ctx context.Context, actor access.Actor) (map[string]Told, error) {
	if err := allow(actor, access.ReadActions, nil); err != nil {
		return nil, err
	}
	return allTold(ctx, s.DB.Of(actor.Tenant))
}
