package identity

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/contact"
	"tekentafel/internal/db"
	"tekentafel/internal/id"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
	"tekentafel/internal/web"
)

// The bounds of an organisation.
const (
	LeastGroupSize   = 5  // no group smaller than this is ever shown
	DefaultGroupSize = 10 // people
	MostGroupSize    = 100
	longestName      = 120 // characters
	longestSlug      = 40
)

var (
	slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	hostForm = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$`)
)

// OrganisationInput is what one gives to add or change an organisation.
type OrganisationInput struct {
	Slug      string            `json:"slug" doc:"Name in addresses: small letters, digits and hyphens"`
	Host      string            `json:"host,omitempty" doc:"Host name under which the organisation is reached, if it has one of its own"`
	Name      string            `json:"name"`
	Languages []instrument.Lang `json:"languages" doc:"Languages of the interface; the first is the default"`
	GroupSize int               `json:"groupSize,omitempty" doc:"Smallest group that is ever shown; at least 5"`
	Synthetic bool              `json:"synthetic,omitempty" doc:"Its data is made up, and every page says so"`
	Settings  Settings          `json:"settings"`
	Version   int64             `json:"version,omitempty" doc:"Of the organisation that is changed, as it was read"`
}

// OrganisationView is an organisation as pages and scripts see it.
type OrganisationView struct {
	ID        tenant.ID         `json:"id"`
	Parent    tenant.ID         `json:"parent,omitempty" doc:"The federation that holds it"`
	Slug      string            `json:"slug"`
	Host      string            `json:"host,omitempty"`
	Name      string            `json:"name"`
	Languages []instrument.Lang `json:"languages"`
	GroupSize int               `json:"groupSize"`
	Synthetic bool              `json:"synthetic"`
	Settings  Settings          `json:"settings"`
	ThemeURL  string            `json:"themeUrl,omitempty"`
	LogoURL   string            `json:"logoUrl,omitempty"`
	Version   int64             `json:"version"`

	theme string // as it is stored
}

// Web returns what a page needs to know of the organisation.
func (o OrganisationView) Web() web.Organisation {
	return web.Organisation{
		ID: o.ID, Parent: o.Parent, Slug: o.Slug, Name: o.Name, Languages: o.Languages, GroupSize: o.GroupSize,
		Synthetic: o.Synthetic, Theme: o.ThemeURL, Logo: o.LogoURL,
	}
}

// CheckSlug tells whether s may name an organisation in addresses.
func CheckSlug(s string) bool { return len(s) <= longestSlug && slugForm.MatchString(s) }

// SlugOf proposes a slug for a name; "" when nothing of it can stand in an address.
func SlugOf(name string) string {
	words := strings.FieldsFunc(fold(name), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	slug := strings.Join(words, "-")
	if len(slug) > longestSlug {
		slug = strings.TrimRight(slug[:longestSlug], "-")
	}
	return slug
}

// normal trims the input and fills in what was left out.
func (in OrganisationInput) normal() OrganisationInput {
	in.Slug, in.Name = strings.TrimSpace(in.Slug), contact.Line(in.Name)
	in.Host = strings.ToLower(strings.TrimSuffix(strings.TrimSpace(in.Host), "."))
	if in.GroupSize == 0 {
		in.GroupSize = DefaultGroupSize
	}
	if len(in.Languages) == 0 {
		in.Languages = []instrument.Lang{instrument.NL}
	}
	return in
}

// check returns what is wrong with the fields of a normal input.
func (in OrganisationInput) check() error {
	f := form()
	if in.Name == "" {
		f.Wrong("name", "field.organisation-name-empty", nil)
	} else if utf8.RuneCountInString(in.Name) > longestName {
		f.Wrong("name", "field.name-long", nil)
	}
	if !CheckSlug(in.Slug) {
		f.Wrong("slug", "field.slug-form", nil)
	}
	if in.Host != "" && (len(in.Host) > 253 || !hostForm.MatchString(in.Host) || strings.Contains(in.Host, "..")) {
		f.Wrong("host", "field.host-form", nil)
	}
	for i, l := range in.Languages {
		if !slices.Contains(instrument.Languages(), l) || slices.Contains(in.Languages[:i], l) {
			f.Wrong("languages", "field.languages-form", nil)
			break
		}
	}
	if in.GroupSize < LeastGroupSize || in.GroupSize > MostGroupSize {
		f.Wrong("groupSize", "field.group-size", nil)
	}
	in.Settings.check(f)
	return f.Err()
}

// resource is an organisation as access sees it.
func (o OrganisationView) resource() access.Resource {
	return access.Resource{Tenant: o.ID, Federation: o.Parent}
}

// Organisation returns an organisation: the actor's own, or one that the actor's federation holds.
func (s *Service) Organisation(ctx context.Context, actor access.Actor, t tenant.ID) (OrganisationView, error) {
	o, err := organisation(ctx, s.db.Of(t))
	if err != nil {
		return OrganisationView{}, err
	}
	return o, visible(actor, o, access.ReadOrganisation)
}

// visible refuses an action on an organisation; what is none of the actor's business is not there.
func visible(actor access.Actor, o OrganisationView, action access.Action) error {
	if access.Can(actor, action, o.resource()) {
		return nil
	}
	if o.ID == actor.Tenant || access.Can(actor, access.ReadOrganisation, o.resource()) {
		return say(problem.Forbidden, "forbidden")
	}
	return db.ErrNoRow
}

// Organisations lists the actor's own organisation and those that it holds, by name.
func (s *Service) Organisations(ctx context.Context, actor access.Actor) ([]OrganisationView, error) {
	if err := allowIn(actor, access.ReadOrganisation); err != nil {
		return nil, err
	}
	list, err := organisations(ctx, s.db.Of(actor.Tenant))
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(list, func(o OrganisationView) bool {
		return !access.Can(actor, access.ReadOrganisation, o.resource())
	}), nil
}

// Added is an organisation that was added, with the link at which its first administrator makes an account.
type Added struct {
	Organisation OrganisationView `json:"organisation"`
	Link         string           `json:"link,omitempty" doc:"Works once, for 48 hours; it is not shown again"`
}

// AddOrganisation adds an organisation to the federation of the actor. Asked for again with the same key it gives the
// same organisation, without a link.
func (s *Service) AddOrganisation(ctx context.Context, actor access.Actor, in OrganisationInput, once asked.Request) (Added, error) {
	if err := allowIn(actor, access.AddOrganisation); err != nil {
		return Added{}, err
	}
	in = in.normal()
	if err := in.check(); err != nil {
		return Added{}, err
	}
	var out Added
	err := s.db.System().Write(ctx, func(sys *db.System) error {
		own := sys.Scope(actor.Tenant)
		out = Added{}
		parent, err := organisation(ctx, own.Reader)
		if err != nil {
			return err
		}
		if parent.Parent != "" {
			return say(problem.Conflict, "federation-depth")
		}
		var token string
		t, err := asked.Once(ctx, own, s.now, once, func() (tenant.ID, error) {
			t := tenant.ID(id.New(s.now()))
			o := OrganisationView{ID: t, Parent: actor.Tenant}
			if err := s.insertOrganisation(ctx, sys, actor, o, in); err != nil {
				return "", err
			}
			if token, err = s.makeLink(ctx, sys, linkRow{Tenant: t, Purpose: linkFirst, Lives: linkFirstLives}); err != nil {
				return "", err
			}
			return t, s.audit.Record(ctx, own, actor, audit.Entry{Action: "organisation.added", Subject: string(t)})
		})
		if err != nil {
			return err
		}
		if token != "" {
			out.Link = s.welcome(t, token)
		}
		out.Organisation, err = organisation(ctx, sys.Scope(t).Reader)
		return err
	})
	return out, slugTaken(err)
}

// FirstAdministratorLink makes a new link for the first administrator of an organisation that the actor's federation
// holds and that has no administrator yet. Earlier links stop working.
func (s *Service) FirstAdministratorLink(ctx context.Context, actor access.Actor, t tenant.ID) (string, error) {
	var token string
	err := s.db.System().Write(ctx, func(sys *db.System) error {
		o, err := organisation(ctx, sys.Scope(t).Reader)
		if err != nil {
			return err
		}
		if err := visible(actor, o, access.ChangeOrganisation); err != nil {
			return err
		}
		if n, err := administrators(ctx, sys.Scope(t).Reader); err != nil {
			return err
		} else if n > 0 {
			return say(problem.Conflict, "has-administrator")
		}
		if token, err = s.makeLink(ctx, sys, linkRow{Tenant: t, Purpose: linkFirst, Lives: linkFirstLives}); err != nil {
			return err
		}
		return s.audit.Record(ctx, sys.Scope(t), actor, audit.Entry{Action: "organisation.invited", Subject: string(t)})
	})
	if err != nil {
		return "", err
	}
	return s.welcome(t, token), nil
}

// insertOrganisation writes a new organisation and the first line of its log.
func (s *Service) insertOrganisation(ctx context.Context, sys *db.System, actor access.Actor, o OrganisationView, in OrganisationInput) error {
	scope := sys.Scope(o.ID)
	if err := addOrganisation(ctx, scope, o.Parent, in, s.now()); err != nil {
		return err
	}
	return s.audit.Record(ctx, scope, actor, audit.Entry{Action: "organisation.made", Subject: string(o.ID)})
}

// ChangeOrganisation changes an organisation. Its slug stays: links that people kept hold it. A Version that is not the
// present one is a conflict.
func (s *Service) ChangeOrganisation(ctx context.Context, actor access.Actor, t tenant.ID, in OrganisationInput) (OrganisationView, error) {
	var out OrganisationView
	err := s.db.Write(ctx, t, func(sc *db.Scope) error {
		was, err := organisation(ctx, sc.Reader)
		if err != nil {
			return err
		}
		if err := visible(actor, was, access.ChangeOrganisation); err != nil {
			return err
		}
		next := in.normal()
		next.Slug = was.Slug
		if err := next.check(); err != nil {
			return err
		}
		if was.Version != in.Version {
			return say(problem.Conflict, "changed-meanwhile")
		}
		if err := changeOrganisation(ctx, sc, next); err != nil {
			return err
		}
		if err := s.audit.Record(ctx, sc, actor, audit.Entry{
			Action: "organisation.changed", Subject: string(t), Detail: was.differences(next),
		}); err != nil {
			return err
		}
		out, err = organisation(ctx, sc.Reader)
		return err
	})
	if errors.Is(err, db.ErrExists) {
		return OrganisationView{}, wrong("host", "host-taken", nil)
	}
	return out, err
}

// differences names what changes, for the log: values of settings that weigh on safety, names of the rest.
func (o OrganisationView) differences(in OrganisationInput) map[string]string {
	out := map[string]string{}
	if o.Name != in.Name {
		out["name"] = "changed"
	}
	if o.Host != in.Host {
		out["host"] = in.Host
	}
	if o.GroupSize != in.GroupSize {
		out["groupSize"] = number(o.GroupSize) + " -> " + number(in.GroupSize)
	}
	if !slices.Equal(o.Languages, in.Languages) {
		out["languages"] = joinLangs(in.Languages)
	}
	if o.Synthetic != in.Synthetic {
		out["synthetic"] = yesNo(in.Synthetic)
	}
	if o.Settings != in.Settings {
		raw, err := json.Marshal(in.Settings)
		if err == nil {
			out["settings"] = string(raw)
		}
	}
	return out
}

// slugTaken tells that a slug or host is another organisation's.
func slugTaken(err error) error {
	if errors.Is(err, db.ErrExists) {
		return wrong("slug", "slug-taken", nil)
	}
	return err
}

// hostOf returns the host name of a request without its port, in small letters.
func hostOf(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}
