package needs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tekentafel/internal/access"
	"tekentafel/internal/clock"
	"tekentafel/internal/contact"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/needs/demand"
)

// adaptedKey is the key of the fact that says which version holds.
func adaptedKey() demand.Key { return demand.Key{Kind: demand.Adapted} }

// adaptedNumber returns the number of the version of the framework that holds, 0 for the one of the product.
func adaptedNumber(state *demand.State) int64 {
	n, err := strconv.ParseInt(state.Of(adaptedKey()).Value.Value, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// Version is a framework as the organisation published it.
type Version struct {
	Number  int64
	Name    string // the version of the framework itself
	Base    string // version of the framework of the product that it was made from
	Digest  string // of that framework
	Note    string
	Account string
	At      time.Time

	change, text string // JSON
}

func (v *Version) whole() (*framework.Framework, error) {
	f := &framework.Framework{}
	if err := json.Unmarshal([]byte(v.text), f); err != nil {
		return nil, fmt.Errorf("read version %d of the framework: %w", v.Number, err)
	}
	return f, nil
}

func (v *Version) changed() (*framework.Change, error) {
	c := &framework.Change{}
	if err := json.Unmarshal([]byte(v.change), c); err != nil {
		return nil, fmt.Errorf("read the change of version %d of the framework: %w", v.Number, err)
	}
	return c, nil
}

// Draft is a framework that HR is writing.
type Draft struct {
	Change  *framework.Change
	Version int64 // differs each time it is kept; 0: nobody began
	Account string
	At      time.Time
}

// changeOfNow returns the change that the framework that holds was made by, empty for the one of the product.
func (s *Service) changeOfNow(ctx context.Context, r db.Reader, state *demand.State) (*framework.Change, error) {
	number := adaptedNumber(state)
	if number == 0 {
		return &framework.Change{}, nil
	}
	v, err := versionOf(ctx, r, number)
	if err != nil {
		return nil, err
	}
	return v.changed()
}

// Draft returns what HR is writing; before anybody began, what holds.
func (s *Service) Draft(ctx context.Context, actor access.Actor) (Draft, error) {
	if err := allow(actor, access.ChangeNeeds); err != nil {
		return Draft{}, err
	}
	return s.draftOf(ctx, s.DB.Of(actor.Tenant))
}

func (s *Service) draftOf(ctx context.Context, r db.Reader) (Draft, error) {
	d, err := readDraft(ctx, r)
	if err == nil || !missing(err) {
		return d, err
	}
	state, err := s.stateOf(ctx, r)
	if err != nil {
		return Draft{}, err
	}
	c, err := s.changeOfNow(ctx, r, state)
	return Draft{Change: c}, err
}

// draftVersion is the version that a framework has while it is written.
const draftVersion = "draft"

// Written returns the framework that a draft makes. The error is a *framework.Problems when it cannot be one.
func (s *Service) Written(d Draft) (*framework.Framework, error) {
	c := *d.Change
	c.Version = draftVersion
	return framework.Adapt(s.Base, &c)
}

// errNotWritten says that what was written can be no framework.
func errNotWritten(err error) *problem.Problem {
	list := (*framework.Problems)(nil)
	p := refuse(problem.Invalid, "error.framework", nil).Because(err)
	if errors.As(err, &list) && len(list.List) > 0 {
		p = refuse(problem.Invalid, "error.framework-at", i18n.Args{"place": list.List[0].Path}).Because(err)
	}
	return p
}

// Write keeps a draft: change gets what was written so far and writes in it. Version is that of the draft as it was read. A problem of
// kind Conflict when another kept it meanwhile; what change makes must be a framework, else the error is of kind Invalid.
func (s *Service) Write(ctx context.Context, actor access.Actor, version int64, change func(*framework.Change) error) error {
	if err := allow(actor, access.ChangeNeeds); err != nil {
		return err
	}
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		d, err := s.draftOf(ctx, tx.Reader)
		if err != nil {
			return err
		}
		if d.Version != version {
			return refuse(problem.Conflict, "error.draft-changed", nil)
		}
		if err := change(d.Change); err != nil {
			return err
		}
		if _, err := s.Written(d); err != nil {
			return errNotWritten(err)
		}
		d.Account, d.At = actor.Owner, s.Now()
		d.Version = max(d.Version+1, clock.Micros(d.At)) // of no draft that was there before
		return keepDraft(ctx, tx, &d)
	})
}

