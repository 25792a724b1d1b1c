// Package closing is what becomes of a wave once nobody can answer any more: the sealed answers are opened all at once, shuffled
// and handed over as columns to the feature of reports; what people wrote in their own words is set loose from the rest; the list
// of ballots is written by which anyone checks the wave; and all that could link an answer to a person is destroyed.
//
// # How
//
// The job of the lifecycle (wave.CloseJob) calls Close. Files are put in the store first, where nothing refers to them; one
// transaction then makes them the answers of a report, destroys the keys and notes it. Before it everything is as it was and the
// work can start anew; after it no answer can be opened again, whoever has a copy of the database.
//
// A second job, the sweep, then writes the list of ballots and deletes in short transactions what no key opens any more: the
// sealed answers, drafts, and the names, addresses and PINs of the frame. It can be stopped anywhere and goes on where it was.
//
// # What is kept
//
// The frame keeps groups, strata and who took part, for the response by group; names and addresses go, and PINs cannot be made
// any more because the secret of the wave goes. On SQLite deleted rows are overwritten (secure_delete) and the write-ahead log holds
// sealed rows until its next checkpoint; on PostgreSQL they lie in dead rows until a vacuum, and in old segments of the log. In
// either place they are sealed under a key that is gone, but for copies of the database made while the wave was open: a backup from
// then holds the sealed key, which opens with the key of the installation. Backups must therefore age out.
//
// # Words
//
//   - hand over: give answers, questionnaire and margins to the feature of reports.
//   - margin: how many people of the frame have each value of a variable that the questionnaire also asks.
//   - sweep: delete what is sealed under a key that is gone, and the names of the frame.
//   - text: one open answer. It stands beside no other answer, and not even beside another text of the same person.
package closing
