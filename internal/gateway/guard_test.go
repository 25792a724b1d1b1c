package gateway_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tekentafel/internal/gateway"
	"tekentafel/internal/gateway/wire"
	"tekentafel/internal/guard"
)

// examples are values with a sentence in which the guard finds them, one for each sort that is masked as shipped.
var examples = []struct {
	kind          guard.Type
	before, value string
}{
	{guard.NationalNumber, "Het rijksregisternummer is ", "85.07.30-033.28"},
	{guard.BSN, "Haar BSN is ", "123456782"},
	{guard.Account, "Stort op ", "BE68 5390 0754 7034"},
	{guard.PaymentCard, "Betaald met ", "4111 1111 1111 1111"},
	{guard.Phone, "Bel ", "0478 12 34 56"},
	{guard.Mail, "Mail naar ", "an.peeters@example.be"},
	{guard.Plate, "De wagen met plaat ", "1-ABC-234"},
	{guard.Person, "Ik sprak met mevrouw ", "An Peeters"},
	{guard.Address, "Ze woont in de ", "Kerkstraat 12, 9000 Gent"},
	{guard.BirthDate, "Geboren op ", "12/03/1984"},
	{guard.CaseNumber, "Dossiernummer: ", "2024-004512"},
}

// sent is what the model got of each message, by a call that goes through the engine.
func (w *world) sent(t interface{ Fatal(...any) }, body string) (messages []string, raw string, result *gateway.Result, out *collected) {
	out = &collected{}
	r, err := wire.ReadRequest(wire.Chat, []byte(body), wire.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	result, err = w.engine.Do(w.t.Context(), program, r, gateway.Options{}, out)
	if err != nil {
		t.Fatal(err)
	}
	got := w.mock.Received()
	raw = string(got[len(got)-1])
	var decoded struct {
		Messages        []struct{ Content string }
		Tools, Metadata json.RawMessage
	}
	if err := json.Unmarshal([]byte(raw), &decoded); err != nil {
		t.Fatal(err)
	}
	messages = append(messages, string(decoded.Tools)+string(decoded.Metadata)) // to a model they stand before the conversation
	for _, m := range decoded.Messages {
		messages = append(messages, m.Content)
	}
	return messages, raw, result, out
}

func TestEveryValueOfTheGuardIsMaskedAndComesBackInPiecesOfAByte(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{})
	for _, e := range examples {
		text := e.before + e.value + "."
		for i := 1; i <= len(text); i++ {
			// The mock sends runs of i bytes, so each value is split at every one of its bytes.
			messages, raw, result, out := w.sent(t, chat(fmt.Sprintf("mock;echo;bytes=%d", i), text, true))
			if strings.Contains(raw, e.value) || result.Found[e.kind] != 1 || result.Masked != 1 {
				t.Fatalf("%s: %q, %+v", e.kind, messages, result.Found)
			}
			if got := out.text(t); got != text {
				t.Fatalf("%s in pieces of %d comes back as %q", e.kind, i, got)
			}
		}
	}
}

func TestAValueIsMaskedWhereNoWordTellsWhatItIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{})
	body := `{"model":"mock","messages":[{"role":"user","content":"Mijn BSN is 123456782. Tel 123456782 na."},
		{"role":"assistant","content":"Dat is X123456782Y, van mevrouw An Peeters."},
		{"role":"user","content":"En 123456782 met 9123456782?"},
		{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"zoek","arguments":"{\"nummer\":123456782,\"An Peeters\":\"1234.56.782\"}"}}]},
		{"role":"tool","tool_call_id":"a","content":"Gevonden: 123456782, An Peeters, An Peetersstraat"}]}`
	_, raw, _, _ := w.sent(t, body)
	if n := strings.Count(raw, "123456782"); n != 1 || !strings.Contains(raw, "9123456782") {
		t.Errorf("%d times: %s", n, raw)
	}
	for _, v := range []string{"1234.56.782", `"An Peeters`, ", An Peeters,"} {
		if v != "1234.56.782" && strings.Contains(raw, v) {
			t.Errorf("%s in %s", v, raw)
		}
	}
}

