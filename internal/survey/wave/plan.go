package wave

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
)

// The bounds of a plan.
const (
	MostReminders = 5
	MaxContact    = 200  // characters
	MaxWords      = 1500 // characters, in each language
	longest       = 366 * 24 * time.Hour
)

// Moments are when a wave opens, reminds and closes; zero for a moment that is not decided.
type Moments struct {
	Opens, Closes time.Time
	Reminders     []time.Time
}

// Plan is what may change until a wave is closed. Once it is launched the moment to open stays: it can be opened at once.
type Plan struct {
	Moments
	Contact string
	Words   instrument.Text
	Kiosk   bool
}

// Trouble is something wrong with moments: a field of the plan, and a message.
type Trouble struct {
	Field, Key string
	Args       i18n.Args
}

// Check lists all that is wrong with moments in themselves: their order, and how long they are apart.
func (m Moments) Check() []Trouble {
	var out []Trouble
	if !m.Opens.IsZero() && !m.Closes.IsZero() {
		if !m.Closes.After(m.Opens) {
			out = append(out, Trouble{"closes", "error.closes-first", nil})
		} else if m.Closes.Sub(m.Opens) > longest {
			out = append(out, Trouble{"closes", "error.closes-far", nil})
		}
	}
	for i, r := range m.Reminders {
		field := fmt.Sprintf("reminder%d", i+1)
		if (!m.Opens.IsZero() && !r.After(m.Opens)) || (!m.Closes.IsZero() && !r.Before(m.Closes)) {
			out = append(out, Trouble{field, "error.reminder-outside", nil})
		} else if slices.ContainsFunc(m.Reminders[:i], r.Equal) {
			out = append(out, Trouble{field, "error.reminder-twice", nil})
		}
	}
	if len(m.Reminders) > MostReminders {
		out = append(out, Trouble{"reminder1", "error.reminders", i18n.Args{"most": fmt.Sprint(MostReminders)}})
	}
	return out
}

// SetPlan keeps a plan. Version is as for Change.
func (s *Service) SetPlan(ctx context.Context, actor access.Actor, waveID string, version int64, in Plan) error {
	if err := allow(actor, access.RunWave); err != nil {
		return err
	}
	form := &problem.Form{Bundle: locale()}
	for _, t := range in.Check() {
		form.Wrong(t.Field, t.Key, t.Args)
	}
	in.Contact = strings.TrimSpace(in.Contact)
	if utf8.RuneCountInString(in.Contact) > MaxContact {
		form.Wrong("contact", "error.long", i18n.Args{"max": fmt.Sprint(MaxContact)})
	} else if hasControl(in.Contact, false) {
		form.Wrong("contact", "error.control", nil)
	}
	words := instrument.Text{}
	for _, l := range instrument.Languages() {
		text := strings.TrimSpace(in.Words[l])
		if utf8.RuneCountInString(text) > MaxWords {
			form.Wrong("words-"+string(l), "error.long", i18n.Args{"max": fmt.Sprint(MaxWords)})
		} else if hasControl(text, true) {
			form.Wrong("words-"+string(l), "error.control", nil)
		}
		if text != "" {
			words[l] = text
		}
	}
	if err := form.Err(); err != nil {
		return err
	}
	slices.SortFunc(in.Reminders, time.Time.Compare)
	return s.change(ctx, actor, waveID, version, audit.Entry{Action: "wave.planned"}, func(tx *db.Scope, w *Wave) error {
		if err := s.checkPlan(w, in); err != nil {
			return err
		}
		w.Opens, w.Closes = in.Opens, in.Closes
		w.Settings.Reminders, w.Settings.Contact, w.Settings.Words, w.Settings.Kiosk = in.Reminders, in.Contact, words, in.Kiosk
		return setPlan(ctx, tx, w)
	})
}

// checkPlan says what of a plan the state of a wave does not allow.
func (s *Service) checkPlan(w *Wave, in Plan) error {
	switch w.State {
	case Draft:
		return nil
	case Closed, Published:
		return refuse(problem.Conflict, "error.closed", nil)
	case Scheduled, Open:
	}
	form := &problem.Form{Bundle: locale()}
	if !in.Opens.Equal(w.Opens) {
		form.Wrong("opens", "error.opens-locked", nil)
	}
	if !in.Closes.Equal(w.Closes) && !in.Closes.After(s.Now()) {
		form.Wrong("closes", "error.closes-past", nil)
	}
	if in.Contact == "" {
		form.Wrong("contact", "error.contact", nil)
	}
	return form.Err()
}

// Extend moves the moment to close, later or earlier, but never to the past.
func (s *Service) Extend(ctx context.Context, actor access.Actor, waveID string, closes time.Time) error {
	entry := audit.Entry{Action: "wave.extended", Detail: map[string]string{"closes": closes.UTC().Format(time.RFC3339)}}
	return s.change(ctx, actor, waveID, 0, entry, func(tx *db.Scope, w *Wave) error {
		if w.State != Scheduled && w.State != Open {
			return refuse(problem.Conflict, "error.not-running", nil)
		}
		form := &problem.Form{Bundle: locale()}
		switch {
		case !closes.After(s.Now()):
			form.Wrong("closes", "error.closes-past", nil)
		case !closes.After(w.Opens):
			form.Wrong("closes", "error.closes-first", nil)
		case closes.Sub(w.Opens) > longest:
			form.Wrong("closes", "error.closes-far", nil)
		}
		if err := form.Err(); err != nil {
			return err
		}
		w.Closes = closes
		w.Settings.Reminders = slices.DeleteFunc(w.Settings.Reminders, func(r time.Time) bool { return !r.Before(closes) })
		return setPlan(ctx, tx, w)
	})
}
