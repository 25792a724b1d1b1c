// Package tune calibrates the items of the test from answers: how hard each is and how well it tells people apart, with how sure that is,
// and what taking these parameters in use would change. It is pure: no pages, no store, no clock.
//
// # Words
//
//   - guess: the parameters that experts gave an item.
//   - source: where answers come from: one wave, or the answers that people gave after their own check (gifts).
//   - version: an item for desk work, or for the field; the two share their parameters.
//   - consistency: how far each answer goes with what the same person's other answers say, from 0 (as if drawn by lot) to 1 (as the model expects).
//   - infit, outfit: mean squared distance of answers to what the model expects of them, 1 where it holds (Wright & Masters 1982); infit weighs by
//     information, outfit not.
//   - verdict: what becomes of an item: its parameters are calibrated, or stay for a reason.
//
// # What holds the scale
//
// Levels are intervals of theta, and experts wrote their behaviours with the guesses in mind. So the scale is held to the guesses on average: each guess
// is the prior of its item, the mean of every group of people is free, and where LeastAnchors items or more were calibrated the result is linked to
// their guesses by their expected scores (Stocking & Lord 1983). One item may turn out harder than was thought; all of them together may not. The first
// people who answer do not become the yardstick, and neither does the self-report: it hardly goes with what people can do, and drifts as
// habits do. A calibration always links to the guesses, never to an earlier calibration, so that it cannot drift step by step.
package tune
