// Package docx writes a document for a word processor: WordprocessingML (ECMA-376, part 1) in its transitional form, which Word, LibreOffice
// and OnlyOffice read and let people change.
//
// A document is a list of blocks: headings, paragraphs, quotes, lists and tables. They become real styles, real headings and real lists, so that a
// screen reader and a table of contents find their way: nothing is only made to look like them. Paper is A4. The same document gives the same bytes.
package docx
