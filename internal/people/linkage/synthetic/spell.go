package synthetic

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"tekentafel/internal/people/linkage"
)

// spell writes a function: as it should be, or as somebody wrote it. showLevel always says the level, for functions that differ in nothing else.
func (d dice) spell(f function, r TitleRates, faulty, showLevel bool) linkage.Title {
	t := f.title
	words := slices.Clone(f.words)
	t.People = 1 + int(40*d.Float64()*d.Float64()*d.Float64())
	if faulty {
		t.People = 1 + d.IntN(3)
		if d.chance(0.2) {
			t.People += d.IntN(25)
		}
		before := f.name()
		for range 4 {
			words = d.faults(f, r)
			if strings.Join(words, " ") != before {
				break
			}
		}
	}
	text := strings.Join(words, " ")
	switch f.senior {
	case "hoofd", "adjunct-":
		text = f.senior + text
	case "":
	default:
		text = f.senior + " " + text
	}
	if faulty {
		text = d.dress(text, t.Level, r)
	}
	level := t.Level
	if !d.chance(r.Known) && !showLevel {
		t.Level = ""
	} else if d.chance(r.Wrong) && !showLevel {
		t.Level = pick(d, []string{"A", "B", "C", "D"})
	} else {
		t.Level = level
	}
	if !d.chance(r.Known) {
		t.Family = ""
	} else if d.chance(r.Wrong) {
		t.Family = "overige"
	}
	if !d.chance(r.Known) {
		t.ISCO = ""
	} else if d.chance(r.Wrong) {
		t.ISCO = "4110"
	}
	t.Text = text
	t.Units = slices.Clone(t.Units[:1+d.IntN(len(t.Units))])
	if d.chance(0.5) {
		t.Units[0] = "u" + string(rune('0'+d.IntN(10)))
	}
	return t
}

// faults changes words.
func (d dice) faults(f function, r TitleRates) []string {
	words := slices.Clone(f.words)
	if to, is := french[strings.Join(words, " ")]; is && d.chance(r.French*6) {
		return strings.Fields(to)
	}
	if d.chance(r.Order) && len(words) == 2 && strings.HasSuffix(words[0], "f") {
		words[0], words[1] = words[1]+",", words[0]
	}
	typo := -1
	if d.chance(r.Typo) {
		typo = d.IntN(len(words))
	}
	for i, w := range words {
		other, short := f.gender[w], shortened[w]
		switch {
		case i == typo:
			words[i] = d.typo(w)
		case len(short) > 0 && d.chance(r.Abbreviation):
			words[i] = pick(d, short)
		case len(w) > 8 && d.chance(r.Truncation):
			words[i] = string([]rune(w)[:4+d.IntN(3)]) + "."
		case other != "" && d.chance(r.Gender):
			words[i] = other
			if stem, is := strings.CutSuffix(other, "ster"); is && d.chance(0.5) {
				words[i] = stem + "(st)er"
			}
		case splits[w] != "" && d.chance(r.Compound*3):
			words[i] = splits[w]
		}
		if d.chance(r.Accent) {
			words[i] = strings.Map(func(r rune) rune {
				if r >= 0x300 && r < 0x370 {
					return -1
				}
				return r
			}, norm.NFD.String(words[i]))
		}
	}
	return words
}

// dress puts around a title what does not belong to it.
func (d dice) dress(text, level string, r TitleRates) string {
	if d.chance(r.Grade) && level != "" {
		switch d.IntN(4) {
		case 0:
			text += " niv. " + level
		case 1:
			text += " (" + level + ")"
		case 2:
			text += " niveau " + level
		default:
			text += " " + level + "1-" + level + "3"
		}
	}
	if d.chance(r.Contract) {
		text += pick(d, []string{" (contractueel)", " - vervanging", " statutair", " 50%", " deeltijds"})
	}
	if d.chance(r.Mark) {
		text += pick(d, []string{" (m/v/x)", " m/v", " (v/m)", " (M/V/X)", " M/V/X"})
	}
	if d.chance(r.Capitals) {
		return strings.ToUpper(text)
	}
	first := []rune(text)
	return strings.ToUpper(string(first[0])) + string(first[1:])
}
