package command

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/term"

	"tekentafel/internal/access"
	"tekentafel/internal/app"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/config"
	"tekentafel/internal/db"
	"tekentafel/internal/installation"
	"tekentafel/internal/instrument"
	"tekentafel/internal/jobs"
	"tekentafel/internal/people"
	"tekentafel/internal/problem"
	"tekentafel/internal/seal"
	"tekentafel/internal/tenant"
)

// ExitWaits says that an import waits for a person, who must look at it in the pages. It is the code of an input that is refused.
const ExitWaits = ExitRefused

// peopleCommand works on the personnel data of an organisation.
type peopleCommand struct {
	Import peopleImportCommand `cmd:"" help:"Bring a file with personnel data in, show what it changes, and apply it."`
	Undo   peopleUndoCommand   `cmd:"" help:"Put back what a change of the personnel data changed."`
	Check  peopleCheckCommand  `cmd:"" help:"Say how good the personnel data is, and for which conclusion."`
}

// staffPlace says whose personnel data is worked on.
type staffPlace struct {
	config.Store
	Organisation string `placeholder:"SLUG" help:"Short name of the organisation, as in its addresses. Without it: the only one that there is."`
}

// staffWork is the personnel data of one organisation, opened without a server.
type staffWork struct {
	*people.Service
	store *db.DB
	actor access.Actor
	line  *progress
	dir   string
}

// work opens the store and does something with the personnel data. Jobs that it asks for are run in this process, beside a server that
// may work on the same store.
func (c *staffPlace) work(ctx context.Context, s *Streams, do func(context.Context, *staffWork) error) (err error) {
	store, box, err := openStore(ctx, &c.Store)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	w, err := openStaff(ctx, s, store, box, c.Organisation)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(w.dir)) }()
	helping, stop := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() { defer close(ended); w.Queue.Help(helping, people.JobKinds()...) }()
	err = do(ctx, w)
	w.line.clear()
	stop()
	<-ended
	if err != nil && ctx.Err() != nil {
		return &failure{code: ExitInterrupted, err: errors.New("interrupted; what was begun is carried out whole or not at all, and an import that waits can be seen in the pages")}
	}
	return err
}

func openStaff(ctx context.Context, s *Streams, store *db.DB, box *seal.Box, slug string) (*staffWork, error) {
	have, want, err := store.Versions(ctx)
	if err != nil {
		return nil, err
	}
	if have != want {
		return nil, fmt.Errorf("the database is at version %d and this program works with %d; start the server of this version once, which brings it there", have, want)
	}
	if err := installation.HoldKey(ctx, store, box); err != nil {
		return nil, err
	}
	id, err := organisation(ctx, store, slug)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "tekentafel-people-")
	if err != nil {
		return nil, err
	}
	now, log := clock.System(), slog.New(slog.NewTextHandler(io.Discard, nil))
	kept := audit.New(store, now)
	queue := jobs.NewQueue(store, kept, now, log, jobs.Options{Poll: 200 * time.Millisecond})
	return &staffWork{Service: app.NewStaff(app.StaffParts{DB: store, Audit: kept, Queue: queue, Box: box, Now: now, Log: log, Dir: dir}),
		store: store, actor: access.Actor{Kind: access.System, Tenant: id}, line: newProgress(s.Err), dir: dir}, nil
}

// organisation finds an organisation by its short name; with "" the only one.
func organisation(ctx context.Context, store *db.DB, slug string) (tenant.ID, error) {
	var found tenant.ID
	var slugs []string
	err := store.System().Rows(ctx, `SELECT tenant_id, slug FROM organisations ORDER BY slug`, func(scan func(...any) error) error {
		var id, name string
		err := scan(&id, &name)
		if slug == "" || name == slug {
			found = tenant.ID(id)
		}
		slugs = append(slugs, name)
		return err
	})
	switch {
	case err != nil:
		return "", err
	case len(slugs) == 0:
		return "", errors.New("there is no organisation yet; start the server and make it")
	case slug == "" && len(slugs) > 1:
		return "", usage("there are several organisations; say which with --organisation: %s", strings.Join(slugs, ", "))
	case found == "":
		return "", usage("there is no organisation %q; there is: %s", slug, strings.Join(slugs, ", "))
	}
	return found, nil
}

// jobsShown is how many of the newest jobs are looked at for what is being done.
const jobsShown = 50

// waits waits until done says so, and shows what the job that runs is doing.
func (w *staffWork) waits(ctx context.Context, done func(context.Context) (bool, error)) error {
	for {
		ended, err := done(ctx)
		if err != nil || ended {
			w.line.clear()
			return err
		}
		list, err := w.Queue.List(ctx, w.actor, "", jobsShown)
		if err != nil {
			return err
		}
		for i := range list {
			if j := &list[i]; ours(j) && j.State == jobs.Running && j.Stage != "" {
				w.line.step(w.Queue.StageTitle(j).In(instrument.EN), j.Done, j.Total)
				break
			}
		}
		if err := clock.Wait(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
}

// settled waits until nothing of the personnel data of the organisation is being worked on.
func (w *staffWork) settled(ctx context.Context) error {
	return w.waits(ctx, func(ctx context.Context) (bool, error) {
		list, err := w.Queue.List(ctx, w.actor, "", jobsShown)
		for i := range list {
			if j := &list[i]; ours(j) && !j.State.Ended() {
				return false, err
			}
		}
		return true, err
	})
}

func ours(j *jobs.Job) bool {
	for _, kind := range people.JobKinds() {
		if j.Kind == kind {
			return true
		}
	}
	return false
}

// waiting says that something waits for a person.
func waiting(format string, args ...any) error {
	return &failure{code: ExitWaits, err: fmt.Errorf(format, args...)}
}

// said puts a problem into words, with its fields.
func said(err error) error {
	p, known := problem.Of(err)
	if !known {
		if errors.Is(err, db.ErrNoRow) {
			return errors.New("it is not there")
		}
		return err
	}
	var parts []string
	if text := p.Message.In(instrument.EN); text != "" {
		parts = append(parts, text)
	}
	for i := range p.Fields {
		parts = append(parts, p.Fields[i].In(instrument.EN))
	}
	return errors.New(strings.Join(parts, " "))
}

// agreed asks on a terminal whether to go on. Where nobody can be asked, asked is false.
func agreed(s *Streams, question string) (yes, asked bool) {
	f, ok := s.In.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return false, false
	}
	_, _ = fmt.Fprintf(s.Err, "%s [y/N] ", question)
	answer, _ := bufio.NewReader(f).ReadString('\n') // no answer is no
	answer = strings.ToLower(strings.TrimSpace(answer))
	return answer == "y" || answer == "yes", true
}

// readable checks that a file can be read before anything is opened.
func readable(path string) error {
	info, err := os.Stat(filepath.Clean(path))
	if err != nil {
		return usage("the file cannot be read: %w", err)
	}
	if !info.Mode().IsRegular() {
		return usage("%s is no file", path)
	}
	return nil
}
