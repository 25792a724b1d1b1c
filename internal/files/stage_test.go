package files_test

import (
	"bytes"
	"errors"
	"testing"
	"testing/iotest"

	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/files"
)

// A file stands in the store in pieces of this size, and so many are staged together.
const (
	pieceSize   = 256 << 10
	stagePieces = 32
)

func TestAStagedFileComesBackAndCanBeTakenAwayByItsName(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		for _, size := range []int{0, 1, pieceSize, stagePieces * pieceSize, stagePieces*pieceSize + 3*pieceSize + 7} {
			want := bytes.Repeat([]byte("0123456789"), size/10+1)[:size]
			f, err := files.Stage(ctx, d, dbtest.Ours, now, "large", "text/plain", bytes.NewReader(want))
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			if err := files.Copy(ctx, d.Of(dbtest.Ours), f.ID, &got); err != nil || !bytes.Equal(got.Bytes(), want) || f.Size != int64(size) {
				t.Fatalf("%d bytes came back of %d: %v", got.Len(), size, err)
			}
		}
		kept, err := files.Stage(ctx, d, dbtest.Ours, now, "large", "text/plain", bytes.NewReader([]byte("kept")))
		if err != nil {
			t.Fatal(err)
		}
		// One that was cut off half-way is among those that go.
		broken := errors.New("cut off")
		half := bytes.NewReader(make([]byte, stagePieces*pieceSize))
		if _, err := files.Stage(ctx, d, dbtest.Ours, now, "large", "text/plain", iotest.ErrReader(broken)); !errors.Is(err, broken) {
			t.Fatal(err)
		}
		if _, err := files.Stage(ctx, d, dbtest.Ours, now, "other", "text/plain", half); err != nil {
			t.Fatal(err)
		}
		if err := files.Unstage(ctx, d, dbtest.Ours, "large", kept.ID); err != nil {
			t.Fatal(err)
		}
		left, err := files.Named(ctx, d.Of(dbtest.Ours), "large")
		if err != nil || len(left) != 1 || left[0] != kept.ID {
			t.Fatalf("left are %v: %v", left, err)
		}
		if others, err := files.Named(ctx, d.Of(dbtest.Ours), "other"); err != nil || len(others) != 1 {
			t.Fatalf("of another name are left %v: %v", others, err)
		}
		var pieces int
		if err := d.System().Row(ctx, `SELECT COUNT(*) FROM file_pieces`, nil, &pieces); err != nil || pieces != 1+stagePieces {
			t.Fatalf("%d pieces are left: %v", pieces, err)
		}
	})
}
