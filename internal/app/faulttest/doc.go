// Package faulttest tries the whole program, as the process that an organisation runs, against what goes wrong in use:
// killed processes, a database that goes and comes back, nodes that die, a full or read-only disk, a clock that jumps.
// While it happens many clients change things through the API and write down what was acknowledged; afterwards the store
// must hold exactly that.
package faulttest
