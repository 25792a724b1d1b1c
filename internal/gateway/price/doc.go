// Package price says what a call to a model costs in euro, exactly, and how much energy it may have taken, roughly.
//
// # Euro
//
// Money is a count of nano-euro, never a floating-point number. A price is in euro per million tokens with at most six decimals, which is
// a whole number of pico-euro per token; what a call costs is summed in pico-euro and rounded up once, to a nano-euro. So what was
// reserved for a call is never below what the same tokens cost, and ten million calls differ from the exact sum by at most a cent.
// Prices have the day from which they hold, and only the organisation knows them: its contract, its discount, its euro rate.
//
// # Energy
//
// Nobody outside a data centre knows what one answer took. An estimate is a range in Wh with the method by which it was made and a
// grade; it is shown with one significant digit, and figures of different methods are never added (Estimate.Add refuses).
//
// # The list
//
// Prices and what is known of a model's energy stand in YAML, by themselves (Parse) or in the file that says where models run (internal/gateway/backend):
//
//	models:
//	  - model: small                  # the name by which programs ask for it
//	    prices:                       # euro per million tokens, each from its day
//	      - {from: "2026-01-01", input: "0.15", output: "0.60", cached: "0.02", cache_write: "0.20", source: contract 12}
//	    energy: {active: [8, 24], total: [8, 24], published: true, pue: [1.1, 1.3], source: the maker's card}
//	  - model: own
//	    prices: free                  # it costs nothing
//	    energy: {metered: [0.4, 0.6]} # Wh per 1,000 tokens of output, measured
//
// The package is pure: it reads no file, no clock and no store.
package price
