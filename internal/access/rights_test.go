package access

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/rights.txt anew")

// variants are the ways in which a resource may stand to who asks, in the columns of the file.
func variants() (names []string, resources []Resource) {
	return []string{"plain", "own", "others", "public", "held", "other", "other-own"}, []Resource{
		{Tenant: ours},
		{Tenant: ours, Owner: "me"},
		{Tenant: ours, Owner: "other"},
		{Tenant: ours, Published: true},
		{Tenant: theirs, Federation: ours},
		{Tenant: theirs, Published: true},
		{Tenant: theirs, Owner: "me", Published: true},
	}
}

// line writes what an actor may do: a word for yes, a dot for no, in the column of the variant.
func line(who string, a Actor, action Action) string {
	names, resources := variants()
	s := fmt.Sprintf("  %-24s", who)
	for i, r := range resources {
		mark := "."
		if Can(a, action, r) {
			mark = "yes"
		}
		s += fmt.Sprintf("%-*s", len(names[i])+3, mark)
	}
	return strings.TrimRight(s, " ") + "\n"
}

// rightsAsText writes who may do what, for people to read and approve.
func rightsAsText() string {
	names, _ := variants()
	var b strings.Builder
	b.WriteString(`Who may do what. Written by "go test ./internal/access -update"; read every change before you keep it.

The columns are what it is done to:
  plain      belongs to the organisation of who asks, to nobody in particular, and was not published
  own        is of who asks            others     is of a colleague
  public     was published to all staff
  held       belongs to an organisation that the federation of who asks holds
  other      belongs to another organisation, and was published there
  other-own  as other, and names somebody with the id of who asks as its owner

"key of hr" has the action as a scope and was made by somebody from HR; "key without scope" was made by somebody with every
role and lacks the scope; "every role" is somebody with all of them.
`)
	for _, action := range Actions() {
		fmt.Fprintf(&b, "\n%-26s%s\n", action, strings.Join(names, "   "))
		b.WriteString(line("visitor", Actor{Kind: Visitor, Tenant: ours}, action))
		for _, role := range Roles() {
			b.WriteString(line(string(role), person(ours, role), action))
		}
		b.WriteString(line("every role", person(ours, Roles()...), action))
		for _, role := range Roles() {
			b.WriteString(line("key of "+string(role), keyOf(person(ours, role), action), action))
		}
		b.WriteString(line("key without scope", keyOf(person(ours, Roles()...)), action))
		b.WriteString(line("program", Actor{Kind: System, Tenant: ours}, action))
	}
	return b.String()
}

// TestRightsAreThoseThatWereApproved compares every role, action and standing with the file that people approved.
func TestRightsAreThoseThatWereApproved(t *testing.T) {
	t.Parallel()
	path := filepath.Join("testdata", "rights.txt")
	got := rightsAsText()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(string(raw), "\n")
	for i, l := range strings.Split(got, "\n") {
		if i >= len(want) || want[i] != l {
			t.Fatalf("rights changed at line %d:\n%q\nLook at the change with \"go test ./internal/access -update\" and git diff.", i+1, l)
		}
	}
	if len(want) != strings.Count(got, "\n")+1 {
		t.Fatalf("%s has lines that nobody has the right to", path)
	}
}
