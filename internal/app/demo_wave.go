package app

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/survey/ballot"
	"tekentafel/internal/survey/monitor"
	"tekentafel/internal/survey/record"
	"tekentafel/internal/survey/urn"
	lifecycle "tekentafel/internal/survey/wave"
	"tekentafel/internal/synth"
	"tekentafel/internal/tenant"
)

// The wave of the made-up city that is open: its people, and how many of them have answered.
const (
	demoFrame  = 420
	demoTaken  = 168
	demoDays   = 5
	demoRecent = "GenAI-monitor najaar 2026"
)

// DemoInvitation is how somebody of the made-up city answers without an account.
type DemoInvitation struct{ Address, PIN string }

// FillDemoWave makes a wave of the city that is open and half answered, unless it has one already, and returns an invitation to
// it. Jobs must be running.
func (a *App) FillDemoWave(ctx context.Context) (DemoInvitation, error) {
	t, err := a.demoTenant(ctx)
	if err != nil || t == "" {
		return DemoInvitation{}, err
	}
	waves, err := lifecycle.List(ctx, a.DB.Of(t))
	if err != nil {
		return DemoInvitation{}, err
	}
	at := slices.IndexFunc(waves, func(w lifecycle.Wave) bool { return w.State == lifecycle.Open })
	if at < 0 && len(waves) > 0 {
		return DemoInvitation{}, nil
	}
	if at >= 0 {
		return a.demoInvitation(ctx, &waves[at])
	}
	w, err := a.demoWave(ctx, t)
	if err != nil {
		return DemoInvitation{}, fmt.Errorf("make the open wave of the example city: %w", err)
	}
	return a.demoInvitation(ctx, &w)
}

// demoInvitation is that of the last person of the frame who has not answered.
func (a *App) demoInvitation(ctx context.Context, w *lifecycle.Wave) (DemoInvitation, error) {
	pins, err := a.Survey.Invite.PINs(ctx, w)
	if err != nil {
		return DemoInvitation{}, err
	}
	var person string
	err = a.DB.Of(w.Tenant).Row(ctx, `SELECT COALESCE(MAX(id), '') FROM wave_people WHERE tenant_id = $1 AND wave_id = $2 AND NOT taken AND account_id = ''`,
		[]any{w.ID}, &person)
	return DemoInvitation{Address: a.PublicURL.JoinPath("w", w.Code).String(), PIN: pins[person]}, err
}

// demoWave makes, plans and launches the wave, and lets made-up people answer.
func (a *App) demoWave(ctx context.Context, t tenant.ID) (lifecycle.Wave, error) {
	var account string
	if err := a.DB.Of(t).Row(ctx, `SELECT id FROM accounts WHERE tenant_id = $1 AND mail = $2`, []any{DemoPeople()[0].Mail}, &account); err != nil {
		return lifecycle.Wave{}, err
	}
	hr := access.Actor{Kind: access.Person, Tenant: t, ID: account, Owner: account, Roles: []access.Role{access.HR}}
	waves := a.Survey.Waves
	w, err := waves.Create(ctx, hr, lifecycle.Input{Base: "genai-monitor", Terms: lifecycle.Terms{Title: demoRecent, Mode: lifecycle.Anonymous, Languages: instrument.Languages(), GroupSize: 10, Retention: 365}})
	if err != nil {
		return lifecycle.Wave{}, err
	}
	if err := a.demoPeople(ctx, hr, w.ID); err != nil {
		return lifecycle.Wave{}, err
	}
	if w, err = waves.Wave(ctx, hr, w.ID); err != nil {
		return lifecycle.Wave{}, err
	}
	day := a.Now().In(a.Zone)
	opens := time.Date(day.Year(), day.Month(), day.Day()-demoDays, 9, 0, 0, 0, a.Zone)
	plan := lifecycle.Plan{Contact: "team leren, 09 000 00 00", Kiosk: true,
		Moments: lifecycle.Moments{Opens: opens, Closes: opens.AddDate(0, 0, 16), Reminders: []time.Time{opens.AddDate(0, 0, 7), opens.AddDate(0, 0, 13)}}}
	if err := waves.SetPlan(ctx, hr, w.ID, w.Version, plan); err != nil {
		return lifecycle.Wave{}, err
	}
	if w, err = waves.Wave(ctx, hr, w.ID); err != nil {
		return lifecycle.Wave{}, err
	}
	if _, err := waves.Launch(ctx, hr, w.ID, w.Version, asked.Request{}); err != nil {
		return lifecycle.Wave{}, err
	}
	if w, err = waves.Wave(ctx, hr, w.ID); err != nil {
		return lifecycle.Wave{}, err
	}
	// A wave opens no earlier than it is launched; this one shows what its first days brought.
	w.Opens = opens
	err = a.DB.Write(ctx, t, func(s *db.Scope) error {
		_, err := s.Exec(ctx, `UPDATE waves SET opens_at = $3 WHERE tenant_id = $1 AND id = $2`, w.ID, clock.Micros(opens))
		return err
	})
	if err != nil {
		return lifecycle.Wave{}, err
	}
	return w, a.demoBallots(ctx, &w)
}

