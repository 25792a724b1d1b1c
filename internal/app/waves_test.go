package app

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tekentafel/instruments"
	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/instrument"
	"tekentafel/internal/survey/compose"
	"tekentafel/internal/survey/invite"
	"tekentafel/internal/survey/invite/print"
	"tekentafel/internal/survey/monitor"
	lifecycle "tekentafel/internal/survey/wave"
)

// seeded are waves in the states in which they have pages of their own.
type seeded struct{ draft, ready, scheduled, open, closed lifecycle.Wave }

// filled is what the pages of waves need beside waves.
type filled struct {
	own, frame string         // in the draft: an own question, and an uploaded list of staff that waits to be taken
	answered   lifecycle.Wave // anonymous, closed, with a report, a list of ballots and open answers
	fromFile   string         // id of a draft whose questionnaire came from a file
}

// fill puts in the waves what somebody at work leaves there: a question, a list of staff that is not yet taken, cards to print, and
// the answers of twelve people.
func (h *house) fill(t *testing.T, w seeded) filled {
	t.Helper()
	ctx, hr, c := t.Context(), h.actor(t, access.HR), h.as(t, access.HR)
	question := url.Values{"version": {fmt.Sprint(w.draft.Version)}, "kind": {"single"}, "after": {"use_work"}}
	for _, l := range instrument.Languages() {
		question.Set("question-"+string(l), "Wat vind je van ons beleid?")
		question.Set("options-"+string(l), "goed\nslecht\nken ik niet")
	}
	made := h.post(t, c, "/waves/"+w.draft.ID+"/questions/new", question)
	own := made.Header.Get("Location")
	if made.StatusCode != http.StatusSeeOther || !strings.Contains(own, "/own/") {
		t.Fatalf("the own question is refused: %d %s %s", made.StatusCode, own, made.body)
	}
	list := "naam;e-mail;personeelsnummer;dienst;adres\n"
	for i := range 40 {
		list += fmt.Sprintf("Lid %d;lid%d@voorbeeld.example;%d;%s;\n", i, i, 100+i, []string{"Financiën", "Groen", "groen", "Financien"}[i%4])
	}
	list += "Els Fout;geen adres;100;Groen;\n"
	path := filepath.Join(t.TempDir(), "personeel.csv")
	if err := os.WriteFile(path, []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	out := filled{own: pathOf(t, own), frame: must(h.Survey.Invite.Upload(ctx, hr, w.draft.ID, "personeel.csv", path, asked.Request{}))(t)}
	must(h.Survey.Invite.PDF(ctx, hr, w.scheduled.ID, invite.Paper{Kind: print.Cards, Whom: invite.Everyone}, instrument.NL, asked.Request{}))(t)

	wave, key, people := h.crowd(t, 12)
	for i, r := range people {
		h.drawBallot(t, &wave, key, r)
		h.handIn(t, &wave, r, h.oneAnswer(t, &wave, map[string]any{ownQuestion: fmt.Sprintf("Idee %d: vraag het aan mevrouw Peeters, els@voorbeeld.example.", i)}))
	}
	out.answered = h.ended(t, hr, wave)
	draft := h.wave(t, hr, "Uit een bestand", lifecycle.Anonymous, 0, 0)
	out.fromFile = draft.ID
	file := compose.Base{Name: "eigen.yaml", YAML: string(must(instruments.Open("genai-monitor"))(t))}
	change := func(set *compose.Set) error { set.Recipe.Base = file; return nil }
	if err := h.Survey.Compose.Change(ctx, hr, draft.ID, compose.Change{What: "base", Version: draft.Version}, change); err != nil {
		t.Fatal(err)
	}
	return out
}

// waves puts waves in the made-up city.
func (h *house) waves(t *testing.T) seeded {
	t.Helper()
	hr := h.actor(t, access.HR)
	s := seeded{draft: h.wave(t, hr, "Ontwerp", lifecycle.Anonymous, 0, 0), ready: h.wave(t, hr, "Klaar", lifecycle.Confidential, 12, time.Hour)}
	s.scheduled = h.launch(t, hr, h.wave(t, hr, "Gepland", lifecycle.Anonymous, 12, time.Hour))
	s.open = h.launch(t, hr, h.wave(t, hr, "Voorjaar", lifecycle.Anonymous, 24, -time.Hour))
	h.respond(t, hr, s.open)
	s.closed = h.launch(t, hr, h.wave(t, hr, "Najaar", lifecycle.Confidential, 12, -time.Hour))
	if err := h.Survey.Waves.CloseNow(t.Context(), hr, s.closed.ID); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		s.closed = must(h.Survey.Waves.Wave(t.Context(), hr, s.closed.ID))(t)
		job := must(h.Queue.Get(t.Context(), hr, s.closed.Settings.Job))(t)
		if job.State.Ended() {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the closed wave is not processed: %+v", job)
		}
	}
	return s
}

