// Package check is a check of one's own skills as a value: statements about oneself and a short test that adapts to the answers,
// and what they say. It is pure: no pages, no clock, no store, and no knowledge of who answers.
//
// # Words
//
//   - material: the statements and items that a check asks, with the framework that explains what they say.
//   - statement: a sentence about oneself to agree with, from 1 to 5; the same ones as in the monitor.
//   - state: a check under way. It is a small value, written in a few hundred bytes, so that the browser can carry it.
//   - plan: what a check asks: all five skills, one skill, or the statements alone.
//   - evidence: what somebody answered, statements and test, of one check.
//   - outcome: what the evidence says of one skill.
//   - profile: the checks that somebody kept, at most MostChecks, with the work they do.
package check
