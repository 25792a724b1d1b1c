// Command monitor writes the situations that a wave can ask into the monitor, from the item bank:
//
//	go run ./content/skills/monitor
//
// It replaces what stands between the markers in instruments/genai-monitor.yaml, and is run in the folder of the module.
package main

import (
	"fmt"
	"os"

	"tekentafel/internal/skills/asked"
)

const monitor = "instruments/genai-monitor.yaml"

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "monitor:", err)
		os.Exit(1)
	}
}

func run() error {
	part, err := asked.BuiltIn()
	if err != nil {
		return err
	}
	before, err := os.ReadFile(monitor)
	if err != nil {
		return err
	}
	after, err := part.Write(before)
	if err != nil {
		return err
	}
	return os.WriteFile(monitor, after, 0o644) //nolint:gosec // the name is a constant
}
