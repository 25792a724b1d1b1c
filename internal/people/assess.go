package people

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/jobs"
	"tekentafel/internal/people/draft"
	"tekentafel/internal/people/linkage"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/quality"
	"tekentafel/internal/people/store"
)

// Assessment is how good the data was at a revision, and which titles and people are probably one. It is kept as JSON.
type Assessment struct {
	Quality *quality.Result `json:"quality"`
	Titles  []SameTitles    `json:"titles,omitempty"` // the ones with most people first
	People  []SamePeople    `json:"people,omitempty"` // the most probable first
	Found   int             `json:"found"`            // sets of titles and pairs of people that were found; the first ones are kept
	Recall  float64         `json:"recall,omitempty"` // estimated share of all second records that were compared at all
	// Unlinked is how many people there are when they are too many to look for second records by likeness; 0 otherwise. What is
	// equal in the number, the mail address or the name with the year of birth is found all the same, by the checks.
	Unlinked int `json:"unlinked,omitempty"`
}

// MostLinked is among how many people second records are looked for: the search holds some 4 kB a person in memory.
const MostLinked = 300_000

// SameTitles are functions that are probably one.
type SameTitles struct {
	Functions []string           `json:"functions"` // ids
	Into      string             `json:"into"`      // the one whose name the others could take
	People    int                `json:"people"`
	Lowest    float64            `json:"lowest"` // probability of the pair that is least sure
	Evidence  []linkage.Evidence `json:"evidence,omitempty"`
	A         string             `json:"a,omitempty"` // the pair that Evidence is about: the least sure one
	B         string             `json:"b,omitempty"`
}

// SamePeople are two records that are probably of one person.
type SamePeople struct {
	A           string             `json:"a"`
	B           string             `json:"b"`
	Probability float64            `json:"probability"`
	Evidence    []linkage.Evidence `json:"evidence"`
}

// mostProposals is how many sets of titles, and how many pairs of people, are kept.
const mostProposals = 300

// Assessed returns the newest assessment and the revision that it is of; db.ErrNoRow before the first.
func (s *Service) Assessed(ctx context.Context, actor access.Actor) (*Assessment, store.Quality, error) {
	if err := allow(actor, access.ReadQuality); err != nil {
		return nil, store.Quality{}, err
	}
	r := s.DB.Of(actor.Tenant)
	head, err := store.Head(ctx, r)
	if err != nil {
		return nil, store.Quality{}, err
	}
	q, err := store.QualityOf(ctx, r, head.Current)
	if err != nil {
		return nil, q, err
	}
	a := &Assessment{}
	return a, q, json.Unmarshal([]byte(q.Result), a)
}

// Trend returns the assessments before and including the newest, the newest first, at most limit, without proposals.
func (s *Service) Trend(ctx context.Context, actor access.Actor, limit int) ([]*quality.Result, []store.Quality, error) {
	if err := allow(actor, access.ReadQuality); err != nil {
		return nil, nil, err
	}
	r := s.DB.Of(actor.Tenant)
	head, err := store.Head(ctx, r)
	if err != nil {
		return nil, nil, err
	}
	kept, err := store.Qualities(ctx, r, head.Current, limit)
	if err != nil {
		return nil, nil, err
	}
	var out []*quality.Result
	for i := range kept {
		a := Assessment{}
		if err := json.Unmarshal([]byte(kept[i].Result), &a); err != nil {
			return nil, nil, err
		}
		kept[i].Result = ""
		out = append(out, a.Quality)
	}
	return out, kept, nil
}

// AskAssessment starts an assessment of what stands now.
func (s *Service) AskAssessment(ctx context.Context, actor access.Actor) error {
	if err := allow(actor, access.ChangePeople); err != nil {
		return err
	}
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error { return s.askAssessment(ctx, tx, actor) })
}

func (s *Service) askAssessment(ctx context.Context, tx *db.Scope, actor access.Actor) error {
	_, err := s.Queue.Add(ctx, tx, jobs.New{Kind: assessJob, Subject: "all", Account: actor.Owner, Unique: "all"})
	return err
}

// assessKind is the job that looks for second records and says how good the data is.
func (s *Service) assessKind() jobs.Kind {
	return jobs.Kind{
		Name: assessJob, Title: say("job.assess-title", nil), StageTitle: stageTitle, Timeout: 2 * time.Hour,
		Link: func(jobs.Job) string { return "/staff/quality" }, LinkAction: access.ReadQuality,
		Run: s.assess,
	}
}

