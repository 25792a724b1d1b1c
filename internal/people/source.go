package people

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/contact"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/id"
	"tekentafel/internal/jobs"
	"tekentafel/internal/people/draft"
	"tekentafel/internal/people/store"
	"tekentafel/internal/problem"
)

// SourceInput is what one gives to add or change a source.
type SourceInput struct {
	Name     string        `json:"name"`
	Complete bool          `json:"complete" doc:"Files hold everybody: who is not in one has left"`
	Folder   string        `json:"folder,omitempty" doc:"Name of the folder, below that of the installation, from which files are taken by themselves"`
	Limits   *draft.Limits `json:"limits,omitempty" doc:"How much may go before an import stops; left out: 5 % of the people"`
	Prefix   *string       `json:"prefix,omitempty" doc:"Letters and digits that stand before each staff number of its files, with a dash between, so that 1042 becomes OCMW-1042: for a source that numbers its people as another one does. Left out: as it is; none at first"`
	Renumber bool          `json:"renumber,omitempty" doc:"With another prefix, where people of the source are known: the next file gives those whom this source alone names their new number"`
	Version  int64         `json:"version,omitempty" doc:"Of the source that is changed, as it was read"`

	Asked asked.Request `json:"-"` // of adding one: a form that is sent twice adds it once
}

const (
	mostName   = 80 // characters
	mostPrefix = 12 // characters
)

// prefixForm is what a prefix is.
var prefixForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Z0-9]+$`) })

// folderName is what a folder may be called: no path leads out of the folder of the installation.
var folderName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`) })

func (in *SourceInput) check() error {
	form := problem.Form{Bundle: locale()}
	in.Name = contact.Line(in.Name)
	if n := utf8.RuneCountInString(in.Name); n == 0 || n > mostName {
		form.Wrong("name", "field.name", i18n.Args{"most": itoa(mostName)})
	}
	if in.Folder != "" && (!folderName().MatchString(in.Folder) || filepath.Base(in.Folder) != in.Folder) {
		form.Wrong("folder", "field.folder", nil)
	}
	if l := in.Limits; l != nil && (l.People < 0 || l.Share < 0 || l.Share > 1 || l.Least < 0 || l.Unit < 0 || l.Emptied < 0 || l.Emptied > 1) {
		form.Wrong("limits", "field.limits", nil)
	}
	if in.Prefix != nil {
		prefix := Prefix(*in.Prefix)
		in.Prefix = &prefix
		if prefix != "" && (len(prefix) > mostPrefix || !prefixForm().MatchString(prefix)) {
			form.Wrong("prefix", "field.prefix", i18n.Args{"most": itoa(mostPrefix)})
		}
	}
	return form.Err()
}

// Sources lists the sources in order of name.
func (s *Service) Sources(ctx context.Context, actor access.Actor) ([]store.Source, error) {
	if err := allow(actor, access.ImportPeople); err != nil {
		return nil, err
	}
	return store.Sources(ctx, s.DB.Of(actor.Tenant))
}

// Source returns a source; db.ErrNoRow when it is not there.
func (s *Service) Source(ctx context.Context, actor access.Actor, sourceID string) (store.Source, error) {
	if err := allow(actor, access.ImportPeople); err != nil {
		return store.Source{}, err
	}
	return store.SourceOf(ctx, s.DB.Of(actor.Tenant), sourceID)
}

// AddSource adds a source.
func (s *Service) AddSource(ctx context.Context, actor access.Actor, in SourceInput) (store.Source, error) {
	if err := allow(actor, access.ImportPeople); err != nil {
		return store.Source{}, err
	}
	if err := in.check(); err != nil {
		return store.Source{}, err
	}
	v := store.Source{ID: id.New(s.Now()), Name: in.Name, Key: store.ByStaffNumber, Complete: in.Complete, Folder: in.Folder, Limits: limitsText(in.Limits),
		CreatedBy: actor.Owner, Created: s.Now(), Version: 1}
	if in.Prefix != nil {
		v.Prefix = *in.Prefix
	}
	err := s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		added, err := asked.Once(ctx, tx, s.Now, in.Asked, func() (string, error) {
			if err := freeFolder(ctx, tx, &v); err != nil {
				return "", err
			}
			if err := store.AddSource(ctx, tx, v); err != nil {
				return "", err
			}
			return v.ID, s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "people.source-added", Subject: v.ID, Detail: map[string]string{"name": v.Name}})
		})
		if err == nil && added != v.ID {
			v, err = store.SourceOf(ctx, tx.Reader, added)
		}
		return err
	})
	return v, nameTaken(err)
}

// ChangeSource changes a source.
func (s *Service) ChangeSource(ctx context.Context, actor access.Actor, sourceID string, in SourceInput) error {
	if err := allow(actor, access.ImportPeople); err != nil {
		return err
	}
	if err := in.check(); err != nil {
		return err
	}
	err := s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		v, err := store.SourceOf(ctx, tx.Reader, sourceID)
		if err != nil {
			return err
		}
		before := v
		v.Name, v.Complete, v.Folder, v.Version = in.Name, in.Complete, in.Folder, in.Version
		if in.Prefix != nil && *in.Prefix != v.Prefix {
			if err := changePrefix(ctx, tx, &v, &in); err != nil {
				return err
			}
		}
		if in.Limits != nil {
			v.Limits = limitsText(in.Limits)
		}
		if err := freeFolder(ctx, tx, &v); err != nil {
			return err
		}
		if err := store.UpdateSource(ctx, tx, v); err != nil {
			return err
		}
		if v.Complete != before.Complete || v.Prefix != before.Prefix {
			if err := s.lookAnew(ctx, tx, actor, v.ID); err != nil {
				return err
			}
		}
		return s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "people.source-changed", Subject: v.ID, Detail: map[string]string{"name": v.Name}})
	})
	return said(nameTaken(err))
}

