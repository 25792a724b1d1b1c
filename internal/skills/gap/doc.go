// Package gap says, for an organisation, how far its people are from the level that their function asks of them, per skill,
// function and department, and how sure that is. It is pure: a wave's answers in columns, the staff list and the required
// levels go in, one plain value (Gap) comes out, and pages, spreadsheets and reports show what it holds.
//
// # Words
//
//   - a cell is a function in a department; a group is a cell, a function, a department, a family of functions or the whole;
//   - theta is the latent skill on the framework's scale (reference population: mean 0, standard deviation 1); cut points
//     divide it into levels, numbered from 1;
//   - a form is the set of items of one skill that somebody answered;
//   - the base of a figure is the respondents whose answers to that skill could be scored;
//   - the basis is what they rest on: what people say of themselves, a test, or both.
//
// # From answers to figures
//
// Scores (score.go). An estimate that is drawn to the middle for each person (EAP) would be drawn there twice once groups
// are pooled. And the weighted likelihood estimate, unbiased to a first order, is drawn in where the items end, as is the
// spread of theta that follows from it. So each form gets scores made for groups: a polynomial of the EAP whose expectation
// given theta is theta, as nearly as items allow, found by least squares over theta with the item model; and likewise an error
// variance whose expectation is that of the score. The mean score of a group then is its mean theta, and the variance of scores less the
// mean error variance is its variance of theta.
//
// Pooling (fit.go, field.go). Scores of a skill follow a linear mixed model with crossed random intercepts of function,
// department, function by department and family (stats/pool, REML). What varies within a cell beyond the error of measurement is
// the spread of theta there: normal, and the same everywhere. Given the variances, all effects are drawn together
// from their joint posterior, exactly; the variances are drawn too where the data leaves them open.
//
// Figures (draw.go, measure.go). For every cell of the staff list the share below each cut point is a normal integral; a group
// is the sum over its cells, weighted by the staff list (multilevel regression and post-stratification: Gelman & Little 1997),
// with the level that each cell asks. Intervals are 95 %, of the mean of many people in the same places, from the draws on the
// log odds. Draws come in pairs of opposite sign, so that what is linear has no simulation error.
//
// # Who is asked
//
// A monitor asks about skills only those who ever used GenAI. Figures of skills are about these. The share that never tried is pooled in the
// same way and stands beside them; numbers of staff below the required level count those who tried, and no others.
//
// # Disclosure
//
// What is hidden is not in Gap. protect.go hides functions, departments and families with internal/disclosure; cross.go goes
// on to cells and to what follows from functions, departments and families together: no set of 1 to k-1 people follows by adding
// and subtracting. blur.go adds a secret error to every score, so that whoever knows the answers of everybody else still knows
// one person's score no better than within a level, whatever is published.
//
// What this does not hold against: numbers of respondents are exact, so that whoever knows of all others whether they answered, or ever
// tried GenAI, knows it of the last one; parameters of statements are estimated from answers as they are, of at least 300
// people, and rounded; whether a group is hidden because all are on one level follows from scores as they are; who
// reads the secret of a wave undoes its errors. And two results of one wave with different secrets average the errors away.
package gap
