// Package vault keeps what belongs to one person alone: sealed under a key that is derived from a code which that person keeps,
// under a name that follows from the same code. No table says whose it is, and the store with the key of the installation does
// not open it: whoever has no code has 75 random bits to guess.
//
// # Words
//
//   - code: 16 signs that a person gets when something of theirs is kept for the first time. It is nowhere in the store.
//   - place: where the content of a code lies, and the key that opens it; both follow from the code and the key of the
//     installation. From the name of a place nobody finds the code.
//   - month: how fine the store knows when something was last used, so that what nobody uses any more can go.
//
// What it cannot do: hide from somebody who changes the program or reads the memory of the server while a person has their
// content open. And nothing can be given back to who lost the code.
package vault
