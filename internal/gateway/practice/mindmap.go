package practice

import (
	"cmp"
	"slices"
	"strings"
)

// branches makes a list within a list, from the titles in a text or else from its frequent words.
func (q *question) branches() string {
	text := q.material()
	if text == "" {
		return q.say("none")
	}
	list := titled(text)
	if list == "" {
		list = q.byWords(text)
	}
	return q.say("map.lead") + "\n\n" + list + "\n" + q.say("map.look")
}

// titled makes branches of the lines that look like titles, with what stands below each; "" when there are fewer than two.
func titled(text string) string {
	var b strings.Builder
	titles, below := 0, 0
	const mostBelow = 4
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		title := strings.HasPrefix(line, "#") || strings.HasSuffix(line, ":") && len(split(line)) <= 8
		switch name := strings.TrimSpace(strings.Trim(line, "#:*- ")); {
		case name == "":
		case title:
			titles++
			below = 0
			b.WriteString("- " + name + "\n")
		case titles > 0 && below < mostBelow:
			below++
			b.WriteString("  - " + short(name) + "\n")
		}
	}
	if titles < 2 {
		return ""
	}
	return b.String()
}

// short returns the first words of a line.
func short(s string) string {
	const most = 10
	f := strings.Fields(s)
	if len(f) <= most {
		return strings.TrimRight(s, ".;, ")
	}
	return strings.TrimRight(strings.Join(f[:most], " "), ".;, ") + " …"
}

// byWords makes branches of the most frequent words, each with those that stand in the same sentences.
func (q *question) byWords(text string) string {
	list := sentences(text)
	counts, shown := q.frequent(list), map[string]string{}
	beside := map[string]map[string]int{}
	var order []string
	for _, s := range list {
		var own []string
		for _, w := range split(s) {
			k := stem(w)
			if counts[k] == 0 || q.words.stop[w] || slices.Contains(own, k) {
				continue
			}
			own = append(own, k)
			if shown[k] == "" {
				shown[k] = w
				order = append(order, k)
			}
		}
		for _, a := range own {
			for _, c := range own {
				if a != c {
					if beside[a] == nil {
						beside[a] = map[string]int{}
					}
					beside[a][c]++
				}
			}
		}
	}
	most := func(keys []string, n func(string) int) []string {
		keys = slices.Clone(keys)
		slices.SortStableFunc(keys, func(a, c string) int { return cmp.Compare(n(c), n(a)) })
		return keys
	}
	var b strings.Builder
	const mostBranches, mostTwigs = 5, 3
	top := most(order, func(k string) int { return counts[k] })
	top = top[:min(mostBranches, len(top))]
	for _, k := range top {
		b.WriteString("- " + shown[k] + "\n")
		twigs := 0
		for _, c := range most(order, func(c string) int { return beside[k][c] }) {
			if twigs < mostTwigs && beside[k][c] > 0 && !slices.Contains(top, c) {
				twigs++
				b.WriteString("  - " + shown[c] + "\n")
			}
		}
	}
	return b.String()
}
