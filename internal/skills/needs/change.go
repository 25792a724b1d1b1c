package needs

import (
	"context"
	"strconv"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/needs/demand"
)

// edit is a change that somebody wants.
type edit struct {
	kind   ChangeKind
	note   string
	at     int64 // the change after which they read what stands
	undoes int64
	asked  asked.Request
	wishes []demand.Wish
	// check looks at the wishes against what stands; nil for no look.
	check func(ctx context.Context, tx *db.Scope, state *demand.State) error
	// also writes more in the transaction; seq is 0 when nothing had to change. Nil for nothing.
	also func(ctx context.Context, tx *db.Scope, seq int64) error
}

// write makes a change, or none when everything stands already, and returns its number, or that of the last change. What others
// changed meanwhile is a problem of kind Conflict.
func (s *Service) write(ctx context.Context, actor access.Actor, e edit) (int64, error) {
	var seq int64
	err := s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		var err error
		seq, err = asked.Once(ctx, tx, s.Now, e.asked, func() (int64, error) { return s.writeIn(ctx, tx, actor, &e) })
		return err
	})
	return seq, err
}

func (s *Service) writeIn(ctx context.Context, tx *db.Scope, actor access.Actor, e *edit) (int64, error) {
	state, err := s.stateOf(ctx, tx.Reader)
	if err != nil {
		return 0, err
	}
	if e.check != nil {
		if err := e.check(ctx, tx, state); err != nil {
			return 0, err
		}
	}
	facts, changed := state.Plan(e.wishes, e.at)
	if len(changed) > 0 {
		return 0, s.clash(ctx, tx.Reader, state, "error.changed", changed)
	}
	written := int64(0)
	if len(facts) > 0 {
		if written, err = nextSeq(ctx, tx); err != nil {
			return 0, err
		}
		c := Change{Seq: written, Kind: e.kind, Account: actor.Owner, At: s.Now(), Note: e.note, Undoes: e.undoes, Facts: facts}
		if err := insertChange(ctx, tx, &c); err != nil {
			return 0, err
		}
		entry := audit.Entry{Action: "skills.needs-" + string(e.kind), Subject: strconv.FormatInt(written, 10), Detail: map[string]string{"count": itoa(len(facts))}}
		if err := s.Audit.Record(ctx, tx, actor, entry); err != nil {
			return 0, err
		}
	}
	if e.also != nil {
		if err := e.also(ctx, tx, written); err != nil {
			return 0, err
		}
	}
	return max(written, state.Seq), nil
}

// clash says who changed what meanwhile.
func (s *Service) clash(ctx context.Context, r db.Reader, state *demand.State, key string, changed []demand.Key) error {
	v := state.Of(changed[0])
	name, err := s.nameOf(ctx, r, v.Account)
	if err != nil {
		return err
	}
	p := refuse(problem.Conflict, key, i18n.Args{"who": name, "n": itoa(len(changed)), "seq": strconv.FormatInt(v.Seq, 10)})
	if name == "" {
		p.Message.Key += "-nobody"
	}
	return p
}

// nameOf returns the name of an account, "" for one that is gone.
func (s *Service) nameOf(ctx context.Context, r db.Reader, account string) (string, error) {
	if account == "" {
		return "", nil
	}
	return s.Accounts.Name(ctx, r, account)
}

// Undo puts back what a change did, as a change of its own. A problem of kind Conflict when anything of it changed since: it says who
// did that.
func (s *Service) Undo(ctx context.Context, actor access.Actor, seq int64) (int64, error) {
	if err := allow(actor, access.ChangeNeeds); err != nil {
		return 0, err
	}
	var made int64
	err := s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		state, err := s.stateOf(ctx, tx.Reader)
		if err != nil {
			return err
		}
		c, err := changeOf(ctx, tx.Reader, seq)
		if err != nil {
			return err
		}
		wishes, changed := state.Undo(c.Facts)
		if len(changed) > 0 {
			if c.UndoneBy > 0 {
				return refuse(problem.Conflict, "error.undone", nil)
			}
			return s.clash(ctx, tx.Reader, state, "error.since", changed)
		}
		made, err = s.writeIn(ctx, tx, actor, &edit{kind: ByUndo, at: state.Seq, undoes: seq, wishes: wishes})
		return err
	})
	return made, err
}

// Changes lists what was changed, the newest first, without the facts.
func (s *Service) Changes(ctx context.Context, actor access.Actor, q ChangeQuery) ([]Change, error) {
	if err := allow(actor, access.ReadNeeds); err != nil {
		return nil, err
	}
	return changes(ctx, s.DB.Of(actor.Tenant), q)
}

// Change returns a change with everything that it wrote.
func (s *Service) Change(ctx context.Context, actor access.Actor, seq int64) (Change, error) {
	if err := allow(actor, access.ReadNeeds); err != nil {
		return Change{}, err
	}
	return changeOf(ctx, s.DB.Of(actor.Tenant), seq)
}