// TestAConversationThatGrowsKeepsItsPlaceholders: what the model sees of turn n is the beginning of what it sees of turn n+1, so that nothing has to be remembered.
func TestAConversationThatGrowsKeepsItsPlaceholders(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{})
	words := []string{"Dank je.", "Over [PERSOON-1] en PERSOON-2", "123456782", "An Peeters", "met 0478123456", "Wat nu?"}
	for _, e := range examples {
		words = append(words, e.before+e.value+".")
	}
	rapid.Check(t, func(r *rapid.T) {
		texts := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) string {
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 1, 4).Draw(r, "sentences"), " ")
		}), 2, 7).Draw(r, "turns")
		beside := rapid.SampledFrom([]string{"", `,"tools":[{"type":"function","function":{"name":"zoek","description":"Zoekt mevrouw Els Janssens, 0479 11 22 33"}}]`, `,"metadata":{"door":"mevrouw Mia De Smet"}`}).Draw(r, "beside")
		first := rapid.Bool().Draw(r, "fields stand first")
		build := func(n int) string {
			list := make([]string, 0, n)
			for i, s := range texts[:n] {
				list = append(list, fmt.Sprintf(`{"role":%q,"content":%s}`, []string{"user", "assistant"}[i%2], wire.AppendQuote(nil, s)))
			}
			messages := `"messages":[` + strings.Join(list, ",") + `]`
			if first {
				return `{"model":"mock;echo"` + beside + `,` + messages + `}`
			}
			return `{"model":"mock;echo",` + messages + beside + `}`
		}
		var before []string
		for n := 1; n <= len(texts); n += 2 {
			now, raw, _, out := w.sent(r, build(n))
			if len(now) < len(before) || !slices.Equal(now[:len(before)], before) {
				r.Fatalf("turn %d begins\n%q, before it was\n%q", n, now, before)
			}
			before = now
			if got := out.text(t); got != texts[n-1] {
				r.Fatalf("%q comes back as %q", texts[n-1], got)
			}
			// Whatever was masked is nowhere in what the model got. A number alone is found only once a word told what it is.
			for _, e := range examples {
				if e.kind != guard.BSN && strings.Contains(raw, e.value) && strings.Contains(strings.Join(texts[:n], " "), e.before+e.value) {
					// A value may stand alone before the sentence that tells what it is; only after it must be masked.
					at := slices.IndexFunc(texts[:n], func(s string) bool { return strings.Contains(s, e.before+e.value) })
					if strings.Contains(strings.Join(now[at+1:], " "), e.value) {
						r.Fatalf("%s is in %s", e.value, raw)
					}
				}
			}
		}
	})
}

func TestKeptValuesGoAsTheyAreAndABlockStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{})
	keep := func(k guard.Type, value string) bool {
		return k == guard.Person && value == guard.Canonical(guard.Person, "An Peeters") || k == guard.Password
	}
	out := &collected{}
	r, err := w.engine.Do(t.Context(), program, request(t, wire.Chat, chat("mock;echo", "Mevrouw An Peeters, mail an@example.be.", false)), gateway.Options{Keep: keep}, out)
	if err != nil || !strings.Contains(string(w.mock.Received()[0]), "An Peeters") || strings.Contains(string(w.mock.Received()[0]), "an@example") || r.Found[guard.Person] != 1 || r.Masked != 1 {
		t.Errorf("%v: %s", err, w.mock.Received())
	}
	var blocked *gateway.Blocked
	if _, err := w.engine.Do(t.Context(), program, request(t, wire.Chat, chat("mock", "wachtwoord: Zomer2026!geheim", false)), gateway.Options{Keep: keep}, out); !errors.As(err, &blocked) {
		t.Errorf("%v", err)
	}
}

func TestWhatTheModelSignedPassesUnlessItHoldsWhatOnlyAPersonKnows(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{})
	ask := func(thought, question string) error {
		body := fmt.Sprintf(`{"model":"mock","max_tokens":9,"messages":[{"role":"user","content":%s},{"role":"assistant","content":[{"type":"thinking","thinking":%s,"signature":"abc"},{"type":"text","text":"Ja."}]},{"role":"user","content":"En?"}]}`,
			wire.AppendQuote(nil, question), wire.AppendQuote(nil, thought))
		_, err := w.engine.Do(t.Context(), program, request(t, wire.Messages, body), gateway.Options{}, &collected{})
		return err
	}
	for _, c := range []struct {
		thought, question string
		blocked           bool
	}{
		{"De gebruiker noemt [PERSOON-1].", "Over mevrouw An Peeters", false},
		{"Misschien bedoelen ze mevrouw Els Janssens.", "Wie was dat?", false},
		{"De gebruiker noemt An Peeters.", "Over mevrouw An Peeters", true},
		{"Rijksregisternummer 85.07.30-033.28", "Wie was dat?", true},
	} {
		err := ask(c.thought, c.question)
		var blocked *gateway.Blocked
		if errors.As(err, &blocked) != c.blocked || !c.blocked && err != nil {
			t.Errorf("%q after %q: %v", c.thought, c.question, err)
		}
		if c.blocked && blocked != nil && blocked.Places[0].Field != "messages[1].content[0].thinking" {
			t.Errorf("%+v", blocked.Places)
		}
	}
}

