package desk

import (
	"math"
	"net/http"
	"net/url"
	"strings"
	"time"

	"tekentafel/internal/action"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
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

// day writes a day, "–" for none.
func (w words) day(d action.Day) string {
	if d == "" {
		return "–"
	}
	return w.Date(d.Time())
}

// moment writes a day on which something happened.
func (w words) moment(t time.Time) string { return w.Moment(w.local(t)) }

// value writes a number in the unit of a figure.
func (w words) value(f *action.Figure, x float64) string {
	if f.Unit == action.Share {
		return w.Percent(x)
	}
	return w.Decimal(x, decimals(f))
}

// decimals is how many tell the ends of an interval apart.
func decimals(f *action.Figure) int {
	if math.Abs(f.High-f.Low) < .1 {
		return 2
	}
	return 1
}

// span writes an interval in words: "tussen 51 en 57 %".
func (w words) span(f *action.Figure) string {
	if f.Unit == action.Share {
		return w.PercentRange(f.Low, f.High)
	}
	return w.DecimalRange(f.Low, f.High, decimals(f))
}

// figure writes a figure with its interval: "54 % (tussen 51 en 57 %)".
func (w words) figure(f *action.Figure) string {
	text := w.with("figure."+string(f.Unit), "value", w.value(f, f.Value), "span", w.span(f), "from", w.Decimal(f.From, 0), "to", w.Decimal(f.To, 0))
	if f.Unit == action.Scale && f.To <= f.From {
		return w.with("figure.plain", "value", w.value(f, f.Value), "span", w.span(f))
	}
	return text
}

// what names a figure, with its group.
func (w words) what(f *action.Figure) string {
	name := f.What.In(w.lang)
	if name == "" {
		name = f.Key.Item
	}
	if f.Key.Source == action.FromGap {
		key := "gap.level"
		if f.Key.Option == action.GapBelow {
			key = "gap.below"
		}
		name = w.with(key, "what", w.Inside(name))
	}
	if group := w.group(f); group != "" {
		name += " – " + group
	}
	return name
}

// group names the group of a figure, "" for everyone.
func (w words) group(f *action.Figure) string {
	if f.Key.Everyone() {
		return ""
	}
	if g := f.Group.In(w.lang); g != "" {
		return g
	}
	return f.Key.Value
}

// target says for whom an action is.
func (w words) target(t *action.Target) string {
	if name := t.Name.In(w.lang); name != "" {
		return name
	}
	return w.say("audience." + string(t.Kind))
}

// signed writes a difference in the unit of a figure, with its sign: "+12", "−0,3".
func (w words) signed(f *action.Figure, x float64) string {
	figure, n := x, decimals(f)
	if f.Unit == action.Share {
		figure, n = 100*x, 0
		if math.Abs(figure) < 1 {
			n = 1
		}
	}
	text := w.Decimal(math.Abs(figure), n)
	switch {
	case text == w.Decimal(0, n):
		return text
	case x > 0:
		return "+" + text
	}
	return "−" + text
}

// size writes a difference with its unit: "+12 procentpunten".
func (w words) size(f *action.Figure, x float64) string {
	text := w.signed(f, x)
	if f.Unit == action.Share {
		return w.N("points", int(math.Round(math.Abs(100*x))), i18n.Args{"n": text})
	}
	return text
}

// state is a tag that says where an action stands.
func (w words) tone(s action.State) ui.Tone {
	switch s {
	case action.Done:
		return ui.Success
	case action.Running:
		return ui.Info
	case action.Proposed, action.Planned, action.Stopped:
	}
	return ui.Muted
}

// lines cuts a text into its paragraphs.
func lines(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// tongue is the language in which a text is shown to who reads l.
func tongue(t instrument.Text, l instrument.Lang) string {
	text := t.In(l)
	for _, lang := range append([]instrument.Lang{l}, instrument.Languages()...) {
		if text != "" && t[lang] == text {
			return string(lang)
		}
	}
	return string(l)
}

// page is a page of the area, with the pages above it.
func page(r *web.Request, title string, above ...ui.Link) web.Page {
	p := web.Page{Door: doorKey}
	p.Title, p.Crumbs = title, above
	return p
}

// below is a page below the list of actions. Who reads only their own actions has no list to go back to.
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

func notice(r *web.Request, key string) *web.Notice { return r.Notice(noticeBundle, "notice."+key) }

func itemAt(id string) string { return itemsAt + url.PathEscape(id) }

func reportAt(base, id string) string { return base + "/" + url.PathEscape(id) }
