package identity

import (
	"context"
	"net/http"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/api"
	"tekentafel/internal/tenant"
)

const (
	tagPeople        = "people"
	tagOrganisations = "organisations"
)

type (
	nothing struct{}
	byID    struct {
		ID string `path:"id"`
	}
	body[T any]    struct{ Body T }
	accountRequest struct {
		Key  string `header:"Idempotency-Key" maxLength:"64"`
		Body AccountInput
	}
	changeRequest struct {
		ID   string `path:"id"`
		Body AccountInput
	}
	listRequest struct {
		Search string `query:"search"`
		Role   string `query:"role"`
		State  string `query:"state"`
		After  string `query:"after" doc:"The next of the page before."`
		Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
	}
	rolesRequest struct {
		ID   string `path:"id"`
		Body struct {
			Roles   []access.Role `json:"roles"`
			Version int64         `json:"version"`
		}
	}
	pinAnswer struct {
		Body struct {
			PIN string `json:"pin" doc:"Shown once; it must be changed at the first sign-in."`
		}
	}
	organisationRequest struct {
		Body OrganisationInput
	}
	addRequest struct {
		Key  string `header:"Idempotency-Key" maxLength:"64"`
		Body OrganisationInput
	}
	organisationsAnswer struct {
		Body struct {
			Items []OrganisationView `json:"items"`
		}
	}
)

// API registers the operations of this feature.
func (s *Service) API(a *api.API) {
	s.peopleAPI(a)
	s.organisationsAPI(a)
}

func (s *Service) peopleAPI(a *api.API) {
	about := func(id, summary string, action access.Action) api.About {
		return api.About{ID: id, Summary: summary, Tag: tagPeople, Action: action}
	}
	api.Get(a, "/people", about("list-people", "List accounts by name.", access.ReadAccounts), func(ctx context.Context, c api.Caller, in *listRequest) (*body[Page], error) {
		p, err := s.Accounts(ctx, c.Actor, Query{Search: in.Search, Role: access.Role(in.Role), State: State(in.State), After: in.After, Limit: in.Limit})
		return &body[Page]{p}, err
	})
	add := about("add-person", "Add an account.", access.ChangeAccount)
	add.Status = http.StatusCreated
	api.Post(a, "/people", add, func(ctx context.Context, c api.Caller, in *accountRequest) (*body[AccountView], error) {
		v, err := s.AddAccount(ctx, c.Actor, in.Body, c.Asked(in.Key, in.Body))
		return &body[AccountView]{v}, err
	})
	api.Get(a, "/people/{id}", about("get-person", "Describe an account.", access.ReadAccounts), func(ctx context.Context, c api.Caller, in *byID) (*body[AccountView], error) {
		v, err := s.Account(ctx, c.Actor, in.ID)
		return &body[AccountView]{v}, err
	})
	api.Put(a, "/people/{id}", about("change-person", "Change name, mail, staff number and language of an account.", access.ChangeAccount), func(ctx context.Context, c api.Caller, in *changeRequest) (*body[AccountView], error) {
		v, err := s.ChangeAccount(ctx, c.Actor, in.ID, in.Body)
		return &body[AccountView]{v}, err
	})
	api.Put(a, "/people/{id}/roles", about("set-roles", "Give an account exactly these roles.", access.ChangeAccount), func(ctx context.Context, c api.Caller, in *rolesRequest) (*body[AccountView], error) {
		v, err := s.SetRoles(ctx, c.Actor, in.ID, in.Body.Roles, in.Body.Version)
		return &body[AccountView]{v}, err
	})
	api.Put(a, "/people/{id}/blocked", about("block-person", "Block an account; its sessions end at once.", access.ChangeAccount), func(ctx context.Context, c api.Caller, in *byID) (*body[AccountView], error) {
		v, err := s.Block(ctx, c.Actor, in.ID)
		return &body[AccountView]{v}, err
	})
	api.Delete(a, "/people/{id}/blocked", about("unblock-person", "Let an account in again.", access.ChangeAccount), func(ctx context.Context, c api.Caller, in *byID) (*body[AccountView], error) {
		v, err := s.Unblock(ctx, c.Actor, in.ID)
		return &body[AccountView]{v}, err
	})
	api.Post(a, "/people/{id}/invitation", about("invite-person", "Invite an account to choose a password or PIN.", access.ChangeAccount), func(ctx context.Context, c api.Caller, in *byID) (*body[Invitation], error) {
		v, err := s.Invite(ctx, c.Actor, in.ID)
		return &body[Invitation]{v}, err
	})
	api.Post(a, "/people/{id}/pin", about("issue-pin", "Give an account without a mailbox a new PIN.", access.IssuePIN), func(ctx context.Context, c api.Caller, in *byID) (*pinAnswer, error) {
		id, err := s.IssuePIN(ctx, c.Actor, in.ID)
		if err != nil {
			return nil, err
		}
		shown, err := s.Shown(ctx, c.Actor, id)
		if err != nil {
			return nil, err
		}
		out := &pinAnswer{}
		out.Body.PIN = strings.Join(shown.Lines, "")
		return out, nil
	})
	api.Delete(a, "/people/{id}", about("erase-person", "Erase an account for good.", access.EraseAccount), func(ctx context.Context, c api.Caller, in *byID) (*nothing, error) {
		return nil, s.Erase(ctx, c.Actor, in.ID)
	})
}

func (s *Service) organisationsAPI(a *api.API) {
	about := func(id, summary string, action access.Action) api.About {
		return api.About{ID: id, Summary: summary, Tag: tagOrganisations, Action: action}
	}
	api.Get(a, "/organisation", about("get-organisation", "Describe the own organisation.", access.ReadOrganisation), func(ctx context.Context, c api.Caller, _ *nothing) (*body[OrganisationView], error) {
		v, err := s.Organisation(ctx, c.Actor, c.Actor.Tenant)
		return &body[OrganisationView]{v}, err
	})
	api.Put(a, "/organisation", about("change-organisation", "Change the own organisation.", access.ChangeOrganisation), func(ctx context.Context, c api.Caller, in *organisationRequest) (*body[OrganisationView], error) {
		v, err := s.ChangeOrganisation(ctx, c.Actor, c.Actor.Tenant, in.Body)
		return &body[OrganisationView]{v}, err
	})
	api.Get(a, "/organisations", about("list-organisations", "List the own organisation and those that it holds.", access.ReadOrganisation), func(ctx context.Context, c api.Caller, _ *nothing) (*organisationsAnswer, error) {
		list, err := s.Organisations(ctx, c.Actor)
		out := &organisationsAnswer{}
		out.Body.Items = append([]OrganisationView{}, list...)
		return out, err
	})
	add := about("add-organisation", "Add an organisation to the own federation, with a link for its first administrator.", access.AddOrganisation)
	add.Status = http.StatusCreated
	api.Post(a, "/organisations", add, func(ctx context.Context, c api.Caller, in *addRequest) (*body[Added], error) {
		v, err := s.AddOrganisation(ctx, c.Actor, in.Body, c.Asked(in.Key, in.Body))
		return &body[Added]{v}, err
	})
	api.Get(a, "/organisations/{id}", about("get-held-organisation", "Describe an organisation that the own federation holds.", access.ReadOrganisation), func(ctx context.Context, c api.Caller, in *byID) (*body[OrganisationView], error) {
		v, err := s.Organisation(ctx, c.Actor, tenant.ID(in.ID))
		return &body[OrganisationView]{v}, err
	})
}
