// Package disclosure decides which figures of one publication stay hidden, so that nobody who adds and subtracts what is
// published can read the answers of fewer than k people.
//
// Words of this package:
//
//   - a grouping is a background variable by which figures are broken down; its rest is whoever gave no answer to it;
//   - a cell is one question in one group; its base is the number of respondents who gave a substantive answer;
//   - a computable set is a set of respondents whose figures follow from published ones by addition and subtraction.
//
// Shown groups of one grouping, and everything that is not shown (the hidden groups and the rest together), are disjoint
// and cover everyone. So the smallest computable sets of a grouping are each shown group, and the hidden remainder. Between two
// groupings the difference of a set and all sets of the other grouping that lie within it is computable too; that covers
// departments in directorates as well as two groups that happen to be nearly the same people. A publication is safe when
// each of these sets is empty or holds at least k people who do not all give the same answer.
//
// The package works on counts alone, does no I/O and knows neither instruments nor reports. Package attack plays the
// attacker with a linear program.
package disclosure
