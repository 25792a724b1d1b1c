// Package demand computes what functions ask of skills, from facts: values and pure functions, without store or pages.
//
// Its words:
//
//   - A fact is something that a person said and that holds until another fact takes its place: the answer to a rule, a level
//     instead of what the rules ask, a circumstance of article 4, a role, the version of the framework.
//   - State is the facts that hold, after a change with a number.
//   - Map is a state put beside the organisation: what each function asks, and who looked at it.
//   - Grid is the levels of each function in each unit.
package demand
