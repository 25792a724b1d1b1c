// Package framework holds what a public organisation expects of its people in generative AI as data: a framework of skills
// and the items that test them, in four languages. It knows nothing of the house: no people, no pages, no database.
//
// Its words:
//
//   - A framework has skills; each skill has the same levels, lowest first. Level 1 is the first of the list.
//   - A rule is a question about a function ("contact with citizens?"). A yes asks a level of some skills, with the reason.
//     A required level is the highest that a rule asks, and never below what is asked of everyone; a person may override it
//     for a family of functions, a function, a department or a role.
//   - A factor is what article 4 of the AI Act wants taken into account.
//   - A bank is the items of one skill. An item stands in two versions, for desk work and for work in the field, that
//     measure the same.
//   - An organisation adapts a framework by a change; the result says from what it was made.
//
// Parse and ParseItems are strict and report everything wrong at once; Check does the same for values that come from
// elsewhere than a file.
package framework
