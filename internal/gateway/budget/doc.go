// Package budget keeps calls to models within limits: per person, team, key and organisation, for all models or a group of them, per day, week,
// month or in all, in euro or in tokens.
//
// # Words
//
//   - A call is reserved before it goes to a model: the most that it may use is held on everyone it counts for, or it is refused by a limit.
//   - It is settled with what it used, or released when the model used nothing.
//   - A call that is not ended in its time lapses: it counts as used at the most that was held, as an estimate. A settlement that comes later
//     replaces the estimate.
//   - A counter is what is held and used for one person, team, key or organisation, by day.
//
// # What holds
//
// Reserve, Settle and Release return when the change is on disk. Each call ends once, however often and from whichever node it is told. The sum
// of all that was settled is what the counters say, to the nano-euro, after any interleaving and any crash: calls and counters change in
// one serialisable transaction. What is used and held together never passes a limit by a reservation; it can pass one when a call used more than
// the most that was said, and when a limit is lowered.
//
// A call counts on the day on which its node reserved it. Clocks that differ, or jump, can put a call in the day beside it, and can
// let a call lapse early or late; neither loses or doubles any amount.
//
// # Many calls at once
//
// Calls of an organisation that arrive while a transaction runs share the next one (group commit). So the one row of an organisation
// is written once for all of them, and the number of transactions does not grow with the number of calls.
package budget
