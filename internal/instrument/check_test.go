package instrument

import (
	"fmt"
	"strings"
	"testing"
)

func TestItemProblems(t *testing.T) {
	t.Parallel()
	item := func(fields string) string { return head + "items:\n  - {id: a, question: {nl: A}, " + fields + "}\n" }
	many := make([]string, MaxOptions+1)
	for i := range many {
		many[i] = fmt.Sprintf("{id: o%d, label: {nl: O%d}}", i, i)
	}
	for _, c := range []struct{ name, src, want string }{
		{"unknown kind", item("kind: slider"), `:7:38: unknown kind "slider"; use one of: single, multiple, scale, matrix, number, text, info, category`},
		{"misspelt kind", item("kind: singel, options: " + yesNo), `:7:38: unknown kind "singel"; did you mean "single"?`},
		{"unknown topic", item("kind: text, topic: skill"), `:7:51: unknown topic "skill"; did you mean "skills"?`},
		{"unknown context", item("kind: text, context: home"), `:7:53: unknown context "home"; use one of: work, leisure`},
		{"options on text", item("kind: text, options: " + yesNo), `:7:53: options has no place in an item of kind text; remove the options, or choose kind single, multiple, scale or matrix`},
		{"options on category", item("kind: category, options: " + yesNo), `:7:57: options has no place in an item of kind category; remove the options, or choose kind single, multiple, scale or matrix`},
		{"rows on a scale", item("kind: scale, rows: [{id: r, text: {nl: R}}], options: " + yesNo), `:7:51: rows has no place in an item of kind scale; remove the rows, or choose kind matrix`},
		{"matrix without rows", item("kind: matrix, options: " + yesNo), `:7:5: a matrix needs rows; add rows: with an id and a text each, or choose kind scale`},
		{"column of a matrix", item("kind: matrix, column: x, rows: [{id: r, text: {nl: R}}], options: " + yesNo), `:7:54: column has no place in an item of kind matrix; a matrix has its columns with the rows, a page of information has none`},
		{"min on text", item("kind: text, min: 1"), `:7:49: min has no place in an item of kind text; remove it, or choose kind number`},
		{"min not below max", item("kind: number, min: 5, max: 5"), `:7:51: min 5 is not below max 5; make min the smaller of the two`},
		{"required information", item("kind: info, required: true"), `:7:54: required has no place in an item of kind info; remove it: nothing is answered here`},
		{"group of a number", item("kind: number, group: true"), `:7:53: group has no place in an item of kind number; only a single choice, a scale or a category can split the report into groups (make bands of a number)`},
		{"sensitive group", item("kind: single, group: true, sensitive: true, options: " + yesNo), `:7:53: a sensitive item cannot split the report into groups; remove group or sensitive`},
		{"no options", item("kind: single"), `:7:5: the item has 0 options that say something; give at least 2 beside "don't know" and "not applicable"`},
		{"one option beside don't know", item("kind: single, options: [{id: a, label: {nl: a}}, {id: b, label: {nl: b}, missing: dont-know}]"), `:7:55: the item has 1 options that say something; give at least 2 beside "don't know" and "not applicable"`},
		{"too many options", item("kind: single, options: [" + strings.Join(many, ", ") + "]"), `:7:55: 251 options are too many; keep at most 250, or use kind category: its options are found in the data`},
		{"option id", item("kind: single, options: [{id: a b, label: {nl: a}}, {id: b, label: {nl: b}}]"), `:7:61: the id "a b" is not allowed; use only a-z, A-Z, 0-9, - and _`},
		{"option without id", item("kind: single, options: [{label: {nl: a}}, {id: b, label: {nl: b}}]"), `:7:56: the option has no id; add id: with a short name of letters, digits, - and _`},
		{"option id twice", item("kind: single, options: [{id: b, label: {nl: a}}, {id: b, label: {nl: b}}]"), `:7:86: two options have the id "b"; give one of options 1 and 2 another id`},
		{"label twice", item("kind: single, options: [{id: a, label: {nl: Ja}}, {id: b, label: {nl: ja}}]"), `:7:97: options 1 and 2 have the same label in "nl"; make them differ, so that people can tell them apart`},
		{"spelling twice", item("kind: single, options: [{id: a, label: {nl: x}, values: [q]}, {id: b, label: {nl: y}, values: [q]}]"), `:7:127: options 1 and 2 share the spelling "q"; keep it with one of them`},
		{"spelling is an id", item("kind: single, options: [{id: a, label: {nl: x}, values: [b]}, {id: b, label: {nl: y}}]"), `:7:89: the spelling "b" is the id of option 2; remove it, or rename that option`},
		{"exclusive in a single choice", item("kind: single, options: [{id: a, label: {nl: x}}, {id: b, label: {nl: y}, exclusive: true}]"), `:7:116: exclusive has no place in an item of kind single; remove it: people choose one option here anyway`},
		{"column of a single choice's option", item("kind: single, options: [{id: a, label: {nl: x}}, {id: b, label: {nl: y}, column: z}]"), `:7:113: an option of an item of kind single has no column of its own; give the item a column, or use values for how the option is spelt in data files`},
		{"unknown missing", item("kind: single, options: [{id: a, label: {nl: x}}, {id: b, label: {nl: y}}, {id: c, label: {nl: z}, missing: dontknow}]"), `:7:139: unknown kind of missing answer "dontknow"; did you mean "dont-know"?`},
		{"missing with a value", item("kind: scale, options: [{id: a, label: {nl: x}}, {id: b, label: {nl: y}}, {id: c, label: {nl: z}, missing: dont-know, value: 3}]"), `:7:156: an answer outside the scale has no value; remove value, or remove missing`},
		{"values for some", item("kind: scale, options: [{id: a, label: {nl: x}, value: 1}, {id: b, label: {nl: y}}]"), `:7:54: 1 of 2 options have a value; give each option a value, or none`},
		{"values that fall", item("kind: scale, options: [{id: a, label: {nl: x}, value: 2}, {id: b, label: {nl: y}, value: 1}]"), `:7:54: the value 1 of option "b" does not exceed that of the option before it; put the options of a scale in order of rising value`},
		{"values in a multiple choice", item("kind: multiple, options: [{id: a, label: {nl: x}, value: 1}, {id: b, label: {nl: y}, value: 2}]"), `:7:57: the options of a multiple choice have no value; remove value`},
		{"unknown scale", item("kind: scale, options_from: fiv") + "scales:\n  five: " + yesNo + "\n", `:7:59: there is no scale "fiv"; did you mean "five"?
:9:9: no item uses the scale "five"; name it with options_from, or remove it`},
		{"options and scale", item("kind: scale, options_from: five, options: "+yesNo) + "scales:\n  five: " + yesNo + "\n", `:7:59: the item has both options and options_from; keep one of the two`},
		{"exclusive from a scale", item("kind: single, options_from: s") + "scales:\n  s: [{id: a, label: {nl: x}}, {id: b, label: {nl: y}, exclusive: true}]\n", `:7:60: exclusive has no place in an item of kind single; remove it: people choose one option here anyway`},
		{"column twice", head + use + "  - {id: b, kind: text, question: {nl: B}, column: s1}\n", `:9:52: the column "s1" belongs to item "s1" too; give each its own column`},
		{"ignored column that is used", "ignore_columns: [s1, \"\"]\n" + strings.TrimSpace(head+use), `:1:18: the column "s1" belongs to item "s1" too; give each its own column
:1:22: an ignored column has no heading; write the heading as it stands in the data file`},
	} {
		checkProblems(t, c.name, c.src, c.want)
	}
}

