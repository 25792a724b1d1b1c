// Package process starts the servers that tests run against, and sees to it that none of them outlives its test, however
// the test ends: also when it is killed.
package process
