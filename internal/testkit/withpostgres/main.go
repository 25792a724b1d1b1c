// Command withpostgres runs a command beside a PostgreSQL server of its own, whose address stands in TEST_DATABASE_URL,
// and ends the server with it. Where the variable is set already it starts none.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"tekentafel/internal/testkit/pgtest"
)

func main() {
	code, err := run(context.Background(), os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "withpostgres:", err)
	}
	os.Exit(code)
}

// run returns the exit code of the command.
func run(ctx context.Context, command []string) (int, error) {
	if len(command) == 0 {
		return 2, errors.New("name the command to run: withpostgres go test ./...")
	}
	// Whoever stops us at the keyboard stops the command too; the server goes when the command has ended.
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, os.Interrupt, syscall.SIGTERM)
	if os.Getenv(pgtest.Variable) != "" {
		return beside(ctx, command, asked)
	}
	server, err := pgtest.Launch(ctx, false)
	if err != nil {
		return 1, err
	}
	if err := os.Setenv(pgtest.Variable, server.URL()); err != nil {
		return 1, errors.Join(err, server.Close(ctx))
	}
	code, err := beside(ctx, command, asked)
	return code, errors.Join(err, server.Close(ctx))
}

// beside runs the command to its end.
func beside(ctx context.Context, command []string, asked <-chan os.Signal) (int, error) {
	if len(asked) > 0 {
		return 1, errors.New("stopped")
	}
	cmd := exec.CommandContext(ctx, command[0], command[1:]...) //nolint:gosec // the command that the caller names
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		return 1, fmt.Errorf("run %s: %w", command[0], err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case s := <-asked:
			if s == syscall.SIGTERM { // which came to us alone
				_ = cmd.Process.Signal(s) // it may have ended meanwhile
			}
		case err := <-ended:
			if failed := new(exec.ExitError); errors.As(err, &failed) {
				return max(failed.ExitCode(), 1), nil
			}
			return 0, err
		}
	}
}
