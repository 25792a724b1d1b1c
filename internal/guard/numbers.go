package guard

// enterprise finds a Belgian enterprise number: ten digits that begin with 0 or 1, of which the last two are 97 minus the first eight modulo 97
// (Koninklijk besluit van 24 juni 2003, art. 1). One in a hundred passes by chance, so that it is written with dots or named.
func (s *scan) enterprise(i int, d *digits, g int) bool {
	n := d.total[g]
	if n != 10 && n != 9 || d.mod97(0, 0, n-2) != 97-d.value10(n-2, n) {
		return false
	}
	context, named := s.near(ofCompany, s.base+i, 48)
	dotted := d.shape[g] == 0x433 && d.gap[1] == dotGap && d.gap[2] == dotGap
	if !named && !dotted || n == 10 && d.value[0] > '1' || n == 9 && !named {
		return false
	}
	s.checked(Company, i, d.end(g), context, named)
	return true
}

// tradeRegister finds a number of the Dutch trade register: eight digits without a check, so that KvK must stand before it.
func (s *scan) tradeRegister(i int, d *digits, g int) bool {
	if d.total[g] != 8 {
		return false
	}
	w, ok := s.near(ofKVK, s.base+i, 32)
	if ok {
		s.add(Company, i, d.end(g), whyContext, Medium, shaped, w)
	}
	return ok
}

// oldAccount finds twelve digits in groups of 3, 7 and 2, of which the last two are the first ten modulo 97, or 97 for 0: a Belgian identity card
// (Federale Overheidsdienst Binnenlandse Zaken), or a Belgian account number from before IBAN (Febelfin), which are alike.
func (s *scan) oldAccount(i int, d *digits, g int) bool {
	if d.total[g] != 12 {
		return false
	}
	account, isAccount := s.near(ofAccount, s.base+i, 40)
	card, isCard := s.near(ofIDCard, s.base+i, 48)
	if d.shape[g] != 0x372 && !isCard && !isAccount {
		return false
	}
	rest := d.mod97(0, 0, 10)
	if rest == 0 {
		rest = 97
	}
	if rest != d.value10(10, 12) {
		return false
	}
	if isAccount && !s.nearer(ofIDCard, account) {
		s.checked(Account, i, d.end(g), account, true)
	} else {
		s.checked(IdentityCard, i, d.end(g), card, isCard)
	}
	return true
}

// card finds the number of a payment card: a range of an issuer, a length of that issuer, the groups in which cards are written, and the
// check of ISO/IEC 7812-1, annex B.
func (s *scan) card(i int, d *digits, g int) bool {
	n := d.total[g]
	if n < 14 || n > 19 || !d.luhn(n) || !issued(d.value10(0, 4), n) {
		return false
	}
	context, named := s.near(ofCard, s.base+i, 48)
	switch d.shape[g] {
	case 0x4444, 0x465, 0x464, 0x4445, 0x44441, 0x44443, 0x4447:
	default:
		if !named && (d.groups > 1 && g > 0 || n != 16 && n != 15 || s.otherThing(s.base+i)) {
			return false
		}
	}
	s.checked(PaymentCard, i, d.end(g), context, named)
	return true
}

func (d *digits) luhn(n int) bool {
	sum := 0
	for k := range n {
		v := int(d.value[n-1-k] - '0')
		if k&1 == 1 {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return sum%10 == 0
}

// issued tells whether the first four digits belong to a range of which cards have n digits.
func issued(four, n int) bool {
	two := four / 100
	switch {
	case two == 34 || two == 37:
		return n == 15
	case two == 36 || two == 38 || two == 39 || four/10 >= 300 && four/10 <= 305:
		return n == 14
	case four/1000 == 4:
		return n == 16 || n == 19
	case two >= 51 && two <= 55, four >= 2221 && four <= 2720, four == 6011, two == 65, two == 62:
		return n == 16
	case two == 67 || two == 50 || two >= 56 && two <= 58 || two == 63: // Maestro, Bancontact
		return n >= 16
	}
	return false
}
