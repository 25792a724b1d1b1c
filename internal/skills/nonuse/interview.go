package nonuse

import (
	"context"
	"encoding/hex"
	"math/rand/v2"
	"slices"
	"strconv"
	"unicode/utf8"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/vault"
	"tekentafel/internal/tenant"
)

// Bounds of what people write, in characters.
const (
	mostNote    = 2000
	mostQuote   = 300
	mostTitle   = 120
	mostName    = 120
	mostContact = 200
)

// Bounds of a round.
const (
	fewestTalks = 5   // interviews before anything of a round is shown
	mostTalks   = 500 // interviews in a round
	mostInvites = 500
)

// Kinds of work.
const (
	office = "office"
	field  = "field"
)

const (
	purposeDraft = "skills/interview-draft"
	purposeTag   = "skills/interview-tag"
)

// Notes is what was noted: by question, and by reason for those that came up; and a sentence that may be used, with its reason.
type Notes struct {
	Text     map[string]string // by the id of a question or a reason
	Quote    string
	Reason   string // of the quote
	MayQuote bool
}

// field names in the form.
func noteField(id string) string { return "note-" + id }

// asked lists the ids under which something may be noted: the questions, and the reasons that came up.
func (s *Service) asked(d *Draft) []string {
	var out []string
	for i := range s.Guide.Talk.Questions {
		out = append(out, s.Guide.Talk.Questions[i].ID)
	}
	return append(out, d.Reasons...)
}

// check notes on a form what is wrong with what was written.
func (s *Service) check(form *problem.Form, d *Draft, n *Notes, names []string) {
	text := func(name, value string, most int) {
		if utf8.RuneCountInString(value) > most {
			form.Wrong(name, "field.long", i18n.Args{"most": strconv.Itoa(most)})
		} else if what := s.pointsTo(value, names); what != "" {
			form.Wrong(name, "field.points-"+what, nil)
		}
	}
	for _, id := range s.asked(d) {
		text(noteField(id), n.Text[id], mostNote)
	}
	switch {
	case n.Quote == "":
		return
	case !n.MayQuote:
		form.Wrong("may-quote", "field.may-quote", nil)
	}
	text("quote", n.Quote, mostQuote)
	if !slices.Contains(d.Reasons, n.Reason) {
		form.Wrong("quote-reason", "field.choose", nil)
	}
}

// Record keeps an interview in the round that is open. The same draft is kept once, however often it is sent.
func (s *Service) Record(ctx context.Context, actor access.Actor, d *Draft, n *Notes) error {
	if err := allow(actor, writes); err != nil {
		return err
	}
	if !d.Told {
		return refuse(problem.Conflict, "error.draft", nil)
	}
	defer s.leaveNothing(ctx)
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		round, err := s.mustOpen(ctx, tx.Reader)
		if err != nil {
			return err
		}
		list, err := invitations(ctx, tx.Reader)
		if err != nil {
			return err
		}
		var names []string
		for i := range list {
			names = append(names, list[i].Name)
		}
		form := problem.Form{Bundle: locale()}
		s.check(&form, d, n, names)
		if err := form.Err(); err != nil {
			return err
		}
		tags := s.tags(d.Code)
		if there, err := has(ctx, tx.Reader, tags[0]); err != nil || there {
			return err
		}
		if round.Talks >= mostTalks {
			return refuse(problem.Full, "error.full", nil)
		}
		month := monthOf(round.Opened)
		c := &counted{id: random(), round: round.ID, month: month, consent: d.Consent, lang: d.Lang, work: d.Work, family: d.Family, reasons: d.Reasons, tag: tags[0]}
		rest := tags[1:]
		rand.Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] }) // which tag belongs to which question tells nothing
		var notes []noted
		keep := func(question, reason, text string) {
			if text != "" && len(notes) < len(rest) {
				notes = append(notes, noted{id: random(), round: round.ID, month: month, question: question, reason: reason, text: text, tag: rest[len(notes)]})
			}
		}
		if n.Quote != "" {
			keep("quote", n.Reason, n.Quote)
		}
		for _, id := range s.asked(d) {
			keep(id, "", n.Text[id])
		}
		if err := put(ctx, tx, c, notes); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "interviews.recorded", Subject: round.ID, Detail: map[string]string{"consent": d.Consent}})
	})
}

// leaveNothing takes what rows were replaced or deleted off the disk. Otherwise two states of a round would lie there, and what the later one has
// more are the rows of one interview. What fails is done with the next one: the interview is kept or deleted all the same.
func (s *Service) leaveNothing(ctx context.Context) {
	_ = s.DB.Vacuum(ctx, "skill_interview_codes", "skill_interview_notes")
}

// mostTags is how many rows an interview has at most: what is counted, and the notes.
const mostTags = 64

// tags are what the rows of an interview are found by with its code: HMAC-SHA256 under a key of the installation, another for each row.
// From one tag nobody finds another without the code (75 random bits).
func (s *Service) tags(code vault.Code) []string {
	out := make([]string, mostTags)
	for i := range out {
		out[i] = hex.EncodeToString(s.Box.Keyed(purposeTag, []byte(string(code)+"/"+strconv.Itoa(i)))[:16])
	}
	return out
}

// Withdraw deletes the interview of a code. Whoever has the code may: nobody is asked who they are. A problem says when the code is
// none, or nothing is kept under it.
func (s *Service) Withdraw(ctx context.Context, typed string) error {
	wrong := func(key string) error {
		form := problem.Form{Bundle: locale()}
		form.Wrong("code", key, nil)
		return form.Err()
	}
	code, err := vault.ReadCode(typed)
	if err != nil {
		return wrong("field.code")
	}
	tags := s.tags(code)
	t, ok, err := s.whose(ctx, tags[0])
	if err != nil {
		return err
	}
	if !ok {
		return wrong("field.code-absent")
	}
	defer s.leaveNothing(ctx)
	return s.DB.Write(ctx, tenant.ID(t), func(tx *db.Scope) error {
		n, err := forget(ctx, tx, tags)
		if err != nil || n == 0 {
			return err
		}
		return s.Audit.Record(ctx, tx, access.Actor{Kind: access.System, Tenant: tenant.ID(t)}, audit.Entry{Action: "interviews.withdrawn"})
	})
}
