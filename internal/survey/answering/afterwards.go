package answering

import (
	"net/http"
	"strconv"
	"time"

	"tekentafel/internal/instrument"
	"tekentafel/internal/tenant"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// Afterwards is what people are offered who handed in: a page of another feature that makes something of some of their answers, such as an
// own profile. It costs a click; nothing goes there by itself.
type Afterwards interface {
	// After returns what people of an organisation are offered after a questionnaire; nil for nothing. It must be the same for everybody who
	// answers then, whoever they are and whichever wave it is.
	After(t tenant.ID, in *instrument.Instrument, lang instrument.Lang) (*Offer, error)
}

// Offer is a form that the page of the respondent makes, with scripts or without.
type Offer struct {
	Address string    `json:"address"` // a path of this product, to which the form is posted
	Title   string    `json:"title"`
	Text    string    `json:"text"`
	More    string    `json:"more"` // opens Details: what goes along, and what not
	Details []string  `json:"details"`
	Do      string    `json:"do"`     // on the button
	Shared  string    `json:"shared"` // said on a shared tablet too
	Fixed   []Fixed   `json:"fixed"`
	Steps   []Derived `json:"steps"`
	// Until is when another one takes its place; zero for never.
	Until time.Time `json:"-"`
}

// Fixed is a field that everybody's form has alike.
type Fixed struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Derived is a field that follows from answers; a form has those alone for which enough was answered.
type Derived struct {
	instrument.Summary
	// Extra fields go along where there is another one; they are no reason to offer anything.
	Extra bool `json:"extra,omitempty"`
}

// fields are the hidden fields of the form of somebody; nil when too little was answered to offer anything.
func (o *Offer) fields(given func(variable string) string) []ui.NameValue {
	if o == nil {
		return nil
	}
	var out []ui.NameValue
	for _, f := range o.Fixed {
		out = append(out, ui.NameValue(f))
	}
	worth := false
	for i := range o.Steps {
		if step := o.Steps[i].Step(given); step > 0 {
			out = append(out, ui.NameValue{Name: o.Steps[i].Name, Value: strconv.Itoa(step)})
			worth = worth || !o.Steps[i].Extra
		}
	}
	if !worth {
		return nil
	}
	return out
}

// after returns what people of a survey are offered, or nil.
func (p *Pages) after(s *Survey, lang instrument.Lang) (*Offer, error) {
	if p.Afterwards == nil {
		return nil, nil //nolint:nilnil // no offer
	}
	return p.Afterwards.After(s.Wave.Tenant, s.Instrument, lang)
}

// counted returns how the answers of a draft are read: those alone to what is asked.
func (d *draft) counted(s *Survey) (func(variable string) string, error) {
	asked, err := d.asked(s)
	if err != nil {
		return nil, err
	}
	is := map[string]bool{}
	for _, it := range asked {
		for _, name := range fieldsOf(it) {
			is[name] = true
		}
	}
	return func(variable string) string {
		if !is[variable] {
			return ""
		}
		return d.Answers.first(variable)
	}, nil
}

// reticent is a page that tells others, also pages of this product, no more than the host that somebody comes from: never the code of a wave.
func reticent(h web.Handler) web.Handler {
	return func(w http.ResponseWriter, r *web.Request) error {
		w.Header().Set("Referrer-Policy", "strict-origin")
		return h(w, r)
	}
}
