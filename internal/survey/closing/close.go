package closing

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/files"
	"tekentafel/internal/instrument"
	"tekentafel/internal/intake"
	"tekentafel/internal/jobs"
	"tekentafel/internal/problem"
	"tekentafel/internal/survey/wave"
)

// Stages of the jobs, as keys of messages.
const (
	stageOpen    = "open"
	stageShuffle = "shuffle"
	stageKeep    = "keep"
	stageTexts   = "texts"
	stageList    = "list"
	stageSweep   = "sweep"
)

// StageTitle says in words what a job is doing.
func (s *Service) StageTitle(stage string) problem.Message { return say("job."+stage, nil) }

// trim is the largest weight as a multiple of the mean: beyond it a few people would count for many.
const trim = 5

// snapshotName is the name of the file with the answers of a wave, by which an attempt that did not get to its end is cleaned up.
func snapshotName(waveID string) string { return "wave-" + waveID + ".snapshot" }

// Close does the work of a job of kind wave.CloseJob. Called again after a crash it starts anew, or does nothing when the answers
// were handed over.
func (s *Service) Close(ctx context.Context, j *jobs.Job, p *jobs.Progress) (jobs.Finish, error) {
	r := s.DB.Of(j.Tenant)
	w, err := wave.One(ctx, r, j.Subject)
	if err != nil {
		return nil, err
	}
	if w.State != wave.Closed && w.State != wave.Published {
		return nil, refuse(problem.Conflict, "error.open", nil)
	}
	if there, err := sealedYet(ctx, r, w.ID); err != nil || !there {
		return nil, err
	}
	yaml, in, err := s.questionnaire(ctx, r, &w)
	if err != nil {
		return nil, err
	}
	_, groupSize, synthetic, err := s.Organisations.About(ctx, w.Tenant)
	if err != nil {
		return nil, err
	}
	k := max(w.GroupSize, groupSize, in.GroupSize)
	asked, err := withGroupSize(yaml, k)
	if err != nil {
		return nil, err
	}
	h := Handover{Wave: w.ID, Title: w.Title, Questionnaire: asked, GroupSize: k, Trim: trim, Synthetic: synthetic, Account: j.Account}
	texts, err := s.prepare(ctx, &w, in, &h, p)
	if errors.Is(err, errFew) {
		return s.tooFew(&w, j.Account, k), nil
	}
	if err != nil {
		return nil, err
	}
	p.Step(stageTexts, 0, 0)
	if err := s.keepTexts(ctx, &w, texts, k); err != nil {
		return nil, err
	}
	if w.Previous != "" {
		before, err := wave.One(ctx, r, w.Previous)
		if err != nil && !errors.Is(err, db.ErrNoRow) {
			return nil, err
		}
		h.Previous = before.Report
	}
	return func(ctx context.Context, tx *db.Scope) error { return s.handOver(ctx, tx, &w, h) }, nil
}

// errFew says that too few answered to say anything.
var errFew = errors.New("fewer answered than a group may have")

// prepare puts the answers in the store as a file that nothing refers to yet, and returns the texts. The error is errFew when
// fewer than a group may have answered; nothing is then in the store.
func (s *Service) prepare(ctx context.Context, w *wave.Wave, in *instrument.Instrument, h *Handover, p *jobs.Progress) (map[string][]string, error) {
	about, err := s.Urn.Settle(ctx, w)
	if err != nil {
		return nil, err
	}
	all, err := combinations(ctx, s.DB.Of(w.Tenant), w.ID)
	if err != nil {
		return nil, err
	}
	f, err := newFrame(all)
	if err != nil {
		return nil, err
	}
	f.match(w, in, s.Variable)
	g, err := s.gather(ctx, w, in, f, about, h.GroupSize, p)
	if err != nil {
		return nil, err
	}
	if g.answers.N < h.GroupSize {
		return nil, errFew
	}
	g.answers.Synthetic = h.Synthetic
	h.Respondents, h.Also = g.answers.N, g.also
	if w.Mode != wave.OpenLink {
		h.Population = max(f.people, g.answers.N)
		if h.Margins, err = f.margins(g.answers); err != nil {
			return nil, err
		}
	}
	p.Step(stageKeep, 0, 0)
	h.Snapshot, err = s.keep(ctx, w, g.answers)
	return g.texts, err
}

// keep writes the answers as a snapshot to the store.
func (s *Service) keep(ctx context.Context, w *wave.Wave, a *instrument.Answers) (fileID string, err error) {
	if err := s.dropAttempts(ctx, w, ""); err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp(s.Dir, "close-*")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "answers")
	if err := intake.WriteSnapshot(path, a); err != nil {
		return "", err
	}
	f, err := os.Open(filepath.Clean(path))
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	file, err := files.Stage(ctx, s.DB, w.Tenant, s.Now, snapshotName(w.ID), "application/octet-stream", f)
	if err != nil {
		return "", err
	}
	return file.ID, files.Leave(s.Dir, file.ID, path) // for the report, which comes next
}

