// Package shadow finds out what AI services people use outside those that the organisation offers, from logs that its proxy, firewall or name server keeps
// anyway, without finding out about anybody: a log is read as it streams, users and addresses are hashed under a key that is thrown away, and only numbers of at
// least k people by department, service and week remain. What it cannot see, and against whom it is safe, stands in docs/shadow.md.
//
// Its parts: logs reads the formats; services knows AI services by their hosts; tally counts and decides what may be shown.
//
// Words of this package: a reading is one or more logs that are counted together.
package shadow
