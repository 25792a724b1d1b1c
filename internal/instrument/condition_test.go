package instrument

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
)

// conditional is an instrument with one operand of each kind, lines 6-14, and an item "last" on line 15 with a condition.
func conditional(condition string) string {
	return head + `items:
  - {id: use, kind: single, question: {nl: Q}, options: [{id: never, label: {nl: n}}, {id: weekly, label: {nl: w}}, {id: dk, label: {nl: d}, missing: dont-know}]}
  - {id: tools, kind: multiple, question: {nl: Q}, options: [{id: copilot, label: {nl: c}}, {id: other, label: {nl: o}}, {id: none, label: {nl: n}, exclusive: true}]}
  - {id: age, kind: number, question: {nl: Q}, min: 15, max: 110}
  - {id: team, kind: category, question: {nl: Q}}
  - {id: grid, kind: matrix, question: {nl: Q}, options: [{id: low, label: {nl: l}}, {id: high, label: {nl: h}}], rows: [{id: row1, text: {nl: R}}]}
  - {id: words, kind: text, question: {nl: Q}}
  - {id: page, kind: info, question: {nl: Q}}
  - {id: with-hyphen, kind: scale, question: {nl: Q}, options: [{id: low, label: {nl: l}}, {id: high, label: {nl: h}}]}
  - {id: last, kind: text, question: {nl: Q}, visible: '` + strings.ReplaceAll(condition, "'", "''") + `'}
  - {id: after, kind: single, question: {nl: Q}, options: [{id: low, label: {nl: l}}, {id: high, label: {nl: h}}]}
`
}