// DropDraft throws away what was written and not published. Version is that of the draft as it was read; a problem of kind Conflict when
// another wrote in it meanwhile. That nothing is there any more is no error.
func (s *Service) DropDraft(ctx context.Context, actor access.Actor, version int64) error {
	if err := allow(actor, access.ChangeNeeds); err != nil {
		return err
	}
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		d, err := readDraft(ctx, tx.Reader)
		switch {
		case missing(err):
			return nil
		case err != nil:
			return err
		case d.Version != version:
			return refuse(problem.Conflict, "error.draft-changed", nil)
		}
		_, err = tx.Exec(ctx, `DELETE FROM skill_framework_drafts WHERE tenant_id = $1`)
		return err
	})
}

const mostVersionName = 40

// Publish makes the draft the framework that holds, under a name of its own, with a note that says why. Version is that of the draft.
func (s *Service) Publish(ctx context.Context, actor access.Actor, name, note string, version int64) (int64, error) {
	if err := allow(actor, access.ChangeNeeds); err != nil {
		return 0, err
	}
	form := problem.Form{Bundle: locale()}
	note = reasonOf(&form, "note", note)
	name = s.checkName(&form, name)
	if err := form.Err(); err != nil {
		return 0, err
	}
	var seq int64
	err := s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		d, err := readDraft(ctx, tx.Reader)
		if missing(err) || err == nil && d.Version != version {
			return refuse(problem.Conflict, "error.draft-changed", nil)
		}
		if err != nil {
			return err
		}
		if seq, err = s.publishIn(ctx, tx, actor, name, note, d.Change); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `DELETE FROM skill_framework_drafts WHERE tenant_id = $1`)
		return err
	})
	return seq, err
}

func (s *Service) checkName(form *problem.Form, name string) string {
	name = contact.Line(name)
	if n := utf8.RuneCountInString(name); n == 0 || n > mostVersionName || strings.ContainsAny(name, "<>&") || name == s.Base.Version || name == draftVersion {
		form.Wrong("version", "field.version", i18n.Args{"most": itoa(mostVersionName), "base": s.Base.Version})
	}
	return name
}

func (s *Service) publishIn(ctx context.Context, tx *db.Scope, actor access.Actor, name, note string, change *framework.Change) (int64, error) {
	list, err := versions(ctx, tx.Reader)
	if err != nil {
		return 0, err
	}
	number := int64(1)
	for i := range list {
		number = max(number, list[i].Number+1)
		if strings.EqualFold(list[i].Name, name) {
			form := problem.Form{Bundle: locale()}
			form.Wrong("version", "field.version-taken", nil)
			return 0, form.Err()
		}
	}
	c := *change
	c.Version = name
	f, err := framework.Adapt(s.Base, &c)
	if err != nil {
		return 0, errNotWritten(err)
	}
	v := Version{Number: number, Name: name, Base: s.Base.Version, Digest: s.Base.Digest(), Note: note, Account: actor.Owner, At: s.Now()}
	for to, from := range map[*string]any{&v.change: &c, &v.text: f} {
		text, err := json.Marshal(from)
		if err != nil {
			return 0, err
		}
		*to = string(text)
	}
	if err := insertVersion(ctx, tx, &v); err != nil {
		return 0, err
	}
	return s.holdIn(ctx, tx, actor, number, note)
}

// holdIn makes a version the one that holds.
func (s *Service) holdIn(ctx context.Context, tx *db.Scope, actor access.Actor, number int64, note string) (int64, error) {
	state, err := s.stateOf(ctx, tx.Reader)
	if err != nil {
		return 0, err
	}
	w := demand.Wish{Key: adaptedKey(), Value: demand.Value{Value: strconv.FormatInt(number, 10)}}
	if number == 0 {
		w.Value = demand.Value{}
	}
	return s.writeIn(ctx, tx, actor, &edit{kind: ByFramework, note: note, at: state.Seq, wishes: []demand.Wish{w}})
}

