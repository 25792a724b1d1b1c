package kept

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/id"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// ShareItem is a share in a list.
type ShareItem struct {
	ID      string
	Account string // who shares it
	Title   string
	Made    time.Time
	Until   Day
}

// Share is a snapshot that people of the organisation may read.
type Share struct {
	ShareItem
	Snapshot Snapshot
}

// Draft is what somebody would share, with what the guard finds in it.
type Draft struct {
	Stored
	Leaf     string
	Snapshot Snapshot
	Found    []Found // in the branch as it is
}

// Draft returns a branch of a conversation as it would be shared with a choice: nothing is replaced without one but what must be. Leaf is the last message;
// "" means that of the branch that was read last.
func (s *Service) Draft(ctx context.Context, actor access.Actor, name, leaf string, choice Choice, lang instrument.Lang) (Draft, error) {
	had, err := s.Open(ctx, actor, name)
	if err != nil {
		return Draft{}, err
	}
	if leaf == "" {
		leaf = had.Conversation.Leaf
	}
	d := Draft{Stored: had, Leaf: leaf, Snapshot: snapshot(had.Conversation, leaf)}
	if len(d.Snapshot.Lines) == 0 {
		return Draft{}, errGone()
	}
	for i := range d.Snapshot.Lines {
		l := &d.Snapshot.Lines[i]
		if l.Title, err = s.modelTitle(ctx, actor.Tenant, l.Model); err != nil {
			return Draft{}, err
		}
	}
	policy, err := s.Policies.Policy(ctx, actor.Tenant)
	if err != nil {
		return Draft{}, err
	}
	d.Found = find(s.scanner, &d.Snapshot, policy)
	hide(s.scanner, &d.Snapshot, policy, choice, lang)
	return d, nil
}

// modelTitle is how a model is called.
func (s *Service) modelTitle(ctx context.Context, t tenant.ID, model string) (string, error) {
	if s.Titles == nil || model == "" {
		return model, nil
	}
	return s.Titles.Model(ctx, t, model)
}

// Share shares a branch as Draft returns it, until a day ("" for as long as the organisation allows), and returns the name of the share. Version is the one of the
// conversation that was read: a problem of kind Conflict when it changed since, since the person must have seen what they share.
// Once is a random text of the form, so that what arrives twice is shared once; "" for none.
func (s *Service) Share(ctx context.Context, actor access.Actor, name string, version int64, leaf string, choice Choice, until Day, once string, lang instrument.Lang) (string, error) {
	d, err := s.Draft(ctx, actor, name, leaf, choice, lang)
	if err != nil {
		return "", err
	}
	if d.Version != version {
		return "", refuse(problem.Conflict, "error.conflict", nil)
	}
	if until, err = s.until(ctx, actor.Tenant, until); err != nil {
		return "", err
	}
	plain, err := json.Marshal(d.Snapshot)
	if err != nil {
		return "", err
	}
	r := row{id: s.nameOnce(actor.ID, once), account: actor.ID, until: until, aged: s.ends(), made: s.Now()}
	if r.title, r.content, err = sealIn(s.Box, place{"shared", actor.Tenant, actor.ID, r.id}, d.Snapshot.Title, plain); err != nil {
		return "", err
	}
	return r.id, s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		if had, err := sharedAt(ctx, tx.Reader, r.id); err == nil && had.account == actor.ID {
			return nil // asked again
		}
		n, err := countShared(ctx, tx.Reader, actor.ID)
		if err != nil {
			return err
		}
		if n >= mostShares {
			return refuse(problem.Full, "error.full-shares", i18n.Args{"most": itoa(mostShares)})
		}
		if err := insertShared(ctx, tx, &r); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "lab.shared", Subject: r.id})
	})
}

// nameOnce makes a name for a share: the same for the same form.
func (s *Service) nameOnce(account, once string) string {
	if once == "" {
		return id.New(s.Now())
	}
	return hex.EncodeToString(s.Box.Keyed("lab/shared/once", []byte(account+"/"+once)))[:26]
}

// Shares lists what a person shares, the newest first.
func (s *Service) Shares(ctx context.Context, actor access.Actor) ([]ShareItem, error) {
	account, err := person(actor)
	if err != nil {
		return nil, err
	}
	return s.shares(ctx, actor.Tenant, account)
}

func (s *Service) shares(ctx context.Context, t tenant.ID, account string) ([]ShareItem, error) {
	days, err := s.Periods.Days(ctx, t, Kind)
	if err != nil {
		return nil, err
	}
	rows, err := sharedOf(ctx, s.DB.Of(t), account)
	if err != nil {
		return nil, err
	}
	var out []ShareItem
	for i := range rows {
		item, err := s.shareItem(t, &rows[i], days)
		if err != nil {
			return nil, err
		}
		if item.Until >= s.Today() {
			out = append(out, item)
		}
	}
	return out, nil
}

func (s *Service) shareItem(t tenant.ID, r *row, days int) (ShareItem, error) {
	title, err := openAt(s.Box, place{"shared", t, r.account, r.id}, "title", r.title)
	return ShareItem{r.id, r.account, string(title), r.made, s.ending(r, days)}, err
}

// Read returns a share to anybody of the organisation who may use models. A problem of kind NotFound when it is not there, withdrawn or past its day.
func (s *Service) Read(ctx context.Context, actor access.Actor, name string) (Share, error) {
	if _, err := person(actor); err != nil {
		return Share{}, err
	}
	days, err := s.Periods.Days(ctx, actor.Tenant, Kind)
	if err != nil {
		return Share{}, err
	}
	r, err := sharedAt(ctx, s.DB.Of(actor.Tenant), name)
	if errors.Is(err, db.ErrNoRow) {
		return Share{}, refuseUnshared()
	}
	if err != nil {
		return Share{}, err
	}
	var out Share
	if out.ShareItem, err = s.shareItem(actor.Tenant, &r, days); err != nil {
		return Share{}, err
	}
	if out.Until < s.Today() {
		return Share{}, refuseUnshared()
	}
	plain, err := openAt(s.Box, place{"shared", actor.Tenant, r.account, name}, "content", r.content)
	if err != nil {
		return Share{}, err
	}
	return out, json.Unmarshal(plain, &out.Snapshot)
}

// Withdraw ends a share of the person who asks, at once and for good.
func (s *Service) Withdraw(ctx context.Context, actor access.Actor, name string) error {
	if _, err := person(actor); err != nil {
		return err
	}
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error { return s.withdraw(ctx, tx, actor, name) })
}

func (s *Service) withdraw(ctx context.Context, tx *db.Scope, actor access.Actor, name string) error {
	n, err := deleteShared(ctx, tx, actor.ID, name)
	if err != nil {
		return err
	}
	if n == 0 {
		return refuseUnshared()
	}
	return s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "lab.unshared", Subject: name})
}

// refuseUnshared says that a share is not there.
func refuseUnshared() error { return refuse(problem.NotFound, "error.unshared", nil) }
