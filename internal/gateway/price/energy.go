package price

import (
	"errors"
	"fmt"
	"math"

	"tekentafel/internal/yamlfile"
)

// Method is how an estimate of energy was made. Estimates of different methods are about different things and are never added.
type Method string

// The methods.
const (
	// Formula is that of EcoLogits 0.9 (GenAI Impact; a regression on the measurements of ML.ENERGY): the accelerators and the server while they
	// write the answer. Reading the question, cooling beyond the PUE, network, training and machines that wait are not in it.
	Formula Method = "formula"
	// Meter is a figure that the organisation measured on its own machines, in Wh per 1,000 tokens of output.
	Meter Method = "meter"
)

// Grade is how good an estimate is.
type Grade string

// The grades, the best first.
const (
	Measured Grade = "A" // measured on the machines that gave the answer
	Open     Grade = "C" // by formula, from a size that the maker published
	Guessed  Grade = "D" // by formula, from a size that others guess
)

// Estimate is a range of energy in Wh.
type Estimate struct {
	Method    Method
	Grade     Grade
	Low, High float64 // Wh
}

// ErrMethods says that estimates of different methods were to be added.
var ErrMethods = errors.New("energy estimates of different methods cannot be added; show them beside each other")

// Add adds two estimates of one method; the grade is that of the worse. The zero value is nothing yet. ErrMethods when the methods differ.
func (e Estimate) Add(o Estimate) (Estimate, error) {
	switch {
	case e == (Estimate{}):
		return o, nil
	case o == (Estimate{}):
		return e, nil
	case e.Method != o.Method:
		return Estimate{}, ErrMethods
	}
	return Estimate{Method: e.Method, Grade: max(e.Grade, o.Grade), Low: e.Low + o.Low, High: e.High + o.High}, nil
}

// Shown returns the range with one significant digit, rounded outward, so that it holds all that the estimate holds: 0.034 to 2.3 is
// 0.03 to 3.
func (e Estimate) Shown() (low, high float64) {
	return oneDigit(e.Low, math.Floor), oneDigit(e.High, math.Ceil)
}

// Carbon returns the range in gram CO2e for electricity with so many kg CO2e per kWh, rounded outward to one digit.
func (e Estimate) Carbon(kgPerKWh float64) (low, high float64) { // Wh x kg/kWh = g
	return oneDigit(e.Low*kgPerKWh, math.Floor), oneDigit(e.High*kgPerKWh, math.Ceil)
}

func oneDigit(x float64, round func(float64) float64) float64 {
	if x <= 0 || math.IsInf(x, 0) || math.IsNaN(x) {
		return x
	}
	place := math.Floor(math.Log10(x))
	digit := x / math.Pow(10, place)
	if near := math.Round(digit); math.Abs(digit-near) < 1e-9 { // 0.3 is 3 tenths, however it is kept
		digit = near
	}
	if digit = round(digit); place < 0 {
		return digit / math.Pow(10, -place)
	}
	return digit * math.Pow(10, place)
}

// Factor returns the kg CO2e per kWh of a country's electricity (ISO 3166-1 code; EcoLogits 0.9.1, which takes it from Our World in Data), and
// whether it is known.
func Factor(country string) (kgPerKWh float64, known bool) {
	switch country {
	case "BE":
		return 0.118, true
	case "NL":
		return 0.253, true
	case "FR":
		return 0.044, true
	case "DE":
		return 0.344, true
	}
	return 0, false
}

// Reference is what a maker published about its own service, to be read beside an estimate and never added to one.
type Reference struct {
	Who, What string
	Wh        float64 // 0 when it was not published
	Gram      float64 // CO2e; 0 when it was not published
	Tokens    int     // of the answer that it is about; 0 when that was not published
}

// References returns the published figures that an estimate can be held against.
func References() []Reference {
	return []Reference{
		{Who: "Google, August 2025", What: "median text prompt of Gemini Apps", Wh: 0.24},
		{Who: "Mistral, July 2025", What: "answer of Mistral Large 2 in Le Chat, without the user's device", Gram: 1.14, Tokens: 400},
	}
}

