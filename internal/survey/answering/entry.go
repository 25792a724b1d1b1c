package answering

import (
	"encoding/hex"
	"net/http"
	"net/url"

	"tekentafel/internal/access"
	"tekentafel/internal/problem"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// entryView is what the page that an invitation opens shows.
type entryView struct {
	words
	*Survey
	form    *ui.FormState
	who     *Person // the person of the frame who is signed in, or nil
	account string  // the name of the account
	opens   string  // when, where that is still to come
	closes  string  // until when, or ""
	time    string  // how long it takes
	report  string  // address of the published report, or ""
	told    string  // address of what people are told was done, or ""
	over    bool    // it is closed
	ended   bool    // for good
	list    bool    // the list of ballots is there
	began   bool    // answers of this browser are under way, without scripts
	script  string
	style   string
	data    scriptData
}

// purposeDevice is what the name of an account on a device is made for; the wave's id follows.
const purposeDevice = "wave-device/"

// entry is the page that an invitation opens.
func (p *Pages) entry(w http.ResponseWriter, r *web.Request) error {
	s, err := p.find(r)
	if err != nil {
		return err
	}
	return p.showEntry(w, r, s, nil)
}

func (p *Pages) showEntry(w http.ResponseWriter, r *web.Request, s *Survey, form *ui.FormState) error {
	v, err := p.entryView(r, s)
	if err != nil {
		return err
	}
	v.form = form
	page := web.Page{Bare: true}
	page.Title = s.Wave.Title // as the mail, the letter and the card call it
	page.Kicker = v.with("entry.asks", "organisation", s.Org.Name)
	page.Lead = s.Instrument.Description.In(r.Lang)
	page.Cover, page.Home = true, s.base()
	page.Invalid = !form.OK()
	if !form.OK() {
		page.Status = http.StatusUnprocessableEntity
	}
	page.Footer = []ui.Link{{Label: v.say("foot.privacy"), Href: s.link("/privacy", r.Lang)}}
	return r.Show(w, page, entryPage(v))
}

func (p *Pages) entryView(r *web.Request, s *Survey) (entryView, error) {
	v := entryView{words: in(r.Lang), Survey: s, script: p.assetURL("answer.js"), style: p.assetURL("answer.css")}
	var err error
	if v.data, err = p.data(s, v.words); err != nil {
		return v, err
	}
	now := p.Clock()
	v.time, v.over, v.ended = s.minutes(v.words), s.closed(now), s.ended()
	if !s.Wave.Takes(now) && !v.over {
		v.opens = v.Moment(r.Local(s.Wave.Opens))
	}
	if !s.Wave.Closes.IsZero() {
		v.closes = v.Moment(r.Local(s.Wave.Closes))
	}
	if v.over && s.Wave.State == wave.Published && p.Reports != nil {
		if v.report, err = p.Reports.Published(r.Context(), &s.Wave); err != nil {
			return v, err
		}
		if v.told, err = p.Reports.Told(r.Context(), &s.Wave); err != nil {
			return v, err
		}
	}
	if v.list, err = p.listed(r, s); err != nil {
		return v, err
	}
	if s.Wave.Takes(now) {
		d, err := p.openDraft(r, s)
		if err != nil {
			return v, err
		}
		v.began = d != nil
	}
	if v.over || r.Actor.Kind != access.Person {
		return v, nil
	}
	who, err := p.signedIn(r, s)
	switch {
	case problem.Is(err, problem.Invalid): // of another organisation, or not in the frame
	case err != nil:
		return v, err
	default:
		v.who, v.account = &who, r.Name
		v.data.Who = hex.EncodeToString(p.Box.Keyed(purposeDevice+s.Wave.ID, []byte(who.ID))[:8])
	}
	return v, nil
}

// spent tells whether the person who is signed in drew a ballot already.
func (v entryView) spent() bool {
	return v.who != nil && v.who.Taken && v.Wave.Mode == wave.Anonymous
}

// needsPIN tells whether one comes in by PIN.
func (v entryView) needsPIN() bool { return v.Wave.Mode != wave.OpenLink && v.who == nil }

// mustScript tells whether taking part needs scripts.
func (v entryView) mustScript() bool { return v.Wave.Mode == wave.Anonymous }

func (v entryView) pinField() ui.Field {
	return ui.Field{Name: "pin", Label: v.say("entry.pin"), Hint: v.say("entry.pin-hint"), Autocomplete: "off", Chars: 20,
		Attrs: map[string]any{"autocapitalize": "characters", "spellcheck": "false", "data-pin": true}}
}

// A form apart, for who declines an anonymous wave without scripts, says so in apartField; declineForm is its id.
const (
	apartField  = "apart"
	declineForm = "decline"
)

// starting is the state of the form to begin: what was wrong with the form to decline does not show in it.
func (v entryView) starting() *ui.FormState {
	if v.form != nil && v.form.ID == declineForm {
		return nil
	}
	return v.form
}

// declining is the state of the form to decline that stands apart.
func (v entryView) declining() *ui.FormState {
	if v.form != nil && v.form.ID == declineForm {
		return v.form
	}
	return &ui.FormState{ID: declineForm}
}

func (v entryView) declinePIN() ui.Field {
	f := v.pinField()
	delete(f.Attrs, "data-pin") // which is for the script
	return f
}

// startClass hides the form to begin where nobody can begin: an anonymous wave without scripts.
func (v entryView) startClass() string {
	if v.mustScript() {
		return "needs-script"
	}
	return ""
}

// hasContact tells whether people can ask somebody.
func (s *Survey) hasContact() bool { return s.Wave.Settings.Contact != "" }

// decline notes that somebody does not want to take part.
func (p *Pages) decline(w http.ResponseWriter, r *web.Request) error {
	s, err := p.find(r)
	if err != nil {
		return err
	}
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	if err := p.open(s); err != nil {
		return err
	}
	who, err := p.person(r, s, form.Get("pin"))
	if err != nil {
		return p.again(w, r, s, form, err)
	}
	if err := p.People.Refuse(r.Context(), &s.Wave, who.ID); err != nil {
		return err
	}
	return sendOn(w, r, s, "/declined")
}

// again shows the entry with what is wrong with the PIN.
func (p *Pages) again(w http.ResponseWriter, r *web.Request, s *Survey, form url.Values, err error) error {
	state, err := r.Refill(form, err)
	if err != nil {
		return err
	}
	if form.Get(apartField) != "" {
		state.ID = declineForm
	}
	return p.showEntry(w, r, s, state)
}

// declined thanks whoever does not take part.
func (p *Pages) declined(w http.ResponseWriter, r *web.Request) error {
	s, err := p.find(r)
	if err != nil {
		return err
	}
	v := in(r.Lang)
	page := web.Page{Bare: true}
	page.Title, page.Home = v.say("declined.title"), s.base()
	return r.Show(w, page, paragraphs(v.say("declined.text"), v.say("declined.change")))
}

// page tells the script where it is: an entry, or one that is over, after which nothing stays on the device.
func (v entryView) page() string {
	switch {
	case v.ended:
		return "over"
	case v.opens != "", v.over:
		return "early"
	default:
		return "entry"
	}
}
