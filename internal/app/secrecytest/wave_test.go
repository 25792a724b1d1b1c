package secrecytest

import (
	cryptorand "crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/backup"
	"tekentafel/internal/instrument"
	skillsasked "tekentafel/internal/skills/asked"
	"tekentafel/internal/survey/ballot"
	"tekentafel/internal/survey/compose"
	"tekentafel/internal/survey/invite"
	"tekentafel/internal/survey/record"
	lifecycle "tekentafel/internal/survey/wave"
	"tekentafel/internal/synth"
	"tekentafel/internal/testkit/pgtest"
)

// departments are those of the wave: in the first there are exactly as many people as a group must have, the victim among them.
var departments = []struct {
	id     string
	people int
}{{"groen", 10}, {"financien", 30}, {"burgerzaken", 30}}

// voter is somebody of the frame of the wave.
type voter struct {
	pin     string
	answers map[string]any
}

// asking is a wave in which everybody but two answered: the victim and a neighbour in the same group, who answer everything alike but for
// what is about skills.
type asking struct {
	origin            *origin
	wave              string
	victim, neighbour voter
	said              map[outcome]map[string]any
}

// every is a text in every language.
func every(s string) instrument.Text {
	return instrument.Text{instrument.NL: s, instrument.FR: s, instrument.DE: s, instrument.EN: s}
}

// asks makes the wave, lets everybody but these two answer, and saves that world.
func asks(t testing.TB) *asking {
	t.Helper()
	w := first(t).fork(t, filepath.Join(t.TempDir(), "wave.db"))
	ctx, hr := t.Context(), w.actor(access.HR)
	out := &asking{said: map[outcome]map[string]any{}}
	made := must(w.Survey.Waves.Create(ctx, hr, lifecycle.Input{Base: "genai-monitor", Terms: lifecycle.Terms{Title: "Vaardigheden", Mode: lifecycle.Anonymous, Languages: instrument.Languages(), GroupSize: 10, Retention: 365}}))(t)
	choose := func(set *compose.Set) error {
		levels := compose.Levels{}
		for _, d := range departments {
			levels.Typed = append(levels.Typed, compose.Level{ID: d.id, Label: every(d.id)})
		}
		set.Recipe.On, set.Recipe.Levels = []string{skillsasked.Module}, map[string]compose.Levels{"department": levels}
		return nil
	}
	if err := w.Survey.Compose.Change(ctx, hr, made.ID, compose.Change{What: "parts", Version: made.Version}, choose); err != nil {
		t.Fatal(err)
	}
	people := 0
	for _, d := range departments {
		for range d.people {
			people++
			must(w.Survey.Invite.Add(ctx, hr, made.ID, invite.MemberInput{Name: fmt.Sprintf("Lid %d", people), Language: instrument.NL}))(t)
		}
	}
	now := w.Now()
	plan := lifecycle.Plan{Contact: "Hilde Roels, 09 123 45 67", Moments: lifecycle.Moments{Opens: now.Add(-time.Hour), Closes: now.AddDate(0, 0, 14)}}
	if err := w.Survey.Waves.SetPlan(ctx, hr, made.ID, must(w.Survey.Waves.Wave(ctx, hr, made.ID))(t).Version, plan); err != nil {
		t.Fatal(err)
	}
	must(w.Survey.Waves.Launch(ctx, hr, made.ID, must(w.Survey.Waves.Wave(ctx, hr, made.ID))(t).Version, asked.Request{}))(t)
	launched := must(w.Survey.Waves.Wave(ctx, hr, made.ID))(t)
	out.wave = launched.ID

	in := must(lifecycle.Instrument(ctx, w.DB.Of(w.city), launched.ID))(t)
	pins := must(w.Survey.Invite.PINs(ctx, &launched))(t)
	voters := w.voters(t, in, slices.Sorted(maps.Values(pins)))
	for _, v := range voters[2:] {
		w.votes(t, &launched, v.pin, v.answers)
	}
	out.victim, out.neighbour = voters[0], voters[1]
	for _, how := range []outcome{lowest, highest} {
		out.said[how] = asSkilled(in, out.victim.answers, how)
	}
	if fmt.Sprint(out.said[lowest]) == fmt.Sprint(out.said[highest]) {
		t.Fatal("the victim answers the same in both twins")
	}
	out.origin = &origin{file: filepath.Join(folder, "wave.backup"), key: w.key, from: w}
	must(backup.ToFile(ctx, w.DB, w.Box, out.origin.file, backup.Options{Created: w.Now()}))(t)
	return out
}

