// Package evidence is one export with what an auditor of article 4 of the AI Act asks for: for whom the organisation takes measures, how it
// measured where it stands, which risks and goals it chose, what it did with whom and with what, how many people tried AI and what was set so
// that they could do it safely, whether figures moved, and when somebody looks again.
//
// It makes up nothing: what is not there is listed as missing, with where to mend it. It holds no score of a person and no answer, names
// nobody who answered, and no number of fewer people than the smallest group of the organisation. Who answers for an action is named by
// role, or by name where no role was given.
package evidence
