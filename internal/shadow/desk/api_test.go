package desk

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
)

func TestAScriptHasLogsCountedAndReadsTheNumbers(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		log := city(week48)
		half := len(log) / 2
		half += strings.IndexByte(log[half:], '\n') + 1
		send := func(key string) (int, map[string]any) {
			kind, body := form(t, table("burgers", "groen", "loket"), field{"log", "access.log.1", log[:half]}, field{"log", "access.log.2", log[half:]})
			return s.call("dpo shadow.count shadow.read", http.MethodPost, "/shadow/counts", kind, body, "Idempotency-Key", key)
		}
		code, made := send("night-48")
		if code != 201 || made["weeks"].([]any)[0] != "2026-W48" || len(made["logs"].([]any)) != 2 {
			t.Fatalf("%d %v", code, made)
		}
		if code, again := send("night-48"); code != 201 || again["id"] != made["id"] {
			t.Errorf("sent again: %d %v", code, again)
		}
		if code, other := send("night-49"); code != 422 {
			t.Errorf("counted again: %d %v", code, other)
		}
		get := func(path string) map[string]any {
			t.Helper()
			code, out := s.call("dpo shadow.read", http.MethodGet, path, "", nil)
			if code != 200 {
				t.Errorf("%s: %d %v", path, code, out)
			}
			return out
		}
		if list := get("/shadow/counts")["items"].([]any); len(list) != 1 {
			t.Errorf("%v", list)
		}
		if one := get("/shadow/counts/" + made["id"].(string)); one["account"] != "account-dpo" {
			t.Errorf("%v", one)
		}
		if list := get("/shadow/services")["items"].([]any); len(list) < 200 {
			t.Errorf("%d services", len(list))
		}
		if list := get("/shadow/demand")["items"].([]any); len(list) != 2 || list[1].(map[string]any)["unit"] != "burgers" {
			t.Errorf("%v", list)
		}
		if code, out := s.call("dpo shadow.count", http.MethodPut, "/shadow/services/chatgpt/rule", "application/json", strings.NewReader(`{"version": 0, "standing": "allowed", "offer": "Vraag een licentie."}`)); code != 200 || out["version"] != 1.0 || out["offer"] != "Vraag een licentie." {
			t.Errorf("%d %v", code, out)
		}
		if code, _ := s.call("dpo shadow.count", http.MethodPut, "/shadow/services/chatgpt/rule", "application/json", strings.NewReader(`{"version": 0, "standing": "refused"}`)); code != 409 {
			t.Errorf("an old version: %d", code)
		}
		if code, _ := s.call("dpo shadow.count", http.MethodPut, "/shadow/services/nowhere/rule", "application/json", strings.NewReader(`{"version": 0, "standing": "refused"}`)); code != 404 {
			t.Errorf("a service that is not there: %d", code)
		}
		if code, _ := s.call("employee shadow.read", http.MethodGet, "/shadow/weeks", "", nil); code != 403 {
			t.Errorf("not published: %d", code)
		}
		s.post("dpo", publishAt, "on", "yes").leads(home)
		if code, out := s.call("employee shadow.read", http.MethodGet, "/shadow/weeks", "", nil); code != 200 || len(out["items"].([]any)) != 1 {
			t.Errorf("published: %d %v", code, out)
		}
		if code, _ := s.call("dpo shadow.count", http.MethodDelete, "/shadow/counts/"+made["id"].(string), "", nil); code != 204 {
			t.Errorf("delete: %d", code)
		}
	})
}

func TestAScriptDoesNoMoreThanItsKey(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	s.post("dpo", publishAt, "on", "yes").leads(home)
	for _, op := range s.api.Operations() {
		path := strings.NewReplacer("/api/v1", "", "{id}", "chatgpt").Replace(op.Path)
		for _, key := range []string{"dpo people.read", "hr shadow.count", "employee shadow.count", ""} {
			code, _ := s.call(key, op.Method, path, "application/json", strings.NewReader(`{"version": 0, "standing": "allowed"}`))
			if code != http.StatusForbidden && code != http.StatusUnauthorized {
				t.Errorf("%s %s with %q: %d", op.Method, path, key, code)
			}
		}
	}
	if code, _ := s.call("theirs", http.MethodGet, "/shadow/weeks", "", nil); code != http.StatusForbidden {
		t.Errorf("%d", code)
	}
}