// Spread is how far the one published audit lies above the formula: Mistral's 1.14 g for 400 tokens is 28 times what the formula gives with electricity
// about as clean as Belgium's. It depends on where the machines stand, which the audit does not say (10 times for Germany, 75 for France), and the audit counts the making of
// the machines too. The high end of an estimate by formula is that much higher, for nobody knows where between the two the truth lies.
const Spread = 28

// Profile is how the energy of a model is estimated.
type Profile struct {
	Active, Total Span // parameters in billions, that take part in a token and in all
	PUE           Span // energy of the data centre by energy of its computers, at least 1
	Published     bool // the maker published the parameters
	Metered       Span // Wh per 1,000 tokens of output, measured; when it is not zero the rest is not used
}

// Span is a lowest and a highest value.
type Span struct{ Low, High float64 }

// Of returns the estimate for a call. It depends on the tokens of output alone.
func (p *Profile) Of(u Usage) Estimate {
	tokens := float64(max(0, u.Output))
	if p.Metered != (Span{}) {
		return Estimate{Method: Meter, Grade: Measured, Low: p.Metered.Low * tokens / 1000, High: p.Metered.High * tokens / 1000}
	}
	grade := Guessed
	if p.Published {
		grade = Open
	}
	return Estimate{Method: Formula, Grade: grade,
		Low:  p.PUE.Low * perToken(p.Active.Low, p.Total.Low) * tokens,
		High: Spread * p.PUE.High * perToken(p.Active.High, p.Total.High) * tokens}
}

// perToken returns the Wh of accelerators and server for one token of output of a model with so many billions of parameters: the
// methodology of EcoLogits 0.9, "LLM inference", for 64 requests at once, 16 bits a parameter and servers of eight accelerators of
// 80 GB. The test computes it anew in R.
func perToken(active, total float64) float64 {
	const (
		batch       = 64
		gpus        = 8      // of a server
		serverWatts = 1200.0 // without its accelerators
	)
	gpu := 1.1665273170451914e-06*math.Exp(-0.011205921025579175*batch)*active + 4.052928146734005e-05 // Wh of one accelerator
	seconds := 0.0006785088094353663*active + 0.0003119310311688259*batch + 0.019473717579473387
	needed := accelerators(total)
	server := seconds / 3600 * serverWatts * needed / gpus / batch
	return server + needed*gpu
}

// accelerators returns how many hold a model: 1.2 times its weights of two bytes, in a power of two of 80 GB each.
func accelerators(total float64) float64 {
	n := 1.0
	for n*80 < 1.2*total*2 {
		n *= 2
	}
	return n
}

// WrittenEnergy is what a file says of a model's energy, before it is checked.
type WrittenEnergy struct {
	Active    []float64 `yaml:"active"`
	Total     []float64 `yaml:"total"`
	PUE       []float64 `yaml:"pue"`
	Published bool      `yaml:"published"`
	Metered   []float64 `yaml:"metered"`
	Source    string    `yaml:"source"`
}

// readEnergy checks what a list says about a model's energy.
func readEnergy(r *yamlfile.Reader, at string, e *WrittenEnergy) *Profile {
	if e == nil {
		return nil
	}
	p := &Profile{Published: e.Published}
	if len(e.Metered) > 0 {
		p.Metered = readSpan(r, at+".metered", e.Metered, 1e-6, 1e6)
		return p
	}
	p.Active = readSpan(r, at+".active", e.Active, 0.01, 1e5)
	p.Total = readSpan(r, at+".total", e.Total, 0.01, 1e5)
	if p.Active.Low > p.Total.Low || p.Active.High > p.Total.High {
		r.At(at+".active", "more parameters take part than there are", "write billions of parameters; of a dense model both are the same")
	}
	p.PUE = Span{1.1, 1.6} // large data centres, and the mean of the yearly survey of the Uptime Institute
	if len(e.PUE) > 0 {
		p.PUE = readSpan(r, at+".pue", e.PUE, 1, 4)
	}
	return p
}

func readSpan(r *yamlfile.Reader, at string, values []float64, least, most float64) Span {
	if len(values) != 2 || !(values[0] >= least && values[0] <= values[1] && values[1] <= most) {
		r.At(at, "this is no range", fmt.Sprintf("write the lowest and the highest value, between %v and %v, such as [%v, %v]", least, most, max(least, 1), max(least, 1)+1))
		return Span{1, 1}
	}
	return Span{values[0], values[1]}
}
