// Package files keeps what people upload and what the program makes from it in the store itself, in pieces: a node needs no
// shared disk, a backup is one thing, and a file comes and goes in the transaction of what it belongs to.
package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/id"
)

// pieceSize is how much of a file stands in a row, in bytes.
const pieceSize = 256 << 10

// File describes a file in the store.
type File struct {
	ID        string
	Name      string // as its owner calls it; never a path
	MediaType string
	Size      int64 // bytes
	SHA256    string
	Created   time.Time
}

// Add keeps what r holds, from its beginning, in the transaction of s. It may be called again with the same r when the
// transaction is tried again.
func Add(ctx context.Context, s *db.Scope, now clock.Clock, name, mediaType string, r io.ReadSeeker) (File, error) {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return File{}, err
	}
	f := File{ID: id.New(now()), Name: name, MediaType: mediaType, Created: now()}
	if _, err := s.Exec(ctx, `INSERT INTO files (tenant_id, id, name, media_type, size, sha256, created_at) VALUES ($1, $2, $3, $4, 0, '', $5)`,
		f.ID, name, mediaType, clock.Micros(f.Created)); err != nil {
		return File{}, err
	}
	sum := sha256.New()
	piece := make([]byte, pieceSize)
	for seq := 0; ; seq++ {
		n, err := io.ReadFull(r, piece)
		if n > 0 {
			sum.Write(piece[:n])
			f.Size += int64(n)
			if _, err := s.Exec(ctx, `INSERT INTO file_pieces (tenant_id, file_id, seq, bytes) VALUES ($1, $2, $3, $4)`, f.ID, seq, piece[:n]); err != nil {
				return File{}, err
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			return File{}, err
		}
	}
	f.SHA256 = hex.EncodeToString(sum.Sum(nil))
	_, err := s.Exec(ctx, `UPDATE files SET size = $3, sha256 = $4 WHERE tenant_id = $1 AND id = $2`, f.ID, f.Size, f.SHA256)
	return f, err
}

// Get describes a file.
func Get(ctx context.Context, r db.Reader, fileID string) (File, error) {
	f := File{ID: fileID}
	var created int64
	err := r.Row(ctx, `SELECT name, media_type, size, sha256, created_at FROM files WHERE tenant_id = $1 AND id = $2`, []any{fileID},
		&f.Name, &f.MediaType, &f.Size, &f.SHA256, &created)
	f.Created = clock.Time(created)
	return f, err
}

// Copy writes a file to w, piece by piece, and checks it: a file that is not what was kept is an error.
func Copy(ctx context.Context, r db.Reader, fileID string, w io.Writer) error {
	f, err := Get(ctx, r, fileID)
	if err != nil {
		return err
	}
	sum := sha256.New()
	for seq := 0; ; seq++ {
		var piece []byte
		err := r.Row(ctx, `SELECT bytes FROM file_pieces WHERE tenant_id = $1 AND file_id = $2 AND seq = $3`, []any{fileID, seq}, &piece)
		if errors.Is(err, db.ErrNoRow) {
			break
		}
		if err != nil {
			return err
		}
		sum.Write(piece)
		if _, err := w.Write(piece); err != nil {
			return err
		}
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != f.SHA256 {
		return fmt.Errorf("the file %s is damaged in the store: its SHA-256 is %s and should be %s; restore a backup", fileID, got, f.SHA256)
	}
	return nil
}

// Delete takes a file away with the transaction of s.
func Delete(ctx context.Context, s *db.Scope, fileID string) error {
	if _, err := s.Exec(ctx, `DELETE FROM file_pieces WHERE tenant_id = $1 AND file_id = $2`, fileID); err != nil {
		return err
	}
	_, err := s.Exec(ctx, `DELETE FROM files WHERE tenant_id = $1 AND id = $2`, fileID)
	return err
}

// Spool copies a file to the disk, for readers that need one, and returns its path and how to take it away again. A copy that
// was left in the folder (Leave) is taken instead.
func Spool(ctx context.Context, r db.Reader, fileID, dir string) (path string, remove func(), err error) {
	f, err := os.CreateTemp(dir, "spool-*")
	if err != nil {
		return "", nil, err
	}
	remove = func() { _ = os.Remove(f.Name()) }
	if _, err := Get(ctx, r, fileID); err == nil && os.Rename(left(dir, fileID), f.Name()) == nil {
		return f.Name(), remove, f.Close()
	}
	if err := errors.Join(Copy(ctx, r, fileID, f), f.Close()); err != nil {
		remove()
		return "", nil, err
	}
	return f.Name(), remove, nil
}
