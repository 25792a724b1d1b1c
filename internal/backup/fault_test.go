package backup_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tekentafel/internal/backup"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/testkit"
)

// victim names the folder in which a second process of this test works, and what it does there.
const victim = "TEKENTAFEL_TEST_BACKUP_VICTIM"

// again starts this test once more as another process, under a command if one is given.
func again(t *testing.T, dir string, command ...string) *exec.Cmd {
	t.Helper()
	args := slices.Concat(command, []string{os.Args[0], "-test.run", "^" + t.Name() + "$", "-test.v"})
	c := exec.CommandContext(t.Context(), args[0], args[1:]...)
	c.Env = append(os.Environ(), victim+"="+dir)
	return c
}

func TestBackupThatIsKilledLeavesNothingUnderItsName(t *testing.T) {
	if dir := os.Getenv(victim); dir != "" {
		d := dbtest.SQLite(t)
		fill(t, d)
		o := backup.Options{Created: noon, Progress: func(table string, _ int64) {
			if table == "files" { // pieces of it were written
				fmt.Println("half way")
				select {} // until killed
			}
		}}
		_, err := backup.ToFile(t.Context(), d, newBox(t), filepath.Join(dir, "backup"), o)
		t.Fatalf("the backup went on: %v", err)
	}
	t.Parallel()
	dir := t.TempDir()
	c := again(t, dir)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	reached := false
	for lines := bufio.NewScanner(out); !reached && lines.Scan(); {
		reached = strings.Contains(lines.Text(), "half way")
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err == nil || !reached {
		t.Fatalf("it was to be killed half way: %v", err)
	}
	if _, err := os.Lstat(filepath.Join(dir, "backup")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("its name is taken: %v", err)
	}
	// The same name is free for the next backup.
	if _, err := backup.ToFile(t.Context(), dbtest.SQLite(t), newBox(t), filepath.Join(dir, "backup"), backup.Options{Created: noon}); err != nil {
		t.Error(err)
	}
}

func TestFullDiskIsSaidAndLeavesNothing(t *testing.T) {
	if dir := os.Getenv(victim); dir != "" {
		d := dbtest.SQLite(t)
		fill(t, d)
		_, err := backup.ToFile(t.Context(), d, newBox(t), filepath.Join(dir, "backup"), backup.Options{Created: noon, Plain: true})
		if !errors.Is(err, backup.ErrNotWritten) || !strings.Contains(err.Error(), "the disk is full; make room") {
			t.Errorf("%v", err)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Errorf("left: %v %v", left, err)
		}
		// A store on a full disk takes nothing of a restore.
		box := newBox(t)
		file := filepath.Join(t.TempDir(), "backup")
		if _, err := backup.ToFile(t.Context(), d, box, file, backup.Options{Created: noon}); err != nil {
			t.Fatal(err)
		}
		full := dbtest.Bare(t, filepath.Join(dir, "t.db"))
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Close() }()
		if _, err := backup.Restore(t.Context(), full, box, f, backup.RestoreOptions{}); !errors.Is(err, db.ErrFull) {
			t.Errorf("%v", err)
		}
		if rows := dump(t, full); len(rows) > 0 {
			t.Errorf("%d rows are left", len(rows))
		}
		fmt.Println("looked at")
		return
	}
	t.Parallel()
	if os.Geteuid() != 0 || exec.CommandContext(t.Context(), "unshare", "-m", "true").Run() != nil {
		testkit.Missing(t, "a small disk can be mounted only as root, with unshare")
	}
	dir := t.TempDir()
	c := again(t, dir, "unshare", "-m", "sh", "-c", `mount -t tmpfs -o size=2m none "$`+victim+`" && exec "$0" "$@"`)
	out, err := c.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "looked at") {
		t.Errorf("%v\n%s", err, out)
	}
}
