package faulttest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/app"
	"tekentafel/internal/asked"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/people"
	"tekentafel/internal/people/madeup"
	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/store"
)

// census is who is in service, by staff number, with what the files of this test say of them.
type census map[string]string

func censusOf(o *org.Organisation) census {
	o.Sort()
	x, out := org.NewIndex(o), census{}
	for i := range o.People {
		p := &o.People[i]
		if p.Out || p.Number == "" {
			continue
		}
		var posts []string
		for _, post := range x.PostsOf(p.ID) {
			posts = append(posts, fmt.Sprint(x.Path(post.Unit), post.FTE))
		}
		slices.Sort(posts)
		out[p.Number] = fmt.Sprint(p.Given, p.Family, p.Language, posts)
	}
	return out
}

// TestAnImportThatIsKilledLeavesTheOldStateOrTheNew kills the program with kill -9 at random moments while it imports, and looks each time
// at what stands. In the end the import is let through.
func TestAnImportThatIsKilledLeavesTheOldStateOrTheNew(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, in *install) {
		r := moments(t)
		made := madeup.Make(madeup.Recipe{Seed: 5, People: 6000})
		before, was := filepath.Join(t.TempDir(), "before.csv"), censusOf(made.Organisation)
		writeCSV(t, before, made.Organisation)
		for i := range made.People {
			switch {
			case i%7 == 3:
				made.People[i].Family += "-Nieuw"
			case i%11 == 5:
				made.People[i].Language = "fr"
			}
		}
		after, will := filepath.Join(t.TempDir(), "after.csv"), censusOf(made.Organisation)
		writeCSV(t, after, made.Organisation)
		in.firstImport(t, before)
		if got := in.census(t); !maps.Equal(got, was) {
			t.Fatalf("before anything is killed %d people stand, not %d", len(got), len(was))
		}
		var times []time.Duration
		for _, path := range []string{after, before, after} {
			started := time.Now()
			if code := in.importFile(t, path, 0); code != 0 {
				t.Fatalf("an import that nobody kills ends with %d", code)
			}
			times = append(times, time.Since(started))
		}
		slices.Sort(times)
		whole := times[1] // the middle one: the first may have to assess what was left before it
		olds, news := 0, 0
		for range 8 {
			if code := in.importFile(t, before, 0); code != 0 {
				t.Fatalf("the way back ends with %d", code)
			}
			in.importFile(t, after, time.Duration(r.Int64N(int64(whole)))+10*time.Millisecond)
			switch got := in.census(t); {
			case maps.Equal(got, was):
				olds++
			case maps.Equal(got, will):
				news++
			default:
				t.Fatalf("after a kill %d people stand that are neither those before nor those after", len(got))
			}
			in.forgetTheDead(t)
		}
		if code := in.importFile(t, after, 0); code != 0 {
			t.Fatalf("the last import ends with %d", code)
		}
		if got := in.census(t); !maps.Equal(got, will) {
			t.Errorf("in the end %d people stand, not %d", len(got), len(will))
		}
		t.Logf("killed 8 times within %v: %d times the old state stood, %d times the new", whole.Round(time.Millisecond), olds, news)
	})
}

func writeCSV(t *testing.T, path string, o *org.Organisation) {
	t.Helper()
	f, err := os.Create(filepath.Clean(path))
	if err != nil {
		t.Fatal(err)
	}
	_, err = madeup.WriteCSV(f, o)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

// firstImport makes the source and says what its columns are.
func (in *install) firstImport(t *testing.T, path string) {
	t.Helper()
	a := in.inside(t, clock.System(), "http://127.0.0.1:1")
	ctx, stop := context.WithCancel(t.Context())
	var work sync.WaitGroup
	work.Go(func() { a.Run(ctx) })
	err := takeFirst(ctx, a, access.Actor{Kind: access.Person, Tenant: in.tenant, ID: in.account, Owner: in.account, Roles: []access.Role{access.HR}}, path)
	stop()
	work.Wait()
	if err := errors.Join(err, a.Close()); err != nil {
		t.Fatal(err)
	}
}

func takeFirst(ctx context.Context, a *app.App, hr access.Actor, path string) error {
	source, err := a.Staff.AddSource(ctx, hr, people.SourceInput{Name: "Payroll", Complete: true})
	if err != nil {
		return err
	}
	importID, err := a.Staff.Receive(ctx, hr, people.Arrival{Source: source.ID, FileName: "before.csv", Path: path, Asked: asked.Request{}})
	if err != nil {
		return err
	}
	v, err := a.Staff.Import(ctx, hr, importID)
	if err != nil {
		return err
	}
	reading, err := people.ReadingOf(&v)
	if err != nil {
		return err
	}
	m, err := mapping.Parse(reading.Mapping)
	if err != nil {
		return err
	}
	if err := a.Staff.Map(ctx, hr, importID, m, v.Version); err != nil {
		return err
	}
	for v.State != store.Applied {
		if err := clock.Wait(ctx, 20*time.Millisecond); err != nil {
			return err
		}
		if v, err = a.Staff.Import(ctx, hr, importID); err != nil {
			return err
		}
		switch v.State {
		case store.Previewed:
			if err := a.Staff.Apply(ctx, hr, importID, v.Version, true); err != nil {
				return err
			}
		case store.Failed:
			return errors.New(v.Counts)
		default:
		}
	}
	return nil
}

// importFile runs the command, and kills it after a while; 0 lets it come to its end. It returns the exit code.
func (in *install) importFile(t *testing.T, path string, killed time.Duration) int {
	t.Helper()
	program, err := build()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, "people", "import", path, "--data", in.dir, "--database", in.database, "--source", "Payroll", "--yes", "--accept-loss")
	cmd.Env = append(os.Environ(), "TEKENTAFEL_KEY="+in.key)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if killed > 0 {
		time.AfterFunc(killed, func() { _ = cmd.Process.Kill() })
	}
	err = cmd.Wait()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		t.Fatal(err)
	}
	if code := cmp.Or(cmd.ProcessState.ExitCode(), 0); code <= 0 || killed > 0 {
		return code
	}
	t.Logf("%s", said.String())
	return cmd.ProcessState.ExitCode()
}

// open opens the store, which no program uses.
func (in *install) open(t *testing.T) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), in.database)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// census reads what stands.
func (in *install) census(t *testing.T) census {
	t.Helper()
	d := in.open(t)
	defer d.Close() //nolint:errcheck // only read from
	head, err := store.Head(t.Context(), d.Of(in.tenant))
	if err != nil {
		t.Fatal(err)
	}
	o, err := store.Load(t.Context(), d.Of(in.tenant), head.Current)
	if err != nil {
		t.Fatal(err)
	}
	return censusOf(o)
}

// forgetTheDead lets the leases of a program that was killed end at once.
func (in *install) forgetTheDead(t *testing.T) {
	t.Helper()
	d := in.open(t)
	err := d.Write(t.Context(), in.tenant, func(s *db.Scope) error {
		_, err := s.Exec(t.Context(), `UPDATE people_heads SET lease_until = 1 WHERE tenant_id = $1 AND pending <> 0`)
		if err == nil {
			_, err = s.Exec(t.Context(), `UPDATE jobs SET lease_until = 1 WHERE tenant_id = $1 AND state = 'running'`)
		}
		return err
	})
	if err := errors.Join(err, d.Close()); err != nil {
		t.Fatal(err)
	}
}
