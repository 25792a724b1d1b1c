// Package sav writes SPSS system files (.sav) of numeric variables: variable and value labels, user-missing values,
// measurement levels, long names, multiple-response sets and a weight. It follows the description of the format in the
// PSPP Developers Guide, chapter "System File Format"; names of records are those of that chapter.
//
// # Words
//
//   - dictionary: everything that stands before the cases.
//   - case: the values of one respondent, one a variable.
//   - system-missing: nothing is there; user-missing: a code that stands for a reason why nothing is there.
package sav
