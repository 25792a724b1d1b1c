// Package door holds the words that the parts of the gateway share: who asks, for which key, by which rules, and what a call was.
//
//   - A caller is a person in the chat, or a program with a key; calls count for its organisation, and for its team.
//   - A key belongs to a team. It is shown once, when it is made, and kept as a hash.
//   - The policy of an organisation says what the guard does with each type of sensitive data.
//   - A call that has ended is done. What is known of it holds no text of anyone.
package door
