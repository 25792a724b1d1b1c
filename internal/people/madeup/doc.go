// Package madeup makes organisations up: a city with departments, services and teams, a catalogue of functions, people and their
// posts, without a fault or with faults of stated kinds at stated rates. Equal recipes give equal organisations. Nobody in it exists.
//
// A fault is planted on things that bear no other fault, so that what a check finds can be compared with what was planted. Who
// leads a unit gets no fault, because a fault of a leader is one of everybody in the team too.
package madeup
