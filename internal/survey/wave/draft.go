package wave

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/id"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
)

// The bounds of what is chosen.
const (
	MaxTitle         = 120  // characters
	MostGroupSize    = 100  // people
	MostRetention    = 3650 // days
	DefaultRetention = 365  // days
)

// Terms are what the launch locks, beside the questionnaire.
type Terms struct {
	Title     string
	Mode      Mode
	Languages []instrument.Lang
	GroupSize int // k; at least that of the organisation
	Retention int // days that answers stay after the wave is closed
	Linked    bool
	Previous  string // the wave to compare with, or ""
}

// Input is what one gives to make a wave.
type Input struct {
	Terms
	Base  string // the name of a built-in questionnaire
	Asked asked.Request
}

// Create makes a draft.
func (s *Service) Create(ctx context.Context, actor access.Actor, in Input) (Wave, error) {
	if err := allow(actor, access.RunWave); err != nil {
		return Wave{}, err
	}
	form := &problem.Form{Bundle: locale()}
	if err := s.checkTerms(ctx, actor, form, "", &in.Terms); err != nil {
		return Wave{}, err
	}
	recipe, err := s.Questionnaires.Recipe(in.Base)
	if problem.Is(err, problem.Invalid) {
		form.Wrong("base", "error.base", nil)
	} else if err != nil {
		return Wave{}, err
	}
	if err := form.Err(); err != nil {
		return Wave{}, err
	}
	w := Wave{Title: in.Title, Mode: in.Mode, Recipe: recipe, GroupSize: in.GroupSize, Retention: in.Retention, Linked: in.Linked, Languages: in.Languages,
		Previous: in.Previous, Settings: Settings{Reminders: nil}}
	return s.add(ctx, actor, w, in.Asked, audit.Entry{Action: "wave.created", Detail: map[string]string{"mode": string(in.Mode), "questionnaire": in.Base}})
}

// Copy makes a draft that asks the same in the same way, to be compared with the wave that it is a copy of. The frame and the
// moments are not copied: people come and go.
func (s *Service) Copy(ctx context.Context, actor access.Actor, waveID, title string, request asked.Request) (Wave, error) {
	if err := allow(actor, access.RunWave); err != nil {
		return Wave{}, err
	}
	form := &problem.Form{Bundle: locale()}
	title = strings.TrimSpace(title)
	checkTitle(form, title)
	if err := form.Err(); err != nil {
		return Wave{}, err
	}
	old, err := One(ctx, s.DB.Of(actor.Tenant), waveID)
	if err != nil {
		return Wave{}, err
	}
	_, least, _, err := s.Organisations.About(ctx, actor.Tenant)
	if err != nil {
		return Wave{}, err
	}
	w := Wave{Title: title, Mode: old.Mode, Recipe: old.Recipe, GroupSize: max(old.GroupSize, least), Retention: old.Retention, Linked: old.Linked,
		Languages: old.Languages, Previous: old.ID, Settings: Settings{Contact: old.Settings.Contact, Words: old.Settings.Words, Kiosk: old.Settings.Kiosk}}
	return s.add(ctx, actor, w, request, audit.Entry{Action: "wave.copied", Detail: map[string]string{"wave": old.ID}})
}

// add inserts a draft with names and a secret of its own.
func (s *Service) add(ctx context.Context, actor access.Actor, w Wave, request asked.Request, entry audit.Entry) (Wave, error) {
	w.Tenant, w.ID, w.Code, w.State = actor.Tenant, id.New(s.Now()), newCode(), Draft
	w.CreatedBy, w.Created, w.Version = actor.Owner, s.Now(), 1
	var err error
	if w.secret, err = newSecret(s.Box, w.ID); err != nil {
		return Wave{}, err
	}
	entry.Subject = w.ID
	var made string
	err = s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) (err error) {
		made, err = asked.Once(ctx, tx, s.Now, request, func() (string, error) {
			if err := insert(ctx, tx, &w); err != nil {
				return "", err
			}
			return w.ID, s.Audit.Record(ctx, tx, actor, entry)
		})
		return err
	})
	if err != nil {
		return Wave{}, err
	}
	return One(ctx, s.DB.Of(actor.Tenant), made)
}

// codeAlphabet is Crockford's base 32 in small letters: people read it from paper.
const codeAlphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// newCode returns the code of a wave in addresses. It is no secret.
func newCode() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	for i := range b {
		b[i] = codeAlphabet[b[i]%32]
	}
	return string(b[:])
}

