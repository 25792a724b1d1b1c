package guard

// ibanLength returns how long the IBAN of a country is (ISO 13616, registry of SWIFT), 0 for none.
func ibanLength(a, b byte) int {
	const registry = "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28" +
		"HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29" +
		"PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30"
	for k := 0; k < len(registry); k += 4 {
		if registry[k] == a && registry[k+1] == b {
			return int(registry[k+2]-'0')*10 + int(registry[k+3]-'0')
		}
	}
	return 0
}

// iban finds an IBAN that begins with the two letters of t: the digits of the country, and 97 as check (ISO 7064, MOD 97-10).
func (s *scan) iban(t token) bool {
	a, b := s.text[t.start]&^0x20, s.text[t.start+1]&^0x20
	length := ibanLength(a, b)
	if length == 0 {
		return false
	}
	m, count, signs, end := 0, 0, 0, 0
	first := 0
	j := t.start + 2
	for count < length-2 && j-t.start < maxNumber {
		r, n := s.runeAt(j)
		if s.short || n == 0 {
			return false
		}
		v := digitOf(r)
		switch {
		case v < 0 && count < 2 && isLetter(r):
			return false
		case v < 0 && r < 0x80 && s.fold[byte(r)] != 0:
			v = int(s.fold[byte(r)]-'a') + 10
		}
		if v < 0 {
			if isInvisible(r) {
				j += n
				continue
			}
			if signs++; gapOf(r) == noGap || signs > 2 {
				return false
			}
			j += n
			continue
		}
		signs = 0
		j += n
		end = j
		if count++; count <= 2 {
			first = first*10 + v
			continue
		}
		if v > 9 {
			m = (m*100 + v) % 97
		} else {
			m = (m*10 + v) % 97
		}
	}
	if count < length-2 {
		return false
	}
	r, _ := s.runeAt(end)
	if isLetter(r) || digitOf(r) >= 0 {
		return false
	}
	m = ((m*100+int(a-'A')+10)*100 + int(b-'A') + 10) % 97
	if (m*100+first)%97 != 1 {
		return false
	}
	w, named := s.near(ofAccount, s.base+t.start, 40)
	s.checked(Account, t.start, end, w, named)
	return true
}

// vat finds a Belgian VAT number, "BE" before an enterprise number, and a Dutch btw-id, "NL001234567B01".
func (s *scan) vat(t token) bool {
	a, b := s.text[t.start]&^0x20, s.text[t.start+1]&^0x20
	belgian, dutch := a == 'B' && b == 'E', a == 'N' && b == 'L'
	if !belgian && !dutch {
		return false
	}
	j := t.end
	for k := 0; k < 2; k++ {
		if c := s.at(j); c == ' ' || c == '-' || c == '.' {
			j++
		}
	}
	r, _ := s.runeAt(j)
	if digitOf(r) < 0 {
		return false
	}
	d := s.gather(j)
	if s.short {
		return false
	}
	w, named := s.near(ofCompany, s.base+t.start, 48)
	for g := min(d.groups, 4) - 1; g >= 0; g-- {
		n := d.total[g]
		if belgian && (n == 10 && d.value[0] <= '1' || n == 9) && d.whole(g) && d.mod97(0, 0, n-2) == 97-d.value10(n-2, n) {
			s.checked(Company, t.start, d.end(g), w, named)
			return true
		}
		if end := d.end(g); dutch && n == 9 && s.at(end)&^0x20 == 'B' && isDigit(s.at(end+1)) && isDigit(s.at(end+2)) && !isDigit(s.at(end+3)) {
			s.add(Company, t.start, end+3, whyShape, High, shaped, w)
			return true
		}
	}
	return false
}
