package needs

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const keyOfHR = "Bearer hr skills.needs skills.change"

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

func TestAScriptReadsSetsAndPutsBack(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		all := s.does(200, "GET", "/skills/needs?limit=2", "")
		items, _ := all["items"].([]any)
		if len(items) != 2 || all["found"] != 6.0 || all["next"] != "clerk" {
			t.Errorf("%v", all)
		}
		if rest := s.does(200, "GET", "/skills/needs?limit=100&after=clerk", ""); len(rest["items"].([]any)) != 4 || rest["next"] != nil {
			t.Errorf("%v", rest)
		}
		one := s.does(200, "GET", "/skills/needs/functions/clerk", "")
		skills, _ := one["skills"].([]any)
		critical, _ := skills[1].(map[string]any)
		rules, _ := critical["rules"].([]any)
		if critical["level"] != 3.0 || critical["set"] != false || len(rules) != 2 || one["at"] != 0.0 || one["seen"] != false {
			t.Errorf("%v", one)
		}
		body := `{"at": 0, "answers": {"software": "yes"}, "levels": [{"skill": "creative", "level": 3, "reason": "Makes the leaflets"}, {"skill": "technical", "level": 2, "unit": "desk", "reason": "Chooses nothing at the desk"}]}`
		set := s.does(200, "PUT", "/skills/needs/functions/clerk", body, "Idempotency-Key", "k1")
		if again := s.does(200, "PUT", "/skills/needs/functions/clerk", body, "Idempotency-Key", "k1"); set["at"] != 1.0 || again["at"] != 1.0 {
			t.Errorf("%v %v", set["at"], again["at"])
		}
		if desk := s.does(200, "GET", "/skills/needs/functions/clerk?unit=desk", ""); desk["skills"].([]any)[4].(map[string]any)["level"] != 2.0 {
			t.Errorf("%v", desk)
		}
		s.does(409, "PUT", "/skills/needs/functions/clerk", `{"at": 0, "answers": {"software": "no"}}`)
		s.does(422, "PUT", "/skills/needs/functions/clerk", `{"at": 1, "levels": [{"skill": "creative", "level": 3}]}`)
		s.does(422, "PUT", "/skills/needs/functions/clerk", `{"at": 1}`)
		s.does(422, "PUT", "/skills/needs/functions/clerk", `{"at": 1, "levels": [{"skill": "creative", "level": 3, "unit": "gone", "reason": "Makes the leaflets"}]}`)
		s.does(404, "PUT", "/skills/needs/functions/gone", `{"at": 1, "answers": {"software": "no"}}`)
		s.does(404, "GET", "/skills/needs/functions/clerk?unit=gone", "")
		s.does(404, "GET", "/skills/needs/functions/clerk?role=gone", "")
		changes := s.does(200, "GET", "/skills/needs/changes?function=clerk", "")
		if list, _ := changes["items"].([]any); len(list) != 1 {
			t.Errorf("%v", changes)
		}
		if change := s.does(200, "GET", "/skills/needs/changes/1", ""); len(change["facts"].([]any)) != 3 {
			t.Errorf("%v", change)
		}
		if undone := s.does(200, "POST", "/skills/needs/changes/1/undo", ""); undone["undoes"] != 1.0 {
			t.Errorf("%v", undone)
		}
		s.does(409, "POST", "/skills/needs/changes/1/undo", "")
		s.does(404, "GET", "/skills/needs/changes/77", "")
	})
}

func TestAScriptDoesNoMoreThanItsKey(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		for _, op := range s.api.Operations() {
			path := strings.NewReplacer("/api/v1", "", "{id}", "clerk", "{seq}", "1").Replace(op.Path)
			for _, key := range []string{"Bearer hr people.read", "Bearer employee skills.needs skills.change", ""} {
				code, _ := s.call(key, op.Method, path, `{"at": 0, "answers": {}}`)
				if code != http.StatusForbidden && code != http.StatusUnauthorized {
					t.Errorf("%s %s with %q: %d", op.Method, path, key, code)
				}
			}
		}
		if code, _ := s.call("Bearer dpo skills.needs skills.change", "PUT", "/skills/needs/functions/clerk", `{"at": 0, "answers": {"leads": "no"}}`); code != http.StatusForbidden {
			t.Errorf("a reader changes: %d", code)
		}
		if code, out := s.call("Bearer hr skills.needs", "GET", "/skills/needs", "", "X-Test-Who", "theirs hr"); code != 200 || out["found"] != 1.0 {
			t.Errorf("%d %v", code, out)
		}
	})
}
