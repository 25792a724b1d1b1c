package practice

import (
	"slices"
	"strings"
)

// task finds what the person asks: from the last message, else from the instructions of the system, else from how the conversation began.
func (q *question) task() task {
	for _, s := range append([]string{q.last(), q.system}, q.asked...) {
		if t := q.named(s); t != help {
			return t
		}
	}
	if _, _, ok := readTable(q.last(), q.print.Lang); ok {
		return table
	}
	return help
}

// named returns the task that a text names near its beginning or its end.
func (q *question) named(s string) task {
	const near = 600 // runes
	r := []rune(s)
	if len(r) > 2*near {
		s = string(r[:near]) + "\n" + string(r[len(r)-near:])
	}
	text := split(s)
	for _, t := range tasks() {
		if slices.ContainsFunc(q.words.tasks[t], func(phrase []string) bool { return has(text, phrase) }) {
			return t
		}
	}
	return help
}

// material returns the text to work on: what stands between marks or behind a line, without the paragraphs that say what to do. When the last message has none, it is the longest
// of those before. It is "" when there is none.
func (q *question) material() string {
	if s := q.within(q.last()); s != "" {
		return s
	}
	best := ""
	for _, s := range q.asked[:max(0, len(q.asked)-1)] {
		if m := q.within(s); len(m) > len(best) {
			best = m
		}
	}
	return best
}

// leastMaterial is below how many words a text is no text to work on.
const leastMaterial = 8

func (q *question) within(s string) string {
	if len(s) > mostText {
		s = cut(s[:mostText], mostText)
	}
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\r\n", "\n"), "")
	for _, mark := range [][2]string{{`"""`, `"""`}, {"```", "```"}, {"<text>", "</text>"}, {"<tekst>", "</tekst>"}, {"<texte>", "</texte>"}} {
		if _, rest, ok := strings.Cut(s, mark[0]); ok {
			if inner, _, ok := strings.Cut(rest, mark[1]); ok && len(split(inner)) >= leastMaterial {
				return strings.TrimSpace(inner)
			}
		}
	}
	var kept []string
	for p := range strings.SplitSeq(s, "\n\n") {
		if p = strings.TrimSpace(p); p == "" {
			continue
		}
		if !q.instructs(p) {
			kept = append(kept, p)
			continue
		}
		if first, rest, ok := strings.Cut(p, "\n"); ok && q.instructs(first) && !q.instructs(rest) { // the text follows on the next line
			kept = append(kept, strings.TrimSpace(rest))
		} else if first, rest, ok := strings.Cut(p, ": "); ok && len(split(first)) < 20 && len(split(rest)) >= leastMaterial {
			kept = append(kept, strings.TrimSpace(rest))
		}
	}
	m := strings.Join(kept, "\n\n")
	if len(split(m)) < leastMaterial {
		return ""
	}
	return m
}

// longestInstruction is in how many words people say what to do; a longer paragraph is text, whatever it begins with.
const longestInstruction = 60

// instructs tells whether a paragraph says what to do rather than being the text.
func (q *question) instructs(p string) bool {
	text := split(p)
	if len(text) > longestInstruction {
		return strings.Count(p, "\n") > 0 && q.instructs(p[:strings.IndexByte(p, '\n')])
	}
	for _, list := range q.words.tasks {
		if slices.ContainsFunc(list, func(phrase []string) bool { return has(text, phrase) }) {
			return true
		}
	}
	return slices.ContainsFunc(q.words.role, func(phrase []string) bool { return starts(text, phrase) })
}

// sentences takes a text apart. Lines of a list are sentences of their own.
func sentences(s string) []string {
	var out []string
	for line := range strings.SplitSeq(s, "\n") {
		line = strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(line), "-*#•> "))
		for line != "" {
			end := sentenceEnd(line)
			if part := strings.TrimSpace(line[:end]); part != "" {
				out = append(out, part)
			}
			line = strings.TrimSpace(line[end:])
		}
	}
	return out
}

// sentenceEnd returns where the first sentence of a line ends: after a full stop, with what closes it, before a space and a capital or digit.
func sentenceEnd(line string) int {
	for i := 0; i < len(line); i++ {
		if line[i] != '.' && line[i] != '!' && line[i] != '?' {
			continue
		}
		end := i + 1
		for end < len(line) && strings.IndexByte(`.!?)"'`, line[end]) >= 0 {
			end++
		}
		word := line[strings.LastIndexByte(line[:i], ' ')+1 : i]
		if len(word) <= 1 || strings.Contains(word, ".") { // an initial, or one like "d.w.z."
			continue
		}
		if end == len(line) || line[end] == ' ' && end+1 < len(line) && (line[end+1] < 'a' || line[end+1] > 'z') {
			return end
		}
	}
	return len(line)
}