func TestConditionProblems(t *testing.T) {
	t.Parallel()
	for condition, want := range map[string]string{
		`use ==`:                             `the condition cannot be read: unexpected token EOF (1:6); ` + mendCondition,
		`usage == "never"`:                   `the condition refers to "usage", which does not exist; use the id of an earlier item`,
		`team_ == "never"`:                   `the condition refers to "team_", which does not exist; did you mean "team"?`,
		`use == "nevr"`:                      `the item "use" has no option "nevr"; did you mean "never"?`,
		`use == "x"`:                         `the item "use" has no option "x"; use one of: never, weekly, dk`,
		`use in ["never", "always"]`:         `the item "use" has no option "always"; use one of: never, weekly, dk`,
		`use == "dk"`:                        `the option "dk" of "use" counts as unanswered; write not answered(use)`,
		`use == ""`:                          `the empty text is no option of "use"; write not answered(use)`,
		`use == 1`:                           `"use" can only be compared with == or != and an option between quotes; write use == "option"`,
		`use < "weekly"`:                     `"use" can only be compared with == or != and an option between quotes; write use == "option"`,
		`use == team`:                        `"use" can only be compared with == or != and an option between quotes; write use == "option"`,
		`use in []`:                          `the list after in is empty; name options between quotes: use in ["daily", "weekly"]`,
		`use in [1]`:                         `the list after in holds something else than options: "1"; name options between quotes: use in ["daily", "weekly"]`,
		`use`:                                `an item alone is no condition: "use"; write answered(use) or compare it with an option`,
		`tools == "copilot"`:                 `"tools" is a multiple choice and has no single answer; write chosen(tools, "option")`,
		`tools in ["copilot"]`:               `"tools" is not one of a list of options; use in with a single choice, a scale or a row: use in ["daily", "weekly"]`,
		`chosen(tools, "copilots")`:          `the item "tools" has no option "copilots"; did you mean "copilot"?`,
		`chosen(use, "never")`:               `"use" is not a multiple choice; write use == "never"`,
		`chosen(tools)`:                      `chosen takes the id of a multiple choice and an option; write chosen(systems, "other")`,
		`chosen(tools, copilot)`:             `chosen takes an option between quotes; write chosen(systems, "other")`,
		`answered("use")`:                    `answered takes the id of one item; write answered(use)`,
		`answers(use)`:                       `there is no function "answers"; did you mean "answered"?`,
		`age == "old"`:                       `"age" is a number and cannot be compared with "\"old\""; compare it with a number, such as age >= 18`,
		`age in [18]`:                        `"age" is not one of a list of options; use in with a single choice, a scale or a row: use in ["daily", "weekly"]`,
		`grid == "low"`:                      `"grid" cannot stand in a condition; name one of its rows, such as row1`,
		`answered(words)`:                    `"words" cannot stand in a condition; open text is not kept with the answers: ask a single choice`,
		`answered(page)`:                     `"page" cannot stand in a condition; nothing is answered on a page of information: name an item that is`,
		`with-hyphen == "low"`:               `an item with a hyphen in its id cannot stand in a condition: "with-hyphen"; give the item an id without -`,
		`true`:                               `a condition cannot say this: "true"; ` + mendCondition,
		`age + 1 > 18`:                       `a condition cannot say this: "age + 1 > 18"; ` + mendCondition,
		`len(team) > 1`:                      `a condition cannot say this: "len(team) > 1"; ` + mendCondition,
		`all(tools, # == "other")`:           `a condition cannot say this: "all(tools, # == \"other\")"; ` + mendCondition,
		`team matches "(a+)+$"`:              `a condition cannot say this: "team matches \"(a+)+$\""; ` + mendCondition,
		`age in 1..1000000000`:               `a condition cannot say this: "age in 1..1000000000"; ` + mendCondition,
		`use ?? team == "a"`:                 "the condition cannot be read: Operator (==) and coalesce expressions (??) cannot be mixed. Wrap either by parentheses. (1:13); " + mendCondition,
		`let x = use; x == "never"`:          `a condition cannot say this: "let x = use; x == \"never\""; ` + mendCondition,
		`after == "low"`:                     `the condition of "last" refers to "after", which comes later; move "after" up, or refer to an earlier item`,
		`answered(last)`:                     `"last" cannot stand in a condition; open text is not kept with the answers: ask a single choice`,
		`use == "never" and use == "weekly"`: `nobody can meet the condition of "last"; check it against the conditions of the items that it names`,
		`age > 110`:                          `nobody can meet the condition of "last"; check it against the conditions of the items that it names`,
		`chosen(tools, "none") and chosen(tools, "other")`: `nobody can meet the condition of "last"; check it against the conditions of the items that it names`,
	} {
		t.Run(condition, func(t *testing.T) {
			t.Parallel()
			_, err := Parse("t", []byte(conditional(condition)))
			if want = "t:15:56: " + want; err == nil || err.Error() != want {
				t.Errorf("got  %v\nwant %s", err, want)
			}
		})
	}
}

func TestConditionIsBounded(t *testing.T) {
	t.Parallel()
	for name, condition := range map[string]string{
		"characters": strings.Repeat(" ", maxCondition) + `use == "never"`,
		"nodes":      strings.Repeat("!", 200) + `answered(use)`,
		"brackets":   strings.Repeat("(", 240) + `answered(use)` + strings.Repeat(")", 240),
	} {
		_, err := Parse("t", []byte(conditional(condition)))
		if name == "brackets" {
			continue // brackets are no nodes: whatever comes of it, it comes without a crash
		}
		if err == nil {
			t.Errorf("%s: a condition beyond the bounds was accepted", name)
		}
	}
}

func TestCircles(t *testing.T) {
	t.Parallel()
	question := func(id, visible string) string {
		return fmt.Sprintf("  - {id: %s, kind: single, question: {nl: Q}, options: %s, visible: '%s'}\n", id, yesNo, visible)
	}
	const mend = "; let each condition refer to earlier items only"
	checkProblems(t, "itself", head+"items:\n"+question("a", `a == "ja"`), `:7:122: the conditions of these items wait for each other: a -> a`+mend)
	checkProblems(t, "two", head+"items:\n"+question("a", `b == "ja"`)+question("b", `a == "ja"`), `:7:122: the conditions of these items wait for each other: a -> b -> a`+mend)
	checkProblems(t, "three", head+"items:\n"+question("x", ``)+question("a", `c == "ja" and x == "ja"`)+question("b", `a == "ja"`)+question("c", `b == "ja"`),
		`:8:122: the conditions of these items wait for each other: a -> c -> b -> a`+mend)
	checkProblems(t, "through what is hidden", head+"items:\n"+question("a", "")+question("b", `a == "ja"`)+question("c", `a == "nee" and b == "ja"`),
		`:9:122: nobody can meet the condition of "c"; check it against the conditions of the items that it names`)
}

