package synth

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// maxDepartments bounds an organisation.
const maxDepartments = 5000

// department is a part of the made-up organisation.
type department struct {
	name  string
	size  int     // people
	field float64 // share who work outside or on the floor
	lean  float64 // how far its people lean towards digital tools, in standard deviations
}

// organisation is the made-up city.
type organisation struct {
	departments []department // by name
	quota       []int        // respondents up to and including each department
	size        int          // respondents
	step, start int          // of the permutation that spreads departments over respondents
}

// kinds are departments of a city with their relative size, field work and lean, all made up.
var kinds = []struct {
	name        string
	size        float64
	field, lean float64
	answers     float64 // relative readiness to answer
}{
	{"Groen en wegen", 12, 0.85, -1.1, 0.7}, {"Kinderopvang", 10, 0.9, -0.8, 0.81}, {"Woonzorg", 10, 0.9, -0.9, 0.74},
	{"Sociale dienst", 9, 0.25, 0.1, 1.06}, {"Afval en reiniging", 8, 0.9, -1.2, 0.66}, {"Burgerzaken", 7, 0.05, 0.3, 1.12},
	{"Technische dienst", 6, 0.7, -0.5, 0.81}, {"Onderwijs", 5, 0.5, 0.2, 0.94}, {"Cultuur", 5, 0.3, 0.4, 1.06},
	{"Sport en jeugd", 4, 0.5, 0.1, 0.94}, {"Bibliotheek", 4, 0.4, 0.5, 1.12}, {"Omgeving en vergunningen", 4, 0.15, 0.5, 1.12},
	{"Financiën", 3, 0, 0.6, 1.12}, {"ICT", 3, 0.02, 1.5, 1.22}, {"HR", 2.5, 0, 0.9, 1.22}, {"Facilitair beheer", 2.5, 0.6, -0.6, 0.81},
	{"Pers en web", 1.6, 0, 1.6, 1.22}, {"Juridische dienst", 1.2, 0, 0.8, 1.12}, {"Economie", 1.2, 0.1, 0.7, 1.12},
	{"Secretariaat", 1, 0, 0.7, 1.17}, {"Mobiliteit", 1, 0.3, 0.4, 1}, {"Toerisme", 0.7, 0.3, 0.8, 1.06},
	{"Noodplanning", 0.35, 0.3, 0.2, 1}, {"Archief", 0.3, 0.1, -0.1, 1},
}

// newOrganisation makes departments of the given total, and says how many of each answer.
func newOrganisation(seed uint64, departments, population, size int) *organisation {
	rng := rand.New(rand.NewPCG(seed, 0x6f7267))
	o := &organisation{size: size}
	weights, answers := make([]float64, departments), make([]float64, departments)
	for i := range departments {
		k := kinds[i%len(kinds)]
		d := department{name: k.name, field: k.field, lean: k.lean}
		weights[i], answers[i] = k.size, k.answers
		if i >= len(kinds) {
			d.name = fmt.Sprintf("%s %d", k.name, i/len(kinds)+1)
			weights[i] = k.size / math.Pow(float64(i/len(kinds)+1), 0.8)
			d.lean += 0.4 * rng.NormFloat64()
		}
		o.departments = append(o.departments, d)
	}
	for i, n := range divide(population, weights, nil) {
		o.departments[i].size = n
		weights[i] = float64(n) * answers[i]
	}
	sizes := make([]int, departments)
	for i, d := range o.departments {
		sizes[i] = d.size
	}
	quota := divide(size, weights, sizes)
	order := make([]int, departments)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(o.departments[a].name, o.departments[b].name) })
	o.centre(quota)
	sorted, total := make([]department, departments), 0
	for rank, i := range order {
		sorted[rank] = o.departments[i]
		total += quota[i]
		o.quota = append(o.quota, total)
	}
	o.departments = sorted
	o.step, o.start = permutation(rng, size)
	return o
}

// centre shifts and scales the lean of the departments to mean 0 and variance 1 over those who answer, because the
// published figures are of people who answered too. Weighting to the population then moves the shares a little: the
// departments that answer less lean less towards digital tools.
func (o *organisation) centre(respondents []int) {
	var n, sum, squares float64
	for i, d := range o.departments {
		n += float64(respondents[i])
		sum += float64(respondents[i]) * d.lean
	}
	mean := sum / n
	for i, d := range o.departments {
		squares += float64(respondents[i]) * (d.lean - mean) * (d.lean - mean)
	}
	sd := math.Sqrt(squares / n)
	for i := range o.departments {
		d := &o.departments[i]
		if d.lean -= mean; sd > 0 {
			d.lean /= sd
		}
	}
}

// of returns the department of a respondent.
func (o *organisation) of(number int) int {
	seat := (o.start + number%o.size*o.step) % o.size
	i, _ := slices.BinarySearch(o.quota, seat+1)
	return i
}

// permutation returns a step without a common factor with n and a start.
func permutation(rng *rand.Rand, n int) (step, start int) {
	if n < 3 {
		return 1, 0
	}
	// A step below 2^31 keeps the product of seat and step within an int.
	for {
		step = 1 + rng.IntN(min(n, 1<<31)-1)
		if gcd(step, n) == 1 {
			return step, rng.IntN(n)
		}
	}
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// divide splits total in proportion to weights by largest remainders; a part is at most its limit, where limits are
// given and leave room.
func divide(total int, weights []float64, limits []int) []int {
	parts := make([]int, len(weights))
	limit := func(i int) int {
		if limits == nil {
			return total
		}
		return limits[i]
	}
	left := total
	for left > 0 {
		var sum float64
		for i, w := range weights {
			if parts[i] < limit(i) {
				sum += w
			}
		}
		if sum <= 0 {
			return parts
		}
		type rest struct {
			i int
			r float64
		}
		var rests []rest
		room := left
		for i, w := range weights {
			if parts[i] >= limit(i) {
				continue
			}
			exact := float64(room) * w / sum
			give := min(int(exact), limit(i)-parts[i], left)
			parts[i] += give
			left -= give
			rests = append(rests, rest{i, exact - math.Floor(exact)})
		}
		slices.SortStableFunc(rests, func(a, b rest) int { return cmp.Compare(b.r, a.r) })
		for _, r := range rests {
			if left > 0 && parts[r.i] < limit(r.i) {
				parts[r.i]++
				left--
			}
		}
	}
	return parts
}
