package own

import (
	"net/http"
	"strconv"

	"tekentafel/internal/ui"
)

// keptDays is how long a profile stays that nobody opens, where the organisation says nothing else.
const keptDays = 730

// aboutView is the page that says who sees what.
type aboutView struct {
	*visit
	kept string
}

// about says who sees what.
func (p *Pages) about(w http.ResponseWriter, v *visit) error {
	days := keptDays
	if p.KeptDays != nil && v.Org.ID != "" {
		var err error
		if days, err = p.KeptDays(v.Context(), v.Org.ID); err != nil {
			return err
		}
	}
	a := aboutView{visit: v, kept: v.n("about.days", days)}
	if days%365 == 0 {
		a.kept = v.n("about.years", days/365)
	}
	pg := page(v.say("about.title"))
	pg.Lead = v.say("about.lead")
	pg.Back = &ui.Link{Label: v.say("about.back"), Href: v.backFromAbout()}
	return v.show(w, pg, aboutPage(a))
}

func (v *visit) backFromAbout() string {
	switch {
	case v.pass == nil && v.key == nil:
		return doorAt
	case v.state != nil && v.state.Done:
		return resultAt
	case v.state != nil && v.state.Asking:
		return questionAt
	case v.state == nil && v.key != nil:
		return profileAt
	}
	return checkAt
}

// aboutParts are the questions that the page answers, and how many paragraphs each answer has.
func (v aboutView) parts() []aboutPart {
	var out []aboutPart
	for _, x := range []struct {
		key string
		n   int
	}{{"who", 3}, {"where", 3}, {"code", 2}, {"operator", 4}, {"pass", 2}, {"gift", 2}, {"kept", 2}, {"use", 2}} {
		part := aboutPart{id: x.key, title: v.say("about." + x.key)}
		for i := range x.n {
			part.texts = append(part.texts, v.with("about."+x.key+"-"+strconv.Itoa(i+1), "kept", v.kept, "organisation", or(v.Org.Name, v.say("about.organisation"))))
		}
		out = append(out, part)
	}
	return out
}

type aboutPart struct {
	id, title string
	texts     []string
}
