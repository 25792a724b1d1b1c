// Command tekentafel takes a public organisation's people along in generative AI: it measures, explains and reports.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"tekentafel/internal/app"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := app.Run(ctx, os.Args[1:], app.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
	stop()
	os.Exit(code)
}