// demoPeople uploads the list of staff: the accounts of the city, and made-up colleagues of whom every third has no mailbox.
func (a *App) demoPeople(ctx context.Context, hr access.Actor, waveID string) (err error) {
	f, err := os.CreateTemp(a.Dir, "frame-*.csv")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()
	departments := []string{"Groen en wegen", "Kinderopvang", "Sociale dienst", "Burgerzaken", "Bibliotheek", "Financiën en ICT"}
	out := csv.NewWriter(f)
	lines := [][]string{{"naam", "e-mail", "personeelsnummer", "dienst"}}
	for i, p := range DemoPeople() {
		lines = append(lines, []string{p.Name, p.Mail, "", departments[i%len(departments)]})
	}
	lines = append(lines, []string{"Wim De Wegenwerker", "", DemoNumber, departments[0]})
	for i := len(lines); i <= demoFrame; i++ {
		mail := fmt.Sprintf("collega%d@voorbeeld.example", i)
		if i%3 == 0 {
			mail = ""
		}
		lines = append(lines, []string{"Collega " + strconv.Itoa(i), mail, strconv.Itoa(20000 + i), departments[i%len(departments)]})
	}
	if err := errors.Join(out.WriteAll(lines), f.Close()); err != nil {
		return err
	}
	upload, err := a.Survey.Invite.Upload(ctx, hr, waveID, "personeel.csv", f.Name(), asked.Request{})
	if err != nil {
		return err
	}
	read, err := a.Survey.Invite.Uploaded(ctx, hr, waveID, upload)
	if err != nil {
		return err
	}
	_, err = a.Survey.Invite.Take(ctx, hr, waveID, upload, read.File.Guess(), asked.Request{})
	return err
}

// demoBallots lets made-up people draw and hand in, as the page does, on the days since the wave opened.
func (a *App) demoBallots(ctx context.Context, w *lifecycle.Wave) error {
	r := a.DB.Of(w.Tenant)
	strata, err := lifecycle.Strata(ctx, r, w.ID)
	if err != nil {
		return err
	}
	raw, err := strata[0].PrivateKey(a.Box, w.ID)
	if err != nil {
		return err
	}
	key, err := ballot.ParseKey(raw)
	if err != nil {
		return err
	}
	in, err := lifecycle.Instrument(ctx, r, w.ID)
	if err != nil {
		return err
	}
	records, err := demoRecords(ctx, in)
	if err != nil {
		return err
	}
	var people []string
	err = r.Rows(ctx, `SELECT id FROM wave_people WHERE tenant_id = $1 AND wave_id = $2 AND account_id = '' ORDER BY id`, func(scan func(...any) error) error {
		var person string
		err := scan(&person)
		people = append(people, person)
		return err
	}, w.ID)
	if err != nil {
		return err
	}
	given := min(len(records), len(people)-1)
	for i := range demoDays {
		day := w.Opens.In(a.Zone).AddDate(0, 0, i)
		for n := given * i / demoDays; n < given*(i+1)/demoDays; n++ {
			if err := a.demoBallot(ctx, w, key, people[n], day.Format(time.DateOnly), records[n]); err != nil {
				return err
			}
		}
		if err := a.countDay(ctx, day.AddDate(0, 0, 1)); err != nil {
			return err
		}
	}
	return nil
}

// countDay counts the open waves as if a day began.
func (a *App) countDay(ctx context.Context, day time.Time) error {
	m := monitor.Service{DB: a.DB, Now: func() time.Time { return day }, Log: a.Log, Zone: a.zone}
	return m.Due(ctx)
}

func (a *App) demoBallot(ctx context.Context, w *lifecycle.Wave, key *ballot.Key, person, day string, rec []byte) error {
	request, err := ballot.Blind(key.Public(), rand.Reader)
	if err != nil {
		return err
	}
	signature, err := key.Sign(request.Blinded())
	if err != nil {
		return err
	}
	sum := sha256.Sum256(request.Blinded())
	if err := a.Survey.Urn.Draw(ctx, w, person, hex.EncodeToString(sum[:]), day); err != nil {
		return err
	}
	b, err := request.Finish(signature)
	if err != nil {
		return err
	}
	return a.Survey.Urn.Put(ctx, w, urn.Entry{Key: b.Key(), Ballot: append(b.Message[:], b.Signature[:]...), Record: rec})
}

// demoRecords are answers of made-up people to the questionnaire, as a page would send them.
func demoRecords(ctx context.Context, in *instrument.Instrument) ([][]byte, error) {
	made, err := synth.New(synth.Options{Instrument: in, Size: demoTaken, Seed: demoSeed})
	if err != nil {
		return nil, err
	}
	answers, err := made.Answers(ctx, 0, demoTaken)
	if err != nil {
		return nil, err
	}
	codec, err := record.New(in)
	if err != nil {
		return nil, err
	}
	var out [][]byte
	for i := range answers.N {
		values := map[string]any{}
		for at := range answers.Variables {
			say(values, &answers.Variables[at], answers.Columns[at], i)
		}
		raw, err := json.Marshal(values)
		if err != nil {
			return nil, err
		}
		rec, err := codec.Draft(raw)
		if err != nil {
			return nil, err
		}
		out = append(out, rec.Bytes())
	}
	return out, nil
}

// say writes what respondent i answered to a variable, as a page sends it.
func say(values map[string]any, v *instrument.Variable, c *instrument.Column, i int) {
	if c == nil {
		return
	}
	switch o := v.OptionOf(c.At(i)); {
	case o == nil:
	case v.Item.Kind == instrument.Multiple && o.Missing == instrument.NotMissing:
		chosen, _ := values[v.Item.ID].([]string)
		values[v.Item.ID] = append(chosen, o.ID)
	case v.Item.Kind == instrument.Multiple:
		values[v.Item.ID] = []string{o.ID}
	default:
		values[v.ID] = o.ID
	}
}
