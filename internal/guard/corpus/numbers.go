package corpus

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"time"
)

// Belgian returns eleven digits of somebody born between 1925 and 2023; the month is raised by more, 20 or 40 for a bisnummer. The ending is the
// one that makes the number, with a 2 in front from 2000 on, a multiple of 97 once it is added.
func Belgian(r *rand.Rand, more int) string {
	d := time.Date(1925, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, r.IntN(36_000))
	month, day := int(d.Month()), d.Day()
	if r.IntN(40) == 0 { // not known
		day = 0
		if r.IntN(2) == 0 {
			month = 0
		}
	}
	first := fmt.Sprintf("%02d%02d%02d%03d", d.Year()%100, month+more, day, 1+r.IntN(997))
	whole := first
	if d.Year() >= 2000 {
		whole = "2" + first
	}
	n, _ := new(big.Int).SetString(whole, 10)
	for ending := int64(1); ; ending++ {
		if new(big.Int).Mod(new(big.Int).Add(n, big.NewInt(ending)), big.NewInt(97)).Sign() == 0 {
			return fmt.Sprintf("%s%02d", first, ending)
		}
	}
}

// BSN returns nine digits of which 9 times the first, 8 times the second and so on, less the last, is a multiple of 11.
func BSN(r *rand.Rand) string {
	for {
		n := 100_000_000 + r.IntN(200_000_000)
		for last := range 10 {
			s := fmt.Sprint(n/10*10 + last)
			sum := 0
			for k := range 8 {
				sum += int(s[k]-'0') * (9 - k)
			}
			if sum-last > 0 && (sum-last)%11 == 0 {
				return s
			}
		}
	}
}

// IBAN returns an account without spaces: the check digits for which the number, letters as two digits and the first four
// signs at the end, leaves 1 when divided by 97.
func IBAN(r *rand.Rand) string {
	country, rest := "", ""
	switch r.IntN(10) {
	case 0, 1, 2, 3, 4:
		n := r.Int64N(10_000_000_000)
		check := n % 97
		if check == 0 {
			check = 97
		}
		country, rest = "BE", fmt.Sprintf("%010d%02d", n, check)
	case 5, 6, 7:
		country, rest = "NL", pick(r, []string{"ABNA", "INGB", "RABO", "KNAB", "TRIO", "BUNQ"})+fmt.Sprintf("%010d", r.Int64N(10_000_000_000))
	case 8:
		country, rest = "DE", fmt.Sprintf("%018d", r.Int64N(1_000_000_000_000_000_000))
	default:
		country, rest = pick(r, []string{"FR", "LU", "ES"}), ""
		switch country {
		case "FR":
			rest = fmt.Sprintf("%010d%011d%02d", r.Int64N(10_000_000_000), r.Int64N(100_000_000_000), r.IntN(97))
		case "LU":
			rest = fmt.Sprintf("%03d%013d", r.IntN(1000), r.Int64N(10_000_000_000_000))
		default:
			rest = fmt.Sprintf("%020d", r.Int64N(1_000_000_000_000_000_000))
		}
	}
	for check := 2; check < 99; check++ {
		var digits strings.Builder
		for _, c := range rest + country {
			if c >= 'A' {
				fmt.Fprint(&digits, int(c-'A')+10)
			} else {
				digits.WriteRune(c)
			}
		}
		fmt.Fprintf(&digits, "%02d", check)
		n, _ := new(big.Int).SetString(digits.String(), 10)
		if new(big.Int).Mod(n, big.NewInt(97)).Int64() == 1 {
			return fmt.Sprintf("%s%02d%s", country, check, rest)
		}
	}
	return IBAN(r)
}

