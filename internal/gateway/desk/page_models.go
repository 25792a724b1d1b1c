package desk

import (
	"cmp"
	"errors"
	"net/http"

	"tekentafel/internal/gateway/backend"
	"tekentafel/internal/gateway/price"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// modelsView is what models are offered.
type modelsView struct {
	words
	tabs   []ui.Link
	models []modelLine
	health []backend.Health // nil for who does not manage the gateway
	titles map[string]string
}

type modelLine struct {
	backend.Model
	rates  price.Rates
	priced bool
	energy *price.Profile
}

func (d *Desk) models(w http.ResponseWriter, r *web.Request) error {
	v := modelsView{words: in(r), tabs: d.Tabs(r, modelsAt), titles: d.titles()}
	now := d.Now().In(d.Zone(r.Context(), r.Actor.Tenant))
	for _, m := range d.Models.Models() {
		line := modelLine{Model: m, energy: d.Prices.Energy(m.Name)}
		rates, err := d.Prices.Rates(m.Name, now)
		switch {
		case err == nil:
			line.rates, line.priced = rates, true
		case !errors.Is(err, price.ErrUnknown) && !errors.Is(err, price.ErrEarly):
			return err
		}
		v.models = append(v.models, line)
	}
	if r.Can(manages) {
		v.health = d.Models.Health()
	}
	p := page(r, v.say("models.title"))
	p.Lead = v.say("models.lead")
	return r.Show(w, p, modelsPage(v))
}

func (v *modelsView) nothing() ui.Empty {
	return ui.Empty{Title: v.say("models.none"), Text: v.say("models.none-text")}
}

func (v *modelsView) facts(m *modelLine) []ui.Fact {
	does := v.say("models.answers")
	switch {
	case m.Practice:
		does = v.say("models.practice")
	case m.Embeds:
		does = v.say("models.embeds")
	case m.Images:
		does = v.say("models.images")
	}
	cost := v.say("models.no-price")
	switch {
	case m.priced && m.rates == (price.Rates{}):
		cost = v.say("models.free")
	case m.priced:
		cost = v.with("models.price", "input", v.rate(m.rates.Input), "output", v.rate(m.rates.Output))
	}
	energy := v.say("models.no-energy")
	switch {
	case m.Practice:
		energy = ""
	case m.energy != nil:
		energy = v.with("models.energy", "range", v.energy(m.energy.Of(price.Usage{Output: 400})))
	}
	where := cmp.Or(m.Where, v.say("models.nowhere"))
	if m.Practice {
		where = ""
	}
	name := ""
	if m.Name != v.title(m) {
		name = m.Name
	}
	return facts(v.say("models.does"), does, v.say("models.where"), where, v.say("models.cost"), cost, v.say("column.energy"), energy, v.say("models.group"), m.Group, v.say("models.name"), name)
}

func (v *modelsView) title(m *modelLine) string { return v.titles[m.Name] }

func (v *modelsView) table() ui.Table {
	t := ui.Table{Caption: v.say("models.health"), HideCaption: true, Columns: []ui.Column{{Label: v.say("column.model")}, {Label: v.say("column.backend")}, {Label: v.say("column.state"), Long: true}}}
	for i := range v.health {
		h := &v.health[i]
		text := v.say("health." + string(h.State))
		if h.Reason != "" {
			text += " " + v.say("reason."+string(h.Reason))
		}
		if h.State == backend.Resting {
			text += " " + v.with("health.until", "when", v.Moment(v.local(h.Until)))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: ui.Texts(cmp.Or(v.titles[h.Model], h.Model), h.Backend, text)})
	}
	return t
}
