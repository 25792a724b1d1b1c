package folder

import (
	"context"
	"io/fs"
	"os"
	"path"
	"time"

	"tekentafel/internal/people/store"
)

// Counts is how many files there were since the program started, on this node.
type Counts struct {
	Seen    int // in a folder, each once, however often it was looked at
	Taken   int // that came in
	Refused int // that could not be taken
}

// Counts returns how many files were seen, came in and were refused.
func (w *Watcher) Counts() Counts {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.count
}

// Waiting counts the files that lie in the folders and that no node has taken, and says how long ago the oldest was written last; 0 without
// one. It takes nothing.
func (w *Watcher) Waiting(ctx context.Context) (files int, oldest time.Duration, err error) {
	root, err := os.OpenRoot(w.Root)
	if err != nil {
		return 0, 0, err
	}
	defer root.Close() //nolint:errcheck // nothing is written to it
	now := w.Now()
	err = w.each(ctx, root, func(p place) error {
		entries, err := fs.ReadDir(root.FS(), p.dir)
		for _, e := range entries {
			if !e.Type().IsRegular() || unfinished(e.Name()) {
				continue
			}
			if info, err := root.Lstat(path.Join(p.dir, e.Name())); err == nil { // else it went meanwhile
				files++
				oldest = max(oldest, now.Sub(info.ModTime()))
			}
		}
		return err
	})
	return files, oldest, err
}

// WaitingForPeople counts the imports that came from a folder and that nobody has decided on, and says how long ago the first of them came
// in; 0 without one.
func (w *Watcher) WaitingForPeople(ctx context.Context) (imports int, longest time.Duration, err error) {
	orgs, err := w.Organisations(ctx)
	if err != nil {
		return 0, 0, err
	}
	now := w.Now()
	for _, o := range orgs {
		n, first, err := store.Undecided(ctx, w.DB.Of(o.ID))
		if err != nil {
			return 0, 0, err
		}
		if imports += n; n > 0 {
			longest = max(longest, now.Sub(first))
		}
	}
	return imports, longest, nil
}
