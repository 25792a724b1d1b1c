package corpus

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"
)

func (b *builder) person() string {
	r, given, family := b.r, pick(b.r, b.l.given), pick(b.r, b.l.family)
	switch r.IntN(12) {
	case 0:
		return given[:1] + ". " + family
	case 1:
		if r.IntN(3) == 0 && given[0] < 0x80 {
			return given[:1] + "." + string(rune('A'+r.IntN(20))) + ". " + family
		}
	case 2:
		return given + " " + pick(r, b.l.given) + " " + family
	case 3:
		if !strings.Contains(family, "-") {
			return given + " " + family + "-" + pick(r, b.l.family)
		}
	}
	return given + " " + family
}

// tabular is how a name stands in a list.
func (b *builder) tabular() string {
	r, given, family := b.r, pick(b.r, b.l.given), pick(b.r, b.l.family)
	switch r.IntN(5) {
	case 0:
		return strings.ToUpper(family) + " " + given
	case 1:
		return family + ", " + given
	case 2:
		return family + " " + given
	}
	return given + " " + family
}

func digits(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('0' + r.IntN(10))
	}
	return string(b)
}

// phone returns a number as people of the language write it.
func (b *builder) phone() string {
	r := b.r
	d := func(n int) string { return digits(r, n) }
	belgianMobile := func() string { return fmt.Sprintf("4%d%s", 5+r.IntN(5), d(1)) }
	zone := func() string {
		return pick(r, []string{"10", "11", "12", "13", "14", "15", "16", "19", "50", "51", "52", "53", "54", "55", "56", "57", "58", "59", "60", "63", "64", "65", "67", "68", "69", "71", "80", "81", "85", "87", "89"})
	}
	switch b.code {
	case "nl", "en":
		if r.IntN(3) == 0 { // Dutch
			switch r.IntN(7) {
			case 0:
				return "06-" + d(8)
			case 1:
				return "06 " + d(2) + " " + d(2) + " " + d(2) + " " + d(2)
			case 2:
				return "06" + d(8)
			case 3:
				return "+31 6 " + d(4) + " " + d(4)
			case 4:
				return pick(r, []string{"020", "010", "030", "040", "070", "050"}) + "-" + fmt.Sprint(2+r.IntN(7)) + d(6)
			case 5:
				return pick(r, []string{"0182", "0497", "0113", "0591"}) + "-" + fmt.Sprint(2+r.IntN(7)) + d(5)
			}
			return "+31" + fmt.Sprint(10+r.IntN(60)) + d(7)
		}
	case "fr":
		if r.IntN(4) == 0 {
			if r.IntN(2) == 0 {
				return "+33 " + fmt.Sprint(1+r.IntN(7)) + " " + d(2) + " " + d(2) + " " + d(2) + " " + d(2)
			}
			sign := pick(r, []string{" ", "."})
			return pick(r, []string{"01", "02", "03", "06", "07"}) + sign + d(2) + sign + d(2) + sign + d(2) + sign + d(2)
		}
	case "de":
		switch r.IntN(4) {
		case 0:
			return "+49 " + pick(r, []string{"30", "221", "241", "89"}) + " " + fmt.Sprint(1+r.IntN(9)) + d(6)
		case 1:
			return "+49 17" + d(1) + " " + d(7)
		case 2:
			return "+352 " + d(2) + " " + d(2) + " " + d(2)
		}
	}
	switch r.IntN(14) {
	case 0, 1, 2:
		return "0" + belgianMobile() + " " + d(2) + " " + d(2) + " " + d(2)
	case 3:
		return "0" + belgianMobile() + "/" + d(2) + "." + d(2) + "." + d(2)
	case 4:
		return "0" + belgianMobile() + d(6)
	case 5:
		return "+32 " + belgianMobile() + " " + d(2) + " " + d(2) + " " + d(2)
	case 6:
		return "+32" + belgianMobile() + d(6)
	case 7:
		return "0032 " + belgianMobile() + " " + d(3) + " " + d(3)
	case 8:
		return "0" + belgianMobile() + " " + d(3) + " " + d(3)
	case 9:
		return pick(r, []string{"02", "03", "09", "04"}) + " " + fmt.Sprint(2+r.IntN(7)) + d(2) + " " + d(2) + " " + d(2)
	case 10:
		return pick(r, []string{"02", "03", "09"}) + "/" + fmt.Sprint(2+r.IntN(7)) + d(2) + "." + d(2) + "." + d(2)
	case 11:
		return "0" + zone() + " " + d(2) + " " + d(2) + " " + d(2)
	case 12:
		return "+32 (0)" + pick(r, []string{"2", "3", "9"}) + " " + fmt.Sprint(2+r.IntN(7)) + d(2) + " " + d(2) + " " + d(2)
	}
	return "0" + zone() + "/" + d(2) + "." + d(2) + "." + d(2)
}