// assess is the job.
func (s *Service) assess(ctx context.Context, j *jobs.Job, p *jobs.Progress) (jobs.Finish, error) {
	r := s.DB.Of(j.Tenant)
	p.Step(stageLoad, 0, 0)
	o, at, err := s.standing(ctx, r)
	if err != nil {
		return nil, err
	}
	day := s.today()
	s.counted.keep(j.Tenant, &headcount{at, day, headcountOf(o, day)})
	_, k, _, err := s.Organisations.About(ctx, j.Tenant)
	if err != nil {
		return nil, err
	}
	titles, err := store.Decisions(ctx, r, store.Title)
	if err != nil {
		return nil, err
	}
	twice, err := store.Decisions(ctx, r, store.Duplicate)
	if err != nil {
		return nil, err
	}
	p.Step(stageLink, 0, 0)
	progress := func(_ linkage.Stage, done, total int) { p.Step(stageLink, int64(done), int64(total)) }
	a := &Assessment{}
	in := quality.Input{Day: day, K: max(k, 5)}
	if err := a.linkTitles(ctx, o, titles, progress, &in); err != nil {
		return nil, err
	}
	if err := a.linkPeople(ctx, o, twice, progress, &in); err != nil {
		return nil, err
	}
	p.Step(stageCheck, 0, 0)
	if a.Quality, err = quality.Assess(ctx, o, in); err != nil {
		return nil, err
	}
	text, err := json.Marshal(a)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, tx *db.Scope) error {
		if err := store.PutQuality(ctx, tx, store.Quality{Revision: at, At: s.Now(), Result: string(text)}); err != nil {
			return err
		}
		now, err := store.Head(ctx, tx.Reader)
		if err != nil || now.Current == at {
			return err
		}
		if newest, err := store.RevisionOf(ctx, tx.Reader, now.Current); err != nil || newest.Kind == store.BySCIM {
			return errors.Join(err, s.askSoon(ctx, tx, j.Account))
		}
		// What changed meanwhile could not ask, because this job ran. Its key is that of the revision, so that the next one waits for it.
		_, err = s.Queue.Add(ctx, tx, jobs.New{Kind: assessJob, Subject: "all", Account: j.Account, Unique: itoa(int(now.Current))})
		return err
	}, nil
}

// linkTitles finds functions that are probably one.
func (a *Assessment) linkTitles(ctx context.Context, o *org.Organisation, decided []store.Decision, progress func(linkage.Stage, int, int), in *quality.Input) error {
	count, units := map[string]int{}, map[string][]string{}
	for i := range o.Posts {
		post := &o.Posts[i]
		if post.Function == "" || !post.On(in.Day) {
			continue
		}
		count[post.Function]++
		if list := units[post.Function]; len(list) < 50 && !slices.Contains(list, post.Unit) {
			units[post.Function] = append(list, post.Unit)
		}
	}
	var list []linkage.Title
	ids := map[string][]string{} // by the key of decisions; several functions may have one
	for i := range o.Functions {
		f := &o.Functions[i]
		if !f.On(in.Day) {
			continue
		}
		list = append(list, linkage.Title{Key: f.ID, Text: f.Name, Family: f.Family, Level: string(f.Level), ISCO: f.ISCO, Units: units[f.ID], People: count[f.ID]})
		key := draft.FunctionKey(f.Name)
		ids[key] = append(ids[key], f.ID)
	}
	known, different := knownOf(decided, ids)
	in.DifferentFunctions = different
	got, err := linkage.Titles(ctx, list, linkage.Options{Known: known, Progress: progress})
	if err != nil {
		return err
	}
	pairs := map[[2]int]*linkage.Pair{}
	for i := range got.Pairs {
		pairs[[2]int{got.Pairs[i].A, got.Pairs[i].B}] = &got.Pairs[i]
	}
	for _, c := range got.Clusters {
		if c.Decided {
			continue
		}
		set := SameTitles{Into: list[c.Canonical].Key, Lowest: c.Lowest}
		var weakest *linkage.Pair
		for i, m := range c.Members {
			set.Functions = append(set.Functions, list[m].Key)
			set.People += list[m].People
			for _, other := range c.Members[i+1:] {
				if p := pairs[[2]int{m, other}]; p != nil && (weakest == nil || p.Probability < weakest.Probability) {
					weakest = p
				}
			}
		}
		if weakest != nil {
			set.A, set.B, set.Evidence = list[weakest.A].Key, list[weakest.B].Key, weakest.Evidence
		}
		a.Titles = append(a.Titles, set)
		in.Merges = append(in.Merges, quality.Merge{Into: set.Into, Functions: set.Functions})
	}
	slices.SortStableFunc(a.Titles, func(x, y SameTitles) int { return y.People - x.People })
	a.Found += len(a.Titles)
	a.Titles = a.Titles[:min(len(a.Titles), mostProposals)]
	return nil
}

