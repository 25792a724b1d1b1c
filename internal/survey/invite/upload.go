package invite

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/contact"
	"tekentafel/internal/db"
	"tekentafel/internal/files"
	"tekentafel/internal/i18n"
	"tekentafel/internal/intake"
	"tekentafel/internal/problem"
	"tekentafel/internal/survey/invite/frame"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/tenant"
)

// uploadType is the media type under which a file with a frame waits to be confirmed.
func uploadType(waveID string) string { return "application/x-tekentafel-frame; wave=" + waveID }

// takingType is the media type of a file that a job takes people from. What is uploaded meanwhile does not come in its place.
func takingType(waveID string) string { return uploadType(waveID) + "; taking" }

// Upload is a file with a frame that was read and not taken yet.
type Upload struct {
	ID   string
	Name string // of the file
	File *frame.File
}

// Upload keeps a file with a frame for a draft, after reading it, in the place of one that waited. Nobody is taken before
// Take. A file that cannot be read is a problem that says the place and the mend. Path stays the caller's.
func (s *Service) Upload(ctx context.Context, actor access.Actor, waveID, fileName, path string, ask asked.Request) (string, error) {
	w, err := s.wave(ctx, actor, access.RunWave, waveID)
	if err == nil {
		err = drafted(&w)
	}
	if err != nil {
		return "", err
	}
	if _, err := s.read(ctx, path); err != nil {
		return "", err
	}
	f, err := os.Open(filepath.Clean(path))
	if err != nil {
		return "", err
	}
	defer f.Close() //nolint:errcheck // only read from
	var kept string
	err = s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		kept, err = asked.Once(ctx, tx, s.Now, ask, func() (string, error) {
			if err := dropFiles(ctx, tx, uploadType(waveID)); err != nil {
				return "", err
			}
			file, err := files.Add(ctx, tx, s.Now, files.BaseName(fileName, "frame"), uploadType(waveID), f)
			return file.ID, err
		})
		return err
	})
	return kept, err
}

// Uploaded returns a file that waits to be confirmed; db.ErrNoRow when there is none such, or it belongs to another wave.
func (s *Service) Uploaded(ctx context.Context, actor access.Actor, waveID, uploadID string) (Upload, error) {
	if err := allow(actor, access.RunWave); err != nil {
		return Upload{}, err
	}
	return s.uploaded(ctx, actor.Tenant, uploadType(waveID), uploadID)
}

func (s *Service) uploaded(ctx context.Context, t tenant.ID, mediaType, uploadID string) (Upload, error) {
	r := s.DB.Of(t)
	file, err := files.Get(ctx, r, uploadID)
	if err != nil {
		return Upload{}, err
	}
	if file.MediaType != mediaType {
		return Upload{}, db.ErrNoRow
	}
	path, remove, err := files.Spool(ctx, r, uploadID, s.Dir)
	if err != nil {
		return Upload{}, err
	}
	defer remove()
	read, err := s.read(ctx, path)
	return Upload{ID: uploadID, Name: file.Name, File: read}, err
}

// Discard takes a file that waits away.
func (s *Service) Discard(ctx context.Context, actor access.Actor, waveID string) error {
	if err := allow(actor, access.RunWave); err != nil {
		return err
	}
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error { return dropFiles(ctx, tx, uploadType(waveID)) })
}

// read reads a file once those that others sent leave room for it.
func (s *Service) read(ctx context.Context, path string) (*frame.File, error) {
	select {
	case s.readers <- struct{}{}:
		defer func() { <-s.readers }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	f, err := frame.Read(ctx, path, nil)
	var bad *intake.Error
	if errors.As(err, &bad) {
		form := &problem.Form{Bundle: locale()}
		form.Wrong("file", "error.file-"+string(bad.Kind), i18n.Args{"detail": detail(bad)})
		return nil, form.Err()
	}
	return f, err
}

// detail says what is wrong with a file without telling where it stands on this machine.
func detail(bad *intake.Error) string {
	const most = 240
	text := bad.WithoutPlace()
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}

// Rules are what the frame of a wave is checked against.
func (s *Service) Rules(w *wave.Wave) frame.Rules {
	return frame.Rules{Languages: w.Languages, GroupSize: w.GroupSize, Address: func(a string) (string, bool) {
		address, err := s.Mail.Address(a)
		return address, err == nil
	}}
}

// dropFrames takes away what waits and what was being taken.
func dropFrames(ctx context.Context, tx *db.Scope, waveID string) error {
	return errors.Join(dropFiles(ctx, tx, uploadType(waveID)), dropFiles(ctx, tx, takingType(waveID)))
}

func dropFiles(ctx context.Context, tx *db.Scope, mediaType string) error {
	list, err := filesOf(ctx, tx.Reader, mediaType)
	for _, f := range list {
		err = errors.Join(err, files.Delete(ctx, tx, f.ID))
	}
	return err
}

// copyTo writes r to a new file in dir, of at most limit bytes, and returns its path.
func copyTo(dir string, r io.Reader, limit int64) (path string, err error) {
	path, err = files.Receive(dir, "frame", r, limit)
	if errors.Is(err, files.ErrTooLarge) {
		err = refuse(problem.TooLarge, "error.file-size", i18n.Args{"max": locale().Printer("en").Int(int(limit >> 20))})
	}
	return path, err
}

// tooMany is how many people are taken while the browser waits; more are taken by a job.
const tooMany = 5_000

// Changes says what a new frame changes to the one that is there.
type Changes struct {
	People, New, Gone, Changed int
}

// compare counts what becomes of the present frame. People are the same by staff number, else by mail, else by name.
func compare(now []Member, next []frame.Person) Changes {
	key := func(number, mail, name string) string {
		switch {
		case number != "":
			return "#" + contact.Number(number)
		case mail != "":
			return "@" + mail
		}
		return name
	}
	c := Changes{People: len(now)}
	was := make(map[string]*Member, len(now))
	for i := range now {
		was[key(now[i].Number, now[i].Mail, now[i].Name)] = &now[i]
	}
	same := 0
	for i := range next {
		p := &next[i]
		m, known := was[key(p.Number, p.Mail, p.Name)]
		switch {
		case !known:
			c.New++
			continue
		case m.Name != p.Name || m.Mail != p.Mail || m.Language != p.Language || !sameGroups(m.Groups, p.Groups):
			c.Changed++
		}
		same++
	}
	c.Gone = max(0, len(now)-same)
	return c
}

func sameGroups(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		if w, known := b[k]; !known || w != v {
			return false
		}
	}
	return true
}

// headingsOf lists the group variables of people, sorted.
func headingsOf(groups map[string]string) []string {
	out := make([]string, 0, len(groups))
	for h := range groups {
		out = append(out, h)
	}
	slices.Sort(out)
	return out
}
