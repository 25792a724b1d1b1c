package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/seal"
	"tekentafel/internal/serving"
	"tekentafel/internal/survey/answering"
	"tekentafel/internal/survey/invite"
	"tekentafel/internal/survey/urn"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/tenant"
	"tekentafel/internal/web"
)

// serve answers the pages and operations of people who take part, as the product does, until a signal comes.
func serve(ctx context.Context, address, database, boxKey string) error {
	d, err := db.Open(ctx, database)
	if err != nil {
		return err
	}
	box, err := seal.Parse(boxKey)
	if err != nil {
		return errors.Join(err, d.Close())
	}
	now := clock.System()
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	server := web.New(web.Config{PublicURL: &url.URL{Scheme: "http", Host: address}}, nobody{}, unseen{}, now, log)
	pages := answering.New(answering.Dependencies{
		Waves:  &answering.Source{DB: d, Box: box, Clock: now, Organisations: nobody{}},
		People: people{&invite.Service{Dependencies: invite.Dependencies{DB: d, Box: box, Now: now}}},
		Urn:    urn.New(urn.Dependencies{DB: d, Box: box, Now: now}),
		Drafts: answering.DraftStore{DB: d}, Box: box, Clock: now,
	})
	if err := pages.AddTo(server); err != nil {
		return errors.Join(err, d.Close())
	}
	l, err := serving.Open(ctx, serving.Config{Listen: address, Grace: 10 * time.Second}, log)
	if err != nil {
		return errors.Join(err, d.Close())
	}
	return l.Serve(ctx, nil, server, nil, serving.Work{Close: d.Close})
}

// nobody is signed in, to an organisation that looks like every other.
type nobody struct{}

// Visit implements web.Visitors.
func (nobody) Visit(context.Context, *http.Request) (web.Visit, error) {
	return web.Visit{Actor: access.Actor{Kind: access.Visitor}}, nil
}

// Organisation implements answering.Organisations.
func (nobody) Organisation(_ context.Context, t tenant.ID) (web.Organisation, error) {
	return web.Organisation{ID: t, Slug: "bench", Name: "Bench", Languages: instrument.Languages(), GroupSize: 10, Synthetic: true}, nil
}

type unseen struct{}

// Answered implements web.Observer.
func (unseen) Answered(string, string, int, time.Duration) {}

type people struct{ *invite.Service }

// Find implements answering.People.
func (p people) Find(ctx context.Context, w *wave.Wave, pin string) (answering.Person, error) {
	return found(p.Service.Find(ctx, w, pin))
}

// BySession implements answering.People.
func (p people) BySession(ctx context.Context, w *wave.Wave, account string) (answering.Person, error) {
	return found(p.Service.BySession(ctx, w, account))
}

func found(who invite.Person, err error) (answering.Person, error) {
	return answering.Person{ID: who.ID, Stratum: who.Stratum, Taken: who.Taken}, err
}
