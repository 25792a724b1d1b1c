package secrecytest

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"tekentafel/internal/skills/check"
)

// outcome is how well somebody does the check: as well as it can be done, or as badly.
type outcome int

const (
	lowest outcome = iota
	highest
)

func (o outcome) String() string { return [...]string{"lowest", "highest"}[o] }

// kept is what the victim has of the check: nobody else may get any of it.
type kept struct {
	code    string // as it is shown
	json    string // the profile for its owner
	profile string // the page
	answers string // the page of questions and answers
	items   []string
}

var (
	inputs  = regexp.MustCompile(`<input[^>]*name="(\w+)"[^>]*value="([^"]*)"`)
	ownCode = regexp.MustCompile(`<code[^>]*id="own-code"[^>]*>([^<]*)</code>`)
)

// field returns what stands in a hidden field.
func field(t testing.TB, body, name string) string {
	t.Helper()
	for _, m := range inputs.FindAllStringSubmatch(body, -1) {
		if m[1] == name {
			return m[2]
		}
	}
	t.Fatalf("no field %s in %.1500s", name, body)
	return ""
}

// start makes the browser begin a check of its own account.
func (w *world) begin(t testing.TB, b *browser, plan string) {
	t.Helper()
	if a := b.get(t, "/learn"); a.status != http.StatusOK {
		t.Fatalf("the door answers %d", a.status)
	}
	b.follow(t, "/learn/start", "/check", "to", "check")
	page := b.get(t, "/check")
	function := "none"
	for _, m := range inputs.FindAllStringSubmatch(page.body, -1) {
		if m[1] == "function" && m[2] != "none" && m[2] != "other" && m[2] != "" {
			function = m[2]
			break
		}
	}
	b.follow(t, "/check", "/check/", "plan", plan, "work", "office", "function", function)
}

// answer does a check that was begun, as well or as badly as it can be done.
func (w *world) answer(t testing.TB, b *browser, how outcome) (items []string) {
	t.Helper()
	m := w.Skills.Material()
	value := map[outcome]string{lowest: "1", highest: "5"}[how]
	for _, skill := range m.Skills() {
		pairs := []string{"go", "next"}
		for _, i := range m.StatementsOf(skill) {
			pairs = append(pairs, m.Statements[i].ID, value)
		}
		b.follow(t, "/check/statements/"+skill, "/check/", pairs...)
	}
	for range 40 {
		at := b.get(t, "/check/question").to()
		if !strings.HasPrefix(at, "/check/question/") {
			break
		}
		page := b.get(t, at)
		item := field(t, page.body, "item")
		items = append(items, item)
		version := m.Item(item).In(false)
		option := 0
		for i, o := range version.Options {
			if better := o.Credit > version.Options[option].Credit; how == highest && better || how == lowest && o.Credit < version.Options[option].Credit {
				option = i
			}
		}
		b.follow(t, at, "/check/question", "go", "next", "item", item, "option", fmt.Sprint(option))
	}
	return items
}

// check has somebody who is signed in do the check, look at it, keep it and take it along.
func (w *world) check(t testing.TB, b *browser, how outcome) kept {
	t.Helper()
	w.begin(t, b, string(check.All))
	k := kept{items: w.answer(t, b, how)}
	if len(k.items) < 5 {
		t.Fatalf("the test asked %d questions", len(k.items))
	}
	for _, path := range []string{"/check/result", "/check/answers"} {
		if a := b.get(t, path); a.status != http.StatusOK {
			t.Fatalf("%s answers %d", path, a.status)
		}
	}
	k.keep(t, b)
	return k
}

// keep keeps the check under way and reads what the person then has.
func (k *kept) keep(t testing.TB, b *browser) {
	t.Helper()
	k.answers = b.get(t, "/check/answers").body
	at := b.follow(t, "/check/keep", "/check/code")
	found := ownCode.FindStringSubmatch(b.get(t, at).body)
	if found == nil {
		t.Fatal("no code is shown")
	}
	k.code = strings.TrimSpace(found[1])
	b.follow(t, "/check/code", "/check/profile")
	k.profile, k.json = b.get(t, "/check/profile").body, b.get(t, "/check/profile.json").body
	if !strings.Contains(k.json, `"checks"`) || !strings.Contains(k.json, k.items[0]) {
		t.Fatalf("the profile is not what was answered: %.800s", k.json)
	}
}
