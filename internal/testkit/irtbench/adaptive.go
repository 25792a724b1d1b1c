package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sort"

	"tekentafel/internal/stats/irt"
)

// adaptivePeople is how many people take each test.
const adaptivePeople = 2_000

// population draws thetas, and weighs them for those who make a form.
type population struct {
	name   string
	draw   func(*rand.Rand) float64
	weight func(theta float64) float64
}

func populations() []population {
	return []population{
		{"standard normal", (*rand.Rand).NormFloat64, func(x float64) float64 { return math.Exp(-x * x / 2) }},
		{"even over the levels, -2 to 2", func(r *rand.Rand) float64 { return 4*r.Float64() - 2 }, func(x float64) float64 {
			if math.Abs(x) > 2 {
				return 0
			}
			return 1
		}},
	}
}

// adaptive prints how many items fixed forms and an adaptive test from the same bank need for the same precision.
func adaptive() error {
	fmt.Printf("\nAdaptive beside fixed, %d people. Adaptive: mean items until the target posterior standard deviation is reached, and the share of\n", adaptivePeople)
	fmt.Println("people who reach it. Fixed forms from the same bank, as short as lets 95, or 99, of 100 people reach it: the best for this target and")
	fmt.Println("population, found by search, and one spread evenly over the scale. In brackets: adaptive as a share of that form. Last: with chance.")
	for _, size := range []int{60, 24, 12} {
		items := bank(seeded(uint64(size)), size)
		for _, people := range populations() {
			fmt.Printf("\n%d items on the scale; people %s\n", size, people.name)
			fmt.Printf("%10s %9s %8s  %14s %14s %14s %14s  %9s\n", "target SD", "adaptive", "reached", "best form, 95", "best form, 99", "even form, 95", "even form, 99", "by chance")
			for _, target := range []float64{0.6, 0.5, 0.45, 0.4, 0.35, 0.3} {
				reached, err := samePrecision(items, people, target)
				if err != nil {
					return err
				}
				if !reached {
					fmt.Printf("%10.2f and below: the whole bank does not reach it for 95 of 100\n", target)
					break
				}
			}
		}
	}
	return sameError(bank(seeded(60), 60), populations()[0])
}

// samePrecision prints one line, or tells that the bank does not reach the target.
func samePrecision(items []irt.Item, people population, target float64) (reached bool, err error) {
	best := bestForm(items, people, func(info float64) float64 { return min(1, (1+info)*target*target) })
	bestForms := func(m int) []int { return best[:m] }
	evenForms := func(m int) []int { return evenForm(len(items), m) }
	rules := plain()
	rules.TargetSD = target
	a, err := giveAdaptive(items, people, rules)
	if err != nil {
		return false, err
	}
	line := fmt.Sprintf("%10.2f %9.1f %6.1f %% ", target, a.items, 100*a.reached)
	for n, forms := range []func(int) []int{bestForms, evenForms} {
		for k, share := range []int{95, 99} {
			m, err := shortest(items, people, target, share, forms)
			if err != nil || m == 0 && n == 0 && k == 0 {
				return false, err
			}
			if m == 0 {
				line += fmt.Sprintf(" %14s", "-")
				continue
			}
			line += fmt.Sprintf(" %6d (%3.0f %%)", m, 100*a.items/float64(m))
		}
	}
	rules.Random = irt.DefaultRules().Random
	if a, err = giveAdaptive(items, people, rules); err != nil {
		return false, err
	}
	fmt.Printf("%s  %9.1f\n", line, a.items)
	return true, nil
}

// evenForm spreads m items evenly over a bank, which is in the order of places.
func evenForm(bank, m int) []int {
	form := make([]int, m)
	for j := range form {
		form[j] = (2*j + 1) * bank / (2 * m)
	}
	return form
}

// shortest is the length of the shortest form with which a share of 100 people reach the target, or 0.
func shortest(items []irt.Item, people population, target float64, share int, form func(m int) []int) (int, error) {
	for m := 1; m <= len(items); m++ {
		sd, _, err := giveFixed(items, people, form(m))
		if err != nil {
			return 0, err
		}
		if sort.Float64s(sd); sd[len(sd)*share/100] <= target {
			return m, nil
		}
	}
	return 0, nil
}

