// Package room is the chat: where somebody asks a model, sees before sending what would leave, and reads the answer while it comes.
//
// Nothing of a conversation stays on the server. It lives in the page: where scripts run as a tree in memory, and without scripts in hidden fields of the
// form, which come back with each answer. What somebody keeps on purpose goes through Keeper.
//
// Before anything goes to a model the guard looks at it (review.go). What it finds in what the person wrote needs a decision: let it be replaced, or let it
// go as it is with a reason. What is blocked has to be taken out. The page asks this in the message itself; the server looks again at each question and
// refuses one with something undecided, so that nothing depends on the page.
//
// Words:
//   - question: the branch of a conversation that ends with what the person asks now.
//   - review: what the guard finds in a question, what was decided about it, and the text that leaves.
//   - draft: what is in the composer and was not sent: text, files, and the message after which it comes.
//   - plain: the chat without scripts.
//
// assets/ holds the scripts, each with one reason to change: tree.js the conversation, stream.js what comes from the server, talk.js the messages on the
// page, review.js the decisions, files.js what goes along, room.js what connects them.
package room
