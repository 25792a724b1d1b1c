package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"tekentafel/instruments"
	"tekentafel/internal/access"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/identity"
	"tekentafel/internal/instrument"
	"tekentafel/internal/report"
	"tekentafel/internal/synth"
	"tekentafel/internal/tenant"
)

// DemoPassword opens every account of the demonstration. It protects nothing: the data is made up and stays on this machine.
const DemoPassword = "tekentafel-voorbeeld" //nolint:gosec // it is printed at the start

// DemoPIN opens the account of the worker without a mailbox, with DemoNumber.
const (
	DemoPIN    = "480912"
	DemoNumber = "10204"
)

// DemoPerson is somebody of the made-up city.
type DemoPerson struct {
	Name, Mail string
	Roles      []access.Role
}

// DemoPeople lists the people of the made-up city, one for each role.
func DemoPeople() []DemoPerson {
	return []DemoPerson{
		{"Hilde Maes", "hr@voorbeeld.example", []access.Role{access.HR}},
		{"Emma Peeters", "medewerker@voorbeeld.example", nil},
		{"Luc Janssens", "leidinggevende@voorbeeld.example", []access.Role{access.Manager}},
		{"Karima Benali", "kernteam@voorbeeld.example", []access.Role{access.CoreTeam}},
		{"Dirk Wouters", "dpo@voorbeeld.example", []access.Role{access.DPO}},
		{"Rosa Claes", "onderzoeker@voorbeeld.example", []access.Role{access.Researcher}},
		{"Adam Vermeulen", "beheerder@voorbeeld.example", []access.Role{access.Administrator}},
	}
}

const (
	demoSeed       = 2026
	demoAnswers    = 1214
	demoPopulation = 2961
	demoWave       = "voorjaar 2026"
)

// FillDemo makes the city with a closed wave and its published report, unless the store holds an organisation already.
// Jobs must be running: it waits for the report.
func (a *App) FillDemo(ctx context.Context) error {
	var n int
	if err := a.DB.System().Row(ctx, `SELECT COUNT(*) FROM organisations`, nil, &n); err != nil || n > 0 {
		return err
	}
	people := make([]identity.Seed, 0, len(DemoPeople())+1)
	for _, p := range DemoPeople() {
		people = append(people, identity.Seed{AccountInput: identity.AccountInput{Name: p.Name, Mail: p.Mail, Language: instrument.NL, Roles: p.Roles}, Password: DemoPassword})
	}
	people = append(people, identity.Seed{AccountInput: identity.AccountInput{Name: "Wim De Wegenwerker", StaffNumber: DemoNumber, Language: instrument.NL}, PIN: DemoPIN})
	t, accounts, err := a.Identity.Found(ctx, "", identity.OrganisationInput{
		Slug: "voorbeeld", Name: "Stad Voorbeeld", Languages: instrument.Languages(), GroupSize: 10, Synthetic: true,
		Settings: identity.Settings{SecondFactorOptional: true},
	}, people)
	if err != nil {
		return fmt.Errorf("make the example city: %w", err)
	}
	hr := access.Actor{Kind: access.Person, Tenant: t, ID: accounts[0].ID, Owner: accounts[0].ID, Roles: []access.Role{access.HR}}
	return a.demoReport(ctx, hr)
}

// demoReport uploads made-up answers, lets a job make the report of them, and publishes it.
func (a *App) demoReport(ctx context.Context, hr access.Actor) error {
	src, err := a.demoAnswers(ctx, hr)
	if err != nil {
		return fmt.Errorf("make the answers of the example city: %w", err)
	}
	r, err := a.Report.Make(ctx, hr, report.Input{Source: src.ID, Title: "GenAI-monitor " + demoWave, Wave: demoWave,
		Options: report.Options{Population: demoPopulation, By: []string{"department", "age", "workplace"}}})
	if err != nil {
		return err
	}
	for r.State == report.Making {
		if err := clock.Wait(ctx, 50*time.Millisecond); err != nil {
			return err
		}
		if r, err = a.Report.Report(ctx, hr, r.ID); err != nil {
			return err
		}
	}
	if r.State != report.Ready {
		return fmt.Errorf("the example report failed: %s", r.Trouble.In(instrument.EN))
	}
	return a.Report.Publish(ctx, hr, r.ID)
}

func (a *App) demoAnswers(ctx context.Context, hr access.Actor) (_ report.Source, err error) {
	src, err := instruments.Open("genai-monitor")
	if err != nil {
		return report.Source{}, err
	}
	in, err := instrument.Parse("genai-monitor.yaml", src)
	if err != nil {
		return report.Source{}, err
	}
	w, err := synth.New(synth.Options{Instrument: in.Asking(), Size: demoAnswers, Seed: demoSeed, Population: demoPopulation})
	if err != nil {
		return report.Source{}, err
	}
	f, err := os.CreateTemp(a.Dir, "demo-*.csv")
	if err != nil {
		return report.Source{}, err
	}
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()
	if err := errors.Join(w.Write(ctx, f, "voorjaar-2026.csv"), f.Close()); err != nil {
		return report.Source{}, err
	}
	var margins bytes.Buffer
	if err := w.WriteMargins(&margins); err != nil {
		return report.Source{}, err
	}
	return a.Report.AddSource(ctx, hr, report.SourceInput{Name: "Voorjaar 2026", Instrument: "genai-monitor", FileName: "voorjaar-2026.csv",
		File: f.Name(), Margins: margins.Bytes()})
}

// demoTenant returns the made-up city; "" when there is none.
func (a *App) demoTenant(ctx context.Context) (tenant.ID, error) {
	var t string
	err := a.DB.System().Row(ctx, `SELECT tenant_id FROM organisations WHERE synthetic AND slug = 'voorbeeld'`, nil, &t)
	if errors.Is(err, db.ErrNoRow) {
		return "", nil
	}
	return tenant.ID(t), err
}
