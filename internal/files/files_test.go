package files_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/files"
	"tekentafel/internal/tenant"
)

const piece = 256 << 10

func now() time.Time { return time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC) }

func content(size int) []byte {
	b := make([]byte, size)
	for r, i := rand.New(rand.NewPCG(1, uint64(size))), 0; i < size; i++ {
		b[i] = byte(r.UintN(256))
	}
	return b
}

func add(t *testing.T, d *db.DB, o tenant.ID, r io.ReadSeeker) files.File {
	t.Helper()
	var f files.File
	err := d.Write(t.Context(), o, func(s *db.Scope) (err error) {
		f, err = files.Add(t.Context(), s, now, "answers.csv", "text/csv", r)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func pieces(t *testing.T, d *db.DB, fileID string) (n int) {
	t.Helper()
	if err := d.System().Row(t.Context(), `SELECT COUNT(*) FROM file_pieces WHERE file_id = $1`, []any{fileID}, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestFilesComeBackAsTheyWereKept(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for size, rows := range map[int]int{0: 0, 1: 1, piece - 1: 1, piece: 1, piece + 1: 2, 2 * piece: 2, 3*piece + 12345: 4} {
			want := content(size)
			f := add(t, d, dbtest.Ours, bytes.NewReader(want))
			sum := sha256.Sum256(want)
			if f.Size != int64(size) || f.SHA256 != hex.EncodeToString(sum[:]) || !f.Created.Equal(now()) {
				t.Errorf("%d bytes: %+v", size, f)
			}
			if got, err := files.Get(t.Context(), d.Of(dbtest.Ours), f.ID); err != nil || got != f {
				t.Errorf("%d bytes: described as %+v, %v; want %+v", size, got, err, f)
			}
			var out bytes.Buffer
			if err := files.Copy(t.Context(), d.Of(dbtest.Ours), f.ID, &out); err != nil || !bytes.Equal(out.Bytes(), want) {
				t.Errorf("%d bytes: came back as %d bytes, %v", size, out.Len(), err)
			}
			if got := pieces(t, d, f.ID); got != rows {
				t.Errorf("%d bytes stand in %d pieces, want %d", size, got, rows)
			}
		}
	})
}

func TestDamageInTheStoreIsToldNotPassedOn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for name, damage := range map[string]string{
			"a piece changed":     `UPDATE file_pieces SET bytes = $3 WHERE tenant_id = $1 AND file_id = $2 AND seq = 1`,
			"the last piece gone": `DELETE FROM file_pieces WHERE tenant_id = $1 AND file_id = $2 AND seq = 2 AND $3 <> ''`,
			"a middle piece gone": `DELETE FROM file_pieces WHERE tenant_id = $1 AND file_id = $2 AND seq = 1 AND $3 <> ''`,
			"a piece more":        `INSERT INTO file_pieces (tenant_id, file_id, seq, bytes) VALUES ($1, $2, 3, $3)`,
		} {
			f := add(t, d, dbtest.Ours, bytes.NewReader(content(2*piece+10)))
			err := d.Write(t.Context(), dbtest.Ours, func(s *db.Scope) error {
				n, err := s.Exec(t.Context(), damage, f.ID, []byte("damaged"))
				if err == nil && n != 1 {
					return errors.New("nothing was damaged")
				}
				return err
			})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			err = files.Copy(t.Context(), d.Of(dbtest.Ours), f.ID, io.Discard)
			if err == nil || !strings.Contains(err.Error(), f.ID) || !strings.Contains(err.Error(), "restore a backup") {
				t.Errorf("%s: %v", name, err)
			}
			if _, _, err := files.Spool(t.Context(), d.Of(dbtest.Ours), f.ID, t.TempDir()); err == nil {
				t.Errorf("%s: it can be spooled", name)
			}
		}
	})
}

func TestDeletedFileLeavesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f, kept := add(t, d, dbtest.Ours, bytes.NewReader(content(piece+1))), add(t, d, dbtest.Ours, bytes.NewReader(content(7)))
		remove := func(s *db.Scope) error { return files.Delete(t.Context(), s, f.ID) }
		if err := d.Write(t.Context(), dbtest.Ours, remove); err != nil {
			t.Fatal(err)
		}
		if _, err := files.Get(t.Context(), d.Of(dbtest.Ours), f.ID); !errors.Is(err, db.ErrNoRow) {
			t.Errorf("it is still described: %v", err)
		}
		if err := files.Copy(t.Context(), d.Of(dbtest.Ours), f.ID, io.Discard); !errors.Is(err, db.ErrNoRow) {
			t.Errorf("it can still be read: %v", err)
		}
		if n := pieces(t, d, f.ID); n != 0 {
			t.Errorf("%d pieces are left", n)
		}
		if err := files.Copy(t.Context(), d.Of(dbtest.Ours), kept.ID, io.Discard); err != nil {
			t.Errorf("another file went too: %v", err)
		}
	})
}

