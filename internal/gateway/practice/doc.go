// Package practice is a stand-in for a model where none is configured: rules, no AI. It knows nothing, calls nobody and runs inside this program, and says so
// in the first line of each conversation, in the language of the question (Dutch, French, German or English).
package practice
