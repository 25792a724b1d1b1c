package draft

import "tekentafel/internal/people/mapping/value"

// votes counts the texts that rows give for one thing. The one that most rows give is taken; of equals the first in the alphabet, so
// that the order of the rows does not matter.
type votes []vote

type vote struct {
	text string
	n    int
}

func (v *votes) add(text string, n int) {
	for i := range *v {
		if (*v)[i].text == text {
			(*v)[i].n += n
			return
		}
	}
	*v = append(*v, vote{text, n})
}

// won returns the text that was taken, and one that differs from it by more than its way of writing, if there is one.
func (v votes) won() (text, other string, contradicted bool) {
	best := -1
	for i := range v {
		if best < 0 || v[i].n > v[best].n || v[i].n == v[best].n && v[i].text < v[best].text {
			best = i
		}
	}
	if best < 0 {
		return "", "", false
	}
	text = v[best].text
	key := value.Fold(text)
	for i := range v {
		if i != best && value.Fold(v[i].text) != key && (!contradicted || v[i].text < other) {
			other, contradicted = v[i].text, true
		}
	}
	return text, other, contradicted
}
