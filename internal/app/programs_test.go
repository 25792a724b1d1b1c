package app

import (
	"net/http"
	"strings"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/gateway/backend"
	"tekentafel/internal/gateway/keys"
	"tekentafel/internal/gateway/limits"
)

// TestAProgramAsksThroughTheWholeServer goes the whole way with a key: in both shapes, whole and streamed, masked and within a limit.
func TestAProgramAsksThroughTheWholeServer(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		admin := h.actor(t, access.Administrator)
		k, secret, err := h.models.keys.Make(t.Context(), admin, keys.Input{Name: "Proefprogramma", Ends: h.Now().AddDate(0, 1, 0)}, asked.Request{})
		if err != nil {
			t.Fatal(err)
		}
		ask := func(path, key, body string) answer {
			return h.do(t, h.visitor(t), http.MethodPost, path, body, http.Header{"Authorization": {"Bearer " + key}, "Content-Type": {"application/json"}})
		}
		const number = "85.07.30-033.28"
		chat := `{"model":"` + backend.PracticeName + `","messages":[{"role":"user","content":"Vat samen: mijn rijksregisternummer is ` + number + `. Het plein wordt heraangelegd. Het plein krijgt bomen."}]`
		whole := ask("/v1/chat/completions", secret, chat+`}`)
		if whole.StatusCode != http.StatusOK || !strings.Contains(whole.body, `"choices"`) || !strings.Contains(whole.Header.Get("X-Tekentafel-Guard"), "national") {
			t.Errorf("whole: %d %v %s", whole.StatusCode, whole.Header, whole.body)
		}
		stream := ask("/v1/chat/completions", secret, chat+`,"stream":true}`)
		if stream.StatusCode != http.StatusOK || !strings.Contains(stream.Header.Get("Content-Type"), "text/event-stream") || !strings.HasSuffix(strings.TrimSpace(stream.body), "[DONE]") {
			t.Errorf("stream: %d %s", stream.StatusCode, stream.body)
		}
		messages := ask("/v1/messages", secret, `{"model":"`+backend.PracticeName+`","max_tokens":200,"messages":[{"role":"user","content":"Hallo"}]}`)
		if messages.StatusCode != http.StatusOK || !strings.Contains(messages.body, `"end_turn"`) {
			t.Errorf("messages: %d %s", messages.StatusCode, messages.body)
		}
		for _, wrong := range []string{"", "tk_none", secret[:len(secret)-1] + "x"} {
			if a := ask("/v1/chat/completions", wrong, chat+`}`); a.StatusCode != http.StatusUnauthorized || strings.Contains(a.body, number) {
				t.Errorf("the key %q: %d %s", wrong, a.StatusCode, a.body)
			}
		}
		if _, err := h.models.limits.Set(t.Context(), h.actor(t, access.CoreTeam), limits.Input{Place: limits.Place{Kind: "key", Subject: k.ID, Period: "month", Unit: "tokens"}, Most: 1, Reason: "Om te proberen"}); err != nil {
			t.Fatal(err)
		}
		if a := ask("/v1/chat/completions", secret, chat+`}`); a.StatusCode != http.StatusTooManyRequests || !strings.Contains(a.body, "budget_exceeded") {
			t.Errorf("beyond its limit: %d %s", a.StatusCode, a.body)
		}
		if err := h.models.keys.Withdraw(t.Context(), admin, k.ID); err != nil {
			t.Fatal(err)
		}
		if a := ask("/v1/chat/completions", secret, chat+`}`); a.StatusCode != http.StatusUnauthorized {
			t.Errorf("withdrawn: %d %s", a.StatusCode, a.body)
		}
		if logged := h.log.String(); strings.Contains(logged, number) || strings.Contains(logged, secret) || !strings.Contains(logged, "call to a model") {
			t.Error("the log holds what was asked, or says nothing of the calls")
		}
	})
}
