package backend

import (
	"context"
	"net/http"
	"strconv"

	"tekentafel/internal/gateway/wire"
)

// HopsHeader says how many gateways a request passed. A gateway whose settings name itself, or another that names it back, would otherwise ask without end.
const HopsHeader = "X-Tekentafel-Hops"

// mostHops is how many gateways may stand behind each other: that of a town, of its region, and one more.
const mostHops = 3

type hopsKey struct{}

// WithHops returns a context in which a request came with these headers, so that Do knows how many gateways it passed.
func WithHops(ctx context.Context, h http.Header) context.Context {
	n, err := strconv.Atoi(h.Get(HopsHeader))
	if err != nil || n <= 0 {
		return ctx
	}
	return context.WithValue(ctx, hopsKey{}, n)
}

func hopsOf(ctx context.Context) int {
	n, _ := ctx.Value(hopsKey{}).(int)
	return n
}

func loop() *wire.Fault {
	return &wire.Fault{Status: http.StatusLoopDetected, Code: "loop", Message: "the request passed too many gateways; whoever runs this one has to look whether its settings lead back to itself"}
}
