// Package sheet reads the lists that personnel systems export, CSV and XLSX, as they are: with a title above the headings, headings
// in two rows, totals and footers below, several sheets, lost leading zeros and days written as numbers.
//
// Read finds out how a file is written and gives a Table: columns with headings and the rows that hold data. Each decision on
// the way is a Note, so that a preview can say it and somebody can object. The rule that holds throughout: a row of the file that
// holds something is a row of the table, or a Note names it. Cells stay as they were written, unless a Note says otherwise.
//
// National numbers are taken out (package national) before anything of the table can be kept; notes never quote one.
//
// A Table is held by column in runs of rows, repeated texts once, and takes about as much memory as the text of the file. Write
// and ReadTable keep it as a stream.
package sheet
