package compose

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"tekentafel/internal/instrument"
)

// level turns a category into a single choice among its levels, and keeps all else of it.
func (m *mixer) level(it *instrument.Item) {
	list := m.levelsOf(it)
	switch {
	case len(list) < 2:
		m.issue("levels-missing", it.ID, it.Name())
		return
	case len(list) > instrument.MaxOptions:
		m.Issues = append(m.Issues, Issue{Key: "levels-many", Item: it.ID, Name: it.Name(), Most: instrument.MaxOptions})
		return
	}
	it.Kind = instrument.Single
	it.Options = make([]instrument.Option, len(list))
	for i, l := range list {
		it.Options[i] = instrument.Option{ID: l.ID, Label: m.whole(it.ID, it.Name(), l.Label)}
	}
}

// levelsOf returns the levels of a category: those that were typed, else those of the variable of the frame that was chosen,
// else those of one that is called like the question.
func (m *mixer) levelsOf(it *instrument.Item) []Level {
	chosen := m.recipe.Levels[it.ID]
	if len(chosen.Typed) > 0 {
		return chosen.Typed
	}
	variable := chosen.Variable
	if variable == "" {
		variable = VariableFor(it, m.given.Levels)
	}
	return LevelsFrom(m.given.Levels[variable])
}

// VariableFor returns the variable of a frame that is called like an item: by its id, its column, or its name in some
// language; "" when there is none.
func VariableFor(it *instrument.Item, levels map[string][]string) string {
	names := []string{it.ID, it.Heading()}
	for _, l := range instrument.Languages() {
		names = append(names, it.Name()[l])
	}
	var found []string
	for variable := range levels {
		if slices.ContainsFunc(names, func(n string) bool { return n != "" && strings.EqualFold(n, variable) }) {
			found = append(found, variable)
		}
	}
	if len(found) == 0 {
		return ""
	}
	slices.Sort(found)
	return found[0]
}

// LevelsFrom returns the levels that are called so, each with the id that Slugs gives it. It reads alike in every language.
func LevelsFrom(labels []string) []Level {
	ids := Slugs(labels)
	out := make([]Level, len(labels))
	for i, label := range labels {
		out[i] = Level{ID: ids[i], Label: instrument.Text{}}
		for _, l := range instrument.Languages() {
			out[i].Label[l] = label
		}
	}
	return out
}

// Slugs returns an id for each label: small letters, digits and underscores, different from each other, and the same for the
// same labels in the same order.
func Slugs(labels []string) []string {
	taken := map[string]bool{}
	out := make([]string, len(labels))
	for i, label := range labels {
		out[i] = unused(slug(label), taken)
		taken[out[i]] = true
	}
	return out
}

// unused returns id, or with a number behind it when it is taken.
func unused(id string, taken map[string]bool) string {
	if !taken[id] {
		return id
	}
	for n := 2; ; n++ {
		if next := fmt.Sprintf("%s_%d", id, n); !taken[next] {
			return next
		}
	}
}

// longestSlug leaves room for a number.
const longestSlug = 48

func slug(label string) string {
	plain, _, err := transform.String(transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn))), label)
	if err != nil {
		plain = label
	}
	var b strings.Builder
	for _, r := range strings.ToLower(plain) {
		switch {
		case b.Len() >= longestSlug:
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == 'ß':
			b.WriteString("ss")
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
	}
	if s := strings.Trim(b.String(), "_"); s != "" {
		return s
	}
	return "level"
}
