// Package yamlfile reads content that people write in YAML, strictly, and says what is wrong with it in their words: where, what, and how
// to mend it, everything at once. It knows no content: what a value must be beyond its type its reader checks, and reports at the place
// where the value stood.
package yamlfile
