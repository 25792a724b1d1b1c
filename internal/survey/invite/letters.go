package invite

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/files"
	"tekentafel/internal/instrument"
	"tekentafel/internal/jobs"
	"tekentafel/internal/pdf"
	"tekentafel/internal/problem"
	"tekentafel/internal/survey/invite/print"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/tenant"
)

// Whom says for whom something is printed. None of it depends on who took part.
type Whom string

// The ways.
const (
	WithoutMail Whom = "without-mail" // who has no address, or whose invitation came back
	NotInvited  Whom = "not-invited"  // who was invited neither by mail nor on paper
	Everyone    Whom = "everyone"
)

// Paper is what is to be printed.
type Paper struct {
	Kind  print.Kind `json:"kind"`
	Whom  Whom       `json:"whom"`
	Names bool       `json:"names"` // print the name of each person
	Sort  string     `json:"sort"`  // the group variable by which they lie in order, or "" for names alone
}

// PaperPiece is how many people stand in one file.
const PaperPiece = 500

// check refuses what cannot be printed.
func (p *Paper) check() error {
	form := &problem.Form{Bundle: locale()}
	if !slices.Contains(print.Kinds(), p.Kind) {
		form.Wrong("kind", "error.paper", nil)
	}
	if !slices.Contains([]Whom{WithoutMail, NotInvited, Everyone}, p.Whom) {
		form.Wrong("whom", "error.paper", nil)
	}
	return form.Err()
}

const printJob = "wave-letters"

type printArgs struct {
	Wave  string          `json:"wave"`
	Paper Paper           `json:"paper"`
	Lang  instrument.Lang `json:"lang"`
}

// printType is the media type under which files to print are kept, sealed: they hold PINs, and nothing in the store may
// open an invitation.
func printType(waveID string) string { return "application/x-tekentafel-letters; wave=" + waveID }

func printPurpose(waveID string) string { return "wave-letters/" + waveID }

func (s *Service) printKind() jobs.Kind {
	return jobs.Kind{
		Name: printJob, Title: say("job.letters", nil), StageTitle: stageTitle,
		Link: func(j jobs.Job) string { return invitationsAt(j.Subject) + "#paper" }, LinkAction: access.RunWave,
		Run: s.printAll, Timeout: 2 * time.Hour,
	}
}

// PDF starts making files to print and returns the id of the job.
func (s *Service) PDF(ctx context.Context, actor access.Actor, waveID string, paper Paper, lang instrument.Lang, ask asked.Request) (job string, err error) {
	if err := allow(actor, access.RunWave); err != nil {
		return "", err
	}
	if err := paper.check(); err != nil {
		return "", err
	}
	if _, err := pdf.Find(); err != nil {
		return "", refuse(problem.Conflict, "error.chromium", nil).Because(err)
	}
	err = s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		w, err := wave.One(ctx, tx.Reader, waveID)
		if err == nil {
			err = running(&w)
		}
		if err != nil {
			return err
		}
		job, err = asked.Once(ctx, tx, s.Now, ask, func() (string, error) {
			job, err := s.Queue.Add(ctx, tx, jobs.New{Kind: printJob, Subject: waveID, Account: actor.Owner, Args: printArgs{waveID, paper, lang}})
			if err != nil {
				return "", err
			}
			return job, s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "wave.printed", Subject: waveID, Detail: map[string]string{"kind": string(paper.Kind), "whom": string(paper.Whom)}})
		})
		return err
	})
	return job, err
}

