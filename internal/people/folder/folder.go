package folder

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"sync"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/people"
	"tekentafel/internal/people/store"
	"tekentafel/internal/tenant"
)

// Receiver brings a file in. people.Service implements it.
type Receiver interface {
	Receive(ctx context.Context, actor access.Actor, in people.Arrival) (importID string, err error)
}

// Organisation is an organisation that may have a folder.
type Organisation struct {
	ID   tenant.ID
	Slug string          // name of its folder
	Lang instrument.Lang // in which is written why a file was refused
}

// Parts are what a Watcher works with.
type Parts struct {
	Root          string // the folder of the installation
	DB            *db.DB
	People        Receiver
	Organisations func(context.Context) ([]Organisation, error)
	Now           clock.Clock
	Log           *slog.Logger
	Dir           string        // for files while they are read
	MaxUpload     int64         // bytes
	Every         time.Duration // between looks; 0 means a minute
	Abandoned     time.Duration // after which a claim without a sign of life is taken over; 0 means ten minutes
}

// Watcher looks into the folders of the sources.
type Watcher struct {
	Parts
	mu    sync.Mutex
	still map[string]state // files as they were at the last look, by their path below the root
	count Counts
}

// state is by what a file that is being written is told from one that is ready.
type state struct {
	size int64
	at   time.Time
}

// New returns a watcher.
func New(p Parts) *Watcher {
	if p.Every == 0 {
		p.Every = time.Minute
	}
	if p.Abandoned == 0 {
		p.Abandoned = 10 * time.Minute
	}
	return &Watcher{Parts: p, still: map[string]state{}}
}

// Run looks until ctx ends. What goes wrong is logged and tried again at the next look.
func (w *Watcher) Run(ctx context.Context) {
	for clock.Wait(ctx, w.Every) == nil {
		if err := w.Look(ctx); err != nil && ctx.Err() == nil {
			w.Log.ErrorContext(ctx, "the folder with personnel files could not be looked through; it is tried again", "error", err.Error())
		}
	}
}

// place is the folder of a source.
type place struct {
	org    Organisation
	source store.Source
	dir    string // below the root
}

// Look takes every file that stands still since the look before. One file that is wrong does not stop the others.
func (w *Watcher) Look(ctx context.Context) error {
	root, err := os.OpenRoot(w.Root)
	if err != nil {
		return err
	}
	defer root.Close() //nolint:errcheck // nothing is written to it
	seen := map[string]state{}
	var failed error
	if err := w.each(ctx, root, func(p place) error {
		failed = errors.Join(failed, w.take(ctx, root, p, seen))
		return ctx.Err()
	}); err != nil {
		return errors.Join(failed, err)
	}
	w.mu.Lock()
	w.still = seen
	w.mu.Unlock()
	return failed
}

// each calls do for the folder of each source that is there, until it returns an error.
func (w *Watcher) each(ctx context.Context, root *os.Root, do func(place) error) error {
	orgs, err := w.Organisations(ctx)
	if err != nil {
		return err
	}
	for _, o := range orgs {
		if !plainFolder(root, o.Slug) {
			continue
		}
		sources, err := store.Sources(ctx, w.DB.Of(o.ID))
		if err != nil {
			return err
		}
		for i := range sources {
			p := place{org: o, source: sources[i], dir: path.Join(o.Slug, sources[i].Folder)}
			if sources[i].Folder == "" || !plainFolder(root, p.dir) {
				continue
			}
			if err := do(p); err != nil {
				return err
			}
		}
	}
	return nil
}

// plainFolder tells whether a name below the root is a folder, and no link to one.
func plainFolder(root *os.Root, name string) bool {
	if !fs.ValidPath(name) || name == "." {
		return false
	}
	info, err := root.Lstat(name)
	return err == nil && info.IsDir()
}

// take takes the files of one source that are ready, and the ones that a dead node left.
func (w *Watcher) take(ctx context.Context, root *os.Root, p place, seen map[string]state) error {
	claims, err := w.abandoned(root, p)
	if err != nil {
		return err
	}
	files, err := w.ready(root, p, seen)
	if err != nil {
		return err
	}
	for _, name := range files {
		c, err := w.claim(root, p, name)
		if err != nil {
			return err
		}
		if c != nil {
			claims = append(claims, c)
		}
	}
	var failed error
	for _, c := range claims {
		if err := w.bring(ctx, root, p, c); err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		delete(seen, path.Join(p.dir, c.name)) // another of its name is another file
	}
	return failed
}

// mostFiles is how many files of a source are taken at a look.
const mostFiles = 20

// ready lists the files that stand as they stood at the look before, in the order of their names.
func (w *Watcher) ready(root *os.Root, p place, seen map[string]state) ([]string, error) {
	entries, err := fs.ReadDir(root.FS(), p.dir)
	if err != nil {
		return nil, err
	}
	var list []string
	for _, e := range entries {
		if !e.Type().IsRegular() || unfinished(e.Name()) {
			continue
		}
		at := path.Join(p.dir, e.Name())
		info, err := root.Lstat(at)
		if err != nil || !info.Mode().IsRegular() {
			continue // it went meanwhile
		}
		now := state{info.Size(), info.ModTime()}
		w.mu.Lock()
		before, known := w.still[at]
		w.mu.Unlock()
		seen[at] = now
		if !known {
			w.add(Counts{Seen: 1})
		}
		if known && before.size == now.size && before.at.Equal(now.at) && len(list) < mostFiles {
			list = append(list, e.Name())
		}
	}
	return list, nil
}
