// Package needs is the map of needs: what each function asks of the skills of a framework, why, and who said so.
//
// The rules of the framework ask levels of functions. The answers to its questions are proposed from titles, until HR answers them
// for a family or a function, or takes over what is proposed. HR may set a level instead, for a family, a function, a unit, a role
// or several of these together, each with a reason; managers propose for the functions of their team. What article 4 of the AI Act
// wants taken into account is recorded beside it, and the texts and rules of the framework may be adapted.
//
// Everything that people say is a fact of package demand. A change writes facts under one number, in one transaction with its
// line in the audit log; nothing is overwritten. So each change can be shown, and put back as long as nothing of it changed again.
// Whoever changes something says after which change they read it: what others changed meanwhile is not overwritten.
//
// Below it: demand (values and computation, no I/O) and book (the spreadsheet).
package needs
