package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"tekentafel/internal/testkit/pgtest"
)

func TestTheCommandFindsAServerThatEndsWithIt(t *testing.T) {
	pgtest.New(t) // to be Missing where there is none
	t.Setenv(pgtest.Variable, "")
	file := filepath.Join(t.TempDir(), "address")
	code, err := run(t.Context(), []string{"sh", "-c", `echo "$TEST_DATABASE_URL" >"$0"; exit 3`, file})
	if code != 3 || err != nil {
		t.Errorf("exit code %d, %v; the command gave 3", code, err)
	}
	address, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(address), "postgres://") {
		t.Errorf("the command found the address %q", address)
	}
	if _, err := pgx.Connect(t.Context(), strings.TrimSpace(string(address))); err == nil {
		t.Error("the server answers after the command")
	}
}

func TestAServerThatIsNamedIsUsed(t *testing.T) {
	t.Setenv(pgtest.Variable, "postgres://elsewhere/")
	code, err := run(t.Context(), []string{"sh", "-c", `test "$TEST_DATABASE_URL" = postgres://elsewhere/`})
	if code != 0 || err != nil {
		t.Errorf("exit code %d, %v", code, err)
	}
}

func TestACommandThatIsNotThereIsAnError(t *testing.T) {
	t.Setenv(pgtest.Variable, "postgres://elsewhere/")
	for _, command := range [][]string{nil, {"/no/such/command"}} {
		if code, err := run(t.Context(), command); code == 0 || err == nil {
			t.Errorf("%q: exit code %d, %v", command, code, err)
		}
	}
}
