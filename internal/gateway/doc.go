// Package gateway is the door between the organisation and models: a question goes through the guard and the limits to a backend, and the answer comes back with the
// person's own values in it. The chat and programs use the same engine; programs reach it over HTTP in the shapes of OpenAI and Anthropic.
//
// # One call
//
//  1. The guard reads every text of the question. What the policy of the organisation masks gets a placeholder, what it blocks ends the call.
//  2. The most that the call may use is reserved on every limit that applies (budget.Book).
//  3. A backend answers (backend.Upstream).
//  4. Placeholders in the answer become values again, also when they come in pieces; sorts of data that were not in the question are told.
//  5. What was used is settled, whoever left meanwhile.
//
// # Placeholders without memory
//
// Nothing is remembered between calls. Placeholders are numbered anew for each call, in the order in which values stand: what stands beside the conversation
// (instructions, tools) first, then the turns. What becomes of a text depends on the texts before it alone, so a conversation that grew by a turn has
// the same placeholders in all turns before, on every node. That holds as long as a program sends the earlier turns as they were.
//
// A value that was masked once is masked in every later text of the question, also where no word beside it tells what it is: the answer of an earlier turn
// holds it without.
//
// # Texts that cannot be replaced
//
// What a model thought is signed by its maker (wire.Text.Fixed). It comes from the model, which saw placeholders alone. So a name or an address in it passes; a number with check
// digits, a secret, or a value that is masked elsewhere in the question cannot have come from the model, and ends the call.
//
// # What is not seen
//
// Images, sounds and files pass as they are: nothing reads them. Files by their identifier and earlier answers that a maker keeps are
// refused unless the settings allow them, because neither the guard nor the limits know what is in them.
package gateway
