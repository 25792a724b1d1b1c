package practice

import (
	"cmp"
	"slices"
	"strings"
)

// stem is a rough common beginning of forms of a word.
func stem(w string) string { return cut(w, 6) }

// frequent counts the words of sentences that say something, by their stem.
func (q *question) frequent(list []string) map[string]int {
	counts := map[string]int{}
	for _, s := range list {
		for _, w := range split(s) {
			if len([]rune(w)) > 3 && !q.words.stop[w] {
				counts[stem(w)]++
			}
		}
	}
	return counts
}

// summarise takes the first sentence and those whose words come most often, word for word and in their order.
func (q *question) summarise() string {
	text := q.material()
	list := sentences(text)
	if len(list) == 0 {
		return q.say("none")
	}
	counts := q.frequent(list)
	score := make([]float64, len(list))
	for i, s := range list {
		own := split(s)
		for _, w := range own {
			if n := counts[stem(w)]; n > 1 {
				score[i] += float64(n)
			}
		}
		score[i] /= float64(max(8, len(own))) // short sentences do not win by being short
	}
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(score[b], score[a]) })
	keep := min(len(list), max(2, min(5, (len(list)+1)/2)))
	chosen := []int{0}
	for _, i := range order {
		if len(chosen) < keep && i != 0 {
			chosen = append(chosen, i)
		}
	}
	slices.Sort(chosen)
	var b strings.Builder
	b.WriteString(q.say("summary.lead") + "\n\n")
	for _, i := range chosen {
		b.WriteString("- " + list[i] + "\n")
	}
	return b.String() + "\n" + q.say("summary.look")
}

// converse plays the next turn of a conversation.
func (q *question) converse() string {
	turn := 0
	for _, a := range q.answers {
		if slices.ContainsFunc(q.words.talk, func(s string) bool { return strings.HasSuffix(a, s) }) {
			turn++
		}
	}
	if last := split(q.last()); turn > 0 && len(last) > 0 && len(last) <= 3 && strings.HasPrefix(last[0], "stop") {
		turn = len(q.words.talk)
	}
	switch {
	case turn == 0:
		return q.say("talk.lead") + "\n\n" + q.words.talk[0]
	case turn < len(q.words.talk):
		return q.words.talk[turn]
	default:
		return q.say("talk.end")
	}
}
