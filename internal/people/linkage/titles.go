package linkage

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
)

// The fields of titles.
const (
	FieldWords  Field = "words"
	FieldGrade  Field = "grade"
	FieldFamily Field = "family"
	FieldISCO   Field = "isco"
	FieldUnits  Field = "units"
	FieldPeople Field = "people"
)

// The levels of the fields of titles.
const (
	Same      Level = "same"
	Joined    Level = "joined"    // the same words, written apart or together
	Shortened Level = "shortened" // words of one shorten words of the other
	Mistyped  Level = "mistyped"  // an edit or two in a word
	Within    Level = "within"    // one has all words of the other, and more
	Partly    Level = "partly"    // half of the words or more, the rare ones counting for more
	Different Level = "different"
	OtherRank Level = "other-rank" // the same letter, other ranks: C1-C3 and C4-C5
	Near      Level = "near"       // the same ISCO minor group (three digits); a family of similar name
	Shared    Level = "shared"     // a unit where both occur
	Apart     Level = "apart"      // no unit where both occur
	OneRare   Level = "one-rare"   // at most two people have one of both
	BothUsed  Level = "both-used"
)

const (
	wordsSame = iota
	wordsJoined
	wordsShortened
	wordsMistyped
	wordsWithin
	wordsPartly
	wordsDifferent
)

// Titles proposes which titles are one function. A difference in seniority ("senior", "adjunct-", "hoofd-"), in a number
// ("medewerker 1", "medewerker 2") or in a grade that both titles write themselves ("niv. B", "C1-C3") makes two functions, unless the
// options say otherwise of seniority or grades. A level that stands beside a title weighs, for such columns have errors.
func Titles(ctx context.Context, titles []Title, o Options) (*Proposals, error) {
	if err := o.fill(); err != nil {
		return nil, err
	}
	words := o.Words
	if words == nil {
		var err error
		if words, err = BuiltinWords(); err != nil {
			return nil, err
		}
	}
	o.Progress(StageRead, 0, len(titles))
	t, learnt := readTitles(titles, words, &o)
	keys := make([]string, len(titles))
	for i := range titles {
		keys[i] = titles[i].Key
	}
	o.Progress(StageRead, len(titles), len(titles))
	p, err := link(ctx, keys, t, &o)
	if err != nil {
		return nil, err
	}
	p.Notes = append(p.Notes, learnt...)
	return p, nil
}

func readTitles(titles []Title, words *Words, o *Options) (*titleRows, []Note) {
	t := &titleRows{titles: titles, across: o.AcrossSeniority, grades: o.AcrossGrades, rows: make([]titleRow, len(titles))}
	for i := range titles {
		t.rows[i] = titleRow{form: words.parse(titles[i].Text), family: fold(titles[i].Family), isco: strings.TrimSpace(titles[i].ISCO)}
		r := &t.rows[i]
		r.written = r.letter != 0
		if l := fold(titles[i].Level); !r.written && len(l) == 1 && l[0] >= 'a' && l[0] <= 'e' {
			r.letter = l[0]
		}
		r.units = slices.Compact(slices.Sorted(slices.Values(titles[i].Units)))
	}
	learnt := t.learnShort(words)
	t.weigh()
	return t, learnt
}

type titleRow struct {
	form
	family, isco string
	written      bool // the title itself says the grade
	units        []string
	weights      []float64 // of the words
	total        float64
}

type titleRows struct {
	titles []Title
	rows   []titleRow
	across bool           // seniority does not tell functions apart
	grades bool           // nor do written grades
	df     map[string]int // titles in which a key occurs
}

// weigh gives rare words more weight than common ones: the logarithm of the share of titles without them.
func (t *titleRows) weigh() {
	t.df = map[string]int{}
	for i := range t.rows {
		for _, w := range t.rows[i].words {
			t.df[w.key]++
		}
	}
	n := float64(len(t.rows))
	for i := range t.rows {
		r := &t.rows[i]
		r.weights = make([]float64, len(r.words))
		for k, w := range r.words {
			v := math.Log2(1 + n/float64(t.df[w.key]))
			if w.weak {
				v *= 0.1
			}
			r.weights[k] = v
			r.total += v
		}
	}
}

