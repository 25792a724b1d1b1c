package answering

import (
	"testing"

	"tekentafel/internal/survey/wave"
)

func TestLocaleSaysTheSameInEveryLanguage(t *testing.T) {
	t.Parallel()
	if err := locale().Check(); err != nil {
		t.Error(err)
	}
}

func TestQuestionsPageIsMade(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wave.Anonymous)
	for _, path := range []string{"", "/questions?lang=nl", "/privacy", "/kiosk", "/keys.json"} {
		if r := w.do("GET", "/w/"+code+path, ""); r.Code != 200 {
			t.Errorf("%s: %d %.300s", path, r.Code, r.Body)
		}
	}
}
