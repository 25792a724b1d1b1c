// Package faulttest tries the whole program, as the process that an organisation runs, against what goes wrong in use:
// killed processes, a database that goes and comes back, nodes that die, a full or read-only disk, a clock that jumps.
// While it happens many clients change things through the API and write down what was acknowledged; afterwards the store
// must hold exactly that.
//
// Waves have a crowd of their own: two hundred people at a time who draw ballots, hand in and change their mind as the pages
// do. Of each person the store must then hold the answers that were acknowledged last, or those that were sent after them and
// of which nothing is known; once the wave is closed, its report must be of exactly these.
//
// The moments at which something is killed are random. Each test says its seed, with which they can be had again.
package faulttest
