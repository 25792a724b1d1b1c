// Package frame reads a file with the people who may take part in a wave: CSV or XLSX, one row a person. It recognises
// the columns by their headings in four languages, and tells row by row what is wrong and how it is taken. It keeps nothing.
//
// # Words
//
//   - role: what a column holds (name, mail, staff number, language, a group variable) or that it is left out.
//   - plan: the role of each column, which variable becomes the stratum, and which spellings are merged.
//   - finding: something about rows that a person should look at, with what becomes of those rows.
package frame
