package scim_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/people/scim"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/privacy/heldtest"
)

// TestWhatTheStoreLooksUpIsWhatTheFilterFinds compares each filter with what it is when denied twice, which the store cannot narrow
// down, so that every user is looked at.
func TestWhatTheStoreLooksUpIsWhatTheFilterFinds(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		values := []string{"a", "A", "ab", "b%", "b_", `b\`, "é", "É", "straße", "STRASSE", "1", "x y", "work", "other"}
		for i, v := range values {
			v = strings.ReplaceAll(v, `\`, `\\`)
			p.user(fmt.Sprintf("u%d", i), fmt.Sprintf(`,"externalId":"%s%d","displayName":"%s","title":"%s","emails":[{"value":"m%d@x.be","type":"%s"}],"%s":{"department":"%s","manager":"%s"}`,
				v, i%3, v, values[(i+1)%4], i, v, scim.EnterpriseSchema, values[(i+3)%9%3], v))
		}
		users := p.must(200, "GET", "/Users?attributes=id", "")["Resources"].([]any)
		for i := range 3 {
			p.must(201, "POST", "/Groups", fmt.Sprintf(`{"displayName":"%s","members":[{"value":"%s"},{"value":"%s"}]}`, values[i+1], users[i].(map[string]any)["id"], users[i+1].(map[string]any)["id"]))
		}
		draw := func(t *rapid.T, kind string) string {
			v := strings.ReplaceAll(rapid.SampledFrom(values).Draw(t, "value"), `\`, `\\`)
			op := rapid.SampledFrom([]string{"eq", "ne", "co", "sw", "ew", "gt", "le"}).Draw(t, "op")
			id := users[rapid.IntRange(0, 5).Draw(t, "user")].(map[string]any)["id"]
			if kind == "Groups" {
				return rapid.SampledFrom([]string{fmt.Sprintf(`displayName %s "%s"`, op, v), fmt.Sprintf(`members eq "%s"`, id), fmt.Sprintf(`members[value eq "%s"]`, id),
					fmt.Sprintf(`members.display %s "%s"`, op, v), "members pr", fmt.Sprintf(`not (members eq "%s")`, id)}).Draw(t, "part")
			}
			return rapid.SampledFrom([]string{fmt.Sprintf(`title %s "%s"`, op, v), fmt.Sprintf(`displayName %s "%s"`, op, v), fmt.Sprintf(`emails[type %s "%s"]`, op, v), fmt.Sprintf(`department %s "%s"`, op, v),
				fmt.Sprintf(`externalId %s "%s1"`, op, v), fmt.Sprintf(`id %s "%s"`, op, id), fmt.Sprintf(`userName %s "U%s"`, op, v), fmt.Sprintf(`emails[type eq "%s"].value %s "M1@x.be"`, v, op),
				fmt.Sprintf(`%s:manager %s "%s"`, scim.EnterpriseSchema, op, v), `active eq "true"`, fmt.Sprintf(`meta.resourceType %s "User"`, op)}).Draw(t, "part")
		}
		rapid.Check(t, func(t *rapid.T) {
			kind := rapid.SampledFrom([]string{"Users", "Users", "Groups"}).Draw(t, "kind")
			filter := draw(t, kind)
			for range rapid.IntRange(0, 2).Draw(t, "more") {
				filter = "(" + filter + ") " + rapid.SampledFrom([]string{"and", "or"}).Draw(t, "join") + " " + draw(t, kind)
			}
			find := func(f string) string {
				f = strings.ReplaceAll(strings.ReplaceAll(f, `\`, `\\`), `"`, `\"`)
				out := p.must(200, "POST", "/"+kind+"/.search", `{"attributes":["id"],"filter":"`+f+`"}`)
				var ids []string
				for _, r := range out["Resources"].([]any) {
					ids = append(ids, r.(map[string]any)["id"].(string))
				}
				slices.Sort(ids)
				return strings.Join(ids, " ")
			}
			if got, want := find(filter), find("not (not ("+filter+"))"); got != want {
				t.Fatalf("%s finds %s, want %s", filter, got, want)
			}
		})
	})
}

func TestPersonSeesAllThatIsKeptAndCanBeForgotten(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		user := p.user("anna01", `,"displayName":"anna01"`)
		other := p.user("bert02", "")
		account, person := p.account(user)
		otherAccount, _ := p.account(other)
		group := p.must(201, "POST", "/Groups", `{"displayName":"g","members":[{"value":"`+user+`"},{"value":"`+other+`"}]}`)["id"].(string)
		traces, err := p.registry.About(t.Context(), dbtest.Ours, account)
		if err != nil || len(traces) != 1 || traces[0].Resource["userName"] != "anna01" || !slices.Equal(traces[0].Groups, []string{"g"}) || traces[0].At.IsZero() {
			t.Fatalf("%v, %v", traces, err)
		}
		section := []held.Section{{Rows: []held.Row{{Source: traces[0].Source}}}}
		elsewhere := map[string]string{"accounts": "of identity", "staff_of_test": "of the test", "audit_log": "of audit", "scim_members": "named with the user"}
		if missing := heldtest.Uncovered(heldtest.Mentions(t, d, dbtest.Ours, "anna01", account, person, user), section, account, elsewhere); len(missing) > 0 {
			t.Errorf("not shown: %v", missing)
		}
		for _, nobody := range []string{"", "x"} {
			if traces, err := p.registry.About(t.Context(), dbtest.Ours, nobody); err != nil || len(traces) > 0 {
				t.Errorf("about %q: %v, %v", nobody, traces, err)
			}
		}
		if err := d.Write(t.Context(), dbtest.Ours, func(s *db.Scope) error { return p.registry.Forget(t.Context(), s, account) }); err != nil {
			t.Fatal(err)
		}
		for _, f := range heldtest.Mentions(t, d, dbtest.Ours, "anna01", user) {
			if strings.HasPrefix(f.Table, "scim") {
				t.Errorf("%s/%s still mentions them", f.Table, f.Key)
			}
		}
		if got := p.must(200, "GET", "/Groups/"+group, ""); len(got["members"].([]any)) != 1 || got["meta"].(map[string]any)["version"] != `W/"2"` {
			t.Errorf("%v", got)
		}
		if traces, err := p.registry.About(t.Context(), dbtest.Ours, otherAccount); err != nil || len(traces) != 1 {
			t.Errorf("of another: %v, %v", traces, err)
		}
		p.must(404, "GET", "/Users/"+user, "")

		p.must(204, "DELETE", "/Users/"+other, "")
		kept := held.Fill(held.Kept{Name: "scim"}, scim.Outs())
		if err := d.Write(t.Context(), dbtest.Ours, func(s *db.Scope) error {
			for before, want := range map[time.Time]int{time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC): 0, time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC): 1} {
				if n, err := kept.Delete(t.Context(), s, before, 10); err != nil || n != want {
					t.Errorf("before %v: %d, %v", before, n, err)
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if n := p.count(`SELECT COUNT(*) FROM scim_users`); n != 0 {
			t.Errorf("%d rows are left", n)
		}
	})
}
