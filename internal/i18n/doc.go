// Package i18n puts messages, numbers, lists and dates into the languages of the interface. It is thin: go-i18n keeps
// the messages and the plural rules, golang.org/x/text writes numbers and collates; this package adds placeholders that
// cannot fail silently and the conventions of the Belgian languages that those libraries leave open.
//
// A message file is YAML, one file a language, keys nested as a translator likes them:
//
//	use:
//	  range: "Omdat niet iedereen antwoordde, rekenen we met een marge: {range}."
//	people:
//	  one: "{n} collega"
//	  other: "{n} collega’s"
//
// {name} stands for an argument and is the only thing with a meaning in a message, so a text cannot run code.
package i18n
