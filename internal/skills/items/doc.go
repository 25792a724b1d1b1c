// Package items is the bank of the test as those who answer for it see it: what is asked, how hard each item is, on how many answers that
// rests, and the calibration that replaces guesses of experts by what answers say.
//
// # Words
//
//   - calibration: what package tune computes from the answers there are; a proposal until somebody takes it in use.
//   - version: the parameters in use, by number; a new one for each calibration that is taken in use, and for each that is put back.
//     Earlier ones stay. Version 0 is the guesses of experts.
//   - gift: the answers to the test of one person's own check, given without anything else. See Give.
//
// # Where answers come from
//
// From waves that asked situations, through Waves; and from gifts. Nothing else: kept profiles are never read, and nothing here could.
package items
