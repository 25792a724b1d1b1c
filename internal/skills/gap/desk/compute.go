package desk

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"
	"slices"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/files"
	"tekentafel/internal/jobs"
	"tekentafel/internal/problem"
	sk "tekentafel/internal/skills/asked"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/gap"
	"tekentafel/internal/skills/gap/desk/placing"
	"tekentafel/internal/skills/needs/demand"
	"tekentafel/internal/tenant"
)

const jobName = "gap"

// args are what the job is given.
type args struct {
	Report string `json:"report"`
}

// stages are what the job does, as keys of messages.
const (
	stageRead    = "read"
	stagePlace   = "place"
	stageCompute = "compute"
	stageKeep    = "keep"
)

// kind is the job that computes a gap.
func (s *Service) kind() jobs.Kind {
	return jobs.Kind{
		Name: jobName, Title: say("job.title", nil), StageTitle: func(stage string) problem.Message { return say("job."+stage, nil) },
		Link: func(j jobs.Job) string { return home + "/" + j.Subject }, LinkAction: reads,
		Run: s.compute, Failed: s.failed,
	}
}

// ReportReady starts to compute the gap of a report that was made ready in the transaction of tx, where it measures skills.
func (s *Service) ReportReady(ctx context.Context, tx *db.Scope, reportID string) error {
	in, err := s.Reports.Asked(ctx, tx.Reader, reportID)
	if errors.Is(err, db.ErrNoRow) {
		return nil
	}
	if err != nil {
		return err
	}
	m, err := s.Needs.Map(ctx, tx.Tenant())
	if err != nil { // a report is not held up by what functions ask: HR can have the gap computed
		return ctx.Err()
	}
	if !measures(in, m.Framework.Skills) {
		return nil
	}
	return s.add(ctx, tx, reportID, "")
}

func (s *Service) add(ctx context.Context, tx *db.Scope, reportID, account string) error {
	job, err := s.Queue.Add(ctx, tx, jobs.New{Kind: jobName, Subject: reportID, Args: args{reportID}, Account: account, Unique: reportID})
	if err != nil {
		return err
	}
	return start(ctx, tx, reportID, job, account)
}

// Ask starts to compute the gap of a report, for the first time or again. What is shown of it stays until the new is there.
func (s *Service) Ask(ctx context.Context, actor access.Actor, reportID string, ask asked.Request) error {
	if err := allow(actor, makes); err != nil {
		return err
	}
	report, err := s.report(ctx, actor.Tenant, reportID)
	if err == nil && report.Source == "" {
		err = refuse(problem.Gone, "error.gone", nil)
	}
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		_, err := asked.Once(ctx, tx, s.Now, ask, func() (string, error) {
			if err := s.add(ctx, tx, reportID, actor.Owner); err != nil {
				return "", err
			}
			return reportID, s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "skills.gap-asked", Subject: reportID})
		})
		return err
	})
}

// report returns a report that is ready and measures skills; db.ErrNoRow for any other.
func (s *Service) report(ctx context.Context, t tenant.ID, reportID string) (Report, error) {
	list, err := s.reports(ctx, t)
	if err != nil {
		return Report{}, err
	}
	if i := slices.IndexFunc(list, func(r Report) bool { return r.ID == reportID }); i >= 0 {
		return list[i], nil
	}
	return Report{}, db.ErrNoRow
}

// reports lists the reports that measure skills, the newest first.
func (s *Service) reports(ctx context.Context, t tenant.ID) ([]Report, error) {
	list, err := s.Reports.Ready(ctx, t)
	if err != nil {
		return nil, err
	}
	var out []Report
	for i := range list {
		ok, err := s.measures(ctx, t, &list[i])
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, list[i])
		}
	}
	return out, nil
}

// measures tells whether a report measures skills. What was once found of its answers holds.
func (s *Service) measures(ctx context.Context, t tenant.ID, r *Report) (bool, error) {
	key := string(t) + "/" + r.ID
	if ok, known := s.measured.get(key); known {
		return ok, nil
	}
	if r.Source == "" {
		v, err := rowOf(ctx, s.DB.Of(t), r.ID)
		return v.file != "", ignoreMissing(err)
	}
	in, err := s.Reports.Asked(ctx, s.DB.Of(t), r.ID)
	if errors.Is(err, db.ErrNoRow) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	m, err := s.Needs.Map(ctx, t)
	if err != nil {
		return false, err
	}
	ok := measures(in, m.Framework.Skills)
	s.measured.put(key, ok)
	return ok, nil
}

// ignoreMissing takes a row that is not there for no error.
func ignoreMissing(err error) error {
	if errors.Is(err, db.ErrNoRow) {
		return nil
	}
	return err
}

// work is everything that a computation rests on.
type work struct {
	wave      *Wave
	needs     *demand.Map
	banks     []*framework.Bank
	readiness *gap.Readiness
	earlier   *gap.Gap
	facts     Facts
	said      *kept
	layout    *placing.Layout
}

