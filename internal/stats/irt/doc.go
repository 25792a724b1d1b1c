// Package irt measures a latent skill from answers to test items, by item response theory: it scores people, calibrates items,
// chooses the next item of an adaptive test, and puts what somebody says about a skill beside what a test shows. It is pure: no
// I/O, no clock, no knowledge of what is asked.
//
// # Model
//
// One model for all items: the graded response model (Samejima 1969, Psychometrika Monograph 17) in logistic form with D = 1,
//
//	P(answer in category k or higher | theta) = 1 / (1 + exp(-a (theta - b_k))),   k = 1 .. K-1,
//
// with one slope a > 0 and rising thresholds b. With two categories it is the two-parameter logistic model (Birnbaum 1968).
// A two-category item may have a floor c, the probability that somebody without the skill picks the right option:
// P = c + (1-c) / (1 + exp(-a (theta - b))). The floor is given, never estimated. Theta has mean 0 and standard deviation 1 in the
// reference population.
//
// # Words
//
//   - item: a question with categories 0, 1, .. K-1, of which a higher one shows more of the skill.
//   - theta: the latent skill, in standard deviations of the reference population.
//   - information: minus the expected second derivative of the log-likelihood at theta; 1 / sqrt(information) bounds the standard error.
//   - prior, posterior: what is known of one person's theta before and after the answers, as masses on evenly spaced points.
//   - scale: one skill with its own items and theta; a session may run over several.
//   - exposure rate: share of the sessions in which an item was given.
//
// # Quadrature
//
// Integrals over theta are sums over evenly spaced points (the trapezoid rule), not Gauss-Hermite nodes: for a smooth integrand that
// vanishes at both ends its error falls exponentially in 1/spacing. With the 113 points of a normal prior, an eighth of its standard
// deviation apart, estimates and standard errors are exact to 1e-9 for slopes to 5, where 21 Gauss-Hermite nodes miss by a tenth of a
// standard deviation as soon as the posterior is narrow. A test holds both.
package irt
