package process

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
)

// The ports that Port gives out lie below those that the kernel gives to outgoing connections and to whoever asks for
// "any port" (32768 and up on Linux). So nothing takes a port while its server is down for a moment.
const (
	lowestPort  = 20000
	highestPort = 32000
)

// Port returns a port of the loopback address where nothing listens. It is not reserved: a server that cannot bind it
// asks again.
func Port(ctx context.Context) (int, error) {
	var last error
	for range 100 {
		port := lowestPort + rand.IntN(highestPort-lowestPort)
		var l net.Listener
		if l, last = new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port))); last == nil {
			return port, l.Close()
		}
	}
	return 0, fmt.Errorf("no free port between %d and %d on the loopback address: %w", lowestPort, highestPort, last)
}