// compute is the job: answers, staff list and map of needs in, a result out.
func (s *Service) compute(ctx context.Context, j *jobs.Job, p *jobs.Progress) (jobs.Finish, error) {
	var a args
	if err := j.Args(&a); err != nil {
		return nil, err
	}
	r := s.DB.Of(j.Tenant)
	v, err := rowOf(ctx, r, a.Report)
	if err != nil {
		return nil, gone(err)
	}
	w, err := s.gather(ctx, r, &v, p)
	if err != nil {
		return nil, err
	}
	p.Step(stageCompute, 0, 0)
	in := inputOf(w.wave, w.layout, w.needs.Framework, w.banks)
	in.Readiness, in.Earlier = w.readiness, w.earlier
	if w.earlier != nil {
		in.Skills = gap.Hold(in.Skills, w.earlier)
	}
	secret := s.secret(j.Tenant, w.wave.Source)
	g, err := gap.Compute(ctx, in, gap.Options{Secret: secret[:], Seed: s.seed(j.Tenant, w.wave.Source), Draws: s.Draws})
	if err != nil {
		return nil, said(err)
	}
	p.Step(stageKeep, 0, 0)
	packed, err := pack(g)
	if err != nil {
		return nil, err
	}
	facts, err := json.Marshal(&w.facts)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, tx *db.Scope) error {
		now, err := rowOf(ctx, tx.Reader, a.Report)
		if errors.Is(err, db.ErrNoRow) || err == nil && now.job != j.ID {
			return nil // taken away meanwhile
		}
		if err != nil {
			return err
		}
		file, err := files.Add(ctx, tx, s.Now, "gap", resultType, bytes.NewReader(packed))
		if err != nil {
			return err
		}
		if _, err := finish(ctx, tx, a.Report, j.ID, file.ID, facts, s.Now()); err != nil {
			return err
		}
		tx.AfterCommit(func() { s.boards.put(place{j.Tenant, file.ID}, newIndex(g)) })
		if now.file != "" {
			return files.Delete(ctx, tx, now.file)
		}
		return nil
	}, nil
}

// gather reads what a computation rests on.
func (s *Service) gather(ctx context.Context, r db.Reader, v *row, p *jobs.Progress) (*work, error) {
	w := &work{}
	var err error
	p.Step(stageRead, 0, 0)
	if w.wave, err = s.Reports.Answers(ctx, r, v.report, p); err != nil {
		return nil, gone(err)
	}
	p.Step(stagePlace, 0, 0)
	if w.needs, err = s.Needs.Map(ctx, r.Tenant()); err != nil {
		return nil, err
	}
	if !measures(w.wave.Answers.Instrument, w.needs.Framework.Skills) {
		return nil, refuse(problem.Invalid, "error.no-skills", nil)
	}
	if err := s.items(ctx, r, w); err != nil {
		return nil, err
	}
	if s.Quality != nil {
		if w.readiness, err = s.Quality.Readiness(ctx, r); err != nil {
			return nil, err
		}
	}
	if err := s.compare(ctx, r, w); err != nil {
		return nil, err
	}
	if w.said, err = readingOf(ctx, r, w.wave.Source); err != nil {
		return nil, err
	}
	w.place()
	f := &w.facts
	f.Needs, f.Staff, f.Ready, f.Weighted = w.needs.State.Seq, s.prints.of(r.Tenant(), w.needs), w.readiness != nil, w.wave.Weights != nil
	f.Said, f.Detail, f.Divided, f.Labels, f.Places, f.Rest = w.said != nil, w.layout.Detail, w.layout.Divided, w.layout.Labels, w.layout.Places, w.layout.Rest
	f.Mixed = twoDigits(w.layout.Mixed)
	if c := w.needs.Coverage(); c.People > 0 {
		f.Decided = twoDigits(float64(c.Seen()) / float64(c.People))
	}
	return w, nil
}

// items reads the items of the test with the parameters in use.
func (s *Service) items(ctx context.Context, r db.Reader, w *work) (err error) {
	if s.Parameters == nil {
		w.banks, err = sk.Banks()
		return err
	}
	if w.facts.Parameters, err = s.Parameters.Revision(ctx, r); err == nil { // before the banks: what is adopted meanwhile makes the result out of date
		w.banks, err = s.Parameters.Banks(ctx, r)
	}
	return err
}

// compare finds the result of the earlier wave.
func (s *Service) compare(ctx context.Context, r db.Reader, w *work) error {
	if w.wave.Previous == "" {
		return nil
	}
	before, err := rowOf(ctx, r, w.wave.Previous)
	if err != nil || before.file == "" {
		return ignoreMissing(err)
	}
	x, err := s.load(ctx, r, before.file)
	if errors.Is(err, gap.ErrVersion) {
		return nil // nothing is said of a result that an older program made
	}
	if err != nil {
		return err
	}
	w.earlier, w.facts.Earlier, w.facts.Before = x.Gap, w.wave.Previous, before.file
	return nil
}

