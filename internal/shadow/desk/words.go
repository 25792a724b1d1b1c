package desk

import (
	"context"
	"math"
	"net/http"
	"net/url"
	"time"

	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/shadow"
	"tekentafel/internal/shadow/services"
	"tekentafel/internal/shadow/tally"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// words writes in one language.
type words struct {
	*i18n.Printer
	shadow *i18n.Printer // sentences about logs
	lang   instrument.Lang
	local  func(time.Time) time.Time
}

func in(r *web.Request) words { return wordsIn(r.Lang, r.Local) }

func wordsIn(lang instrument.Lang, local func(time.Time) time.Time) words {
	return words{locale().Printer(lang), shadow.Texts().Printer(lang), lang, local}
}

func (w words) say(key string) string { return w.T(key, nil) }

// log writes a sentence about logs.
func (w words) log(key string) string { return w.shadow.T(key, nil) }

// n fills in a number, with the plural that it asks for.
func (w words) n(key string, n int) string { return w.N(key, n, i18n.Args{"n": w.Int(n)}) }

// with fills in pairs of a name and a text.
func (w words) with(key string, pairs ...string) string { return w.T(key, args(pairs...)) }

func (w words) link(key, href string) ui.Link { return ui.Link{Label: w.say(key), Href: href} }

func (w words) moment(t time.Time) string { return w.Moment(w.local(t)) }

// people writes a number of people as the range in which it lies: "10–14".
func (w words) people(c tally.Count) string {
	return w.with("people", "low", w.Int(c.Low), "high", w.Int(c.High))
}

// hidden says why there is no number.
func (w words) hidden(k int) string { return w.with("hidden.few", "n", w.Int(k)) }

// count is a cell with a number of people, or why there is none.
func (w words) count(c tally.Count, k int) ui.Cell {
	if !c.Shown() {
		return ui.Cell{Text: w.hidden(k), Quiet: true}
	}
	return ui.Cell{Text: w.people(c)}
}

// traffic writes bytes of which only the power of ten is known.
func (w words) traffic(power int) string {
	if power <= 0 {
		return "–"
	}
	least := int64(math.Pow10(min(power, 17)))
	return w.with("traffic", "low", ui.Size(least, w.lang), "high", ui.Size(10*least, w.lang))
}

// week writes a week with its first day: "week 48 van 2026 (vanaf 23 november 2026)".
func (w words) week(name string) string {
	monday, ok := mondayOf(name)
	if !ok {
		return name
	}
	return w.with("week.long", "n", itoa(weekNumber(name)), "year", name[:4], "day", w.Date(monday))
}

// weeks writes weeks in one line.
func (w words) weeks(list []string) string {
	out := make([]string, len(list))
	for i, name := range list {
		out[i] = w.short(name)
	}
	return w.And(out)
}

// short writes a week in short: "week 48, 2026".
func (w words) short(name string) string {
	if _, ok := mondayOf(name); !ok {
		return name
	}
	return w.with("week.short", "n", itoa(weekNumber(name)), "year", name[:4])
}

func weekNumber(name string) int { return int(name[6]-'0')*10 + int(name[7]-'0') }

func (w words) standing(s services.Standing) string { return w.log("standing." + string(s)) }

func tone(s services.Standing) ui.Tone {
	switch s {
	case services.Allowed:
		return ui.Success
	case services.Refused:
		return ui.Warning
	default:
		return ui.Muted
	}
}

// who names an account for readers; somebody who is gone has no name.
func (d *Desk) who(ctx context.Context, r db.Reader, w words, account string) (string, error) {
	if account == "" {
		return w.say("who.gone"), nil
	}
	name, err := d.Accounts.Name(ctx, r, account)
	if name == "" {
		name = w.say("who.gone")
	}
	return name, err
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
