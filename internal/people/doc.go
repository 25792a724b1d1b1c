// Package people is the feature that keeps an organisation and its people up to date, and says how good that is for what one wants
// to conclude.
//
// # Words
//
//   - source: where personnel data comes from, such as the payroll system, with how its files are read.
//   - import: a file of a source, from its arrival to its being applied, refused or undone.
//   - preview: what an import would change, for a person to look at first.
//   - revision: a change that counts, of whatever size; it can be undone.
//   - loss: more that goes than the limits of a source allow. An import with one is applied only by a person who says so.
//   - decision: that two titles or two records of a person are the same or not; kept, and used at later imports.
//
// # Parts
//
//	org                  the values: units, functions, people, posts
//	sheet                a file -> cells, without national numbers (internal/national finds them)
//	mapping, draft       cells -> typed rows -> the organisation as it would be -> the difference
//	linkage, quality     which titles and people are one; what is wrong, and what can be concluded
//	store                versions and revisions, imports, sources, decisions
//	scim                 a directory that keeps accounts and people up to date
//	desk                 the pages
//
// An import goes: Receive (sheet.Read, kept cleaned) -> Map -> preview job (draft.Make, Resolve, Diff) -> Apply -> apply job
// (store.Begin, Put, End, Apply) -> assess job (linkage, quality).
package people
