package guard

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// floor returns the absolute place before which no match can begin any more: pos, or the beginning of what may become a mail address that reaches it,
// also one that goes on with " (at)".
func (s *scan) floor() int {
	end := s.pos
	if end > 0 && s.text[end-1] == ' ' {
		end--
	}
	i := end
	for i > 0 && end-i < maxLocal && isLocal(s.text[i-1]) {
		i--
	}
	for i < end && !utf8.RuneStart(s.text[i]) {
		i++
	}
	return s.base + i
}

// settle moves the matches of which none that overlaps can follow to a list: those in groups of overlapping matches that end at or before limit. Of a
// group the best go first, and what overlaps them is left out.
func (s *scan) settle(list []Finding, limit int) []Finding {
	from := 0
	for from < len(s.pending) {
		to, end := from+1, s.pending[from].End
		for to < len(s.pending) && s.pending[to].Start < end {
			end = max(end, s.pending[to].End)
			to++
		}
		if end > limit {
			break
		}
		if to == from+1 {
			list = append(list, s.pending[from])
		} else {
			list = s.best(list, s.pending[from:to])
		}
		from = to
	}
	s.pending = s.pending[:copy(s.pending, s.pending[from:])]
	return list
}

// best adds the matches of a group that remain.
func (s *scan) best(list, group []Finding) []Finding {
	first := len(list)
	s.rank = append(s.rank[:0], group...)
	slices.SortStableFunc(s.rank, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(b.End-b.Start, a.End-a.Start), cmp.Compare(a.Start, b.Start), cmp.Compare(a.Type, b.Type))
	})
	for _, f := range s.rank {
		i, _ := slices.BinarySearchFunc(list[first:], f, func(a, b Finding) int { return cmp.Compare(a.Start, b.Start) })
		i += first
		if i < len(list) && list[i].Start < f.End || i > first && list[i-1].End > f.Start {
			continue
		}
		list = slices.Insert(list, i, f)
	}
	return list
}
