//go:build unix

package main

import "syscall"

// cpu is the processor time of the process so far, in seconds: what counts where others use the machine too.
func cpu() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}
