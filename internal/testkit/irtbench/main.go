// Command irtbench prints how well items and people are recovered beside the theoretical bound, how many items an adaptive test needs
// beside the best fixed form from the same bank, and how long calibration, scoring and choice take. scripts/bench-irt runs it.
package main

import (
	"context"
	"fmt"
	"os"
	"runtime"

	"tekentafel/internal/clock"
)

func main() {
	if err := run(context.Background(), clock.System()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, now clock.Clock) error {
	fmt.Printf("%d processors, %s. Made-up items and people, seeded.\n", runtime.GOMAXPROCS(0), runtime.Version())
	if err := recovery(ctx); err != nil {
		return err
	}
	if err := adaptive(); err != nil {
		return err
	}
	if err := exposure(); err != nil {
		return err
	}
	return speed(ctx, now)
}
