package invite

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/id"
	"tekentafel/internal/instrument"
	"tekentafel/internal/jobs"
	"tekentafel/internal/problem"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/tenant"
)

// Names of the kinds of mail.
const (
	KindInvitation = "wave-invitation"
	KindReminder   = "wave-reminder"
	KindClosing    = "wave-closing" // the last reminder: the wave closes soon
)

// Kind is a kind of mail for the outbox, with where its texts are.
type Kind struct {
	Name   string
	Bundle *i18n.Bundle
	Key    string
}

// Kinds lists the kinds of mail of this package. None of them may stand in a list of mails: see the comment of the package.
func Kinds() []Kind {
	return []Kind{{KindInvitation, locale(), "mail.invitation"}, {KindReminder, locale(), "mail.reminder"}, {KindClosing, locale(), "mail.closing"}}
}

// Kinds is the function Kinds, for who has the service.
func (s *Service) Kinds() []Kind { return Kinds() }

// closesSoon is how long before a wave closes a reminder says that it is the last.
const closesSoon = 3 * 24 * time.Hour

const mailJob = "wave-mails"

// mailArgs are what the job is given.
type mailArgs struct {
	Wave   string `json:"wave"`
	Remind bool   `json:"remind"`
	Moment int64  `json:"moment"` // of a reminder: nobody gets a second mail for it
}

func (s *Service) mailKind() jobs.Kind {
	return jobs.Kind{
		Name: mailJob, Title: say("job.mail", nil), StageTitle: stageTitle,
		Link: func(j jobs.Job) string { return invitationsAt(j.Subject) }, LinkAction: access.ReadWave,
		Run: s.sendAll, Timeout: 2 * time.Hour,
	}
}

// SendInvitations starts mailing everyone of the frame who has an address and was not invited yet, in the transaction of tx.
// Called again it goes on with who is left.
func (s *Service) SendInvitations(ctx context.Context, tx *db.Scope, w *wave.Wave) error {
	if w.Mode == wave.OpenLink || !s.Mail.On() {
		return nil
	}
	_, err := s.Queue.Add(ctx, tx, jobs.New{Kind: mailJob, Subject: w.ID, Unique: w.ID + "/invite", Args: mailArgs{Wave: w.ID}})
	return err
}

// SendReminders starts reminding everyone who was invited, has an address, has not taken part and did not refuse, in the
// transaction of tx. For one moment a person gets one mail, however often it is called.
func (s *Service) SendReminders(ctx context.Context, tx *db.Scope, w *wave.Wave, moment time.Time) error {
	if w.Mode == wave.OpenLink || !s.Mail.On() {
		return nil
	}
	at := clock.Micros(moment)
	_, err := s.Queue.Add(ctx, tx, jobs.New{Kind: mailJob, Subject: w.ID, Unique: fmt.Sprint(w.ID, "/remind/", at), Args: mailArgs{Wave: w.ID, Remind: true, Moment: at}})
	return err
}

// Opened matches the frame with accounts once more and starts the invitations, as the life of a wave calls it when it opens.
func (s *Service) Opened(ctx context.Context, tx *db.Scope, w *wave.Wave) error {
	if w.Mode == wave.OpenLink {
		return nil
	}
	if err := s.Match(ctx, tx, w.ID); err != nil {
		return err
	}
	return s.SendInvitations(ctx, tx, w)
}

// Remind is SendReminders for the present moment, as the life of a wave calls it once at each moment that was planned.
func (s *Service) Remind(ctx context.Context, tx *db.Scope, w *wave.Wave) error {
	return s.SendReminders(ctx, tx, w, s.Now())
}

// Invite is SendInvitations asked for by a person, for a wave that is open.
func (s *Service) Invite(ctx context.Context, actor access.Actor, waveID string, ask asked.Request) error {
	if err := allow(actor, access.RunWave); err != nil {
		return err
	}
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		w, err := wave.One(ctx, tx.Reader, waveID)
		if err == nil {
			err = s.sendable(&w)
		}
		if err != nil {
			return err
		}
		_, err = asked.Once(ctx, tx, s.Now, ask, func() (bool, error) {
			return true, errors.Join(s.SendInvitations(ctx, tx, &w), s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "wave.invited", Subject: waveID}))
		})
		return err
	})
}

