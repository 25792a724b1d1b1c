// Package doctor looks whether the program can do its work on this machine, and says for each thing what it found and how to
// mend it. Each check stands in a table with the function that makes it; a check that fails does not keep the next from
// being made.
//
// # Words
//
//   - check: one question, "is the key there?".
//   - finding: what a check found: OK, a warning (it works, and will not always) or a failure (it does not work).
package doctor
