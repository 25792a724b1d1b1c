package intake

// Mapping says what the headings and cells of one file mean. It is a file that a person can edit; see ParseMapping.
type Mapping struct {
	Columns map[string]string            // variable ID (or multiple-choice item ID, for all options in one cell) -> heading
	Values  map[string]map[string]string // heading -> cell as it stands in the file -> what it stands for; "" for nothing
	Ignore  []string                     // headings that are no answers
	Missing []string                     // cells that mean "nothing here", beside the empty one; nil: DefaultMissing
	Consent *Consent                     // rows without consent are left out; nil: there is no such column

	Sheet     string // of a workbook; "" the first
	Delimiter string // of text: one of , ; | and a tab; "" found out
	Encoding  string // of text: utf-8, utf-16le, utf-16be or windows-1252; "" found out

	notes notes // what Propose found, written as comments
}

// Consent names the column in which respondents say that their answers may be used, and what they say then.
type Consent struct {
	Column string   // heading
	Yes    []string // without regard to case
}

// notes are proposals that a mapping carries as comments.
type notes struct {
	file       string
	instrument string
	merges     []Merge
	near       []nearColumn
	values     []Issue // one for each distinct cell that was not understood
	unread     []string
	missing    []string
}

// nearColumn is a heading that may have been meant for a variable.
type nearColumn struct{ variable, heading string }
