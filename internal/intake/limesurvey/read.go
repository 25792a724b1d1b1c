package limesurvey

import (
	"cmp"
	"errors"

	"regexp"
	"slices"
	"strconv"
	"strings"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
)

// Options say what the structure does not.
type Options struct {
	// Background lists the codes of questions about people themselves, such as their department: the report breaks down by them.
	Background []string
}

// Survey is a survey that was taken over.
type Survey struct {
	Instrument *instrument.Instrument
	YAML       []byte
	Notes      []Note

	file      string
	languages []string
	sources   []source // where the answers to each variable stand in an export
	known     []string // headings of questions that were left out, in the spelling of canonical
}

// groupSize is the smallest group that a report of such a survey shows: LimeSurvey does not say.
const groupSize = 10

// Read makes a questionnaire of a structure (.lss). The error is a *Problem when the file is none that can be read.
func Read(file string, src []byte, opt Options) (*Survey, error) {
	s, err := readStructure(file, src)
	if err != nil {
		return nil, err
	}
	c := &converter{survey: s.gather(), ids: taken{"answered": true, "chosen": true}, vars: map[string]variable{}, background: map[string]bool{}}
	for _, code := range opt.Background {
		if code = strings.TrimSpace(code); code != "" {
			c.background[strings.ToLower(code)] = false
		}
	}
	c.head()
	for _, q := range c.survey.questions {
		c.question(q)
	}
	c.conditions()
	for code, met := range c.background {
		if !met {
			c.notes.add("", "no-background", i18n.Args{"code": code})
		}
	}
	return c.finish(file)
}

// converter makes a questionnaire of a survey.
type converter struct {
	survey     *survey
	in         instrument.Instrument
	notes      notes
	ids        taken
	vars       map[string]variable // what conditions may name, by canonical code
	sources    []source
	known      []string
	background map[string]bool
	asked      []asking // conditions, by item
}

// asking is a condition of LimeSurvey that decides on an item.
type asking struct {
	item      string
	code      string
	relevance []string
}

// head fills in what the questionnaire says of itself.
func (c *converter) head() {
	s := c.survey
	for _, code := range s.codes {
		l, known := languageOf(code)
		switch {
		case !known:
			c.notes.add("", "language", i18n.Args{"code": code})
		case !slices.Contains(s.languages, l):
			s.languages = append(s.languages, l)
		}
	}
	if len(s.languages) == 0 {
		s.languages = []instrument.Lang{instrument.EN}
	}
	c.in.Languages = s.languages
	slices.SortFunc(c.in.Languages, func(a, b instrument.Lang) int {
		return cmp.Compare(slices.Index(instrument.Languages(), a), slices.Index(instrument.Languages(), b))
	})
	c.in.GroupSize, c.in.Version = groupSize, "1"
	c.in.ID = identifier("limesurvey", s.id)
	c.in.Title = c.text("", s.titles, "LimeSurvey "+s.id)
	c.in.Source = "LimeSurvey"
	c.notes.add("", "topics", nil)
}

// text returns a text in the languages of the questionnaire. A translation that is missing is taken from the base language.
func (c *converter) text(code string, texts map[string]string, otherwise string) instrument.Text {
	base, cut := plain(texts[c.survey.base])
	if base == "" {
		base = otherwise
	}
	out := instrument.Text{}
	for _, l := range c.survey.languages {
		out[l] = base
		for _, name := range c.survey.codes {
			if known, ok := languageOf(name); !ok || known != l {
				continue
			}
			if t, c2 := plain(texts[name]); t != "" {
				out[l], cut = t, cut || c2
				break
			}
		}
	}
	if cut {
		c.notes.add(code, "expression", nil)
	}
	return out
}

// said returns a word of the product in the languages of the questionnaire.
func (c *converter) said(key string) instrument.Text {
	out := instrument.Text{}
	for _, l := range c.survey.languages {
		out[l] = locale().Printer(l).T(key, nil)
	}
	return out
}

// withSuffix returns a text with the same words behind it in every language.
func withSuffix(t instrument.Text, suffix string) instrument.Text {
	out := instrument.Text{}
	for l, s := range t {
		out[l] = s + suffix
	}
	return out
}

// add adds an item of a question, with what decides who is asked.
func (c *converter) add(q *question, it instrument.Item) {
	it.Topic = instrument.TopicOther
	if _, wanted := c.background[strings.ToLower(q.code)]; wanted {
		c.background[strings.ToLower(q.code)] = true
		it.Topic = instrument.TopicBackground
		it.Group = it.Kind == instrument.Single || it.Kind == instrument.Scale
	}
	if it.Kind != instrument.Info {
		it.Required = q.required
	}
	if h := q.helps[c.survey.base]; h != "" {
		if help := c.text(q.code, q.helps, ""); help[c.survey.languages[0]] != "" {
			it.Help = help
		}
	}
	c.in.Items = append(c.in.Items, it)
	if len(q.relevance) > 0 {
		c.asked = append(c.asked, asking{it.ID, q.code, q.relevance})
	}
}

var itemPath = regexp.MustCompile(`^items\[(\d+)\](\.visible)?`)

// finish writes the questionnaire and reads it back. What the checker finds wrong in one question is left out and said, so that the
// rest comes over.
func (c *converter) finish(file string) (*Survey, error) {
	for range 20 {
		if len(c.in.Items) == 0 {
			return nil, &Problem{file, "none of the questions has an equivalent", "see what each is, and write a questionnaire by hand (docs/instruments.md)"}
		}
		yaml, err := instrument.Marshal(&c.in)
		if err != nil {
			return nil, err
		}
		in, err := instrument.Parse("questionnaire.yaml", yaml)
		if err == nil {
			kept := slices.DeleteFunc(c.sources, func(s source) bool { _, ok := in.Variable(s.variable); return !ok && in.Item(s.variable) == nil })
			return &Survey{Instrument: in, YAML: yaml, Notes: c.notes.list, file: file, languages: c.survey.codes, sources: kept, known: c.known}, nil
		}
		var problems *instrument.Problems
		if !errors.As(err, &problems) || !c.mend(problems) {
			return nil, &Problem{file, "the survey makes no questionnaire: " + shortened(err.Error()), "correct it in LimeSurvey and export it again"}
		}
	}
	return nil, &Problem{file, "too many questions cannot be taken over", "write a questionnaire by hand (docs/instruments.md)"}
}

// mend takes out what problems are about; it tells whether anything was.
func (c *converter) mend(problems *instrument.Problems) bool {
	drop := map[int]bool{}
	changed := false
	for _, p := range problems.List {
		m := itemPath.FindStringSubmatch(p.Path)
		if m == nil {
			continue
		}
		i, _ := strconv.Atoi(m[1]) // the pattern takes digits alone
		if i >= len(c.in.Items) || drop[i] {
			continue
		}
		it := &c.in.Items[i]
		if m[2] != "" && it.Visible != "" {
			c.notes.add(it.ID, "condition", i18n.Args{"condition": it.Visible})
			it.Visible, changed = "", true
			continue
		}
		if m[2] == "" {
			c.notes.add(it.ID, "unfit", i18n.Args{"detail": shortened(p.Message)})
			drop[i], changed = true, true
		}
	}
	var kept []instrument.Item
	for i := range c.in.Items {
		if !drop[i] {
			kept = append(kept, c.in.Items[i])
		}
	}
	c.in.Items = kept
	return changed
}

// leave leaves a question out and says so.
func (c *converter) leave(q *question, key string) {
	c.notes.add(q.code, key, i18n.Args{"type": q.kind})
	c.known = append(c.known, canonical(q.code))
}