// printAll makes a file of each piece and keeps it at once, so that a job that is started again makes what is missing.
func (s *Service) printAll(ctx context.Context, j *jobs.Job, p *jobs.Progress) (jobs.Finish, error) {
	var args printArgs
	if err := j.Args(&args); err != nil {
		return nil, err
	}
	a, err := s.about(ctx, j.Tenant, args.Wave)
	if err != nil {
		return nil, err
	}
	if err := running(&a.wave); err != nil {
		return nil, err
	}
	list, err := s.forWhom(ctx, s.DB.Of(j.Tenant), args.Wave, args.Paper)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, refuse(problem.Conflict, "error.nobody-to-print", nil)
	}
	pieces := (len(list) + PaperPiece - 1) / PaperPiece
	for n := range pieces {
		p.Step(stagePrint, int64(n), int64(pieces))
		part := list[n*PaperPiece : min((n+1)*PaperPiece, len(list))]
		name := fmt.Sprintf("%s-%d-%d-%s.pdf", args.Paper.Kind, n+1, pieces, j.ID)
		if done, err := s.hasFile(ctx, j.Tenant, args.Wave, name); err != nil || done {
			if err != nil {
				return nil, err
			}
			continue
		}
		page, err := s.sheet(a, args.Paper, part, args.Lang)
		if err != nil {
			return nil, err
		}
		out, err := s.Print(ctx, page)
		if err != nil {
			return nil, err
		}
		sealed, err := s.Box.Seal(printPurpose(args.Wave), out)
		if err != nil {
			return nil, err
		}
		if err := s.keepPiece(ctx, j.Tenant, args.Wave, name, sealed, part); err != nil {
			return nil, err
		}
	}
	return func(context.Context, *db.Scope) error { return nil }, nil
}

func (s *Service) hasFile(ctx context.Context, t tenant.ID, waveID, name string) (bool, error) {
	list, err := filesOf(ctx, s.DB.Of(t), printType(waveID))
	return slices.ContainsFunc(list, func(f stored) bool { return f.Name == name }), err
}

// keepPiece keeps a file and notes that the people in it were invited on paper. A wave that was closed meanwhile keeps nothing.
func (s *Service) keepPiece(ctx context.Context, t tenant.ID, waveID, name string, sealed []byte, part []Member) error {
	return s.DB.Write(ctx, t, func(tx *db.Scope) error {
		w, err := wave.One(ctx, tx.Reader, waveID)
		if err == nil {
			err = running(&w)
		}
		if err != nil {
			return err
		}
		there, err := filesOf(ctx, tx.Reader, printType(waveID))
		if err != nil || slices.ContainsFunc(there, func(f stored) bool { return f.Name == name }) {
			return err
		}
		if _, err := files.Add(ctx, tx, s.Now, name, printType(waveID), bytes.NewReader(sealed)); err != nil {
			return err
		}
		return setPrinted(ctx, tx, waveID, part)
	})
}

// setPrinted notes that people got an invitation on paper: those who had none, and those whose mail came back.
func setPrinted(ctx context.Context, tx *db.Scope, waveID string, part []Member) error {
	for i := range part {
		if m := &part[i]; m.Invitation == NotYet || m.Invitation == Bounced {
			if _, err := tx.Exec(ctx, `UPDATE wave_people SET mail_id = CASE WHEN invitation = 'refused' THEN $4 ELSE mail_id END,
  invitation = CASE WHEN invitation = 'refused' THEN 'refused' ELSE 'printed' END WHERE tenant_id = $1 AND wave_id = $2 AND id = $3`, waveID, m.ID, wasPrinted); err != nil {
				return err
			}
		}
	}
	return nil
}

// forWhom lists the people for whom something is printed, in the order in which it is handed out.
func (s *Service) forWhom(ctx context.Context, r db.Reader, waveID string, paper Paper) ([]Member, error) {
	failed, err := s.failed(ctx, r)
	if err != nil {
		return nil, err
	}
	all, err := members(ctx, r, `SELECT `+memberColumns+` FROM wave_people WHERE tenant_id = $1 AND wave_id = $2`, waveID)
	if err != nil {
		return nil, err
	}
	list := all[:0]
	for i := range all {
		m := &all[i]
		m.show(failed)
		switch {
		case paper.Whom == WithoutMail && m.Mail != "" && m.Invitation != Bounced, paper.Whom == NotInvited && m.Invitation != NotYet:
		default:
			list = append(list, *m)
		}
	}
	// People without a value come last.
	slices.SortFunc(list, func(a, b Member) int {
		x, y := a.Groups[paper.Sort], b.Groups[paper.Sort]
		if (x == "") != (y == "") {
			return cmp.Compare(y, x)
		}
		return cmp.Or(cmp.Compare(strings.ToLower(x), strings.ToLower(y)), cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.ID, b.ID))
	})
	return list, nil
}

