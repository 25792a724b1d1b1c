package roster

import (
	"tekentafel/internal/i18n"
	"tekentafel/internal/people/linkage"
)

// evidence is what speaks for two things being one, and what against, in words.
type evidence struct{ yes, no []string }

// evidenceOf puts what fields say of a pair in words, with the ways in which two titles are written differently. A field that one
// lacks says nothing. Whether it speaks for or against follows from its weight.
func (w words) evidenceOf(kind string, list []linkage.Evidence) evidence {
	var out evidence
	for i := range list {
		e := &list[i]
		key := "why." + kind + "-" + string(e.Field) + "." + string(e.Level)
		if e.Level == linkage.Missing || !w.Has(key) {
			continue
		}
		args := i18n.Args{"a": "", "b": ""}
		if len(e.Args) > 1 {
			args = i18n.Args{"a": e.Args[0], "b": e.Args[1]}
		}
		said := []string{w.T(key, args)}
		for _, d := range e.Differences {
			said = append(said, w.difference(d))
		}
		if e.Bits >= 0 {
			out.yes = append(out.yes, said...)
		} else {
			out.no = append(out.no, said...)
		}
	}
	return out
}

// difference says in what way two titles are written differently.
func (w words) difference(d linkage.Difference) string {
	a, b := d.A, d.B
	if d.Kind == linkage.Extra && a == "" {
		a, b = b, a
	}
	if d.Kind == linkage.Abbreviation && len([]rune(a)) > len([]rune(b)) {
		a, b = b, a
	}
	key := "differs." + string(d.Kind)
	if d.Kind == linkage.Translation {
		key = "differs.translated" // the other word has a meaning of its own in a message file
	}
	if (d.Kind == linkage.Gender || d.Kind == linkage.Extra) && (a == "" || b == "") {
		if a == "" {
			a = b
		}
		key += "-one"
	}
	if !w.Has(key) {
		key = "differs.written"
	}
	return w.T(key, i18n.Args{"a": a, "b": b})
}

// sure says a probability in words and as a percentage.
func (w words) sure(p float64) string {
	key := "sure.maybe"
	switch {
	case p >= 0.95:
		key = "sure.nearly"
	case p >= 0.8:
		key = "sure.probably"
	}
	return w.T(key, i18n.Args{"percent": w.Percent(p)})
}
