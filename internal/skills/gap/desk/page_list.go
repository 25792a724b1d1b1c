package desk

import (
	"context"
	"errors"
	"net/http"

	"tekentafel/internal/db"
	"tekentafel/internal/jobs"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// listView is the waves that measured skills.
type listView struct {
	words
	table ui.Table
	makes bool
}

func (s *Service) list(w http.ResponseWriter, r *web.Request) error {
	ctx, t := r.Context(), r.Actor.Tenant
	v := listView{words: in(r), makes: r.Can(makes)}
	list, err := s.reports(ctx, t)
	if err != nil {
		return err
	}
	gaps, err := rows(ctx, s.DB.Of(t))
	if err != nil {
		return err
	}
	v.table = ui.Table{Caption: v.say("list.table"), HideCaption: true, Columns: []ui.Column{{Label: v.say("list.wave")}, {Label: v.say("list.answers"), Numeric: true}, {Label: v.say("list.state")}, {Label: v.say("list.made")}}}
	p := page(r, v.say("title"))
	p.Lead = v.say("list.lead")
	for i := range list {
		one := &list[i]
		g := gaps[one.ID]
		made := "–"
		if !g.made.IsZero() {
			made = v.Moment(r.Local(g.made))
		}
		tone, key := stateOf(&g)
		v.table.Rows = append(v.table.Rows, ui.Row{Cells: []ui.Cell{{Text: one.Title, Href: home + "/" + one.ID}, {Text: v.Int(one.Respondents)}, {Content: ui.Tag(tone, v.say(key))}, {Text: made}}})
		p.Synthetic = p.Synthetic || one.Synthetic
	}
	if len(list) > 0 {
		p.Actions = []ui.Action{{Label: v.with("list.newest", "wave", list[0].Title), Href: home + "/" + list[0].ID, Kind: ui.Next}}
	}
	return r.Show(w, p, listPage(v))
}

// stateOf says where a gap stands; the zero row is one that was never computed.
func stateOf(g *row) (ui.Tone, string) {
	switch {
	case g.state == making:
		return ui.Info, "state.making"
	case g.state == failed:
		return ui.Failure, "state.failed"
	case g.file != "":
		return ui.Success, "state.ready"
	}
	return ui.Muted, "state.none"
}

func (v *listView) nothing() ui.Empty {
	e := ui.Empty{Title: v.say("list.empty"), Text: v.say("list.empty-text")}
	if v.makes {
		e.Action = &ui.Action{Label: v.say("list.empty-do"), Href: "/waves", Kind: ui.Next}
	}
	return e
}

// ask starts a computation.
func (s *Service) ask(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	if err := s.Ask(r.Context(), r.Actor, id, r.Asked(form, id)); err != nil {
		return err
	}
	return r.Redirect(w, home+"/"+id, notice(r, "asked"))
}

// work is how far a computation is; nil when none is under way.
func (s *Service) work(r *web.Request, b *board) (*ui.Work, error) {
	if b.row == nil || b.row.state != making {
		return nil, nil //nolint:nilnil // none is under way, and that is no error
	}
	here := b.at("")
	v := &ui.Work{ID: "gap-work", Title: b.say("job.title"), State: ui.Queued, Stage: b.say("job.waits"), Refresh: here,
		Poll: map[string]any{"hx-get": here + "/progress", "hx-trigger": "every 2s", "hx-swap": "outerHTML"}}
	j, err := s.Queue.Newest(r.Context(), r.Actor, b.report.ID, jobName)
	if errors.Is(err, db.ErrNoRow) { // who sees no jobs is told that one is under way
		return v, nil
	}
	if err != nil {
		return nil, err
	}
	if j.State == jobs.Running {
		v.State, v.Stage = ui.Running, s.Queue.StageTitle(j).In(r.Lang)
		v.Known, v.Share, v.Elapsed = j.Total > 0, float64(j.Done)/float64(max(1, j.Total)), s.Now().Sub(j.Started)
	}
	return v, nil
}

// progress is the panel that renews itself; when the work is done the page comes anew.
func (s *Service) progress(w http.ResponseWriter, r *web.Request) error {
	b, err := s.open(r)
	if err != nil {
		return err
	}
	v, err := s.work(r, b)
	if err != nil {
		return err
	}
	if v == nil {
		return r.Redirect(w, b.at(""), nil)
	}
	return r.Part(w, ui.WorkPanel(*v))
}

// Ranks of tasks, as web.Task has them.
const (
	rankFailed = 26
	rankPlaces = 30
	rankAsk    = 38
)

// Tasks says what waits for a person here, of the newest wave: nobody computed its gap, or said where answers belong, or it could not be
// computed.
func (s *Service) Tasks(ctx context.Context, r *web.Request) ([]web.Task, error) {
	if !r.Can(makes) {
		return nil, nil
	}
	list, err := s.reports(ctx, r.Actor.Tenant)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	newest := &list[0]
	v, err := rowOf(ctx, s.DB.Of(r.Actor.Tenant), newest.ID)
	if ignoreMissing(err) != nil {
		return nil, err
	}
	said, err := readingOf(ctx, s.DB.Of(r.Actor.Tenant), newest.Source)
	if err != nil {
		return nil, err
	}
	w := in(r)
	task := web.Task{Href: home + "/" + newest.ID, Tag: w.say("door")}
	switch {
	case v.state == failed:
		task.Title, task.Text, task.Label, task.Rank, task.Tone = w.with("task.failed", "wave", newest.Title), w.say("task.failed-text"), w.say("task.failed-do"), rankFailed, ui.Failure
	case v.state == ready && said == nil && newest.Source != "":
		m, err := s.Needs.Map(ctx, r.Actor.Tenant)
		if err != nil || len(m.Org.Tallies) == 0 { // first the personnel data: what is settled without it stays without it
			return nil, err
		}
		task.Href += "/reading"
		task.Title, task.Text, task.Label, task.Rank, task.Tone = w.with("task.places", "wave", newest.Title), w.say("places.text"), w.say("places.do"), rankPlaces, ui.Warning
	case v.state == "" && newest.Source != "":
		task.Title, task.Text, task.Label, task.Rank, task.Tone = w.with("task.ask", "wave", newest.Title), w.say("task.ask-text"), w.say("task.ask-do"), rankAsk, ui.Info
	default:
		return nil, nil
	}
	return []web.Task{task}, nil
}