// Pieces returns how many people would be printed, and in how many files.
func (s *Service) Pieces(ctx context.Context, actor access.Actor, waveID string, paper Paper) (people, pieces int, err error) {
	if err := allow(actor, access.RunWave); err != nil {
		return 0, 0, err
	}
	if err := paper.check(); err != nil {
		return 0, 0, err
	}
	list, err := s.forWhom(ctx, s.DB.Of(actor.Tenant), waveID, paper)
	return len(list), (len(list) + PaperPiece - 1) / PaperPiece, err
}

// Page returns one piece, counted from 1, as a page that any browser prints. Nobody is noted as invited by it.
func (s *Service) Page(ctx context.Context, actor access.Actor, waveID string, paper Paper, n int, lang instrument.Lang) ([]byte, error) {
	list, a, err := s.piece(ctx, actor, waveID, paper, n)
	if err != nil {
		return nil, err
	}
	return s.sheet(a, paper, list, lang)
}

// NotePrinted notes that the people of a piece were invited on paper, after who prints said so.
func (s *Service) NotePrinted(ctx context.Context, actor access.Actor, waveID string, paper Paper) error {
	list, _, err := s.piece(ctx, actor, waveID, paper, 0)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		if err := setPrinted(ctx, tx, waveID, list); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "wave.printed", Subject: waveID, Detail: map[string]string{"kind": string(paper.Kind), "whom": string(paper.Whom)}})
	})
}

// piece returns the people of a piece, or of all pieces for 0.
func (s *Service) piece(ctx context.Context, actor access.Actor, waveID string, paper Paper, n int) ([]Member, *about, error) {
	w, err := s.wave(ctx, actor, access.RunWave, waveID)
	if err == nil {
		err = running(&w)
	}
	if err == nil {
		err = paper.check()
	}
	if err != nil {
		return nil, nil, err
	}
	a, err := s.about(ctx, actor.Tenant, waveID)
	if err != nil {
		return nil, nil, err
	}
	list, err := s.forWhom(ctx, s.DB.Of(actor.Tenant), waveID, paper)
	if err != nil || n == 0 {
		return list, a, err
	}
	if n < 1 || (n-1)*PaperPiece >= len(list) {
		return nil, nil, db.ErrNoRow
	}
	return list[(n-1)*PaperPiece : min(n*PaperPiece, len(list))], a, nil
}

// sheet lays a piece out.
func (s *Service) sheet(a *about, paper Paper, list []Member, lang instrument.Lang) ([]byte, error) {
	doc := print.Sheet{Kind: paper.Kind, Lang: lang, Wave: s.onPaper(a)}
	for i := range list {
		m := &list[i]
		pin, err := againPIN(a.secret, m.ID, m.pinHash)
		if err != nil {
			return nil, err
		}
		p := print.Person{PIN: pin, Link: s.link(&a.wave, m.Language, pin), Lang: m.Language, Group: where(m, paper.Sort)}
		if paper.Names || paper.Kind == print.Letters { // a letter without a name reaches nobody
			p.Name = m.Name
			if p.Name == "" {
				p.Name = m.Number
			}
		}
		doc.People = append(doc.People, p)
	}
	var b bytes.Buffer
	err := print.Write(&b, doc) //nolint:contextcheck // laying out in memory ends by itself
	return b.Bytes(), err
}

// where is the place at which an invitation is handed out.
func where(m *Member, sort string) string { return m.Groups[sort] }

