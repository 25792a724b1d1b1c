// Package ownuse keeps what a person used by model in a month, for that person alone: so that they can see which model cost what, and about how much energy it took.
//
// Limits need sums by person and day, which package budget keeps; those hold no model. What is here goes further, so it is sealed with the key of the installation, is read by nobody
// but the person, and is coarser in time: a month. It is a view and not the books: it is written some seconds after a call, and what a node had not written when it was killed is missing.
// Programs are not in it, and no question or answer ever is.
package ownuse
