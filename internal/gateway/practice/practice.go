package practice

import (
	"fmt"
	"hash/fnv"
	"strings"
	"unicode/utf8"

	"tekentafel/internal/gateway/wire"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
)

// Context and MaxOutput are the tokens that the model is said to take and to give.
const (
	Context   = 32_768
	MaxOutput = 2_048
)

// mostText is how many bytes of a text it works on.
const mostText = 64 << 10

// Tokens counts the tokens of a text as this model counts them: one for each four letters or signs, rounded up.
func Tokens(s string) int64 { return int64(utf8.RuneCountInString(s)+3) / 4 }

// Reply answers a request of Chat, Responses or Messages. The same request has the same answer. The error is a *wire.Fault for what no
// conversation can hold.
func Reply(r *wire.Request) (*wire.Answer, error) {
	c, err := wire.ReadConversation(r)
	if err != nil {
		return nil, err
	}
	q := read(c)
	text := q.answer()
	a := &wire.Answer{ID: name(r), Model: r.Model, Usage: wire.Usage{Input: q.tokens}}
	if most := limit(r.MaxOutput); Tokens(text) > most {
		text, a.Stop = cut(text, int(4*most)), wire.StopLength
	}
	a.Parts = []wire.Part{{Kind: wire.PartText, Text: text}}
	a.Usage.Output = Tokens(text)
	return a, nil
}

func limit(asked int64) int64 {
	if asked <= 0 {
		return MaxOutput
	}
	return min(asked, MaxOutput)
}

// cut returns the first n runes of a text.
func cut(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// name makes an identifier of an answer from its request.
func name(r *wire.Request) string {
	h := fnv.New64a()
	_, _ = h.Write(r.Doc.Bytes())
	return fmt.Sprintf("practice-%016x", h.Sum64())
}

// question is what a person asks, taken apart.
type question struct {
	print   *i18n.Printer
	words   *words
	system  string
	asked   []string // what the person wrote, the last at the end
	answers []string // what the model answered
	image   bool
	tokens  int64
}

func read(c *wire.Conversation) *question {
	q := &question{}
	text := func(parts []wire.Part) string {
		var b strings.Builder
		for _, p := range parts {
			if p.Kind == wire.PartText {
				b.WriteString(p.Text)
				b.WriteString("\n")
			}
		}
		s := strings.TrimSpace(b.String())
		q.tokens += Tokens(s)
		return s
	}
	q.system = text(c.System)
	for _, t := range c.Turns {
		s := text(t.Parts)
		switch t.Role {
		case wire.RoleAssistant:
			q.answers = append(q.answers, s)
			continue
		case wire.RoleSystem:
			q.system += "\n" + s
			continue
		default:
		}
		q.asked = append(q.asked, s)
		q.image = false
		for _, p := range t.Parts {
			q.image = q.image || p.Kind == wire.PartImage
		}
	}
	lang := q.language()
	q.words, q.print = known()[lang], locale().Printer(lang)
	return q
}

// language is that of the last text of the person that is long enough to tell, else of all.
func (q *question) language() instrument.Lang {
	for i := len(q.asked) - 1; i >= 0; i-- {
		if len(split(cut(q.asked[i], 400))) >= 4 {
			return language(q.asked[i])
		}
	}
	return language(strings.Join(q.asked, "\n") + "\n" + q.system)
}

func (q *question) last() string {
	if len(q.asked) == 0 {
		return ""
	}
	return q.asked[len(q.asked)-1]
}

// answer makes the answer.
func (q *question) answer() string {
	if fixed := blocks(q.system); len(q.answers) < len(fixed) {
		return fixed[len(q.answers)]
	}
	var b strings.Builder
	if len(q.answers) == 0 {
		b.WriteString(q.say("intro") + "\n\n")
	}
	if q.image {
		b.WriteString(q.say("image") + "\n\n")
	}
	b.WriteString(q.work())
	return strings.TrimSpace(b.String())
}

func (q *question) say(key string) string { return q.print.T(key, nil) }

func (q *question) work() string {
	switch q.task() {
	case talk:
		return q.converse()
	case table:
		return q.calculate()
	case letter:
		return q.simplify()
	case mindMap:
		return q.branches()
	case summary:
		return q.summarise()
	default:
		return q.help()
	}
}

// help says what one can try.
func (q *question) help() string {
	var b strings.Builder
	b.WriteString(q.say("help.lead") + "\n\n")
	for _, key := range []string{"summary", "table", "letter", "map", "talk"} {
		b.WriteString("- " + q.say("help."+key) + "\n")
	}
	return b.String() + "\n" + q.say("help.guard")
}

// The marks around an answer that is given word for word.
const (
	openMark  = "[[practice]]"
	closeMark = "[[/practice]]"
)

// blocks returns what stands between the marks.
func blocks(system string) []string {
	var out []string
	for {
		_, rest, ok := strings.Cut(system, openMark)
		if !ok {
			return out
		}
		text, after, ok := strings.Cut(rest, closeMark)
		if !ok {
			return out
		}
		out = append(out, strings.TrimSpace(text))
		system = after
	}
}
