package secrecytest

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"tekentafel/internal/db"
	"tekentafel/internal/skills/vault"
)

// root is the folder of the repository.
var root = filepath.Join("..", "..", "..")

// sources are the files of the program, without tests.
var sources = sync.OnceValues(func() (map[string]*ast.File, error) {
	out := map[string]*ast.File{}
	for _, dir := range []string{"cmd", "internal", "content", "instruments"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := os.ReadFile(filepath.Clean(path))
			if err != nil {
				return err
			}
			f, err := parser.ParseFile(token.NewFileSet(), path, text, parser.SkipObjectResolution)
			if err == nil {
				name, _ := filepath.Rel(root, path) // both begin at the same folder
				out[filepath.ToSlash(name)] = f
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
})

// parsed is a file of code.
func parsed(t testing.TB, text string) *ast.File {
	t.Helper()
	return must(parser.ParseFile(token.NewFileSet(), "x.go", text, parser.SkipObjectResolution))(t)
}

// literals are the texts that stand in code.
func literals(n ast.Node) (out []string) {
	ast.Inspect(n, func(n ast.Node) bool {
		if l, is := n.(*ast.BasicLit); is && l.Kind == token.STRING {
			if text, err := strconv.Unquote(l.Value); err == nil {
				out = append(out, text)
			}
		}
		return true
	})
	return out
}

// purposes are all texts of the program that could say what something is sealed for, alone and with what may follow.
func purposes(t testing.TB, follows ...string) []string {
	t.Helper()
	seen := map[string]bool{}
	for _, f := range must(sources())(t) {
		for _, text := range literals(f) {
			if len(text) > 48 || strings.Contains(text, "\n") || strings.Count(text, " ") > 4 {
				continue
			}
			seen[text] = true
			for _, more := range follows {
				seen[text+more] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// values are all texts of the store that could have been used as a code: names, numbers, addresses, hashes.
func (w *world) values(t testing.TB) []string {
	t.Helper()
	seen := map[string]bool{}
	rows, _ := w.everyRow(t)
	for _, list := range rows {
		for _, row := range list {
			for _, v := range row {
				if len(v) < 80 {
					seen[v] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// openings tries to open what is kept with the key of the installation: for each purpose, and with each text as if it were the code. It says what
// opened.
func (w *world) openings(t testing.TB, purposes, codes []string) (out []string) {
	t.Helper()
	rows, _ := w.everyRow(t)
	for _, row := range rows[vaults] {
		sealed := must(base64.RawStdEncoding.DecodeString(row["sealed"]))(t)
		for _, p := range purposes {
			if _, err := w.Box.Open(p, sealed); err == nil {
				out = append(out, "for "+p)
			}
		}
	}
	for _, code := range codes {
		place, err := vault.PlaceOf(w.Box, w.city, vault.Code(code))
		if err != nil {
			t.Fatal(err)
		}
		switch _, _, err := vault.Get(t.Context(), w.DB.Of(w.city), place); {
		case err == nil:
			out = append(out, "with "+code)
		case !errors.Is(err, vault.ErrAbsent):
			t.Fatal(err)
		}
	}
	return out
}

// TestTheKeyOfTheInstallationOpensNoProfile has the operator try, with the key, every purpose that stands in the program on what is sealed, and
// every text that stands in the store or in a cookie as a code. With the code of its owner it does open.
func TestTheKeyOfTheInstallationOpensNoProfile(t *testing.T) {
	t.Parallel()
	w := first(t).fork(t, filepath.Join(t.TempDir(), "tekentafel.db"))
	w.clock.turn(apart)
	b := w.doors["victim"]
	k := w.check(t, b, highest)
	rows, _ := w.everyRow(t)
	name := rows[vaults][0]["name"]
	tries := purposes(t, string(w.city), "/"+string(w.city), " "+string(w.city), " "+string(w.city)+" "+name)
	guesses := w.values(t)
	for _, v := range guesses {
		guesses = append(guesses, hex.EncodeToString([]byte(v)))
	}
	pass := w.opensCookie(t, b, "tt_check_pass", "skills/pass")
	if pass == "" || strings.Contains(pass, w.accounts["victim"]) {
		t.Errorf("the pass is %q", pass)
	}
	guesses = append(guesses, strings.FieldsFunc(pass, func(r rune) bool { return strings.ContainsRune(`{}[]",:`, r) })...)
	if len(tries) < 10_000 || len(guesses) < 2_000 {
		t.Errorf("only %d purposes and %d guesses", len(tries), len(guesses))
	}
	if found := w.openings(t, tries, guesses); len(found) > 0 {
		t.Errorf("a profile opens %q", found)
	}

	code := must(vault.ReadCode(k.code))(t)
	if found := w.openings(t, nil, []string{string(code)}); len(found) != 1 {
		t.Error("the code of its owner does not open the profile, so that nothing opens it says nothing")
	}
	// The detector: a program that seals with its own key, and one that takes the account for the code.
	sealed := must(w.Box.Seal("skills/vault/"+string(w.city), []byte(`{"checks":[]}`)))(t)
	err := w.DB.Write(t.Context(), w.city, func(s *db.Scope) error {
		if _, err := s.Exec(t.Context(), `UPDATE skill_vaults SET sealed = $2 WHERE tenant_id = $1`, sealed); err != nil {
			return err
		}
		place, err := vault.PlaceOf(w.Box, w.city, vault.Code(w.accounts["victim"]))
		if err != nil {
			return err
		}
		return vault.Put(t.Context(), s, place, 0, []byte("{}"), w.Now())
	})
	if err != nil {
		t.Fatal(err)
	}
	if found := w.openings(t, purposes(t, string(w.city)), w.values(t)); len(found) != 2 {
		t.Errorf("profiles under the key of the installation, and under the account, are not noticed: %q", found)
	}
}

// opensCookie opens a cookie of a browser with the key of the installation.
func (w *world) opensCookie(t testing.TB, b *browser, name, purpose string) string {
	t.Helper()
	for _, c := range b.Jar.Cookies(address("/check")) {
		if strings.HasSuffix(c.Name, name) {
			plain := must(w.Box.Open(purpose, must(base64.RawURLEncoding.DecodeString(c.Value))(t)))(t)
			return string(plain)
		}
	}
	return ""
}