func TestTooMuch(t *testing.T) {
	t.Parallel()
	var items, multiples strings.Builder
	for i := range MaxItems + 1 {
		fmt.Fprintf(&items, "  - {id: i%d, kind: text, question: {nl: I}}\n", i)
	}
	options := make([]string, MaxOptions)
	for i := range options {
		options[i] = fmt.Sprintf("{id: o%d, label: {nl: O%d}}", i, i)
	}
	for i := range 21 {
		fmt.Fprintf(&multiples, "  - {id: i%d, kind: multiple, question: {nl: I}, options_from: o}\n", i)
	}
	var matrices strings.Builder
	for i := range 201 {
		fmt.Fprintf(&matrices, "  - {id: i%d, kind: single, question: {nl: I}, options_from: o}\n", i)
	}
	scale := "scales:\n  o: [" + strings.Join(options, ", ") + "]\n"
	checkProblems(t, "items", head+"items:\n"+items.String(), `:7:3: the instrument has 2001 items; keep at most 2000`)
	checkProblems(t, "variables", head+"items:\n"+multiples.String()+scale, `:7:3: the instrument has 5250 variables (items, rows and options of multiple choices); keep at most 5000`)
	checkProblems(t, "options", head+"items:\n"+matrices.String()+scale, `:7:3: the items have 50250 options together; keep at most 50000`)
	checkProblems(t, "list", head+"ignore_columns: ["+strings.Repeat("a,", maxList)+"a]\n"+use, `:6:17: the list has 5001 elements; keep at most 5000`)
}