// wave makes a draft with so many people, which opens after a while; without people it has no plan either.
func (h *house) wave(t *testing.T, hr access.Actor, title string, mode lifecycle.Mode, people int, opens time.Duration) lifecycle.Wave {
	t.Helper()
	ctx := t.Context()
	w := must(h.Survey.Waves.Create(ctx, hr, lifecycle.Input{Base: "genai-monitor", Terms: lifecycle.Terms{Title: title, Mode: mode, Languages: instrument.Languages(), GroupSize: 10, Retention: 365}}))(t)
	for i := range people {
		member := invite.MemberInput{Name: fmt.Sprintf("Lid %d", i), Language: instrument.NL}
		if i%3 == 0 {
			member.Mail = fmt.Sprintf("%s.lid%d@voorbeeld.example", w.Code, i)
		}
		id := must(h.Survey.Invite.Add(ctx, hr, w.ID, member))(t)
		h.exec(t, hr, `UPDATE wave_people SET groups = $4 WHERE tenant_id = $1 AND wave_id = $2 AND id = $3`, w.ID, id, `{"department":"`+[]string{"Financiën", "Groen"}[i%2]+`"}`)
	}
	if people > 0 {
		now := h.Now()
		plan := lifecycle.Plan{Contact: "Hilde Roels, 09 123 45 67", Kiosk: true, Moments: lifecycle.Moments{Opens: now.Add(opens), Closes: now.AddDate(0, 0, 14), Reminders: []time.Time{now.AddDate(0, 0, 7)}}}
		if err := h.Survey.Waves.SetPlan(ctx, hr, w.ID, must(h.Survey.Waves.Wave(ctx, hr, w.ID))(t).Version, plan); err != nil {
			t.Fatal(err)
		}
	}
	return must(h.Survey.Waves.Wave(ctx, hr, w.ID))(t)
}

func (h *house) launch(t *testing.T, hr access.Actor, w lifecycle.Wave) lifecycle.Wave {
	t.Helper()
	must(h.Survey.Waves.Launch(t.Context(), hr, w.ID, w.Version, asked.Request{}))(t)
	return must(h.Survey.Waves.Wave(t.Context(), hr, w.ID))(t)
}

// respond shows of a wave what two days would, as if it were larger.
func (h *house) respond(t *testing.T, hr access.Actor, w lifecycle.Wave) {
	t.Helper()
	group := func(value string, people, mail, low int) monitor.Group {
		return monitor.Group{Value: value, People: people, WithMail: mail, Taken: monitor.Range{Low: low, High: low + 9}}
	}
	for i, taken := range []int{120, 210} {
		r := monitor.Release{Day: h.Now().AddDate(0, 0, i-1).Format(time.DateOnly), People: 640, Taken: monitor.Range{Low: taken, High: taken + 9}, Answers: monitor.Range{Low: taken - 20, High: taken - 11},
			Variables: []monitor.Variable{{Name: "dienst", Groups: []monitor.Group{group("Financiën", 200, 200, taken-110), group("Groen en ruimte", 240, 20, 20), group("Burgerzaken", 120, 110, taken/3),
				group("Sport", 60, 60, 0), {Merged: 3, People: 20, WithMail: 20, Taken: monitor.Range{Low: 0, High: 20}}}}}}
		h.exec(t, hr, `INSERT INTO wave_releases (tenant_id, wave_id, day, figures) VALUES ($1, $2, $3, $4)`, w.ID, r.Day, string(must(json.Marshal(r))(t)))
	}
}
