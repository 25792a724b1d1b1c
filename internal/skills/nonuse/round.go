package nonuse

import (
	"context"
	"slices"
	"strconv"
	"unicode/utf8"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/contact"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/problem"
)

// mustOpen returns the open round; a problem when there is none.
func (s *Service) mustOpen(ctx context.Context, r db.Reader) (Round, error) {
	x, ok, err := openRound(ctx, r)
	if err == nil && !ok {
		err = refuse(problem.Conflict, "error.no-round", nil)
	}
	return x, err
}

// Open begins a round. A problem when one is open.
func (s *Service) Open(ctx context.Context, actor access.Actor, title string) error {
	if err := allow(actor, writes); err != nil {
		return err
	}
	form := problem.Form{Bundle: locale()}
	title = contact.Line(title)
	if n := utf8.RuneCountInString(title); n == 0 || n > mostTitle {
		form.Wrong("title", "field.title", i18n.Args{"most": strconv.Itoa(mostTitle)})
	}
	if err := form.Err(); err != nil {
		return err
	}
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		x := Round{ID: random(), Title: title, Opened: s.Now()}
		ok, err := insertRound(ctx, tx, &x)
		if err != nil {
			return err
		}
		if !ok {
			return refuse(problem.Conflict, "error.round-open", nil)
		}
		return s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "interviews.opened", Subject: x.ID})
	})
}

// Close ends the open round and empties the list of invitations.
func (s *Service) Close(ctx context.Context, actor access.Actor, round string) error {
	if err := allow(actor, writes); err != nil {
		return err
	}
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		ok, err := endRound(ctx, tx, round, s.Now())
		if err != nil {
			return err
		}
		if !ok {
			return refuse(problem.Conflict, "error.no-round", nil)
		}
		return s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "interviews.closed", Subject: round})
	})
}

// Invite adds somebody to the list of the open round.
func (s *Service) Invite(ctx context.Context, actor access.Actor, name, reach string) error {
	if err := allow(actor, writes); err != nil {
		return err
	}
	name, reach = contact.Line(name), contact.Line(reach)
	form := problem.Form{Bundle: locale()}
	if n := utf8.RuneCountInString(name); n == 0 || n > mostName {
		form.Wrong("name", "field.name", i18n.Args{"most": strconv.Itoa(mostName)})
	}
	if utf8.RuneCountInString(reach) > mostContact {
		form.Wrong("contact", "field.long", i18n.Args{"most": strconv.Itoa(mostContact)})
	}
	if s.National.Holds(name) || s.National.Holds(reach) {
		form.Wrong("contact", "field.points-national", nil)
	}
	if err := form.Err(); err != nil {
		return err
	}
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		if _, err := s.mustOpen(ctx, tx.Reader); err != nil {
			return err
		}
		list, err := invitations(ctx, tx.Reader)
		if err != nil {
			return err
		}
		if len(list) >= mostInvites {
			return refuse(problem.Full, "error.full", nil)
		}
		return insertInvitation(ctx, tx, &Invitation{ID: random(), Name: name, Contact: reach, State: "planned", On: s.Now()})
	})
}

// invitationStates are how an invitation stands.
func invitationStates() []string { return []string{"planned", "asked", "yes", "no"} }

// SetInvitation says how an invitation stands; "gone" takes it off the list.
func (s *Service) SetInvitation(ctx context.Context, actor access.Actor, id, state string) error {
	if err := allow(actor, writes); err != nil {
		return err
	}
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) (err error) {
		ok := false
		switch {
		case state == "gone":
			ok, err = deleteInvitation(ctx, tx, id)
		case slices.Contains(invitationStates(), state):
			ok, err = setInvitation(ctx, tx, id, state)
		}
		if err == nil && !ok {
			err = refuse(problem.NotFound, "error.invitation", nil)
		}
		return err
	})
}

// DropNote deletes one note, such as one that says too much. A problem when it is not there, or its round is not shown.
func (s *Service) DropNote(ctx context.Context, actor access.Actor, round, note string) error {
	if err := allow(actor, writes); err != nil {
		return err
	}
	defer s.leaveNothing(ctx)
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		if _, err := s.shown(ctx, tx.Reader, round); err != nil {
			return err
		}
		ok, err := deleteNote(ctx, tx, round, note)
		if err != nil {
			return err
		}
		if !ok {
			return refuse(problem.NotFound, "error.note", nil)
		}
		return s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "interviews.note-deleted", Subject: round})
	})
}
