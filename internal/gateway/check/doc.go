// Package check looks whether the backends of the settings work: each model, on each of its backends by itself, with a fixed harmless sentence. It says what it found and how
// to mend it, and shows no key.
package check
