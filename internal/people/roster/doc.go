// Package roster is the pages with which HR looks at the organisation and mends it: units, functions, people, how good the data is,
// and which titles and records are one. Managers see their team here.
//
// The list of a person's data is read through package people, which notes who looked. The names of who leads a unit or a colleague are
// read directly: they are the organisation chart.
package roster