func (s *Service) onPaper(a *about) print.Wave {
	w := &a.wave
	return print.Wave{Title: w.Title, Organisation: a.organisation, Entry: s.entry(w), Refusal: s.refusal(w), Contact: w.Settings.Contact,
		Mode: print.Mode(w.Mode), Synthetic: a.synthetic, Words: w.Settings.Words, Minutes: a.minutes,
		Until: func(l instrument.Lang) string { return locale().Printer(l).Moment(local(w.Closes, s.Zone)) }}
}

func local(t time.Time, zone *time.Location) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(zone)
}

// PosterPage returns the poster of a wave in a language, as a page that any browser prints. It holds no PIN.
func (s *Service) PosterPage(ctx context.Context, actor access.Actor, waveID string, lang instrument.Lang) ([]byte, error) {
	if err := allow(actor, access.RunWave); err != nil {
		return nil, err
	}
	a, err := s.about(ctx, actor.Tenant, waveID)
	if err != nil {
		return nil, err
	}
	doc := print.Sheet{Kind: print.Poster, Lang: lang, Wave: s.onPaper(a)}
	doc.Wave.Scan = inLanguage(doc.Wave.Entry, &a.wave, lang)
	var b bytes.Buffer
	err = print.Write(&b, doc) //nolint:contextcheck // laying out in memory ends by itself
	return b.Bytes(), err
}

// PaperFile is a file to print that was made.
type PaperFile struct {
	ID       string
	Kind     print.Kind
	N, Of    int
	Created  time.Time
	FileName string
	job      string
}

// PaperFiles lists the files to print of a wave, the oldest first. They go after some days, and when the wave is closed.
func (s *Service) PaperFiles(ctx context.Context, actor access.Actor, waveID string) ([]PaperFile, error) {
	if err := allow(actor, access.RunWave); err != nil {
		return nil, err
	}
	list, err := filesOf(ctx, s.DB.Of(actor.Tenant), printType(waveID))
	var out []PaperFile
	for _, f := range list {
		out = append(out, paperFile(f))
	}
	slices.SortFunc(out, func(a, b PaperFile) int { return cmp.Or(cmp.Compare(a.job, b.job), cmp.Compare(a.N, b.N)) })
	return out, err
}

func paperFile(f stored) PaperFile {
	p := PaperFile{ID: f.ID, Created: clock.Time(f.created), FileName: "invitations.pdf"}
	if parts := strings.Split(f.Name, "-"); len(parts) >= 4 {
		p.Kind = print.Kind(parts[0])
		p.N, _ = strconv.Atoi(parts[1])  //nolint:errcheck // the name is ours; 0 says nothing
		p.Of, _ = strconv.Atoi(parts[2]) //nolint:errcheck // as above
		p.job = parts[3]
		p.FileName = fmt.Sprintf("%s-%d-%d.pdf", p.Kind, p.N, p.Of)
	}
	return p
}

// OpenPaper returns the content of a file to print; db.ErrNoRow when it is gone.
func (s *Service) OpenPaper(ctx context.Context, actor access.Actor, waveID, fileID string) (PaperFile, []byte, error) {
	if err := allow(actor, access.RunWave); err != nil {
		return PaperFile{}, nil, err
	}
	r := s.DB.Of(actor.Tenant)
	f, err := files.Get(ctx, r, fileID)
	if err != nil {
		return PaperFile{}, nil, err
	}
	if f.MediaType != printType(waveID) {
		return PaperFile{}, nil, db.ErrNoRow
	}
	var b bytes.Buffer
	if err := files.Copy(ctx, r, fileID, &b); err != nil {
		return PaperFile{}, nil, err
	}
	plain, err := s.Box.Open(printPurpose(waveID), b.Bytes())
	return paperFile(stored{ID: f.ID, Name: f.Name, created: clock.Micros(f.Created)}), plain, err
}

// printed prints with Chromium.
func printed(ctx context.Context, document []byte) ([]byte, error) {
	return pdf.Print(ctx, document, pdf.Options{Bare: true, Timeout: 5 * time.Minute})
}