func (s *Service) sendable(w *wave.Wave) error {
	if err := running(w); err != nil {
		return err
	}
	if w.State != wave.Open {
		return refuse(problem.Conflict, "error.not-open", nil)
	}
	if !s.Mail.On() {
		return refuse(problem.Conflict, "error.mail-off", nil)
	}
	return nil
}

// InviteOne mails the invitation to one person again, such as after the address was corrected. It is sent whether or not
// they took part: otherwise whoever asks could learn that from the mail that does not come.
func (s *Service) InviteOne(ctx context.Context, actor access.Actor, waveID, personID string, ask asked.Request) error {
	if err := allow(actor, access.RunWave); err != nil {
		return err
	}
	about, err := s.about(ctx, actor.Tenant, waveID)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		w, err := wave.One(ctx, tx.Reader, waveID)
		if err == nil {
			err = s.sendable(&w)
		}
		if err != nil {
			return err
		}
		_, err = asked.Once(ctx, tx, s.Now, ask, func() (bool, error) {
			m, err := oneMember(ctx, tx.Reader, waveID, personID)
			if err != nil {
				return false, err
			}
			if m.Mail == "" {
				return false, refuse(problem.Conflict, "error.no-mail", nil)
			}
			if m.mailID != "" {
				if err := s.Mail.Withdraw(ctx, tx, m.mailID); err != nil {
					return false, err
				}
			}
			if err := s.post(ctx, tx, about, KindInvitation, &m); err != nil {
				return false, err
			}
			return true, s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "wave.invited-one", Subject: waveID})
		})
		return err
	})
}

// about is what the mails and letters of a wave have in common.
type about struct {
	wave         wave.Wave
	secret       wave.Secret
	organisation string
	synthetic    bool
	minutes      map[instrument.Lang]int // how long it takes, rounded up; 0 while not known
}

// about refuses a wave that is closed: its secret goes, and nobody is invited any more.
func (s *Service) about(ctx context.Context, t tenant.ID, waveID string) (*about, error) {
	r := s.DB.Of(t)
	w, err := wave.One(ctx, r, waveID)
	if err == nil {
		err = unclosed(&w)
	}
	if err != nil {
		return nil, err
	}
	a := &about{wave: w, minutes: map[instrument.Lang]int{}}
	if a.secret, err = w.Secret(s.Box); err != nil {
		return nil, err
	}
	if a.organisation, _, a.synthetic, err = s.Organisations.About(ctx, t); err != nil {
		return nil, err
	}
	in, err := wave.Instrument(ctx, r, waveID)
	if isNoRow(err) {
		return a, nil
	}
	if err != nil {
		return nil, err
	}
	routing, err := instrument.CompileRouting(in)
	if err != nil {
		return nil, err
	}
	for _, l := range instrument.Languages() {
		a.minutes[l] = int(math.Ceil(routing.Minutes(l).Longest))
	}
	return a, nil
}

// piece is how many people are mailed in one transaction.
const piece = 200

