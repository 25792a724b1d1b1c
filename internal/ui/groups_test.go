package ui

import "testing"

func TestOptionsOfAListStandBelowTheirHeadings(t *testing.T) {
	t.Parallel()
	root := rendered(t, Select(nil, Choice{Field: Field{Name: "field", Label: "Field"}, Chosen: []string{"b"}, Options: []Option{
		{Value: "", Label: "None"}, {Value: "a", Label: "A", Group: "One"}, {Value: "b", Label: "B", Group: "One"}, {Value: "c", Label: "C", Group: "Two"}}}))
	groups := all(root, "optgroup")
	if len(groups) != 2 || attr(groups[0], "label") != "One" || len(all(groups[0], "option")) != 2 || attr(groups[1], "label") != "Two" || len(all(groups[1], "option")) != 1 {
		t.Fatalf("%d groups", len(groups))
	}
	options := all(root, "option")
	if len(options) != 4 || options[0].Parent.Data != "select" || !has(options[2], "selected") || has(options[1], "selected") {
		t.Errorf("%d options", len(options))
	}
}
