package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"slices"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/id"
	"tekentafel/internal/tenant"
)

// stagePieces is how many pieces of a staged file go in one transaction: 8 MB, so that others write in between.
const stagePieces = 32

// Stage keeps a large file in many short transactions. Nothing refers to it until a later transaction does; when that never
// comes, Unstage takes it away by its name, which is the caller's to choose.
func Stage(ctx context.Context, d *db.DB, t tenant.ID, now clock.Clock, name, mediaType string, r io.Reader) (File, error) {
	f := File{ID: id.New(now()), Name: name, MediaType: mediaType, Created: now()}
	err := d.Write(ctx, t, func(s *db.Scope) error {
		_, err := s.Exec(ctx, `INSERT INTO files (tenant_id, id, name, media_type, size, sha256, created_at) VALUES ($1, $2, $3, $4, 0, '', $5)`,
			f.ID, name, mediaType, clock.Micros(f.Created))
		return err
	})
	if err != nil {
		return File{}, err
	}
	sum := sha256.New()
	buffer := make([]byte, stagePieces*pieceSize)
	for seq := 0; ; seq += stagePieces {
		n, err := io.ReadFull(r, buffer)
		end := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !end {
			return File{}, err
		}
		sum.Write(buffer[:n])
		f.Size += int64(n)
		if err := stagePart(ctx, d, t, f.ID, seq, buffer[:n]); err != nil {
			return File{}, err
		}
		if end {
			break
		}
	}
	f.SHA256 = hex.EncodeToString(sum.Sum(nil))
	err = d.Write(ctx, t, func(s *db.Scope) error {
		_, err := s.Exec(ctx, `UPDATE files SET size = $3, sha256 = $4 WHERE tenant_id = $1 AND id = $2`, f.ID, f.Size, f.SHA256)
		return err
	})
	return f, err
}

func stagePart(ctx context.Context, d *db.DB, t tenant.ID, fileID string, seq int, part []byte) error {
	if len(part) == 0 {
		return nil
	}
	return d.Write(ctx, t, func(s *db.Scope) error {
		for i := 0; i*pieceSize < len(part); i++ {
			piece := part[i*pieceSize : min((i+1)*pieceSize, len(part))]
			if _, err := s.Exec(ctx, `INSERT INTO file_pieces (tenant_id, file_id, seq, bytes) VALUES ($1, $2, $3, $4)`, fileID, seq+i, piece); err != nil {
				return err
			}
		}
		return nil
	})
}

// Unstage takes away every file of a name but those in except, in short transactions. A file that something refers to by a
// foreign key makes it fail.
func Unstage(ctx context.Context, d *db.DB, t tenant.ID, name string, except ...string) error {
	ids, err := Named(ctx, d.Of(t), name)
	if err != nil {
		return err
	}
	for _, fileID := range ids {
		if slices.Contains(except, fileID) {
			continue
		}
		for more := true; more; {
			err := d.Write(ctx, t, func(s *db.Scope) error {
				n, err := s.Exec(ctx, `DELETE FROM file_pieces WHERE tenant_id = $1 AND file_id = $2 AND seq IN
(SELECT seq FROM file_pieces WHERE tenant_id = $1 AND file_id = $2 ORDER BY seq DESC LIMIT $3)`, fileID, stagePieces)
				more = n == stagePieces
				return err
			})
			if err != nil {
				return err
			}
		}
		if err := d.Write(ctx, t, func(s *db.Scope) error { return Delete(ctx, s, fileID) }); err != nil {
			return err
		}
	}
	return nil
}

// Named lists the ids of complete and staged files of a name, the oldest first.
func Named(ctx context.Context, r db.Reader, name string) (ids []string, err error) {
	err = r.Rows(ctx, `SELECT id FROM files WHERE tenant_id = $1 AND name = $2 ORDER BY id`, func(scan func(...any) error) error {
		var fileID string
		err := scan(&fileID)
		ids = append(ids, fileID)
		return err
	}, name)
	return ids, err
}