// changePrefix gives a source another prefix. Where its files came in before, somebody must have said what becomes of the numbers that
// stand: only of a complete source it is known which those are.
func changePrefix(ctx context.Context, tx *db.Scope, v *store.Source, in *SourceInput) error {
	came, err := store.CameIn(ctx, tx.Reader, v.ID)
	if err != nil {
		return err
	}
	if came {
		form := problem.Form{Bundle: locale()}
		if !in.Complete {
			form.Wrong("prefix", "field.prefix-part", nil)
		} else if !in.Renumber {
			form.Wrong("renumber", "field.renumber", nil)
		}
		if err := form.Err(); err != nil {
			return err
		}
		former := slices.DeleteFunc(FormerPrefixes(v), func(f string) bool { return f == v.Prefix || f == *in.Prefix })
		text, _ := json.Marshal(append(former, v.Prefix)) // texts alone
		v.Former = string(text)
	}
	v.Prefix = *in.Prefix
	return nil
}

// Prefix returns a prefix in the form in which it is kept: in capitals, without spaces and without the dash behind it.
func Prefix(text string) string { return strings.TrimRight(contact.Number(text), "-") }

// FormerPrefixes returns the prefixes under which people of a source may stand, the newest last.
func FormerPrefixes(v *store.Source) []string {
	var list []string
	_ = json.Unmarshal([]byte(v.Former), &list) // as it was kept
	return list
}

// CameIn tells whether files of a source were applied.
func (s *Service) CameIn(ctx context.Context, actor access.Actor, sourceID string) (bool, error) {
	if err := allow(actor, access.ImportPeople); err != nil {
		return false, err
	}
	return store.CameIn(ctx, s.DB.Of(actor.Tenant), sourceID)
}

// lookAnew makes previews of the files of a source again, because how they are read changed. While one is applied nothing may change.
func (s *Service) lookAnew(ctx context.Context, tx *db.Scope, actor access.Actor, sourceID string) error {
	const most = 1000
	applying, err := store.Imports(ctx, tx.Reader, store.ImportQuery{Source: sourceID, State: store.Applying, Limit: 1})
	if err != nil {
		return err
	}
	if len(applying) > 0 {
		return refuse(problem.Conflict, "error.source-applying", nil)
	}
	waiting, err := store.Imports(ctx, tx.Reader, store.ImportQuery{Source: sourceID, State: store.Previewed, Limit: most})
	if err != nil {
		return err
	}
	for i := range waiting {
		v, err := store.ImportOf(ctx, tx.Reader, waiting[i].ID) // a list leaves out what is large
		if err != nil {
			return err
		}
		v.State, v.Preview = store.Received, ""
		if err := store.UpdateImport(ctx, tx, v); err != nil {
			return err
		}
		if _, err := s.Queue.Add(ctx, tx, jobs.New{Kind: previewJob, Subject: v.ID, Account: actor.Owner, Unique: v.ID + "/" + itoa(int(v.Version))}); err != nil {
			return err
		}
	}
	return nil
}

// DeleteSource deletes a source that nothing came from.
func (s *Service) DeleteSource(ctx context.Context, actor access.Actor, sourceID string) error {
	if err := allow(actor, access.ImportPeople); err != nil {
		return err
	}
	err := s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		if err := store.DeleteSource(ctx, tx, sourceID); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "people.source-deleted", Subject: sourceID})
	})
	if errors.Is(err, db.ErrRefers) {
		return refuse(problem.Conflict, "error.source-used", nil).Because(err)
	}
	return err
}

// freeFolder refuses a folder that another source has.
func freeFolder(ctx context.Context, tx *db.Scope, v *store.Source) error {
	if v.Folder == "" {
		return nil
	}
	all, err := store.Sources(ctx, tx.Reader)
	if err != nil {
		return err
	}
	for i := range all {
		if all[i].Folder == v.Folder && all[i].ID != v.ID {
			form := problem.Form{Bundle: locale()}
			form.Wrong("folder", "field.folder-taken", i18n.Args{"name": all[i].Name})
			return form.Err()
		}
	}
	return nil
}

func nameTaken(err error) error {
	if errors.Is(err, db.ErrExists) {
		form := problem.Form{Bundle: locale()}
		form.Wrong("name", "field.name-taken", nil)
		return form.Err()
	}
	return err
}

func limitsText(l *draft.Limits) string {
	if l == nil {
		return ""
	}
	text, _ := json.Marshal(l) // numbers alone
	return string(text)
}

// LimitsOf returns how much of a source may go before an import stops.
func LimitsOf(v *store.Source) draft.Limits {
	var l draft.Limits
	if v.Limits == "" || v.Limits == "{}" || json.Unmarshal([]byte(v.Limits), &l) != nil {
		return draft.DefaultLimits()
	}
	return l
}
