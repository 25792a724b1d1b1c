package items

import (
	"net/http"
	"time"

	"tekentafel/internal/jobs"
	"tekentafel/internal/skills/items/tune"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// calibrationView is where items are calibrated: what answers there are, the work, and what came out.
type calibrationView struct {
	words
	tabs   []ui.Link
	waves  []Wave
	gifts  int
	work   *ui.Work
	form   *ui.FormState
	writes bool
	list   ui.Table
	latest *Calibration
}

func (s *Service) calibration(w http.ResponseWriter, r *web.Request) error {
	v := calibrationView{words: wordsOf(r), form: web.NewForm(), writes: r.Can(writes)}
	v.tabs = v.words.tabs(calibrateAt)
	var err error
	if v.waves, err = s.waves(r.Context(), r.Actor.Tenant); err != nil {
		return err
	}
	if v.gifts, _, err = giftsOf(r.Context(), s.reader(r)); err != nil {
		return err
	}
	if v.work, err = s.work(r); err != nil {
		return err
	}
	list, err := calibrations(r.Context(), s.reader(r), keptCalibrations)
	if err != nil {
		return err
	}
	if len(list) > 0 {
		v.latest = &list[0]
	}
	if err := v.listed(list, s.who(r)); err != nil {
		return err
	}
	p := below(r, v.say("calibration.title"))
	p.Lead, p.Live = v.say("calibration.lead"), v.work != nil
	if v.latest != nil && v.latest.Adopted == 0 && v.latest.Result.Count(tune.Calibrated) > 0 && v.work == nil {
		p.Actions = []ui.Action{{Label: v.say("calibration.look"), Href: calibrationsAt + v.latest.ID, Kind: ui.Next}}
	}
	return r.Show(w, p, calibrationPage(v))
}

// enough tells whether there is anything to calibrate from.
func (v *calibrationView) enough() bool { return len(v.waves) > 0 || v.gifts > 0 }

// answers is where answers come from, as a table.
func (v *calibrationView) answers() ui.Table {
	t := ui.Table{Caption: v.say("answers.title"), HideCaption: true, Columns: []ui.Column{{Label: v.say("what.source")}, {Label: v.say("what.day")}}}
	for _, x := range v.waves {
		title := x.Title
		if x.Synthetic {
			title += " (" + v.say("made-up") + ")"
		}
		t.Rows = append(t.Rows, ui.Row{Cells: ui.Texts(title, v.Date(v.local(x.Day)))})
	}
	if v.gifts > 0 {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: v.n("answers.gifts", v.gifts)}, {Text: v.say("answers.no-day"), Quiet: true}}})
	}
	return t
}

func (v *calibrationView) listed(list []Calibration, who func(string) (string, error)) error {
	v.list = ui.Table{Caption: v.say("list.title"), HideCaption: true, Columns: []ui.Column{{Label: v.say("what.day")}, {Label: v.say("what.calibrated"), Numeric: true}, {Label: v.say("what.state")}, {Label: v.say("what.who")}}}
	for i := range list {
		c := &list[i]
		name, err := who(c.Account)
		if err != nil {
			return err
		}
		state := v.say("state.proposed")
		if c.Adopted > 0 {
			state = v.with("state.adopted", "n", itoa(c.Adopted))
		}
		v.list.Rows = append(v.list.Rows, ui.Row{Cells: []ui.Cell{{Text: v.Moment(v.local(c.At)), Href: calibrationsAt + c.ID}, {Text: v.Int(c.Result.Count(tune.Calibrated))}, {Text: state}, {Text: name}}})
	}
	return nil
}

func (v *calibrationView) choice() ui.Choice {
	return ui.Choice{Field: ui.Field{Name: "gifts", Label: v.say("choice.label")}, Chosen: []string{"yes"}, Options: []ui.Option{
		{Value: "yes", Label: v.say("choice.yes"), Hint: v.say("choice.yes-hint")}, {Value: "no", Label: v.say("choice.no")}}}
}

// work is how far the job is; nil when none waits or runs.
func (s *Service) work(r *web.Request) (*ui.Work, error) {
	j, err := s.Queue.Newest(r.Context(), r.Actor, subject, calibrateJob)
	if missing(err) {
		return nil, nil //nolint:nilnil // no work is nothing to show
	}
	if err != nil {
		return nil, err
	}
	w := wordsOf(r)
	panel := &ui.Work{ID: "calibrate-work", Title: w.say("job.title"), State: ui.Queued, Stage: w.say("job.waits"), Refresh: calibrateAt,
		Poll: map[string]any{"hx-get": calibrateAt + "/progress", "hx-trigger": "every 2s", "hx-swap": "outerHTML"}}
	if r.Can(writes) && !j.State.Ended() {
		panel.Actions = []ui.Action{{Label: w.say("job.stop"), Href: "/jobs/" + j.ID + "/stop", Kind: ui.Quiet}}
	}
	switch j.State {
	case jobs.Running:
		panel.State, panel.Stage = ui.Running, s.Queue.StageTitle(j).In(r.Lang)
		panel.Known, panel.Share = j.Total > 0, float64(j.Done)/float64(max(1, j.Total))
		panel.Elapsed = s.Now().Sub(j.Started)
	case jobs.Waiting:
	case jobs.Failed:
		if s.Now().Sub(j.Finished) > 24*time.Hour {
			return nil, nil //nolint:nilnil // told for a day
		}
		panel.State, panel.Stage, panel.Mend, panel.Poll = ui.Failed, j.Trouble.In(r.Lang), w.say("job.mend"), nil
	case jobs.Done, jobs.Cancelled:
		return nil, nil //nolint:nilnil // it ended
	}
	return panel, nil
}

// progress is the panel of the work, or sends to the page when it ended.
func (s *Service) progress(w http.ResponseWriter, r *web.Request) error {
	panel, err := s.work(r)
	if err != nil {
		return err
	}
	if panel == nil {
		return r.Redirect(w, calibrateAt, nil)
	}
	return r.Part(w, ui.WorkPanel(*panel))
}

func (s *Service) calibrate(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	gifts := form.Get("gifts") != "no"
	if _, err := s.Calibrate(r.Context(), r.Actor, gifts, r.Asked(form, gifts)); err != nil {
		return err
	}
	return r.Redirect(w, calibrateAt, notice(r, "calibrating"))
}
