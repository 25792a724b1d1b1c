// Package mock is a server on this machine that answers as OpenAI and Anthropic do, for tests and measurements: chat completions, responses,
// embeddings, models and messages, streamed and not, with tools. It makes the faults that a gateway must bear, and counts what it sees.
//
// How it behaves is said by a Behaviour: one of the script for the next requests, else what the name of the model asks after a
// semicolon, as in "mock;first=200ms;cut=3", else the default of the server. It has no knowledge and calls nobody.
package mock
