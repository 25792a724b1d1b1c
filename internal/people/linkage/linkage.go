package linkage

import (
	"fmt"
	"math"
	"runtime"
)

// Title is a function as a source names it. Key is unique among the titles of one call; it is what decisions name.
type Title struct {
	Key    string
	Text   string
	Family string   // group of functions; "" unknown
	Level  string   // "A" to "E"; "" unknown
	ISCO   string   // ISCO-08, four digits; "" unknown
	Units  []string // keys of the units where it occurs; none is unknown
	People int      // how many people have it; 0 unknown
}

// Person is a row of personnel data. Key is unique among the people of one call. Empty fields and 0 are unknown.
type Person struct {
	Key       string
	Number    string
	Given     string
	Family    string // the whole name where a source does not tell the two apart
	Mail      string
	BirthYear int
	Unit      string // keys of unit and function of the main post
	Function  string
	Hidden    string // keyed hash of a national number
}

// Decision is what a person said of two keys earlier: one and the same, or not.
type Decision struct {
	A, B string
	Same bool
}

// Stage is what a run is busy with.
type Stage string

// The stages, in order.
const (
	StageRead    Stage = "read"
	StageBlock   Stage = "block"
	StageCompare Stage = "compare"
	StageLearn   Stage = "learn"
	StagePropose Stage = "propose"
)

// Options say how to link. The zero value is good.
type Options struct {
	Seed      uint64     // of the random pairs; the same seed and rows give the same proposals, whatever the number of workers
	Threshold float64    // lowest probability that is proposed, above 0 and below 1; 0 is 0.5
	Known     []Decision // honoured: not proposed again, and clusters keep to them. Keys that no longer exist are passed over
	Workers   int        // goroutines; 0 is one a processor
	MaxPairs  int        // most pairs returned, the most probable first; 0 is all
	// AcrossSeniority lets "senior" and "junior" titles be one function with the plain one. By default they never are.
	AcrossSeniority bool
	// AcrossGrades lets titles that write another grade ("niv. B" and "niv. C") be one function. By default they never are.
	AcrossGrades bool
	Words        *Words                             // of titles; nil is the built-in list
	Progress     func(stage Stage, done, total int) // called from one goroutine; nil is nobody
}

func (o *Options) fill() error {
	switch {
	case o.Threshold == 0:
		o.Threshold = 0.5
	case !(o.Threshold > 0 && o.Threshold < 1):
		return fmt.Errorf("the threshold is %v; give a probability above 0 and below 1", o.Threshold)
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Progress == nil {
		o.Progress = func(Stage, int, int) {}
	}
	return nil
}

// Field names what is compared.
type Field string

// Level is how a field of two rows compares.
type Level string

// Missing is the level of a field that one of both rows lacks; it weighs nothing.
const Missing Level = "missing"

// Evidence is what one field says of a pair: the level it ended at, and its weight in bits, above 0 for one thing and below for two.
// Args are the two values as they were read, where there is something to show.
type Evidence struct {
	Field       Field
	Level       Level
	Bits        float64
	Args        []string
	Differences []Difference
}

// Difference is a way in which two texts are written differently: its kind, and the two pieces of text.
type Difference struct {
	Kind DifferenceKind
	A, B string
}

// DifferenceKind says in what way two titles or names are written differently.
type DifferenceKind string

// The kinds of differences.
const (
	Abbreviation DifferenceKind = "abbreviation" // "mdw" and "medewerker"
	Gender       DifferenceKind = "gender"       // "medewerkster" and "medewerker", or "(m/v/x)"
	Inflection   DifferenceKind = "inflection"   // "technische" and "technisch"
	Typo         DifferenceKind = "typo"         // an edit or two
	Compound     DifferenceKind = "compound"     // written apart and together
	Translation  DifferenceKind = "translation"  // French beside Dutch
	Extra        DifferenceKind = "extra"        // a word that only one has; the other side is ""
	Order        DifferenceKind = "order"        // the same words in another order
)

// Pair is a proposal: two rows (positions in what was given, A before B) that are probably one thing.
type Pair struct {
	A, B        int
	Probability float64
	Prior       float64 // bits, the same for all pairs: log2 of the odds that any two rows are one thing
	Evidence    []Evidence
}

// Bits returns the weight of all evidence with the prior: log2 of the odds.
func (p *Pair) Bits() float64 {
	sum := p.Prior
	for _, e := range p.Evidence {
		sum += e.Bits
	}
	return sum
}

// Cluster is a set of rows that are probably one thing: each member goes with each other member, so that a chain of small steps does not
// tie what is different. Lowest and Mean are of the probabilities of its pairs; pairs that were decided the same count as 1.
type Cluster struct {
	Members   []int // in order
	Canonical int   // the member whose spelling the others could take
	Lowest    float64
	Mean      float64
	Decided   bool // every member is there by earlier decisions alone
}

// Note is something to know of a run: a kind and its arguments, for translation.
type Note struct {
	Kind NoteKind
	Args []string
}

// NoteKind says what a note is about.
type NoteKind string

// The kinds of notes.
const (
	NotePriorLeads     NoteKind = "prior-leads"     // fewer matches expected than pseudo-counts: designed values lead. Args: expected matches
	NoteDrifted        NoteKind = "drifted"         // learning left the designed meaning of a match and was put back; designed values hold
	NoteNotConverged   NoteKind = "not-converged"   // learning stopped at its last step. Args: steps
	NoteOrdered        NoteKind = "ordered"         // levels of a field that weighed in the wrong order were put level. Args: field
	NoteContradiction  NoteKind = "contradiction"   // decisions say both. Args: the two keys of the decision that was passed over
	NoteBlockCut       NoteKind = "block-cut"       // blocks too large to compare whole: only neighbours in them were. Args: pass, blocks
	NoteTooFewRows     NoteKind = "too-few-rows"    // fewer than two rows: nothing to compare
	NoteDuplicateKey   NoteKind = "duplicate-key"   // a key occurs twice; decisions count for its first row. Args: key
	NoteLearntShort    NoteKind = "learnt-short"    // an abbreviation that the titles themselves explain. Args: short, long
	NoteUnknownDecided NoteKind = "unknown-decided" // decisions on keys that are not there. Args: how many
)

// Pass is one way of finding candidates.
type Pass struct {
	Name  string
	Pairs int // that it finds
	New   int // that no pass before it found
	Cut   int // blocks that were too large: only neighbours in them were compared
}

// Proposals is what a run found.
type Proposals struct {
	Pairs    []Pair    // the most probable first
	Clusters []Cluster // of two members or more, the largest first
	Model    Model
	Passes   []Pass
	Compared int     // candidates that were compared
	Possible float64 // all pairs that there are
	Recall   float64 // estimated share of all matches that blocking found (Chao 1987); 1 where nothing is found
	Notes    []Note
}

func probability(bits float64) float64 { return 1 / (1 + math.Exp2(-bits)) }

func logOdds(p float64) float64 { return math.Log2(p / (1 - p)) }
