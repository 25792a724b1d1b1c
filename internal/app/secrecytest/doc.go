// Package secrecytest tries, as everybody who has something of an installation, to learn how one person did on the check of skills, and
// fails. It builds the whole server on both engines and holds the promise of docs/skills.md: no page, export, operation, statement, log or
// backup tells the level of one person to another.
//
// # Twins
//
// A world is built once, with staff, accounts of every role, keys, a map of needs, interviews and waves. It is then restored into two stores:
// the twins, in which every row, name and secret is the same. In one of them the victim does the check as well as it can be done,
// in the other as badly. From then on each attacker looks at both. What is not the same in both would tell the level; beside
// that, nothing may hold the code, an answer or the profile in any writing.
//
// # Controls
//
// A detector that finds nothing proves nothing. Each is tried on a program or store that gives the level away on purpose, by the way that the
// detector is there for, and must find it.
//
// With -all (make secrecy) every role asks every route and operation about more rows, on both engines.
package secrecytest