// place lays respondents out where HR said that they are. Until somebody did, they are all together: figures of groups under two readings could
// be subtracted from each other.
func (w *work) place() {
	w.facts.Columns = placing.Columns(w.wave.Answers, w.wave.Columns)
	if w.said != nil {
		m := w.needs
		if w.said.Unstaffed {
			alone := *m
			alone.Org = &demand.Organisation{}
			m = &alone
		}
		reading := w.said.With(w.facts.Columns, m.Org)
		w.layout = placing.Lay(w.facts.Columns, &reading, m, w.said.Families)
		return
	}
	counts := make([][]int, len(w.facts.Columns))
	for i := range w.facts.Columns {
		counts[i] = w.facts.Columns[i].Counts(w.wave.Answers)
	}
	w.facts.Proposed = placing.Propose(w.facts.Columns, counts, w.needs.Org, nil)
	w.layout = placing.Lay(w.facts.Columns, &placing.Reading{}, w.needs, nil)
}

// secret belongs to a wave: the same for every computation of it, and known to nobody who reads results.
func (s *Service) secret(t tenant.ID, source string) [32]byte {
	return [32]byte(s.Box.Keyed("skills gap/"+string(t), []byte("errors of the scores of "+source)))
}

func (s *Service) seed(t tenant.ID, source string) uint64 {
	return binary.LittleEndian.Uint64(s.Box.Keyed("skills gap/"+string(t), []byte("draws of "+source)))
}

// gone says that what the job works on was taken away meanwhile.
func gone(err error) error {
	if errors.Is(err, db.ErrNoRow) {
		return refuse(problem.Gone, "error.gone", nil).Because(err)
	}
	return err
}

// said puts what is wrong with the input into words.
func said(err error) error {
	var input *gap.InputError
	switch {
	case errors.Is(err, gap.ErrNobody):
		return refuse(problem.Invalid, "error.nobody", nil).Because(err)
	case errors.As(err, &input):
		return refuse(problem.Invalid, "error.input", nil).Because(err)
	}
	return err
}

// failed keeps why a gap could not be computed, with the transaction that gives the job up.
func (s *Service) failed(ctx context.Context, tx *db.Scope, j *jobs.Job) error {
	trouble, err := json.Marshal(j.Trouble)
	if err != nil {
		return err
	}
	return fail(ctx, tx, j.Subject, j.ID, trouble)
}

// Say keeps where HR says that respondents are, for good, and computes again. A problem of kind Conflict says that it was said before, or that
// the gap changed since the version that HR saw.
func (s *Service) Say(ctx context.Context, actor access.Actor, reportID string, version int64, reading placing.Reading, ask asked.Request) error {
	if err := allow(actor, makes); err != nil {
		return err
	}
	report, err := s.report(ctx, actor.Tenant, reportID)
	if err == nil && report.Source == "" {
		err = refuse(problem.Gone, "error.gone", nil)
	}
	if err != nil {
		return err
	}
	m, err := s.Needs.Map(ctx, actor.Tenant)
	if err != nil {
		return err
	}
	k := kept{Reading: reading, Families: map[string]string{}, Unstaffed: len(m.Org.Tallies) == 0}
	for i := range m.Org.Functions {
		k.Families[m.Org.Functions[i].ID] = m.Org.Functions[i].Family
	}
	text, err := json.Marshal(&k)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		_, err := asked.Once(ctx, tx, s.Now, ask, func() (string, error) {
			v, err := rowOf(ctx, tx.Reader, reportID)
			if err != nil {
				return "", err
			}
			if v.version != version || v.state == making {
				return "", refuse(problem.Conflict, "error.changed", nil)
			}
			first, err := keepReading(ctx, tx, report.Source, text)
			if err == nil && !first {
				err = refuse(problem.Conflict, "error.said", nil)
			}
			if err != nil {
				return "", err
			}
			if err := s.add(ctx, tx, reportID, actor.Owner); err != nil {
				return "", err
			}
			return reportID, s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "skills.gap-read", Subject: reportID})
		})
		return err
	})
}

// Confirm says that respondents are where the program proposes.
func (s *Service) Confirm(ctx context.Context, actor access.Actor, reportID string, ask asked.Request) error {
	v, err := rowOf(ctx, s.DB.Of(actor.Tenant), reportID)
	if err == nil && v.facts == nil {
		err = db.ErrNoRow
	}
	if err != nil {
		return err
	}
	m, err := s.Needs.Map(ctx, actor.Tenant)
	if err != nil {
		return err
	}
	return s.Say(ctx, actor, reportID, v.version, placing.Propose(v.facts.Columns, nil, m.Org, &v.facts.Proposed), ask)
}

func twoDigits(x float64) float64 { return math.Round(100*x) / 100 }
