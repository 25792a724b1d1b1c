package folder

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"os"
	"path"
	"strings"
	"sync"
	"syscall"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/db"
	"tekentafel/internal/files"
	"tekentafel/internal/i18n"
	"tekentafel/internal/people"
	"tekentafel/internal/problem"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this package.
func Locale() *i18n.Bundle { return locale() }

// bring brings a claimed file in and moves it to where it ends. The error is one for the next look.
func (w *Watcher) bring(ctx context.Context, root *os.Root, p place, c *claim) error {
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() { defer close(stopped); w.alive(root, c, stop) }()
	defer func() { close(stop); <-stopped }()
	importID, err := w.receive(ctx, root, p, c)
	why, final := "", false
	if err != nil {
		why, final = w.reason(err, p)
	}
	switch {
	case err == nil:
		w.Log.InfoContext(ctx, "a personnel file came in from the folder", "organisation", string(p.org.ID), "source", p.source.ID, "import", importID)
		w.add(Counts{Taken: 1})
		return w.end(root, p, c, done, locale().Printer(p.org.Lang).T("taken", i18n.Args{"file": c.name, "at": w.stamp(), "source": p.source.Name, "place": "/staff/imports/" + importID}))
	case final:
		w.Log.WarnContext(ctx, "a personnel file in the folder was refused", "organisation", string(p.org.ID), "source", p.source.ID, "error", err.Error())
		w.add(Counts{Refused: 1})
		return w.end(root, p, c, refused, locale().Printer(p.org.Lang).T("refused", i18n.Args{"file": c.name, "at": w.stamp(), "source": p.source.Name, "why": why}))
	case errors.Is(err, fs.ErrNotExist) && !w.touch(root, c):
		return nil // another node took it over
	default:
		return errors.Join(err, w.release(root, p, c))
	}
}

func (w *Watcher) add(c Counts) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.count.Seen += c.Seen
	w.count.Taken += c.Taken
	w.count.Refused += c.Refused
}

// receive copies a file to where nobody else can change it, and brings it in under the name of its claim.
func (w *Watcher) receive(ctx context.Context, root *os.Root, p place, c *claim) (string, error) {
	f, err := root.OpenFile(c.file(), os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return "", err
	}
	defer f.Close() //nolint:errcheck // only read from
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return "", errors.Join(err, errors.New("it is no file any more"))
	}
	copied, err := files.Receive(w.Dir, "staff", f, w.MaxUpload)
	if errors.Is(err, files.ErrTooLarge) {
		return "", people.TooLarge()
	}
	if err != nil {
		return "", err
	}
	defer func() { _ = os.Remove(copied) }()
	return w.People.Receive(ctx, access.Actor{Kind: access.System, Tenant: p.org.ID}, people.Arrival{Source: p.source.ID, FileName: c.name, Path: copied, Unattended: true,
		Asked: asked.Request{Key: "folder:" + c.id, What: []any{p.source.ID, c.name}}})
}

// reason puts into words why a file cannot be taken; final is false when trying again may help.
func (w *Watcher) reason(err error, p place) (why string, final bool) {
	v, known := problem.Of(err)
	if !known || errors.Is(err, db.ErrNoRow) {
		return "", false
	}
	switch v.Kind {
	case problem.Invalid, problem.TooLarge, problem.Unsupported, problem.Gone, problem.Conflict:
	default:
		return "", false
	}
	var parts []string
	if text := v.Message.In(p.org.Lang); text != "" {
		parts = append(parts, text)
	}
	for i := range v.Fields {
		parts = append(parts, v.Fields[i].In(p.org.Lang))
	}
	return strings.Join(parts, " "), true
}

func (w *Watcher) stamp() string { return w.Now().Format("2006-01-02 15:04 MST") }

// end moves a file to where it stays, with a text beside it. When another node took the claim over, the text goes again.
func (w *Watcher) end(root *os.Root, p place, c *claim, where, text string) error {
	dir := path.Join(p.dir, where)
	if err := made(root, dir); err != nil {
		return err
	}
	name := w.Now().Format("20060102-150405") + "-" + c.name
	if _, err := root.Lstat(path.Join(dir, name)); err == nil {
		name = c.id + "-" + c.name
	}
	note := path.Join(dir, name+".txt")
	f, err := root.OpenFile(note, os.O_WRONLY|os.O_CREATE|os.O_TRUNC|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text + "\n")
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := root.Rename(c.file(), path.Join(dir, name)); err != nil {
		gone := root.Remove(note)
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		return errors.Join(err, gone)
	}
	return root.Remove(c.dir)
}