// learnShort explains abbreviations by the titles themselves: a piece with a dot, or one without vowels, that begins only one word of many.
func (t *titleRows) learnShort(words *Words) []Note {
	count := map[string]int{}
	for i := range t.rows {
		for _, w := range t.rows[i].words {
			if !w.short {
				count[w.full]++
			}
		}
	}
	vocabulary := make([]string, 0, len(count))
	for w := range count {
		vocabulary = append(vocabulary, w)
	}
	slices.Sort(vocabulary)
	meaning := map[string]string{}
	var notes []Note
	for i := range t.rows {
		r := &t.rows[i]
		changed := false
		for k := range r.words {
			w := &r.words[k]
			if !w.short || len(w.raw) < 2 {
				continue
			}
			long, asked := meaning[w.raw]
			if !asked {
				long = explain(w.raw, vocabulary, count)
				meaning[w.raw] = long
				if long != "" {
					notes = append(notes, Note{Kind: NoteLearntShort, Args: []string{w.raw, long}})
				}
			}
			if long == "" {
				continue
			}
			w.full, w.key, w.short, changed = long, words.key(long), false, true
			r.trace(Abbreviation, w.raw, long)
		}
		if changed {
			r.finish()
		}
	}
	slices.SortFunc(notes, func(a, b Note) int { return cmp.Compare(a.Args[0], b.Args[0]) })
	return notes
}

func explain(short string, vocabulary []string, count map[string]int) string {
	from, _ := slices.BinarySearch(vocabulary, short)
	best, all := "", 0
	for _, w := range vocabulary[from:] {
		if !strings.HasPrefix(w, short) {
			break
		}
		if w == short {
			continue
		}
		all += count[w]
		if best == "" || count[w] > count[best] {
			best = w
		}
	}
	if best == "" || count[best] < 2 || float64(count[best]) < 0.8*float64(all) {
		return ""
	}
	return best
}

func (t *titleRows) designs() []design {
	common := func(p pattern) int {
		if p[0] <= wordsPartly { // what differs and has words in common is what different titles of nearly the same words would be like
			return 0
		}
		return 1
	}
	// Two functions of the same words mostly differ in grade; that is why they are two. So few are seen that the design leads.
	grade := func(p pattern) int {
		if p[0] <= wordsMistyped {
			return 0
		}
		return 1 + common(p)
	}
	classes := []string{"words-in-common", "words-different"}
	return []design{
		{field: FieldWords, levels: []Level{Same, Joined, Shortened, Mistyped, Within, Partly, Different},
			m: []float64{.65, .05, .08, .18, .015, .015, .01}, mStrength: 60, u: [][]float64{{.0002, .00005, .0001, .0002, .004, .02, .97}}, uStrength: 1, held: wordsWithin, confused: []float64{.05, .05, .1, .06}, ordered: true},
		{field: FieldGrade, levels: []Level{Same, OtherRank, Different}, m: []float64{.95, .015, .035}, mStrength: 60, held: 1,
			u: [][]float64{{.17, .03, .8}, {.4, .1, .5}, {.3, .05, .65}}, uStrength: 2, firm: []float64{200, 0, 0},
			classes: []string{"words-alike", "words-in-common", "words-different"}, class: grade, ordered: true},
		{field: FieldFamily, levels: []Level{Same, Near, Different}, m: []float64{.93, .02, .05}, mStrength: 60,
			u: [][]float64{{.3, .02, .68}, {.1, .02, .88}}, uStrength: 2, classes: classes, class: common, ordered: true},
		{field: FieldISCO, levels: []Level{Same, Near, Different}, m: []float64{.94, .02, .04}, mStrength: 60,
			u: [][]float64{{.2, .1, .7}, {.03, .04, .93}}, uStrength: 2, classes: classes, class: common, ordered: true},
		{field: FieldUnits, levels: []Level{Shared, Apart}, m: []float64{.5, .5}, mStrength: 60,
			u: [][]float64{{.2, .8}, {.1, .9}}, uStrength: 2, classes: classes, class: common, ordered: true},
		{field: FieldPeople, levels: []Level{OneRare, BothUsed}, m: []float64{.6, .4}, mStrength: 60, u: [][]float64{{.5, .5}}, uStrength: 1},
	}
}
