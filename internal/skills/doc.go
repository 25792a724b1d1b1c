// Package skills is the feature of the five skills for working with generative AI: what they are, what each function asks of them, a
// check that everybody can do of the own ones, and what groups lack.
//
// # Words
//
//   - skill, level: see package framework. A level describes behaviour, never worth.
//   - check: statements about oneself and a short test.
//   - profile: the checks that a person keeps, under a code that only that person has.
//   - need: the level that a function asks of a skill.
//   - gap: what is asked beside what is there, of groups, from the answers to waves; never from profiles.
//
// # Parts
//
//	framework            the skills, their levels and the items of the test, as data
//	check                a check and a profile as values; pure
//	vault                what belongs to one person, sealed under their code
//	own                  the pages of the check and the profile, and the links that lead to them
//	needs, gap           what functions ask; what groups lack
//
// # Who may know what
//
// Profiles and groups never meet: no table, log line, metric or job links an account and a profile, and what groups lack comes from
// waves alone. Nothing here reads a profile but the pages of its owner, with the code that the owner brings.
package skills
