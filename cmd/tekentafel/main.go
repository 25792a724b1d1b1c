// Command tekentafel takes a public organisation's people along in generative AI: it measures, explains and reports.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"tekentafel/internal/command"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := command.Run(ctx, os.Args[1:], command.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
	stop()
	os.Exit(code)
}
