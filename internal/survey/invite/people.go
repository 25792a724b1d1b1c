package invite

import (
	"context"
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
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/survey/wave"
)

// The longest texts about a person, in characters.
const (
	maxName   = 120
	maxNumber = 40
	maxValue  = 120
	// PageSize is how many people a page lists.
	PageSize = 50
)

// List returns a page of people in the order of names, whose name, address or staff number holds search, from after the
// person with this name and id on. More tells whether others follow.
func (s *Service) List(ctx context.Context, actor access.Actor, waveID, search, afterName, afterID string) (list []Member, more bool, err error) {
	if err := allow(actor, access.RunWave); err != nil {
		return nil, false, err
	}
	r := s.DB.Of(actor.Tenant)
	if list, err = pageOf(ctx, r, waveID, search, afterName, afterID, PageSize+1); err != nil {
		return nil, false, err
	}
	failed, err := s.failed(ctx, r)
	if err != nil {
		return nil, false, err
	}
	for i := range list {
		list[i].show(failed)
	}
	if len(list) > PageSize {
		return list[:PageSize], true, nil
	}
	return list, false, nil
}

// Member returns somebody of the frame.
func (s *Service) Member(ctx context.Context, actor access.Actor, waveID, personID string) (Member, error) {
	if err := allow(actor, access.RunWave); err != nil {
		return Member{}, err
	}
	r := s.DB.Of(actor.Tenant)
	m, err := oneMember(ctx, r, waveID, personID)
	if err != nil {
		return Member{}, err
	}
	failed, err := s.failed(ctx, r)
	m.show(failed)
	return m, err
}

// MemberInput is what one gives to add or correct a person.
type MemberInput struct {
	Name, Mail, Number string
	Language           instrument.Lang
	Groups             map[string]string // of a draft; left alone after the launch
	Asked              asked.Request
}

// Add adds a person to the frame of a draft and returns their id.
func (s *Service) Add(ctx context.Context, actor access.Actor, waveID string, in MemberInput) (string, error) {
	var added string
	err := s.changePerson(ctx, actor, waveID, "wave.person-added", in.Asked, &added, func(tx *db.Scope, w *wave.Wave) (string, error) {
		if err := drafted(w); err != nil {
			return "", err
		}
		r := row{Member: Member{ID: newPersonID(), Groups: map[string]string{}}}
		if err := s.fill(ctx, tx, w, &r, in, true); err != nil {
			return "", err
		}
		secret, err := w.Secret(s.Box)
		if err != nil {
			return "", err
		}
		if r.pinHash, err = freePIN(ctx, tx.Reader, secret, w.ID, r.ID); err != nil {
			return "", err
		}
		return r.ID, insertPeople(ctx, tx, waveID, []row{r}, func(int) {})
	})
	return added, err
}

// freePIN is newPIN beside those that are in the store.
func freePIN(ctx context.Context, r db.Reader, secret wave.Secret, waveID, personID string) (string, error) {
	taken := map[string]bool{}
	for {
		hash, err := newPIN(secret, personID, taken)
		if err != nil {
			return "", err
		}
		var n int
		if err := r.Row(ctx, `SELECT COUNT(*) FROM wave_people WHERE tenant_id = $1 AND wave_id = $2 AND pin_hash = $3`, []any{waveID, hash}, &n); err != nil || n == 0 {
			return hash, err
		}
	}
}

// Correct changes what is known of a person: everything in a draft, and what changes no number after the launch.
func (s *Service) Correct(ctx context.Context, actor access.Actor, waveID, personID string, in MemberInput) error {
	return s.changePerson(ctx, actor, waveID, "wave.person-changed", in.Asked, nil, func(tx *db.Scope, w *wave.Wave) (string, error) {
		if w.State == wave.Closed || w.State == wave.Published {
			return "", refuse(problem.Conflict, "error.closed", nil)
		}
		m, err := oneMember(ctx, tx.Reader, waveID, personID)
		if err != nil {
			return "", err
		}
		p, err := onePerson(ctx, tx.Reader, `id = $3`, waveID, personID)
		if err != nil {
			return "", err
		}
		r := row{Member: m, stratum: p.Stratum}
		if err := s.fill(ctx, tx, w, &r, in, !w.State.Launched()); err != nil {
			return "", err
		}
		if err := updateMember(ctx, tx, waveID, &r); err != nil {
			return "", err
		}
		if m.Mail != r.Mail && m.mailID != "" {
			return personID, s.Mail.Withdraw(ctx, tx, m.mailID)
		}
		return personID, nil
	})
}

