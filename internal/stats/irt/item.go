package irt

import (
	"fmt"
	"math"
)

// Item is the parameters of one item: the slope A, the rising thresholds B (one fewer than there are categories), and the floor C,
// which is 0 but for items with two categories. Slope and thresholds are on the scale of theta, logistic, D = 1.
type Item struct {
	A float64   `json:"a"`
	B []float64 `json:"b"`
	C float64   `json:"c,omitempty"`
}

// Limits of parameters, within which nothing overflows or loses its precision.
const (
	MinSlope     = 0.01 // smallest slope
	MaxSlope     = 10.0 // largest slope
	MaxThreshold = 20.0 // largest distance of a threshold from 0
	MaxFloor     = 0.5  // floors are below it
)

// ItemError says what is wrong with an item, and how to mend it.
type ItemError struct {
	Item int // its index
	What string
}

func (e *ItemError) Error() string { return fmt.Sprintf("item %d: %s", e.Item, e.What) }

// Check returns an *ItemError, with index 0, when the parameters are no item.
func (it Item) Check() error { return it.check(0) }

// check is Check for the item with an index.
func (it Item) check(index int) error {
	bad := func(format string, args ...any) error { return &ItemError{index, fmt.Sprintf(format, args...)} }
	if !(it.A >= MinSlope && it.A <= MaxSlope) {
		return bad("slope is %v; give one from %v to %v", it.A, MinSlope, MaxSlope)
	}
	if len(it.B) == 0 {
		return bad("has no threshold; give one fewer than it has categories")
	}
	for k, b := range it.B {
		if !(math.Abs(b) <= MaxThreshold) {
			return bad("threshold %d is %v; give one between %v and %v", k+1, b, -MaxThreshold, MaxThreshold)
		}
		if k > 0 && !(b-it.B[k-1] >= minGap) {
			return bad("threshold %d is %v after %v; thresholds rise", k+1, b, it.B[k-1])
		}
	}
	if !(it.C >= 0 && it.C < MaxFloor) {
		return bad("floor is %v; give one from 0 to below %v", it.C, MaxFloor)
	}
	if it.C > 0 && len(it.B) > 1 {
		return bad("has a floor and %d categories; only an item with two categories may have a floor", it.Categories())
	}
	return nil
}

// minGap is the smallest distance between two thresholds.
const minGap = 1e-6

// Categories is the number of categories, one more than there are thresholds.
func (it Item) Categories() int { return len(it.B) + 1 }

// clone is a copy that shares no thresholds.
func (it Item) clone() Item {
	it.B = append([]float64(nil), it.B...)
	return it
}

// checkItems is Check for each, with its index.
func checkItems(items []Item) error {
	for i, it := range items {
		if err := it.check(i); err != nil {
			return err
		}
	}
	return nil
}

// Answer is one person's category on one item, by the item's index.
type Answer struct{ Item, Category int }

// AnswerError says which answer does not fit the items.
type AnswerError struct {
	Answer Answer
	What   string
}

func (e *AnswerError) Error() string {
	return fmt.Sprintf("answer with category %d to item %d: %s", e.Answer.Category, e.Answer.Item, e.What)
}

// checkAnswers refuses unknown items and categories, and a second answer to an item.
func checkAnswers(items []Item, answers []Answer) error {
	for i, a := range answers {
		if a.Item < 0 || a.Item >= len(items) {
			return &AnswerError{a, fmt.Sprintf("there are %d items", len(items))}
		}
		if a.Category < 0 || a.Category > len(items[a.Item].B) {
			return &AnswerError{a, fmt.Sprintf("the item has categories 0 to %d; leave out what was not answered", len(items[a.Item].B))}
		}
		for _, earlier := range answers[:i] {
			if earlier.Item == a.Item {
				return &AnswerError{a, "the item is answered twice; keep one answer"}
			}
		}
	}
	return nil
}
