package access

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tekentafel/internal/tenant"
)

const (
	ours   tenant.ID = "ours"
	theirs tenant.ID = "theirs"
)

// person returns somebody of an organisation with roles.
func person(t tenant.ID, roles ...Role) Actor {
	return Actor{Kind: Person, Tenant: t, ID: "me", Owner: "me", Roles: roles}
}

// keyOf returns a key that a person made, with scopes.
func keyOf(p Actor, scopes ...Action) Actor {
	p.Kind, p.ID, p.Scopes = Key, "key", scopes
	return p
}

func drawRoles(t *rapid.T) []Role {
	return rapid.SliceOfDistinct(rapid.SampledFrom(append(Roles(), "unknown")), rapid.ID[Role]).Draw(t, "roles")
}

func drawAction(t *rapid.T) Action { return rapid.SampledFrom(Actions()).Draw(t, "action") }

func drawTenant(t *rapid.T, label string) tenant.ID {
	return rapid.SampledFrom([]tenant.ID{"", ours, theirs, "federation"}).Draw(t, label)
}

func drawResource(t *rapid.T) Resource {
	return Resource{
		Tenant: drawTenant(t, "tenant"), Federation: drawTenant(t, "federation"),
		Owner: rapid.SampledFrom([]string{"", "me", "other"}).Draw(t, "owner"), Published: rapid.Bool().Draw(t, "published"),
	}
}

func drawActor(t *rapid.T) Actor {
	return Actor{
		Kind:   rapid.SampledFrom([]Kind{"", "unknown", Visitor, Person, Key, System}).Draw(t, "kind"),
		Tenant: drawTenant(t, "actor's tenant"), ID: "x", Owner: rapid.SampledFrom([]string{"", "me"}).Draw(t, "actor's owner"),
		Roles: drawRoles(t), Scopes: rapid.SliceOf(rapid.SampledFrom(Actions())).Draw(t, "scopes"),
	}
}

func TestVisitorMayNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := drawActor(t)
		a.Kind = rapid.SampledFrom([]Kind{"", "unknown", Visitor}).Draw(t, "no kind of somebody")
		if action := drawAction(t); Can(a, action, drawResource(t)) {
			t.Fatalf("a visitor may %s", action)
		}
	})
}

func TestSomebodyWithoutOrganisationOrAccountMayNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := drawActor(t)
		a.Kind = rapid.SampledFrom([]Kind{Person, Key}).Draw(t, "person or key")
		if rapid.Bool().Draw(t, "without organisation") {
			a.Tenant = ""
		} else {
			a.Owner = ""
		}
		if action := drawAction(t); Can(a, action, drawResource(t)) {
			t.Fatalf("%+v may %s", a, action)
		}
	})
}

// heldActions are what the administrators of a federation may do to an organisation that it holds, and all that anybody may
// do to what belongs to another organisation.
func heldActions() []Action { return []Action{ChangeOrganisation, ReadOrganisation} }

func TestNothingOfAnotherOrganisationIsReachableButWhatAFederationHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, action, r := drawActor(t), drawAction(t), drawResource(t)
		if r.Tenant == a.Tenant || !Can(a, action, r) {
			return
		}
		if !slices.Contains(heldActions(), action) || r.Federation != a.Tenant || !slices.Contains(a.Roles, Administrator) {
			t.Fatalf("%+v may %s %+v", a, action, r)
		}
	})
}

func TestKeyNeverMayMoreThanItsOwnerAndItsScopes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		owner := drawActor(t)
		owner.Kind = Person
		k, action, r := keyOf(owner, owner.Scopes...), drawAction(t), drawResource(t)
		if !Can(k, action, r) {
			return
		}
		if !Can(owner, action, r) {
			t.Fatalf("the key may %s %+v and its owner %+v may not", action, r, owner)
		}
		if !slices.Contains(k.Scopes, action) {
			t.Fatalf("the key may %s without that scope", action)
		}
		if !slices.Contains(Delegable(), action) {
			t.Fatalf("a key may %s, which nobody can give to a key", action)
		}
	})
}

func TestRoleNeverTakesARightAway(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, action, r := drawActor(t), drawAction(t), drawResource(t)
		if !Can(a, action, r) {
			return
		}
		more := rapid.SampledFrom(append(Roles(), "unknown")).Draw(t, "one more")
		a.Roles = append(slices.Clone(a.Roles), more)
		if !Can(a, action, r) {
			t.Fatalf("with the role %s one may no longer %s", more, action)
		}
	})
}

func TestUnknownActionIsRefusedToEverybody(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, r := drawActor(t), drawResource(t)
		unknown := Action(rapid.String().Draw(t, "action"))
		if slices.Contains(Actions(), unknown) {
			return
		}
		a.Scopes = append(a.Scopes, unknown)
		if Can(a, unknown, r) {
			t.Fatalf("%+v may %q", a, unknown)
		}
	})
}

func TestUnknownRoleGivesNoMoreThanAnEmployeeHas(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		action, r := drawAction(t), drawResource(t)
		unknown := Role(rapid.StringMatching(`[a-z]{0,3}|HR|Administrator|administrator `).Draw(t, "role"))
		if slices.Contains(Roles(), unknown) {
			return
		}
		if Can(person(ours, unknown), action, r) != Can(person(ours), action, r) {
			t.Fatalf("the role %q changes who may %s", unknown, action)
		}
	})
}

func TestProgramItselfStaysInTheOrganisationItWorksFor(t *testing.T) {
	t.Parallel()
	for _, action := range Actions() {
		if !Can(Actor{Kind: System, Tenant: ours}, action, Resource{Tenant: ours}) {
			t.Errorf("a job of the organisation may not %s", action)
		}
		for _, r := range []Resource{{Tenant: theirs}, {Tenant: theirs, Federation: ours}, {}} {
			if Can(Actor{Kind: System, Tenant: ours}, action, r) {
				t.Errorf("a job of the organisation may %s %+v", action, r)
			}
		}
		if Can(Actor{Kind: System}, action, Resource{}) {
			t.Errorf("a job of no organisation may %s", action)
		}
	}
}

func TestOnlyPeopleAndKeysPlayRoles(t *testing.T) {
	t.Parallel()
	for _, kind := range []Kind{"", Visitor, System} {
		a := Actor{Kind: kind, Tenant: ours, Roles: Roles()}
		for _, role := range Roles() {
			if a.Has(role) {
				t.Errorf("%q plays %s", kind, role)
			}
		}
	}
	if !person(ours).Has(Employee) || !keyOf(person(ours)).Has(Employee) || person(ours).Has(HR) {
		t.Error("everybody with an account is an employee, and nothing more by that")
	}
}
