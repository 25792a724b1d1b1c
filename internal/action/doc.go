// Package action is what an organisation does about what it found: proposed, planned, running, done or stopped, each with who answers for
// it, when, for whom, and the figure that it should move. A later report says whether that figure moved, with its interval.
//
// # Words
//
//   - action: something that an organisation does, with a goal.
//   - figure: a number of a report or of the gap of skills with its 95 % interval, copied as it was when somebody acted on it. Its key
//     names it, so that a later report can be asked for the same.
//   - origin: the finding from which an action was proposed.
//   - measure: the figure that an action should move, and in which direction.
//   - effect: whether the measure moved, from a later report. Never why it moved: no action is tested against doing nothing.
//   - reach: how many people of which audience took part, by day. Numbers only: no list of who.
//   - material: what was used, with its version.
//   - review: a day on which somebody looked whether the action does what it should, and what they found.
//   - told: what the people who answered are told about the actions, in plain words, on a page that HR publishes.
//
// # Parts
//
// Package propose makes proposals of what was found, without I/O. Package desk has the pages, the operations and the tasks.
//
// Everything that somebody writes about an action is its Content. Each change keeps the whole content as a version, with who made it and
// when; nothing is overwritten, and the last change can be undone. Accounts stand in columns of their own, so that whoever is erased leaves
// no trace in the versions.
package action
