package desk

import (
	"embed"
	"errors"
	"net/http"
	"strings"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/people"
	"tekentafel/internal/people/quality"
	"tekentafel/internal/people/store"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// exampleFiles are files with made-up people, one for each language.
//
//go:embed example
var exampleFiles embed.FS

// doorView is the first page of the area.
type doorView struct {
	w       words
	counts  store.Counts
	last    *store.Import // the newest file that was applied
	when    time.Time     // it was
	any     bool          // something came in, whatever became of it
	weakest *quality.Score
	titles  int // proposals that wait
	people  int
	waiting []waits
	brings  bool
	reads   bool
}

// door shows where the data stands.
func (d *Desk) door(w http.ResponseWriter, r *web.Request) error {
	ctx := r.Context()
	v := doorView{w: in(r.Lang), brings: r.Can(access.ImportPeople), reads: r.Can(access.ReadPeople)}
	head, err := store.Head(ctx, d.store(r))
	if err != nil {
		return err
	}
	a, assessed, err := d.People.Assessed(ctx, r.Actor)
	switch {
	case errors.Is(err, db.ErrNoRow):
	case err != nil:
		return err
	default:
		v.judge(a)
	}
	if a != nil && a.Quality != nil && assessed.Revision == head.Current {
		v.counts = store.Counts{Units: int64(a.Quality.Units), Functions: int64(a.Quality.Functions), InService: int64(a.Quality.Staff.People)}
	} else if v.counts, err = store.Count(ctx, d.store(r), head.Current); err != nil {
		return err
	}
	if v.brings {
		if err := d.doorOfHR(r, &v); err != nil {
			return err
		}
	}
	p := page(r, v.w.say("title"))
	p.Crumbs, p.Lead = nil, v.w.say("door.lead")
	if v.brings && !v.empty() {
		p.Actions = []ui.Action{{Label: v.w.say("bring.do"), Href: importsAt + "/new", Kind: ui.Next}}
	}
	return r.Show(w, p, doorPage(v))
}

// doorOfHR adds what came in and what waits.
func (d *Desk) doorOfHR(r *web.Request, v *doorView) error {
	ctx := r.Context()
	list, err := d.People.Imports(ctx, r.Actor, store.ImportQuery{Limit: 1})
	if err != nil {
		return err
	}
	v.any = len(list) > 0
	if list, err = d.People.Imports(ctx, r.Actor, store.ImportQuery{State: store.Applied, Limit: 1}); err != nil {
		return err
	}
	if len(list) > 0 {
		v.last, v.when = &list[0], r.Local(list[0].Finished)
	}
	v.waiting, err = d.waiting(ctx, r)
	return err
}

// judge takes the weakest conclusion and the proposals out of an assessment.
func (v *doorView) judge(a *people.Assessment) {
	v.titles, v.people = len(a.Titles), len(a.People)
	if a.Quality == nil || a.Quality.Staff.People == 0 {
		return
	}
	for i := range a.Quality.Scores {
		s := &a.Quality.Scores[i]
		if v.weakest == nil || s.Points() < v.weakest.Points() {
			v.weakest = s
		}
	}
}

// empty tells whether there is no data yet.
func (v doorView) empty() bool { return v.counts == store.Counts{} && !v.any }

// tasks are what waits for HR.
func (v doorView) tasks() []ui.Task {
	var out []ui.Task
	for _, x := range v.waiting {
		t := ui.Task{Title: v.w.T("task."+x.key, i18n.Args{"file": x.v.FileName}), Text: v.w.say("task." + x.key + "-text"), Href: importAt(x.v.ID), Tag: v.w.say("state." + string(x.v.State)), Tone: tone(x.v.State)}
		out = append(out, t)
	}
	if !v.reads {
		return out
	}
	if v.titles > 0 {
		out = append(out, ui.Task{Title: v.w.n("task.titles", v.titles), Text: v.w.say("task.titles-text"), Href: titlesAt, Tag: v.w.say("task.propose"), Tone: ui.Info})
	}
	if v.people > 0 {
		out = append(out, ui.Task{Title: v.w.n("task.duplicates", v.people), Text: v.w.say("task.duplicates-text"), Href: duplicatesAt, Tag: v.w.say("task.propose"), Tone: ui.Info})
	}
	return out
}

// tiles lead to the parts of the area, each with where it stands.
func (v doorView) tiles() []ui.Tile {
	where := func(href string) string {
		if !v.reads {
			return ""
		}
		return href
	}
	out := []ui.Tile{
		{Title: v.w.say("tile.staff"), Href: where(listAt), Big: v.w.Int(int(v.counts.InService)), Text: v.w.say("tile.staff-text")},
		{Title: v.w.say("tile.units"), Href: where(unitsAt), Big: v.w.Int(int(v.counts.Units)), Text: v.w.say("tile.units-text")},
		{Title: v.w.say("tile.functions"), Href: where(functionsAt), Big: v.w.Int(int(v.counts.Functions)), Text: v.w.say("tile.functions-text")},
	}
	q := ui.Tile{Title: v.w.say("tile.quality"), Href: qualityAt, Text: v.w.say("tile.quality-none")}
	if s := v.weakest; s != nil {
		q.Big = v.w.Percent(s.Points() / 100)
		q.Text = v.w.T("tile.quality-text", i18n.Args{"conclusion": v.w.Inside(v.w.conclusion(s.Name))})
		q.Bar = &ui.Bar{Share: s.Points() / 100, Label: q.Text}
	}
	out = append(out, q)
	if v.brings {
		t := ui.Tile{Title: v.w.say("imports.title"), Href: importsAt, Text: v.w.say("tile.imports-none")}
		if v.last != nil {
			t.Text = v.w.T("tile.imports-text", i18n.Args{"when": v.w.Date(v.when), "file": v.last.FileName})
		}
		out = append(out, t)
	}
	if v.reads {
		out = append(out, ui.Tile{Title: v.w.say("revisions.title"), Href: revisionsAt, Text: v.w.say("tile.revisions-text")})
	}
	return append(out, ui.Tile{Title: v.w.say("settings.title"), Href: settingsAt, Text: v.w.say("tile.settings-text")})
}

// conclusion names a conclusion of package quality; one that is new there by its own name.
func (w words) conclusion(name string) string {
	key := "conclusion." + strings.ReplaceAll(name, " ", "-")
	if !w.Has(key) {
		return name
	}
	return w.say(key)
}

func (v doorView) emptyState() ui.Empty {
	if !v.brings {
		return ui.Empty{Title: v.w.say("door.empty"), Text: v.w.say("door.empty-others")}
	}
	return ui.Empty{Title: v.w.say("door.empty"), Text: v.w.say("door.empty-text"), Action: &ui.Action{Label: v.w.say("bring.first"), Href: importsAt + "/new", Kind: ui.Next}}
}

// example is a file with made-up people, to see what one looks like.
func (d *Desk) example(w http.ResponseWriter, r *web.Request) error {
	body, err := exampleFiles.ReadFile("example/" + string(r.Lang) + ".csv")
	if err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", `attachment; filename="`+in(r.Lang).say("door.example-name")+`.csv"`)
	return r.Send(w, http.StatusOK, "text/csv; charset=utf-8", append([]byte("\uFEFF"), body...))
}
