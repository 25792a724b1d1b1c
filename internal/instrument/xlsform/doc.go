// Package xlsform reads an XLSForm, the form in which KoboToolbox, ODK and others exchange questionnaires as a workbook
// (https://xlsform.org, read in November 2026), and makes an instrument of it.
//
// Taken over are the sheets survey, choices and settings with: select_one and select_multiple (or_other too), integer, decimal,
// range, text, note, groups (a group with a label becomes a module), label and hint in several languages, required, relevant as
// far as our conditions can say it, and constraint of a number as its bounds. Whatever else stands there that would change what
// people are asked is told as a Note, with the row and what to do. How a question looks (appearance) is not taken over, and
// neither is what records who answered or when.
package xlsform
