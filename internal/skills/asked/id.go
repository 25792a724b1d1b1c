package asked

import "strings"

// Module is the id of the part of the monitor that holds the situations.
const Module = "test"

// The parts of the id of a situation.
const (
	prefix    = "test_"
	office    = "_office"
	field     = "_field"
	bestOf    = "best_" // before the id of an indicator
	optionOne = 'o'     // before the place of an option, from 1
)

// ID names the question that asks an item of the bank, such as test_com_steer_03_office.
func ID(item string, inField bool) string {
	version := office
	if inField {
		version = field
	}
	return prefix + strings.ReplaceAll(item, "-", "_") + version
}

// ParseID returns the item of the bank and the version that a question asks; false for any other question.
func ParseID(id string) (item string, inField, ok bool) {
	rest, ok := strings.CutPrefix(id, prefix)
	if !ok {
		return "", false, false
	}
	item, inField = strings.CutSuffix(rest, field)
	if !inField {
		item, ok = strings.CutSuffix(rest, office)
	}
	return strings.ReplaceAll(item, "_", "-"), inField, ok && item != ""
}