// Hold goes back to a version that was published before, or with number 0 to the framework of the product.
func (s *Service) Hold(ctx context.Context, actor access.Actor, number int64, note string) (int64, error) {
	if err := allow(actor, access.ChangeNeeds); err != nil {
		return 0, err
	}
	form := problem.Form{Bundle: locale()}
	note = reasonOf(&form, "note", note)
	if err := form.Err(); err != nil {
		return 0, err
	}
	var seq int64
	err := s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		if number != 0 {
			if _, err := versionOf(ctx, tx.Reader, number); err != nil {
				return err
			}
		}
		var err error
		seq, err = s.holdIn(ctx, tx, actor, number, note)
		return err
	})
	return seq, err
}

// Versions lists what was published, the newest first, and the number of the version that holds.
func (s *Service) Versions(ctx context.Context, r db.Reader) ([]Version, int64, error) {
	list, err := versions(ctx, r)
	if err != nil {
		return nil, 0, err
	}
	state, err := s.stateOf(ctx, r)
	if err != nil {
		return nil, 0, err
	}
	return list, adaptedNumber(state), nil
}

// VersionText returns the framework of a version; number 0 is the one of the product.
func (s *Service) VersionText(ctx context.Context, r db.Reader, number int64) (*framework.Framework, error) {
	if number == 0 {
		return s.Base, nil
	}
	v, err := versionOf(ctx, r, number)
	if err != nil {
		return nil, err
	}
	return v.whole()
}

func insertVersion(ctx context.Context, tx *db.Scope, v *Version) error {
	_, err := tx.Exec(ctx, `INSERT INTO skill_frameworks (tenant_id, number, version, base, digest, change, framework, note, account_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		v.Number, v.Name, v.Base, v.Digest, v.change, v.text, v.Note, v.Account, clock.Micros(v.At))
	return err
}

func versions(ctx context.Context, r db.Reader) (out []Version, err error) {
	err = r.Rows(ctx, `SELECT number, version, base, digest, note, account_id, at FROM skill_frameworks WHERE tenant_id = $1 ORDER BY number DESC`, func(scan func(...any) error) error {
		var v Version
		var at int64
		err := scan(&v.Number, &v.Name, &v.Base, &v.Digest, &v.Note, &v.Account, &at)
		v.At = clock.Time(at)
		out = append(out, v)
		return err
	})
	return out, err
}

func versionOf(ctx context.Context, r db.Reader, number int64) (Version, error) {
	v := Version{Number: number}
	var at int64
	err := r.Row(ctx, `SELECT version, base, digest, change, framework, note, account_id, at FROM skill_frameworks WHERE tenant_id = $1 AND number = $2`, []any{number},
		&v.Name, &v.Base, &v.Digest, &v.change, &v.text, &v.Note, &v.Account, &at)
	v.At = clock.Time(at)
	return v, err
}

func readDraft(ctx context.Context, r db.Reader) (Draft, error) {
	d := Draft{Change: &framework.Change{}}
	var text string
	var at int64
	if err := r.Row(ctx, `SELECT change, version, account_id, at FROM skill_framework_drafts WHERE tenant_id = $1`, nil, &text, &d.Version, &d.Account, &at); err != nil {
		return d, err
	}
	d.At = clock.Time(at)
	return d, json.Unmarshal([]byte(text), d.Change)
}

func keepDraft(ctx context.Context, tx *db.Scope, d *Draft) error {
	text, err := json.Marshal(d.Change)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO skill_framework_drafts (tenant_id, change, version, account_id, at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant_id) DO UPDATE SET change = excluded.change, version = excluded.version, account_id = excluded.account_id, at = excluded.at WHERE skill_framework_drafts.tenant_id = $1`,
		string(text), d.Version, d.Account, clock.Micros(d.At))
	return err
}
