// Package pool estimates the level of small cells, function by department, by partial pooling: a cell borrows from its
// function and its department as much as the data says that these hang together, and says how sure it is.
//
// The model is y = X beta + b[function] + b[department] (+ b[family]) (+ b[cell]) + e, with crossed random intercepts
// (Laird & Ware 1982; Bates, Maechler, Bolker & Walker 2015). FitLinear fits scores by REML or ML and agrees with
// lme4::lmer; FitShare fits yes or no by the Laplace approximation on the log odds and agrees with lme4::glmer(nAGQ = 1).
//
// Words: a Cell is what one function in one department answered, as sums (a Tally), never as persons; a Term is one
// random intercept, a level one of its functions, departments and so on; a Target is a cell to say something about, with
// or without respondents; a Doubt is a reason why a figure is not enough to go by.
//
// Only sums per cell are read, and the normal equations are solved by eliminating cells, functions and families, which
// do not touch each other, so that the work left grows with the departments: see system.go.
package pool
