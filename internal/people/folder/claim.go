package folder

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	"tekentafel/internal/id"
)

// The folders that the program makes below that of a source.
const (
	busy    = ".busy"
	done    = "done"
	refused = "refused"
)

// claim is a file that this node works on. It lies in a folder "<id>.<n>" below .busy, of which n goes up with each node that takes the
// claim over.
type claim struct {
	id   string
	n    int
	dir  string // below the root
	name string // of the file
}

func (c *claim) file() string { return path.Join(c.dir, c.name) }

// made makes a folder of the program below that of a source, and refuses what is there and is none.
func made(root *os.Root, dir string) error {
	if err := root.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if !plainFolder(root, dir) {
		return &fs.PathError{Op: "use", Path: dir, Err: errors.New("it is no folder; take it away, so that the program can make one")}
	}
	return nil
}

// claim moves a file to where this node alone works on it; nil when another node was first, or it is no file any more.
func (w *Watcher) claim(root *os.Root, p place, name string) (*claim, error) {
	if err := made(root, path.Join(p.dir, busy)); err != nil {
		return nil, err
	}
	c := &claim{id: id.New(w.Now()), n: 1, name: name}
	c.dir = path.Join(p.dir, busy, c.id+".1")
	if err := root.Mkdir(c.dir, 0o700); err != nil {
		return nil, err
	}
	if err := root.Rename(path.Join(p.dir, name), c.file()); err != nil {
		gone := root.Remove(c.dir)
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		return nil, errors.Join(err, gone)
	}
	w.touch(root, c)                                                               // by the clock that claims are judged by, which may differ from that of the disk
	if info, err := root.Lstat(c.file()); err != nil || !info.Mode().IsRegular() { // something else took its name meanwhile
		return nil, errors.Join(err, w.release(root, p, c))
	}
	return c, nil
}

// release puts a file back where it was, for another look. When another has its name by now, the claim stays and is taken over later.
func (w *Watcher) release(root *os.Root, p place, c *claim) error {
	back := path.Join(p.dir, c.name)
	if _, err := root.Lstat(back); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return errors.Join(root.Rename(c.file(), back), root.Remove(c.dir))
}

// touch says that this node still works on a claim; false when another node took it over.
func (w *Watcher) touch(root *os.Root, c *claim) bool {
	now := w.Now()
	return root.Chtimes(c.dir, now, now) == nil
}

// abandoned takes over the claims of a source of which no node gave a sign of life for long.
func (w *Watcher) abandoned(root *os.Root, p place) ([]*claim, error) {
	at := path.Join(p.dir, busy)
	if !plainFolder(root, at) {
		return nil, nil
	}
	entries, err := fs.ReadDir(root.FS(), at)
	if err != nil {
		return nil, err
	}
	var list []*claim
	for _, e := range entries {
		c, ok := claimOf(at, e.Name())
		info, err := root.Lstat(path.Join(at, e.Name()))
		if !ok || err != nil || !info.IsDir() || w.Now().Sub(info.ModTime()) < w.Abandoned {
			continue
		}
		taken, err := w.takeOver(root, c)
		if err != nil {
			return nil, err
		}
		if taken {
			list = append(list, c)
		}
	}
	return list, nil
}

// claimOf reads the name of the folder of a claim.
func claimOf(at, name string) (*claim, bool) {
	key, number, found := strings.Cut(name, ".")
	n, err := strconv.Atoi(number)
	if !found || err != nil || n < 1 || len(key) != len(id.New(time.Time{})) || strings.Trim(key, "0123456789abcdefghjkmnpqrstvwxyz") != "" {
		return nil, false
	}
	return &claim{id: key, n: n, dir: path.Join(at, name)}, true
}

// takeOver gives the folder of a claim its next name, which one node alone can do, and finds the file in it.
func (w *Watcher) takeOver(root *os.Root, c *claim) (bool, error) {
	c.n++
	next := path.Join(path.Dir(c.dir), c.id+"."+strconv.Itoa(c.n))
	if _, err := root.Lstat(next); err == nil {
		return false, nil
	}
	if err := root.Rename(c.dir, next); err != nil {
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrExist) {
			err = nil // another node was first
		}
		return false, err
	}
	c.dir = next
	if !w.touch(root, c) {
		return false, nil
	}
	entries, err := fs.ReadDir(root.FS(), c.dir)
	if err != nil {
		return false, err
	}
	for _, e := range entries {
		if e.Type().IsRegular() {
			c.name = e.Name()
			return true, nil
		}
	}
	return false, root.Remove(c.dir) // its node died before it had the file, or after it had moved it on
}

// aliveEvery is how often a node says that it still works on a claim, as a part of the time after which it counts as dead.
const aliveEvery = 5

// alive touches a claim until stop is closed.
func (w *Watcher) alive(root *os.Root, c *claim, stop <-chan struct{}) {
	tick := time.NewTicker(w.Abandoned / aliveEvery)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
			w.touch(root, c)
		}
	}
}
