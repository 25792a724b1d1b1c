package faulttest

import (
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"
)

// order carries out a statement at the address of a PostgreSQL database.
func order(t *testing.T, address, statement string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	_, err = conn.Exec(t.Context(), statement)
	if err := errors.Join(err, conn.Close(t.Context())); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}
