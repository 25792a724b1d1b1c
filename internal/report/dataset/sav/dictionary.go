package sav

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Measure is the measurement level of a variable.
type Measure int32

// The measurement levels.
const (
	Nominal Measure = 1
	Ordinal Measure = 2
	Scale   Measure = 3
)

// Label is what a value means.
type Label struct {
	Value float64
	Text  string
}

// Range is a range of user-missing values, both ends included.
type Range struct{ Low, High float64 }

// Variable is a numeric variable.
type Variable struct {
	Name     string // 1 to 64 ASCII letters, digits, _ or ., a letter first; unique without regard to case
	Label    string // cut off after 255 bytes
	Values   []Label
	Missing  *Range // nil for none
	Measure  Measure
	Width    int // of the print format and the column, 1 to 40; 0 for 8
	Decimals int // below Width
}

// Set is a multiple-response set of dichotomies: the variables of a multiple choice.
type Set struct {
	Name      string // as a variable name, without the $ that the format puts before it
	Label     string
	Counted   int // the value that says "chosen"
	Variables []string
}

// Dictionary describes the file.
type Dictionary struct {
	Product   string // the program that writes, at most 40 bytes
	Label     string // of the file, cut off after 64 bytes
	Made      time.Time
	Notes     []string // cut off after 80 bytes each
	Variables []Variable
	Sets      []Set
	Weight    string // name of the variable that weights the cases; "" for none
	Cases     int
}

// Limits of the format.
const (
	maxName       = 64
	maxLabel      = 255
	maxValueLabel = 120 // SPSS shows no more
	maxFileLabel  = 64
	maxNote       = 80
	maxVariables  = 99_999 // so that each has a short name of its own
)

// named is what a variable may be called: what SPSS allows, without what other programs stumble over.
var named = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.]{0,63}$`)

// Reserved tells whether SPSS keeps a word for itself, so that no variable may be called so.
func Reserved(name string) bool {
	return slices.Contains([]string{"ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH"}, strings.ToUpper(name))
}

// check tells what is wrong with the dictionary.
func (d *Dictionary) check() error {
	if len(d.Variables) == 0 || len(d.Variables) > maxVariables {
		return fmt.Errorf("sav: %d variables; a file holds 1 to %d", len(d.Variables), maxVariables)
	}
	if d.Cases < 0 || d.Cases > math.MaxInt32 {
		return fmt.Errorf("sav: %d cases; a file holds at most %d", d.Cases, math.MaxInt32)
	}
	known := map[string]bool{}
	for i := range d.Variables {
		v := &d.Variables[i]
		key := strings.ToUpper(v.Name)
		switch {
		case !named.MatchString(v.Name) || strings.HasSuffix(v.Name, ".") || Reserved(v.Name):
			return fmt.Errorf("sav: %q is no name for a variable; use letters, digits and _, a letter first, and no reserved word", v.Name)
		case known[key]:
			return fmt.Errorf("sav: two variables are called %q; give each a name of its own", v.Name)
		case v.Measure < Nominal || v.Measure > Scale:
			return fmt.Errorf("sav: variable %s has measure %d; choose Nominal, Ordinal or Scale", v.Name, v.Measure)
		case v.Width < 0 || v.Width > 40 || v.Decimals < 0 || v.Decimals > 16 || v.Decimals >= v.width():
			return fmt.Errorf("sav: variable %s is %d wide with %d decimals; choose 1 to 40 and fewer decimals", v.Name, v.width(), v.Decimals)
		case v.Missing != nil && !(v.Missing.Low <= v.Missing.High):
			return fmt.Errorf("sav: the missing values of %s run from %v to %v; put the lowest first", v.Name, v.Missing.Low, v.Missing.High)
		}
		known[key] = true
	}
	if d.Weight != "" && !known[strings.ToUpper(d.Weight)] {
		return fmt.Errorf("sav: no variable is called %q, which is to weight the cases", d.Weight)
	}
	for _, s := range d.Sets {
		if !named.MatchString(s.Name) || len(s.Name) > maxName-1 {
			return fmt.Errorf("sav: %q is no name for a set", s.Name)
		}
		for _, name := range s.Variables {
			if !known[strings.ToUpper(name)] {
				return fmt.Errorf("sav: the set %s names %q, which is no variable", s.Name, name)
			}
		}
	}
	return nil
}

func (v *Variable) width() int {
	if v.Width == 0 {
		return 8
	}
	return v.Width
}

// format is the print and write format: F, width, decimals.
func (v *Variable) format() int32 {
	const fixed = 5
	return fixed<<16 | int32(v.width())<<8 | int32(v.Decimals)
}

// short is the eight-byte name of variable i, which old programs see.
func short(i int) string { return fmt.Sprintf("V%d", i+1) }

// cut shortens a text to so many bytes, between characters.
func cut(s string, bytes int) string {
	s = strings.ToValidUTF8(strings.Map(oneLine, s), "")
	if len(s) <= bytes {
		return s
	}
	return strings.ToValidUTF8(s[:bytes], "")
}

func oneLine(r rune) rune {
	if r < ' ' || r == 0x7F {
		return ' '
	}
	return r
}
