// Package mapping says what each column of a personnel file is. It proposes that from headings in four languages, from what the
// cells look like and from what the organisation knows, each time with its reason; keeps what a person decided under the
// headings, so that it serves the next file of the same source even when columns moved; and refuses what cannot work.
//
// # Words
//
//   - field: what a column means, such as the staff number or the name of the unit.
//   - content: whether a file is about people, about units alone or about functions alone.
//   - key: what a source recognises people by.
//   - values: how the cells of a source are written, such as the order of day and month.
package mapping