func TestChangeTriedAgainKeepsTheWholeFileOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		want, r := content(2*piece+3), (*bytes.Reader)(nil)
		r = bytes.NewReader(want)
		given := errors.New("not yet")
		for attempt := range 2 {
			var f files.File
			err := d.Write(t.Context(), dbtest.Ours, func(s *db.Scope) (err error) {
				f, err = files.Add(t.Context(), s, now, "a", "b", r) // the second time r stands at its end
				if err == nil && attempt == 0 {
					return given
				}
				return err
			})
			if attempt == 0 {
				if !errors.Is(err, given) {
					t.Fatal(err)
				}
				continue
			}
			var out bytes.Buffer
			if err := errors.Join(err, files.Copy(t.Context(), d.Of(dbtest.Ours), f.ID, &out)); err != nil || !bytes.Equal(out.Bytes(), want) {
				t.Errorf("%d bytes came back, %v", out.Len(), err)
			}
		}
		var n int
		if err := d.System().Row(t.Context(), `SELECT COUNT(*) FROM file_pieces`, nil, &n); err != nil || n != 3 {
			t.Errorf("%d pieces are kept, want 3; %v", n, err)
		}
	})
}

// failing breaks off after some bytes.
type failing struct{ io.ReadSeeker }

var errBroken = errors.New("the line is cut")

func (f failing) Read(b []byte) (int, error) {
	n, err := f.ReadSeeker.Read(b)
	if errors.Is(err, io.EOF) {
		err = errBroken
	}
	return n, err
}

func TestUploadThatBreaksOffLeavesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), dbtest.Ours, func(s *db.Scope) error {
			_, err := files.Add(t.Context(), s, now, "a", "b", failing{bytes.NewReader(content(piece + 5))})
			return err
		})
		if !errors.Is(err, errBroken) {
			t.Fatalf("the file was taken: %v", err)
		}
		var n int
		if err := d.System().Row(t.Context(), `SELECT (SELECT COUNT(*) FROM files) + (SELECT COUNT(*) FROM file_pieces)`, nil, &n); err != nil || n != 0 {
			t.Errorf("%d rows are left; %v", n, err)
		}
	})
}

func TestFileOfAnotherOrganisationIsOutOfReach(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := add(t, d, dbtest.Ours, strings.NewReader("ours alone"))
		theirs := d.Of(dbtest.Theirs)
		if _, err := files.Get(t.Context(), theirs, f.ID); !errors.Is(err, db.ErrNoRow) {
			t.Errorf("it is described to them: %v", err)
		}
		var out bytes.Buffer
		if err := files.Copy(t.Context(), theirs, f.ID, &out); !errors.Is(err, db.ErrNoRow) || out.Len() > 0 {
			t.Errorf("they read %q: %v", out.String(), err)
		}
		if err := d.Write(t.Context(), dbtest.Theirs, func(s *db.Scope) error { return files.Delete(t.Context(), s, f.ID) }); err != nil {
			t.Error(err)
		}
		if err := files.Copy(t.Context(), d.Of(dbtest.Ours), f.ID, &out); err != nil || out.String() != "ours alone" {
			t.Errorf("they took it away: %q, %v", out.String(), err)
		}
	})
}

func TestSpooledFileIsOnDiskUntilItIsTakenAway(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	dir := t.TempDir()
	f := add(t, d, dbtest.Ours, strings.NewReader("on disk"))
	path, remove, err := files.Spool(t.Context(), d.Of(dbtest.Ours), f.ID, dir)
	if err != nil {
		t.Fatal(err)
	}
	if raw, err := os.ReadFile(path); err != nil || string(raw) != "on disk" {
		t.Errorf("%q, %v", raw, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others on the machine may read it: %v, %v", info.Mode(), err)
	}
	remove()
	if _, _, err := files.Spool(t.Context(), d.Of(dbtest.Ours), "missing", dir); !errors.Is(err, db.ErrNoRow) {
		t.Errorf("a missing file: %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left on disk: %v, %v", left, err)
	}
}