func TestVisible(t *testing.T) {
	t.Parallel()
	never := map[string]Given{"use": {Code: FirstOption}}
	weekly := map[string]Given{"use": {Code: FirstOption + 1}}
	unsure := map[string]Given{"use": {Code: DontKnow}}
	copilot := map[string]Given{"tools.copilot": {Code: FirstOption + 1}, "tools.other": {Code: FirstOption}}
	adult := map[string]Given{"age": {Code: FirstOption, Number: 18}}
	for _, c := range []struct {
		condition string
		given     map[string]Given
		want      bool
	}{
		{`use == "never"`, never, true},
		{`use == "never"`, weekly, false},
		{`use == "never"`, nil, false},
		{`use != "never"`, nil, true},
		{`use != "never"`, unsure, true},
		{`answered(use)`, unsure, false},
		{`answered(use)`, weekly, true},
		{`"never" == use`, never, true},
		{`use in ["never", "weekly"]`, weekly, true},
		{`use not in ["never"]`, weekly, true},
		{`not (use == "never")`, never, false},
		{`use == "never" or chosen(tools, "copilot")`, copilot, true},
		{`chosen(tools, "other")`, copilot, false},
		{`"copilot" in tools`, copilot, true},
		{`answered(tools)`, copilot, true},
		{`answered(tools)`, nil, false},
		{`age >= 18`, adult, true},
		{`age > 18`, adult, false},
		{`18 <= age`, adult, true},
		{`age == 18 and age != 19`, adult, true},
		{`age < 18`, nil, false},
		{`age >= 18`, nil, false},
		{`not answered(age)`, nil, true},
		{`team == "IT"`, map[string]Given{"team": {Code: FirstOption, Level: "IT"}}, true},
		{`team == "IT"`, map[string]Given{"team": {Code: FirstOption, Level: "HR"}}, false},
		{`row1 == "high"`, map[string]Given{"row1": {Code: FirstOption + 1}}, true},
	} {
		t.Run(c.condition, func(t *testing.T) {
			t.Parallel()
			in, err := Parse("t", []byte(conditional(c.condition)))
			if err != nil {
				t.Fatal(err)
			}
			r, err := CompileRouting(in)
			if err != nil {
				t.Fatal(err)
			}
			given := func(id string) Given { return c.given[id] }
			if got := r.Visible(in.Item("last"), given); got != c.want {
				t.Errorf("visible is %v, want %v, for %v", got, c.want, c.given)
			}
			if !r.Visible(in.Item("use"), given) {
				t.Error("an item without a condition is hidden")
			}
		})
	}
}

func TestVisibleForgetsWhatIsHidden(t *testing.T) {
	t.Parallel()
	in := chain(t)
	r, err := CompileRouting(in)
	if err != nil {
		t.Fatal(err)
	}
	// b was answered before a changed: it is not asked any more, so c is not asked either.
	given := map[string]Given{"a": {Code: FirstOption + 1}, "b": {Code: FirstOption}}
	route := r.Route(func(id string) Given { return given[id] })
	if want := []bool{true, false, false, true}; fmt.Sprint(route) != fmt.Sprint(want) {
		t.Errorf("route %v, want %v", route, want)
	}
}

