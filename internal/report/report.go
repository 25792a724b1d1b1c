package report

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/files"
	"tekentafel/internal/id"
	"tekentafel/internal/instrument"
	"tekentafel/internal/jobs"
	"tekentafel/internal/problem"
	"tekentafel/internal/report/analysis"
)

// State is where a report stands.
type State string

// The states.
const (
	Making State = "making"
	Ready  State = "ready"
	Failed State = "failed"
)

// Options of a report.
type Options struct {
	Population int      `json:"population,omitempty"` // people in the organisation; 0 when unknown
	By         []string `json:"by,omitempty"`         // background variables to break down by; none: those of the questionnaire
	Trim       float64  `json:"trim,omitempty"`       // largest weight as a multiple of the mean; 0 for no bound
	Also       []string `json:"also,omitempty"`       // columns outside the questionnaire to break down by besides
	GroupSize  int      `json:"group_size,omitempty"` // the smallest group that may be shown, where it is stricter than elsewhere
	Previous   string   `json:"previous,omitempty"`   // the report of the wave to measure changes against
}

// Report is what was computed from a source.
type Report struct {
	ID          string
	Source      string // "" once the answers are gone
	Title       string
	Wave        string
	Options     Options
	State       State
	Job         string
	Respondents int
	Synthetic   bool
	Trouble     jobs.Trouble // why it failed
	Published   time.Time    // zero: not published
	CreatedBy   string
	Created     time.Time
	Version     int64

	findings string // id of the file
}

// Resource is the report as access sees it.
func (r *Report) Resource(actor access.Actor) access.Resource {
	return access.Resource{Tenant: actor.Tenant, Published: r.State == Ready && !r.Published.IsZero()}
}

// Input is what one gives to make a report.
type Input struct {
	Source  string
	Title   string
	Wave    string
	Options Options
	Asked   asked.Request
}

// maxPopulation bounds the number of people, so that a slip of the finger is noticed.
const maxPopulation = 100_000_000

// Make starts to compute a report from stored answers and returns it in the state Making.
func (s *Service) Make(ctx context.Context, actor access.Actor, in Input) (Report, error) {
	if err := allow(actor, access.MakeReport); err != nil {
		return Report{}, err
	}
	in.Title, in.Wave = strings.TrimSpace(in.Title), strings.TrimSpace(in.Wave)
	if err := s.checkInput(ctx, actor, in); err != nil {
		return Report{}, err
	}
	var made Report
	err := s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) (err error) {
		made, err = asked.Once(ctx, tx, s.Now, in.Asked, func() (Report, error) {
			src, err := oneSource(ctx, tx.Reader, in.Source)
			if err != nil {
				return Report{}, err
			}
			if err := inherit(ctx, tx, src.ID, &in.Options); err != nil {
				return Report{}, err
			}
			r := Report{ID: id.New(s.Now()), Source: src.ID, Title: in.Title, Wave: in.Wave, Options: in.Options, State: Making,
				Synthetic: src.Synthetic, CreatedBy: actor.Owner, Created: s.Now(), Version: 1}
			if r.Job, err = s.Queue.Add(ctx, tx, jobs.New{Kind: makeJob, Subject: r.ID, Args: makeArgs{Report: r.ID}, Account: actor.Owner}); err != nil {
				return Report{}, err
			}
			if err := insertReport(ctx, tx, &r); err != nil {
				return Report{}, err
			}
			return r, s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "report.made", Subject: r.ID, Detail: map[string]string{"answers": src.ID}})
		})
		return err
	})
	return made, err
}

// inherit gives a report of answers that came from a wave what that wave said and no form asks: the group size that people were
// promised, the columns that were joined, and the wave to compare with.
func inherit(ctx context.Context, tx *db.Scope, sourceID string, o *Options) error {
	before, err := optionsOf(ctx, tx.Reader, sourceID)
	if err != nil {
		return err
	}
	for _, b := range before {
		o.GroupSize = max(o.GroupSize, b.GroupSize)
		o.Previous = cmp.Or(o.Previous, b.Previous)
		if o.Also == nil {
			o.Also = b.Also
		}
	}
	return nil
}

func (s *Service) checkInput(ctx context.Context, actor access.Actor, in Input) error {
	form := &problem.Form{Bundle: locale()}
	checkName(form, "title", in.Title)
	checkName(form, "wave", in.Wave)
	src, err := oneSource(ctx, s.DB.Of(actor.Tenant), in.Source)
	if err != nil {
		return err
	}
	if p := in.Options.Population; p != 0 && (p < src.Respondents || p > maxPopulation) {
		form.Wrong("population", "error.population", map[string]string{"n": fmt.Sprint(src.Respondents)})
	}
	if t := in.Options.Trim; t != 0 && (math.IsNaN(t) || t <= 1 || t > 1000) {
		form.Wrong("trim", "error.trim", nil)
	}
	q, err := s.Questionnaire(ctx, systemReader(actor), in.Source)
	if err != nil {
		return err
	}
	for _, by := range in.Options.By {
		if by == analysis.NoBreakdown && len(in.Options.By) == 1 {
			continue
		}
		if !slices.ContainsFunc(Breakdowns(q), func(it *instrument.Item) bool { return it.ID == by }) {
			form.Wrong("by", "error.by", map[string]string{"name": by})
		}
	}
	return form.Err()
}

