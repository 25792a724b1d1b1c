// Package answering is everything that the person who answers a wave sees, below /w/{code}: the entry, the questions, the
// page of a shared tablet, the page on privacy, and the two operations that the page's script calls. The scripts are in
// internal/survey/client and are bundled into assets.
//
// # Words
//
//   - entry: the page that an invitation opens.
//   - draw: getting what one hands in with: a ballot (anonymous) or a pass (confidential, open link).
//   - pass: a sealed text that says, to the server alone, whose answers these are. An anonymous wave has none.
//   - hand in: sending answers with the ballot or the pass. Again replaces.
//   - plan: what the script must know of the questionnaire beyond what the page shows.
//   - draft: answers under way of somebody whose browser runs no scripts.
//
// # What leaves a trace
//
// The questions, the scripts and handing in are routes without a trace: no visit, no line in the log, no metric. Drawing knows
// who draws, and therefore knows nothing of answers.
package answering
