// Package taken reads what a process takes of the machine, for benchmarks. It knows Linux alone: it reads /proc (proc(5)).
package taken

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// tick is how fine the kernel tells processor time: USER_HZ is 100 on every machine that Go runs on.
const tick = 10 * time.Millisecond

// ErrUntold says that the kernel does not tell.
var ErrUntold = errors.New("the kernel does not say how much memory the process takes")

// Resident returns the resident memory of a process in bytes, now.
func Resident(pid int) (int64, error) { return memory(pid, "VmRSS:") }

// Peak returns the largest resident memory that a process ever had, in bytes.
func Peak(pid int) (int64, error) { return memory(pid, "VmHWM:") }

func memory(pid int, field string) (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)) //nolint:gosec // of a process that the caller started
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if text, found := strings.CutPrefix(line, field); found {
			kB, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "kB")), 10, 64)
			return kB << 10, err
		}
	}
	return 0, ErrUntold
}

// CPU returns the processor time that a process has taken, to 10 ms; 0 when it is gone.
func CPU(pid int) time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)) //nolint:gosec // as above
	if err != nil {
		return 0
	}
	text := string(stat)
	fields := strings.Fields(text[strings.LastIndexByte(text, ')')+1:]) // a program's name may hold anything
	const utime, stime = 11, 12
	if len(fields) <= stime {
		return 0
	}
	var ticks int64
	for _, i := range []int{utime, stime} {
		n, err := strconv.ParseInt(fields[i], 10, 64)
		if err != nil {
			return 0
		}
		ticks += n
	}
	return time.Duration(ticks) * tick
}

// Load returns the load of the machine in the last minute, "unknown" where it is not told.
func Load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	first, _, _ := strings.Cut(string(text), " ")
	return first
}
