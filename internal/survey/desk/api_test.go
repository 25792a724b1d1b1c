package desk

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"tekentafel/internal/api"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/survey/wave/wavetest"
)

// call calls an operation by a key and reads the answer.
func call[T any](s *site, method, path, key, once string, body any, status int) (out T) {
	s.T.Helper()
	raw := ""
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			s.T.Fatal(err)
		}
		raw = string(b)
	}
	set := []string{"Authorization", "Bearer " + key, "Content-Type", "application/json"}
	if once != "" {
		set = append(set, "Idempotency-Key", once)
	}
	w := s.send(method, api.Prefix+path, raw, set...)
	if w.Code != status {
		s.T.Fatalf("%s %s: %d, want %d: %s", method, path, w.Code, status, w.Body)
	}
	if status < 300 && w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
			s.T.Fatal(err)
		}
	}
	return out
}

// TestScriptRunsAWave makes, plans, launches and closes a wave by key, and asks for everything twice.
func TestScriptRunsAWave(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		const run, read = "hr waves.run waves.read", "hr waves.read"
		input := map[string]any{"title": "Voorjaar", "mode": "anonymous", "languages": []string{"nl"}, "group_size": 5, "retention_days": 30, "questionnaire": "small"}
		call[any](s, http.MethodPost, "/waves", read, "", input, 403)
		call[any](s, http.MethodPost, "/waves", "employee waves.run", "", input, 403)
		made := call[WaveView](s, http.MethodPost, "/waves", run, "k", input, 201)
		if again := call[WaveView](s, http.MethodPost, "/waves", run, "k", input, 201); again.ID != made.ID {
			t.Errorf("the same key makes another: %s", again.ID)
		}
		at := "/waves/" + made.ID
		got := call[WaveView](s, http.MethodGet, at, read, "", nil, 200)
		if got.Launchable || len(got.Standing) != 3 || got.Standing[0].Key != "no-people" || got.State != wave.Draft {
			t.Errorf("%+v", got)
		}
		call[any](s, http.MethodPost, at+"/launch", run, "", map[string]any{"version": got.Version}, 422)
		s.People(made.ID, "", 10)
		plan := map[string]any{"version": got.Version, "opens": s.Now(), "closes": s.Now().AddDate(0, 0, 14), "contact": "HR", "reminders": []time.Time{s.Now().AddDate(0, 0, 3)}}
		planned := call[WaveView](s, http.MethodPut, at+"/plan", run, "", plan, 200)
		call[any](s, http.MethodPut, at+"/plan", run, "", plan, 409)
		type launched struct {
			Hash         string   `json:"questionnaire_hash"`
			People       int      `json:"people"`
			Fingerprints []string `json:"fingerprints"`
			State        string   `json:"state"`
		}
		l := call[launched](s, http.MethodPost, at+"/launch", run, "l", map[string]any{"version": planned.Version}, 200)
		if again := call[launched](s, http.MethodPost, at+"/launch", run, "l", map[string]any{"version": planned.Version}, 200); again.Hash != l.Hash || l.People != 10 || len(l.Fingerprints) != 1 || l.State != "open" {
			t.Errorf("%+v %+v", l, again)
		}
		if r := call[ResponseView](s, http.MethodGet, at+"/response", read, "", nil, 200); len(r.Releases) != 0 || r.Expected != nil || len(r.Risks) != 0 {
			t.Errorf("%+v", r)
		}
		for range 2 {
			if closed := call[WaveView](s, http.MethodPost, at+"/close", run, "", nil, 200); closed.State != wave.Closed || closed.Job == "" {
				t.Errorf("%+v", closed)
			}
		}
		list := call[struct{ Items []WaveView }](s, http.MethodGet, "/waves", read, "", nil, 200)
		if len(list.Items) != 1 || list.Items[0].Address != "https://tekentafel.example/w/"+s.Get(made.ID).Code {
			t.Errorf("%+v", list)
		}
	})
}

// TestErasingAPersonLeavesTheirWavesWithoutThem and waves go when they have been kept long enough.
func TestErasingAPersonLeavesTheirWavesWithoutThem(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		ctx, hr := t.Context(), wavetest.HR()
		v := s.Running(wave.Anonymous, 10)
		held, err := s.desk.Held(ctx, dbtest.Ours, hr.Owner)
		if err != nil || len(held) != 1 || held[0].Rows[0].Source != "waves/"+v.ID || held[0].Rows[0].Value != "Voorjaar 2027" {
			t.Fatalf("%+v, %v", held, err)
		}
		if err := s.DB.Write(ctx, dbtest.Ours, func(tx *db.Scope) error { return s.desk.Erase(ctx, tx, hr.Owner) }); err != nil {
			t.Fatal(err)
		}
		if held, err := s.desk.Held(ctx, dbtest.Ours, hr.Owner); err != nil || len(held) != 0 || s.Get(v.ID).CreatedBy != "" {
			t.Errorf("%+v, %v", held, err)
		}
		var purged []string
		s.desk.Purged = func(_ context.Context, _ *db.Scope, waveID string) error { purged = append(purged, waveID); return nil }
		kept := s.desk.Kept()
		drop := func(when time.Time) (n int) {
			t.Helper()
			var most int
			var err error
			if most, _, err = kept.Count(ctx, s.DB.Of(dbtest.Ours), when); err != nil {
				t.Fatal(err)
			}
			if err := s.DB.Write(ctx, dbtest.Ours, func(tx *db.Scope) (err error) { n, err = kept.Delete(ctx, tx, when, 10); return err }); err != nil {
				t.Fatal(err)
			}
			if n != most {
				t.Errorf("%d of %d are deleted", n, most)
			}
			return n
		}
		far := s.Now().AddDate(30, 0, 0)
		if n := drop(far); n != 0 {
			t.Errorf("%d waves go while they run", n)
		}
		if err := s.CloseNow(ctx, hr, v.ID); err != nil {
			t.Fatal(err)
		}
		s.Work()
		if n := drop(far); n != 0 {
			t.Errorf("%d waves go while their answers are there", n)
		}
		s.Clock.Step(366 * 24 * time.Hour)
		if err := s.Due(ctx); err != nil {
			t.Fatal(err)
		}
		if n := drop(s.Now().AddDate(-2, 0, 0)); n != 0 {
			t.Errorf("%d waves go before their time", n)
		}
		if n := drop(s.Now()); n != 1 {
			t.Errorf("%d waves go", n)
		}
		if len(purged) != 1 || purged[0] != v.ID {
			t.Errorf("what is kept elsewhere goes of %v", purged)
		}
		for _, table := range []string{"waves", "wave_people", "wave_keys", "wave_launches", "wave_questionnaires"} {
			var n int
			if err := s.DB.Of(dbtest.Ours).Row(ctx, `SELECT COUNT(*) FROM `+table+` WHERE tenant_id = $1`, nil, &n); err != nil || n != 0 {
				t.Errorf("%d rows are left in %s, %v", n, table, err)
			}
		}
	})
}
