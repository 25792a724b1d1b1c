// Package practice is a stand-in for a model where none is configured: rules, no AI. It knows nothing, calls nobody and runs inside this program, and says so
// in the first line of each conversation, in the language of the question (Dutch, French, German or English).
//
// It is there to try the guard, limits, entries by task and challenges. It recognises what somebody asks by phrases: a summary (the first and
// most telling sentences), a table (sums and means of what was pasted), a letter in plain language (words of offices replaced, long sentences split), a mind map (titles, or frequent
// words, as a list) and a conversation to practise (turns of a script). To anything else it says what one can try. The same request has the same answer, byte for byte.
// Its texts are in locale/, the words that it knows in words/.
//
// # Answers that are given word for word
//
// A challenge with a planted mistake says what the model answers. When the system message (or what stands for it in another interface) holds
//
//	[[practice]]
//	The answer, with its mistake.
//	[[/practice]]
//
// the first answer of the conversation is exactly that text without the white space around it: no first line that says what it is, which the page does then. A second block is the second answer, and so
// on; after the last block it answers by its rules. Marks that a person writes in a question mean nothing, and a real model gets the system message without the blocks only if whoever sends
// it takes them out.
//
// # Counting
//
// A token is four letters or signs, rounded up for each text. Question and answer have no price, and an answer has at most MaxOutput tokens.
package practice
