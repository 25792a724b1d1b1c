package invite

import (
	"context"
	"errors"
	"fmt"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/jobs"
	"tekentafel/internal/problem"
	"tekentafel/internal/survey/invite/frame"
	"tekentafel/internal/survey/wave"
)

const takeJob = "wave-frame"

// takeArgs are what the job is given.
type takeArgs struct {
	Wave   string       `json:"wave"`
	Upload string       `json:"upload"`
	Plan   frame.Plan   `json:"plan"`
	Actor  access.Actor `json:"actor"`
}

// The stages of the jobs, as keys of messages.
const (
	stageRead  = "read"
	stageMatch = "match"
	stageKeep  = "keep"
	stageSend  = "send"
	stagePrint = "print"
)

func stageTitle(stage string) problem.Message { return say("job."+stage, nil) }

func (s *Service) takeKind() jobs.Kind {
	return jobs.Kind{
		Name: takeJob, Title: say("job.take", nil), StageTitle: stageTitle,
		Link: func(j jobs.Job) string { return peopleAt(j.Subject) }, LinkAction: access.RunWave,
		Run: func(ctx context.Context, j *jobs.Job, p *jobs.Progress) (jobs.Finish, error) {
			var args takeArgs
			if err := j.Args(&args); err != nil {
				return nil, err
			}
			p.Step(stageRead, 0, 0)
			w, err := wave.One(ctx, s.DB.Of(j.Tenant), args.Wave)
			if err != nil {
				return nil, err
			}
			result, err := s.checked(ctx, &w, takingType(w.ID), args.Upload, args.Plan)
			if err != nil {
				return nil, err
			}
			people, err := s.prepare(ctx, &w, result, p.Step)
			if err != nil {
				return nil, err
			}
			return func(ctx context.Context, tx *db.Scope) error {
				return s.replace(ctx, tx, args.Actor, args.Wave, people, result, func(done int) { p.Step(stageKeep, int64(done), int64(len(people))) })
			}, nil
		},
	}
}

// Take makes an uploaded file the frame of a draft, in the place of the one that was there. More than some thousand people
// are taken by a job, whose id is returned; otherwise the id is "". A problem of kind Invalid when the plan blocks, and of kind
// Conflict while a job takes another file.
func (s *Service) Take(ctx context.Context, actor access.Actor, waveID, uploadID string, plan frame.Plan, ask asked.Request) (job string, err error) {
	w, err := s.wave(ctx, actor, access.RunWave, waveID)
	if err == nil {
		err = drafted(&w)
	}
	if err != nil {
		return "", err
	}
	result, err := s.checked(ctx, &w, uploadType(w.ID), uploadID, plan)
	if errors.Is(err, db.ErrNoRow) { // asked for again while a job takes it
		result, err = s.checked(ctx, &w, takingType(w.ID), uploadID, plan)
	}
	if err != nil {
		return "", err
	}
	var people []row
	if len(result.People) <= tooMany {
		if people, err = s.prepare(ctx, &w, result, func(string, int64, int64) {}); err != nil {
			return "", err
		}
	}
	err = s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		job, err = asked.Once(ctx, tx, s.Now, ask, func() (string, error) {
			if busy, err := s.Queue.Unfinished(ctx, tx.Reader, takeJob, waveID); err != nil {
				return "", err
			} else if busy != "" {
				return "", refuse(problem.Conflict, "error.taking", nil)
			}
			if len(result.People) > tooMany {
				if err := startTaking(ctx, tx, waveID, uploadID); err != nil {
					return "", err
				}
				return s.Queue.Add(ctx, tx, jobs.New{Kind: takeJob, Subject: waveID, Account: actor.Owner, Unique: waveID,
					Args: takeArgs{Wave: waveID, Upload: uploadID, Plan: plan, Actor: actor}})
			}
			return "", s.replace(ctx, tx, actor, waveID, people, result, func(int) {})
		})
		return err
	})
	return job, err
}

