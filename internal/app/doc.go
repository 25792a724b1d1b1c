// Package app builds the server from its features, starts and stops it. It is the only place that knows them all: what one
// feature needs of another it states as a small interface, and this package connects them.
package app
