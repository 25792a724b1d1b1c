package desk

import (
	"context"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"tekentafel/internal/db"
	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/gateway/limits"
	"tekentafel/internal/gateway/price"
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
func (w words) n(key string, n int64) string {
	return w.N(key, int(n), i18n.Args{"n": w.Int(int(n))})
}

// with fills in pairs of a name and a text.
func (w words) with(key string, pairs ...string) string {
	a := i18n.Args{}
	for i := 0; i+1 < len(pairs); i += 2 {
		a[pairs[i]] = pairs[i+1]
	}
	return w.T(key, a)
}

func (w words) link(key, href string) ui.Link { return ui.Link{Label: w.say(key), Href: href} }

// day writes the day on which something happened.
func (w words) day(t time.Time) string { return w.Date(w.local(t)) }

func (w words) euro(n price.Nano) string { return limits.Money(w.lang, n) }

func (w words) tokens(n int64) string { return w.Int(int(n)) }

func (w words) amount(u budget.Unit, n int64) string { return limits.Amount(w.lang, u, n) }

// most writes how much a limit allows: "€ 5,00 per maand".
func (w words) most(l *limits.Limit) string {
	return w.amount(l.Unit, l.Most) + " " + w.say("per."+string(l.Period))
}

// rate writes a price: "€ 0,15".
func (w words) rate(r price.Rate) string {
	x := float64(r) / 1e6
	decimals := 2
	for decimals < 6 && math.Abs(x*math.Pow10(decimals)-math.Round(x*math.Pow10(decimals))) > 1e-9 {
		decimals++
	}
	switch w.lang {
	case instrument.EN:
		return "€" + w.Decimal(x, decimals)
	case instrument.NL:
		return "€ " + w.Decimal(x, decimals)
	case instrument.FR, instrument.DE:
	}
	return w.Decimal(x, decimals) + " €"
}

// energy writes a range with one significant digit: "0,03 tot 3 Wh".
func (w words) energy(e price.Estimate) string {
	low, high := e.Shown()
	unit := "Wh"
	if low >= 1000 {
		low, high, unit = low/1000, high/1000, "kWh"
	}
	if low == high {
		return w.digit(low) + " " + unit
	}
	return w.with("energy.range", "low", w.digit(low), "high", w.digit(high), "unit", unit)
}

// digit writes a number that has one significant digit.
func (w words) digit(x float64) string {
	decimals := 0
	if x > 0 && x < 1 {
		decimals = int(math.Ceil(-math.Log10(x) - 1e-9))
	}
	return w.Decimal(x, decimals)
}

// page is a page of the area.
func page(r *web.Request, title string, above ...ui.Link) web.Page {
	p := web.Page{Door: doorKey}
	p.Title, p.Crumbs = title, append([]ui.Link{in(r).link("above", "/lab")}, above...)
	return p
}

// form is a page with a form.
func form(r *web.Request, title string, status int, state *ui.FormState, above ...ui.Link) web.Page {
	p := page(r, title, above...)
	p.Status, p.Invalid = status, !state.OK()
	return p
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

// names are names of accounts, each asked for once.
type names struct {
	d     *Desk
	r     db.Reader
	known map[string]string
}

func (d *Desk) names(r *web.Request) *names {
	return &names{d, d.DB.Of(r.Actor.Tenant), map[string]string{}}
}

// of returns the name of an account, and words for one that is gone.
func (x *names) of(ctx context.Context, w words, account string) (string, error) {
	if account != "" && x.known[account] == "" {
		name, err := x.d.Accounts.Name(ctx, x.r, account)
		if err != nil {
			return "", err
		}
		x.known[account] = name
	}
	if name := x.known[account]; name != "" {
		return name, nil
	}
	return w.say("somebody-gone"), nil
}

// amountOf reads an amount as people write it: "12,50", "1.234,50", "1 000" and "0.5". It returns ok false for anything else.
func amountOf(u budget.Unit, s string) (n int64, ok bool) {
	s = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "€", "").Replace(s)
	switch {
	case strings.Contains(s, ","):
		s = strings.Replace(strings.ReplaceAll(s, ".", ""), ",", ".", 1)
	case thousands(s):
		s = strings.ReplaceAll(s, ".", "")
	}
	if u == budget.Tokens {
		n, err := strconv.ParseInt(s, 10, 64)
		return n, err == nil && n >= 0
	}
	euro, err := price.ParseEuro(s)
	return int64(euro), err == nil
}

// thousands tells whether the points of a number stand before groups of three digits.
func thousands(s string) bool {
	groups := strings.Split(s, ".")
	for _, g := range groups[1:] {
		if len(g) != 3 {
			return false
		}
	}
	return len(groups) > 1 && len(groups[0]) > 0 && len(groups[0]) <= 3 && groups[0] != "0"
}

// typed writes an amount as amountOf reads it.
func (w words) typed(u budget.Unit, n int64) string {
	if u == budget.Tokens {
		return strconv.FormatInt(n, 10)
	}
	s := price.Nano(n).String()
	if w.lang == instrument.EN {
		return s
	}
	return strings.Replace(s, ".", ",", 1)
}

// facts turns pairs of a term and a text into a summary.
func facts(pairs ...string) []ui.Fact {
	var out []ui.Fact
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			out = append(out, ui.Fact{Term: pairs[i], Text: pairs[i+1]})
		}
	}
	return out
}
