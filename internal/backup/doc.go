// Package backup writes the whole store to one file while the program runs, and puts it back.
//
// The file belongs to no engine: it holds the rows of every table that the migrations made, with their exact types, as
// they were at one moment. So a backup of SQLite can be restored into PostgreSQL and the other way round. What is sealed in
// the store stays sealed, so a store that is restored needs the key of the installation; the file itself is encrypted with
// a key made from it, unless that is switched off. A file that is not whole, or of which one bit was changed, is refused
// before anything is written.
//
// # The file
//
// One line that says what it is; one line of JSON: cipher, salt, fingerprint of the key; then frames of 64 KiB with a tag
// of 16 bytes, sealed each with its number and whether it is the last (Hoang, Reyhanitabar, Rogaway and Vizár 2015, the
// STREAM construction). Inside them, compressed with gzip, come records: the manifest, each table with its rows and their
// number and SHA-256, and the manifest again, complete.
//
// # Words
//
//   - frame: the part of the file that is sealed at once; memory holds one at a time.
//   - record: a manifest, the beginning or end of a table, or a row.
//   - manifest: what is in the backup, when and by which program it was made.
package backup
