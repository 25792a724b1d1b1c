package items

import (
	"context"
	"slices"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/id"
	"tekentafel/internal/instrument"
	"tekentafel/internal/jobs"
	"tekentafel/internal/problem"
	asking "tekentafel/internal/skills/asked"
	"tekentafel/internal/skills/check"
	"tekentafel/internal/skills/items/tune"
	"tekentafel/internal/stats/irt"
	"tekentafel/internal/tenant"
)

const (
	calibrateJob     = "calibrate-items"
	subject          = "skill-items" // of the job
	stageRead        = "read"
	stageSkill       = "skill"
	keptCalibrations = 12 // that were never taken in use
)

// calibrateArgs is what the job is given.
type calibrateArgs struct {
	Gifts bool `json:"gifts"`
}

// kind is the job.
func (s *Service) kind() jobs.Kind {
	return jobs.Kind{
		Name: calibrateJob, Title: say("job.title", nil), StageTitle: func(stage string) problem.Message { return say("job."+stage, nil) },
		Link: func(jobs.Job) string { return calibrateAt }, LinkAction: reads, Run: s.run, MaxAttempts: 2,
	}
}

// Calibrate asks for a calibration, with gifts or from waves alone. It returns the id of the job: that of the one under way when there is one.
func (s *Service) Calibrate(ctx context.Context, actor access.Actor, gifts bool, ask asked.Request) (job string, err error) {
	if err := allow(actor, writes); err != nil {
		return "", err
	}
	err = s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		job, err = asked.Once(ctx, tx, s.Now, ask, func() (string, error) {
			made, err := s.Queue.Add(ctx, tx, jobs.New{Kind: calibrateJob, Subject: subject, Args: calibrateArgs{gifts}, Account: actor.Owner, Unique: subject})
			if err != nil {
				return "", err
			}
			return made, s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "skill-items.calibrated", Subject: made})
		})
		return err
	})
	return job, err
}

// run computes a calibration.
func (s *Service) run(ctx context.Context, j *jobs.Job, p *jobs.Progress) (jobs.Finish, error) {
	var args calibrateArgs
	if err := j.Args(&args); err != nil {
		return nil, err
	}
	r := s.DB.Of(j.Tenant)
	u, err := s.usedBy(ctx, r)
	if err != nil {
		return nil, err
	}
	p.Step(stageRead, 0, 0)
	in, synthetic, err := s.gather(ctx, r, u.material, args.Gifts, p)
	if err != nil {
		return nil, err
	}
	result, err := tune.Run(ctx, in, func(skill int) { p.Step(stageSkill, int64(skill), int64(len(in.Skills))) })
	if err != nil {
		return nil, err
	}
	k, err := s.Organisations.GroupSize(ctx, j.Tenant)
	if err != nil {
		return nil, err
	}
	result.Coarsen(max(fewest, k))
	c := Calibration{ID: id.New(s.Now()), At: s.Now(), Account: j.Account, Gifts: args.Gifts, Synthetic: synthetic, Base: u.version.Number, Result: result}
	return func(ctx context.Context, tx *db.Scope) error { return insertCalibration(ctx, tx, &c, keptCalibrations) }, nil
}

// waves lists the waves that count: made-up answers only where there are no others.
func (s *Service) waves(ctx context.Context, t tenant.ID) ([]Wave, error) {
	if s.Waves == nil {
		return nil, nil
	}
	list, err := s.Waves.Waves(ctx, t)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(list, func(w Wave) bool { return !w.Synthetic }) {
		list = slices.DeleteFunc(slices.Clone(list), func(w Wave) bool { return w.Synthetic })
	}
	return list, nil
}

// gather brings together what is calibrated. Parameters now are those of m.
func (s *Service) gather(ctx context.Context, r db.Reader, m *check.Material, gifts bool, p *jobs.Progress) (in *tune.Input, synthetic bool, err error) {
	in = s.empty(m)
	list, err := s.waves(ctx, r.Tenant())
	if err != nil {
		return nil, false, err
	}
	for _, w := range list {
		a, err := s.Waves.Answers(ctx, r.Tenant(), w.ID, p)
		if problem.Is(err, problem.Gone) {
			continue
		}
		if err != nil {
			return nil, false, err
		}
		in.Sources = append(in.Sources, tune.Source{Kind: tune.Wave, ID: w.ID, Title: w.Title})
		s.addWave(in, a)
		if last := len(in.People) - 1; in.People[last] == 0 { // its situations were not put to anybody
			in.Sources, in.People = in.Sources[:last], in.People[:last]
			continue
		}
		synthetic = synthetic || w.Synthetic
	}
	if gifts {
		_, kept, err := giftsOf(ctx, r)
		if err != nil {
			return nil, false, err
		}
		if err := s.addGifts(in, kept); err != nil {
			return nil, false, err
		}
	}
	return in, synthetic, nil
}

