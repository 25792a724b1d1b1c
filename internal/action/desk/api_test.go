package desk

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tekentafel/internal/action"
	"tekentafel/internal/action/actiontest"
)

const keyOfHR = "Bearer hr actions.read actions.change actions.run reports.read"

// call sends a request of a script and reads the answer as JSON.
func (s *site) call(key, method, target, body string, set ...string) (int, map[string]any) {
	s.t.Helper()
	r := httptest.NewRequest(method, "/api/v1"+target, strings.NewReader(body))
	for i, set := 0, append([]string{"Authorization", key, "Accept-Language", "en", "Content-Type", "application/json"}, set...); i+1 < len(set); i += 2 {
		r.Header.Set(set[i], set[i+1])
	}
	w := httptest.NewRecorder()
	s.server.ServeHTTP(w, r)
	out := map[string]any{}
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		s.t.Errorf("%s %s: %v: %.200s", method, target, err, w.Body)
	}
	return w.Code, out
}

// does is call with the key of HR; any other status ends the test.
func (s *site) does(want int, method, target, body string, set ...string) map[string]any {
	s.t.Helper()
	code, out := s.call(keyOfHR, method, target, body, set...)
	if code != want {
		s.t.Fatalf("%s %s: status %d, want %d: %v", method, target, code, want, out)
	}
	return out
}

func TestAScriptMakesAnActionAndFollowsIt(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.Add(action.Report{ID: "r1", Title: "Najaar 2026"}, actiontest.Monitor(), nil)
		body := `{"title": "Short rules", "state": "planned", "audience": {"kind": "everyone"}, "role": "HR", "due": "2027-03-31", "report": "r1", "measure": "report~knows_rules~yes~~", "direction": "up", "goal": 0.7}`
		made := s.does(200, "POST", "/actions", body, "Idempotency-Key", "k1")
		if again := s.does(200, "POST", "/actions", body, "Idempotency-Key", "k1"); again["id"] != made["id"] {
			t.Errorf("made twice: %v and %v", made["id"], again["id"])
		}
		id, _ := made["id"].(string)
		measure, _ := made["measure"].(map[string]any)
		if measure["value"] != .48 || measure["unit"] != "share" || measure["what"] != "en Weet dat er regels zijn" || made["goal"] != .7 {
			t.Errorf("%v", made)
		}
		s.does(200, "PUT", "/actions/"+id+"/state", `{"version": 1, "state": "running"}`)
		reached := s.does(200, "POST", "/actions/"+id+"/reach", `{"version": 2, "day": "2026-11-30", "what": "Session", "audience": {"kind": "department", "name": "Parks"}, "people": 24, "of": 130}`)
		reach, _ := reached["reach"].([]any)
		if len(reach) != 1 || reached["version"] != 3.0 {
			t.Errorf("%v", reached)
		}
		s.Step(30)
		later := actiontest.Monitor()
		for i := range later.Shares {
			if later.Shares[i].Item == "knows_rules" {
				later.Shares[i] = actiontest.ShareOf("knows_rules", "yes", nil, .7)
			}
		}
		s.Add(action.Report{ID: "r2", Title: "Najaar 2027", Previous: "r1"}, later, nil)
		all := s.does(200, "GET", "/actions?state=running", "")
		items, _ := all["items"].([]any)
		if len(items) != 1 {
			t.Fatalf("%v", all)
		}
		one, _ := items[0].(map[string]any)
		effect, _ := one["effect"].(map[string]any)
		if effect["verdict"] != "shifted" || effect["wanted"] != true || effect["report"] != "r2" {
			t.Errorf("%v", effect)
		}
		if none := s.does(200, "GET", "/actions?state=done", ""); len(none["items"].([]any)) > 0 {
			t.Errorf("%v", none)
		}
		for _, c := range []struct {
			method, target, body string
			want                 int
		}{
			{"PUT", "/actions/" + id + "/state", `{"version": 1, "state": "done"}`, 409}, {"PUT", "/actions/" + id + "/state", `{"version": 3, "state": "flying"}`, 422},
			{"PUT", "/actions/" + id + "/state", `{"version": 3, "state": "stopped"}`, 422}, {"GET", "/actions/x", "", 404}, {"POST", "/actions", `{"title": "x", "audience": {"kind": "everyone"}, "due": "soon"}`, 422},
			{"POST", "/actions", `{"title": "Measure of nothing", "audience": {"kind": "everyone"}, "report": "r1", "measure": "x", "direction": "up"}`, 422},
			{"POST", "/actions/" + id + "/reach", `{"version": 3, "day": "x", "what": "Session", "audience": {"kind": "everyone"}, "people": 1}`, 422},
		} {
			if code, out := s.call(keyOfHR, c.method, c.target, c.body); code != c.want {
				t.Errorf("%s %s %s: status %d, want %d: %v", c.method, c.target, c.body, code, c.want, out)
			}
		}
		for _, key := range []string{"Bearer hr actions.read", "Bearer employee actions.read actions.change actions.run", "Bearer dpo actions.read actions.change actions.run"} {
			if code, out := s.call(key, "POST", "/actions", body); code != http.StatusForbidden {
				t.Errorf("%s made one: %d %v", key, code, out)
			}
		}
		if code, out := s.call("Bearer employee actions.read", "GET", "/actions", ""); code == http.StatusOK && fmt.Sprint(out["items"]) != "[]" {
			t.Errorf("somebody without a part reads them: %d %v", code, out)
		}
	})
}