// Change changes the terms of a draft. Version is the one that the change was made on; when somebody else changed the wave
// since, or it was launched, it is a Conflict.
func (s *Service) Change(ctx context.Context, actor access.Actor, waveID string, version int64, in Terms) error {
	if err := allow(actor, access.RunWave); err != nil {
		return err
	}
	form := &problem.Form{Bundle: locale()}
	if err := s.checkTerms(ctx, actor, form, waveID, &in); err != nil {
		return err
	}
	if err := form.Err(); err != nil {
		return err
	}
	return s.change(ctx, actor, waveID, version, audit.Entry{Action: "wave.changed", Detail: map[string]string{"mode": string(in.Mode)}}, func(tx *db.Scope, w *Wave) error {
		if w.State.Launched() {
			return refuse(problem.Conflict, "error.locked", nil)
		}
		w.Title, w.Mode, w.Languages, w.GroupSize, w.Retention, w.Linked, w.Previous = in.Title, in.Mode, in.Languages, in.GroupSize, in.Retention, in.Linked, in.Previous
		return setTerms(ctx, tx, w)
	})
}

// Rename gives a wave another title, in any state.
func (s *Service) Rename(ctx context.Context, actor access.Actor, waveID string, version int64, title string) error {
	if err := allow(actor, access.RunWave); err != nil {
		return err
	}
	form := &problem.Form{Bundle: locale()}
	title = strings.TrimSpace(title)
	checkTitle(form, title)
	if err := form.Err(); err != nil {
		return err
	}
	return s.change(ctx, actor, waveID, version, audit.Entry{Action: "wave.renamed"}, func(tx *db.Scope, w *Wave) error {
		return setTitle(ctx, tx, w.ID, title)
	})
}

// Delete takes a draft away for good, with its frame. A wave that was launched stays.
func (s *Service) Delete(ctx context.Context, actor access.Actor, waveID string) error {
	return s.change(ctx, actor, waveID, 0, audit.Entry{Action: "wave.deleted"}, func(tx *db.Scope, w *Wave) error {
		if w.State.Launched() {
			return refuse(problem.Conflict, "error.locked-delete", nil)
		}
		if s.Inviter != nil {
			if err := s.Inviter.Removed(ctx, tx, w); err != nil {
				return err
			}
		}
		return remove(ctx, tx, w.ID)
	})
}

// change runs a change to a wave in a transaction with its entry in the log. Version 0 is any.
func (s *Service) change(ctx context.Context, actor access.Actor, waveID string, version int64, entry audit.Entry, do func(*db.Scope, *Wave) error) error {
	if err := allow(actor, access.RunWave); err != nil {
		return err
	}
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		w, err := One(ctx, tx.Reader, waveID)
		if err != nil {
			return err
		}
		if version != 0 && w.Version != version {
			return refuse(problem.Conflict, "error.changed", nil)
		}
		if err := do(tx, &w); err != nil {
			return err
		}
		entry.Subject = w.ID
		return s.Audit.Record(ctx, tx, actor, entry)
	})
}

// checkTerms notes what is wrong with terms and tidies them. WaveID is "" for a new wave.
func (s *Service) checkTerms(ctx context.Context, actor access.Actor, form *problem.Form, waveID string, in *Terms) error {
	in.Title = strings.TrimSpace(in.Title)
	checkTitle(form, in.Title)
	if !slices.Contains(Modes(), in.Mode) {
		form.Wrong("mode", "error.mode", nil)
	}
	checkLanguages(form, in)
	_, least, _, err := s.Organisations.About(ctx, actor.Tenant)
	if err != nil {
		return err
	}
	if least = max(least, instrument.MinGroupSize); in.GroupSize < least || in.GroupSize > MostGroupSize {
		form.Wrong("groupSize", "error.group-size", i18n.Args{"least": fmt.Sprint(least), "most": fmt.Sprint(MostGroupSize)})
	}
	if in.Retention < 1 || in.Retention > MostRetention {
		form.Wrong("retention", "error.retention", i18n.Args{"most": fmt.Sprint(MostRetention)})
	}
	if in.Previous != "" {
		if _, err := One(ctx, s.DB.Of(actor.Tenant), in.Previous); err != nil || in.Previous == waveID {
			form.Wrong("previous", "error.previous", nil)
		}
	}
	return nil
}

// checkLanguages puts the languages in their order: the first is the one in which a person is addressed whose language is unknown.
func checkLanguages(form *problem.Form, in *Terms) {
	var known []instrument.Lang
	for i, l := range in.Languages {
		if !slices.Contains(instrument.Languages(), l) {
			form.Wrong("languages", "error.languages", nil)
			return
		}
		if !slices.Contains(in.Languages[:i], l) {
			known = append(known, l)
		}
	}
	if len(known) == 0 {
		form.Wrong("languages", "error.languages", nil)
	}
	in.Languages = known
}

func checkTitle(form *problem.Form, title string) {
	switch {
	case title == "":
		form.Wrong("title", "error.title", nil)
	case utf8.RuneCountInString(title) > MaxTitle:
		form.Wrong("title", "error.long", i18n.Args{"max": fmt.Sprint(MaxTitle)})
	case hasControl(title, false):
		form.Wrong("title", "error.control", nil)
	}
}

// hasControl tells whether a text holds signs that nobody sees. Line ends may stand in texts of several lines.
func hasControl(text string, lines bool) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		if lines && (r == '\n' || r == '\r' || r == '\t') {
			return false
		}
		return unicode.IsControl(r) || r == utf8.RuneError
	})
}
