package db

import "context"

// How much of the file each connection to SQLite keeps in memory, in kB as its pragma wants it; the writer more while Roomy holds.
const (
	usualCache = "cache_size(-8000)"
	roomyCache = "cache_size(-64000)"
)

// Roomy lets the writer of SQLite keep more of the file in memory for a large change, whose rows go to other places of each index: a page that
// does not fit is written and read again for each of them. back ends that and frees the memory, also when ctx has ended. On
// PostgreSQL, which has its own memory, it does nothing.
func (d *DB) Roomy(ctx context.Context) (back func(), err error) {
	if d.Engine != SQLite {
		return func() {}, nil
	}
	if _, err := exec(ctx, d.write, `PRAGMA `+roomyCache, nil); err != nil {
		return nil, err
	}
	return func() {
		for _, pragma := range []string{usualCache, "shrink_memory"} {
			_, _ = exec(context.WithoutCancel(ctx), d.write, `PRAGMA `+pragma, nil) // what fails costs memory, and nothing else
		}
	}, nil
}
