package price

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"
)

// Nano is an amount of money in nano-euro (0.000000001 euro). The largest is some 9.2 billion euro.
type Nano int64

// Amounts.
const (
	Cent Nano = 10_000_000
	Euro Nano = 1_000_000_000
)

const (
	nanoDecimals = 9
	rateDecimals = 6
	// mostRate is the highest price that a list may hold, in euro per million tokens: a euro per token.
	mostRate = 1_000_000
)

// ParseEuro reads an amount such as "12.50" or "0.000001": euro with at most nine decimals and a point. No sign, no exponent, no
// thousands separators. It returns an error for anything else, and above 9 billion euro.
func ParseEuro(s string) (Nano, error) {
	n, err := decimal(s, nanoDecimals, 9_000_000_000)
	return Nano(n), err
}

// String writes the amount in euro exactly, with a point and at least two decimals: "12.50", "0.000001".
func (n Nano) String() string {
	sign, u := "", uint64(n)
	if n < 0 {
		sign, u = "-", -u
	}
	fraction := strings.TrimRight(fmt.Sprintf("%09d", u%uint64(Euro)), "0")
	for len(fraction) < 2 {
		fraction += "0"
	}
	return sign + strconv.FormatUint(u/uint64(Euro), 10) + "." + fraction
}

// Cents rounds the amount up to whole cents, away from zero for what was spent: 0.1 cent is shown as 1.
func (n Nano) Cents() int64 {
	c := int64(n / Cent)
	if n%Cent > 0 {
		c++
	}
	return c
}

// Plus adds two amounts; beyond the largest amount it stays at the largest.
func (n Nano) Plus(m Nano) Nano {
	switch sum := n + m; {
	case n > 0 && m > 0 && sum < 0:
		return math.MaxInt64
	case n < 0 && m < 0 && sum >= 0:
		return math.MinInt64
	default:
		return sum
	}
}

// Rate is a price: micro-euro per million tokens, which is pico-euro per token. 0 is free.
type Rate int64

// ParseRate reads a price in euro per million tokens with at most six decimals, such as "0.15". It returns an error for anything
// else, and above 1,000,000.
func ParseRate(s string) (Rate, error) {
	n, err := decimal(s, rateDecimals, mostRate)
	return Rate(n), err
}

// String writes the price in euro per million tokens.
func (r Rate) String() string { return Nano(r * 1000).String() }

var errDecimal = errors.New("write digits with a point before the decimals, such as 0.15")

// decimal reads digits with up to places decimals as a whole number of the last place; most is the largest whole part.
func decimal(s string, places int, most int64) (int64, error) {
	whole, fraction, dotted := strings.Cut(s, ".")
	if whole == "" || dotted && fraction == "" || strings.Trim(whole+fraction, "0123456789") != "" {
		return 0, fmt.Errorf("%.40q is no amount: %w", s, errDecimal)
	}
	if len(fraction) > places {
		return 0, fmt.Errorf("%.40q has more than %d decimals; round it up", s, places)
	}
	w, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || w > most {
		return 0, fmt.Errorf("%.40q is above %d; check the unit", s, most)
	}
	f, _ := strconv.ParseInt(fraction+strings.Repeat("0", places-len(fraction)), 10, 64) // digits only
	n := w*int64(math.Pow10(places)) + f
	if w == most && f > 0 {
		return 0, fmt.Errorf("%.40q is above %d; check the unit", s, most)
	}
	return n, nil
}

// pico is a sum of pico-euro in 128 bits, so that no price and no count of tokens overflows it.
type pico struct{ high, low uint64 }

// add adds tokens at a price; fewer than no tokens are none.
func (p pico) add(tokens int64, r Rate) pico {
	if tokens <= 0 || r <= 0 {
		return p
	}
	high, low := bits.Mul64(uint64(tokens), uint64(r))
	var carry uint64
	p.low, carry = bits.Add64(p.low, low, 0)
	p.high, _ = bits.Add64(p.high, high, carry)
	return p
}

// nano rounds up to nano-euro; beyond the largest amount it is the largest.
func (p pico) nano() Nano {
	const per = 1000
	if p.high >= per {
		return math.MaxInt64
	}
	n, rest := bits.Div64(p.high, p.low, per)
	if rest > 0 {
		n++
	}
	if n > math.MaxInt64 {
		return math.MaxInt64
	}
	return Nano(n)
}
