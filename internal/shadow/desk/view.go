package desk

import (
	"tekentafel/internal/shadow"
	"tekentafel/internal/shadow/services"
)

// OutcomeView is a reading that no organisation keeps, in the form of the API.
type OutcomeView struct {
	K        int        `json:"k"`
	Compiled string     `json:"compiled"` // day of the list of services
	Weeks    []WeekView `json:"weeks"`    // the newest first
	Logs     []LogView  `json:"logs"`
	Blind    []string   `json:"blind"` // what it cannot see, in sentences
}

// View writes a reading with a list of services. Where services stand is not known outside an organisation.
func View(o shadow.Outcome, list *services.List) OutcomeView {
	c := &catalogue{List: list, at: map[string]int{}}
	for i := range list.Services {
		c.at[list.Services[i].ID] = i
	}
	v := OutcomeView{K: o.Result.K, Compiled: o.Result.Compiled, Weeks: []WeekView{}, Logs: viewOf(&Count{Facts: Facts{Logs: o.Logs}}).Logs}
	for _, w := range weekViews(c, o.Result.Weeks) {
		v.Weeks = append([]WeekView{w}, v.Weeks...)
	}
	texts := shadow.Texts().Printer("en")
	for _, key := range shadow.Blind(o) {
		v.Blind = append(v.Blind, texts.T("blind."+key, nil))
	}
	return v
}