// plain makes a part of a mail address of a name.
func plain(s string) string {
	s = strings.NewReplacer("é", "e", "è", "e", "ë", "e", "ê", "e", "ï", "i", "ö", "o", "ü", "u", "ä", "a", "ç", "c", "ß", "ss", "ş", "s", "ı", "i", "ğ", "g", "à", "a", "î", "i", "ô", "o", "É", "e", "Ö", "o", "Ç", "c", "İ", "i", "Ş", "s", "Ü", "u").Replace(s)
	return strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			return c
		case c >= 'A' && c <= 'Z':
			return c | 0x20
		}
		return -1
	}, s)
}

func (b *builder) mail() string {
	r := b.r
	given, family := plain(pick(r, b.l.given)), plain(pick(r, b.l.family))
	local := ""
	switch r.IntN(6) {
	case 0:
		local = given[:1] + family
	case 1:
		local = given + fmt.Sprint(60+r.IntN(40))
	case 2:
		local = given + "_" + family
	case 3:
		local = pick(r, []string{"info", "onthaal", "hr", "loket", "contact", "dienst.wonen"})
	default:
		local = given + "." + family
	}
	host := plain(pick(r, b.l.places).name)
	switch r.IntN(5) {
	case 0:
		return local + "@" + pick(r, []string{"gmail.com", "hotmail.com", "telenet.be", "skynet.be", "outlook.be", "ziggo.nl", "orange.fr", "gmx.de"})
	case 1:
		return local + "@ocmw." + host + ".be"
	case 2:
		return strings.ToUpper(local[:1]) + local[1:] + "@" + host + ".be"
	}
	return local + "@" + host + pick(r, []string{".be", ".be", ".nl", ".brussels", ".eu"})
}

const consonants = "BDFGHJKLNPRSTVXZ"

func letters(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = consonants[r.IntN(len(consonants))]
	}
	return string(b)
}

func plate(r *rand.Rand, code string) string {
	belgian := func() string { return fmt.Sprintf("%d-%s-%s", 1+r.IntN(2), letters(r, 3), digits(r, 3)) }
	switch {
	case code == "de" && r.IntN(2) == 0:
		return pick(r, []string{"AC", "K", "B", "EU", "DN"}) + "-" + letters(r, 2) + " " + fmt.Sprint(10+r.IntN(990))
	case code == "fr" && r.IntN(3) == 0:
		return letters(r, 2) + "-" + digits(r, 3) + "-" + letters(r, 2)
	case code == "nl" && r.IntN(2) == 0:
		switch r.IntN(4) {
		case 0:
			return digits(r, 2) + "-" + letters(r, 3) + "-" + digits(r, 1)
		case 1:
			return letters(r, 2) + "-" + digits(r, 3) + "-" + letters(r, 1)
		case 2:
			return letters(r, 1) + "-" + digits(r, 3) + "-" + letters(r, 2)
		}
		return digits(r, 2) + "-" + letters(r, 2) + "-" + letters(r, 2)
	}
	if r.IntN(5) == 0 {
		return strings.ReplaceAll(belgian(), "-", " ")
	}
	return belgian()
}

