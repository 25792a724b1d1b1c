package backend_test

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tekentafel/internal/gateway/backend"
	"tekentafel/internal/gateway/wire"
)

// TestNoPostIsLostOrSentTwiceWhileTheServerClosesIdleConnections streams thousands of answers from a server that closes each connection a moment after an
// answer, just when the next request may be on its way. What the server read it counts: each request once.
func TestNoPostIsLostOrSentTwiceWhileTheServerClosesIdleConnections(t *testing.T) {
	t.Parallel()
	total := 4000
	if testing.Short() {
		total = 1000
	}
	var seen sync.Map
	var closed, twice atomic.Int64
	url := listen(t, func(c net.Conn) {
		defer func() { closed.Add(1); _ = c.Close() }()
		in := bufio.NewReader(c)
		for range 1 + rand.IntN(4) {
			q, err := http.ReadRequest(in)
			if err != nil {
				return
			}
			if q.Header.Get("Expect") != "" {
				_, _ = io.WriteString(c, "HTTP/1.1 100 Continue\r\n\r\n")
			}
			body, err := io.ReadAll(q.Body)
			if err != nil {
				return
			}
			d, err := wire.Parse(body, wire.Limits{})
			if err != nil {
				t.Errorf("the server got %q", body)
				return
			}
			if _, again := seen.LoadOrStore(d.Root().Get("user").Text(), true); again {
				twice.Add(1)
			}
			const event = "data: {\"choices\":[{\"delta\":{\"content\":\"ja\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"
			if _, err := fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(event), event); err != nil {
				return
			}
		}
		time.Sleep(time.Duration(rand.IntN(300)) * time.Microsecond)
	})
	p := one(t, backend.VLLM, url, "")
	var lost atomic.Int64
	var group sync.WaitGroup
	next := make(chan int)
	for range 16 {
		group.Go(func() {
			for i := range next {
				r := request(t, wire.Chat, fmt.Sprintf(`{"model":"m","stream":true,"user":"%d","messages":[{"role":"user","content":"a"}]}`, i))
				if text, err := ask(t.Context(), p, r); err != nil || text != "ja" {
					if lost.Add(1) < 5 {
						t.Errorf("request %d: %q, %v", i, text, err)
					}
				}
			}
		})
	}
	for i := range total {
		next <- i
	}
	close(next)
	group.Wait()
	if lost.Load() > 0 || twice.Load() > 0 {
		t.Errorf("%d of %d lost, %d sent twice, over %d connections", lost.Load(), total, twice.Load(), closed.Load())
	}
}

// TestNoPostIsLostWhileGosServerClosesIdleConnections is the same against net/http, whose limit of idleness is as short as it can be.
func TestNoPostIsLostWhileGosServerClosesIdleConnections(t *testing.T) {
	t.Parallel()
	total := 2000
	if testing.Short() {
		total = 400
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{IdleTimeout: 200 * time.Microsecond, ReadHeaderTimeout: time.Minute, Handler: events(`{"choices":[{"delta":{"content":"ja"},"finish_reason":"stop"}]}`, "[DONE]")}
	go func() { _ = server.Serve(l) }()
	defer func() { _ = server.Close() }()
	p := one(t, backend.VLLM, "http://"+l.Addr().String(), "")
	var group sync.WaitGroup
	var lost atomic.Int64
	for range 8 {
		group.Go(func() {
			for range total / 8 {
				if text, err := ask(t.Context(), p, chat(t, "m", true)); err != nil || text != "ja" {
					if lost.Add(1) < 5 {
						t.Errorf("%q, %v", text, err)
					}
				}
			}
		})
	}
	group.Wait()
	if lost.Load() > 0 {
		t.Errorf("%d of %d lost", lost.Load(), total)
	}
}
