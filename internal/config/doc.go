// Package config says what the program can be told and checks it: each setting is a flag, an environment variable and a key
// of the settings file, under one name, described once in the tags of Settings. docs/settings.md is written from them.
//
// A flag comes before an environment variable, that before the file, and that before the default. Settings are checked as a
// whole: the one who starts the program sees every problem at once, with where the value came from and how to mend it.
//
// # Words
//
//   - setting: one value, "mail-host", also TEKENTAFEL_MAIL_HOST and --mail-host.
//   - place: where the installation keeps its rows and its key.
//   - key: 32 bytes that seal what must be read again; never in the database.
package config