// startTaking makes a file that waits that of a job, in the place of one that a job left behind.
func startTaking(ctx context.Context, tx *db.Scope, waveID, uploadID string) error {
	if err := dropFiles(ctx, tx, takingType(waveID)); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE files SET media_type = $3 WHERE tenant_id = $1 AND id = $2 AND media_type = $4`, uploadID, takingType(waveID), uploadType(waveID))
	if err == nil && n == 0 {
		err = db.ErrNoRow // another one came in its place meanwhile
	}
	return err
}

// checked reads and checks the file; a problem of kind Invalid when the plan blocks.
func (s *Service) checked(ctx context.Context, w *wave.Wave, mediaType, uploadID string, plan frame.Plan) (*frame.Result, error) {
	up, err := s.uploaded(ctx, w.Tenant, mediaType, uploadID)
	if err != nil {
		return nil, err
	}
	result := up.File.Check(plan, s.Rules(w))
	if result.Blocked() {
		return nil, refuse(problem.Invalid, "error.blocked", nil)
	}
	return result, nil
}

// prepare gives each person an id, a PIN and their account, before a transaction.
func (s *Service) prepare(ctx context.Context, w *wave.Wave, result *frame.Result, step func(string, int64, int64)) ([]row, error) {
	secret, err := w.Secret(s.Box)
	if err != nil {
		return nil, err
	}
	match, err := s.matches(ctx, s.DB.Of(w.Tenant))
	if err != nil {
		return nil, err
	}
	people, taken := make([]row, len(result.People)), make(map[string]bool, len(result.People))
	for i := range result.People {
		p := &result.People[i]
		r := row{Member: Member{ID: newPersonID(), Name: p.Name, Mail: p.Mail, Number: p.Number, Language: p.Language, Groups: p.Groups}, stratum: p.Stratum}
		r.account = match.of(p.Mail, p.Number)
		if r.pinHash, err = newPIN(secret, r.ID, taken); err != nil {
			return nil, err
		}
		people[i] = r
		if i%10_000 == 0 {
			step(stageMatch, int64(i), int64(len(people)))
		}
	}
	return people, nil
}

// replace puts people in the place of the frame of a draft, and forgets the file.
func (s *Service) replace(ctx context.Context, tx *db.Scope, actor access.Actor, waveID string, people []row, result *frame.Result, progress func(int)) error {
	w, err := wave.One(ctx, tx.Reader, waveID)
	if err == nil {
		err = drafted(&w)
	}
	if err != nil {
		return err
	}
	if err := deletePeople(ctx, tx, waveID); err != nil {
		return err
	}
	if err := insertPeople(ctx, tx, waveID, people, progress); err != nil {
		return err
	}
	if err := dropFrames(ctx, tx, waveID); err != nil {
		return err
	}
	return s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "wave.frame-taken", Subject: waveID, Detail: map[string]string{
		"people": fmt.Sprint(len(people)), "left-out": fmt.Sprint(result.LeftOut), "letters": fmt.Sprint(result.Letters())}})
}

// Compare says what taking result would change.
func (s *Service) Compare(ctx context.Context, actor access.Actor, waveID string, result *frame.Result) (Changes, error) {
	if err := allow(actor, access.RunWave); err != nil {
		return Changes{}, err
	}
	now, err := members(ctx, s.DB.Of(actor.Tenant), `SELECT `+memberColumns+` FROM wave_people WHERE tenant_id = $1 AND wave_id = $2`, waveID)
	if err != nil {
		return Changes{}, err
	}
	return compare(now, result.People), nil
}

// Match finds the accounts of the people of a wave anew, in the transaction of tx: people get accounts, and leave.
func (s *Service) Match(ctx context.Context, tx *db.Scope, waveID string) error {
	match, err := s.matches(ctx, tx.Reader)
	if err != nil {
		return err
	}
	type found struct{ person, account string }
	var changed []found
	err = tx.Rows(ctx, `SELECT id, mail, reference, account_id FROM wave_people WHERE tenant_id = $1 AND wave_id = $2 ORDER BY id`, func(scan func(...any) error) error {
		var id, mail, number, account string
		if err := scan(&id, &mail, &number, &account); err != nil {
			return err
		}
		if now := match.of(mail, number); now != account {
			changed = append(changed, found{id, now})
		}
		return nil
	}, waveID)
	if err != nil {
		return err
	}
	for _, c := range changed {
		if _, err := tx.Exec(ctx, `UPDATE wave_people SET account_id = $4 WHERE tenant_id = $1 AND wave_id = $2 AND id = $3`, waveID, c.person, c.account); err != nil {
			return err
		}
	}
	return nil
}