func (b *builder) address() string {
	r := b.r
	street, p := pick(r, b.l.streets), pick(r, b.l.places)
	number := fmt.Sprint(1 + r.IntN(250))
	switch r.IntN(10) {
	case 0:
		number += pick(r, []string{"A", "B", "C"})
	case 1:
		if b.code == "nl" {
			number += " bus " + fmt.Sprint(1+r.IntN(20))
		}
		if b.code == "fr" {
			number += " bte " + fmt.Sprint(1+r.IntN(20))
		}
	case 2:
		number += "/" + fmt.Sprint(1+r.IntN(9))
	}
	if r.IntN(5) == 0 {
		return street + " " + number
	}
	between := pick(r, []string{", ", ", ", ", ", " ", "\n", " - "})
	if b.code == "fr" && len(p.code) == 5 {
		return number + pick(r, []string{", ", " "}) + strings.ToLower(street[:1]) + street[1:] + between + p.code + " " + p.name
	}
	return street + " " + number + between + p.code + " " + p.name
}

func (b *builder) birth() string {
	r := b.r
	d, m, y := 1+r.IntN(28), 1+r.IntN(12), 1930+r.IntN(85)
	months := map[string][]string{
		"nl": {"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"},
		"fr": {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
		"de": {"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"},
		"en": {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	}[b.code]
	switch r.IntN(5) {
	case 0, 1:
		if b.code == "de" {
			return fmt.Sprintf("%d. %s %d", d, months[m-1], y)
		}
		return fmt.Sprintf("%d %s %d", d, months[m-1], y)
	case 2:
		return fmt.Sprintf("%02d/%02d/%d", d, m, y)
	case 3:
		return fmt.Sprintf("%d.%d.%d", d, m, y)
	}
	return fmt.Sprintf("%02d-%02d-%d", d, m, y)
}

func caseNumber(r *rand.Rand) string {
	switch r.IntN(4) {
	case 0:
		return fmt.Sprintf("%d/%05d", 2018+r.IntN(9), r.IntN(100000))
	case 1:
		return fmt.Sprintf("OC-%d-%04d", 2018+r.IntN(9), r.IntN(10000))
	case 2:
		return fmt.Sprintf("GE%d.L%d.%s/%d", 10+r.IntN(80), 1+r.IntN(9), digits(r, 5), 2018+r.IntN(9))
	}
	return "D" + digits(r, 7)
}

func passport(r *rand.Rand) string {
	if r.IntN(2) == 0 {
		return letters(r, 2) + digits(r, 6)
	}
	return letters(r, 2) + letters(r, 1) + digits(r, 5) + digits(r, 1)
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

func token(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(b)
}

func secret(r *rand.Rand) string {
	raw := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	switch r.IntN(8) {
	case 0:
		return "sk-proj-" + token(r, 40) + "7"
	case 1:
		return "ghp_" + token(r, 36)
	case 2:
		return "AKIA" + strings.ToUpper(token(r, 16))
	case 3:
		return raw(`{"alg":"HS256","typ":"JWT"}`) + "." + raw(`{"sub":"`+digits(r, 8)+`","iat":1700000000}`) + "." + token(r, 43)
	case 4:
		return "postgres://app:" + token(r, 12) + "@db" + digits(r, 1) + ".intern.example:5432/burgers"
	case 5:
		return "xoxb-" + digits(r, 11) + "-" + token(r, 24)
	case 6:
		return "glpat-" + token(r, 20)
	}
	return "-----BEGIN PRIVATE KEY-----\n" + token(r, 64) + "\n" + token(r, 64) + "\n-----END PRIVATE KEY-----"
}

func password(r *rand.Rand) string {
	return pick(r, []string{"Zomer", "Welkom", "Printemps", "Hallo", "Tulp", "Stadhuis", "Password", "Sonne"}) + digits(r, 2+r.IntN(3)) + pick(r, []string{"!", "", "#", "$x", "?a"})
}
