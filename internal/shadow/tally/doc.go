// Package tally counts how many people of which department used which AI service in which week, from the records of logs, so that nobody can be singled out in
// what comes out. docs/shadow.md says against whom and how.
//
// Words of this package: a reading is one tally of one or more files, from New to Close; a person is a user name, hashed under a key that lives as long as
// the reading; where a log has addresses alone, half of the most addresses seen on one day stand for people; a unit is a department; the rest is the people of all units
// that are not shown by themselves; a service is folded when too few people used it.
package tally
