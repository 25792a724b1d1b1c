// Package pgtest gives tests a real PostgreSQL: New an empty database, NewCluster a server of the test's own that it may
// stop, kill and start again.
//
// Databases of New live in the server that TEST_DATABASE_URL names (its user must be allowed to create databases), else in
// one that the first call starts for this test process from the installed binaries. No server outlives the process that
// started it, and no folder stays.
package pgtest
