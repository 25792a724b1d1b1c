// Package value reads the cells of a personnel file: dates, parts of full time, levels, languages, yes and no. Each reader says
// whether it understood the cell, and never guesses between two meanings: what could be two things is not understood.
// An empty cell is for the caller; the readers get cells that hold something.
package value
