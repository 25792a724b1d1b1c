package serving

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// Signals returns a context that ends at the first SIGINT or SIGTERM, or with ctx, and a channel that closes at the second.
// Stop gives the signals back.
func Signals(ctx context.Context) (gentle context.Context, hard <-chan struct{}, stop func()) {
	gentle, cancel := context.WithCancel(ctx)
	twice := make(chan struct{})
	seen := make(chan os.Signal, 2)
	signal.Notify(seen, os.Interrupt, syscall.SIGTERM)
	go func() {
		for n := range 2 {
			if _, open := <-seen; !open {
				return
			}
			if cancel(); n == 1 {
				close(twice)
			}
		}
	}()
	return gentle, twice, func() {
		signal.Stop(seen)
		close(seen)
		cancel()
	}
}
