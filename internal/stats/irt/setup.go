package irt

import (
	"errors"
	"fmt"
	"math"
)

// ItemPrior is what is known of an item before its answers. The logarithm of the slope is normal; each threshold is normal; and the
// distance of neighbouring thresholds has a Gamma factor of shape 2 whose peak is at the distance of Thresholds, which keeps thresholds
// apart where a category has no answers. The mode is at (Slope, Thresholds): an item without answers keeps these values.
type ItemPrior struct {
	Slope       float64   // median of the slope
	SlopeSD     float64   // standard deviation of its logarithm
	Thresholds  []float64 // means
	ThresholdSD float64
}

// Expert is the usual prior of an expert's guess: 95 % of the slopes within a factor 1.8 (SD of the logarithm 0.3), and of the thresholds
// within 1 (SD 0.5). In a test of a dozen items some 40 answers weigh as much as the guess of a threshold, and some 90 as that of a
// slope.
func Expert(guess Item) *ItemPrior {
	return &ItemPrior{Slope: guess.A, SlopeSD: 0.3, Thresholds: append([]float64(nil), guess.B...), ThresholdSD: 0.5}
}

// Setup is how one item enters a calibration.
type Setup struct {
	// Start is where the search starts; it holds the number of categories and the floor. Fixed parameters keep its values.
	Start Item
	// Prior is what is known before; nil is nothing, and then each category needs answers.
	Prior *ItemPrior
	// Fixed keeps all parameters: an anchor that holds the scale.
	Fixed bool
	// FixedSlope keeps the slope alone: thresholds can be had from far fewer answers.
	FixedSlope bool
}

// Experts is the setup of a bank of guesses: each item starts at its guess and has it as its prior.
func Experts(guesses []Item) []Setup {
	out := make([]Setup, len(guesses))
	for i, it := range guesses {
		out[i] = Setup{Start: it.clone(), Prior: Expert(it)}
	}
	return out
}

// Group is the normal distribution of theta in one group of people. What is free is estimated, starting at Mean and SD.
type Group struct {
	Mean, SD         float64
	FreeMean, FreeSD bool
}

// Reference is the group that gives theta its scale: mean 0, standard deviation 1.
func Reference() Group { return Group{Mean: 0, SD: 1} }

// Options are those of a calibration; the zero value is one reference group and the usual precision.
type Options struct {
	// Groups describes the groups of the answers, from 0; empty is the reference group alone.
	Groups []Group
	// Points is the number of evenly spaced points of the quadrature, from -Span to Span: 49 and 6, or 65 and 8 where a group's
	// distribution is free. With these and slopes to 3 the log-likelihood is exact to about 1e-9 of itself.
	Points int
	Span   float64
	// Workers is how many goroutines compute; 0 is as many as there are processors. Results have the same bits for any number.
	Workers int
	// MaxSteps ends the search after so many passes over the answers (0: 500); the result then says that it did not converge.
	MaxSteps int
}

// Errors of Calibrate; the errors around them say which item or group.
var (
	ErrNoAnswers = errors.New("no answers to calibrate from")
	ErrScale     = errors.New("nothing holds the scale")
	ErrThin      = errors.New("too few answers")
)

// checkSetup says what is wrong with the items and groups, and whether something holds the scale.
func checkSetup(setup []Setup, groups []Group) error {
	held, sloped := false, false // the place of the scale, and its unit
	for i, s := range setup {
		if err := s.Start.check(i); err != nil {
			return err
		}
		held = held || s.Fixed
		sloped = sloped || s.Fixed || s.FixedSlope
		if p := s.Prior; p != nil && !s.Fixed {
			guess := Item{A: p.Slope, B: p.Thresholds}
			if len(p.Thresholds) != len(s.Start.B) || guess.Check() != nil || !(p.SlopeSD > 0) || !(p.ThresholdSD > 0) {
				return &ItemError{i, "its prior has no thresholds as the item, or a standard deviation that is not above 0"}
			}
			held, sloped = true, true
		}
	}
	for g, group := range groups {
		if !(group.SD >= 0.01 && group.SD <= 10) || !(math.Abs(group.Mean) <= 10) {
			return fmt.Errorf("group %d has mean %v and standard deviation %v; give a mean from -10 to 10 and a standard deviation from 0.01 to 10", g, group.Mean, group.SD)
		}
		held = held || !group.FreeMean
		sloped = sloped || !group.FreeSD
	}
	if !held || !sloped {
		return fmt.Errorf("%w: give a group a fixed mean and standard deviation, or fix an item", ErrScale)
	}
	return nil
}
