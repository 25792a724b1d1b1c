// Package record reads one respondent's answers to a wave, checks them against the questionnaire, packs them into bytes
// whose length says nothing, and turns many of them into the columns of an analysis. It does no input or output.
//
// # Layout of a record (version 1)
//
//	1 byte        the version
//	8 bytes       what it answers to: the start of the SHA-256 of the variables with their answers
//	1 byte each   the code of every variable, in the order of instrument.Variables
//	8 bytes each  the value of every number, IEEE 754, little end first; zero where there is none
//	32 bytes      the link, in a wave whose answers can be linked; zeros where there is none
//	then          only when an open question was answered: for each such text two bytes of length and the text, filled up
//	              with zeros to a multiple of 1 KiB
//
// So all records of a wave without open text have one length, and open text adds steps of 1 KiB.
package record