// sameError prints how long an adaptive test of fixed length must be for the root mean squared error of the best fixed form.
func sameError(items []irt.Item, people population) error {
	fmt.Println("\nItems for the same root mean squared error over all people, both of fixed length; 60 items on the scale, standard normal:")
	form := bestForm(items, people, func(info float64) float64 { return -1 / (1 + info) })
	k := 1
	for _, m := range []int{6, 12, 18, 24} {
		_, fixed, err := giveFixed(items, people, form[:m])
		if err != nil {
			return err
		}
		for {
			rules := plain()
			rules.MinItems, rules.MaxItems = k, k
			a, err := giveAdaptive(items, people, rules)
			if err != nil {
				return err
			}
			if a.rmse <= fixed || k == m {
				fmt.Printf("  best form of %2d, RMSE %.3f; adaptive %2d, RMSE %.3f (%.0f %%)\n", m, fixed, k, a.rmse, 100*float64(k)/float64(m))
				break
			}
			k++
		}
	}
	return nil
}

// plain are rules without control of exposure and without a limit but the bank.
func plain() irt.Rules {
	rules := irt.DefaultRules()
	rules.MinItems, rules.MaxItems, rules.MinGain, rules.MaxSeconds, rules.Random, rules.MaxRate = 1, 1_000, 0, 0, 0, 1
	return rules
}

// bestForm orders items as the best fixed forms of each length take them, one after another: each adds the most to the mean gain over the
// population.
func bestForm(items []irt.Item, people population, gain func(info float64) float64) []int {
	const points = 81
	info := make([]float64, points)
	at := func(q int) float64 { return -4 + 8*float64(q)/(points-1) }
	left := make(map[int]bool, len(items))
	for i := range items {
		left[i] = true
	}
	var form []int
	for len(left) > 0 {
		best, top := -1, math.Inf(-1)
		for i := range items {
			if !left[i] {
				continue
			}
			sum := 0.0
			for q := range info {
				total := info[q] + items[i].Information(at(q))
				sum += people.weight(at(q)) * (gain(total) + 1e-3*math.Log1p(total))
			}
			if sum > top {
				best, top = i, sum
			}
		}
		delete(left, best)
		form = append(form, best)
		for q := range info {
			info[q] += items[best].Information(at(q))
		}
	}
	return form
}

// someone is the theta and the answers to all items of a person, the same in all tests.
func someone(p int, items []irt.Item, people population) (theta float64, answers []int, r *rand.Rand) {
	r = seeded(uint64(1_000 + p))
	theta = people.draw(r)
	for _, it := range items {
		answers = append(answers, it.Draw(r, theta))
	}
	return theta, answers, r
}

// giveFixed gives a form to everyone.
func giveFixed(items []irt.Item, people population, form []int) (sd []float64, rmse float64, err error) {
	s, err := irt.NewScorer(items, nil)
	if err != nil {
		return nil, 0, err
	}
	var miss meanSquare
	given := make([]irt.Answer, len(form))
	for p := range adaptivePeople {
		theta, answers, _ := someone(p, items, people)
		for j, i := range form {
			given[j] = irt.Answer{Item: i, Category: answers[i]}
		}
		post, err := s.Posterior(given)
		if err != nil {
			return nil, 0, err
		}
		sd = append(sd, post.SD)
		miss.add(post.Mean - theta)
	}
	return sd, miss.root(), nil
}

// taken is how an adaptive test went: mean items, the share of people who reached the target, and the root mean squared error.
type taken struct{ items, reached, rmse float64 }

// giveAdaptive gives an adaptive test to everyone.
func giveAdaptive(items []irt.Item, people population, rules irt.Rules) (taken, error) {
	entries := make([]irt.Entry, len(items))
	for i, it := range items {
		entries[i].Item = it
	}
	b, err := irt.NewBank(entries)
	if err != nil {
		return taken{}, err
	}
	var out taken
	var miss meanSquare
	for p := range adaptivePeople {
		theta, answers, r := someone(p, items, people)
		s, post, err := session(b, rules, answers, r)
		if err != nil {
			return taken{}, err
		}
		out.items += float64(len(s.Given)) / adaptivePeople
		if post.SD <= rules.TargetSD {
			out.reached += 1.0 / adaptivePeople
		}
		miss.add(post.Mean - theta)
	}
	out.rmse = miss.root()
	return out, nil
}

// session gives one session on scale 0.
func session(b *irt.Bank, rules irt.Rules, answers []int, r *rand.Rand) (irt.State, irt.Posterior, error) {
	s := irt.State{Scales: []int{0}}
	for {
		c, err := irt.Next(s, b, rules, r)
		if err != nil {
			return s, irt.Posterior{}, err
		}
		if c.Entry < 0 {
			break
		}
		s = s.With(irt.Given{Entry: c.Entry, Category: answers[c.Entry]})
	}
	all, err := irt.Stands(s, b, rules)
	if err != nil {
		return s, irt.Posterior{}, err
	}
	return s, all[0].Posterior, nil
}
