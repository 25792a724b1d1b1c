// Package limits keeps what people, teams, programs and the organisation may use of models at most, and says how that stands.
//
// # Words
//
//   - A limit is for the organisation, for one unit, key or account, or for each unit, key or account. What is set for one takes the place of what is
//     set for each. It counts euro or tokens in a day, week or month or in all, for all models or for a group of them.
//   - Each change of a limit is a version, with who made it, when and why. The highest version holds; it may take the limit away.
//   - An own limit is one that a person sets for themselves, beside those of the organisation. Nobody else reads it, and it has no history.
//   - A warning says that a limit is nearly reached (80 %) or reached. Each comes once a period: to the person whose limit it is, and for teams, keys and the
//     organisation to whoever sets budgets. It holds no figure.
//
// # What others see
//
// What one person used is shown to that person alone. How far a team is, is shown in steps of ten percent where the sums that follow from what is shown are each
// about enough people who used a model; otherwise only whether it is below, near or at its limit (Readable).
package limits
