// Package gate is the personnel data as scripts see it: sources and imports, changes and their undoing, how good the data is, and the units,
// functions and people that stand. It decides nothing: package people does.
package gate
