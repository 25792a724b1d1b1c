// Package ballot makes and checks ballots: RSA blind signatures by RFC 9474, variant RSABSSA-SHA384-PSS-Randomized, on keys of
// 2048 bits. It does no input or output and knows no database.
//
// A person's device makes a message of 64 random bytes, blinds it and asks for a signature. The server signs what it cannot
// read (Key.Sign), once for each person. The device takes the blindness off and holds a Ballot, which the server has never seen
// and which every party can check with the public key alone (PublicKey.Verify).
//
// # Words
//
//   - message: the prepared message of RFC 9474, section 4.1: 32 random bytes before a token of 32 random bytes.
//   - blinded message: the message, encoded and multiplied by a secret factor; all that the signer sees.
//   - stratum: a part of the frame with a key of its own; which key a ballot verifies under is all that it tells.
//   - list: the file by which anyone checks a wave that is closed: what was issued, and each ballot that came with an answer.
package ballot
