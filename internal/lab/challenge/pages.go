package challenge

import (
	"bytes"
	_ "embed"
	"net/http"
	"slices"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/lab"
	"tekentafel/internal/lab/shelf"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

const noticeBundle = "lab-challenges"

const reachAt = shelf.Challenges + "/reach"

// AddTo makes routes and notices known to a server.
func (s *Service) AddTo(server *web.Server) error {
	server.AddNotices(noticeBundle, locale())
	return server.Add(
		web.Route{Pattern: "GET /lab/challenges", Action: shelf.Uses, Handle: s.list},
		web.Route{Pattern: "GET /lab/challenges/reach", Action: access.ReadUse, Handle: s.reachPage},
		web.Route{Pattern: "GET /lab/challenges/{id}", Action: shelf.Uses, Handle: s.show},
		web.Route{Pattern: "GET /lab/challenges/{id}/card", Action: shelf.Uses, Handle: s.card},
		web.Route{Pattern: "POST /lab/challenges/{id}/done", Action: shelf.Uses, Handle: s.done},
		web.Route{Pattern: "POST /lab/challenges/{id}/undo", Action: shelf.Uses, Handle: s.undo},
	)
}

func at(id string) string { return shelf.Challenges + "/" + id }

// Entry returns what the chat shows of a challenge, by the id of its entry; ok is false for an id that is none.
func (s *Service) Entry(id string, lang instrument.Lang) (e lab.Entry, ok bool) {
	for i := range s.Challenges {
		if x := &s.Challenges[i]; x.Entry() == id {
			w := shelf.In(locale(), lang)
			return lab.Entry{ID: id, Title: w.Of(x.Title), System: x.System(lang), Reminder: w.Of(x.Rule), Look: w.All(x.Look), Back: at(x.ID) + "#reveal"}, true
		}
	}
	return lab.Entry{}, false
}

// List lists the challenges of a skill, or all for "", for a page.
func (s *Service) List(lang instrument.Lang, skill Skill, done map[string]bool) []shelf.Entry {
	w := shelf.In(locale(), lang)
	var out []shelf.Entry
	for i := range s.Challenges {
		x := &s.Challenges[i]
		if skill != "" && x.Skill != skill {
			continue
		}
		e := shelf.Entry{Title: w.Of(x.Title), Href: at(x.ID), Text: w.Of(x.About), Tags: []string{w.Say("work." + string(x.Work)), w.Count("minutes", x.Minutes)}}
		if done[x.ID] {
			e.Done = w.Say("done.tag")
		}
		out = append(out, e)
	}
	return out
}

// Fresh lists a few challenges that somebody did not do yet, of other skills where there are, for desk and field in turn.
func (s *Service) Fresh(lang instrument.Lang, done map[string]bool, most int) []shelf.Entry {
	var ids []string
	pick := func(skill Skill, work Work) {
		for i := range s.Challenges {
			if x := &s.Challenges[i]; len(ids) < most && x.Skill == skill && (work == "" || x.Work == work) && !done[x.ID] && !slices.Contains(ids, x.ID) {
				ids = append(ids, x.ID)
				return
			}
		}
	}
	for i, skill := range Skills() {
		pick(skill, []Work{Desk, Field}[i%2])
	}
	for range s.Challenges {
		for _, skill := range Skills() {
			pick(skill, "")
		}
	}
	var out []shelf.Entry
	for i, e := range s.List(lang, "", done) {
		if slices.Contains(ids, s.Challenges[i].ID) {
			out = append(out, e)
		}
	}
	return out
}

// listView is the challenges by skill.
type listView struct {
	shelf.Words
	s    *Service
	done map[string]bool
}

func (s *Service) list(w http.ResponseWriter, r *web.Request) error {
	done, err := s.Done(r.Context(), r.Actor.Tenant, r.Actor.Owner)
	if err != nil {
		return err
	}
	v := listView{shelf.In(locale(), r.Lang), s, done}
	p := shelf.Page(v.Words, v.Say("title"))
	p.Lead = v.Say("lead")
	return r.Show(w, p, listPage(v))
}

// view is one challenge.
type view struct {
	shelf.Words
	x    *Challenge
	done bool
	from string // on paper: the organisation
	link string // on paper: where it stands
}

func (s *Service) show(w http.ResponseWriter, r *web.Request) error {
	x := s.Find(r.PathValue("id"))
	if x == nil {
		return db.ErrNoRow
	}
	done, err := s.Done(r.Context(), r.Actor.Tenant, r.Actor.Owner)
	if err != nil {
		return err
	}
	v := view{Words: shelf.In(locale(), r.Lang), x: x, done: done[x.ID]}
	p := shelf.Page(v.Words, v.Of(x.Title), ui.Link{Label: v.Say("title"), Href: shelf.Challenges})
	p.Lead = v.Of(x.About)
	p.Kicker = v.kicker()
	return r.Show(w, p, showPage(v))
}

func (v view) kicker() string {
	return v.Say("skill."+string(v.x.Skill)) + " · " + v.Say("work."+string(v.x.Work)) + " · " + v.Count("minutes", v.x.Minutes)
}

func (s *Service) done(w http.ResponseWriter, r *web.Request) error {
	id := r.PathValue("id")
	if err := s.Do(r.Context(), r.Actor, id); err != nil {
		return err
	}
	return r.Redirect(w, at(id)+"#done", r.Notice(noticeBundle, "notice.done"))
}

func (s *Service) undo(w http.ResponseWriter, r *web.Request) error {
	x := s.Find(r.PathValue("id"))
	if x == nil {
		return db.ErrNoRow
	}
	if err := s.TakeBack(r.Context(), r.Actor, x.ID); err != nil {
		return err
	}
	return r.Redirect(w, at(x.ID)+"#done", r.Notice(noticeBundle, "notice.undone"))
}

//go:embed card.css
var cardStyle string

// card sends a challenge to print.
func (s *Service) card(w http.ResponseWriter, r *web.Request) error {
	x := s.Find(r.PathValue("id"))
	if x == nil {
		return db.ErrNoRow
	}
	lang := r.Lang
	if wanted := instrument.Lang(r.URL.Query().Get("lang")); slices.Contains(instrument.Languages(), wanted) {
		lang = wanted
	}
	v := view{Words: shelf.In(locale(), lang), x: x, from: r.Org.Name, link: r.Absolute(at(x.ID))}
	var out bytes.Buffer
	if err := ui.Paper(&out, lang, v.Of(x.Title), cardStyle, cardPaper(v)); err != nil {
		return err
	}
	w.Header().Set("Content-Security-Policy", ui.PaperPolicy)
	return r.Send(w, http.StatusOK, "text/html; charset=utf-8", out.Bytes())
}

// reachView is how many people did what.
type reachView struct {
	shelf.Words
	table *ui.Table // nil: nothing yet
	k     int
}

func (s *Service) reachPage(w http.ResponseWriter, r *web.Request) error {
	list, err := s.Reach(r.Context(), r.Actor.Tenant)
	if err != nil {
		return err
	}
	names := map[string]string{}
	if s.Places != nil {
		all, err := s.Places.Departments(r.Context(), s.DB.Of(r.Actor.Tenant))
		if err != nil {
			return err
		}
		for _, d := range all {
			names[d.ID] = d.Name
		}
	}
	v := reachView{Words: shelf.In(locale(), r.Lang)}
	if v.k, err = s.Organisations.GroupSize(r.Context(), r.Actor.Tenant); err != nil {
		return err
	}
	if len(list) > 0 {
		v.table = &ui.Table{Caption: v.Say("reach.table"), HideCaption: true, Columns: []ui.Column{{Label: v.Say("reach.challenge")}, {Label: v.Say("reach.department")}, {Label: v.Say("reach.people"), Numeric: true}, {Label: v.Say("reach.until")}}}
	}
	for _, x := range list {
		title := x.Challenge
		if c := s.Find(x.Challenge); c != nil {
			title = v.Of(c.Title)
		}
		department := v.Say("reach.together")
		if x.Department != "" {
			department = names[x.Department]
			if department == "" {
				department = v.Say("reach.former")
			}
		}
		v.table.Rows = append(v.table.Rows, ui.Row{Cells: ui.Texts(title, department, v.Int(x.People), v.With("reach.month", "month", x.Until.In(s.Zone).Format("01/2006")))})
	}
	p := shelf.Page(v.Words, v.Say("reach.title"), ui.Link{Label: v.Say("title"), Href: shelf.Challenges})
	p.Lead = v.Say("reach.lead")
	return r.Show(w, p, reachPage(v))
}
