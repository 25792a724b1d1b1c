package invite

import (
	"context"
	"errors"
	"strings"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/contact"
	"tekentafel/internal/db"
	"tekentafel/internal/files"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// theirs is a condition on people who are an account ($2) or have its address ($3) or staff number ($4).
const theirs = `(p.account_id = $2 OR p.mail <> '' AND p.mail = $3 OR p.reference <> '' AND UPPER(p.reference) = $4)`

// Held implements held.Holder: in which frames a person stands, and how. Whether they took part is theirs to know and shown here too.
func (s *Service) Held(ctx context.Context, t tenant.ID, account string) ([]held.Section, error) {
	r := s.DB.Of(t)
	mail, number, err := s.Accounts.Of(ctx, r, account)
	if err != nil {
		return nil, err
	}
	section := held.Section{Name: "waves", Title: say("held.title", nil)}
	err = r.Rows(ctx, `SELECT p.wave_id, p.id, w.title, p.name, p.mail, p.reference, p.groups, p.taken FROM wave_people p
JOIN waves w ON w.tenant_id = p.tenant_id AND w.id = p.wave_id WHERE p.tenant_id = $1 AND `+theirs+` ORDER BY p.wave_id DESC`, func(scan func(...any) error) error {
		var waveID, person, title, name, mail, number, groups string
		var taken bool
		if err := scan(&waveID, &person, &title, &name, &mail, &number, &groups, &taken); err != nil {
			return err
		}
		source := "wave_people/" + waveID + "/" + person
		key := "held.not-taken"
		if taken {
			key = "held.taken"
		}
		about := strings.Join([]string{name, mail, number, groups}, " · ")
		section.Rows = append(section.Rows,
			held.Row{Source: source, Label: say("held.person", map[string]string{"title": title}), Value: about},
			held.Row{Source: source, Label: say("held.part", map[string]string{"title": title}), Words: say(key, nil)})
		return nil
	}, account, mail, contact.Number(number))
	if err != nil || len(section.Rows) == 0 {
		return nil, err
	}
	return []held.Section{section}, nil
}

// Effects implements held.Eraser.
func (s *Service) Effects() held.Effects {
	return held.Effects{
		Goes:  []problem.Message{say("held.goes", nil)},
		Stays: []held.Stays{{What: say("held.stays", nil), Why: say("held.stays-why", nil)}},
	}
}

// Erase implements held.Eraser: the person keeps a nameless place in the frame, so that ballots are never more than people,
// and can still take part by the PIN that they have. An invitation that waits is not sent.
func (s *Service) Erase(ctx context.Context, tx *db.Scope, account string) error {
	mail, number, err := s.Accounts.Of(ctx, tx.Reader, account)
	if err != nil {
		return err
	}
	type place struct{ wave, person, mail string }
	var places []place
	err = tx.Rows(ctx, `SELECT p.wave_id, p.id, p.mail_id FROM wave_people p WHERE p.tenant_id = $1 AND `+theirs, func(scan func(...any) error) error {
		var p place
		err := scan(&p.wave, &p.person, &p.mail)
		places = append(places, p)
		return err
	}, account, mail, contact.Number(number))
	if err != nil {
		return err
	}
	for _, p := range places {
		if p.mail != "" {
			if err := s.Mail.Withdraw(ctx, tx, p.mail); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `UPDATE wave_people SET name = '', mail = '', reference = '', account_id = '', mail_id = ''
WHERE tenant_id = $1 AND wave_id = $2 AND id = $3`, p.wave, p.person); err != nil {
			return err
		}
	}
	return nil
}

// Kept says how long frames of drafts that never went out stay, and files with people that are to be printed or taken. Those
// of waves that went out lose their names when the wave is closed.
func (s *Service) Kept() []held.Kept {
	const wave = `FROM waves w WHERE w.tenant_id = wave_people.tenant_id AND w.id = wave_people.wave_id`
	people := held.Fill(held.Kept{Name: "wave-people", Label: say("kept.people", nil), Basis: say("kept.people-why", nil), Default: 365, Minimum: 30, Maximum: 1095},
		held.Table{Name: "wave_people", Key: "id", At: `(SELECT w.created_at ` + wave + `)`, When: `EXISTS (SELECT 1 ` + wave + ` AND w.state = 'draft')`})
	const theirs = `(media_type LIKE 'application/x-tekentafel-frame;%' OR media_type LIKE 'application/x-tekentafel-letters;%')`
	papers := held.Fill(held.Kept{Name: "wave-files", Label: say("kept.files", nil), Basis: say("kept.files-why", nil), Default: 7, Minimum: 1, Maximum: 60},
		held.Table{Name: "files", Key: "id", At: "created_at", When: theirs})
	papers.Held = func(ctx context.Context, r db.Reader) (n int, err error) {
		err = r.Row(ctx, `SELECT COUNT(*) FROM files WHERE tenant_id = $1 AND `+theirs, nil, &n)
		return n, err
	}
	papers.Delete = func(ctx context.Context, tx *db.Scope, before time.Time, limit int) (int, error) {
		var old []string
		err := tx.Rows(ctx, `SELECT id FROM files WHERE tenant_id = $1 AND created_at < $2 AND `+theirs+` ORDER BY created_at, id LIMIT $3`, func(scan func(...any) error) error {
			var one string
			err := scan(&one)
			old = append(old, one)
			return err
		}, clock.Micros(before), limit)
		for _, one := range old {
			err = errors.Join(err, files.Delete(ctx, tx, one))
		}
		return len(old), err
	}
	return []held.Kept{people, papers}
}