// empty is what is calibrated before there are answers.
func (s *Service) empty(m *check.Material) *tune.Input {
	in := &tune.Input{}
	for _, l := range m.Framework.Levels {
		if l.From != nil {
			in.Cuts = append(in.Cuts, *l.From)
		}
	}
	for _, id := range m.Skills() {
		in.Skills = append(in.Skills, tune.Skill{ID: id})
	}
	for i := range m.Items {
		it, guess := &m.Items[i], &s.Material.Items[i]
		to := &in.Skills[slices.Index(m.Skills(), it.Skill)]
		to.Items = append(to.Items, tune.Item{ID: it.ID, Mark: it.Mark(), Guess: itemOf(guess), Now: itemOf(it)})
	}
	return in
}

func itemOf(it *check.Item) irt.Item {
	return irt.Item{A: it.Parameters.A, B: slices.Clone(it.Parameters.B), C: it.Parameters.C}
}

// addWave adds the people of a wave, the last source.
func (s *Service) addWave(in *tune.Input, a *instrument.Answers) {
	ids := make([]string, len(in.Skills))
	for i := range in.Skills {
		ids[i] = in.Skills[i].ID
	}
	answered := make([]bool, a.N)
	for i, found := range asking.Read(a, ids, banksOf(s.Material)) {
		k := &in.Skills[i]
		at := make([]int, len(found.Test))
		for j, x := range found.Test {
			at[j] = slices.IndexFunc(k.Items, func(it tune.Item) bool { return it.ID == x.Item })
		}
		for person := range a.N {
			one := tune.Person{Source: len(in.Sources) - 1}
			for j, x := range found.Test {
				if c := x.Answers[person]; c > 0 && at[j] >= 0 {
					one.Field = x.Field[person]
					one.Answers = append(one.Answers, tune.Answer{Item: at[j], Category: int(c - 1)})
				}
			}
			if len(one.Answers) > 0 {
				k.People = append(k.People, one)
				answered[person] = true
			}
		}
	}
	n := 0
	for _, any := range answered {
		if any {
			n++
		}
	}
	in.People = append(in.People, n)
}

// addGifts adds the gifts as a source of their own; none when there are none.
func (s *Service) addGifts(in *tune.Input, kept []byte) error {
	list, err := parseGifts(kept)
	if err != nil || len(list) == 0 {
		return err
	}
	type place struct{ skill, item int }
	places := make([]place, len(s.Material.Items))
	seen := map[string]int{}
	for i := range s.Material.Items {
		id := s.Material.Items[i].Skill
		places[i] = place{slices.Index(s.Material.Skills(), id), seen[id]}
		seen[id]++
	}
	in.Sources, in.People = append(in.Sources, tune.Source{Kind: tune.Gifts}), append(in.People, len(list))
	for _, gift := range list {
		answers, field, ok := s.Material.ReadGift(gift)
		if !ok {
			continue
		}
		people := make([]tune.Person, len(in.Skills))
		for _, a := range answers {
			to := &people[places[a.Item].skill]
			to.Answers = append(to.Answers, tune.Answer{Item: places[a.Item].item, Category: a.Category})
		}
		for i := range people {
			if len(people[i].Answers) > 0 {
				people[i].Source, people[i].Field = len(in.Sources)-1, field
				in.Skills[i].People = append(in.Skills[i].People, people[i])
			}
		}
	}
	return nil
}

// Calibrations lists the newest calibrations.
func (s *Service) Calibrations(ctx context.Context, actor access.Actor) ([]Calibration, error) {
	if err := allow(actor, reads); err != nil {
		return nil, err
	}
	return calibrations(ctx, s.DB.Of(actor.Tenant), keptCalibrations)
}

// Calibration returns a calibration; db.ErrNoRow when there is none.
func (s *Service) Calibration(ctx context.Context, actor access.Actor, calibration string) (Calibration, error) {
	if err := allow(actor, reads); err != nil {
		return Calibration{}, err
	}
	return calibrationOf(ctx, s.DB.Of(actor.Tenant), calibration)
}
