// Package desk holds the pages with which HR brings personnel data in: sources, files that come from them, what a file would change
// and what it changed, and the settings. The rules live in package people; units, functions, people and their quality have pages in
// package roster, to which these lead.
package desk
