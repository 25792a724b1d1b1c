package mock

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"tekentafel/internal/gateway/wire"
	"tekentafel/internal/guard"
)

// TestWhatIsMaskedNeverArrivesAndComesBack sends a number, an account and a mail address through every pair of interfaces and back, in pieces of one
// byte, and holds that the server saw none of them and the person all.
func TestWhatIsMaskedNeverArrivesAndComesBack(t *testing.T) {
	t.Parallel()
	const secret = `Rijksregisternummer 85.07.30-033.28, rekening BE68 5390 0754 7034, mail "an@example.be".`
	values := []string{"85.07.30-033.28", "BE68 5390 0754 7034", "an@example.be"}
	policy := guard.Policy{}
	scanner := guard.New()
	for _, f := range scanner.Scan(secret) {
		policy[f.Type] = guard.Mask
	}
	if len(policy) != len(values) {
		t.Fatalf("%d sorts found", len(policy))
	}
	for _, client := range []wire.Shape{wire.Chat, wire.Responses, wire.Messages} {
		for _, model := range []wire.Shape{wire.Chat, wire.Responses, wire.Messages} {
			for _, how := range []string{"m;echo;bytes=1", "m;echo;bytes=1;tool"} {
				t.Run(client.String()+" to "+model.String()+" "+how, func(t *testing.T) {
					t.Parallel()
					server := &Server{Keep: true}
					url := start(t, server) + paths[model]
					names := guard.NewPseudonyms(guard.LabelsOf("nl"))
					in := strings.Replace(body(client, how, true, true), `"Wat is é?"`, string(wire.AppendQuote(nil, secret)), 1)
					if client == wire.Messages {
						in = strings.NewReplacer(`,"stream_options":{"include_usage":true}`, "", `{"name":"zoek","type":"function"}`, `{"name":"zoek","input_schema":{"type":"object"}}`).Replace(in)
					}
					if client == wire.Responses {
						in = strings.Replace(in, `"max_tokens":9,`, "", 1)
					}
					r, err := wire.ReadRequest(client, []byte(in), wire.Limits{})
					if err != nil {
						t.Fatal(err)
					}
					masked := r.Rewrite(func(x wire.Text) (string, bool) {
						out := names.Mask(x.Content, scanner.Scan(x.Content), policy)
						return out, out != x.Content
					})
					if client != model {
						r, err = wire.ReadRequest(client, masked, wire.Limits{})
						if err != nil {
							t.Fatal(err)
						}
						if masked, _, err = wire.Convert(r, model, wire.Options{}); err != nil {
							t.Fatal(err)
						}
					}
					answer, err := post(t, t.Context(), url, string(masked))
					if err != nil {
						t.Fatal(err)
					}
					defer func() { _ = answer.Body.Close() }()
					var out []byte
					send := func(e wire.Event) error { out = wire.AppendEvent(out, e); return nil }
					translator := wire.NewTranslator(model, client, 1, true)
					editor := wire.NewEditor(model, func(wire.Track) wire.Filter { return names.Restorer() })
					events := wire.NewReader(answer.Body, 0)
					for {
						e, err := events.Next()
						if errors.Is(err, io.EOF) {
							break
						}
						if err != nil {
							t.Fatal(err)
						}
						if err := editor.Event(e, func(e wire.Event) error {
							if client == model {
								return send(e)
							}
							return translator.Event(e, send)
						}); err != nil {
							t.Fatal(err)
						}
					}
					for _, v := range values {
						if bytes.Contains(server.Received()[0], []byte(v)) {
							t.Errorf("%s arrived", v)
						}
					}
					got, err := gather(client, bytes.NewReader(out))
					want := secret
					if strings.HasSuffix(how, "tool") {
						want = arguments(secret)
					}
					if got.text != want || err != nil || !got.done {
						t.Errorf("%v, %v", got, err)
					}
				})
			}
		}
	}
}
