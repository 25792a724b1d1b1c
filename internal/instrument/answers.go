package instrument

// Codes of an answer. Substantive answers start at FirstOption: code FirstOption+i is option i of the variable.
// The five below keep apart what other products lump together as "missing".
const (
	NotAsked      = 0 // the condition of the item was not met
	NoAnswer      = 1 // asked, left open
	DontKnow      = 2
	NotApplicable = 3
	Invalid       = 4 // something stood there that fits no option; reported cell by cell
	FirstOption   = 5
)

// Variable is one column of answers: an item, a row of a matrix, or one option of a multiple choice.
//
// A multiple-choice option has two substantive codes: FirstOption (not chosen) and FirstOption+1 (chosen).
type Variable struct {
	ID     string  // ITEM, ROW, or ITEM.OPTION
	Item   *Item   // the item it belongs to
	Row    *Row    // the matrix row, or nil
	Option *Option // the option of a multiple choice, or nil
}

// Column holds the answers to one variable, one code a respondent.
//
// Exactly one of Narrow and Wide is set; codes are below K.
type Column struct {
	Narrow []uint8  // codes, for at most 256
	Wide   []uint16 // codes, for more (categories, numbers)
	K      int      // number of codes: FirstOption + substantive codes

	// Levels are the values found in the data, by code - FirstOption, for a category. Sorted.
	Levels []string
	// Numbers are the values found in the data, by code - FirstOption, for a number. Ascending.
	Numbers []float64
}

// Len returns the number of respondents.
func (c *Column) Len() int {
	if c.Narrow != nil {
		return len(c.Narrow)
	}
	return len(c.Wide)
}

// At returns the code of respondent i.
func (c *Column) At(i int) int {
	if c.Narrow != nil {
		return int(c.Narrow[i])
	}
	return int(c.Wide[i])
}

// Answers are the answers to an instrument as columns, aligned with Variables.
type Answers struct {
	Instrument *Instrument
	N          int                // respondents
	Variables  []Variable         // as Instrument.Variables()
	Columns    []*Column          // by variable; nil where the data has no such column, or the variable is open text
	Texts      map[string]int     // open text: how many were given, by variable ID (the texts stay outside)
	Weights    []float64          // the weight column when one was named, else nil; finite and >= 0
	Extra      map[string]*Factor // columns outside the instrument, named by the caller (strata, clusters)
	Synthetic  bool               // made by a generator; every view says so
	Links      []Link             // by respondent, for the change since another wave; nil where nobody linked their answers
}

// Link is the same for a respondent in each wave between which they linked their own answers, and zeros for who did not. It
// is for comparing alone: nothing shows it, breaks down by it or exports it.
type Link [16]byte

// Factor is a column outside the instrument as integer codes of its distinct values.
type Factor struct {
	Codes  []uint32 // below len(Levels)
	Levels []string // distinct values, sorted
}
