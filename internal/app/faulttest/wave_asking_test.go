package faulttest

import (
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/app"
	"tekentafel/internal/asked"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/seal"
	"tekentafel/internal/survey/ballot"
	"tekentafel/internal/survey/compose"
	"tekentafel/internal/survey/record"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/testkit/pgtest"
)

//go:embed testdata/wave.yaml
var waveYAML string

var (
	departments = []string{"finance", "green", "civil"}
	uses        = []string{"never", "sometimes", "often"}
	tools       = []string{"text", "image", "code"}
)

// asking is an open wave of an installation, with what its people know.
type asking struct {
	in      *install
	hr      access.Actor
	wave    wave.Wave
	codec   *record.Codec
	strata  map[string]*ballot.PublicKey
	members []*member
}

// member is somebody of the frame of a wave.
type member struct {
	id, pin string
	number  int
	stratum string
}

// onEngine runs a test with an empty store of each engine.
func onEngine(t *testing.T, test func(t *testing.T, dir, database string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		test(t, dir, filepath.Join(dir, "tekentafel.db"))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, t.TempDir(), pgtest.New(t))
	})
}

// asks makes an installation in which waves of these modes are open, each for so many people of its own.
func asks(t *testing.T, dir, database string, people int, modes ...wave.Mode) []*asking {
	t.Helper()
	in := &install{database: database, dir: dir, key: seal.NewKey()}
	a := in.inside(t, clock.System(), "http://127.0.0.1:1")
	hr, err := in.found(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	var out []*asking
	for i, mode := range modes {
		k, err := in.launch(t.Context(), a, hr, fmt.Sprintf("Wave %d", i), mode, people)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, k)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	return out
}

// launch makes a wave that is open from half an hour ago until in five days.
func (in *install) launch(ctx context.Context, a *app.App, hr access.Actor, title string, mode wave.Mode, people int) (*asking, error) {
	w, err := a.Survey.Waves.Create(ctx, hr, wave.Input{Base: "genai-monitor", Terms: wave.Terms{Title: title, Mode: mode, Languages: instrument.Languages(), GroupSize: 10, Retention: 365}})
	if err != nil {
		return nil, err
	}
	own := compose.Change{What: "recipe", Version: w.Version}
	err = a.Survey.Compose.Change(ctx, hr, w.ID, own, func(set *compose.Set) error {
		set.Recipe = compose.Recipe{Format: 1, Base: compose.Base{Name: "wave.yaml", YAML: waveYAML}}
		return nil
	})
	if err != nil {
		return nil, err
	}
	k := &asking{in: in, hr: hr, strata: map[string]*ballot.PublicKey{}}
	if err := k.invite(ctx, a, &w, people); err != nil {
		return nil, err
	}
	if w, err = a.Survey.Waves.Wave(ctx, hr, w.ID); err != nil {
		return nil, err
	}
	now := a.Now()
	plan := wave.Plan{Contact: "Hilde Roels, 09 123 45 67", Moments: wave.Moments{Opens: now.Add(-30 * time.Minute), Closes: now.AddDate(0, 0, 5)}}
	if err := a.Survey.Waves.SetPlan(ctx, hr, w.ID, w.Version, plan); err != nil {
		return nil, err
	}
	if _, err := a.Survey.Waves.Launch(ctx, hr, w.ID, w.Version+1, asked.Request{}); err != nil {
		return nil, err
	}
	if k.wave, err = a.Survey.Waves.Wave(ctx, hr, w.ID); err != nil {
		return nil, err
	}
	questionnaire, err := wave.Instrument(ctx, a.DB.Of(in.tenant), w.ID)
	if err != nil {
		return nil, err
	}
	if k.codec, err = record.New(questionnaire); err != nil {
		return nil, err
	}
	strata, err := wave.Strata(ctx, a.DB.Of(in.tenant), w.ID)
	if err != nil {
		return nil, err
	}
	for _, st := range strata {
		if k.strata[st.Name], err = ballot.ParsePublicKey(st.Public); err != nil {
			return nil, err
		}
	}
	return k, nil
}

// invite puts people in the frame, with PINs that the test knows. In an anonymous wave each department has ballots of its own.
func (k *asking) invite(ctx context.Context, a *app.App, w *wave.Wave, people int) error {
	secret, err := w.Secret(a.Box)
	if err != nil {
		return err
	}
	for i := range people {
		m := &member{id: strings.ToLower(rand.Text()), number: i, pin: fmt.Sprintf("%010d", i)}
		if w.Mode == wave.Anonymous {
			m.stratum = departments[i%3]
		}
		k.members = append(k.members, m)
	}
	return a.DB.Write(ctx, k.in.tenant, func(s *db.Scope) error {
		for _, m := range k.members {
			_, err := s.Exec(ctx, `INSERT INTO wave_people (tenant_id, wave_id, id, name, language, groups, stratum, pin_hash) VALUES ($1, $2, $3, $4, 'nl', $5, $6, $7)`,
				w.ID, m.id, fmt.Sprintf("Lid %d", m.number), `{"department":"`+departments[m.number%3]+`"}`, m.stratum,
				hex.EncodeToString(secret.Derive("pin-hash", []byte(m.pin))))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// versions bounds how often a person hands in other answers.
const versions = 1000

// content is what a person answers the nth time. The mark says which of all it is, so that all else can be compared with it.
func content(mark int) map[string]any {
	out := map[string]any{"department": departments[mark/versions%3], "uses": uses[mark%3], "mark": mark,
		"remark": fmt.Sprintf("Opmerking %d%s", mark, strings.Repeat(" en nog iets", mark%7*30))}
	if chosen := toolsOf(mark); len(chosen) > 0 {
		out["tools"] = chosen
	}
	return out
}

func toolsOf(mark int) []string {
	var chosen []string
	for i, tool := range tools {
		if mark*2654435761>>(7+i)&1 == 1 {
			chosen = append(chosen, tool)
		}
	}
	return chosen
}

// packed is what the store keeps of the answers with a mark.
func (k *asking) packed(t *testing.T, mark int) string {
	t.Helper()
	raw, err := json.Marshal(content(mark))
	if err != nil {
		t.Fatal(err)
	}
	rec, err := k.codec.Read(raw)
	if err != nil {
		t.Fatal(err)
	}
	return string(rec.Bytes())
}