// chain is an instrument in which c depends on b, b on a, and d on b being unanswered.
func chain(t *testing.T) *Instrument {
	t.Helper()
	question := func(id, visible string) string {
		return fmt.Sprintf("  - {id: %s, kind: single, question: {nl: Q}, options: %s, visible: '%s'}\n", id, yesNo, visible)
	}
	in, err := Parse("t", []byte(head+"items:\n"+question("a", "")+question("b", `a == "ja"`)+question("c", `b == "ja"`)+question("d", `not answered(b)`)))
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestCompileRoutingReportsProblems(t *testing.T) {
	t.Parallel()
	in := chain(t)
	in.Items[1].Visible = "answered(z)"
	_, err := CompileRouting(in)
	if err == nil || err.Error() != `test: items[1].visible: the condition refers to "z", which does not exist; use the id of an earlier item` {
		t.Errorf("got %v", err)
	}
}

func TestMinutes(t *testing.T) {
	t.Parallel()
	in := chain(t)
	r, err := CompileRouting(in)
	if err != nil {
		t.Fatal(err)
	}
	// Each item: 3 words, a page and a choice. Asked are a and d (a is no), or a, b and c (all yes).
	one := (3*60/WordsPerMinute + SecondsPerPage + SecondsPerChoice) / 60
	got := r.Minutes(NL)
	if math.Abs(got.Shortest-2*one) > 1e-12 || math.Abs(got.Longest-3*one) > 1e-12 || !got.Exact {
		t.Errorf("%+v, want %v to %v, exact", got, 2*one, 3*one)
	}
	if route := r.RouteMinutes(NL, []bool{true, true, false, false}); math.Abs(route-2*one) > 1e-12 {
		t.Errorf("a route of two items takes %v minutes, want %v", route, 2*one)
	}
}

// hostile is an instrument whose many conditions nobody can meet, each over many answers.
func hostile() string {
	var b strings.Builder
	b.WriteString(head + "items:\n")
	const operands = 40
	for i := range operands {
		fmt.Fprintf(&b, "  - {id: a%d, kind: single, question: {nl: Q}, options_from: s}\n", i)
	}
	for i := range MaxItems - operands {
		var parts []string
		for k := range 12 {
			parts = append(parts, fmt.Sprintf(`a%d == "o"`, (i+k*(1+i/operands%7))%operands))
		}
		fmt.Fprintf(&b, "  - {id: b%d, kind: single, question: {nl: Q}, options_from: s, visible: '%s and not answered(a%d)'}\n", i, strings.Join(parts, " and "), i%operands)
	}
	b.WriteString("scales:\n  s: [{id: o, label: {nl: a}}, {id: p, label: {nl: b}}]\n")
	return b.String()
}

func TestConditionsStayCheap(t *testing.T) {
	t.Parallel()
	src := []byte(hostile())
	start := time.Now()
	in, err := Parse("t", src)
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("2000 hostile conditions took %v", took)
	} else {
		t.Logf("%v", took)
	}
	if err != nil {
		return // what could be told within the bounds is told
	}
	r, err := CompileRouting(in)
	if err != nil {
		t.Fatal(err)
	}
	if d := r.Minutes(NL); d.Exact || d.Shortest > d.Longest {
		t.Errorf("%+v, want bounds that are not exact", d)
	}
}

// TestBoundsHoldTheTruth sets the bounds of an instrument with too many routes beside routes through it.
func TestBoundsHoldTheTruth(t *testing.T) {
	t.Parallel()
	src := head + "items:\n"
	for i := range 30 {
		visible := ""
		if i > 0 {
			visible = fmt.Sprintf(`, visible: 'a0 == "ja" or a%d == "nee"'`, i-1)
		}
		src += fmt.Sprintf("  - {id: a%d, kind: single, question: {nl: Q}, options: %s%s}\n", i, yesNo, visible)
	}
	in, err := Parse("t", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	r, err := CompileRouting(in)
	if err != nil {
		t.Fatal(err)
	}
	d := r.Minutes(NL)
	if d.Exact {
		t.Error("three to the power of thirty routes were walked")
	}
	for _, code := range []int{NoAnswer, FirstOption, FirstOption + 1} {
		m := r.RouteMinutes(NL, r.Route(func(string) Given { return Given{Code: code} }))
		if m < d.Shortest-1e-9 || m > d.Longest+1e-9 {
			t.Errorf("a route takes %v minutes, outside %+v", m, d)
		}
	}
}
