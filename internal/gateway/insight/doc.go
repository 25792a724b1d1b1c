// Package insight counts how much models are used, and shows it to everyone alike: staff see exactly what managers see.
//
// What is counted is people and days on which somebody used a model, never calls: nobody weighs more than one in a number of people, nor more than the days
// of a month in a number of days. So a heavy user cannot be read out of a total, by construction and without keeping a figure of anyone. What was used of
// money, tokens and energy is told of the organisation as a whole, when no one person weighs too much in it.
//
// Words of this package:
//
//   - a cell is a set that somebody can be in: who asked a model, who came by a task, who used a model on the 3rd in a department;
//   - a mark says that somebody is in a cell: a keyed hash of account and cell, one row however often. The key is of the month;
//   - a month runs until some days after its end. Then it is closed: the figures that may be shown are computed once and kept, and key, marks and amounts are
//     destroyed. Nobody, who runs the server included, can see more of a closed month than everyone sees;
//   - a group is a department or a family of functions. Which are shown, internal/disclosure decides over all groups at once (docs/decisions/0033).
//
// Counting does not wait: it is gathered in memory and written every few seconds and at the end. A crash loses what was gathered since: some seconds of this
// insight, and no money, which internal/gateway/budget keeps.
package insight
