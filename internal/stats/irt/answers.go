package irt

import "fmt"

// Answers are the answers of many people for a calibration: each person those items that were asked, in the order in which they were
// asked. The zero value is empty.
type Answers struct {
	start  []int // of each person in item and category; one more than there are people
	item   []uint16
	level  []uint8
	group  []uint8
	weight []float64
}

// maxItems and maxCategories are what Answers can hold.
const (
	maxItems      = 1 << 16
	maxCategories = 1 << 8
	maxGroups     = 1 << 8
)

// Add adds a person of a group, from 0, with the answers in the order of asking. Whoever answered nothing is left out without an error.
// The error is an *AnswerError for an index or category below 0 or too large to hold, or for an item that is answered twice;
// whether item, category and group exist is seen by Calibrate.
func (d *Answers) Add(group int, answers ...Answer) error { return d.AddMany(1, group, answers...) }

// AddMany adds a pattern of answers that a number of people gave; count may be a weight, above 0.
func (d *Answers) AddMany(count float64, group int, answers ...Answer) error {
	if !(count > 0) || group < 0 || group >= maxGroups {
		return fmt.Errorf("pattern of %v people of group %d; give a number above 0 and a group from 0 to %d", count, group, maxGroups-1)
	}
	if len(answers) == 0 {
		return nil
	}
	for i, a := range answers {
		if a.Item < 0 || a.Item >= maxItems || a.Category < 0 || a.Category >= maxCategories {
			return &AnswerError{a, fmt.Sprintf("give an item from 0 to %d and a category from 0 to %d", maxItems-1, maxCategories-1)}
		}
		for _, earlier := range answers[:i] {
			if earlier.Item == a.Item {
				return &AnswerError{a, "the item is answered twice; keep one answer"}
			}
		}
	}
	if len(d.start) == 0 {
		d.start = []int{0}
	}
	for _, a := range answers {
		d.item, d.level = append(d.item, uint16(a.Item)), append(d.level, uint8(a.Category))
	}
	d.start = append(d.start, len(d.item))
	d.group, d.weight = append(d.group, uint8(group)), append(d.weight, count)
	return nil
}

// People is the number of people, or of patterns, that were added.
func (d *Answers) People() int { return len(d.group) }

// Len is the number of answers.
func (d *Answers) Len() int { return len(d.item) }

// Of returns the answers and the group of a person.
func (d *Answers) Of(person int) (answers []Answer, group int) {
	for j := d.start[person]; j < d.start[person+1]; j++ {
		answers = append(answers, Answer{int(d.item[j]), int(d.level[j])})
	}
	return answers, int(d.group[person])
}

// rows gives the row of each answer in tables by item and category, of which first holds each item's first row, or says which answer
// fits no item.
func (d *Answers) rows(items []Item, first []int, groups int) ([]int32, error) {
	rows := make([]int32, len(d.item))
	for j, i := range d.item {
		if int(i) >= len(items) || int(d.level[j]) > len(items[i].B) {
			a := Answer{int(i), int(d.level[j])}
			return nil, checkAnswers(items, []Answer{a})
		}
		rows[j] = int32(first[i] + int(d.level[j]))
	}
	for p, g := range d.group {
		if int(g) >= groups {
			return nil, fmt.Errorf("person %d is of group %d; there are %d groups", p, g, groups)
		}
	}
	return rows, nil
}
