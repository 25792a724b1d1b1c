// Package extract takes the text out of a file that somebody gives along with a question: PDF, Word (DOCX), Excel (XLSX), OpenDocument text
// (ODT), plain text, Markdown and CSV. Nothing is written to a disk, and only the text leaves: no pictures, no properties of the file, no macros.
//
// What a file is, is read from its content; its name decides only between plain text and Markdown. What people do not see when they open it
// but what is text of the document, comes along and is said in a note: hidden text, hidden sheets, rows and columns, comments. Tracked changes
// count as accepted: what was inserted is there, what was deleted is not. Formulas give the value that was last computed, days are written as
// year-month-day.
//
// A file comes from anywhere. Every reader has bounds on what it unpacks, on how deep it goes, on what it gives and on time: it ends soon after
// its context does. A PDF is read inside a sandbox with bounded memory that is thrown away afterwards (docs/decisions/0032).
package extract
