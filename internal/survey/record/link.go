package record

import "encoding/hex"

// LinkID is under what a link comes in. No item can have this ID.
const LinkID = "_link"

// Link is what somebody's page makes of a code that only they know: the same code gives the same link in each wave of a study,
// and from the link nobody finds the code. Zeros are no link.
type Link [32]byte

// ReadLink reads the 64 small hexadecimal digits of a link; ok is false for anything else, and for zeros.
func ReadLink(s string) (l Link, ok bool) {
	if len(s) != hex.EncodedLen(len(l)) {
		return Link{}, false
	}
	for _, c := range []byte(s) {
		if c >= 'A' && c <= 'F' {
			return Link{}, false
		}
	}
	if _, err := hex.Decode(l[:], []byte(s)); err != nil {
		return Link{}, false
	}
	return l, l != Link{}
}

// link reads the link of a respondent.
func (r *reader) link(value any, list []string) {
	wrong := func(f Fault) {
		if len(r.problems) < MaxProblems {
			r.problems = append(r.problems, Problem{Item: LinkID, Variable: LinkID, Fault: f})
		}
	}
	if r.asLink {
		wrong(Twice)
		return
	}
	r.asLink = true
	if value == nil && list == nil {
		return
	}
	word, _ := value.(string)
	link, ok := ReadLink(word)
	if !ok || list != nil {
		wrong(WrongKind)
		return
	}
	r.rec.link = link
}

// Links returns the link of each row of Answers, in their order; nil before Answers, and where records hold none.
func (c *Collector) Links() []Link {
	if !c.linked || c.order == nil {
		return nil
	}
	out := make([]Link, len(c.order))
	for i, from := range c.order {
		out[i] = c.links[from]
	}
	return out
}
