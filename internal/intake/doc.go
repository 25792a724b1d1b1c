// Package intake reads files with answers into instrument.Answers and keeps count of everything it met on the way.
//
// A file is read in three steps. A format reader (CSV, XLSX, Parquet) turns each wanted file column into a dictionary
// of distinct cells and one index a row. The plan says which file column serves which variable. The coders translate
// each distinct cell once, so that ten million rows cost ten million array look-ups and no more. All formats meet in
// the same dictionary, so the same answers read the same whatever file they come in. A snapshot is the codes
// themselves on disk, and skips all three steps.
//
// # Words
//
//   - heading: the name of a file column, in its first row.
//   - row: the row of the file as a spreadsheet counts it; the headings are row 1.
//   - missing spelling: a cell that means "nothing here" ("", NA, N/A, #N/A, - and ., unless the mapping says otherwise).
//   - issue: a cell that was not understood; its code is instrument.Invalid.
//   - proposal: two spellings in a category that look like one; never merged unless the mapping says so.
//
// # What becomes of a cell
//
// An empty cell becomes instrument.NoAnswer. Routing (who was not asked) is applied later, by the analysis.
//
// An option is recognised by its ID, its values and its labels in any language, first to the letter, then without
// regard to case; white space around and Unicode composition do not count. A number is recognised however it is
// written: 4, 4.0 and 4,0 are one.
//
// A multiple choice has a column for each option, or one cell with the chosen options between semicolons, bars or line
// ends (or commas, when no option contains one). With a column for each option, an empty cell means "not chosen" when
// another of the item's cells in that row is filled, and "no answer" when none is. An exclusive option chosen together
// with another is an issue, and the whole item becomes instrument.Invalid in that row.
//
// A category keeps its levels as they are written, to the last space.
//
// A cell with a formula is an issue, whatever its result, and merged cells among the answers are an error: neither is
// what somebody filled in. Dates read as 2026-11-24.
//
// A workbook is opened by the spreadsheet library, which vouches for the container and explains the styles. Its cells
// come from a pass of our own over the XML, because the library's rows tell neither where a formula stands nor that the
// XML broke off, and an answer lost in silence is the one thing that may not happen here.
//
// A row without a single answer to the instrument is no respondent: it is left out and counted as excluded, "empty".
package intake
