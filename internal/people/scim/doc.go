// Package scim lets the directory of an organisation (Entra ID, Okta) keep its people and groups here up to date, by SCIM 2.0
// (RFC 7643 for what is kept, RFC 7644 for how one asks).
//
// # Words
//
//   - resource: a user or a group, as JSON with the names of its schema.
//   - directory: where resources are kept; Registry keeps them in the store.
//   - caller: the key of the interface that a directory signs in with; the organisation follows from it.
//   - out: a user who was deleted there. The row stays, emptied, so that somebody who comes back gets their own account again.
//
// # What is kept
//
// Only what the product uses, which is what /Schemas lists. The rest (telephone numbers, addresses, photos, passwords, private mail
// addresses) is dropped where it comes in, without an error: directories send all that they are told to map.
//
// # Beyond the standard
//
// Directories write some things otherwise than the RFCs say, and are understood: a truth or a manager as a text, one value as a list and a
// list as one value, and a part of a value that is not there yet, which makes one. A value of a whole that no filter finds is an
// error, as RFC 7644 says. That somebody may sign in or not cannot be left open: active stays as it was where a user is replaced without it,
// and cannot be removed. The tests say of each where other implementations differ.
//
// # One transaction
//
// A change of a resource, of the account and of the person happen in one transaction, so a directory that gets no answer can ask
// again, and a user who was deactivated has no session left when it gets one.
package scim
