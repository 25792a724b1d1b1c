// Package passkey signs people in with a passkey (Web Authentication, level 3): a key pair that their phone, computer or
// security key keeps and that works on this site alone, so that it cannot be given away on another. It knows the protocol;
// accounts, sessions and storage are identity's.
//
// # Words
//
//   - ceremony: making a passkey or using one. What must be remembered between its two halves is Pending.
//   - handle: how an authenticator knows a person: random bytes that say nothing about them.
//   - record: a passkey as it is stored.
package passkey
