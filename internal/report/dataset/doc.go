// Package dataset makes the package with which a researcher checks and carries on a report: the answers of single people
// without names and open texts, described for people and programs, with the script that recomputes every published figure.
//
// # Words
//
//   - package: a zip with the files of Write.
//   - cell: what stands in answers.csv and answers.parquet for an answer: the id of an option, a number, a level.
//   - code: the number that stands for it in answers.sav.
//   - token: a cell between brackets that says why there is no answer: "(not asked)".
//
// # What is left out
//
// Open texts, identifiers and moments are not in Answers and so never here. Background variables by which the report breaks
// nothing down and to which nothing is weighted are left out unless asked for: each of them makes people easier to single
// out. Rows stand in an order that follows from their content and a seed alone, so that the order in which answers came in
// cannot be read from it.
package dataset
