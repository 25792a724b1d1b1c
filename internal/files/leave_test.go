package files_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/files"
)

func TestWhatWasLeftIsTakenOnceAndTheStoreAfterIt(t *testing.T) {
	t.Parallel()
	d, dir := dbtest.SQLite(t), t.TempDir()
	f := add(t, d, dbtest.Ours, strings.NewReader("in the store"))
	made := filepath.Join(dir, "made")
	if err := os.WriteFile(made, []byte("left on the disk"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := files.Leave(dir, f.ID, made); err != nil {
		t.Fatal(err)
	}
	if _, _, err := files.Spool(t.Context(), d.Of(dbtest.Theirs), f.ID, dir); err == nil {
		t.Error("another organisation takes what was left")
	}
	for _, want := range []string{"left on the disk", "in the store"} {
		path, remove, err := files.Spool(t.Context(), d.Of(dbtest.Ours), f.ID, dir)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != want {
			t.Errorf("%q, %v; want %q", got, err, want)
		}
		remove()
	}
	if err := os.WriteFile(made, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := files.Leave(dir, f.ID, made); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := files.Drop(dir, f.ID); err != nil {
			t.Error(err)
		}
	}
	if found, err := os.ReadDir(dir); err != nil || len(found) > 0 {
		t.Errorf("left on disk: %v, %v", found, err)
	}
}
