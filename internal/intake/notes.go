package intake

// notes are proposals that a mapping carries as comments.
type notes struct {
	merges  []Merge
	columns []nearColumn
	values  []Issue
	unread  []string
	missing []string
}

// nearColumn is a heading that may have been meant for a variable.
type nearColumn struct{ variable, heading string }
