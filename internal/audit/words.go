package audit

import (
	"embed"
	"maps"
	"slices"
	"strings"
	"sync"

	"tekentafel/internal/access"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
)

//go:embed locale
var localeFiles embed.FS

// locale holds the messages of this package.
var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Explain lets the log be told in words: a feature gives the bundle in which "audit.<action>" says what was done, such as
// "audit.mail.resent", and "audit-detail.<name>" what a detail is called. What no bundle explains shows as it stands.
func (l *Log) Explain(bundles ...*i18n.Bundle) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.bundles = append(l.bundles, bundles...)
}

// Words returns what an action is called, in a language.
func (l *Log) Words(lang instrument.Lang, action string) string {
	if s := l.find(lang, "audit."+action); s != "" {
		return s
	}
	return locale().Printer(lang).T("page.unexplained", i18n.Args{"action": action})
}

func (l *Log) find(lang instrument.Lang, key string) string {
	l.mu.RLock()
	defer l.mu.RUnlock()
	for _, b := range l.bundles {
		if p := b.Printer(lang); p.Has(key) {
			return p.T(key, nil)
		}
	}
	return ""
}

// details writes what stands beside an entry: "soort: invitation; was: unsure".
func (l *Log) details(lang instrument.Lang, e Entry) string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(e.Detail)) {
		label := l.find(lang, "audit-detail."+name)
		if label == "" {
			label = name
		}
		out = append(out, label+": "+e.Detail[name])
	}
	return strings.Join(out, "; ")
}

// people are the names of accounts and keys, by id.
type people map[string]string

// who names an actor. Somebody without a name was erased.
func (p people) who(lang instrument.Lang, kind access.Kind, id string) string {
	print := locale().Printer(lang)
	switch kind {
	case access.System:
		return print.T("page.system", nil)
	case access.Visitor:
		return print.T("page.visitor", nil)
	case access.Key:
		if name := p[id]; name != "" {
			return print.T("page.key", i18n.Args{"name": name})
		}
		return print.T("page.key-gone", nil)
	case access.Person:
	}
	return p.account(lang, id)
}

func (p people) account(lang instrument.Lang, id string) string {
	if name := p[id]; name != "" || id == "" {
		return name
	}
	return locale().Printer(lang).T("page.erased", nil)
}

// message returns the message that explains an action, if any bundle has it.
func (l *Log) message(action string) (problem.Message, bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	for _, b := range l.bundles {
		if b.Printer(instrument.NL).Has("audit." + action) {
			return problem.Message{Bundle: b, Key: "audit." + action}, true
		}
	}
	return problem.Message{}, false
}