// voters are people with made-up answers; the first is the victim, who answered every statement on skills.
func (w *world) voters(t testing.TB, in *instrument.Instrument, pins []string) (out []voter) {
	t.Helper()
	const more = 4 // some leave open what a page asks to be answered
	made := must(synth.New(synth.Options{Instrument: in, Size: more * len(pins), Seed: 2026}))(t)
	answers := must(made.Answers(t.Context(), 0, more*len(pins)))(t)
	codec := must(record.New(in))(t)
	for i := range answers.N {
		values := map[string]any{}
		for at := range answers.Variables {
			says(values, &answers.Variables[at], answers.Columns[at], i)
		}
		values["department"] = departments[0].id
		if _, err := codec.Read(must(json.Marshal(values))(t)); err == nil && len(out) < len(pins) {
			out = append(out, voter{answers: values})
		}
	}
	if len(out) < len(pins) {
		t.Fatalf("only %d people answer what they must", len(out))
	}
	// Those of the first group were all asked about skills, so that its figures are shown.
	slices.SortStableFunc(out, func(a, b voter) int {
		asked := func(v voter) int {
			if _, is := v.answers["comm1"]; is {
				return 0
			}
			return 1
		}
		return asked(a) - asked(b)
	})
	if _, is := out[departments[0].people].answers["comm1"]; !is {
		t.Fatal("too few answered a statement on skills")
	}
	out[1].answers = maps.Clone(out[0].answers)
	i := 0
	for _, d := range departments {
		for range d.people {
			out[i].pin, out[i].answers["department"] = pins[i], d.id
			i++
		}
	}
	return out
}

// says writes what respondent i answered to a variable, as a page sends it.
func says(values map[string]any, v *instrument.Variable, c *instrument.Column, i int) {
	if c == nil {
		return
	}
	switch o := v.OptionOf(c.At(i)); {
	case o == nil:
	case v.Item.Kind == instrument.Multiple && o.Missing == instrument.NotMissing:
		chosen, _ := values[v.Item.ID].([]string) // nil before the first
		values[v.Item.ID] = append(chosen, o.ID)
	case v.Item.Kind == instrument.Multiple:
		values[v.Item.ID] = []string{o.ID}
	default:
		values[v.ID] = o.ID
	}
}

// asSkilled are answers of somebody who is as skilled as can be, or not at all: to each statement on skills and to each situation.
func asSkilled(in *instrument.Instrument, answers map[string]any, how outcome) map[string]any {
	out := maps.Clone(answers)
	variables := in.Variables()
	for i := range variables {
		v := &variables[i]
		if _, given := out[v.ID]; !given || len(v.Item.Options) < 2 || !strings.HasPrefix(v.Item.ID, "skill_") && !strings.HasPrefix(v.Item.ID, "test_") {
			continue
		}
		options := slices.DeleteFunc(slices.Clone(v.Item.Options), func(o instrument.Option) bool { return o.Missing != instrument.NotMissing })
		if how == highest {
			out[v.ID] = options[len(options)-1].ID
		} else {
			out[v.ID] = options[0].ID
		}
	}
	return out
}

// votes draws a ballot with a PIN and hands answers in, as the page does: without cookies.
func (w *world) votes(t testing.TB, of *lifecycle.Wave, pin string, answers map[string]any) {
	t.Helper()
	strata := must(lifecycle.Strata(t.Context(), w.DB.Of(w.city), of.ID))(t)
	request := must(ballot.Blind(must(ballot.ParsePublicKey(strata[0].Public))(t), cryptorand.Reader))(t)
	send := func(path string, body any, into any) {
		a := w.browser(t).send(t, http.MethodPost, "/w/"+of.Code+path, string(must(json.Marshal(body))(t)), http.Header{"Content-Type": {"application/json"}})
		if err := json.Unmarshal([]byte(a.body), into); a.status != http.StatusOK || err != nil {
			t.Fatalf("%s answers %d: %.600s", path, a.status, a.body)
		}
	}
	var signed struct{ Signature string }
	send("/ballots", map[string]string{"pin": pin, "blinded": base64.RawURLEncoding.EncodeToString(request.Blinded())}, &signed)
	b := must(request.Finish(must(base64.RawURLEncoding.DecodeString(signed.Signature))(t)))(t)
	send("/answers", map[string]any{"ballot": b.String(), "answers": answers}, &map[string]any{})
}