// linkPeople finds records that are probably of one person. Who is out of service counts too: people come back under another number.
func (a *Assessment) linkPeople(ctx context.Context, o *org.Organisation, decided []store.Decision, progress func(linkage.Stage, int, int), in *quality.Input) error {
	if len(o.People) > MostLinked {
		a.Unlinked = len(o.People)
		return nil
	}
	list := make([]linkage.Person, 0, len(o.People))
	ids := map[string][]string{}
	j := 0
	for i := range o.People {
		p := &o.People[i]
		row := linkage.Person{Key: p.ID, Number: p.Number, Given: p.Given, Family: p.Family, Mail: p.Mail, BirthYear: p.BirthYear, Hidden: p.Hidden}
		for j < len(o.Posts) && o.Posts[j].Person < p.ID {
			j++
		}
		if j < len(o.Posts) && o.Posts[j].Person == p.ID {
			row.Unit, row.Function = o.Posts[j].Unit, o.Posts[j].Function
		}
		list = append(list, row)
		if key := PersonKey(p); key != "" {
			ids[key] = append(ids[key], p.ID)
		}
	}
	known, different := knownOf(decided, ids)
	in.DifferentPeople = different
	got, err := linkage.People(ctx, list, linkage.Options{Known: known, Progress: progress, MaxPairs: 5000})
	if err != nil {
		return err
	}
	a.Recall, a.Found = got.Recall, a.Found+len(got.Pairs)
	for i := range got.Pairs {
		p := &got.Pairs[i]
		if i < mostProposals {
			for j := range p.Evidence { // what is kept of an assessment names nobody
				p.Evidence[j].Args, p.Evidence[j].Differences = nil, nil
			}
			a.People = append(a.People, SamePeople{list[p.A].Key, list[p.B].Key, p.Probability, p.Evidence})
		}
	}
	for _, c := range got.Clusters {
		var set []string
		for _, m := range c.Members {
			set = append(set, list[m].Key)
		}
		in.Same = append(in.Same, set)
	}
	return nil
}

// PersonKey is by what a decision names a person: the staff number, else the mail address, else the hash of the national number.
func PersonKey(p *org.Person) string {
	switch {
	case p.Number != "":
		return p.Number
	case p.Mail != "":
		return p.Mail
	default:
		return p.Hidden
	}
}

// knownOf puts decisions on keys as decisions on ids.
func knownOf(decided []store.Decision, ids map[string][]string) (known []linkage.Decision, different [][2]string) {
	for i := range decided {
		d := &decided[i]
		for _, a := range ids[d.A] {
			for _, b := range ids[d.B] {
				if a == b {
					continue
				}
				known = append(known, linkage.Decision{A: a, B: b, Same: d.Verdict == store.Same})
				if d.Verdict == store.Different {
					different = append(different, [2]string{a, b})
				}
			}
		}
	}
	return known, different
}

// decisionsOf returns the decisions by which an import is laid on the organisation.
func decisionsOf(ctx context.Context, r db.Reader) (draft.Decisions, error) {
	d := draft.Decisions{Functions: map[string]string{}, Units: map[string]string{}, People: map[string]string{}}
	var failed error
	for kind, to := range map[store.Subject]map[string]string{store.Title: d.Functions, store.Moved: d.Units, store.Duplicate: d.People} {
		list, err := store.Decisions(ctx, r, kind)
		failed = errors.Join(failed, err)
		for i := range list {
			v := &list[i]
			if v.Verdict != store.Same || v.Into == "" {
				continue
			}
			to[goes(v)] = v.Into
		}
	}
	return d, failed
}
