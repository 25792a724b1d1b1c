package compose

import (
	"fmt"
	"strings"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
)

// Issue is what keeps a questionnaire from being asked.
type Issue struct {
	Key  string          // which issue it is, the same in every version
	Item string          // the question that it is about, or ""
	Name instrument.Text // of that question
	Lang instrument.Lang // the language in which something is missing, or ""
	Most int             // what is allowed, where that is the matter
}

// In says the issue in a language.
func (i Issue) In(lang instrument.Lang) string {
	w := in(lang)
	language := ""
	if i.Lang != "" {
		language = w.say("language." + string(i.Lang))
	}
	return w.T("issue."+i.Key, i18n.Args{"question": i.Name.In(lang), "language": language, "most": w.Int(i.Most)})
}

// Issues is the error of Compose: everything that keeps a questionnaire from being asked.
type Issues []Issue

// Error lists the issues in English, for a log; no words of a questionnaire stand in it.
func (list Issues) Error() string {
	lines := make([]string, len(list))
	for i, issue := range list {
		lines[i] = strings.TrimSpace(fmt.Sprintf("%s %s %s", issue.Key, issue.Item, issue.Lang))
	}
	return "the questionnaire cannot be asked yet: " + strings.Join(lines, "; ")
}

// LossKind says what is lost.
type LossKind string

// The kinds of losses, the gravest first.
const (
	LostBenchmark LossKind = "benchmark" // no comparison with a published figure
	LostModel     LossKind = "model"     // nothing on what drives what
	LostConstruct LossKind = "construct" // no score
	LostItems     LossKind = "shorter"   // a score of fewer questions
	LostIndicator LossKind = "indicator" // no figure
	LostItem      LossKind = "item"      // a question that waited for one that is left out
)

// Loss is what the report cannot tell without a part of the base.
type Loss struct {
	Kind  LossKind
	Name  instrument.Text
	About instrument.Text // of a benchmark: the figure that it is compared with
}

// in says a loss: "Geen vergelijking met het Vlaamse onderzoek".
func (l Loss) in(w words) string {
	return w.T("loss."+string(l.Kind), i18n.Args{"name": l.Name.In(w.lang), "about": l.About.In(w.lang)})
}

// losses gathers losses, each once.
type losses struct{ list []Loss }

func (l *losses) add(kind LossKind, name, about instrument.Text) {
	for _, seen := range l.list {
		if seen.Kind == kind && seen.Name.In(instrument.NL) == name.In(instrument.NL) && seen.About.In(instrument.NL) == about.In(instrument.NL) {
			return
		}
	}
	l.list = append(l.list, Loss{kind, name, about})
}

// since returns what is lost in l and was not in before.
func (l *losses) since(before *losses) []Loss {
	known := losses{before.list}
	n := len(known.list)
	var out []Loss
	for _, kind := range []LossKind{LostBenchmark, LostModel, LostConstruct, LostItems, LostIndicator, LostItem} {
		for _, loss := range l.list {
			if loss.Kind != kind {
				continue
			}
			trial := losses{known.list[:n:n]}
			if trial.add(loss.Kind, loss.Name, loss.About); len(trial.list) > n {
				out = append(out, loss)
			}
		}
	}
	return out
}
