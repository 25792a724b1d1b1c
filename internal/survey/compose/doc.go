// Package compose puts the questionnaire of a wave together, and holds the pages on which HR does so: which parts of a
// questionnaire are asked, what the organisation asks beside them, and how all of it reads in each language.
//
// # Words
//
//   - base: the questionnaire that a wave starts from, built in or the organisation's own.
//   - recipe: what makes the questionnaire of a wave out of its base. It is kept as JSON with the wave.
//   - module: a part of the base that is kept or left out as a whole.
//   - own question: one that the organisation adds.
//   - levels: what one can choose from in a question about one's department or the like.
//   - issue: what keeps a questionnaire from being asked. Loss: what the report cannot tell without a part. Hint: advice.
package compose
