package example

import (
	"encoding/json"
	"net/http"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/api"
)

func TestScriptsReadWhatEveryoneSees(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.API(api.New(s.Server, s, "test"), access.ReadUse)
		s.Post("employee", newAt, form("named", "yes")...).Leads(mineAt)
		call := func(want int, target string) (out struct {
			Items []View `json:"items"`
			View
		}) {
			t.Helper()
			a := s.Get("", "/api/v1"+target, "Authorization", "Bearer hr models.insight", "Accept-Language", "en")
			if a.Code != want {
				t.Fatalf("%s: status %d, want %d: %s", target, a.Code, want, a.Body)
			}
			if want == http.StatusOK {
				if err := json.Unmarshal(a.Body.Bytes(), &out); err != nil {
					t.Fatal(err)
				}
			}
			return out
		}
		if got := call(200, "/lab/examples"); len(got.Items) != len(s.MadeUp) || !got.Items[0].MadeUp {
			t.Errorf("%+v", got)
		}
		call(404, "/lab/examples/"+s.only()) // also for a key of somebody who reviews
		s.decides("hr", s.only(), "shown", "").Leads(reviewAt)
		if got := call(200, "/lab/examples?q=hagen"); len(got.Items) != 1 || got.Items[0].ID != s.only() {
			t.Errorf("%+v", got)
		}
		if got := call(200, "/lab/examples/"+s.only()); got.Title != "Hagen snoeien plannen" || got.Task != "meeting" {
			t.Errorf("%+v", got)
		}
		if got := call(200, "/lab/examples/madeup-rule_waste"); got.Lang != "en" {
			t.Errorf("%+v", got)
		}
		call(404, "/lab/examples/nothing")
	})
}