func TestMoreThanIsTakenIsRefused(t *testing.T) {
	t.Parallel()
	s := newSiteOf(t, dbtest.SQLite(t), 1<<20)
	big := strings.Repeat(city(week48), 150)
	if code, out := s.call("dpo shadow.count", http.MethodPost, "/shadow/counts", "text/plain", strings.NewReader(big)); code != 413 {
		t.Errorf("%d %v", code, out)
	}
	if code, out := s.call("dpo shadow.count", http.MethodPost, "/shadow/counts", "text/plain", io.NopCloser(strings.NewReader(big))); code != 413 { // of a length that nobody says
		t.Errorf("%d %v", code, out)
	}
	s.upload("dpo", nil, big).wants(413)
	s.get("dpo", home).wants(200, "Er is nog niets geteld")
}

func TestWhoCountedIsForgottenAndTheNumbersStay(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.counted(week48)
		s.post("dpo", serviceAt+"chatgpt/rule", "at", "0", "standing", "allowed", "offer", "").leads(serviceAt)
		s.post("dpo", newAt, "name", "Praatpaal", "maker", "M", "kind", "chat", "domains", "praatpaal.example", "why", "x").leads(serviceAt)
		s.post("dpo", publishAt, "on", "yes").leads(home)
		list, err := s.Held(t.Context(), dbtest.Ours, "account-dpo")
		if err != nil || len(list) != 1 || len(list[0].Rows) != 4 {
			t.Fatalf("%+v %v", list, err)
		}
		if other, err := s.Held(t.Context(), dbtest.Theirs, "account-dpo"); err != nil || len(other) > 0 {
			t.Errorf("%+v %v", other, err)
		}
		if err := s.DB.Write(t.Context(), dbtest.Ours, func(tx *db.Scope) error { return s.Erase(t.Context(), tx, "account-dpo") }); err != nil {
			t.Fatal(err)
		}
		if list, err := s.Held(t.Context(), dbtest.Ours, "account-dpo"); err != nil || len(list) > 0 {
			t.Errorf("%+v %v", list, err)
		}
		s.get("hr", home).wants(200, "51 tot 59")
		s.get("hr", countsAt).wants(200, "iemand die hier niet meer werkt").silent("Wim Devos")
		for _, k := range s.Kept() {
			n, _, err := k.Count(t.Context(), s.DB.Of(dbtest.Ours), s.now().AddDate(1, 0, 0))
			if all, err2 := k.Held(t.Context(), s.DB.Of(dbtest.Ours)); err != nil || err2 != nil || all == 0 || (k.Name == "shadow-counts") != (n == 1) {
				t.Errorf("%s: %d of %d, %v %v", k.Name, n, all, err, err2)
			}
		}
		s.post("dpo", serviceAt+"chatgpt/rule", "at", "1", "standing", "refused", "offer", "").leads(serviceAt)
		err = s.DB.Write(t.Context(), dbtest.Ours, func(tx *db.Scope) error {
			n, err := s.Kept()[1].Delete(t.Context(), tx, s.now().AddDate(1, 0, 0), 100)
			if n != 1 {
				t.Errorf("%d earlier rules go", n)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		s.get("hr", serviceAt+"chatgpt").wants(200, "niet toegelaten", "Versie 2").silent("Versie 1")
	})
}

func TestTheLogSaysWhoDidWhat(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	one := s.counted(week48)
	s.post("dpo", serviceAt+"chatgpt/rule", "at", "0", "standing", "refused", "offer", "geheimetekst").leads(serviceAt)
	own := s.post("dpo", newAt, "name", "Praatpaal", "maker", "M", "kind", "chat", "domains", "praatpaal.example", "why", "geheimetekst").leads(serviceAt)
	s.post("dpo", own+"/edit", "at", "1", "name", "Praatpaal", "maker", "N", "kind", "chat", "domains", "praatpaal.example", "why", "geheimetekst").leads(serviceAt)
	s.post("dpo", own+"/drop", "at", "2").leads(listAt)
	s.post("dpo", publishAt, "on", "yes").leads(home)
	s.post("dpo", publishAt, "on", "yes").leads(home)
	s.post("dpo", publishAt, "on", "no").leads(home)
	s.post("dpo", one+"/delete").leads(countsAt)
	var got []string
	err := s.DB.Of(dbtest.Ours).Rows(t.Context(), `SELECT action, detail FROM audit_log WHERE tenant_id = $1 ORDER BY id`, func(scan func(...any) error) error {
		var action, detail string
		err := scan(&action, &detail)
		if strings.Contains(detail, "geheim") {
			t.Errorf("%s says %s", action, detail)
		}
		got = append(got, action)
		return err
	})
	want := "shadow.counted shadow.ruled shadow.service-added shadow.service-changed shadow.service-dropped shadow.published shadow.withdrawn shadow.deleted"
	if text := strings.Join(got, " "); err != nil || text != want {
		t.Errorf("%s %v", text, err)
	}
	for _, action := range got {
		if !Locale().Printer("nl").Has("audit." + action) {
			t.Errorf("%s is not explained", action)
		}
	}
}
