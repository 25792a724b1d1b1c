// Package lab is the place to try: a chat in front of any model, entries by task, challenges, and examples of colleagues. Here are the words
// that its parts share; each part has a package below.
//
//   - room: the chat itself. Nothing of it is kept on the server unless somebody keeps it.
//   - kept: conversations that somebody kept, until the day they were told, and shared read-only inside the organisation.
//   - task: entries by task, which build the prompt where one sees it. challenge: short tries. example: what colleagues did.
//   - extract: the text of files, read within limits.
//
// A conversation is a tree: who changes an earlier message, or asks for another answer, begins a branch, and every branch stays. What one reads is
// the way from the root to one leaf.
package lab