func TestWhatComesBackIsToldWhenItWasNotInTheQuestion(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{})
	for _, stream := range []bool{false, true} {
		for text, want := range map[string][]guard.Type{"Bel 0478 12 34 56.": {guard.Phone}, "Zeker.": nil} {
			w.mock.Script(answerOf(text))
			r, err := w.engine.Do(t.Context(), program, request(t, wire.Chat, chat("mock", "Wie kan ik bellen, mevrouw An Peeters?", stream)), gateway.Options{}, &collected{})
			if err != nil || !slices.Equal(r.Back, want) {
				t.Errorf("%q: %v (%v)", text, r.Back, err)
			}
		}
	}
}

func TestWhatIsNotInTheRequestIsRefusedUnlessAllowed(t *testing.T) {
	t.Parallel()
	const bare = `{"model":"mock","input":"Hallo","previous_response_id":"resp_1"}`
	const masked = `{"model":"mock","input":"Hallo mevrouw An Peeters","previous_response_id":"resp_1"}`
	for _, allowed := range []bool{false, true} {
		w := newWorld(t, settings{change: func(d *gateway.Dependencies) { d.Unbounded = allowed }})
		do := func(body string) *wire.Fault {
			_, err := w.engine.Do(t.Context(), program, request(t, wire.Responses, body), gateway.Options{}, &collected{})
			var f *wire.Fault
			if err != nil && !errors.As(err, &f) {
				t.Fatal(err)
			}
			return f
		}
		if f := do(bare); (f == nil) != allowed {
			t.Errorf("%v: %v", allowed, f)
		}
		if f := do(masked); f == nil || f.Status != 400 {
			t.Errorf("%v: %v", allowed, f)
		}
	}
}

func TestWhatNeitherGuardNorLimitsKnowIsRefusedByName(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{})
	const messages = `"max_tokens":9,"messages":[{"role":"user","content":"Hallo"}]`
	for _, c := range []struct {
		shape       wire.Shape
		body, field string
	}{
		{wire.Chat, `{"model":"mock",` + messages + `,"web_search_options":{}}`, "web_search_options"},
		{wire.Chat, `{"model":"mock",` + messages + `,"service_tier":"priority"}`, "service_tier"},
		{wire.Chat, `{"model":"mock",` + messages + `,"tools":[{"type":"function","function":{"name":"zoek"}}]}`, ""},
		{wire.Responses, `{"model":"mock","input":"Hallo","tools":[{"type":"function","name":"a"},{"type":"web_search"}]}`, "tools[1]"},
		{wire.Responses, `{"model":"mock","input":"Hallo","tools":[{"type":"mcp","server_url":"https://elsewhere.example"}]}`, "tools[0]"},
		{wire.Responses, `{"model":"mock","input":"Hallo","background":true}`, "background"},
		{wire.Messages, `{"model":"mock",` + messages + `,"tools":[{"type":"web_search_20250305","name":"web_search"}]}`, "tools[0]"},
		{wire.Messages, `{"model":"mock",` + messages + `,"tools":[{"type":"bash_20250124","name":"bash"}]}`, ""},
		{wire.Messages, `{"model":"mock",` + messages + `,"mcp_servers":[{"url":"https://elsewhere.example"}]}`, "mcp_servers"},
		{wire.Embeddings, `{"model":"vectors","input":[[1,2,3]]}`, "input"},
		{wire.Embeddings, `{"model":"vectors","input":[1,2,3]}`, "input"},
		{wire.Embeddings, `{"model":"vectors","input":["Hallo"]}`, ""},
	} {
		before := w.mock.Counts().Requests
		_, err := w.engine.Do(t.Context(), program, request(t, c.shape, c.body), gateway.Options{}, &collected{})
		var f *wire.Fault
		if errors.As(err, &f); c.field == "" && err != nil || c.field != "" && (f == nil || f.Field != c.field || f.Status != 400 || w.mock.Counts().Requests != before) {
			t.Errorf("%s: %v", c.body, err)
		}
	}
}
