package faulttest

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"tekentafel/instruments"
	"tekentafel/internal/access"
	"tekentafel/internal/app"
	"tekentafel/internal/asked"
	"tekentafel/internal/clock"
	"tekentafel/internal/identity"
	"tekentafel/internal/instrument"
	"tekentafel/internal/report"
	"tekentafel/internal/seal"
	"tekentafel/internal/synth"
	"tekentafel/internal/tenant"
	"tekentafel/internal/testkit/pgtest"
)

// clients is how many change things side by side. Each has a report of its own.
const clients = 6

// install is an installation with somebody in it who may do everything, a key of theirs, answers and reports.
type install struct {
	database string
	dir      string   // data folder
	key      string   // of the installation
	prefix   []string // of the command that starts the program

	tenant  tenant.ID
	account string
	token   string // of the API
	source  string // answers of a few hundred people
	large   string // answers that take long to analyse
	reports []string
}

// eachEngine runs a test on both engines.
func eachEngine(t *testing.T, test func(t *testing.T, in *install)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		test(t, prepare(t, dir, filepath.Join(dir, "tekentafel.db")))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, prepare(t, t.TempDir(), pgtest.New(t)))
	})
}

// inside builds the server in this process.
func (in *install) inside(t *testing.T, now clock.Clock, public string) *app.App {
	t.Helper()
	u, err := url.Parse(public)
	if err != nil {
		t.Fatal(err)
	}
	box, err := seal.Parse(in.key)
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.New(t.Context(), app.Config{Database: in.database, Dir: t.TempDir(), Box: box, PublicURL: u, Version: "test", MaxUpload: 64 << 20,
		Workers: 2, Zone: clock.Brussels(), Now: now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// prepare makes an installation.
func prepare(t *testing.T, dir, database string) *install {
	t.Helper()
	in := &install{database: database, dir: dir, key: seal.NewKey()}
	a := in.inside(t, clock.System(), "http://127.0.0.1:1")
	ctx, stop := context.WithCancel(t.Context())
	var work sync.WaitGroup
	work.Go(func() { a.Run(ctx) })
	err := in.fill(ctx, a)
	stop()
	work.Wait()
	if closed := a.Close(); err != nil || closed != nil {
		t.Fatal(err, closed)
	}
	return in
}

// found makes the organisation, and somebody in it with a key.
func (in *install) found(ctx context.Context, a *app.App) (actor access.Actor, err error) {
	roles := []access.Role{access.HR, access.DPO, access.Administrator}
	var accounts []identity.AccountView
	in.tenant, accounts, err = a.Identity.Found(ctx, "", identity.OrganisationInput{Slug: "stad", Name: "Stad Voorbeeld", Languages: instrument.Languages(),
		GroupSize: 10, Synthetic: true}, []identity.Seed{{AccountInput: identity.AccountInput{Name: "Alles Mag", Mail: "alles@voorbeeld.example", Language: instrument.EN, Roles: roles}}})
	if err != nil {
		return actor, err
	}
	in.account = accounts[0].ID
	actor = access.Actor{Kind: access.Person, Tenant: in.tenant, ID: in.account, Owner: in.account, Roles: roles}
	_, in.token, err = a.Identity.MakeKey(ctx, actor, identity.KeyInput{Name: "faults", Scopes: identity.Grantable(actor), ExpiresAt: a.Now().AddDate(0, 11, 0)}, asked.Request{})
	return actor, err
}

func (in *install) fill(ctx context.Context, a *app.App) error {
	actor, err := in.found(ctx, a)
	if err != nil {
		return err
	}
	if in.source, err = answers(ctx, a, actor, 200); err != nil {
		return err
	}
	if in.large, err = answers(ctx, a, actor, 4000); err != nil {
		return err
	}
	for i := range clients {
		r, err := a.Report.Make(ctx, actor, report.Input{Source: in.source, Title: fmt.Sprintf("Report %d", i), Wave: "spring", Options: report.Options{By: []string{"none"}}})
		if err != nil {
			return err
		}
		in.reports = append(in.reports, r.ID)
	}
	for _, made := range in.reports {
		for r := (report.Report{State: report.Making}); r.State == report.Making; {
			if err := clock.Wait(ctx, 5*time.Millisecond); err != nil {
				return err
			}
			if r, err = a.Report.Report(ctx, actor, made); err != nil {
				return err
			}
			if r.State == report.Failed {
				return fmt.Errorf("a report failed: %s", r.Trouble.In(instrument.EN))
			}
		}
	}
	return nil
}

// answers uploads made-up answers of n people.
func answers(ctx context.Context, a *app.App, actor access.Actor, n int) (string, error) {
	src, err := instruments.Open("genai-monitor")
	if err != nil {
		return "", err
	}
	questionnaire, err := instrument.Parse("genai-monitor.yaml", src)
	if err != nil {
		return "", err
	}
	w, err := synth.New(synth.Options{Instrument: questionnaire, Size: n, Seed: 1})
	if err != nil {
		return "", err
	}
	path := filepath.Join(a.Dir, "answers.csv")
	f, err := os.Create(path)
	if err != nil {
		return "", err
	}
	if err := w.Write(ctx, f, "answers.csv"); err != nil {
		return "", err
	}
	if err := f.Close(); err != nil {
		return "", err
	}
	made, err := a.Report.AddSource(ctx, actor, report.SourceInput{Name: fmt.Sprint(n, " people"), Instrument: "genai-monitor", FileName: "answers.csv", File: path})
	return made.ID, err
}
