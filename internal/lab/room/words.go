package room

import (
	"strings"

	"tekentafel/internal/guard"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/web"
)

// words writes in one language.
type words struct {
	*i18n.Printer
	lang  instrument.Lang
	guard *i18n.Printer
}

func in(lang instrument.Lang) words {
	return words{locale().Printer(lang), lang, guard.Texts().Printer(lang)}
}

func of(r *web.Request) words { return in(r.Lang) }

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

// kind names a type of sensitive data.
func (w words) kind(t guard.Type) string { return w.guard.T("type."+string(t), nil) }

// why says why the guard took something for what it is.
func (w words) why(key string) string { return w.guard.T(key, nil) }

// learn says why it matters that such data stays inside.
func (w words) learn(t guard.Type) string { return w.say("learn." + string(t)) }

// sure says how sure the guard is.
func (w words) sure(c guard.Confidence) string {
	switch c {
	case guard.High:
		return w.guard.T("confidence.high", nil)
	case guard.Medium:
		return w.guard.T("confidence.medium", nil)
	case guard.Low:
	}
	return w.guard.T("confidence.low", nil)
}

// limits says what the guard cannot find.
func (w words) limits() string { return w.guard.T("limits", nil) }

// reasons are those for which somebody may let a value go as it is. The first is for who has not chosen.
func (w words) reasons() []string {
	var out []string
	for _, key := range reasonKeys() {
		out = append(out, w.say("reason."+key))
	}
	return out
}

func reasonKeys() []string { return []string{"mistake", "invented", "public", "own", "needed"} }

// scripted are the texts that the scripts of the page say, by the key that they use.
func (w words) scripted() map[string]string {
	out := map[string]string{}
	keys, err := locale().Keys()
	if err != nil {
		return out
	}
	for _, key := range keys {
		if name, ok := strings.CutPrefix(key, "js."); ok {
			out[name] = w.T(key, open(name))
		}
	}
	return out
}

// open leaves the places in a text of the scripts to fill in as they are: {n}.
func open(string) i18n.Args {
	out := i18n.Args{}
	for _, name := range []string{"n", "of", "name", "day", "kinds", "where", "size"} {
		out[name] = "{" + name + "}"
	}
	return out
}
