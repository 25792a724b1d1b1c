// Package urn keeps who drew a ballot and what was handed in, so that what is acknowledged is on disk and was done once.
//
// # Many at a time
//
// A change of one person costs a wait for the disk; a town hall that answers at the same time would wait for hours. So
// changes gather while the one before goes to the disk, and go there in one transaction (group commit). Each caller waits
// until its own is durable. Nothing is known from memory: constraints and what the transaction reads decide, so that two
// nodes of a server can do this beside each other.
//
// # What it leaves behind
//
// Draws and answers go in transactions of their own, and within one in the order of random ids and keys, not of coming in.
// Answers are sealed under a key of the wave (AES-256-GCM, bound to wave and key of the answer), so that a copy of the
// database or its log shows equal opaque bytes.
package urn
