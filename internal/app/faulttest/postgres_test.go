package faulttest

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tekentafel/internal/seal"
	"tekentafel/internal/testkit/pgtest"
)

func TestServerOutlivesADatabaseThatGoesAndComesBack(t *testing.T) {
	t.Parallel()
	cluster, when := pgtest.NewCluster(t), moments(t)
	in := prepare(t, t.TempDir(), cluster.URL())
	p := start(t, in, port(t))
	l := begin(t, in, p.url)
	for _, end := range []func(){cluster.Kill, cluster.Kill, cluster.Stop} {
		l.wait(time.Duration(100+when.IntN(400)) * time.Millisecond)
		end()
		saidSo := l.statuses(http.StatusServiceUnavailable)
		status, page := get(p.url + "/sign-in")
		if status != http.StatusServiceUnavailable || !strings.Contains(page, "database") {
			t.Errorf("without its database the server answers %d: %.500s", status, page)
		}
		if status, reasons := get(p.url + "/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(reasons, "unreachable") {
			t.Errorf("without its database the server is ready: %d %s", status, reasons)
		}
		eventually(t, patience, "the clients are told", func() bool { return l.statuses(http.StatusServiceUnavailable) > saidSo })
		cluster.Start()
		eventually(t, 10*time.Second, "the server is ready again by itself", func() bool {
			status, _ := get(p.url + "/readyz")
			return status == http.StatusOK
		})
	}
	l.wait(100 * time.Millisecond)
	l.end()
	l.finished()
	if code := p.stop(t); code != 0 {
		t.Errorf("exit code %d\n%s", code, p.said)
	}
	l.verify(in.database)
	for text := range l.told {
		if !strings.Contains(text, "database does not answer") && !strings.Contains(text, "very busy") {
			t.Errorf("a client was told: %s", text)
		}
	}
}

func TestServerSaysThatTheDatabaseTakesNoChanges(t *testing.T) {
	t.Parallel()
	cluster := pgtest.NewCluster(t)
	in := prepare(t, t.TempDir(), cluster.URL())
	p := start(t, in, port(t))
	l := begin(t, in, p.url)
	l.wait(100 * time.Millisecond)
	// What a standby that was not promoted, or a provider whose disk runs full, does.
	set := func(to string) {
		order(t, in.database, `ALTER SYSTEM SET default_transaction_read_only = `+to)
		order(t, in.database, `SELECT pg_reload_conf()`)
	}
	set("on")
	eventually(t, patience, "a client is told", func() bool { return l.statuses(http.StatusServiceUnavailable) > clients })
	if status, _ := get(p.url + "/sign-in"); status != http.StatusOK {
		t.Errorf("reading a page gives %d", status)
	}
	set("off")
	l.wait(100 * time.Millisecond)
	l.end()
	l.finished()
	p.stop(t)
	l.verify(in.database)
	for text := range l.told {
		if !strings.Contains(text, "cannot keep anything right now") {
			t.Errorf("a client was told: %s", text)
		}
	}
}

// balancer sends requests to each node in turn.
func balancer(t *testing.T, nodes ...string) string {
	t.Helper()
	var proxies []http.Handler
	for _, node := range nodes {
		u, err := url.Parse(node)
		if err != nil {
			t.Fatal(err)
		}
		proxy := httputil.NewSingleHostReverseProxy(u)
		proxy.ErrorHandler = func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) }
		proxies = append(proxies, proxy)
	}
	var turn atomic.Uint64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		proxies[turn.Add(1)%uint64(len(proxies))].ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func TestOneOfTwoNodesMayDie(t *testing.T) {
	t.Parallel()
	in, when := prepare(t, t.TempDir(), pgtest.New(t)), moments(t)
	second := *in
	second.dir = t.TempDir()
	ports := []int{port(t), port(t)}
	nodes := []*program{start(t, in, ports[0]), start(t, &second, ports[1])}
	l := begin(t, in, balancer(t, nodes[0].url, nodes[1].url))
	for round := range 4 {
		l.wait(time.Duration(100+when.IntN(400)) * time.Millisecond)
		dies := round % 2
		nodes[dies].kill()
		l.wait(time.Duration(when.IntN(300)) * time.Millisecond)
		nodes[dies] = start(t, []*install{in, &second}[dies], ports[dies])
	}
	stranger := *in
	stranger.dir, stranger.key = t.TempDir(), seal.NewKey()
	launch(t, &stranger, port(t)).refused(t, "the key does not belong to this database", "give the key that belongs to it")
	l.wait(100 * time.Millisecond)
	l.end()
	l.finished()
	for _, node := range nodes {
		if code := node.stop(t); code != 0 {
			t.Errorf("exit code %d\n%s", code, node.said)
		}
	}
	l.verify(in.database)
	if l.saw[http.StatusBadGateway] == 0 {
		t.Error("no answer was lost, so the kills proved nothing")
	}
}
