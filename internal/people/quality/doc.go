// Package quality says how good the data of an organisation and its people are, and for which conclusion. It reads and writes
// nothing, and says kinds and numbers, no sentences.
//
// Words: a check counts one kind of fault. A conclusion is something that the organisation wants to say of its people; it needs
// fields of each person, and mostly groups of people of at least k. A person is usable for a conclusion when all fields that it
// needs can be relied on, and shown when the group that the person falls in has at least k usable people. The score is the
// share of staff in service that is shown. A mend is one thing that somebody can do; its gain is the difference that it makes to the score, found
// by doing it to a copy and counting again.
//
// Staff in service are the people that are not marked as gone and whose first day has come. A person counts once, in the first
// post that stands on the day (the main one when it does), as one head and as full-time equivalents of all posts that stand.
package quality
