package app

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/report"
	skillsasked "tekentafel/internal/skills/asked"
	"tekentafel/internal/survey/ballot"
	"tekentafel/internal/survey/compose"
	"tekentafel/internal/survey/invite"
	"tekentafel/internal/survey/record"
	lifecycle "tekentafel/internal/survey/wave"
	"tekentafel/internal/synth"
)

// The wave of the made-up city that asked the ten situations and is closed: how many of ten people answered, and how long ago.
const (
	demoTested   = "GenAI-monitor met tien situaties, september 2026"
	demoOfTen    = 5
	demoDaysAgo  = 40
	demoOpenDays = 15
)

// demoSituations makes the wave on the people of the personnel data, lets made-up people answer, closes it and publishes its report.
func (a *App) demoSituations(ctx context.Context, hr access.Actor) error {
	w, err := a.demoTestedWave(ctx, hr)
	if err != nil {
		return err
	}
	if err := a.demoTestedBallots(ctx, &w); err != nil {
		return err
	}
	opens := w.Opens.AddDate(0, 0, -demoDaysAgo)
	err = a.DB.Write(ctx, hr.Tenant, func(s *db.Scope) error { // it was all some weeks ago
		_, err := s.Exec(ctx, `UPDATE waves SET opens_at = $3, closes_at = $4 WHERE tenant_id = $1 AND id = $2`, w.ID, clock.Micros(opens), clock.Micros(opens.AddDate(0, 0, demoOpenDays)))
		return err
	})
	if err != nil {
		return err
	}
	if err := a.Survey.Waves.CloseNow(ctx, hr, w.ID); err != nil {
		return err
	}
	return a.demoPublished(ctx, hr, w.ID)
}

// demoTestedWave makes, plans and launches the wave.
func (a *App) demoTestedWave(ctx context.Context, hr access.Actor) (lifecycle.Wave, error) {
	none := lifecycle.Wave{}
	waves := a.Survey.Waves
	w, err := waves.Create(ctx, hr, lifecycle.Input{Base: compose.DefaultBase, Terms: lifecycle.Terms{Title: demoTested, Mode: lifecycle.Anonymous, Languages: instrument.Languages(), GroupSize: 10, Retention: 365}})
	if err != nil {
		return none, err
	}
	file, err := a.Survey.Invite.UploadStaff(ctx, hr, w.ID, invite.StaffChoice{Everybody: true, Variables: []string{"department", "family", "work"}})
	if err != nil {
		return none, err
	}
	read, err := a.Survey.Invite.Uploaded(ctx, hr, w.ID, file)
	if err != nil {
		return none, err
	}
	if _, err := a.Survey.Invite.Take(ctx, hr, w.ID, file, read.File.Guess(), asked.Request{}); err != nil {
		return none, err
	}
	if w, err = waves.Wave(ctx, hr, w.ID); err != nil {
		return none, err
	}
	choose := func(set *compose.Set) error {
		set.Recipe.On = []string{skillsasked.Module}
		set.Recipe.Off = []string{"systems_and_tasks", "leisure", "opinions", "support"}
		return nil
	}
	if err := a.Survey.Compose.Change(ctx, hr, w.ID, compose.Change{What: "parts", Version: w.Version}, choose); err != nil {
		return none, err
	}
	if w, err = waves.Wave(ctx, hr, w.ID); err != nil {
		return none, err
	}
	day := a.Now().In(a.Zone)
	opens := time.Date(day.Year(), day.Month(), day.Day()-1, 9, 0, 0, 0, a.Zone)
	if err := waves.SetPlan(ctx, hr, w.ID, w.Version, lifecycle.Plan{Contact: "team leren, 09 000 00 00", Kiosk: true, Moments: lifecycle.Moments{Opens: opens, Closes: opens.AddDate(0, 0, demoOpenDays)}}); err != nil {
		return none, err
	}
	if w, err = waves.Wave(ctx, hr, w.ID); err != nil {
		return none, err
	}
	if _, err := waves.Launch(ctx, hr, w.ID, w.Version, asked.Request{}); err != nil {
		return none, err
	}
	return waves.Wave(ctx, hr, w.ID)
}

// demoAsked is somebody of the frame, with what the personnel data says of the work.
type demoAsked struct {
	person string
	groups map[string]string
}

