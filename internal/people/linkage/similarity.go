package linkage

// jaroWinkler is the similarity of Jaro (1989) with the prefix of Winkler (1990): scale 0.1, at most four letters. 1 is equal. Folded
// texts are letters of one byte, with few exceptions; what is longer than 64 is cut.
func jaroWinkler(a, b string) float64 {
	if len(a) > 64 {
		a = a[:64]
	}
	if len(b) > 64 {
		b = b[:64]
	}
	if len(a) == 0 && len(b) == 0 {
		return 1
	}
	reach := max(max(len(a), len(b))/2-1, 0)
	var inA, inB uint64
	same := 0
	for i := range len(a) {
		for j := max(0, i-reach); j < min(len(b), i+reach+1); j++ {
			if inB&(1<<j) == 0 && b[j] == a[i] {
				inA |= 1 << i
				inB |= 1 << j
				same++
				break
			}
		}
	}
	if same == 0 {
		return 0
	}
	crossed, j := 0, 0
	for i := range len(a) {
		if inA&(1<<i) == 0 {
			continue
		}
		for inB&(1<<j) == 0 {
			j++
		}
		if a[i] != b[j] {
			crossed++
		}
		j++
	}
	m := float64(same)
	jaro := (m/float64(len(a)) + m/float64(len(b)) + (m-float64(crossed/2))/m) / 3
	prefix := 0
	for prefix < min(4, len(a), len(b)) && a[prefix] == b[prefix] {
		prefix++
	}
	return jaro + float64(prefix)*0.1*(1-jaro)
}

// within tells whether two strings are at most limit edits apart: a letter put in, left out, replaced, or two neighbours exchanged
// (optimal string alignment). Both have at most 64 letters for it; longer ones only count as within when equal.
func within(a, b string, limit int) bool {
	if a == b {
		return true
	}
	d := len(a) - len(b)
	if d > limit || -d > limit || len(a) > 64 || len(b) > 64 {
		return false
	}
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	if len(a) == 0 || len(b) == 0 {
		return len(a)+len(b) <= limit
	}
	var rows [3][65]int8
	two, one, now := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		one[j] = int8(j)
	}
	for i := 1; i <= len(a); i++ {
		now[0] = int8(i)
		least := now[0]
		for j := 1; j <= len(b); j++ {
			cost := int8(1)
			if a[i-1] == b[j-1] {
				cost = 0
			}
			v := min(one[j]+1, now[j-1]+1, one[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				v = min(v, two[j-2]+1)
			}
			now[j] = v
			least = min(least, v)
		}
		if int(least) > limit && i > 1 {
			return false
		}
		two, one, now = one, now, two
	}
	return int(one[len(b)]) <= limit
}

// edits is how many edits two words of these letters may be apart and still be a typing error: short words say too little.
func edits(length int) int {
	switch {
	case length < 5:
		return 0
	case length < 11:
		return 1
	default:
		return 2
	}
}

// shortens tells whether short can be an abbreviation of long: it begins alike, and its letters occur in long in their order.
func shortens(short, long string) bool {
	if len(short) < 2 || len(short) >= len(long) || short[0] != long[0] {
		return false
	}
	j := 0
	for i := 0; i < len(long) && j < len(short); i++ {
		if long[i] == short[j] {
			j++
		}
	}
	return j == len(short)
}
