// Package attack plays somebody who has a publication and a linear program: it bounds each hidden number by all that is
// published.
//
// A System holds linear constraints over named numbers that are at least 0; Bounds gives the smallest and largest value
// a number can have. Constraints builds the system of published groups and questions, and Check lists what it gives away.
// The bounds are those of real numbers. Counts are whole, but the constraints of one-way tables with totals have whole
// corners, so nothing is lost.
//
// The package serves tests: it imports nothing of the code that decides what to hide, so that both cannot share a mistake.
package attack
