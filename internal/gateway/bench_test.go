package gateway_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"tekentafel/internal/gateway"
	"tekentafel/internal/gateway/backend"
	"tekentafel/internal/gateway/wire"
)

// still answers at once, with the same words.
type still struct {
	straight
	body []byte
}

func (s *still) Do(context.Context, *wire.Request) (*backend.Reply, error) {
	return backend.NewReply("one", s.body, nil, nil), nil
}

// BenchmarkDo takes calls through the engine alone: guard, limits, answer, settlement, without network.
func BenchmarkDo(b *testing.B) {
	const text = `Beste collega's, vorige week zaten we samen over de nieuwe aanpak van de dienstverlening. Iedereen was het erover eens dat de wachttijd aan het loket korter moet. ` +
		`De dienst Burgerzaken stelt voor om vanaf 1 maart te werken op afspraak, met twee vrije momenten per week voor wie geen afspraak kan maken. Wie vragen heeft, belt naar 09 234 56 78 of ` +
		`stuurt een mail naar onthaal@voorbeeld.be. De kosten voor de aanpassing van de wachtzaal worden geraamd op 12.500 euro. Daarvoor is in het budget van 2025 plaats gemaakt. ` +
		`Mevrouw Peeters vroeg of ook de bibliotheek kan meedoen. Dat wordt bekeken zodra de werken in de Kerkstraat achter de rug zijn. Volgens de planning is dat in het najaar. `
	for _, size := range []int{256, 4096} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			up := &still{body: []byte(`{"id":"a","object":"chat.completion","created":1,"model":"mock","choices":[{"index":0,"message":{"role":"assistant","content":"Dag [PERSOON-1]."},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13}}`)}
			w := newWorld(b, settings{change: func(d *gateway.Dependencies) { d.Upstream, d.Log = up, slog.New(slog.DiscardHandler) }})
			body := strings.Replace(chat("mock", strings.Repeat(text, size/len(text)+1)[:size], false), `"stream"`, `"max_tokens":500,"stream"`, 1)
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := w.engine.Do(b.Context(), program, request(b, wire.Chat, body), gateway.Options{}, &collected{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