func TestFigureProblems(t *testing.T) {
	t.Parallel()
	const label = "label: {nl: L}"
	const sound = "indicators:\n  - {id: uses, label: {nl: L}, claim: {nl: gebruikt}, item: use, options: [ja]}\n"
	benchmark := func(fields string) string {
		return head + use + sound + "benchmarks:\n  - {id: b, name: {nl: N}, " + fields + "}\n"
	}
	const rest = ", caveat: {nl: C}, source: S, n: 9, share: 0.5"
	for _, c := range []struct{ name, src, want string }{
		{"construct with an unknown item", head + use + "constructs:\n  - {id: c, " + label + ", items: [S1]}\n", `:10:37: there is no scale item or matrix row "S1"; did you mean "s1"?`},
		{"construct with a single choice", head + use + "constructs:\n  - {id: c, " + label + ", items: [use]}\n", `:10:37: there is no scale item or matrix row "use"; use one of: s1`},
		{"construct without items", head + use + "constructs:\n  - {id: c, " + label + "}\n", `:10:5: the construct has 0 items; name 1 to 100 scale items or matrix rows
:10:5: min_answered is 0 for 0 items; write a whole number from 1 to 1`},
		{"construct with an item twice", head + use + "constructs:\n  - {id: c, " + label + ", items: [s1, s1]}\n", `:10:41: the item "s1" stands here twice; keep it once`},
		{"construct on two scales", head + use + "  - {id: s2, kind: scale, question: {nl: S}, options: [{id: a, label: {nl: a}}, {id: b, label: {nl: b}}, {id: c, label: {nl: c}}]}\nconstructs:\n  - {id: c, " + label + ", items: [s1, s2]}\n",
			`:11:41: the item "s2" has another scale than "s1"; use items with the same values, or split the construct`},
		{"construct on a scale too fine", head + use + "  - {id: s2, kind: scale, question: {nl: S}, options: [{id: a, label: {nl: a}, value: 0}, {id: b, label: {nl: b}, value: 0.12345}]}\nconstructs:\n  - {id: c, " + label + ", items: [s2]}\n",
			`:11:36: the values of the scale are too fine to take a mean of; use simple values such as 1, 2, 3, 4, 5`},
		{"reverse outside items", head + use + "constructs:\n  - {id: c, " + label + ", items: [s1], reverse: [s2]}\n", `:10:52: there is no item in this construct called "s2"; use one of: s1`},
		{"min_answered", head + use + "constructs:\n  - {id: c, " + label + ", items: [s1], min_answered: 2}\n", `:10:56: min_answered is 2 for 1 items; write a whole number from 1 to 1`},
		{"construct with the id of an item", head + use + "constructs:\n  - {id: use, " + label + ", items: [s1]}\n", `:10:10: the id "use" is already that of item on line 7; give it another id: items, rows, constructs and indicators share one list of ids`},
		{"indicator with an unknown item", head + use + strings.Replace(sound, "item: use", "item: usage", 1), `:10:61: there is no single choice, scale or matrix row "usage"; use one of: use, s1`},
		{"indicator with an unknown option", head + use + strings.Replace(sound, "[ja]", "[jaa]", 1), `:10:76: there is no option of "use" called "jaa"; use one of: ja, nee`},
		{"indicator without options", head + use + strings.Replace(sound, "[ja]", "[]", 1), `:10:75: the indicator counts no option; list the options that count as yes`},
		{"indicator of everything", head + use + strings.Replace(sound, "[ja]", "[ja, nee]", 1), `:10:75: the indicator counts every option; leave out those that count as no`},
		{"indicator without item", head + use + strings.Replace(sound, "item: use, ", "", 1), `:10:5: the indicator names no item; add item: with the id of a single choice, scale or matrix row`},
		{"indicator without claim", head + use + strings.Replace(sound, "claim: {nl: gebruikt}, ", "", 1), `:10:5: the text claim is missing; add it in nl`},
		{"benchmark of nothing", benchmark("target: user" + rest), `:12:36: there is no indicator or ITEM.OPTION "user"; did you mean "uses"?`},
		{"benchmark share", benchmark("target: uses, caveat: {nl: C}, source: S, n: 9, share: 53.1"), `:12:83: the share 53.1 is not between 0 and 1; write a proportion: 53.1 % is 0.531`},
		{"benchmark n", benchmark("target: use.ja, caveat: {nl: C}, source: S, n: 0, share: 1"), `:12:75: the number of respondents n is 0; write how many people the published study asked`},
		{"benchmark without source and caveat", benchmark("target: uses, n: 9, share: 1"), `:12:5: the benchmark has no source; add source: with author, year and title
:12:5: the text caveat is missing; add it in nl`},
		{"benchmark address", benchmark("target: uses, url: \"javascript:alert(1)\"" + rest), `:12:47: the address "javascript:alert(1)" is not a web address; write it in full, starting with https://`},
		{"benchmark year", benchmark("target: uses, year: 24" + rest), `:12:48: the year 24 is not credible; write four digits`},
		{"model of an unknown construct", head + use + "models:\n  - {id: m, outcome: will, predictors: [c, c]}\n", `:10:22: there is no construct "will"; name one that exists
:10:41: there is no construct "c"; name one that exists
:10:44: there is no construct "c"; name one that exists`},
		{"model that explains itself", head + use + "constructs:\n  - {id: will, " + label + ", items: [s1]}\nmodels:\n  - {id: m, outcome: will, predictors: [will]}\n", `:12:41: the construct "will" stands in this model twice; keep it once: as the outcome or as a predictor`},
		{"model without predictors", head + use + "constructs:\n  - {id: will, " + label + ", items: [s1]}\nmodels:\n  - {id: m, outcome: will}\n", `:12:5: the model has no predictors; list the constructs that may explain the outcome`},
	} {
		checkProblems(t, c.name, c.src, c.want)
	}
}

