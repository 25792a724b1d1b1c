// Package nonuse is about people who do not use AI: who they are (in groups) and why, from the report of a wave; what helps with
// each reason; and interviews, which say what a questionnaire cannot.
//
// # Words
//
//   - reason: why somebody does not use AI, one of those that the questionnaire offers. What helps with it is content, see guide.
//   - round: a series of interviews. One is open at a time. Nothing of it is shown before it is closed and has fewestTalks interviews.
//   - invitation: who is asked for an interview, with a name. The list is emptied when the round closes.
//   - interview: what is counted of it (reasons, language, desk or field, group) in one row, and each note in another.
//   - code: 16 signs that the person gets on paper, with which the notes can be deleted. It opens nothing.
//
// # Kept apart
//
// Invitations share no key with interviews, and the notes of an interview share none with each other or with what is counted: each row
// has a random name, and a tag that follows from the code, another for each row. So whoever has the code can delete all of it, and
// whoever has not sees loose answers. Each time an interview comes in, the rows of its round are written anew in the order of their
// random names; the only time with them is the month in which the round was opened. The log of who did what says that an interview came
// in, not which.
//
// What it cannot do: make the person who held the interview forget it, or hide one from somebody who compares copies of the database
// made just before and just after it came in.
package nonuse
