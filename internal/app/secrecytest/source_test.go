package secrecytest

import (
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// statement is a text of the program that is SQL, or a part of it, and where it stands.
type statement struct{ file, text string }

var sqlWords = regexp.MustCompile(`(?i)\b(select|insert into|update|delete from|from|join|create table|create index|alter table|drop table|truncate|vacuum)\b`)

// sql are all statements of the program and of the migrations. Parts that are added to each other with + are read as one.
func sql(t testing.TB, files map[string]*ast.File) (out []statement) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		ast.Inspect(files[name], func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BinaryExpr:
				if n.Op == token.ADD {
					if text := strings.Join(literals(n), " … "); sqlWords.MatchString(text) {
						out = append(out, statement{name, text})
						return false
					}
				}
			case *ast.BasicLit:
				if text, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING && (sqlWords.MatchString(text) || strings.Contains(text, vaults)) {
					out = append(out, statement{name, text})
				}
			}
			return true
		})
	}
	migrations := must(filepath.Glob(filepath.Join(root, "internal", "db", "migrations", "*.sql")))(t)
	for _, path := range migrations {
		text := string(must(os.ReadFile(filepath.Clean(path)))(t))
		for part := range strings.SplitSeq(regexp.MustCompile(`(?m)--.*$`).ReplaceAllString(text, ""), ";") {
			if strings.TrimSpace(part) != "" {
				out = append(out, statement{"internal/db/migrations/" + filepath.Base(path), part})
			}
		}
	}
	return out
}

// mayName are the places where the table of what is a person's alone may be named: the vault, and the migration that makes its rows
// stand by their names.
func mayName(file string) bool {
	return strings.HasPrefix(file, "internal/skills/vault/") || file == "internal/db/vaults.go" || file == "internal/db/migrations/0015_skill_vaults.sql"
}

// tableNames are the words of a statement that follow those that name tables.
var tableNames = regexp.MustCompile(`(?i)\b(?:from|join|into|update|table(?: if (?:not )?exists)?|references|using|on)\s+"?([a-z_]+)"?`)

// joined says which statements bring what is a person's alone together with anything else, or touch it from elsewhere than they may.
func joined(list []statement) (out []string) {
	for _, s := range list {
		if !strings.Contains(s.text, vaults) {
			continue
		}
		if !mayName(s.file) {
			out = append(out, fmt.Sprintf("%s names the table: %q", s.file, s.text))
		}
		for _, m := range tableNames.FindAllStringSubmatch(s.text, -1) {
			switch strings.ToLower(m[1]) {
			case vaults, vaults + "_new", "organisations", "conflict", "delete":
			case "set": // of ON CONFLICT DO UPDATE
			default:
				out = append(out, fmt.Sprintf("%s brings it together with %s: %q", s.file, m[1], s.text))
			}
		}
		for _, word := range []string{"account", "person", "session", "audit", "wave", "mail", "staff", "ip", "device", "created_at", "made_at"} {
			if regexp.MustCompile(`\b` + word + `(_id|s)?\b`).MatchString(s.text) {
				out = append(out, fmt.Sprintf("%s says %s of it: %q", s.file, word, s.text))
			}
		}
	}
	return out
}

// TestNoStatementBringsAProfileTogetherWithAnything reads every statement of the program and of the migrations.
func TestNoStatementBringsAProfileTogetherWithAnything(t *testing.T) {
	t.Parallel()
	list := sql(t, must(sources())(t))
	of := 0
	for _, s := range list {
		if strings.Contains(s.text, vaults) {
			of++
		}
	}
	if len(list) < 500 || of < 10 {
		t.Errorf("only %d statements are found, %d of them of profiles", len(list), of)
	}
	for _, line := range joined(list) {
		t.Error(line)
	}
	for _, c := range []struct {
		file, text string
	}{
		{"internal/people/store/list.go", "SELECT COUNT(*) FROM skill_vaults"},
		{"internal/skills/vault/store.go", "SELECT v.name FROM skill_vaults v JOIN accounts a ON a.tenant_id = v.tenant_id"},
		{"internal/skills/vault/store.go", "INSERT INTO skill_vaults (tenant_id, name, account_id) VALUES ($1, $2, $3)"},
		{"internal/db/migrations/0099_x.sql", "CREATE TRIGGER x AFTER INSERT ON skill_vaults"},
		{"internal/db/migrations/0015_skill_vaults.sql", "ALTER TABLE skill_vaults ADD COLUMN created_at BIGINT"},
		{"internal/skills/vault/store.go", "SELECT name FROM skill_vaults, people_persons WHERE person = $1"},
	} {
		if len(joined([]statement{{c.file, c.text}})) == 0 {
			t.Errorf("%s: %q is not noticed", c.file, c.text)
		}
	}
}

