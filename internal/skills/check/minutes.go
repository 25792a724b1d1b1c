package check

import (
	"encoding/binary"
	"math"
	"math/rand/v2"

	"tekentafel/internal/instrument"
	"tekentafel/internal/skills/framework"
)

// How long a question of the test takes: reading all of it once, slower than the 238 words a minute of adults who read quietly (Brysbaert 2019,
// Journal of Memory and Language 109), and choosing. A statement takes as long as a row of the monitor.
const (
	wordsPerMinute = 180.0
	choosing       = 4.0 // seconds
)

// seconds is how long a version of an item takes, on average over the languages.
func (it *Item) seconds(field bool) float64 {
	sum := 0.0
	for _, l := range framework.Languages() {
		sum += it.secondsIn(l, field)
	}
	return sum / float64(len(framework.Languages()))
}

// secondsIn is how long a version of an item takes in a language.
func (it *Item) secondsIn(l framework.Lang, field bool) float64 {
	v := it.In(field)
	words := instrument.CountWords(v.Stem.In(l))
	for _, o := range v.Options {
		words += instrument.CountWords(o.Text.In(l))
	}
	return float64(words)*60/wordsPerMinute + choosing
}

// Minutes is how long a check takes.
type Minutes struct {
	Statements float64
	Test       float64 // of all skills, on average over people
	Longest    float64 // of these tests
	Questions  float64 // of the test, on average
}

// people is how many made-up people Minutes lets do the test.
const people = 200

// Minutes estimates how long a check of all skills takes in a language: made-up people of the reference population, whose skills
// correlate by a half, do the test as the parameters say. It is the same each time.
func (m *Material) Minutes(l framework.Lang, field bool) (Minutes, error) {
	var out Minutes
	words := 0
	for i := range m.Statements {
		words += instrument.CountWords(m.Statements[i].Text.In(instrument.Lang(l)))
	}
	out.Statements = float64(words)/wordsPerMinute + float64(len(m.Statements))*instrument.SecondsPerRow/60
	rng := rand.New(rand.NewPCG(6, 28))
	for range people {
		s := m.NewState(All, "", field)
		binary.BigEndian.PutUint64(s.Seed[:8], rng.Uint64())
		binary.BigEndian.PutUint64(s.Seed[8:], rng.Uint64())
		if err := m.simulate(&s, rng); err != nil {
			return out, err
		}
		took := 0.0
		for _, g := range s.Given {
			took += m.Items[g.Item].secondsIn(l, field) / 60
		}
		out.Test += took / people
		out.Longest = max(out.Longest, took)
		out.Questions += float64(len(s.Given)) / people
	}
	return out, nil
}

// simulate lets somebody drawn at random do the test.
func (m *Material) simulate(s *State, rng *rand.Rand) error {
	common := rng.NormFloat64()
	theta := make([]float64, len(m.skills))
	for i := range theta {
		theta[i] = math.Sqrt(0.5)*common + math.Sqrt(0.5)*rng.NormFloat64()
	}
	for {
		item, more, err := m.Next(s)
		if err != nil || !more {
			return err
		}
		credit, left := 0, rng.Float64()
		p := m.entries[item].Item.LogProbabilities(nil, theta[m.Items[item].scale])
		for credit < len(p)-1 && left > math.Exp(p[credit]) {
			left -= math.Exp(p[credit])
			credit++
		}
		chosen := 0
		for i, o := range m.Items[item].In(s.Field).Options {
			if o.Credit == credit {
				chosen = i
			}
		}
		s.Given = append(s.Given, Given{item, chosen})
	}
}
