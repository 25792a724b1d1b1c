package synth

import (
	"math"
	"math/rand/v2"

	"tekentafel/internal/instrument"
)

// world holds the constructs of the instrument: each is a trait that people have more or less of.
type world struct {
	traits map[string]int // by construct
	items  map[string]int // by variable: the trait behind it
	means  []float64      // by trait, on a scale from 0 to 1
	loads  []float64      // by trait: how far it goes together with using generative AI
	driven []driven       // traits that follow from others
}

// driven is a trait that follows from others, as willingness does from what people expect.
type driven struct {
	trait int
	from  []int
	by    []float64
}

// newWorld finds the traits of the instrument.
func newWorld(in *instrument.Instrument) *world {
	w := &world{traits: map[string]int{}, items: map[string]int{}}
	for i := range in.Constructs {
		c := &in.Constructs[i]
		w.traits[c.ID] = i
		for _, id := range c.Items {
			w.items[id] = i
		}
		t, known := traitTargets[c.ID]
		if !known {
			t = traitTarget{mean: 0.55, load: 0.4}
		}
		w.means, w.loads = append(w.means, t.mean), append(w.loads, t.load)
	}
	for i := range in.Models {
		m := &in.Models[i]
		d := driven{trait: w.traits[m.Outcome]}
		for rank, id := range m.Predictors {
			by, known := driverTargets[id]
			if !known {
				by = 0.3 / float64(rank+1)
			}
			d.from, d.by = append(d.from, w.traits[id]), append(d.by, by)
		}
		w.driven = append(w.driven, d)
	}
	return w
}

// person is one respondent: traits in standard deviations, and the random numbers that remain.
type person struct {
	rng        *rand.Rand
	number     int
	department int
	dep        *department
	field      bool    // works outside or on the floor
	mixed      bool    // both there and at a desk
	age        float64 // 0 youngest .. 1 oldest
	use        float64 // inclination to use generative AI
	leisure    float64 // the same outside work
	traits     []float64
	able       map[string]float64 // what is decided of what the person can do, by skill

	ticked     *instrument.Item // the multiple choice that ticks belong to
	ticks      map[string]bool
	unanswered bool
}

// person makes a respondent; it depends on seed and number alone.
func (w *world) person(seed uint64, number int, o *organisation) *person {
	p := &person{rng: rand.New(rand.NewPCG(seed, uint64(number)+1)), number: number}
	p.department = o.of(number)
	p.dep = &o.departments[p.department]
	p.field = p.rng.Float64() < p.dep.field
	p.mixed = p.rng.Float64() < 0.16
	p.age = p.rng.Float64()
	// Weights whose squares add up to 1 keep the inclination at mean 0 and variance 1.
	p.use = 0.5*p.dep.lean - 0.35*math.Sqrt(12)*(p.age-0.5) + math.Sqrt(1-0.25-0.1225)*p.rng.NormFloat64()
	p.leisure = 0.65*p.use + math.Sqrt(1-0.65*0.65)*p.rng.NormFloat64()
	p.traits = make([]float64, len(w.means))
	common := p.rng.NormFloat64()
	for i, load := range w.loads {
		rest := math.Sqrt(max(0, 1-load*load-0.25))
		p.traits[i] = load*p.use + 0.5*common + rest*p.rng.NormFloat64()
	}
	for _, d := range w.driven {
		var sum, explained float64
		for k, t := range d.from {
			sum += d.by[k] * p.traits[t]
			explained += d.by[k] * d.by[k]
		}
		p.traits[d.trait] = sum + math.Sqrt(max(0.1, 1-explained))*p.rng.NormFloat64()
	}
	return p
}
