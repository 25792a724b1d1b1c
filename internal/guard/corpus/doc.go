// Package corpus makes Belgian and Dutch texts in four languages in which it is known what is sensitive, to measure how well such things are found.
//
// It knows nothing of the guard and shares no code with it: numbers get their check digits by trying endings until the
// rule of the number holds, names and streets come from lists of its own.
//
// There are three editions. Development and Validation are for making rules better: look at what goes wrong in them as much as you like. HeldOut has other
// templates, other sorts of texts, other names, streets and places. It is for the measurement alone: what goes wrong there must not lead to a change, or it
// measures nothing any more. Names of Validation and HeldOut are random draws from lists that the guard was not made from. All
// editions were written by the same people as the guard, which flatters the figures; real texts are more varied.
//
// Nobody in these texts exists. Numbers are drawn at random and may happen to belong to somebody.
package corpus
