package app

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/identity"
	"tekentafel/internal/instrument"
)

// TestTheHomePageOfEachRoleLeadsToOneThingToDo holds that each role sees one primary action, what else it can do, and as who it is there.
func TestTheHomePageOfEachRoleLeadsToOneThingToDo(t *testing.T) {
	t.Parallel()
	h := open(t, filepath.Join(t.TempDir(), "tekentafel.db"))
	for role, want := range map[access.Role]struct{ lead, offer, part string }{
		access.HR:            {"Beslis wat er gebeurt", "/answers/new", "HR · Stad Voorbeeld"},
		access.Employee:      {"Lees het rapport", "/me/data", "Medewerker · Stad Voorbeeld"},
		access.Manager:       {"Lees het rapport", "/reports", "Leidinggevende · Stad Voorbeeld"},
		access.CoreTeam:      {"Lees het rapport", "/reports", "Kernteam · Stad Voorbeeld"},
		access.DPO:           {"Bekijk de bewaartermijnen", "/audit", "DPO · Stad Voorbeeld"},
		access.Researcher:    {"Lees het rapport", "/reports", "Onderzoeker · Stad Voorbeeld"},
		access.Administrator: {"Lees het rapport", "/people", "Beheerder · Stad Voorbeeld"},
	} {
		page := h.get(t, h.as(t, role), "/")
		if n := strings.Count(page.body, "next-step"); page.StatusCode != http.StatusOK || n != 1 {
			t.Errorf("%s: %d with %d primary actions", role, page.StatusCode, n)
		}
		for _, part := range []string{">" + want.lead, `href="` + want.offer + `"`, want.part} {
			if !strings.Contains(page.body, part) {
				t.Errorf("%s: the home page lacks %q", role, part)
			}
		}
	}
}

// TestWhoIsAloneIsLedToInvitingOthers holds that a first administrator is told to add people, until there is somebody else.
func TestWhoIsAloneIsLedToInvitingOthers(t *testing.T) {
	t.Parallel()
	h := open(t, filepath.Join(t.TempDir(), "tekentafel.db"))
	org, people, err := h.Identity.Found(t.Context(), "", identity.OrganisationInput{Slug: "nieuw", Name: "Nieuwe Stad", Languages: instrument.Languages(), GroupSize: 10,
		Settings: identity.Settings{SecondFactorOptional: true}}, []identity.Seed{{AccountInput: identity.AccountInput{Name: "Ann", Mail: "ann@nieuw.example",
		Roles: []access.Role{access.Administrator}}, Password: strongPassword}})
	if err != nil {
		t.Fatal(err)
	}
	c := h.visitor(t)
	h.enter(t, c, org, people[0].ID)
	if page := h.get(t, c, "/").body; !strings.Contains(page, `href="/people/new"`) || !strings.Contains(page, "Nodig je collega’s uit") {
		t.Error("nobody is led to inviting others")
	}
	alone := access.Actor{Kind: access.Person, Tenant: org, ID: people[0].ID, Owner: people[0].ID, Roles: []access.Role{access.Administrator}}
	if _, err := h.Identity.AddAccount(t.Context(), alone, identity.AccountInput{Name: "Bea", Mail: "bea@nieuw.example"}, asked.Request{}); err != nil {
		t.Fatal(err)
	}
	if page := h.get(t, c, "/").body; strings.Contains(page, "Nodig je collega’s uit") {
		t.Error("two people are told that one is alone")
	}
}
