package privacy

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// Schema names the form of an export. docs/privacy.md describes it.
const Schema = "tekentafel.personal-data/1"

// People answers for single persons: what the system holds about them, and their wish to be erased.
type People struct {
	db      *db.DB
	log     *audit.Log
	now     clock.Clock
	holders []held.Holder
	erasers []held.Eraser
}

// NewPeople returns a People that asks nobody yet.
func NewPeople(d *db.DB, log *audit.Log, now clock.Clock) *People {
	return &People{db: d, log: log, now: now}
}

// Ask adds features that hold data about people, in the order in which a person reads about them.
func (p *People) Ask(holders ...held.Holder) { p.holders = append(p.holders, holders...) }

// Tell adds features that can forget people, in the order in which they do. Who owns the account comes last, so that the
// others can still find out whose it was.
func (p *People) Tell(erasers ...held.Eraser) { p.erasers = append(p.erasers, erasers...) }

// Held returns what the system holds about an account, which must be the actor's own.
func (p *People) Held(ctx context.Context, t tenant.ID, actor access.Actor, account string) ([]held.Section, error) {
	if err := ownOnly(actor, access.ReadOwn, t, account); err != nil {
		return nil, err
	}
	var list []held.Section
	for _, h := range p.holders {
		sections, err := h.Held(ctx, t, account)
		if err != nil {
			return nil, fmt.Errorf("what is held about a person: %w", err)
		}
		list = append(list, sections...)
	}
	return list, nil
}

// export is the machine-readable form of what is held.
type export struct {
	Schema       string          `json:"schema"`
	Made         string          `json:"made"` // RFC 3339
	Organisation string          `json:"organisation"`
	Account      string          `json:"account"`
	Language     instrument.Lang `json:"language"` // of titles, labels and words
	Sections     []exportSection `json:"sections"`
}

type exportSection struct {
	Name  string      `json:"name"`
	Title string      `json:"title"`
	Rows  []exportRow `json:"rows"`
}

type exportRow struct {
	Source string `json:"source"`
	Label  string `json:"label"`
	Value  string `json:"value,omitempty"`
	Words  string `json:"words,omitempty"`
	When   string `json:"when,omitempty"` // RFC 3339
}

// Export returns what the system holds about an account as JSON, in the form that Schema names.
func (p *People) Export(ctx context.Context, t tenant.ID, actor access.Actor, account, organisation string, lang instrument.Lang) ([]byte, error) {
	sections, err := p.Held(ctx, t, actor, account)
	if err != nil {
		return nil, err
	}
	out := export{
		Schema: Schema, Made: stamp(p.now()), Organisation: organisation, Account: account, Language: lang, Sections: []exportSection{},
	}
	for _, s := range sections {
		part := exportSection{Name: s.Name, Title: s.Title.In(lang), Rows: []exportRow{}}
		for _, r := range s.Rows {
			part.Rows = append(part.Rows, exportRow{Source: r.Source, Label: r.Label.In(lang), Value: r.Value, Words: r.Words.In(lang), When: stamp(r.When)})
		}
		out.Sections = append(out.Sections, part)
	}
	return json.MarshalIndent(out, "", "  ")
}

// Effects says what Erase does, over all features.
func (p *People) Effects() held.Effects {
	var all held.Effects
	for _, e := range p.erasers {
		one := e.Effects()
		all.Goes, all.Stays = append(all.Goes, one.Goes...), append(all.Stays, one.Stays...)
	}
	return all
}

// Erase forgets an account, which must be the actor's own, in all features or in none.
func (p *People) Erase(ctx context.Context, t tenant.ID, actor access.Actor, account string) error {
	if err := ownOnly(actor, access.EraseOwn, t, account); err != nil {
		return err
	}
	return p.db.Write(ctx, t, func(s *db.Scope) error {
		err := p.log.Record(ctx, s, actor, audit.Entry{Action: "account.erased", Subject: account, Account: account})
		for _, e := range p.erasers {
			if err != nil {
				return err
			}
			err = e.Erase(ctx, s, account)
		}
		return err
	})
}

func ownOnly(actor access.Actor, action access.Action, t tenant.ID, account string) error {
	if account != "" && access.Can(actor, action, access.Resource{Tenant: t, Owner: account}) {
		return nil
	}
	return problem.New(problem.Forbidden, locale(), "problem.forbidden", nil)
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
