package own

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"tekentafel/internal/pdf"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/check"
	"tekentafel/internal/ui"
)

// profileView is the profile that somebody keeps.
type profileView struct {
	*visit
	*picture
	profile *check.Profile
	history []history
	latest  []check.Point
	since   string // the day of the newest check
}

// history is what the checks say of a skill over time.
type history struct {
	id, name, told string
	points         []check.Point
}

// day writes a day that is kept.
func (v *visit) day(text string) string {
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return text
	}
	return v.Date(d)
}

// read gathers what is shown of the open profile.
func (p *Pages) read(v *visit) (*profileView, error) {
	profile, _, err := p.load(v)
	if err != nil {
		return nil, err
	}
	out := &profileView{visit: v, profile: profile}
	all, err := v.m.History(profile)
	if err != nil {
		return nil, err
	}
	out.latest = v.m.Latest(all)
	outcomes := make([]check.Outcome, len(out.latest))
	for i := range out.latest {
		outcomes[i] = out.latest[i].Outcome
	}
	if n := len(profile.Checks); n > 0 {
		out.since = profile.Checks[n-1].Day
	}
	function, unit := check.Ref{}, check.Ref{}
	if profile.Function != nil {
		function = *profile.Function
	}
	if profile.Unit != nil {
		unit = *profile.Unit
	}
	if out.picture, err = v.pictureOf(outcomes, profile.Work == check.Field, function, unit); err != nil {
		return nil, err
	}
	if len(profile.Checks) > 1 {
		for i := range out.rows {
			r := &out.rows[i]
			h := history{id: r.Skill, name: r.name(), points: all[r.Skill]}
			var told []string
			for _, x := range h.points {
				told = append(told, v.Date(x.Day)+": "+r.levelName(x.Level))
			}
			h.told = strings.Join(told, "; ")
			out.history = append(out.history, h)
		}
	}
	return out, nil
}

// profile shows the profile.
func (p *Pages) profile(w http.ResponseWriter, v *visit) error {
	x, err := p.read(v)
	if err != nil {
		return p.lost(w, v, err)
	}
	if v.key.Month != p.month() {
		if err := p.used(v.Context(), v.key); err != nil {
			return err
		}
		v.key.Month = p.month()
		if err := p.giveKey(w, v.key); err != nil {
			return err
		}
	}
	pg := page(v.say("profile.title"))
	pg.Lead = v.with("profile.lead", "day", v.day(x.since))
	return v.show(w, pg, profilePage(x))
}

// again begins a new check from an open profile.
func (p *Pages) again(w http.ResponseWriter, v *visit) error {
	if v.pass == nil {
		if err := p.passOfProfile(w, v); err != nil {
			return err
		}
	}
	return v.Redirect(w, checkAt, nil)
}

// historyTable is the history as a table: a check a row.
func (v *profileView) historyTable() ui.Table {
	t := ui.Table{Caption: v.say("history.caption"), Columns: []ui.Column{{Label: v.say("history.day")}}}
	for _, h := range v.history {
		t.Columns = append(t.Columns, ui.Column{Label: h.name})
	}
	for i := len(v.profile.Checks) - 1; i >= 0; i-- {
		texts := []string{v.day(v.profile.Checks[i].Day)}
		for j, h := range v.history {
			text := "–"
			for _, x := range h.points {
				if x.Check == i {
					text = v.rows[j].levelName(x.Level)
				}
			}
			texts = append(texts, text)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: ui.Texts(texts...)})
	}
	return t
}

// The drawing of a history, in units of its own.
const (
	drawWidth, drawHeight = 300, 96
	drawLeft, drawTop     = 14, 12
	drawStep              = 24 // between two levels
)

// dot is a check in the drawing: where it is, how far it may be otherwise, and whether it rests on statements alone.
type dot struct {
	x, y, low, high string
	self            bool
}