// Card returns the digits of a payment card: the last one makes the sum of Luhn a multiple of 10.
func Card(r *rand.Rand) string {
	prefix, n := pick(r, []string{"4", "4", "51", "53", "55", "2301", "67", "6703"}), 16
	if r.IntN(10) == 0 {
		prefix, n = "37", 15
	}
	s := prefix
	for len(s) < n-1 {
		s += fmt.Sprint(r.IntN(10))
	}
	for last := range 10 {
		sum := 0
		for k, c := range reversed(s + fmt.Sprint(last)) {
			sum += [2][10]int{{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {0, 2, 4, 6, 8, 1, 3, 5, 7, 9}}[k%2][c-'0']
		}
		if sum%10 == 0 {
			return s + fmt.Sprint(last)
		}
	}
	return s
}

func reversed(s string) string {
	b := []byte(s)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}

// Enterprise returns the ten digits of a Belgian enterprise number.
func Enterprise(r *rand.Rand) string {
	n := 2_000_000 + r.IntN(6_000_000)
	if r.IntN(8) == 0 {
		n = 10_000_000 + r.IntN(200_000)
	}
	for ending := 1; ; ending++ {
		if (n+ending)%97 == 0 {
			return fmt.Sprintf("%08d%02d", n, ending)
		}
	}
}

// IdentityCard returns the number of a Belgian identity card as it is printed on it.
func IdentityCard(r *rand.Rand) string {
	n := 5_900_000_000 + r.Int64N(99_999_999)
	for ending := int64(1); ; ending++ {
		if (n-ending)%97 == 0 {
			s := fmt.Sprint(n)
			return fmt.Sprintf("%s-%s-%02d", s[:3], s[3:], ending)
		}
	}
}

func spelledBelgian(r *rand.Rand, n string) string {
	switch r.IntN(20) {
	case 0, 1, 2:
		return n
	case 3:
		return n[:6] + " " + n[6:9] + " " + n[9:]
	case 4:
		return n[:6] + "-" + n[6:9] + "-" + n[9:]
	case 5:
		return n[:2] + "." + n[2:4] + "." + n[4:6] + "–" + n[6:9] + "." + n[9:]
	case 6:
		return n[:2] + "/" + n[2:4] + "/" + n[4:6] + " " + n[6:9] + " " + n[9:]
	case 7:
		return n[:6] + "-" + n[6:]
	case 8:
		return n[:2] + " " + n[2:4] + " " + n[4:6] + " " + n[6:9] + " " + n[9:]
	case 9:
		return n[:2] + "." + n[2:4] + "." + n[4:6] + " - " + n[6:9] + "." + n[9:]
	case 10:
		return noisy(r, n[:2]+"."+n[2:4]+"."+n[4:6]+"-"+n[6:9]+"."+n[9:])
	case 11:
		return n[:2] + "\u00a0" + n[2:4] + "\u00a0" + n[4:6] + "\u00a0" + n[6:9] + "\u00a0" + n[9:]
	}
	return n[:2] + "." + n[2:4] + "." + n[4:6] + "-" + n[6:9] + "." + n[9:]
}

// noisy does to digits what copying from elsewhere does.
func noisy(r *rand.Rand, s string) string {
	switch r.IntN(4) {
	case 0:
		return strings.Map(func(c rune) rune {
			if c >= '0' && c <= '9' {
				return c - '0' + '０'
			}
			return c
		}, s)
	case 1:
		return strings.Replace(s, "-", "-\n", 1)
	case 2:
		return s[:4] + "\u200b" + s[4:]
	}
	return s[:5] + "\u00ad" + s[5:]
}

func spelledDutch(r *rand.Rand, n string) string {
	switch r.IntN(6) {
	case 0:
		return n[:3] + "." + n[3:6] + "." + n[6:]
	case 1:
		return n[:4] + "." + n[4:6] + "." + n[6:]
	case 2:
		return n[:3] + " " + n[3:6] + " " + n[6:]
	}
	return n
}

func spelledAccount(r *rand.Rand, n string) string {
	switch r.IntN(6) {
	case 0, 1:
		return n
	case 2:
		return strings.ToLower(n)
	}
	sign := " "
	if r.IntN(8) == 0 {
		sign = "\u00a0"
	}
	var parts []string
	for len(n) > 4 {
		parts, n = append(parts, n[:4]), n[4:]
	}
	return strings.Join(append(parts, n), sign)
}

func spelledCard(r *rand.Rand, n string) string {
	sign := pick(r, []string{" ", " ", " ", "-", ""})
	if len(n) == 15 {
		return n[:4] + sign + n[4:10] + sign + n[10:]
	}
	return n[:4] + sign + n[4:8] + sign + n[8:12] + sign + n[12:]
}

func company(r *rand.Rand) string {
	n := Enterprise(r)
	switch r.IntN(5) {
	case 0:
		return "BE" + n
	case 1:
		return "BE " + n[:4] + "." + n[4:7] + "." + n[7:]
	case 2:
		return "NL" + BSN(r) + fmt.Sprintf("B%02d", 1+r.IntN(20))
	}
	return n[:4] + "." + n[4:7] + "." + n[7:]
}
