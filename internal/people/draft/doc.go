// Package draft turns the cells of a personnel file into what the organisation would be. It works in three steps, each of them a
// pure function, so that a person can look before anything is done:
//
//   - Make reads each row into typed values. A row is taken, or it is listed with the reason.
//   - Resolve lays the rows on the organisation that stands: who is who, which unit is which, who has gone.
//   - Diff says what is added, changed and gone, whether that is a sudden loss, and which rows a store writes for it.
//
// # Words
//
//   - doubt: a value that was not understood, or contradicts another; the row is taken, and the value that stands is kept.
//   - held: a person whose row was not taken, and who therefore is not taken to have gone.
//   - complete: a file with everybody; who is not in it has gone. Another file is partial, and says nothing of who is not in it.
package draft
