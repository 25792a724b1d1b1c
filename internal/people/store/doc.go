// Package store keeps the organisation and its people, with all versions that may still be asked for or put back. It is SQL and
// what SQL needs to be safe; what a change should be is decided elsewhere.
//
// # Revisions
//
// Every change is a revision with a number, one after the other within an organisation. A row holds from the revision that wrote
// it up to the one that replaced or ended it, and readers ask for the rows of one revision: that of Head, or an older one. So a
// reader who took a revision sees it whole, whatever is written meanwhile.
//
// A large change is written by Begin, Change.Put, Change.End and Change.Apply in many small transactions, under a number that
// nobody reads yet; the last one moves the head and does what the caller adds, such as the entry in the audit log. It appears
// whole or not at all. One such change can be under way in an organisation; it has a lease, so that a writer that died does not
// block for ever, and what it left is swept away before the next. A small change is made by Edit in one transaction.
//
// Undo is a revision that puts back what another one changed, but for the rows that changed again since.
//
// # Words
//
// Head: which revision stands. Pending: a revision that is being written. Version: a row with the revisions for which it holds.
package store
