package app

import (
	"context"
	"slices"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/action"
	"tekentafel/internal/action/propose"
	"tekentafel/internal/asked"
	"tekentafel/internal/clock"
	"tekentafel/internal/instrument"
	lifecycle "tekentafel/internal/survey/wave"
)

// demoDoes is what the made-up city does about what a rule proposes.
type demoDoes struct {
	rule       propose.Rule
	title, why string
	owner      string
	days       int // from now until it is due
	material   action.Material
	reached    int // of the whole staff; 0 for nobody yet
	told       string
}

func demoDone() []demoDoes {
	return []demoDoes{
		{propose.Unknown, "Leg de regels uit in elke ploeg", "Veel collega’s weten niet wat mag. Een kwartier in de ploegvergadering, met voorbeelden uit het eigen werk.", "HR, team leren", 60,
			action.Material{Name: "Kaart: wat mag met AI", Version: "2"}, 212, "In elke ploeg leggen we uit wat mag en wat niet, met voorbeelden uit je eigen werk."},
		{propose.NonUse, "Begin samen: een uur aan de hand van een collega", "Wie AI niet gebruikt, zegt het vaakst niet te weten hoe. Een collega toont het op het eigen toestel.", "Kernteam", 90,
			action.Material{Name: "Draaiboek: begin samen", Version: "1"}, 0, "Je kunt een uur meedoen met een collega die het al gebruikt."},
	}
}

// demoActions settles where the people of the wave work, and lets the city do something about what the wave found, and tell it.
func (a *App) demoActions(ctx context.Context, hr access.Actor) error {
	waves, err := lifecycle.List(ctx, a.DB.Of(hr.Tenant))
	if err != nil {
		return err
	}
	at := slices.IndexFunc(waves, func(w lifecycle.Wave) bool { return w.Title == demoTested })
	if at < 0 || waves[at].Report == "" {
		return nil
	}
	report := waves[at].Report
	for _, ready, err := a.Gaps.Gap(ctx, hr, report); !ready; _, ready, err = a.Gaps.Gap(ctx, hr, report) { // it begins by itself
		if err != nil {
			return err
		}
		if err := clock.Wait(ctx, 50*time.Millisecond); err != nil {
			return err
		}
	}
	if err := a.Gaps.Confirm(ctx, hr, report, asked.Request{}); err != nil {
		return err
	}
	f, err := a.Report.Findings(ctx, hr, report)
	if err != nil {
		return err
	}
	proposed := propose.From(f)
	told := action.ToldContent{Intro: instrument.Text{instrument.NL: "Bedankt voor je antwoorden. Dit doen we ermee."}, Figures: true}
	for _, does := range demoDone() {
		i := slices.IndexFunc(proposed, func(p propose.Proposal) bool { return p.Rule == does.rule })
		if i < 0 {
			continue
		}
		made, err := a.demoAction(ctx, hr, report, f.Wave.Label, &proposed[i], &does)
		if err != nil {
			return err
		}
		told.Items = append(told.Items, action.ToldItem{Action: made, Words: instrument.Text{instrument.NL: does.told}})
	}
	if err := a.Actions.Tell(ctx, hr, report, 0, told); err != nil {
		return err
	}
	kept, err := a.Actions.ToldAbout(ctx, hr, report)
	if err != nil {
		return err
	}
	if err := a.Actions.Publish(ctx, hr, report, kept.Version); err != nil {
		return err
	}
	_, err = a.Strategy.Place(ctx, hr, report, 0)
	return err
}

// demoAction makes one action of a proposal and returns its id.
func (a *App) demoAction(ctx context.Context, hr access.Actor, report, title string, p *propose.Proposal, does *demoDoes) (string, error) {
	today := a.Now().In(a.Zone)
	d := action.Draft{Title: does.title, Why: does.why, Owner: action.Owner{Account: hr.Owner, Role: does.owner}, Target: p.Target, Starts: action.DayOf(today), Due: action.DayOf(today.AddDate(0, 0, does.days)),
		Review: action.DayOf(today.AddDate(0, 0, 2*does.days)), Measure: &action.Wish{Report: report, Key: p.Figure.Key, Direction: p.Direction}}
	from := &action.Origin{Report: report, Title: title, Rule: string(p.Rule), Proposal: p.Key(), Figure: &p.Figure}
	made, err := a.Actions.Make(ctx, hr, d, action.Birth{From: from, State: action.Planned}, asked.Request{})
	if err != nil {
		return "", err
	}
	if err := a.Actions.Supply(ctx, hr, made.ID, made.Version, does.material); err != nil || does.reached == 0 {
		return made.ID, err
	}
	if made, err = a.Actions.Action(ctx, hr, made.ID); err != nil {
		return "", err
	}
	reach := action.Reach{Day: action.DayOf(today), What: "Ploegvergaderingen", Audience: action.Target{Kind: action.Everyone}, People: does.reached, Material: does.material.Name}
	if err := a.Actions.Touch(ctx, hr, made.ID, made.Version, reach); err != nil {
		return "", err
	}
	if made, err = a.Actions.Action(ctx, hr, made.ID); err != nil {
		return "", err
	}
	return made.ID, a.Actions.Move(ctx, hr, made.ID, made.Version, action.Running, "")
}