// telling says what in a file writes a log, counts in a metric, records in the audit log, queues mail or a job, or writes to the disk.
func telling(name string, f *ast.File) (out []string) {
	says := map[string]bool{"log": true, "log/slog": true, "tekentafel/internal/metrics": true, "tekentafel/internal/mail": true, "tekentafel/internal/jobs": true, "tekentafel/internal/privacy": true,
		"os": true, "net": true, "net/smtp": true, "tekentafel/internal/outbound": true, "tekentafel/internal/survey": true, "tekentafel/internal/report": true, "tekentafel/internal/people": true,
		"tekentafel/internal/identity": true, "expvar": true, "runtime/trace": true}
	for _, i := range f.Imports {
		if path, err := strconv.Unquote(i.Path.Value); err == nil && says[path] {
			out = append(out, name+" imports "+path)
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		call, is := n.(*ast.CallExpr)
		if !is {
			return true
		}
		if s, is := call.Fun.(*ast.SelectorExpr); is {
			switch s.Sel.Name {
			case "Print", "Printf", "Println", "Record", "Info", "InfoContext", "Warn", "WarnContext", "Debug", "DebugContext", "Error", "ErrorContext", "Log", "LogAttrs", "Counter", "Gauge", "Observe", "Enqueue", "Post":
				if s.Sel.Name != "Error" || len(call.Args) > 0 {
					out = append(out, name+" calls "+s.Sel.Name)
				}
			}
		}
		return true
	})
	return out
}

// quiet are the packages that see what is a person's alone.
var quiet = []string{"internal/skills/vault/", "internal/skills/check/", "internal/skills/own/"}

// mayTell are calls that are not about anybody's results: links that HR opens, and what an account does. Each is looked at by name.
var mayTell = map[string]bool{
	"internal/skills/own/profile.go calls Print":      true, // the document for its owner
	"internal/skills/own/links_store.go calls Record": true, // HR opens and closes the link
	"internal/skills/own/door.go calls Post":          true, // what somebody does at work, for the pass
}

// TestWhoSeesProfilesTellsNobody reads the packages that see them: they write no log, metric, audit entry, mail or job.
func TestWhoSeesProfilesTellsNobody(t *testing.T) {
	t.Parallel()
	n := 0
	for name, f := range must(sources())(t) {
		if !slices.ContainsFunc(quiet, func(dir string) bool { return strings.HasPrefix(name, dir) }) {
			continue
		}
		n++
		for _, line := range telling(name, f) {
			if !mayTell[line] {
				t.Error(line)
			}
		}
	}
	if n < 30 {
		t.Errorf("only %d files are read", n)
	}
	for _, text := range []string{
		`package own; import "log/slog"; func x() { slog.Default() }`, `package own; func x() { p.Log.InfoContext(ctx, "level", 3) }`, `package vault; func x() { fmt.Println(code) }`,
		`package own; func x() { p.Audit.Record(ctx, s, a, e) }`, `package check; import "os"; var _ = os.WriteFile`, `package own; func x() { p.Metrics.Counter("levels", "", nil) }`,
	} {
		if len(telling("x.go", parsed(t, text))) == 0 {
			t.Errorf("%s is not noticed", text)
		}
	}
}

// TestThePackagesThatOpenProfilesAreFew holds who may import the vault: one more would have to be looked at as these are.
func TestThePackagesThatOpenProfilesAreFew(t *testing.T) {
	t.Parallel()
	opens := func(f *ast.File) (out []string) {
		ast.Inspect(f, func(n ast.Node) bool {
			if s, is := n.(*ast.SelectorExpr); is {
				if x, is := s.X.(*ast.Ident); is && x.Name == "vault" && slices.Contains([]string{"Get", "Put", "PlaceOf", "Used", "Erase"}, s.Sel.Name) {
					out = append(out, s.Sel.Name)
				}
			}
			return true
		})
		return out
	}
	found := map[string]bool{}
	for name, f := range must(sources())(t) {
		if used := opens(f); len(used) > 0 && !strings.HasPrefix(name, "internal/skills/vault/") {
			found[filepath.ToSlash(filepath.Dir(name))] = true
		}
	}
	if got := slices.Sorted(maps.Keys(found)); !slices.Equal(got, []string{"internal/skills/own"}) {
		t.Errorf("%q open what is a person's alone", got)
	}
	if len(opens(parsed(t, `package people; func x() { vault.Get(ctx, r, p) }`))) != 1 {
		t.Error("a call is not noticed")
	}
}

// TestEveryRouteOfTheCheckLeavesNoTrace reads the table of routes of the whole program.
func TestEveryRouteOfTheCheckLeavesNoTrace(t *testing.T) {
	t.Parallel()
	n := 0
	for _, r := range first(t).from.Web.Routes() {
		_, path, _ := strings.Cut(r.Pattern, " ")
		if path != "/check" && !strings.HasPrefix(path, "/check/") && !strings.HasPrefix(path, "/l/") {
			continue
		}
		n++
		if !r.Untraced || !r.Public || r.Strict || r.Action != "" || r.Any {
			t.Errorf("%s is traced or knows a person: %+v", r.Pattern, r)
		}
	}
	if n < 25 {
		t.Errorf("only %d routes", n)
	}
}
