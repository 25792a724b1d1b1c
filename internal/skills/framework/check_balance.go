package framework

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"tekentafel/internal/yamlfile"
)

// What a bank needs to measure a skill.
const (
	MinItems       = 12 // of a skill
	MinItemsInArea = 2
	minEasy        = 4   // items with their first threshold at -1 or below: for somebody who never used GenAI
	minThresholds  = 3   // in each level
	reach          = 1.5 // the lowest threshold is at -reach or below, the highest at reach or above
	widestGap      = 0.8 // between neighbouring thresholds
)

// What would tell the best option without reading.
const (
	mostLongest  = 0.45 // share of versions, in one language, in which the best option is longer than all others
	mostOnePlace = 0.50 // share of versions in which it stands in the same place
)

// minForShares is the number of versions below which shares say nothing.
const minForShares = 8

func (b *Bank) versions(visit func(v *Version)) {
	for i := range b.Items {
		visit(&b.Items[i].Office)
		visit(&b.Items[i].Field)
	}
}

// longest checks that the best option does not show by its length.
func (c *checker) longest(b *Bank) {
	for _, l := range Languages() {
		n, longest := 0, 0
		b.versions(func(v *Version) {
			best := v.Best()
			if best < 0 {
				return
			}
			n++
			others := 0
			for i, o := range v.Options {
				if i != best {
					others = max(others, utf8.RuneCountInString(o.Text[l]))
				}
			}
			if utf8.RuneCountInString(v.Options[best].Text[l]) > others {
				longest++
			}
		})
		if n >= minForShares && float64(longest) > mostLongest*float64(n) {
			c.at("items", fmt.Sprintf("in %q the best option is the longest in %d of %d versions", l, longest, n),
				fmt.Sprintf("shorten best options or lengthen others until it is so in at most %d", int(mostLongest*float64(n))))
		}
	}
}

// positions checks that the best option does not show by its place.
func (c *checker) positions(b *Bank) {
	n, at := 0, [maxOptions]int{}
	b.versions(func(v *Version) {
		if best := v.Best(); best >= 0 && best < maxOptions {
			n++
			at[best]++
		}
	})
	for i, k := range at {
		if n >= minForShares && float64(k) > mostOnePlace*float64(n) {
			c.at("items", fmt.Sprintf("the best option stands in place %d in %d of %d versions", i+1, k, n), "move some of them")
		}
	}
}

// thresholds checks that the items of a skill measure every level. The cut points between levels are -1, 0 and 1.
func (c *checker) thresholds(b *Bank) {
	if len(b.Items) < MinItems {
		return // balance says so
	}
	var all []float64
	easy := 0
	for i := range b.Items {
		t := b.Items[i].Parameters.B
		all = append(all, t...)
		if len(t) > 0 && t[0] <= -1 {
			easy++
		}
	}
	slices.Sort(all)
	if len(all) < 2 {
		return
	}
	if easy < minEasy {
		c.at("items", fmt.Sprintf("%d items are easy (first threshold at -1 or below)", easy), fmt.Sprintf("have at least %d, for somebody who never used GenAI", minEasy))
	}
	if all[0] > -reach || all[len(all)-1] < reach {
		c.at("items", fmt.Sprintf("the thresholds reach from %g to %g", all[0], all[len(all)-1]), fmt.Sprintf("reach at least from %g to %g", -reach, reach))
	}
	for i, t := range all[1:] {
		if gap := t - all[i]; gap > widestGap {
			c.at("items", fmt.Sprintf("no threshold lies between %g and %g", all[i], t), fmt.Sprintf("keep neighbours within %g: a level in between is not measured", widestGap))
		}
	}
	cuts := []float64{-1, 0, 1}
	var in [MostLevels]int
	for _, t := range all {
		level := 0
		for level < len(cuts) && t > cuts[level] {
			level++
		}
		in[level]++
	}
	for i, k := range in {
		if k < minThresholds {
			c.at("items", fmt.Sprintf("%d thresholds lie in level %d", k, i+1), fmt.Sprintf("have at least %d", minThresholds))
		}
	}
}

// balance checks that there are enough items, and in every area.
func (c *checker) balance(s *Skill, b *Bank) {
	if len(b.Items) < MinItems {
		c.at(b.Skill, fmt.Sprintf("the skill has %d items", len(b.Items)), fmt.Sprintf("write at least %d", MinItems))
	}
	for _, a := range s.Areas {
		n := 0
		for i := range b.Items {
			if b.Items[i].Area == a.ID {
				n++
			}
		}
		if n < MinItemsInArea {
			c.at(b.Skill, fmt.Sprintf("the area %s has %d items", yamlfile.Quote(a.ID), n), fmt.Sprintf("write at least %d", MinItemsInArea))
		}
	}
}
