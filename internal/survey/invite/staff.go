package invite

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/contact"
	"tekentafel/internal/db"
	"tekentafel/internal/files"
	"tekentafel/internal/i18n"
	"tekentafel/internal/problem"
	"tekentafel/internal/survey/invite/frame"
	"tekentafel/internal/survey/wave"
)

// Staff tells who works for an organisation, so that a frame needs no file.
type Staff interface {
	// Units lists the units that stand, each behind the one above it.
	Units(ctx context.Context, actor access.Actor) ([]StaffUnit, error)
	// People lists who is in service, and how many they are; nobody when those are more than Most. It keeps that they were read, and why.
	People(ctx context.Context, actor access.Actor, q StaffQuery) ([]StaffPerson, int, error)
}

// StaffUnit is a unit from which people can be asked.
type StaffUnit struct {
	ID, Name string
	Depth    int // 0 for what stands at the top
	People   int // in service, in it and below
}

// StaffQuery says whom a frame is of, and what is told of them.
type StaffQuery struct {
	Units     []string // with those below them; none: everybody
	Variables []string // of StaffVariables
	Purpose   string   // as the people can read it
	Most      int      // people
}

// StaffPerson is somebody in service.
type StaffPerson struct {
	Name, Mail, Number, Language string
	Values                       []string // one for each variable; "" when it is not known
}

// StaffVariables lists what can become a group variable, in the order in which it is offered.
func StaffVariables() []string {
	return []string{"department", "unit", "function", "family", "level", "work", "statute", "site", "age"}
}

// StaffChoice is whom one chose, and what of them.
type StaffChoice struct {
	Everybody bool
	Units     []string // unless everybody
	Variables []string
	Asked     asked.Request
}

// UploadStaff makes the file of a frame out of the personnel data, in the place of one that waited. It is looked at, and taken, as one that
// was uploaded: what stands in it stays as it was read. It returns the id of the file.
func (s *Service) UploadStaff(ctx context.Context, actor access.Actor, waveID string, in StaffChoice) (string, error) {
	w, f, err := s.readStaff(ctx, actor, waveID, in)
	if err != nil {
		return "", err
	}
	return s.keepStaff(ctx, &w, f, in.Asked)
}

// readStaff reads the people that one chose for a draft.
func (s *Service) readStaff(ctx context.Context, actor access.Actor, waveID string, in StaffChoice) (wave.Wave, *frame.File, error) {
	w, err := s.wave(ctx, actor, access.RunWave, waveID)
	if err == nil {
		err = drafted(&w)
	}
	if err == nil && s.Staff == nil {
		err = db.ErrNoRow
	}
	if err == nil {
		err = in.check()
	}
	if err != nil {
		return w, nil, err
	}
	select {
	case s.readers <- struct{}{}:
		defer func() { <-s.readers }()
	case <-ctx.Done():
		return w, nil, ctx.Err()
	}
	f, err := s.staffFile(ctx, actor, &w, in)
	return w, f, err
}

// keepStaff keeps a file of the personnel data until it is taken, in the place of one that waited.
func (s *Service) keepStaff(ctx context.Context, w *wave.Wave, f *frame.File, ask asked.Request) (kept string, err error) {
	written, err := os.CreateTemp(s.Dir, "frame-*")
	if err != nil {
		return "", err
	}
	defer func() { _, _ = written.Close(), os.Remove(written.Name()) }()
	if err := f.Write(written); err != nil {
		return "", err
	}
	err = s.DB.Write(ctx, w.Tenant, func(tx *db.Scope) error {
		kept, err = asked.Once(ctx, tx, s.Now, ask, func() (string, error) {
			if err := dropFiles(ctx, tx, uploadType(w.ID)); err != nil {
				return "", err
			}
			if _, err := written.Seek(0, io.SeekStart); err != nil {
				return "", err
			}
			name := firstLanguage(*w).T("staff.file", i18n.Args{"day": s.Now().In(s.Zone).Format("2006-01-02")})
			file, err := files.Add(ctx, tx, s.Now, name, uploadType(w.ID), written)
			return file.ID, err
		})
		return err
	})
	return kept, err
}

