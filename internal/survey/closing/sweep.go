package closing

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/files"
	"tekentafel/internal/jobs"
	"tekentafel/internal/survey/ballot"
	"tekentafel/internal/survey/wave"
)

const sweepJob = "wave-sweep"

// sweepArgs are what the job is given.
type sweepArgs struct {
	Snapshot string `json:"snapshot"` // the file that was handed over; "" for none
}

// sweepKind is the job that writes the list of ballots and deletes what nothing opens any more.
func (s *Service) sweepKind() jobs.Kind {
	return jobs.Kind{
		Name: sweepJob, Title: say("job.sweep-title", nil), StageTitle: s.StageTitle, MaxAttempts: 20, Timeout: 2 * time.Hour,
		Link: func(j jobs.Job) string { return "/waves/" + j.Subject }, LinkAction: access.ReadWave,
		Run: s.sweep,
	}
}

// Rows that are deleted or emptied in one transaction, so that others write in between.
const sweepRows = 5000

func (s *Service) sweep(ctx context.Context, j *jobs.Job, p *jobs.Progress) (jobs.Finish, error) {
	r := s.DB.Of(j.Tenant)
	w, err := wave.One(ctx, r, j.Subject)
	if err != nil {
		return nil, err
	}
	var args sweepArgs
	if err := j.Args(&args); err != nil {
		return nil, err
	}
	// What an attempt left that was given up while it worked.
	if err := s.dropAttempts(ctx, &w, args.Snapshot); err != nil {
		return nil, err
	}
	if w.Mode == wave.Anonymous {
		if err := s.keepList(ctx, &w, p); err != nil {
			return nil, err
		}
	}
	total, err := countAnswers(ctx, r, w.ID)
	if err != nil {
		return nil, err
	}
	for done, more := int64(0), true; more; {
		p.Step(stageSweep, done, total)
		err := s.DB.Write(ctx, w.Tenant, func(tx *db.Scope) error {
			n, err := sweepAnswers(ctx, tx, w.ID, sweepRows)
			done, more = done+n, n == sweepRows
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	for last, more := "", true; more; {
		err := s.DB.Write(ctx, w.Tenant, func(tx *db.Scope) error {
			to, err := sweepPeople(ctx, tx, w.ID, last, sweepRows)
			last, more = to, to != ""
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	if err := files.Drop(s.Dir, args.Snapshot); err != nil {
		return nil, err
	}
	if err := s.DB.Checkpoint(ctx); err != nil { // what was deleted stands in the write-ahead log until then
		return nil, err
	}
	return func(ctx context.Context, tx *db.Scope) error {
		return s.Audit.Record(ctx, tx, program(w.Tenant), audit.Entry{Action: "wave.swept", Subject: w.ID})
	}, nil
}

// listName is the name of the list of ballots of a wave; while it is being written it has another.
func listName(waveID string) string { return "wave-" + waveID + ".ballots" }

// ListFile returns the file with the list of ballots of a wave that is closed; db.ErrNoRow while there is none. Anyone may have it:
// it names nobody.
func ListFile(ctx context.Context, r db.Reader, waveID string) (files.File, error) {
	ids, err := files.Named(ctx, r, listName(waveID))
	if err != nil {
		return files.File{}, err
	}
	if len(ids) == 0 {
		return files.File{}, db.ErrNoRow
	}
	return files.Get(ctx, r, ids[0])
}

// keepList writes the list of ballots, once. The answers stand there until it is kept.
func (s *Service) keepList(ctx context.Context, w *wave.Wave, p *jobs.Progress) (err error) {
	r := s.DB.Of(w.Tenant)
	if _, err := ListFile(ctx, r, w.ID); !errors.Is(err, db.ErrNoRow) {
		return err
	}
	making := listName(w.ID) + ".part"
	if err := files.Unstage(ctx, s.DB, w.Tenant, making); err != nil {
		return err
	}
	f, err := os.CreateTemp(s.Dir, "ballots-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	if err := s.writeList(ctx, w, f, p); err != nil {
		return err
	}
	if _, err := f.Seek(0, 0); err != nil {
		return err
	}
	file, err := files.Stage(ctx, s.DB, w.Tenant, s.Now, making, "text/plain; charset=utf-8", f)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, w.Tenant, func(tx *db.Scope) error {
		_, err := tx.Exec(ctx, `UPDATE files SET name = $3 WHERE tenant_id = $1 AND id = $2`, file.ID, listName(w.ID))
		return err
	})
}

// writeList writes the list of ballots to a file.
func (s *Service) writeList(ctx context.Context, w *wave.Wave, f *os.File, p *jobs.Progress) error {
	r := s.DB.Of(w.Tenant)
	head, err := s.listHead(ctx, w)
	if err != nil {
		return err
	}
	return ballot.WriteList(f, head, func(put func(stratum string, b ballot.Ballot) error) error {
		last := []byte{}
		for done := int64(0); ; {
			p.Step(stageList, done, head.Answers)
			n := 0
			err := ballotsAfter(ctx, r, w.ID, last, sweepRows, func(key []byte, stratum string, raw []byte) error {
				var b ballot.Ballot
				if len(raw) != len(b.Message)+len(b.Signature) {
					return fmt.Errorf("a ballot of wave %s has %d bytes", w.ID, len(raw))
				}
				copy(b.Message[:], raw)
				copy(b.Signature[:], raw[len(b.Message):])
				last, n = key, n+1
				return put(stratum, b)
			})
			if err != nil || n < sweepRows {
				return err
			}
			done += int64(n)
		}
	})
}

// listHead says what the organisation says of a wave.
func (s *Service) listHead(ctx context.Context, w *wave.Wave) (ballot.Header, error) {
	r := s.DB.Of(w.Tenant)
	name, _, _, err := s.Organisations.About(ctx, w.Tenant)
	if err != nil {
		return ballot.Header{}, err
	}
	launch, err := wave.LaunchOf(ctx, r, w.ID)
	if err != nil {
		return ballot.Header{}, err
	}
	head := ballot.Header{Organisation: name, Code: w.Code, Title: w.Title, Mode: string(w.Mode), Opened: s.day(w.Opens), Closed: s.day(w.Closes),
		Instrument: w.InstrumentHash, GroupSize: int64(w.GroupSize), People: int64(launch.People)}
	if head.Answers, err = countAnswers(ctx, r, w.ID); err != nil {
		return head, err
	}
	given, err := issued(ctx, r, w.ID)
	if err != nil {
		return head, err
	}
	strata, err := wave.Strata(ctx, r, w.ID)
	if err != nil {
		return head, err
	}
	for _, st := range strata {
		head.Keys = append(head.Keys, ballot.ListKey{Stratum: st.Name, Public: st.Public, People: int64(st.People), Issued: given[st.Name]})
		head.Issued += given[st.Name]
	}
	return head, nil
}
