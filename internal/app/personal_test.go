package app

import (
	"strings"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/privacy/heldtest"
)

// notShown are tables that mention a person and are not shown to them row by row, with the reason.
func notShown() map[string]string {
	return map[string]string{
		"lockouts": "holds a keyed hash of what was typed, for minutes",
		"flows":    "sign-ins half way and secrets shown once, for minutes",
		// What is kept of a person is shown as it stands; these hold examples of it.
		"people_imports": "what a file would change, with its first rows, until somebody decides and 30 days at most",
		"people_quality": "ids in examples of faults, until the next assessment",
	}
}

// TestAPersonSeesAllThatIsHeldAboutThem looks in every table of a server that was used.
func TestAPersonSeesAllThatIsHeldAboutThem(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		h.prepare(t)
		for _, role := range access.Roles() {
			me := h.actor(t, role)
			var mail string
			if err := h.DB.Of(me.Tenant).Row(t.Context(), `SELECT mail FROM accounts WHERE tenant_id = $1 AND id = $2`, []any{me.Owner}, &mail); err != nil {
				t.Fatal(err)
			}
			sections := must(h.People.Held(t.Context(), me.Tenant, me, me.Owner))(t)
			found := heldtest.Mentions(t, h.DB, me.Tenant, me.Owner, mail)
			if len(found) < 3 {
				t.Errorf("%s: only %d rows are found, so the test sees nothing", role, len(found))
			}
			if missed := heldtest.Uncovered(found, sections, me.Owner, notShown()); len(missed) > 0 {
				t.Errorf("%s is not shown:\n%s", role, strings.Join(missed, "\n"))
			}
		}
	})
}

// TestNothingButANumberIsLeftOfWhoIsErased looks in every table after somebody was erased.
func TestNothingButANumberIsLeftOfWhoIsErased(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		h.prepare(t)
		hr := h.actor(t, access.HR)
		if err := h.People.Erase(t.Context(), hr.Tenant, hr, hr.Owner); err != nil {
			t.Fatal(err)
		}
		// The last mail, until it is sent; and the personnel file, which belongs to the employer and goes when somebody is long out of service.
		allowed := map[string]bool{"mails": true, "people_staff": true, "people_imports": true}
		for _, f := range heldtest.Mentions(t, h.DB, hr.Tenant, "hr@voorbeeld.example", "Hilde Maes") {
			if !allowed[f.Table] {
				t.Errorf("the name or address is still in %s/%s", f.Table, f.Key)
			}
		}
		allowed = map[string]bool{"accounts": true, "audit_log": true}
		for _, f := range heldtest.Mentions(t, h.DB, hr.Tenant, hr.Owner) {
			if !allowed[f.Table] {
				t.Errorf("the number is still in %s/%s", f.Table, f.Key)
			}
		}
	})
}