func TestProblemsAreBounded(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&b, "key%d: 1\n", i)
	}
	_, err := Parse("t", []byte(b.String()))
	if err == nil || !strings.HasSuffix(err.Error(), "and 1005 more problems") {
		t.Errorf("the error ends in %q", err.Error()[len(err.Error())-40:])
	}
}

// TestHostileFiles feeds what should cost little: the time is for people to see, the test is that each is refused.
func TestHostileFiles(t *testing.T) {
	t.Parallel()
	const size = MaxBytes / 16
	fill := func(s string) string { return strings.Repeat(s, size/len(s)) }
	bomb := "a: &a [x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c < 'z'; c++ {
		bomb += fmt.Sprintf("%c: &%c [*%c, *%c, *%c, *%c, *%c, *%c, *%c, *%c, *%c]\n", c, c, c-1, c-1, c-1, c-1, c-1, c-1, c-1, c-1, c-1)
	}
	for name, src := range map[string]string{
		"brackets": fill("["), "braces": fill("{a: "), "dashes": fill("- "), "elements": "items:\n" + fill("- {}\n"), "keys": fill("a: b\n"),
		"long key": fill("k") + ": 1\n", "long text": "id: " + fill("k") + "\n", "bomb": bomb, "languages": "languages: [" + fill("x,") + "]\n",
		"constructs": head + use + "constructs:\n  - {id: c, label: {nl: L}, items: [" + fill("s1,") + "]}\n", "zeros": fill("\x00"), "quote": `"` + fill("a"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in, err := Parse("t", []byte(src))
			if err == nil || in != nil {
				t.Fatal("it was accepted")
			}
			if n := len(err.Error()); n > 1<<20 {
				t.Errorf("the error has %d bytes", n)
			}
		})
	}
}
