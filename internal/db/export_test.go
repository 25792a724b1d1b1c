package db

import "context"

// To brings the store to a version, forth or back.
func (d *DB) To(ctx context.Context, version int64) error {
	p, err := d.provider()
	if err != nil {
		return err
	}
	have, _, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if version < have {
		_, err = p.DownTo(ctx, version)
	} else {
		_, err = p.UpTo(ctx, version)
	}
	return err
}
