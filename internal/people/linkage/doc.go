// Package linkage proposes which titles of functions are one function spelt in several ways, and which people stand in the
// data twice. It proposes with a probability and an explanation; a person decides. It is pure: it reads and writes nothing.
//
// The words: a pair is compared field by field; each field ends at a level (same, close, different ... or missing). The model of
// Fellegi and Sunter (1969, "A theory for record linkage", JASA 64) says how much a level weighs: m is how often it occurs
// among pairs that are one thing, u among pairs that are two, and log2(m/u) is its weight in bits. A missing value weighs nothing
// (missing at random, as in Enamorado, Fifield and Imai 2019, APSR 113, fastLink).
//
// m, u and the share of matches come from the data by expectation maximisation (Winkler 1988, "Using the EM algorithm for weight
// computation in the Fellegi-Sunter model"): over all pairs, of which the candidates that blocking brings are counted one by one and all others
// by a random sample, so that u is in effect what random pairs give (Winkler 2000), without the matches among them. Fields
// are taken as independent given the truth, except where that is known to be false for pairs that are two things: there u depends on a class
// of the other fields (as a mail address depends on the names). Designed values stand behind m and u as pseudo-counts, and alone where the data cannot say; the
// Model says so. Agreement on a rare value counts for more: its u is its own frequency (Winkler 1988, 2000; splink calls
// it term frequency adjustment).
//
// Strings are compared with edit distance and Jaro-Winkler (Winkler 1990); the whole follows Christen (2012, "Data
// Matching"). What blocking misses is estimated from how many passes find each match (Chao 1987, Biometrics 43).
package linkage
