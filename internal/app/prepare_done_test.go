package app

import (
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/action"
	"tekentafel/internal/action/propose"
	"tekentafel/internal/asked"
	"tekentafel/internal/instrument"
	"tekentafel/internal/jobs"
	"tekentafel/internal/report"
)

// done is what the city found and does about it, by what pages are about.
type done struct {
	gap         string // a report of which a gap was computed
	calibration string
	action      string
	proposal    string
	told        string // the key of what people are told
}

// doing computes a gap and a calibration from a wave that asked situations, and gives the city actions. Personnel data and a map of needs must
// be there.
func (h *house) doing(t *testing.T) done {
	t.Helper()
	ctx, hr := t.Context(), h.actor(t, access.HR)
	if err := h.demoSituations(ctx, hr); err != nil {
		t.Fatal(err)
	}
	reports := must(h.Report.Reports(ctx, hr))(t)
	out := done{gap: reports[0].ID}
	h.worked(t, hr, must(h.Items.Calibrate(ctx, hr, false, asked.Request{}))(t))
	h.gapOf(t, hr, out.gap)
	if err := h.Gaps.Confirm(ctx, hr, out.gap, asked.Request{}); err != nil {
		t.Fatal(err)
	}
	h.worked(t, hr, must(h.Queue.List(ctx, hr, "", 1))(t)[0].ID)
	before := out.gap
	out.gap = must(h.Report.Make(ctx, hr, report.Input{Source: reports[0].Source, Title: "Dezelfde antwoorden nog eens", Wave: "najaar", Options: report.Options{Population: 600, Previous: before}}))(t).ID
	h.gapOf(t, hr, out.gap)
	out.calibration = must(h.Items.Calibrations(ctx, hr))(t)[0].ID
	must(h.Items.Adopt(ctx, hr, out.calibration, "Voor de demo", asked.Request{}))(t)

	f := must(h.Report.Findings(ctx, hr, out.gap))(t)
	out.proposal = propose.From(f)[0].Key()
	figure := propose.Figures(f)[0]
	a := must(h.Actions.Make(ctx, hr, action.Draft{Title: "Uitleg over de regels in de ploegvergadering", Why: "Velen weten niet wat mag.", Owner: action.Owner{Role: "HR"},
		Target: action.Target{Kind: action.Everyone}, Due: action.DayOf(h.Now().AddDate(0, 2, 0)), Measure: &action.Wish{Report: out.gap, Key: figure.Key, Direction: action.Up}}, action.Birth{State: action.Planned}, asked.Request{}))(t)
	out.action = a.ID
	if err := h.Actions.Touch(ctx, hr, a.ID, a.Version, action.Reach{Day: action.DayOf(h.Now()), What: "Vergadering van de ploeg groen", Audience: action.Target{Kind: action.Everyone}, People: 24, Of: 60}); err != nil {
		t.Fatal(err)
	}
	told := action.ToldContent{Intro: instrument.Text{instrument.NL: "Bedankt voor je antwoorden."}, Items: []action.ToldItem{{Action: a.ID, Words: instrument.Text{instrument.NL: "In elke ploeg leggen we uit wat mag."}}}, Figures: true}
	if err := h.Actions.Tell(ctx, hr, out.gap, 0, told); err != nil {
		t.Fatal(err)
	}
	kept := must(h.Actions.ToldAbout(ctx, hr, out.gap))(t)
	if err := h.Actions.Publish(ctx, hr, out.gap, kept.Version); err != nil {
		t.Fatal(err)
	}
	out.told = must(h.Actions.ToldAbout(ctx, hr, out.gap))(t).Key
	latest := must(h.Actions.Action(ctx, hr, a.ID))(t)
	if err := h.Actions.Move(ctx, hr, a.ID, latest.Version, action.Running, ""); err != nil {
		t.Fatal(err)
	}
	must(h.Strategy.Place(ctx, hr, out.gap, 0))(t)
	must(h.Strategy.Keep(ctx, hr, "why", instrument.NL, "Iedereen moet mee kunnen.", 0, asked.Request{}))(t)
	return out
}

// gapOf waits for the gap of a report, which begins by itself.
func (h *house) gapOf(t *testing.T, hr access.Actor, report string) {
	t.Helper()
	for _, ready, err := h.Gaps.Gap(t.Context(), hr, report); !ready; _, ready, err = h.Gaps.Gap(t.Context(), hr, report) {
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// worked waits for a job.
func (h *house) worked(t *testing.T, actor access.Actor, id string) {
	t.Helper()
	for {
		job := must(h.Queue.Get(t.Context(), actor, id))(t)
		if job.State == jobs.Failed {
			t.Fatalf("the job failed: %v", job.Trouble)
		}
		if job.State.Ended() {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// pages are where HR can begin beside what the doors lead to.
func (d done) pages() []string {
	at, item, told := "/learn/gap/"+d.gap, "/actions/items/"+d.action, "/actions/told/"+d.gap
	return []string{at, at + "/progress", at + "/map", at + "/where", at + "/change", at + "/method", at + "/reading", "/learn/items/calibration/progress", "/learn/items/calibrations/" + d.calibration,
		"/learn/items/versions/0/hold", "/learn/items/gifts/drop", item, item + "/stop", item + "/reach", item + "/material", item + "/review", item + "/undo", item + "/delete", item + "/edit",
		"/actions/proposals/" + d.gap, "/actions/proposals/" + d.gap + "/aside?proposal=" + d.proposal, told, told + "/preview", told + "/withdraw", told + "/poster", "/actions/strategy/chapters/why", "/actions/strategy/chapters/why/versions",
		"/actions/strategy/paper", "/actions/evidence/paper"}
}
