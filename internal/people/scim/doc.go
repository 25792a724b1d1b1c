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
// # One transaction
//
// A change of a resource, of the account and of the person happen in one transaction, so a directory that gets no answer can ask
// again, and a user who was deactivated has no session left when it gets one.
package scim