// Remove takes a person out of the frame of a draft.
func (s *Service) Remove(ctx context.Context, actor access.Actor, waveID, personID string) error {
	return s.changePerson(ctx, actor, waveID, "wave.person-removed", asked.Request{}, nil, func(tx *db.Scope, w *wave.Wave) (string, error) {
		if err := drafted(w); err != nil {
			return "", err
		}
		n, err := tx.Exec(ctx, `DELETE FROM wave_people WHERE tenant_id = $1 AND wave_id = $2 AND id = $3`, waveID, personID)
		if err == nil && n == 0 {
			err = db.ErrNoRow
		}
		return personID, err
	})
}

// changePerson runs a change with its entry in the log; result, unless nil, gets what it returned.
func (s *Service) changePerson(ctx context.Context, actor access.Actor, waveID, action string, ask asked.Request, result *string, change func(*db.Scope, *wave.Wave) (string, error)) error {
	if err := allow(actor, access.RunWave); err != nil {
		return err
	}
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		w, err := wave.One(ctx, tx.Reader, waveID)
		if err != nil {
			return err
		}
		made, err := asked.Once(ctx, tx, s.Now, ask, func() (string, error) {
			made, err := change(tx, &w)
			if err != nil {
				return "", err
			}
			return made, s.Audit.Record(ctx, tx, actor, audit.Entry{Action: action, Subject: waveID})
		})
		if result != nil {
			*result = made
		}
		return err
	})
}

// fill checks the input and puts it into r.
func (s *Service) fill(ctx context.Context, tx *db.Scope, w *wave.Wave, r *row, in MemberInput, groups bool) error {
	form := &problem.Form{Bundle: locale()}
	r.Name, r.Number, r.Mail = checkLine(form, "name", in.Name, maxName), checkLine(form, "number", in.Number, maxNumber), ""
	if mail := strings.TrimSpace(in.Mail); mail != "" {
		address, err := s.Mail.Address(mail)
		if err != nil {
			form.Wrong("mail", "error.mail", nil)
		}
		r.Mail = address
	}
	if r.Name == "" && r.Number == "" && r.Mail == "" {
		form.Wrong("name", "error.nobody", nil)
	}
	if !slices.Contains(w.Languages, in.Language) {
		form.Wrong("language", "error.language", nil)
	}
	r.Language = in.Language
	for field, column := range map[string]string{"mail": "mail", "number": "reference"} {
		value := r.Mail
		if field == "number" {
			value = r.Number
		}
		double, err := clash(ctx, tx.Reader, w.ID, r.ID, column, value)
		if err != nil {
			return err
		}
		if double {
			form.Wrong(field, "error.double", nil)
		}
	}
	if groups {
		if err := fillGroups(ctx, tx.Reader, w, r, in, form); err != nil {
			return err
		}
	}
	if err := form.Err(); err != nil {
		return err
	}
	match, err := s.matches(ctx, tx.Reader)
	if err != nil {
		return err
	}
	r.account = match.of(r.Mail, r.Number)
	return s.loosen(ctx, tx, w.ID, r)
}

// loosen gives up an account that another person of the frame has.
func (s *Service) loosen(ctx context.Context, tx *db.Scope, waveID string, r *row) error {
	if r.account == "" {
		return nil
	}
	other, err := onePerson(ctx, tx.Reader, `account_id = $3`, waveID, r.account)
	if err == nil && other.ID != r.ID {
		r.account = ""
	}
	if isNoRow(err) {
		err = nil
	}
	return err
}

// fillGroups takes the values of the variables that the frame has; that of the stratum must be one that is there.
func fillGroups(ctx context.Context, r db.Reader, w *wave.Wave, p *row, in MemberInput, form *problem.Form) error {
	all, err := combinations(ctx, r, w.ID)
	if err != nil {
		return err
	}
	sum := summarise(all)
	p.Groups = map[string]string{}
	for i, v := range sum.Variables {
		field := fmt.Sprintf("group%d", i)
		value := checkLine(form, field, in.Groups[v.Heading], maxValue)
		p.Groups[v.Heading] = value
		if v.Stratum {
			if !slices.ContainsFunc(v.Values, func(c groupCount) bool { return c.Value == value }) {
				form.Wrong(field, "error.stratum-value", nil)
			}
			p.stratum = value
		}
	}
	return nil
}

// checkLine tidies a text of one line.
func checkLine(form *problem.Form, field, text string, most int) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
	switch {
	case utf8.RuneCountInString(text) > most:
		form.Wrong(field, "error.long", i18n.Args{"max": fmt.Sprint(most)})
	case strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }):
		form.Wrong(field, "error.control", nil)
	}
	return text
}
