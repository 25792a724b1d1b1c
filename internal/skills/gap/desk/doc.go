// Package desk shows the gap between what functions ask of skills and what a wave says is there: it computes the gap in a job, keeps the
// result beside the report of the wave, and makes pages, files and operations of it. Its figures are those of package gap, and it shows
// nothing that is not in a result.
//
// # Words
//
//   - a board is a result with what is known beside it: what it rests on, and how things are called;
//   - what it rests on (Facts) is the map of needs, the staff list, the parameters of the items, the earlier wave and the reading as they
//     were; when one of them differs now, the result is out of date and says so;
//   - a reading says where respondents are (package placing). It is proposed, HR corrects it, and it then holds for every later computation.
//
// The secret of a wave follows from the key of the installation and the answers, so that a wave is always computed under the same one. It is
// kept nowhere. Another reading adds other errors to the scores; a wave is read in a few ways at most, so that they cannot be averaged away.
package desk