// TestAWaveTellsNothingOfWhoInAGroupIsWho lets the victim answer a wave as somebody very skilled and a neighbour as somebody who is not, and in a
// twin the other way round. As long as the wave is open, and in everything that is published of it, both twins are the same: all others of a
// group of exactly as many people as a group must have, who tell each other what they answered, cannot tell these two apart.
func TestAWaveTellsNothingOfWhoInAGroupIsWho(t *testing.T) {
	t.Parallel()
	a := asks(t)
	for name, database := range map[string]func(t *testing.T) string{
		"sqlite":   func(t *testing.T) string { return filepath.Join(t.TempDir(), "tekentafel.db") },
		"postgres": func(t *testing.T) string { return pgtest.New(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answered := func(victim, neighbour outcome) (*world, stored) {
				w := a.origin.fork(t, database(t))
				w.clock.turn(apart)
				launched := must(w.Survey.Waves.Wave(t.Context(), w.actor(access.HR), a.wave))(t)
				w.votes(t, &launched, a.victim.pin, a.said[victim])
				w.votes(t, &launched, a.neighbour.pin, a.said[neighbour])
				rows, _ := w.everyRow(t)
				return w, rows
			}
			x := &twins{}
			var rows [2]stored
			x.high, rows[0] = answered(highest, lowest)
			x.low, rows[1] = answered(lowest, highest)
			for _, line := range apartInWave(rows[0], rows[1]) {
				t.Errorf("while the wave is open its twins are told apart: %.400s", line)
			}
			high, low := x.both(func(w *world) views {
				out := w.pages(t, "hr")
				maps.Copy(out, w.operated(t))
				return out
			})
			for _, line := range differences(high, low) {
				t.Errorf("while the wave is open its twins are told apart: %.400s", line)
			}
			x.high.closes(t, a.wave)
			x.low.closes(t, a.wave)
			high, low = x.both(func(w *world) views { return w.report(t, a.wave) })
			for _, line := range differences(high, low) {
				t.Errorf("the report tells its twins apart: %.600s", line)
			}
			shown := strings.Join(strings.Fields(tag.ReplaceAllString(high["hr /groups?topic=skills&by=department"], " ")), " ")
			if at := departments[0]; !strings.Contains(shown, fmt.Sprint(at.id, " ", at.people, " ")) {
				t.Errorf("the group of %d people is not shown, so that it tells nothing says nothing", at.people)
			}

			if name != "sqlite" && !*everything {
				return
			}
			// The detector: where both are very skilled the report does say something else.
			w, rows2 := answered(highest, highest)
			if len(apartInWave(rows[0], rows2)) > 0 {
				t.Error("what is sealed tells how many are skilled")
			}
			w.closes(t, a.wave)
			x.low = w
			if high, other := x.both(func(w *world) views { return w.report(t, a.wave) }); len(differences(high, other)) == 0 {
				t.Error("the report is the same whatever people answer, so that nothing is told by it says nothing")
			}
		})
	}
}

// apartInWave says in what two stores differ but for the random bytes of a ballot and of sealed answers.
func apartInWave(a, b stored) []string {
	bare := func(s stored) stored {
		out := maps.Clone(s)
		for _, table := range []string{"wave_answers", "wave_people"} {
			out[table] = nil
			for _, row := range s[table] {
				row = maps.Clone(row)
				for _, column := range []string{"key", "ballot", "sealed", "drawn"} {
					if _, is := row[column]; is {
						row[column] = fmt.Sprint(len(row[column]))
					}
				}
				out[table] = append(out[table], row)
			}
		}
		return out
	}
	return changes(bare(a), bare(b))
}

// closes closes the wave and waits for its report.
func (w *world) closes(t testing.TB, id string) {
	t.Helper()
	w.working(t, func() {
		if err := w.Survey.Waves.CloseNow(t.Context(), w.actor(access.HR), id); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the wave has its report", func() bool {
			waiting, running, err := w.Queue.Waiting(t.Context())
			return err == nil && waiting == 0 && running == 0
		})
	})
}

var tag = regexp.MustCompile(`<[^>]*>|\s+`)

// report reads the published report of a wave as everybody does who may. What names the report and its answers is left out.
func (w *world) report(t testing.TB, id string) views {
	t.Helper()
	hr := w.actor(access.HR)
	closed := must(w.Survey.Waves.Wave(t.Context(), hr, id))(t)
	if is := must(w.Report.Report(t.Context(), hr, closed.Report))(t); is.Published.IsZero() {
		if err := w.Report.Publish(t.Context(), hr, closed.Report); err != nil {
			t.Fatal(err)
		}
	}
	out := views{}
	for _, name := range []string{"hr", "employee"} {
		for _, path := range []string{"", "/groups?by=department", "/groups?topic=skills&by=department", "/groups?topic=test&by=department", "/download/xlsx", "/download/html"} {
			a := w.doors[name].get(t, "/reports/"+closed.Report+path)
			if a.status != http.StatusOK && path == "" {
				t.Errorf("%s: the report answers %d", name, a.status)
			}
			out.add(name+" "+path, strings.NewReplacer(closed.Report, "report", closed.Source, "answers").Replace(a.view()))
		}
	}
	return out
}
