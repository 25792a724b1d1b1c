package faulttest

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tekentafel/internal/app"
	"tekentafel/internal/clock"
	"tekentafel/internal/identity"
)

// TestJumpingClockLosesNothingAndDoesNothingTwice sets the clock of a server in this process forwards and backwards while
// clients work. That the machine's own clock jumped is noticed and logged by internal/clock.
func TestJumpingClockLosesNothingAndDoesNothingTwice(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, in *install) {
		var shift atomic.Int64
		machine := clock.System()
		a := in.inside(t, func() time.Time { return machine().Add(time.Duration(shift.Load())) }, "http://127.0.0.1:1")
		ctx, stop := context.WithCancel(t.Context())
		var work sync.WaitGroup
		work.Go(func() { a.Run(ctx) })
		server := httptest.NewServer(a.Web)
		l := begin(t, in, server.URL)
		before := session(t, a, in, server.URL)
		if status := home(t, before, server.URL); status != http.StatusOK {
			t.Errorf("somebody who signed in gets %d", status)
		}
		for _, jump := range []time.Duration{time.Hour, 0, -time.Hour, 0, 240 * time.Hour, 0, -240 * time.Hour, 0} {
			shift.Store(int64(jump))
			l.wait(100 * time.Millisecond)
			if jump == 240*time.Hour {
				if status := home(t, before, server.URL); status != http.StatusSeeOther {
					t.Errorf("a session of ten days ago gives %d", status)
				}
			}
			if status := home(t, session(t, a, in, server.URL), server.URL); status != http.StatusOK {
				t.Errorf("after a jump of %v somebody who signs in gets %d", jump, status)
			}
		}
		l.end()
		l.finished()
		server.Close()
		stop()
		work.Wait()
		if err := a.Close(); err != nil {
			t.Error(err)
		}
		l.verify(in.database)
	})
}

// session is a browser in which the person of the installation signed in.
func session(t *testing.T, a *app.App, in *install, base string) *http.Client {
	t.Helper()
	w, r := httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, base+"/", nil)
	if err := a.Identity.SignIn(t.Context(), w, r, identity.SignedIn{Tenant: in.tenant, Account: in.account, Method: identity.ByPassword}); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	// The server's clock says how long a cookie holds; the browser's own is another.
	for _, c := range w.Result().Cookies() {
		c.MaxAge, c.Expires = 0, time.Time{}
		jar.SetCookies(u, []*http.Cookie{c})
	}
	return &http.Client{Jar: jar, Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// home reads the home page and returns its status.
func home(t *testing.T, c *http.Client, base string) int {
	t.Helper()
	res, err := c.Get(base + "/")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	return res.StatusCode
}
