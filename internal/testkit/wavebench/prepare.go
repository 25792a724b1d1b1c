package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/app"
	"tekentafel/internal/asked"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/seal"
	"tekentafel/internal/survey/ballot"
	"tekentafel/internal/survey/record"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/tenant"
)

const organisation tenant.ID = "bench"

const (
	questionnaire  = "genai-monitor"
	drawsPerSecond = 1200  // for how many a run has people
	largeFrame     = 5_000 // people of the wave that closes; answers are made up without them
)

// hr is who makes the waves.
func hr() access.Actor {
	return access.Actor{Kind: access.Person, Tenant: organisation, ID: "bench", Owner: "bench", Roles: []access.Role{access.HR}}
}

// ground is a store with open waves, and what their people know.
type ground struct {
	database string
	data     string // folder of the server
	db       *db.DB // the store, beside the server
	boxKey   string
	box      *seal.Box
	wave     wave.Wave // that people answer
	large    wave.Wave // that closes
	public   *ballot.PublicKey
	private  []byte // PKCS #8
	codec    *record.Codec
	pins     []string
	answers  [][]byte // JSON of what people answer
	ballots  []string // that were drawn
	drawn    int      // pins of which a ballot was drawn
}

func (g *ground) close() error { return g.db.Close() }

// prepare makes a store with two anonymous waves that ask the built-in monitor: with the product itself, as somebody would
// who uploads lists of people and launches them.
func prepare(ctx context.Context, p plan, dir, database string) (_ *ground, err error) {
	g := &ground{database: database, data: dir, boxKey: seal.NewKey()}
	if g.box, err = seal.Parse(g.boxKey); err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		return nil, err
	}
	a, err := app.New(ctx, app.Config{Database: database, Dir: dir, Box: g.box, PublicURL: &url.URL{Scheme: "http", Host: "127.0.0.1"}, Version: "bench",
		MaxUpload: 256 << 20, Workers: 1, Zone: zone, Now: clock.System(), Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		return nil, err
	}
	working, stop := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		a.Run(working)
	}()
	err = g.fill(ctx, p, a)
	stop()
	<-ended
	if err := errors.Join(err, a.Close()); err != nil { //nolint:contextcheck // what is closed outlives every context
		return nil, err
	}
	if g.db, err = db.Open(ctx, database); err != nil {
		return nil, err
	}
	return g, g.analyse(ctx)
}

// analyse lets PostgreSQL look at its tables, as it does by itself within a minute or so after a list of people was read.
func (g *ground) analyse(ctx context.Context) error {
	if g.db.Engine != db.PostgreSQL {
		return nil
	}
	d, err := sql.Open("pgx", g.database)
	if err != nil {
		return err
	}
	_, err = d.ExecContext(ctx, "ANALYZE")
	return errors.Join(err, d.Close())
}

func (g *ground) fill(ctx context.Context, p plan, a *app.App) error {
	err := a.DB.Write(ctx, organisation, func(s *db.Scope) error {
		_, err := s.Exec(ctx, `INSERT INTO organisations (tenant_id, slug, name, languages, group_size, synthetic, created_at)
VALUES ($1, 'bench', 'Bench', 'nl,fr,de,en', 10, TRUE, 0)`)
		return err
	})
	if err != nil {
		return err
	}
	if g.wave, err = g.launch(ctx, a, "Bench", p.crowd+p.runs*p.seconds*drawsPerSecond); err != nil {
		return err
	}
	if g.large, err = g.launch(ctx, a, "Large", largeFrame); err != nil {
		return err
	}
	pins, err := a.Survey.Invite.PINs(ctx, &g.wave)
	if err != nil {
		return err
	}
	for _, pin := range pins {
		g.pins = append(g.pins, pin)
	}
	strata, err := wave.Strata(ctx, a.DB.Of(organisation), g.wave.ID)
	if err != nil {
		return err
	}
	if g.private, err = strata[0].PrivateKey(g.box, g.wave.ID); err != nil {
		return err
	}
	if g.public, err = ballot.ParsePublicKey(strata[0].Public); err != nil {
		return err
	}
	in, err := wave.Instrument(ctx, a.DB.Of(organisation), g.wave.ID)
	if err != nil {
		return err
	}
	g.codec, g.answers, err = answersTo(in)
	return err
}

// launch makes a wave, gives it people, and opens it.
func (g *ground) launch(ctx context.Context, a *app.App, title string, people int) (wave.Wave, error) {
	waves := a.Survey.Waves
	w, err := waves.Create(ctx, hr(), wave.Input{Base: questionnaire, Terms: wave.Terms{Title: title, Mode: wave.Anonymous, Languages: instrument.Languages(), GroupSize: 10, Retention: 365}})
	if err != nil {
		return w, err
	}
	if err := g.invite(ctx, a, w.ID, people); err != nil {
		return w, err
	}
	if w, err = waves.Wave(ctx, hr(), w.ID); err != nil {
		return w, err
	}
	opens := a.Now().Add(-time.Hour).Truncate(time.Minute)
	err = waves.SetPlan(ctx, hr(), w.ID, w.Version, wave.Plan{Contact: "hr@example.org", Moments: wave.Moments{Opens: opens, Closes: opens.AddDate(0, 0, 7)}})
	if err != nil {
		return w, err
	}
	if w, err = waves.Wave(ctx, hr(), w.ID); err != nil {
		return w, err
	}
	if _, err := waves.Launch(ctx, hr(), w.ID, w.Version, asked.Request{}); err != nil {
		return w, err
	}
	w, err = waves.Wave(ctx, hr(), w.ID)
	if err == nil && w.State != wave.Open {
		err = fmt.Errorf("the wave %s is not open", title)
	}
	return w, err
}

// invite uploads a list of people, and waits until they are in the frame.
func (g *ground) invite(ctx context.Context, a *app.App, waveID string, n int) (err error) {
	path := filepath.Join(g.data, "people.csv")
	f, err := os.Create(path) //nolint:gosec // a folder of our own
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(path)) }()
	out := csv.NewWriter(f)
	lines := [][]string{{"naam", "personeelsnummer", "dienst"}}
	departments := []string{"Groen", "Kinderopvang", "Sociale dienst", "Burgerzaken", "Bibliotheek", "Financiën"}
	for i := range n {
		lines = append(lines, []string{"Collega " + strconv.Itoa(i), strconv.Itoa(1_000_000 + i), departments[i%len(departments)]})
	}
	if err := errors.Join(out.WriteAll(lines), f.Close()); err != nil {
		return err
	}
	upload, err := a.Survey.Invite.Upload(ctx, hr(), waveID, "people.csv", path, asked.Request{})
	if err != nil {
		return err
	}
	read, err := a.Survey.Invite.Uploaded(ctx, hr(), waveID, upload)
	if err != nil {
		return err
	}
	if _, err := a.Survey.Invite.Take(ctx, hr(), waveID, upload, read.File.Guess(), asked.Request{}); err != nil {
		return err
	}
	for range 600 {
		var have int
		if err := a.DB.Of(organisation).Row(ctx, `SELECT COUNT(*) FROM wave_people WHERE tenant_id = $1 AND wave_id = $2`, []any{waveID}, &have); err != nil {
			return err
		}
		if have == n {
			return nil
		}
		if err := clock.Wait(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
	return errors.New("the list of people is not taken")
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return b
}
