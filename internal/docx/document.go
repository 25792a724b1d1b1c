package docx

import "time"

// Document is what Write writes.
type Document struct {
	Lang    string // of the text, a BCP 47 tag such as "nl-BE"
	Title   string // a property of the document; the title on the page is a block
	Author  string
	Subject string
	Created time.Time // zero for no date
	// Header stands small at the top of every page, HeaderEnd at the right of it.
	Header, HeaderEnd string
	// Page and Of are the words around the page number: "Pagina", "van". Of may be empty.
	Page, Of string
	Blocks   []Block
}

// Block is a part of a document: Title, Heading, Paragraph, Quote, List, Table, Contents or PageBreak.
type Block interface{ write(*writer) }

// Text is what stands in a line: runs after each other.
type Text []Run

// Run is a piece of text in one form. A line feed in it begins a new line, a tab moves on. Characters that XML cannot hold are left out.
type Run struct {
	Text   string
	Bold   bool
	Italic bool
	// Link is where the text leads: an address of http, https or mailto. Another one is left out, and the text stays.
	Link string
}

// Plain returns text in its usual form.
func Plain(s string) Text { return Text{{Text: s}} }

// Title is the title on the page, with what stands below it.
type Title struct {
	Text     string
	Subtitle string // "" for none
}

// Heading is a heading of level 1, 2 or 3; other levels count as the nearest.
type Heading struct {
	Level int
	Text  string
}

// Paragraph is running text.
type Paragraph struct {
	Text  Text
	Small bool // a caption, a remark
	Mark  bool // set apart by a line, such as a draft that nobody changed yet
}

// Quote is somebody's words.
type Quote struct{ Text Text }

// List is a list. Each numbered list counts from 1.
type List struct {
	Numbered bool
	Items    []Text
}

// Table is a table. The first row is repeated on each page; the first column names the rows.
type Table struct {
	Caption string   // stands above it, and is what a screen reader says of it; "" for none
	Titled  bool     // the heading above says the caption to the eye: it is for a screen reader alone
	Columns []Column // at least one
	Rows    [][]Text // a row may be shorter than the columns
}

// Column is a column of a table.
type Column struct {
	Label   string
	Numeric bool // figures, aligned to the right
	Width   int  // beside the others; 0 for by its longest text
}

// Contents lists the headings of level 1 of the whole document, each of which leads to its place.
type Contents struct{ Title string }

// PageBreak begins a new page.
type PageBreak struct{}
