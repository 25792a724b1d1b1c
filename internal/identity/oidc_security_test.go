package identity

import (
	"net/http"
	"testing"

	"tekentafel/internal/db/dbtest"
)

func TestALinkOfAnotherSiteBeginsNoSignIn(t *testing.T) {
	t.Parallel()
	g := newGate(t, dbtest.SQLite(t), "localhost")
	for from, to := range map[string]string{"cross-site": "/o/ours/sign-in?next=%2Freports", "same-site": "/o/ours/sign-in?next=%2Freports", "same-origin": "", "none": "", "": ""} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, g.base+"/o/ours/oidc/start?next=/reports", nil)
		if err != nil {
			t.Fatal(err)
		}
		if from != "" {
			r.Header.Set("Sec-Fetch-Site", from)
		}
		res, err := g.visitor(t).http.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if got := res.Header.Get("Location"); got != to || to == "" && res.StatusCode != http.StatusNotFound { // nobody set a provider up
			t.Errorf("%q: %d to %q", from, res.StatusCode, got)
		}
		if err := res.Body.Close(); err != nil {
			t.Error(err)
		}
		var flows int
		if err := g.db.Of(dbtest.Ours).Row(t.Context(), `SELECT COUNT(*) FROM flows WHERE tenant_id = $1`, nil, &flows); err != nil || flows > 0 {
			t.Errorf("%q: %d %v", from, flows, err)
		}
	}
}
