// Package serving opens the addresses of the program, speaks HTTP and TLS on them, and stops so that nothing is lost.
//
// # How it stops
//
// The first signal makes the node say that it is not ready and waits until the balancer has seen that; then no connection
// is accepted any more, requests under way have the grace to end, the jobs are given back, and the store is closed. A second
// signal ends the program at once; what was acknowledged is on the disk by then, and what was not is not there.
package serving