// systemReader is the program reading for an actor that may make a report but, as a key, may not read answers.
func systemReader(actor access.Actor) access.Actor {
	return access.Actor{Kind: access.System, Tenant: actor.Tenant}
}

// Breakdowns lists the background questions by which a report may be broken down.
func Breakdowns(in *instrument.Instrument) []*instrument.Item {
	var list []*instrument.Item
	for i := range in.Items {
		it := &in.Items[i]
		if it.Topic == instrument.TopicBackground && !it.Sensitive && (it.Kind == instrument.Single || it.Kind == instrument.Category || it.Kind == instrument.Scale) {
			list = append(list, it)
		}
	}
	return list
}

// Reports lists the reports that actor may read, the newest first.
func (s *Service) Reports(ctx context.Context, actor access.Actor) ([]Report, error) {
	all := access.Can(actor, access.ReadReport, access.Resource{Tenant: actor.Tenant})
	if !all && !access.Can(actor, access.ReadReport, access.Resource{Tenant: actor.Tenant, Published: true}) {
		return nil, refuse(problem.Forbidden, "error.forbidden", nil)
	}
	return listReports(ctx, s.DB.Of(actor.Tenant), !all)
}

// Report returns a report that actor may read; one that it may not read is not there.
func (s *Service) Report(ctx context.Context, actor access.Actor, reportID string) (Report, error) {
	r, err := oneReport(ctx, s.DB.Of(actor.Tenant), reportID)
	if err != nil {
		return Report{}, err
	}
	if !access.Can(actor, access.ReadReport, r.Resource(actor)) {
		return Report{}, db.ErrNoRow
	}
	return r, nil
}

// errUnchanged says that a report is already as asked, so that the log has no second entry for one change.
var errUnchanged = errors.New("the report is as asked already")

// change runs a change to a report that actor may do action to.
func (s *Service) change(ctx context.Context, actor access.Actor, action access.Action, reportID, entry string, do func(*db.Scope, *Report) error) error {
	if err := allow(actor, action); err != nil {
		return err
	}
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		r, err := oneReport(ctx, tx.Reader, reportID)
		if err != nil {
			return err
		}
		if err := do(tx, &r); errors.Is(err, errUnchanged) {
			return nil
		} else if err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, actor, audit.Entry{Action: entry, Subject: reportID})
	})
}

// Publish shows a report to all staff. Publishing it again changes nothing.
func (s *Service) Publish(ctx context.Context, actor access.Actor, reportID string) error {
	return s.change(ctx, actor, access.PublishReport, reportID, "report.published", func(tx *db.Scope, r *Report) error {
		if r.State != Ready {
			return refuse(problem.Conflict, "error.not-ready", nil)
		}
		if !r.Published.IsZero() {
			return errUnchanged
		}
		return setPublished(ctx, tx, reportID, clock.Micros(s.Now()))
	})
}

// Withdraw hides a published report from staff again. Withdrawing one that is not published changes nothing.
func (s *Service) Withdraw(ctx context.Context, actor access.Actor, reportID string) error {
	return s.change(ctx, actor, access.PublishReport, reportID, "report.withdrawn", func(tx *db.Scope, r *Report) error {
		if r.Published.IsZero() {
			return errUnchanged
		}
		return setPublished(ctx, tx, reportID, 0)
	})
}

// Rename gives a report another title. Version is the one that the change was made on; when somebody else changed the
// report since, it is a Conflict.
func (s *Service) Rename(ctx context.Context, actor access.Actor, reportID, title string, version int64) error {
	form := &problem.Form{Bundle: locale()}
	checkName(form, "title", title)
	if err := form.Err(); err != nil {
		return err
	}
	return s.change(ctx, actor, access.ChangeReport, reportID, "report.renamed", func(tx *db.Scope, _ *Report) error {
		changed, err := setTitle(ctx, tx, reportID, strings.TrimSpace(title), version)
		if err == nil && !changed {
			err = refuse(problem.Conflict, "error.changed", nil)
		}
		return err
	})
}

// Delete takes a report away for good, with its links.
func (s *Service) Delete(ctx context.Context, actor access.Actor, reportID string) error {
	err := s.change(ctx, actor, access.ChangeReport, reportID, "report.deleted", func(tx *db.Scope, r *Report) error {
		return removeReport(ctx, tx, r)
	})
	if err == nil {
		s.cache.forget(actor.Tenant, reportID)
	}
	return err
}

func removeReport(ctx context.Context, tx *db.Scope, r *Report) error {
	if r.State == Making {
		return refuse(problem.Conflict, "error.making", nil)
	}
	if err := deleteReport(ctx, tx, r.ID); err != nil {
		return err
	}
	if r.findings == "" {
		return nil
	}
	return files.Delete(ctx, tx, r.findings)
}
