package nonuse

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/contact"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
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

// Draft is an interview that is being written down: what was said about the person in the steps before the notes. It is in no store
// but in the address of the page, sealed.
type Draft struct {
	Tenant  tenant.ID  `json:"t"`
	By      string     `json:"b"` // account that writes it down; only this one may go on
	Until   int64      `json:"u"` // Unix seconds
	Consent string     `json:"c"` // version of the text agreed to
	Code    vault.Code `json:"k"`
	Lang    string     `json:"l,omitempty"`
	Work    string     `json:"w,omitempty"`
	Family  string     `json:"f,omitempty"`
	Reasons []string   `json:"r,omitempty"`
	Told    bool       `json:"a,omitempty"` // the step about the person is done
}

const (
	purposeDraft = "skills/interview-draft"
	purposeTag   = "skills/interview-tag"
)

// draftLives is how long one may take to write an interview down.
const draftLives = 24 * time.Hour

// sealDraft writes a draft as it stands in an address.
func (s *Service) sealDraft(d *Draft) (string, error) {
	plain, err := json.Marshal(d)
	if err != nil {
		return "", err
	}
	sealed, err := s.Box.Seal(purposeDraft, plain)
	return base64.RawURLEncoding.EncodeToString(sealed), err
}

// openDraft reads a draft back; a problem that says so when it is no draft of this actor, too old, or of another text.
func (s *Service) openDraft(actor access.Actor, text string) (*Draft, error) {
	gone := refuse(problem.Gone, "error.draft", nil)
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil, gone.Because(err)
	}
	plain, err := s.Box.Open(purposeDraft, raw)
	if err != nil {
		return nil, gone.Because(err)
	}
	d := &Draft{}
	if err := json.Unmarshal(plain, d); err != nil {
		return nil, gone.Because(err)
	}
	if d.Tenant != actor.Tenant || d.By != actor.Owner || s.Now().Unix() > d.Until || d.Consent != s.Guide.Consent.Version {
		return nil, gone
	}
	return d, nil
}

// Consent begins an interview: the person agreed to the text of a version. Without it there is no draft, and so no interview.
func (s *Service) Consent(ctx context.Context, actor access.Actor, version string, agreed bool) (string, error) {
	if err := allow(actor, writes); err != nil {
		return "", err
	}
	form := problem.Form{Bundle: locale()}
	if !agreed {
		form.Wrong("agree", "field.agree", nil)
	}
	if err := form.Err(); err != nil {
		return "", err
	}
	if version != s.Guide.Consent.Version {
		return "", refuse(problem.Conflict, "error.consent-changed", nil)
	}
	if _, err := s.mustOpen(ctx, s.DB.Of(actor.Tenant)); err != nil {
		return "", err
	}
	return s.sealDraft(&Draft{Tenant: actor.Tenant, By: actor.Owner, Until: s.Now().Add(draftLives).Unix(), Consent: version, Code: vault.NewCode()})
}

// mustOpen returns the open round; a problem when there is none.
func (s *Service) mustOpen(ctx context.Context, r db.Reader) (Round, error) {
	x, ok, err := openRound(ctx, r)
	if err == nil && !ok {
		err = refuse(problem.Conflict, "error.no-round", nil)
	}
	return x, err
}

// groups lists the groups of departments that are large enough to be told.
func (s *Service) groups(ctx context.Context, t tenant.ID) ([]Group, error) {
	if s.Groups == nil {
		return nil, nil
	}
	list, err := s.Groups.Groups(ctx, t)
	if err != nil {
		return nil, err
	}
	k, err := s.groupSize(ctx, t)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(list), func(g Group) bool { return g.People < k || g.ID == "" }), nil
}

// smallest is the smallest group that is ever told, whatever an organisation sets.
const smallest = 5

func (s *Service) groupSize(ctx context.Context, t tenant.ID) (int, error) {
	k, err := s.Organisations.GroupSize(ctx, t)
	return max(k, smallest), err
}

// About adds what is counted of the person.
func (s *Service) About(ctx context.Context, d *Draft, lang, work, family string, reasons []string) (string, error) {
	form := problem.Form{Bundle: locale()}
	if !slices.Contains(instrument.Languages(), instrument.Lang(lang)) {
		form.Wrong("language", "field.choose", nil)
	}
	if work != office && work != field && work != "-" {
		form.Wrong("work", "field.choose", nil)
	}
	if family != "" {
		list, err := s.groups(ctx, d.Tenant)
		if err != nil {
			return "", err
		}
		if !slices.ContainsFunc(list, func(g Group) bool { return g.ID == family }) {
			form.Wrong("family", "field.family", nil)
		}
	}
	reasons = slices.Compact(slices.Sorted(slices.Values(reasons)))
	if len(reasons) == 0 || slices.ContainsFunc(reasons, func(r string) bool { return s.Guide.Reason(r) == nil }) {
		form.Wrong("reasons", "field.reasons", nil)
	}
	if err := form.Err(); err != nil {
		return "", err
	}
	next := *d
	next.Lang, next.Work, next.Family, next.Reasons, next.Told = lang, strings.Trim(work, "-"), family, reasons, true
	return s.sealDraft(&next)
}

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
	return s.DB.Write(ctx, tenant.ID(t), func(tx *db.Scope) error {
		n, err := forget(ctx, tx, tags)
		if err != nil || n == 0 {
			return err
		}
		return s.Audit.Record(ctx, tx, access.Actor{Kind: access.System, Tenant: tenant.ID(t)}, audit.Entry{Action: "interviews.withdrawn"})
	})
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
