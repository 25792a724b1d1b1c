package pgtest

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// children returns the ids of the processes that process parent started.
func children(parent int) ([]int, error) {
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, fmt.Errorf("list processes: %w", err)
	}
	var out []int
	for _, file := range files {
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if _, of, found := status(pid); found && of == strconv.Itoa(parent) {
			out = append(out, pid)
		}
	}
	return out, nil
}

// alive tells whether a process exists and has not ended.
func alive(pid int) bool {
	state, _, found := status(pid)
	return found && state != "Z"
}

// status returns the state of a process and the id of its parent, fields 3 and 4 of its stat (proc(5)); found is false
// when it has gone.
func status(pid int) (state, parent string, found bool) {
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return "", "", false
	}
	// The name, in brackets, may hold anything.
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 2 {
		return "", "", false
	}
	return string(fields[0]), string(fields[1]), true
}