func (h history) dots() []dot {
	at := func(level float64) string {
		return strconv.FormatFloat(drawTop+(4-level)*drawStep, 'f', 1, 64)
	}
	var out []dot
	for i := range h.points {
		o := &h.points[i].Outcome
		x := float64(drawLeft)
		if len(h.points) > 1 {
			x += float64(i) * (drawWidth - 2*drawLeft) / float64(len(h.points)-1)
		}
		out = append(out, dot{strconv.FormatFloat(x, 'f', 1, 64), at(o.Number()), at(float64(o.Low)), at(float64(o.High)), o.Basis == check.BySelf})
	}
	return out
}

func (h history) line() string {
	var points []string
	for _, d := range h.dots() {
		points = append(points, d.x+","+d.y)
	}
	return strings.Join(points, " ")
}

// levelLines are where the levels lie in the drawing.
func levelLines() []string {
	var out []string
	for level := range 4 {
		out = append(out, strconv.Itoa(drawTop+(3-level)*drawStep))
	}
	return out
}

// exported is the profile for its owner to take along.
type exported struct {
	About        string          `json:"about"`
	Organisation string          `json:"organisation"`
	Made         string          `json:"made"`
	Now          []exportedSkill `json:"now"`
	Profile      *check.Profile  `json:"profile"`
}

type exportedSkill struct {
	Skill         string    `json:"skill"`
	Name          string    `json:"name"`
	Day           string    `json:"day,omitempty"`
	Basis         string    `json:"basis,omitempty"`
	Level         int       `json:"level,omitempty"`
	LevelName     string    `json:"levelName,omitempty"`
	Probabilities []float64 `json:"probabilities,omitempty"`
	Theta         *float64  `json:"theta,omitempty"`
	SE            *float64  `json:"standardError,omitempty"`
	Self          float64   `json:"selfReport,omitempty"`
	Required      int       `json:"required,omitempty"`
}

// asJSON gives the profile as a file.
func (p *Pages) asJSON(w http.ResponseWriter, v *visit) error {
	x, err := p.read(v)
	if err != nil {
		return p.lost(w, v, err)
	}
	out := exported{About: v.say("export.about"), Organisation: v.Org.Name, Made: v.Local(p.Clock()).Format(time.DateOnly), Profile: x.profile}
	for i := range x.rows {
		r := &x.rows[i]
		e := exportedSkill{Skill: r.Skill, Name: r.name(), Basis: string(r.Basis), Level: r.Level, LevelName: r.levelName(r.Level), Probabilities: r.Probabilities, Self: r.Self, Required: r.need.Level}
		if r.Basis != check.Nothing {
			e.Day = x.latest[i].Day.Format(time.DateOnly)
		}
		if r.Basis == check.ByTest {
			e.Theta, e.SE = &r.Theta, &r.SE
		}
		out.Now = append(out.Now, e)
	}
	content, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", `attachment; filename="`+v.say("export.name")+`.json"`)
	return v.Send(w, http.StatusOK, "application/json; charset=utf-8", content)
}

// asPDF gives the profile as a document.
func (p *Pages) asPDF(w http.ResponseWriter, v *visit) error {
	x, err := p.read(v)
	if err != nil {
		return p.lost(w, v, err)
	}
	doc, err := x.document(p.Clock())
	if err != nil {
		return err
	}
	select {
	case p.printing <- struct{}{}:
		defer func() { <-p.printing }()
	default:
		return refuse(problem.Unavailable, "error.printing").After(10)
	}
	content, err := p.Print(v.Context(), doc, pdf.Options{Header: v.say("profile.title"), HeaderEnd: v.Org.Name, Page: v.say("pdf.page"), Of: v.say("pdf.of"), Timeout: time.Minute})
	var missing *pdf.NotInstalledError
	if errors.As(err, &missing) {
		return refuse(problem.Conflict, "error.no-pdf")
	}
	if err != nil {
		return fmt.Errorf("print a profile: %w", err)
	}
	w.Header().Set("Content-Disposition", `attachment; filename="`+v.say("export.name")+`.pdf"`)
	return v.Send(w, http.StatusOK, "application/pdf", content)
}
