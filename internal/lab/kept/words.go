package kept

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"tekentafel/internal/guard"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/lab"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// words writes in one language.
type words struct {
	*i18n.Printer
	lang  instrument.Lang
	local func(time.Time) time.Time
}

func in(r *web.Request) words { return words{locale().Printer(r.Lang), r.Lang, r.Local} }

func (w words) say(key string) string { return w.T(key, nil) }

// n fills in a number, with the plural that it asks for.
func (w words) n(key string, n int) string { return w.N(key, n, i18n.Args{"n": w.Int(n)}) }

// with fills in pairs of a name and a text.
func (w words) with(key string, pairs ...string) string {
	a := i18n.Args{}
	for i := 0; i+1 < len(pairs); i += 2 {
		a[pairs[i]] = pairs[i+1]
	}
	return w.T(key, a)
}

func (w words) link(key, href string) ui.Link { return ui.Link{Label: w.say(key), Href: href} }

func (w words) day(d Day) string { return w.Date(d.Time(time.UTC)) }

func (w words) moment(t time.Time) string { return w.Moment(w.local(t)) }

// typeName names a type of sensitive data.
func (w words) typeName(t guard.Type) string {
	return guard.Texts().Printer(w.lang).T("type."+string(t), nil)
}

// who says who wrote a message.
func (w words) who(l *Line) string {
	switch l.Role {
	case lab.Assistant:
		if l.Title != "" {
			return l.Title
		}
		if l.Model != "" {
			return l.Model
		}
		return w.say("who.model")
	case lab.System:
		return w.say("who.system")
	case lab.User:
	}
	return w.say("who.you")
}

// page is a page of the area, with the pages above it.
func page(r *web.Request, title string, above ...ui.Link) web.Page {
	p := web.Page{Door: "try"}
	p.Title, p.Crumbs = title, append([]ui.Link{in(r).link("above", "/lab")}, above...)
	return p
}

// below is a page below the list.
func below(r *web.Request, title string, above ...ui.Link) web.Page {
	return page(r, title, append([]ui.Link{in(r).link("title", home)}, above...)...)
}

// again shows a form again with what is wrong with it.
func again(r *web.Request, values url.Values, err error, show func(status int, form *ui.FormState) error) error {
	state, err := r.Refill(values, err)
	if err != nil {
		return err
	}
	return show(http.StatusUnprocessableEntity, state)
}

// lines cuts a text into what stands on its lines.
func lines(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}
