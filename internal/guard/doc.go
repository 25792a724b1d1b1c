// Package guard finds what should not leave the organisation in a text: numbers of people and companies, accounts, phones,
// addresses, names, secrets, and words about health, social services and justice. It says of each why, and can put a
// pseudonym in its place that is turned back in an answer. It reads and writes nothing, and no finding holds the text itself.
//
// Words:
//   - Type: what sort of data a finding is. Each has a rank: checksummed, shaped or worded.
//   - Finding: a type and a place in the text, with the reason as the key of a sentence, and how sure it is.
//   - Policy: for each type, whether to ignore, warn, mask or block.
//   - Scanner: finds in a whole text. Stream: finds the same in a text that comes in pieces, and lets a piece go as soon as
//     nothing that follows can change what is found in it.
//   - Pseudonyms: values and their placeholders in one conversation, in memory only. Mask puts placeholders in, Restore
//     takes them out, also when a model changed their case, made them bold or sends them in pieces.
//   - MaskedValues: finds what was masked once in every later text of the conversation, where no word beside it tells what it is.
//
// How it works. One pass over the bytes stops at digits, at "@", at capitals and at words of a list (a hash of each word is made while its
// letters are passed; a bitset says that nearly all are in no list). From there a matcher reads a bounded piece ahead, as
// far as it needs. What stood before is known from a small state: where the last words such as "BSN" or "tel." stood, the
// headings of the columns of a table, family names seen. A result so depends on what came before and on a bounded piece
// after, which is what makes Stream equal to Scanner: a matcher that touches the end of a piece is asked again when more came.
//
// Where findings overlap, checksummed goes before shaped, shaped before worded, then the longer, then the earlier.
//
// Offsets are in bytes and stand on the edges of runes. Digits of other scripts (fullwidth, Arabic-Indic) count as digits,
// signs without width and soft hyphens within a number or word as nothing, accents make no difference.
//
// Sources of the checks are named where they are computed. Words and names stand in facts/, each list with its source.
package guard
