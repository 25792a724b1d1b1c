// Package mail sends the product's mail: each at most once by itself, and none is lost.
//
// A feature posts a message in the transaction of its own change, so there is no change without its mail and no mail
// without its change. Workers, on as many nodes as there are, claim what is due and hand it to an SMTP server (RFC 5321).
//
// # What is certain
//
// SMTP cannot send exactly once: the server may have taken the message although its answer never came. This package
// therefore writes down, before the first byte of a message goes out, that it is about to. What fails earlier, or what the
// server refuses in so many words, was certainly not sent and is tried again. What fails between that mark and the answer
// of the server is unsure: it is never sent again by itself. A person sees it and decides.
//
// # Words
//
//   - kind: what a mail is for (an invitation, a new password), with its texts in four languages.
//   - outbox: the mails in the store, whatever their state.
//   - claim: the right of one worker to send one mail, for as long as its lease; a newer claim ends an older one.
//   - hand over: to send the message itself, after the addresses were accepted.
//   - unsure: handed over, but no answer came.
package mail
