package sav

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Kinds of extension records (record type 7).
const (
	extIntegers  = 3
	extFloats    = 4
	extSets      = 7
	extDisplay   = 11
	extLongNames = 13
	extCases     = 16
	extEncoding  = 20
)

// header writes the file header record.
func (w *Writer) header(d *Dictionary) {
	w.bytes([]byte("$FL2"))
	w.text("@(#) SPSS DATA FILE "+d.Product, 60)
	weight := int32(0)
	for i := range d.Variables {
		if d.Weight != "" && strings.EqualFold(d.Variables[i].Name, d.Weight) {
			weight = int32(i + 1)
		}
	}
	const layout, compressed = 2, 1
	w.ints(layout, int32(len(d.Variables)), compressed, weight, int32(d.Cases))
	w.floats(bias)
	at := d.Made.UTC()
	w.text(at.Format("02 Jan 06"), 9)
	w.text(at.Format("15:04:05"), 8)
	w.text(d.Label, maxFileLabel)
	w.bytes(make([]byte, 3))
}

// variable writes a variable record.
func (w *Writer) variable(i int, v *Variable) {
	label := cut(v.Label, maxLabel)
	labelled, missing := int32(0), int32(0)
	if label != "" {
		labelled = 1
	}
	if v.Missing != nil {
		missing = -2 // a range
	}
	w.ints(2, 0, labelled, missing, v.format(), v.format())
	w.text(short(i), 8)
	if labelled == 1 {
		w.ints(int32(len(label)))
		w.text(label, roundUp(len(label), 4))
	}
	if v.Missing != nil {
		w.floats(v.Missing.Low, v.Missing.High)
	}
}

// labels writes the value labels of variable i.
func (w *Writer) labels(i int, list []Label) {
	if len(list) == 0 {
		return
	}
	w.ints(3, int32(len(list)))
	for _, l := range list {
		text := cut(l.Text, maxValueLabel)
		w.floats(l.Value)
		w.bytes([]byte{byte(len(text))})
		w.text(text, roundUp(len(text)+1, 8)-1)
	}
	w.ints(4, 1, int32(i+1))
}

// notes writes the document record.
func (w *Writer) notes(lines []string) {
	if len(lines) == 0 {
		return
	}
	w.ints(6, int32(len(lines)))
	for _, line := range lines {
		w.text(line, maxNote)
	}
}

// extensions writes what came to the format later.
func (w *Writer) extensions(d *Dictionary) {
	const version, ieee, little, utf8 = 20, 1, 2, 65001
	w.extension(extIntegers, 4, 8)
	w.ints(version, 0, 0, -1, ieee, 1, little, utf8)
	w.extension(extFloats, 8, 3)
	w.floats(SystemMissing, math.MaxFloat64, math.Nextafter(SystemMissing, 0))
	if sets := d.sets(); sets != "" {
		w.string(extSets, sets)
	}
	w.extension(extDisplay, 4, 3*len(d.Variables))
	for i := range d.Variables {
		const right = 1
		w.ints(int32(d.Variables[i].Measure), int32(d.Variables[i].width()), right)
	}
	long := make([]string, len(d.Variables))
	for i := range d.Variables {
		long[i] = short(i) + "=" + d.Variables[i].Name
	}
	w.string(extLongNames, strings.Join(long, "\t"))
	w.extension(extCases, 8, 2)
	w.ints(1, 0, int32(d.Cases), 0) // two whole numbers of 64 bits
	w.string(extEncoding, "UTF-8")
}

func (w *Writer) extension(kind int32, size, count int) { w.ints(7, kind, int32(size), int32(count)) }

func (w *Writer) string(kind int32, s string) {
	w.extension(kind, 1, len(s))
	w.bytes([]byte(s))
}

// sets lays out the multiple-response sets: a line each, with the short names of its variables.
func (d *Dictionary) sets() string {
	var b strings.Builder
	for _, s := range d.Sets {
		label, counted := cut(s.Label, maxLabel), fmt.Sprint(s.Counted)
		fmt.Fprintf(&b, "$%s=D%d %s %d %s", s.Name, len(counted), counted, len(label), label)
		for _, name := range s.Variables {
			i := slices.IndexFunc(d.Variables, func(v Variable) bool { return strings.EqualFold(v.Name, name) })
			b.WriteString(" " + strings.ToLower(short(i)))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func roundUp(n, to int) int { return (n + to - 1) / to * to }
