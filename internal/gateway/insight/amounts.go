package insight

import (
	"math"
	"strings"

	"tekentafel/internal/gateway/door"
	"tekentafel/internal/gateway/price"
)

// Names of amounts. Energy is kept by method, and by its worst grade: estimates of different methods are never added.
const (
	amountTokens  = "tokens"
	amountNano    = "nano"  // nano-euro
	amountGuessed = "guess" // tokens of calls of which the model did not say what it used
	amountUnknown = "dark"  // tokens of calls of which no energy is known
	energyPrefix  = "energy "
)

func amountsOf(d *door.Done) map[string]int64 {
	tokens := d.Used.Tokens()
	out := map[string]int64{amountTokens: tokens, amountNano: int64(d.Cost)}
	if d.Estimate {
		out[amountGuessed] = tokens
	}
	if e := d.Energy; e == (price.Estimate{}) {
		out[amountUnknown] = tokens
	} else if finite(e.Low) && finite(e.High) {
		name := energyPrefix + string(e.Method) + " " + string(e.Grade)
		out[name+" low"], out[name+" high"] = micro(e.Low), micro(e.High)
	}
	return out
}

func finite(x float64) bool { return !math.IsNaN(x) && x >= 0 && x < 1e9 }

func micro(wh float64) int64 { return int64(math.Round(wh * 1e6)) }

// energies adds what was kept by method, as estimates.
func energies(amounts map[string]int64) []price.Estimate {
	by := map[price.Method]price.Estimate{}
	for name, low := range amounts {
		key, is := strings.CutSuffix(name, " low")
		words := strings.Fields(key)
		if !is || len(words) != 3 || words[0]+" " != energyPrefix {
			continue
		}
		e := price.Estimate{Method: price.Method(words[1]), Grade: price.Grade(words[2]), Low: float64(low) / 1e6, High: float64(amounts[key+" high"]) / 1e6}
		sum, err := by[e.Method].Add(e)
		if err == nil { // of one method, so it always is
			by[e.Method] = sum
		}
	}
	var out []price.Estimate
	for _, m := range []price.Method{price.Meter, price.Formula} {
		if e, ok := by[m]; ok {
			out = append(out, e)
		}
	}
	return out
}
