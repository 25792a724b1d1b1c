// Package keys keeps what lets programs in at the gateway.
//
// # Words
//
//   - A key belongs to a unit, or to the organisation. Calls by it count for that unit.
//   - Its secret is shown once, when it is made or renewed, and kept as a hash.
//   - A key that is renewed has a new secret; the one before holds on for a time that is chosen, so that programs can change over.
//   - A key ends on its day, or when it is withdrawn.
//
// # What holds
//
// A secret ends with a tag that the installation alone can make. What somebody guesses lacks it, so it is refused without a look at the store, however
// many come. What was found is remembered for Fresh: a key that is withdrawn on another node lets nobody in after that time, and one that is withdrawn here at once.
package keys
