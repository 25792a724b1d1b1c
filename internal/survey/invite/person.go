package invite

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"

	"tekentafel/internal/contact"
	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/survey/wave"
)

// Invitation is how a person was invited.
type Invitation string

// The ways.
const (
	NotYet  Invitation = "none"
	Mailed  Invitation = "mailed"
	Printed Invitation = "printed"
	Bounced Invitation = "bounced"
	refused Invitation = "refused" // wants no more; never shown of one person
)

// Person is somebody of the frame, as the pages of answering need them.
type Person struct {
	ID       string
	Language instrument.Lang
	Groups   map[string]string // background variables by heading
	Stratum  string            // "" where the wave has one key
	Taken    bool              // drew a ballot, or handed in where the wave is confidential
	Refused  bool              // wants no more reminders
}

// Member is somebody of the frame as HR sees them: nothing of it says whether they took part.
type Member struct {
	ID         string
	Name       string
	Mail       string
	Number     string
	Language   instrument.Lang
	Groups     map[string]string
	Invitation Invitation // never refused: who refused shows as invited
	pinHash    string
	mailID     string
}

// newPersonID returns an id that says nothing by its order.
func newPersonID() string { return strings.ToLower(rand.Text()) }

// Find returns the person of a wave whose PIN this is, however it is typed; db.ErrNoRow when there is none. It is one
// look-up in an index.
func (s *Service) Find(ctx context.Context, w *wave.Wave, pin string) (Person, error) {
	plain, ok := ReadPIN(pin)
	if !ok {
		return Person{}, db.ErrNoRow
	}
	secret, err := w.Secret(s.Box)
	if err != nil {
		return Person{}, err
	}
	return onePerson(ctx, s.DB.Of(w.Tenant), `pin_hash = $3`, w.ID, hashPIN(secret, plain))
}

// BySession returns the person of a wave who has an account; db.ErrNoRow when the account is not in the frame.
func (s *Service) BySession(ctx context.Context, w *wave.Wave, accountID string) (Person, error) {
	if accountID == "" {
		return Person{}, db.ErrNoRow
	}
	return onePerson(ctx, s.DB.Of(w.Tenant), `account_id = $3`, w.ID, accountID)
}

// What stands in the place of the last mail of who refused, so that they show as what they were. Both sort before the ids of
// mails.
const (
	wasNotYet  = "00none"
	wasPrinted = "00printed"
)

// Refuse notes that a person wants no more reminders. They can still take part.
func (s *Service) Refuse(ctx context.Context, w *wave.Wave, personID string) error {
	return s.DB.Write(ctx, w.Tenant, func(tx *db.Scope) error {
		_, err := tx.Exec(ctx, `UPDATE wave_people SET invitation = 'refused',
  mail_id = CASE invitation WHEN 'none' THEN $4 WHEN 'printed' THEN $5 ELSE mail_id END
WHERE tenant_id = $1 AND wave_id = $2 AND id = $3 AND invitation <> 'refused'`, w.ID, personID, wasNotYet, wasPrinted)
		return err
	})
}

// RefuseByPIN is Refuse for who has the PIN; db.ErrNoRow when there is none such.
func (s *Service) RefuseByPIN(ctx context.Context, w *wave.Wave, pin string) error {
	p, err := s.Find(ctx, w, pin)
	if err != nil || p.Refused {
		return err
	}
	return s.Refuse(ctx, w, p.ID)
}

// show makes a member what HR sees of them: who refused shows as what they were before. Failed are the invitations that came back.
func (m *Member) show(failed map[string]Undelivered) {
	if m.Invitation == refused {
		switch m.mailID {
		case wasNotYet:
			m.Invitation = NotYet
		case wasPrinted:
			m.Invitation = Printed
		default:
			m.Invitation = Mailed
		}
	}
	if _, back := failed[m.mailID]; back && m.mailID != "" && m.Invitation == Mailed {
		m.Invitation = Bounced
	}
}

// matches finds the accounts of people, by mail first and else by staff number. One account is one person at most.
type matches struct {
	byMail, byNumber map[string]string
	used             map[string]bool
}

func (s *Service) matches(ctx context.Context, r db.Reader) (*matches, error) {
	m := &matches{byMail: map[string]string{}, byNumber: map[string]string{}, used: map[string]bool{}}
	err := s.Accounts.Each(ctx, r, func(account, mail, number string) error {
		if account == "" {
			return errors.New("an account without an id")
		}
		if mail != "" {
			m.byMail[strings.ToLower(mail)] = account
		}
		if number != "" {
			m.byNumber[contact.Number(number)] = account
		}
		return nil
	})
	return m, err
}

// of returns the account of a person, "" for none. Where mail and number lead to two accounts, it is neither's: one of the
// two would answer in the place of the other.
func (m *matches) of(mail, number string) string {
	a, b := "", ""
	if mail != "" {
		a = m.byMail[strings.ToLower(mail)]
	}
	if number != "" {
		b = m.byNumber[contact.Number(number)]
	}
	if a == "" {
		a = b
	}
	if a == "" || b != "" && a != b || m.used[a] {
		return ""
	}
	m.used[a] = true
	return a
}
