package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/clock"
	"tekentafel/internal/people"
	"tekentafel/internal/people/madeup"
	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/store"
)

// demoStaff is how many people the personnel data of the made-up city has, about.
const demoStaff = 640

// FillDemoStaff takes personnel data of the city over from a made-up export with the faults that such exports have, and leaves a later export
// waiting for somebody to look at. It does nothing where there is personnel data. Jobs must be running.
func (a *App) FillDemoStaff(ctx context.Context) error {
	t, err := a.demoTenant(ctx)
	if err != nil || t == "" {
		return err
	}
	head, err := store.Head(ctx, a.DB.Of(t))
	if err != nil || head.Current > 0 {
		return err
	}
	var account string
	if err := a.DB.Of(t).Row(ctx, `SELECT id FROM accounts WHERE tenant_id = $1 AND mail = $2`, []any{DemoPeople()[0].Mail}, &account); err != nil {
		return err
	}
	hr := access.Actor{Kind: access.Person, Tenant: t, ID: account, Owner: account, Roles: []access.Role{access.HR}}
	if err := a.demoStaff(ctx, hr); err != nil {
		return fmt.Errorf("make the personnel data of the example city: %w", err)
	}
	return nil
}

func (a *App) demoStaff(ctx context.Context, hr access.Actor) error {
	made := madeup.Make(madeup.Recipe{Seed: demoSeed, People: demoStaff, Day: org.DateOf(a.Now().In(a.Zone)), Faults: madeup.Ugly()})
	demoAccounts(made.Organisation)
	source, err := a.Staff.AddSource(ctx, hr, people.SourceInput{Name: "Loonpakket (synthetisch)", Complete: true})
	if err != nil {
		return err
	}
	first, err := a.demoFile(ctx, hr, source.ID, "personeel-oktober.csv", made.Organisation)
	if err != nil {
		return err
	}
	v, err := a.Staff.Import(ctx, hr, first)
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
	if err := a.Staff.Map(ctx, hr, v.ID, m, v.Version); err != nil {
		return err
	}
	if v, err = a.demoImport(ctx, hr, first, store.Previewed); err != nil {
		return err
	}
	if err := a.Staff.Apply(ctx, hr, v.ID, v.Version, false); err != nil {
		return err
	}
	if _, err = a.demoImport(ctx, hr, first, store.Applied); err != nil {
		return err
	}
	demoMonthLater(made.Organisation)
	second, err := a.demoFile(ctx, hr, source.ID, "personeel-november.csv", made.Organisation)
	if err != nil {
		return err
	}
	_, err = a.demoImport(ctx, hr, second, store.Previewed)
	return err
}

// demoAccounts gives some people of the organisation the names and addresses of those who can sign in: the manager leads a service.
func demoAccounts(o *org.Organisation) {
	led := map[string]int{}
	for i := range o.People {
		led[o.People[i].Manager]++
	}
	at := slices.IndexFunc(o.People, func(p org.Person) bool { return !p.Out && led[p.ID] >= 8 && led[p.ID] < 30 })
	for _, who := range DemoPeople() {
		given, family, _ := strings.Cut(who.Name, " ")
		i := at
		if !slices.Contains(who.Roles, access.Manager) || at < 0 {
			i = slices.IndexFunc(o.People, func(p org.Person) bool {
				return !p.Out && p.Number != "" && led[p.ID] == 0 && !strings.HasSuffix(p.Mail, "@voorbeeld.example")
			})
		}
		if i >= 0 {
			o.People[i].Given, o.People[i].Family, o.People[i].Mail = given, family, who.Mail
		}
	}
}

// demoMonthLater lets a month pass: a few leave, a few have another name, language or part of full time.
func demoMonthLater(o *org.Organisation) {
	for i := range o.People {
		p := &o.People[i]
		switch {
		case strings.HasSuffix(p.Mail, "@voorbeeld.example"):
		case i%80 == 7:
			p.Out = true
		case i%90 == 11:
			p.Family += "-Desmet"
		case i%70 == 5:
			p.Language = "fr"
		}
	}
	for i := range o.Posts {
		if o.Posts[i].Main && i%60 == 9 {
			o.Posts[i].FTE = 500
		}
	}
}

// demoFile brings an export and returns its import.
func (a *App) demoFile(ctx context.Context, hr access.Actor, source, name string, o *org.Organisation) (importID string, err error) {
	f, err := os.CreateTemp(a.Dir, "staff-*.csv")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, os.Remove(filepath.Clean(f.Name()))) }()
	_, err = madeup.WriteCSV(f, o)
	if err := errors.Join(err, f.Close()); err != nil {
		return "", err
	}
	return a.Staff.Receive(ctx, hr, people.Arrival{Source: source, FileName: name, Path: f.Name(), Asked: asked.Request{}})
}

// demoImport waits until an import is in a state.
func (a *App) demoImport(ctx context.Context, hr access.Actor, importID string, state store.ImportState) (store.Import, error) {
	for {
		v, err := a.Staff.Import(ctx, hr, importID)
		switch {
		case err != nil || v.State == state:
			return v, err
		case v.State == store.Failed:
			return v, fmt.Errorf("the import came to nothing: %s", v.Counts)
		}
		if err := clock.Wait(ctx, 50*time.Millisecond); err != nil {
			return v, err
		}
	}
}
