// Package placing says where in the organisation the respondents of a wave are: which question tells their department, function or kind of
// work, and which answer stands for which unit, function or family of the staff list. It proposes that, HR corrects it, and it lays
// answers, staff list and map of needs out as package gap takes them. It is pure.
//
// Its words:
//
//   - a column is a question of the wave, or a column that was joined to its answers, such as the stratum;
//   - an axis is one of the three things that place somebody: department, function, family;
//   - a reading is, for each axis, the column that tells it and what its answers stand for;
//   - a pair is an answer with its counterpart of the staff list. An answer without one counts as unknown;
//   - the detail is how finely work is told: by function, by family where no question asks the function, or not at all.
package placing
