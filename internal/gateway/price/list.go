package price

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"tekentafel/internal/yamlfile"
)

// Errors of looking up a price.
var (
	// ErrUnknown says that the list has no such model.
	ErrUnknown = errors.New("the price list has no such model; add it, with price 0 when it costs nothing")
	// ErrEarly says that no price of the model holds yet at that time.
	ErrEarly = errors.New("no price of this model holds yet; add one with an earlier day")
)

// List is what the models of an organisation cost. It is a value: read it once and use it from anywhere.
type List struct {
	models map[string]*model
}

type model struct {
	prices []dated // the oldest first
	energy *Profile
}

type dated struct {
	from  time.Time // midnight in UTC of the day; compared as a day
	rates Rates
}

// file is a price list as it is written.
type file struct {
	Models []fileModel `yaml:"models"`
}

type fileModel struct {
	Model  string         `yaml:"model"`
	Prices WrittenPrices  `yaml:"prices"`
	Energy *WrittenEnergy `yaml:"energy"`
}

// WrittenPrices are the prices of a model in a file, before they are checked: a list, or the word "free".
type WrittenPrices []WrittenPrice

// WrittenPrice is a price in a file, before it is checked.
type WrittenPrice struct {
	From       string `yaml:"from"`
	Input      string `yaml:"input"`
	Cached     string `yaml:"cached"`
	CacheWrite string `yaml:"cache_write"`
	Output     string `yaml:"output"`
	Source     string `yaml:"source"`
}

// always is a day before any call.
const always = "0001-01-01"

// Word takes "free": the model costs nothing, and never did.
func (p *WrittenPrices) Word(word string) bool {
	if word != "free" {
		return false
	}
	*p = WrittenPrices{{From: always, Input: "0", Output: "0"}}
	return true
}

// NewList returns a list without models.
func NewList() *List { return &List{models: map[string]*model{}} }

// Add adds a model of a file that says more of models than this package reads; at is where the model stands in it, with its keys "prices" and "energy".
// What is wrong goes to r. The name is not in the list yet.
func (l *List) Add(r *yamlfile.Reader, at, name string, prices WrittenPrices, energy *WrittenEnergy) {
	l.models[name] = &model{prices: readPrices(r, at, prices), energy: readEnergy(r, at+".energy", energy)}
}

// AddFree adds a model that costs nothing and of whose energy nothing is said.
func (l *List) AddFree(name string) { l.models[name] = &model{prices: []dated{{}}} }

// Parse reads a price list from YAML; name is what messages call it. The error is a *yamlfile.Problems that lists all that is wrong
// with its place. A price of cached tokens that is left out is that of input, and so is that of writing to the cache.
func Parse(name string, src []byte) (*List, error) {
	var f file
	problems := &yamlfile.Problems{}
	r := yamlfile.Read(name, src, &f, yamlfile.Form{MaxBytes: 1 << 20, MaxList: 2000, Large: "keep one price list under 1 MB",
		Empty: "write `models:` and a list of models"}, problems)
	if r == nil {
		return nil, problems.Err()
	}
	l := NewList()
	for i, m := range f.Models {
		at := fmt.Sprintf("models[%d]", i)
		switch {
		case m.Model == "":
			r.At(at+".model", "the model has no name", "write the name by which programs ask for it")
		case l.models[m.Model] != nil:
			r.At(at+".model", "the model "+yamlfile.Quote(m.Model)+" stands in the list twice", "put its prices together, each with its day")
		default:
			l.Add(r, at, m.Model, m.Prices, m.Energy)
		}
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return l, nil
}

func readPrices(r *yamlfile.Reader, at string, prices WrittenPrices) []dated {
	if len(prices) == 0 {
		r.At(at, "the model has no price", "add prices, or `prices: free` when it costs nothing")
	}
	var out []dated
	for i, p := range prices {
		at := fmt.Sprintf("%s.prices[%d]", at, i)
		from, err := time.Parse(time.DateOnly, p.From)
		if err != nil {
			r.At(at+".from", yamlfile.Quote(p.From)+" is no day", "write the day from which the price holds as 2026-11-29")
		}
		if slices.ContainsFunc(out, func(d dated) bool { return d.from.Equal(from) }) {
			r.At(at+".from", "two prices hold from the same day", "keep one of them")
		}
		input := readRate(r, at+".input", p.Input, -1)
		out = append(out, dated{from, Rates{
			Input: input, Output: readRate(r, at+".output", p.Output, -1),
			Cached: readRate(r, at+".cached", p.Cached, input), CacheWrite: readRate(r, at+".cache_write", p.CacheWrite, input),
		}})
	}
	slices.SortFunc(out, func(a, b dated) int { return a.from.Compare(b.from) })
	return out
}

// readRate reads a price; missing is that of one that is left out, or negative when it may not be.
func readRate(r *yamlfile.Reader, at, s string, missing Rate) Rate {
	if s == "" && missing >= 0 {
		return missing
	}
	rate, err := ParseRate(s)
	if err != nil {
		r.At(at, err.Error(), "write euro per million tokens, in quotes, such as \"0.15\"")
	}
	return rate
}

// Rates returns the prices of a model on the day of at, in the zone of at: whoever asks gives the time in the zone of the organisation. The error is ErrUnknown
// or ErrEarly; a call that cannot be priced must not pass a limit in euro.
func (l *List) Rates(name string, at time.Time) (Rates, error) {
	m := l.models[name]
	if m == nil {
		return Rates{}, fmt.Errorf("%.100q: %w", name, ErrUnknown)
	}
	y, mo, d := at.Date()
	day := time.Date(y, mo, d, 0, 0, 0, 0, time.UTC)
	for _, p := range slices.Backward(m.prices) {
		if !p.from.After(day) {
			return p.rates, nil
		}
	}
	return Rates{}, fmt.Errorf("%.100q: %w", name, ErrEarly)
}

// Energy returns how the energy of a model is estimated; nil when the list does not say, and then nothing is shown.
func (l *List) Energy(name string) *Profile {
	if m := l.models[name]; m != nil {
		return m.energy
	}
	return nil
}
