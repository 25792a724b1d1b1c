// Package monitor says how far a wave is while it runs, and where too few answers endanger what the report may say, as long
// as something can be done about it.
//
// Who runs the wave knows the frame by name, so what is shown of how many took part must not tell of one of them. A report
// is published once; this is looked at again and again, so hiding small numbers is not enough: an exact number of today beside
// an exact number of yesterday tells of those who came in between. So no number is exact here. What is shown is a range of
// at least k numbers, "20 to 29 of 60", in steps that are the same every day; a range that others would narrow is widened.
// It is counted once a day, when the day begins, and not when somebody looks.
//
// What remains: who knows of everyone else in a group whether they took part can read the last one on a day on which the group
// passes from one step to the next. Only noise or silence would keep that; docs/anonymity.md and the page say it.
//
// # Words
//
//   - range: the number is one of these. A range covers at least k numbers.
//   - release: what is shown of one day.
//   - rate: the part of the frame, or of a group of it, that took part.
package monitor
