package backend_test

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"tekentafel/internal/gateway/backend"
	"tekentafel/internal/gateway/mock"
)

// BenchmarkPool is a request through a pool beside one of a plain client, to the same server.
func BenchmarkPool(b *testing.B) {
	m := &mock.Server{}
	url := serve(b, m)
	p := one(b, backend.VLLM, url, "")
	for name, streamed := range map[string]bool{"whole": false, "stream": true} {
		r := chat(b, "m", streamed)
		b.Run("pool/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				reply, err := p.Do(b.Context(), r)
				if err != nil {
					b.Fatal(err)
				}
				if reply.Events != nil {
					for err == nil {
						_, err = reply.Events.Next()
					}
				}
				_ = reply.Close()
			}
		})
		b.Run("plain/"+name, func(b *testing.B) {
			client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
			b.ReportAllocs()
			for b.Loop() {
				q, err := http.NewRequestWithContext(b.Context(), http.MethodPost, url+"/v1/chat/completions", bytes.NewReader(r.Doc.Bytes()))
				if err != nil {
					b.Fatal(err)
				}
				res, err := client.Do(q)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := io.Copy(io.Discard, res.Body); err != nil {
					b.Fatal(err)
				}
				_ = res.Body.Close()
			}
		})
	}
}
