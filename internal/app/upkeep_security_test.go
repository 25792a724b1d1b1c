package app

import (
	"fmt"
	"net/http"
	"testing"

	"tekentafel/internal/access"
)

// TestStepsOfSigningInThatAnyoneBeginsDoNotPileUp begins many and lets them end.
func TestStepsOfSigningInThatAnyoneBeginsDoNotPileUp(t *testing.T) {
	t.Parallel()
	h := sqliteHouse(t)
	city := h.actor(t, access.HR)
	count := func() (n int) {
		t.Helper()
		if err := h.DB.Of(city.Tenant).Row(t.Context(), `SELECT COUNT(*) FROM flows WHERE tenant_id = $1`, nil, &n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for i := range 20 {
		if a := h.do(t, h.visitor(t), http.MethodPost, "/o/voorbeeld/passkeys/options", "", nil); a.StatusCode != http.StatusOK {
			t.Fatal(fmt.Sprint(i, a.StatusCode, a.body))
		}
	}
	if n := count(); n != 20 {
		t.Fatalf("%d steps", n)
	}
	h.exec(t, city, `UPDATE flows SET expires_at = $2 WHERE tenant_id = $1`, 1)
	if err := h.upkeep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := count(); n != 0 {
		t.Errorf("%d steps are left", n)
	}
}
