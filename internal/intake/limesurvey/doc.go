// Package limesurvey takes an existing survey over from LimeSurvey: the structure (.lss) becomes a questionnaire, and an export
// of the responses becomes a file with answers and the mapping that reads it. What has no equivalent here is left out and said,
// with the code of the question and what one can do.
//
// Only columns of questions come over. What LimeSurvey notes beside them (response number, times, language, address of the
// computer, token) is never taken over, nor are texts that people typed: of an open question only that it was answered.
//
// # Words
//
//   - code: the name of a question, subquestion or answer in LimeSurvey.
//   - relevance: LimeSurvey's condition for asking a question.
//   - incomplete: a response without a moment of submission; it is left out unless asked for.
package limesurvey
