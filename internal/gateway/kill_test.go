package gateway_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/gateway"
	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/gateway/mock"
	"tekentafel/internal/gateway/price"
	"tekentafel/internal/guard"
	"tekentafel/internal/testkit/pgtest"
)

// The variables of a node that a test starts and kills.
const (
	nodeStore = "TEKENTAFEL_GATEWAY_NODE_STORE"
	nodeModel = "TEKENTAFEL_GATEWAY_NODE_MODEL"
)

func TestMain(m *testing.M) {
	if store := os.Getenv(nodeStore); store != "" {
		if err := serveNode(store, os.Getenv(nodeModel)); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// serveNode serves the gateway until its standard input ends.
func serveNode(store, model string) error {
	d, err := db.Open(context.Background(), store)
	if err != nil {
		return err
	}
	list, err := price.Parse("prices.yaml", []byte(prices))
	if err != nil {
		return err
	}
	w := &world{policy: guard.DefaultPolicy()}
	up := &straight{url: model, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100}}}
	e, err := gateway.New(gateway.Dependencies{Upstream: up, Keys: keys{}, Policies: policies{w}, Book: budget.New(d, wide, clock.System()), Prices: list,
		Now: clock.System(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	server := httptest.NewServer(e.Handler(around{}))
	fmt.Println(server.URL)
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	server.Close()
	return e.Shutdown(context.Background())
}

// TestBudgetsAreRightToTheCentWhenANodeIsKilled has two nodes serve many equal calls, kills one with SIGKILL among them, and holds that each call is counted once: at what
// it used when that was told, at the most that was held when its node died first.
func TestBudgetsAreRightToTheCentWhenANodeIsKilled(t *testing.T) {
	t.Parallel()
	for engine, address := range map[string]func() string{
		"sqlite":   func() string { return t.TempDir() + "/tekentafel.db" },
		"postgres": func() string { return pgtest.New(t) },
	} {
		t.Run(engine, func(t *testing.T) {
			where := address()
			d := dbtest.Open(t, where)
			model := &mock.Server{Default: mock.Behaviour{First: 2 * time.Millisecond, Between: time.Millisecond}}
			url, stop, err := model.Listen(t.Context(), "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer stop()
			var nodes []*exec.Cmd
			var doors []string
			var inputs []io.Closer
			for range 2 {
				n := exec.CommandContext(t.Context(), os.Args[0])
				n.Env = append(os.Environ(), nodeStore+"="+where, nodeModel+"="+url)
				in, err := n.StdinPipe()
				if err != nil {
					t.Fatal(err)
				}
				out, err := n.StdoutPipe()
				if err != nil {
					t.Fatal(err)
				}
				if err := n.Start(); err != nil {
					t.Fatal(err)
				}
				line, err := bufio.NewReader(out).ReadString('\n')
				if err != nil || !strings.HasPrefix(line, "http") {
					t.Fatalf("the node says %q (%v)", line, err)
				}
				nodes, doors, inputs = append(nodes, n), append(doors, strings.TrimSpace(line)), append(inputs, in)
			}
			var answered [2]atomic.Int64
			var cost atomic.Int64
			var wg sync.WaitGroup
			halt := make(chan struct{})
			for i := range 16 {
				n := i % 2
				wg.Go(func() {
					for j := 0; ; j++ {
						select {
						case <-halt:
							return
						default:
						}
						one, err := once(t.Context(), doors[n], j%2 == 0)
						if err != nil {
							if n == 0 {
								return // it was killed
							}
							t.Error(err)
							return
						}
						answered[n].Add(1)
						if was := cost.Swap(one); was != 0 && was != one {
							t.Errorf("calls cost %d and %d", was, one)
						}
					}
				})
			}
			within(t, "calls are answered", func() bool { return answered[0].Load() > 60 && answered[1].Load() > 60 })
			if err := nodes[0].Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = nodes[0].Wait() // killed
			seen := answered[1].Load()
			within(t, "the other goes on", func() bool { return answered[1].Load() > seen+40 })
			close(halt)
			wg.Wait()
			_ = inputs[1].Close()
			if err := nodes[1].Wait(); err != nil {
				t.Fatal(err)
			}

			states := map[string]int64{}
			err = d.Of(dbtest.Ours).Rows(t.Context(), `SELECT state, COUNT(*) FROM budget_calls WHERE tenant_id = $1 GROUP BY state`, func(scan func(...any) error) error {
				var state string
				var n int64
				if err := scan(&state, &n); err != nil {
					return err
				}
				states[state] = n
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			later := func() time.Time { return time.Now().Add(time.Hour) }
			b := budget.New(d, wide, later)
			lapsed, err := b.Lapse(t.Context(), dbtest.Ours)
			if err != nil || int64(lapsed) != states["held"] {
				t.Errorf("%d lapsed (%v), %v", lapsed, err, states)
			}
			left, err := b.Left(t.Context(), dbtest.Ours, &budget.Call{})
			if err != nil {
				t.Fatal(err)
			}
			got := left[0]
			if want := states["settled"] * cost.Load(); got.Used-got.Guess != want || got.Held != 0 {
				t.Errorf("%d told, %d held; %d calls of %d are settled, which is %d", got.Used-got.Guess, got.Held, states["settled"], cost.Load(), want)
			}
			if lapsed > 0 && got.Guess%int64(lapsed) != 0 || (got.Guess > 0) != (lapsed > 0) {
				t.Errorf("%d estimated for %d equal calls", got.Guess, lapsed)
			}
			total := answered[0].Load() + answered[1].Load()
			if states["settled"] < answered[1].Load() || states["settled"]+int64(lapsed) < total || states["settled"]+int64(lapsed) > total+16 || states["released"] != 0 {
				t.Errorf("%v, %d lapsed; %d and %d were answered", states, lapsed, answered[0].Load(), answered[1].Load())
			}
			t.Logf("%v, %d lapsed; %d and %d were answered", states, lapsed, answered[0].Load(), answered[1].Load())
		})
	}
}

// once asks the same question and returns what it cost, in nano-euro. Whole or streamed, the model reads and writes as much.
func once(ctx context.Context, door string, stream bool) (int64, error) {
	body := `{"model":"mock","max_tokens":100,"messages":[{"role":"user","content":"Hallo"}],"stream":false}                                                          `
	if stream {
		body = `{"model":"mock","max_tokens":100,"messages":[{"role":"user","content":"Hallo"}],"stream":true,"stream_options":{"include_usage":true}}`
	}
	body = strings.TrimSpace(body)
	body += strings.Repeat(" ", 200-len(body)) // the model counts bytes
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, door+"/v1/chat/completions", strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Authorization", "Bearer "+secret)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, err
	}
	text := string(raw)
	if stream {
		if !strings.Contains(text, "[DONE]") {
			return 0, fmt.Errorf("broken off: %s", text)
		}
		for line := range strings.Lines(text) {
			if strings.Contains(line, `"usage":{`) {
				text = strings.TrimPrefix(line, "data: ")
			}
		}
	}
	var u struct {
		Usage struct {
			Prompt     int64 `json:"prompt_tokens"`
			Completion int64 `json:"completion_tokens"`
		}
	}
	if err := json.Unmarshal([]byte(text), &u); err != nil {
		return 0, fmt.Errorf("%d %s: %w", res.StatusCode, text, err)
	}
	return 1000*u.Usage.Prompt + 2000*u.Usage.Completion, nil
}
