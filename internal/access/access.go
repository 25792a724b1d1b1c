// Package access decides who may do what. It is plain code without I/O: an actor, an action and what it is done to, and
// the answer. Every page, every operation of the API and every background job asks here and nowhere else.
package access

import (
	"slices"

	"tekentafel/internal/tenant"
)

// Role is a part that a person plays in an organisation. Everyone with an account is an employee too.
type Role string

// The roles.
const (
	Employee      Role = "employee"
	Manager       Role = "manager"
	HR            Role = "hr"
	CoreTeam      Role = "core-team"
	DPO           Role = "dpo"
	Researcher    Role = "researcher"
	Administrator Role = "administrator"
)

// Roles lists all roles, in the order in which the interface shows them.
func Roles() []Role {
	return []Role{Employee, Manager, HR, CoreTeam, DPO, Researcher, Administrator}
}

// Kind is what sort of actor asks.
type Kind string

// The kinds of actors.
const (
	Visitor Kind = "visitor" // nobody is signed in
	Person  Kind = "person"  // an account with a session
	Key     Kind = "key"     // a key of the API, which never does more than the person who made it
	System  Kind = "system"  // the program itself, such as a job
)

// Actor is who asks. The zero value is a visitor, who may do nothing that an account is needed for.
type Actor struct {
	Kind   Kind
	Tenant tenant.ID
	ID     string // of the account (Person), or of the key (Key)
	Owner  string // account on whose behalf a key acts; that of the person otherwise
	Roles  []Role
	Scopes []Action // of a key: the only actions it may do
}

// Has tells whether the actor plays a role.
func (a Actor) Has(r Role) bool {
	if a.Kind != Person && a.Kind != Key {
		return false
	}
	return r == Employee || slices.Contains(a.Roles, r)
}

// Resource is what an action is done to. The zero value of a field means that the fact does not hold.
type Resource struct {
	Tenant     tenant.ID // whose it is
	Federation tenant.ID // the federation that holds the organisation, if the resource is one
	Owner      string    // the account whose own it is: its session, its data, its job
	Published  bool      // it was published to all staff
}

// Can tells whether actor may do action to resource. What is not allowed here is forbidden.
func Can(actor Actor, action Action, resource Resource) bool {
	rule, known := rules()[action]
	if !known {
		return false
	}
	switch actor.Kind {
	case System:
		return resource.Tenant == actor.Tenant && actor.Tenant != ""
	case Person:
	case Key:
		if !slices.Contains(actor.Scopes, action) || rule.personally {
			return false
		}
	default:
		return false
	}
	if actor.Tenant == "" || actor.Owner == "" {
		return false
	}
	if resource.Tenant != actor.Tenant {
		return rule.held && resource.Federation == actor.Tenant && actor.Has(Administrator)
	}
	if rule.own && resource.Owner == actor.Owner {
		return true
	}
	if rule.published && resource.Published {
		return true
	}
	return slices.ContainsFunc(rule.roles, actor.Has)
}
