package i18n

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/collate"
	"golang.org/x/text/number"
)

// Int writes a whole number with its thousands set apart: "1.214".
func (p *Printer) Int(n int) string {
	if n >= 0 && n < grouped {
		return strconv.Itoa(n)
	}
	return p.tools.digits.Sprint(number.Decimal(n))
}

// grouped is the number from which on thousands are set apart. Below it the languages of the interface write digits and a
// decimal sign and nothing else, which is done here: reports hold thousands of such numbers.
const grouped = 1000

// Decimal writes x with the given number of decimals: "3,40". A number that is not finite becomes a dash.
func (p *Printer) Decimal(x float64, decimals int) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "–"
	}
	rounded := rounded(x, decimals)
	if rounded >= 0 && rounded < grouped && decimals >= 0 && decimals <= 6 {
		return strings.Replace(strconv.FormatFloat(rounded, 'f', decimals, 64), ".", p.tools.decimal, 1)
	}
	return p.tools.digits.Sprint(number.Decimal(rounded, number.Scale(decimals)))
}

// rounded rounds x half away from zero to a number of decimals; never to minus zero.
func rounded(x float64, decimals int) float64 {
	step := math.Pow10(decimals)
	r := math.Round(x*step) / step
	if math.IsInf(r, 0) || math.IsNaN(r) {
		return x
	}
	return r + 0 // no "-0"
}

// whole writes a proportion as whole percents, without the sign.
func (p *Printer) whole(share float64) string { return p.Decimal(100*share, 0) }

// Percent writes a proportion as whole percents: "54 %". What is more than nothing or less than all is not rounded to
// it: "< 1 %", "> 99 %".
func (p *Printer) Percent(share float64) string {
	unit := p.conv.unit + "%"
	switch {
	case share > 0 && share < 0.005:
		return "<" + noBreak + "1" + unit
	case share < 1 && share >= 0.995:
		return ">" + noBreak + "99" + unit
	}
	return p.whole(share) + unit
}

// PercentRange writes two proportions in words: "tussen 51 en 57 %". Ends that round to the same percent become one.
func (p *Printer) PercentRange(low, high float64) string {
	if p.whole(low) == p.whole(high) {
		return p.Percent(low)
	}
	return p.between(p.whole(low), p.whole(high), p.conv.unit+"%")
}

// PercentSpan writes two proportions as a span of digits: "41–67 %".
func (p *Printer) PercentSpan(low, high float64) string {
	if p.whole(low) == p.whole(high) {
		return p.Percent(low)
	}
	return p.whole(low) + "–" + p.Percent(high)
}

// DecimalRange writes two numbers in words: "tussen 3,4 en 3,6".
func (p *Printer) DecimalRange(low, high float64, decimals int) string {
	if p.Decimal(low, decimals) == p.Decimal(high, decimals) {
		return p.Decimal(low, decimals)
	}
	return p.between(p.Decimal(low, decimals), p.Decimal(high, decimals), "")
}

func (p *Printer) between(low, high, unit string) string {
	first := ""
	if p.conv.repeat {
		first = unit
	}
	return p.conv.between[0] + low + first + p.conv.between[1] + high + unit
}

// And joins a list: "a, b en c".
func (p *Printer) And(list []string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	last := len(list) - 1
	return strings.Join(list[:last], ", ") + " " + p.conv.and + " " + list[last]
}

// Series joins items that hold commas themselves: "a 3,5; b 3,6".
func (p *Printer) Series(list []string) string { return strings.Join(list, p.conv.pause) }

// Quote puts the words of a questionnaire between the quotation marks of the language.
func (p *Printer) Quote(s string) string { return p.conv.open + s + p.conv.shut }

// Date writes a day: "24 november 2026".
func (p *Printer) Date(t time.Time) string {
	day := p.tools.digits.Sprint(number.Decimal(t.Day()))
	if t.Day() == 1 {
		day += p.conv.first
	}
	return day + p.conv.dayMonth + p.conv.months[t.Month()-1] + " " + p.tools.digits.Sprint(number.Decimal(t.Year(), number.NoSeparator()))
}

// Moment writes a day and a time to the minute: "24 november 2026, 14:03". It is "" for no time.
func (p *Printer) Moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return p.Date(t) + ", " + t.Format("15:04")
}

// Inside writes a short label as it stands inside a sentence: without its capital, unless the language keeps it (German
// nouns) or the word looks like a name or an abbreviation (a second capital, a digit).
func (p *Printer) Inside(label string) string {
	first, size := utf8.DecodeRuneInString(label)
	word, _, _ := strings.Cut(label, " ")
	if p.conv.keepsNouns || size == len(word) || strings.ContainsFunc(word[size:], func(r rune) bool { return !unicode.IsLower(r) && r != '-' && r != ',' }) {
		return label
	}
	return string(unicode.ToLower(first)) + label[size:]
}

// Term writes a label behind a preposition: as Inside, or between quotation marks where the language would want an
// article or a case that the label does not have, or the label holds a comma.
func (p *Printer) Term(label string) string {
	if p.conv.bareTerms && !strings.Contains(label, ",") {
		return p.Inside(label)
	}
	return p.Quote(label)
}

// Opening writes s with a capital, to open a sentence; an opening quotation mark may come first.
func (p *Printer) Opening(s string) string {
	rest := strings.TrimPrefix(s, p.conv.open)
	first, size := utf8.DecodeRuneInString(rest)
	if size == 0 || first == utf8.RuneError {
		return s
	}
	return s[:len(s)-len(rest)] + string(unicode.ToUpper(first)) + rest[size:]
}

// Collate sorts items by the text that key gives, as the language orders words; equal texts keep their order.
func Collate[T any](p *Printer, items []T, key func(T) string) {
	if len(items) < 2 {
		return
	}
	order, _ := p.tools.orders.Get().(*collate.Collator)
	defer p.tools.orders.Put(order)
	slices.SortStableFunc(items, func(a, b T) int { return order.CompareString(key(a), key(b)) })
}
