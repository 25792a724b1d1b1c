// Package identity knows organisations, the people who sign in, and how they prove who they are. It resolves each request
// to a visit, so that every other feature can ask package access what that visitor may do.
//
// # Words
//
//   - organisation: a tenant. A federation is an organisation that holds others.
//   - account: a person in one organisation, with roles. Somebody who works for two organisations has two accounts.
//   - session: what a browser holds after signing in; its cookie is a secret of which only the hash is kept.
//   - flow: a sign-in half way, such as a password that still wants its second factor.
//   - link: an address that works once: the first administrator, an invitation, a new password.
//   - key: a secret for a script; it never does more than the person who made it.
//   - confirm: to prove again who one is, shortly before doing what could harm most.
//   - lockout: a pause after failed attempts, per name and way of signing in.
package identity
