package disclosure

// Reason says why a figure stays hidden. The zero value means that it is shown.
type Reason uint8

// The reasons, in the order in which they win over each other when several hold.
const (
	Shown         Reason = iota
	Withheld             // the question is sensitive or a background variable: never broken down
	BelowK               // fewer than k respondents, none included
	Difference           // with an earlier publication it would show fewer than k respondents
	Homogeneous          // everybody in the group gave the same answer
	Complementary        // large enough, but with it a hidden figure could be computed
)

// String returns the reason as it stands in JSON and messages.
func (r Reason) String() string {
	switch r {
	case Shown:
		return "shown"
	case Withheld:
		return "withheld"
	case BelowK:
		return "below-k"
	case Difference:
		return "difference"
	case Homogeneous:
		return "homogeneous"
	case Complementary:
		return "complementary"
	}
	return "unknown"
}

// Hidden tells whether the figure may not be published.
func (r Reason) Hidden() bool { return r != Shown }

// Decision says what of a publication stays hidden. Indices are those of the Publication.
type Decision struct {
	K int
	// Groups tells by grouping and group whether the group's number of respondents stays hidden; such a group is
	// hidden in every question. It holds for the counts of the background variable's own item too.
	Groups [][]Reason
	// Questions tells by question.
	Questions []QuestionDecision

	Primary       int // cells and groups hidden for what they are: below k, difference, homogeneous
	Complementary int // cells and groups hidden to protect others
	Withheld      int // cells of questions that are never broken down

	// Exposed lists what cannot be protected any more because an earlier publication already shows it.
	Exposed []Exposure
}

// QuestionDecision says what of one question stays hidden.
type QuestionDecision struct {
	Total Reason     // hidden: nothing of this question may be published, not even in total
	Cells [][]Reason // by grouping and group; nil where the question is not broken down
}

// Exposure points at a question and grouping of which hidden figures follow from an earlier publication.
type Exposure struct {
	Question, Grouping int
}

// Cell returns the reason for which question q is hidden in group i of grouping g; a question that is not broken down by
// g is Withheld there.
func (d *Decision) Cell(q, g, i int) Reason {
	cells := d.Questions[q].Cells[g]
	if cells == nil {
		return Withheld
	}
	return cells[i]
}

func (d *Decision) count() {
	for _, reasons := range d.Groups {
		d.tally(reasons)
	}
	for _, q := range d.Questions {
		for _, reasons := range q.Cells {
			d.tally(reasons)
		}
	}
}

func (d *Decision) tally(reasons []Reason) {
	for _, r := range reasons {
		switch r {
		case Shown:
		case Withheld:
			d.Withheld++
		case Complementary:
			d.Complementary++
		case BelowK, Difference, Homogeneous:
			d.Primary++
		}
	}
}