// demoTestedBallots lets people of the frame draw and hand in.
func (a *App) demoTestedBallots(ctx context.Context, w *lifecycle.Wave) error {
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
	var people []demoAsked
	err = r.Rows(ctx, `SELECT id, groups FROM wave_people WHERE tenant_id = $1 AND wave_id = $2 ORDER BY reference, name, id`, func(scan func(...any) error) error {
		x, raw := demoAsked{}, ""
		if err := scan(&x.person, &raw); err != nil {
			return err
		}
		people = append(people, x)
		return json.Unmarshal([]byte(raw), &people[len(people)-1].groups)
	}, w.ID)
	if err != nil {
		return err
	}
	chance := rand.New(rand.NewPCG(demoSeed, 10)) //nolint:gosec // made-up data that is the same each time
	people = slices.DeleteFunc(people, func(demoAsked) bool { return chance.IntN(10) >= demoOfTen })
	records, err := a.demoTestedRecords(ctx, w, people, chance)
	if err != nil {
		return err
	}
	day := w.Opens.In(a.Zone).Format(time.DateOnly)
	for i := range people {
		if err := a.demoBallot(ctx, w, key, people[i].person, day, records[i]); err != nil {
			return err
		}
	}
	return nil
}

// demoKind says which kind of work of the questionnaire a family of the personnel data is.
func demoKind(family string) string {
	switch family {
	case "Administratie", "Staf":
		return "administration"
	case "Beleid", "Leiding":
		return "policy"
	case "Uitvoering", "Techniek":
		return "technical"
	case "Zorg en welzijn", "Kinderopvang", "Onderwijs":
		return "care"
	case "Cultuur", "Sport en jeugd":
		return "culture"
	case "Veiligheid":
		return "safety"
	case "Informatica":
		return "it_data"
	}
	return "other"
}

// demoTestedRecords are the answers of people, as a page would send them: made up, but for the department, the kind of work and the workplace,
// which are those of the person. Who works in the field sees the own skills a step lower.
func (a *App) demoTestedRecords(ctx context.Context, w *lifecycle.Wave, people []demoAsked, chance *rand.Rand) ([][]byte, error) {
	in, err := lifecycle.Instrument(ctx, a.DB.Of(w.Tenant), w.ID)
	if err != nil {
		return nil, err
	}
	made, err := synth.New(synth.Options{Instrument: in, Size: len(people), Seed: demoSeed + 1})
	if err != nil {
		return nil, err
	}
	answers, err := made.Answers(ctx, 0, len(people))
	if err != nil {
		return nil, err
	}
	codec, err := record.New(in)
	if err != nil {
		return nil, err
	}
	agreement := []string{}
	for _, s := range a.Skills.Material().Agreement {
		agreement = append(agreement, s.ID)
	}
	out := make([][]byte, len(people))
	for i := range people {
		values := map[string]any{}
		for at := range answers.Variables {
			say(values, &answers.Variables[at], answers.Columns[at], i)
		}
		fields := people[i].groups["Bureau of terrein"] == "terrein"
		demoPlace(values, in, people[i].groups, fields)
		if fields {
			for _, s := range a.Skills.Material().Statements {
				if at := slices.Index(agreement, fmt.Sprint(values[s.ID])); at > 0 && !s.Reversed && chance.IntN(2) == 0 {
					values[s.ID] = agreement[at-1]
				}
			}
		}
		raw, err := json.Marshal(values)
		if err != nil {
			return nil, err
		}
		rec, err := codec.Draft(raw)
		if err != nil {
			return nil, err
		}
		out[i] = rec.Bytes()
	}
	return out, nil
}

// demoPlace answers where somebody works by what the personnel data says.
func demoPlace(values map[string]any, in *instrument.Instrument, groups map[string]string, field bool) {
	if it := in.Item("department"); it != nil {
		delete(values, it.ID)
		for i := range it.Options {
			if it.Options[i].Label.In(instrument.NL) == groups["Dienst"] {
				values[it.ID] = it.Options[i].ID
			}
		}
	}
	values["function_family"] = demoKind(groups["Functiefamilie"])
	values["workplace"] = "office"
	if field {
		values["workplace"] = "field"
	}
	for i := range in.Items { // the version of a situation that belongs to the workplace
		id, inField, is := skillsasked.ParseID(in.Items[i].ID)
		if other := skillsasked.ID(id, !inField); is && inField != field {
			if v, said := values[in.Items[i].ID]; said {
				if _, twice := values[other]; !twice {
					values[other] = v
				}
				delete(values, in.Items[i].ID)
			}
		}
	}
}

// demoPublished waits for the report of a wave and publishes it.
func (a *App) demoPublished(ctx context.Context, hr access.Actor, waveID string) error {
	for {
		w, err := a.Survey.Waves.Wave(ctx, hr, waveID)
		if err != nil {
			return err
		}
		if w.Report != "" {
			r, err := a.Report.Report(ctx, hr, w.Report)
			switch {
			case err != nil:
				return err
			case r.State == report.Ready:
				return a.Survey.Waves.Publish(ctx, hr, waveID)
			case r.State != report.Making:
				return fmt.Errorf("the report failed: %s", r.Trouble.In(instrument.EN))
			}
		}
		if err := clock.Wait(ctx, 50*time.Millisecond); err != nil {
			return err
		}
	}
}