// firstLanguage writes in the first language of a wave, in which its groups are called.
func firstLanguage(w wave.Wave) words { return in(w.Languages[0]) }

func (in *StaffChoice) check() error {
	form := &problem.Form{Bundle: locale()}
	switch {
	case in.Everybody && len(in.Units) > 0: // whoever ticked units meant them, or forgot them
		form.Wrong("whom", "error.staff-both", nil)
	case !in.Everybody && len(in.Units) == 0:
		form.Wrong("units", "error.staff-units", nil)
	}
	in.Variables = slices.DeleteFunc(StaffVariables(), func(v string) bool { return !slices.Contains(in.Variables, v) })
	if len(in.Variables) > frame.MaxGroups {
		form.Wrong("variables", "error.staff-variables", i18n.Args{"max": fmt.Sprint(frame.MaxGroups)})
	}
	return form.Err()
}

// staffFile reads the people and lays them in columns.
func (s *Service) staffFile(ctx context.Context, actor access.Actor, w *wave.Wave, in StaffChoice) (*frame.File, error) {
	words := firstLanguage(*w)
	people, n, err := s.Staff.People(ctx, actor, StaffQuery{Units: in.Units, Variables: in.Variables, Most: frame.MaxRows,
		Purpose: words.T("staff.purpose", i18n.Args{"title": w.Title})})
	if err != nil {
		return nil, err
	}
	form := &problem.Form{Bundle: locale()}
	switch {
	case n == 0:
		form.Wrong("units", "error.staff-nobody", nil)
	case n > frame.MaxRows:
		form.Wrong("units", "error.staff-many", i18n.Args{"n": words.Int(n), "max": words.Int(frame.MaxRows)})
	}
	if err := form.Err(); err != nil {
		return nil, err
	}
	numbered, err := s.numbered(ctx, s.DB.Of(w.Tenant), people)
	if err != nil {
		return nil, err
	}
	headings := []frame.Heading{{Text: words.say("staff.name"), Role: frame.Name}, {Text: words.say("staff.mail"), Role: frame.Mail}, {Text: words.say("staff.language"), Role: frame.Language}}
	if numbered != nil {
		headings = append(headings, frame.Heading{Text: words.say("staff.number"), Role: frame.Number})
	}
	for _, v := range in.Variables {
		headings = append(headings, frame.Heading{Text: words.say("staff.variable-" + v), Role: frame.Group})
	}
	rows := make([][]string, len(people))
	for i := range people {
		p := &people[i]
		row := append(make([]string, 0, len(headings)), p.Name, p.Mail, p.Language)
		if numbered != nil {
			number := ""
			if numbered[i] {
				number = p.Number
			}
			row = append(row, number)
		}
		for k, v := range p.Values {
			if in.Variables[k] == "work" && v != "" {
				v = words.say("staff.work-" + v)
			}
			row = append(row, v)
		}
		rows[i] = row
	}
	return frame.FromRows(headings, rows)
}

// numbered tells who cannot sign in without a staff number: people without a mail address, and those whose account has the number and is not
// found by the address. It is nil when that is nobody.
func (s *Service) numbered(ctx context.Context, r db.Reader, people []StaffPerson) ([]bool, error) {
	match, err := s.matches(ctx, r)
	if err != nil {
		return nil, err
	}
	out, any := make([]bool, len(people)), false
	for i := range people {
		p := &people[i]
		if p.Number == "" {
			continue
		}
		address, err := s.Mail.Address(p.Mail)
		byMail := err == nil && match.byMail[strings.ToLower(address)] != ""
		out[i] = p.Mail == "" || err != nil || !byMail && match.byNumber[contact.Number(p.Number)] != ""
		any = any || out[i]
	}
	if !any {
		return nil, nil
	}
	return out, nil
}
