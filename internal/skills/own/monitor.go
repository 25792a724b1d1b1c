package own

import (
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/check"
	"tekentafel/internal/tenant"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// Handover is what people are offered who handed in a questionnaire with statements on skills: a form that brings them to their own profile.
// It is the same for everybody of an organisation who answers the same statements in the same month.
type Handover struct {
	Address     string // to which the form is posted
	Title, Text string
	More        string // opens Details
	Details     []string
	Do          string               // on the button
	Shared      string               // said on a shared tablet too
	Fixed       []ui.NameValue       // fields that everybody's form has
	Steps       []instrument.Summary // fields that follow from answers; without one of them there is nothing to offer
	Extra       []instrument.Summary // fields that go along where there is one of Steps
	Until       time.Time            // when another one takes its place
}

// Names of the fields of the form, beside those of the skills.
const (
	fieldFrom     = "from" // which organisation, with our sign
	fieldLanguage = "lang"
	fieldWork     = "work"
	fieldShared   = "shared"
)

// The question of the monitor on where people work, and what of it says which version of the test fits.
const workQuestion = "workplace"

var workSteps = []check.Work{check.Office, check.Field}

// purposeSign is what the sign of an organisation is made for.
const purposeSign = "skills/from-monitor"

// signMonths is how many months after its own a sign still holds: a page of a wave may have lain open on a device.
const signMonths = 2

// monthForm writes a month.
const monthForm = "2006-01"

// AfterMonitor returns what people of an organisation are offered after a questionnaire, or nil where it asks no statements that the check knows.
func (p *Pages) AfterMonitor(t tenant.ID, asked *instrument.Instrument, lang instrument.Lang) (*Handover, error) {
	steps := p.Material.Summaries(asked)
	if len(steps) == 0 {
		return nil, nil //nolint:nilnil // nothing to offer
	}
	now, w := p.Clock().UTC(), in(lang)
	out := &Handover{Address: monitorAt, Title: w.say("monitor.title"), Text: w.say("monitor.text"), More: w.say("monitor.more"), Do: w.say("monitor.do"), Shared: w.say("monitor.shared"),
		Fixed: []ui.NameValue{{Name: fieldFrom, Value: p.sign(t, now.Format(monthForm))}, {Name: fieldLanguage, Value: string(lang)}},
		Steps: steps, Until: time.Date(now.Year(), now.Month()+1, 1, 0, 0, 0, 0, time.UTC)}
	for i := range 4 {
		out.Details = append(out.Details, w.say("monitor.more-"+strconv.Itoa(i+1)))
	}
	if it := asked.Item(workQuestion); it != nil {
		s := instrument.Summary{Name: fieldWork, Values: map[string]map[string]float64{workQuestion: {}}, Least: 1}
		for i, work := range workSteps {
			s.Values[workQuestion][string(work)] = float64(i + 1)
			if i > 0 {
				s.Cuts = append(s.Cuts, float64(i)+0.5)
			}
		}
		out.Extra = append(out.Extra, s)
	}
	return out, w.Err()
}

// sign says of which organisation somebody comes, and in which month the page was made that says so; nobody else can write it. It is
// the same for all its people and waves, so that it tells no two of them apart.
func (p *Pages) sign(t tenant.ID, month string) string {
	text := string(t) + "." + month
	return text + "." + base64.RawURLEncoding.EncodeToString(p.Box.Keyed(purposeSign, []byte(text))[:18])
}

// signed reads a sign; "" for one that we did not write, or that ended.
func (p *Pages) signed(text string) tenant.ID {
	claim, _ := cutLast(text)
	t, month := cutLast(claim)
	made, err := time.Parse(monthForm, month)
	if err != nil || subtle.ConstantTimeCompare([]byte(text), []byte(p.sign(tenant.ID(t), month))) != 1 {
		return ""
	}
	if now := p.Clock().UTC(); now.After(made.AddDate(0, signMonths+1, 0)) {
		return ""
	}
	return tenant.ID(t)
}

// cutLast cuts a text at its last point.
func cutLast(s string) (before, after string) {
	i := strings.LastIndex(s, ".")
	return s[:max(i, 0)], s[i+1:]
}

// fromMonitor takes over where somebody placed oneself in the monitor, and shows what that says. The request has five levels, the work and the
// language; nothing of it is kept but in the cookies that it gives.
func (p *Pages) fromMonitor(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	of := p.signed(form.Get(fieldFrom))
	if of == "" {
		return refuse(problem.Gone, "error.monitor")
	}
	if _, err := p.Organisations.Organisation(r.Context(), of); errors.Is(err, db.ErrNoRow) {
		return refuse(problem.Gone, "error.monitor")
	} else if err != nil {
		return err
	}
	if lang := instrument.Lang(form.Get(fieldLanguage)); slices.Contains(instrument.Languages(), lang) {
		r.Lang = lang
		r.KeepLanguage(w)
	}
	v, err := p.visit(r)
	if err != nil {
		return err
	}
	shared := form.Get(fieldShared) == "yes"
	if v == nil || shared || v.pass == nil || v.pass.Tenant != of { // on a shared tablet nothing of one before counts
		v = &visit{Request: r, words: in(r.Lang), p: p, m: p.Material, key: p.keyOf(r, of, shared)}
		v.pass = &pass{Tenant: of, Kiosk: shared, Lang: r.Lang}
		if r.Org, err = p.Organisations.Organisation(r.Context(), of); err != nil {
			return err
		}
		if shared {
			p.setCookie(w, codeCookie, "", -1)
		}
		if err := p.givePass(w, v.pass); err != nil {
			return err
		}
	}
	p.takeOver(v, form)
	if err := p.giveState(w, v); err != nil {
		return err
	}
	return v.Redirect(w, resultAt, nil)
}

// keyOf is the open profile of the browser, if it is of an organisation.
func (p *Pages) keyOf(r *web.Request, of tenant.ID, shared bool) *key {
	if k := p.takeKey(r); k != nil && k.Tenant == of && !shared {
		return k
	}
	return nil
}

// takeOver puts what a form brings in the check under way, or in a new one. A test that somebody is doing stays.
func (p *Pages) takeOver(v *visit, form url.Values) {
	field := form.Get(fieldWork) == strconv.Itoa(1+slices.Index(workSteps, check.Field))
	if v.state == nil || len(v.state.Given) == 0 || v.state.Plan != check.All {
		s := v.m.NewState(check.All, "", field)
		if v.key != nil {
			if profile, _, err := p.load(v); err == nil {
				s.Avoid = v.m.Saw(profile)
				if profile.Function != nil {
					s.Function = *profile.Function
				}
				if profile.Unit != nil {
					s.Unit = *profile.Unit
				}
			}
		}
		if s.Function == (check.Ref{}) && len(v.pass.Functions) > 0 {
			s.Function, s.Unit = v.pass.Functions[0], v.pass.Unit
		}
		v.state = &s
	}
	for _, skill := range v.m.Skills() {
		if level, err := strconv.Atoi(form.Get(skill)); err == nil && level > 0 {
			*v.state = v.m.Place(*v.state, skill, level)
		}
	}
	v.state.Done = true
}

// tabletClosed says, on a shared tablet on which somebody came from a questionnaire, that nothing is left. A script leads back to it.
func (p *Pages) tabletClosed(w http.ResponseWriter, r *web.Request) error {
	t := in(r.Lang)
	pg := page(t.say("closed.title"))
	pg.Bare, pg.Lead, pg.Home = true, t.say("closed.lead"), doorAt
	return r.Show(w, pg, p.homeward(paragraphs(t.say("closed.text"))))
}