// sendAll posts mails in pieces; each piece is a transaction that notes whom it was posted to, so that a job that is started
// again goes on where it was.
func (s *Service) sendAll(ctx context.Context, j *jobs.Job, p *jobs.Progress) (jobs.Finish, error) {
	var args mailArgs
	if err := j.Args(&args); err != nil {
		return nil, err
	}
	a, err := s.about(ctx, j.Tenant, args.Wave)
	if problem.Is(err, problem.Conflict) {
		return nil, nil // closed before the job came to it
	}
	if err != nil {
		return nil, err
	}
	failed, err := s.failed(ctx, s.DB.Of(j.Tenant))
	if err != nil {
		return nil, err
	}
	t, err := count(ctx, s.DB.Of(j.Tenant), args.Wave)
	if err != nil {
		return nil, err
	}
	last, done := "", 0
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if args.Remind {
			p.Step(stageSend, 0, 0) // how many are left says how many took part
		} else {
			p.Step(stageSend, int64(min(done, t.toMail)), int64(t.toMail))
		}
		next := last
		err := s.DB.Write(ctx, j.Tenant, func(tx *db.Scope) (err error) {
			w, err := wave.One(ctx, tx.Reader, args.Wave)
			if err != nil || !w.Takes(s.Now()) {
				more = false
				return err
			}
			var list []sending
			if args.Remind {
				list, err = toRemind(ctx, tx.Reader, w.ID, last, id.New(clock.Time(args.Moment))[:momentLength])
			} else {
				list, err = toInvite(ctx, tx.Reader, w.ID, last)
			}
			if more = len(list) == piece; err != nil {
				return err
			}
			for i := range list {
				m := &list[i]
				next = m.ID
				if err := s.postTo(ctx, tx, a, args.Remind, m, failed); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		last, done = next, done+piece
	}
	return func(context.Context, *db.Scope) error { return nil }, nil
}

// momentLength is how much of an id tells the time at which it was made, to 8 milliseconds.
const momentLength = 9

// sending is a person to be mailed.
type sending struct {
	Member
	taken bool
}

// toInvite returns people who were not invited and have an address. Who took part already, by signing in, or refused is
// among them, so that they do not stand out as never invited.
func toInvite(ctx context.Context, r db.Reader, waveID, after string) ([]sending, error) {
	return sendings(ctx, r, `SELECT `+memberColumns+`, taken FROM wave_people WHERE tenant_id = $1 AND wave_id = $2 AND id > $3
AND mail <> '' AND (invitation = 'none' OR invitation = 'refused' AND mail_id = $5) ORDER BY id LIMIT $4`, waveID, after, piece, wasNotYet)
}

// toRemind returns people who have not taken part, and whose last mail is from before a moment.
func toRemind(ctx context.Context, r db.Reader, waveID, after, moment string) ([]sending, error) {
	return sendings(ctx, r, `SELECT `+memberColumns+`, taken FROM wave_people WHERE tenant_id = $1 AND wave_id = $2 AND id > $3
AND mail <> '' AND NOT taken AND invitation IN ('mailed', 'printed') AND mail_id < $4 ORDER BY id LIMIT $5`, waveID, after, moment, piece)
}

func sendings(ctx context.Context, r db.Reader, query string, args ...any) ([]sending, error) {
	var list []sending
	err := r.Rows(ctx, query, func(scan func(...any) error) error {
		var one sending
		m, err := scanMember(scan, &one.taken)
		one.Member = m
		list = append(list, one)
		return err
	}, args...)
	return list, err
}

// postTo posts what one person is to get in bulk, if anything.
func (s *Service) postTo(ctx context.Context, tx *db.Scope, a *about, remind bool, m *sending, failed map[string]Undelivered) error {
	if !remind {
		if m.taken || m.Invitation == refused {
			return setInvited(ctx, tx, a.wave.ID, m.ID, "")
		}
		return s.post(ctx, tx, a, KindInvitation, &m.Member)
	}
	if _, back := failed[m.mailID]; back && m.mailID != "" {
		return nil // the address does not work
	}
	kind := KindReminder
	if a.wave.Closes.Sub(s.Now()) <= closesSoon {
		kind = KindClosing
	}
	return s.post(ctx, tx, a, kind, &m.Member)
}

// post writes a mail to a person and notes it.
func (s *Service) post(ctx context.Context, tx *db.Scope, a *about, kind string, m *Member) error {
	pin, err := againPIN(a.secret, m.ID, m.pinHash)
	if err != nil {
		return err
	}
	mailID, err := s.Mail.Post(ctx, tx, s.letter(a, kind, m, pin))
	if problem.Is(err, problem.Invalid) { // an address that is none any more, as rules change: this person gets a letter
		_, err = tx.Exec(ctx, `UPDATE wave_people SET mail = '' WHERE tenant_id = $1 AND wave_id = $2 AND id = $3`, a.wave.ID, m.ID)
		return err
	}
	if err != nil {
		return err
	}
	if kind == KindInvitation {
		return setInvited(ctx, tx, a.wave.ID, m.ID, mailID)
	}
	_, err = tx.Exec(ctx, `UPDATE wave_people SET mail_id = $4 WHERE tenant_id = $1 AND wave_id = $2 AND id = $3`, a.wave.ID, m.ID, mailID)
	return err
}

func setInvited(ctx context.Context, tx *db.Scope, waveID, personID, mailID string) error {
	_, err := tx.Exec(ctx, `UPDATE wave_people SET invitation = CASE WHEN invitation = 'refused' THEN 'refused' ELSE 'mailed' END, mail_id = $4 WHERE tenant_id = $1 AND wave_id = $2 AND id = $3`, waveID, personID, mailID)
	return err
}

// letter is a mail to a person.
func (s *Service) letter(a *about, kind string, m *Member, pin string) Letter {
	w := &a.wave
	p := locale().Printer(m.Language)
	args := i18n.Args{"title": w.Title, "link": s.link(w, m.Language, pin), "address": s.entry(w), "pin": pin,
		"refuse":  inLanguage(s.refusal(w), w, m.Language),
		"promise": p.T("promise."+string(w.Mode), nil), "duration": "", "ask": ""}
	if n := a.minutes[m.Language]; n > 0 {
		args["duration"] = p.N("mail.duration", n, i18n.Args{"n": p.Int(n)})
	}
	if w.Settings.Contact != "" {
		args["ask"] = p.T("mail.ask", i18n.Args{"contact": w.Settings.Contact})
	}
	return Letter{Kind: kind, To: m.Mail, Name: m.Name, Lang: m.Language, Organisation: a.organisation, Args: args,
		Note: w.Settings.Words[m.Language], Until: w.Closes}
}

// entry is the address where people type their PIN; link brings it along behind #, which no server and no log gets to see;
// refusal is where they say that they want no more reminders.
func (s *Service) entry(w *wave.Wave) string { return s.PublicURL + "/w/" + w.Code }

func (s *Service) link(w *wave.Wave, lang instrument.Lang, pin string) string {
	return inLanguage(s.entry(w), w, lang) + "#" + pin
}

func (s *Service) refusal(w *wave.Wave) string { return s.PublicURL + "/no/" + w.Code }

// inLanguage makes an address open in the language of the mail or card that it stands on. It says no more of anybody than that,
// and nothing where a wave has one language.
func inLanguage(address string, w *wave.Wave, lang instrument.Lang) string {
	if len(w.Languages) < 2 || !slices.Contains(w.Languages, lang) {
		return address
	}
	return address + "?lang=" + string(lang)
}

// failed returns the invitations that came back, by the id of the mail.
func (s *Service) failed(ctx context.Context, r db.Reader) (map[string]Undelivered, error) {
	list, err := s.Mail.Undelivered(ctx, r, KindInvitation)
	out := make(map[string]Undelivered, len(list))
	for _, u := range list {
		out[u.ID] = u
	}
	return out, err
}

// Back is an invitation that came back.
type Back struct {
	Member
	Undelivered
}

// back lists the people of a wave whose invitation came back, in the order of names.
func (s *Service) back(ctx context.Context, r db.Reader, waveID string) ([]Back, error) {
	failed, err := s.failed(ctx, r)
	if err != nil || len(failed) == 0 {
		return nil, err
	}
	list, err := members(ctx, r, `SELECT `+memberColumns+` FROM wave_people WHERE tenant_id = $1 AND wave_id = $2 AND mail_id <> '' AND invitation IN ('mailed', 'refused')
ORDER BY name, id`, waveID)
	var out []Back
	for _, m := range list {
		if u, back := failed[m.mailID]; back {
			m.Invitation = Bounced
			out = append(out, Back{m, u})
		}
	}
	return out, err
}

// Back lists the people whose invitation came back, in the order of names.
func (s *Service) Back(ctx context.Context, actor access.Actor, waveID string) ([]Back, error) {
	if err := allow(actor, access.RunWave); err != nil {
		return nil, err
	}
	return s.back(ctx, s.DB.Of(actor.Tenant), waveID)
}
