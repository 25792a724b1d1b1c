package strategy

import "unicode"

// Piece is words that stand in both texts, or in one of them.
type Piece struct {
	Text string
	Gone bool // only in the older
	New  bool // only in the newer
}

// mostCells bounds the table by which two texts are compared; longer ones are told as replaced.
const mostCells = 8_000_000

// Compare tells what of an older text is gone and what is new, word by word (the longest common subsequence of words and white space).
// The pieces that are not New together are the older text, those that are not Gone the newer.
func Compare(older, newer string) []Piece {
	a, b := cut(older), cut(newer)
	var out []Piece
	add := func(text string, gone, fresh bool) {
		if text == "" {
			return
		}
		if n := len(out); n > 0 && out[n-1].Gone == gone && out[n-1].New == fresh {
			out[n-1].Text += text
			return
		}
		out = append(out, Piece{text, gone, fresh})
	}
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		add(a[head], false, false)
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	x, y := a[head:len(a)-tail], b[head:len(b)-tail]
	i, j := 0, 0
	if len(x)*len(y) <= mostCells {
		length := common(x, y)
		for i < len(x) && j < len(y) {
			switch {
			case x[i] == y[j]:
				add(x[i], false, false)
				i++
				j++
			case length[(i+1)*(len(y)+1)+j] >= length[i*(len(y)+1)+j+1]:
				add(x[i], true, false)
				i++
			default:
				add(y[j], false, true)
				j++
			}
		}
	}
	for ; i < len(x); i++ {
		add(x[i], true, false)
	}
	for ; j < len(y); j++ {
		add(y[j], false, true)
	}
	for _, w := range a[len(a)-tail:] {
		add(w, false, false)
	}
	return out
}

// common returns how many words the ends of x and y from i and j on share, in order, at i*(len(y)+1)+j.
func common(x, y []string) []uint16 {
	wide := len(y) + 1
	out := make([]uint16, (len(x)+1)*wide)
	for i := len(x) - 1; i >= 0; i-- {
		for j := len(y) - 1; j >= 0; j-- {
			if x[i] == y[j] {
				out[i*wide+j] = out[(i+1)*wide+j+1] + 1
			} else {
				out[i*wide+j] = max(out[(i+1)*wide+j], out[i*wide+j+1])
			}
		}
	}
	return out
}

// cut parts a text into words and the white space between them.
func cut(s string) []string {
	var out []string
	start, space := 0, false
	for i, r := range s {
		if is := unicode.IsSpace(r); i > 0 && is != space {
			out = append(out, s[start:i])
			start, space = i, is
		} else if i == 0 {
			space = is
		}
	}
	if s != "" {
		out = append(out, s[start:])
	}
	return out
}