// dropAttempts takes away the snapshots of a wave but the one that was handed over.
func (s *Service) dropAttempts(ctx context.Context, w *wave.Wave, handedOver string) error {
	ids, err := files.Named(ctx, s.DB.Of(w.Tenant), snapshotName(w.ID))
	if err != nil {
		return err
	}
	for _, fileID := range ids {
		if fileID != handedOver {
			err = errors.Join(err, files.Drop(s.Dir, fileID))
		}
	}
	return errors.Join(err, files.Unstage(ctx, s.DB, w.Tenant, snapshotName(w.ID), handedOver))
}

// questionnaire reads the questionnaire as it was asked.
func (s *Service) questionnaire(ctx context.Context, r db.Reader, w *wave.Wave) ([]byte, *instrument.Instrument, error) {
	yaml, err := wave.Questionnaire(ctx, r, w.ID)
	if err != nil {
		return nil, nil, err
	}
	if wave.HashOf(yaml) != w.InstrumentHash {
		return nil, nil, fmt.Errorf("the questionnaire of wave %s is not the one that was locked at its launch; restore a backup", w.ID)
	}
	in, err := instrument.Parse("questionnaire.yaml", yaml)
	return yaml, in, err
}

// groupSizeLine is where a questionnaire says how small a group may be.
var groupSizeLine = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^group_size:.*$`) })

// withGroupSize writes the group size that people were promised into a questionnaire, so that it goes wherever the answers go and
// no report of them can show smaller groups. Nothing else of it changes.
func withGroupSize(yaml []byte, k int) ([]byte, error) {
	line := fmt.Appendf(nil, "group_size: %d", k)
	out := groupSizeLine().ReplaceAllLiteral(yaml, line)
	if !groupSizeLine().Match(yaml) {
		out = slices.Concat(bytes.TrimRight(yaml, "\n"), []byte("\n"), line, []byte("\n"))
	}
	in, err := instrument.Parse("questionnaire.yaml", out)
	if err == nil && in.GroupSize != k {
		err = fmt.Errorf("the questionnaire does not take the group size %d", k)
	}
	return out, err
}

// textBatch is how many texts are written or deleted in one transaction.
const textBatch = 500

// keepTexts writes texts in a random order with random ids, those of questions that k people or more wrote to. Nobody sees them
// before the keys are destroyed.
func (s *Service) keepTexts(ctx context.Context, w *wave.Wave, texts map[string][]string, k int) error {
	for more := true; more; {
		err := s.DB.Write(ctx, w.Tenant, func(tx *db.Scope) error {
			n, err := clearTexts(ctx, tx, w.ID, textBatch)
			more = n == textBatch
			return err
		})
		if err != nil {
			return err
		}
	}
	for item, list := range texts {
		if len(list) < k {
			continue
		}
		for part := range slices.Chunk(list, textBatch) {
			err := s.DB.Write(ctx, w.Tenant, func(tx *db.Scope) error {
				for _, text := range part {
					if err := insertText(ctx, tx, w.ID, item, strings.ToLower(rand.Text()), text); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// handOver is the transaction after which nothing can be undone.
func (s *Service) handOver(ctx context.Context, tx *db.Scope, w *wave.Wave, h Handover) error {
	if there, err := sealedYet(ctx, tx.Reader, w.ID); err != nil || !there {
		return err
	}
	source, report, err := s.Reports.AddWave(ctx, tx, h)
	if err != nil {
		return err
	}
	if err := wave.SetReport(ctx, tx, w.ID, source, report); err != nil {
		return err
	}
	return s.destroy(ctx, tx, w, h, audit.Entry{Action: "wave.handed-over", Subject: w.ID,
		Detail: map[string]string{"respondents": fmt.Sprint(h.Respondents)}})
}

// tooFew ends a wave to which so few answered that nothing may be said: the answers are destroyed all the same.
func (s *Service) tooFew(w *wave.Wave, account string, k int) jobs.Finish {
	return func(ctx context.Context, tx *db.Scope) error {
		if there, err := sealedYet(ctx, tx.Reader, w.ID); err != nil || !there {
			return err
		}
		return s.destroy(ctx, tx, w, Handover{Account: account}, audit.Entry{Action: "wave.too-few", Subject: w.ID, Detail: map[string]string{"least": fmt.Sprint(k)}})
	}
}

// destroy takes the keys away and lets a job sweep up what they opened.
func (s *Service) destroy(ctx context.Context, tx *db.Scope, w *wave.Wave, h Handover, entry audit.Entry) error {
	if err := destroyKeys(ctx, tx, w.ID); err != nil {
		return err
	}
	if _, err := s.Queue.Add(ctx, tx, jobs.New{Kind: sweepJob, Subject: w.ID, Args: sweepArgs{h.Snapshot}, Account: h.Account, Unique: w.ID}); err != nil {
		return err
	}
	return s.Audit.Record(ctx, tx, program(w.Tenant), entry)
}
