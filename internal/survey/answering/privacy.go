package answering

import (
	"net/http"
	"strconv"

	"tekentafel/internal/survey/wave"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// privacyView is the page for people who answer: how the ballot works, what is kept, and what somebody could still try.
type privacyView struct {
	words
	*Survey
	style     string
	retention string
	after     *Offer // or nil
}

func (p *Pages) privacy(w http.ResponseWriter, r *web.Request) error {
	s, err := p.find(r)
	if err != nil {
		return err
	}
	v := privacyView{words: in(r.Lang), Survey: s, style: p.assetURL("answer.css"), retention: strconv.Itoa(s.Wave.Retention)}
	if v.after, err = p.after(s, r.Lang); err != nil {
		return err
	}
	page := web.Page{Bare: true}
	page.Title, page.Home = v.say("privacy.title"), s.base()
	page.Lead = v.say("privacy.lead-" + string(s.Wave.Mode))
	page.Back = &ui.Link{Label: v.say("privacy.back"), Href: s.link("", r.Lang)}
	return r.Show(w, page, privacyPage(v))
}

func (v privacyView) anonymous() bool { return v.Wave.Mode == wave.Anonymous }

// keeps says what is kept.
func (v privacyView) keeps() []string {
	out := v.lines("privacy.kept-" + string(v.Wave.Mode))
	if len(v.Keys) > 1 {
		out = append(out, v.say("privacy.kept-part"))
	}
	return out
}

// lines are the messages prefix-1, prefix-2 and on.
func (w words) lines(prefix string) []string {
	var out []string
	for i := 1; w.Has(prefix + "-" + strconv.Itoa(i)); i++ {
		out = append(out, w.say(prefix+"-"+strconv.Itoa(i)))
	}
	return out
}
