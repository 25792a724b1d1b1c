package identity

import (
	"context"
	"errors"
	"slices"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/contact"
	"tekentafel/internal/db"
	"tekentafel/internal/identity/oidc"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// ProviderInput is what one gives to set up the sign-in provider of an organisation.
type ProviderInput struct {
	Issuer   string `json:"issuer" doc:"Address of the provider, as it writes it in its tokens"`
	ClientID string `json:"clientId"`
	Secret   string `json:"secret,omitempty" doc:"Client secret; the stored one stays when this is left out"`
	Enabled  bool   `json:"enabled"`
	oidc.Settings
}

// ProviderView is a sign-in provider as its administrator sees it. The secret never comes out again.
type ProviderView struct {
	Issuer    string `json:"issuer"`
	ClientID  string `json:"clientId"`
	HasSecret bool   `json:"hasSecret"`
	Enabled   bool   `json:"enabled"`
	oidc.Settings
	Callback    string `json:"callback" doc:"Redirect URI to register at the provider"`
	SignedOut   string `json:"signedOut" doc:"Post-logout redirect URI to register at the provider"`
	BackChannel string `json:"backChannel" doc:"Back-channel logout URI to register at the provider"`
}

// Providers lets people sign in at the provider of their organisation, and administrators set it up.
type Providers struct {
	*Service
	party *oidc.Party
}

// NewProviders joins sign-in providers to a service. Register makes their pages and ways known.
func NewProviders(s *Service, party *oidc.Party) *Providers {
	return &Providers{Service: s, party: party}
}

// Provider returns the sign-in provider of the actor's organisation; one without an issuer when it has none.
func (p *Providers) Provider(ctx context.Context, actor access.Actor) (ProviderView, error) {
	if err := allowIn(actor, access.ChangeOrganisation); err != nil {
		return ProviderView{}, err
	}
	o, err := organisation(ctx, p.db.Of(actor.Tenant))
	if err != nil {
		return ProviderView{}, err
	}
	row, err := provider(ctx, p.db.Of(actor.Tenant))
	if errors.Is(err, db.ErrNoRow) {
		row, err = providerRow{Enabled: true, Settings: oidc.DefaultSettings()}, nil
	}
	return p.view(o, row), err
}

func (p *Providers) view(o OrganisationView, row providerRow) ProviderView {
	base := p.public(o.ID) + "/o/" + o.Slug + "/oidc/"
	return ProviderView{
		Issuer: row.Issuer, ClientID: row.ClientID, HasSecret: len(row.Secret) > 0, Enabled: row.Enabled, Settings: row.Settings,
		Callback: base + "callback", SignedOut: base + "signed-out", BackChannel: base + "back-channel",
	}
}

// SetProvider sets up the sign-in provider of the actor's organisation. A provider with another issuer or client needs its
// own secret. People who came from another issuer keep their account, and find it again by mail address if that is allowed.
func (p *Providers) SetProvider(ctx context.Context, actor access.Actor, in ProviderInput, once asked.Request) (ProviderView, error) {
	if err := allowIn(actor, access.ChangeOrganisation); err != nil {
		return ProviderView{}, err
	}
	in = in.normal()
	var out ProviderView
	err := p.db.Write(ctx, actor.Tenant, func(sc *db.Scope) error {
		o, err := organisation(ctx, sc.Reader)
		if err != nil {
			return err
		}
		_, err = asked.Once(ctx, sc, p.now, once, func() (bool, error) {
			was, err := provider(ctx, sc.Reader)
			if err != nil && !errors.Is(err, db.ErrNoRow) {
				return false, err
			}
			row, err := p.change(was, in)
			if err != nil {
				return false, err
			}
			if !row.Enabled {
				if err := keepsAnotherWay(ctx, sc); err != nil {
					return false, err
				}
			}
			if err := putProvider(ctx, sc, row, p.now()); err != nil {
				return false, err
			}
			return true, p.audit.Record(ctx, sc, actor, audit.Entry{Action: "provider.changed", Subject: string(o.ID), Detail: providerChanges(was, row)})
		})
		if err != nil {
			return err
		}
		row, err := provider(ctx, sc.Reader)
		out = p.view(o, row)
		return err
	})
	return out, err
}

func (in ProviderInput) normal() ProviderInput {
	in.Issuer, in.ClientID, in.Secret = strings.TrimSpace(in.Issuer), strings.TrimSpace(in.ClientID), strings.TrimSpace(in.Secret)
	in.GroupsClaim = strings.TrimSpace(in.GroupsClaim)
	for lang, text := range in.Label {
		text = contact.Line(text)
		if len([]rune(text)) > longestLabel {
			text = string([]rune(text)[:longestLabel])
		}
		if in.Label[lang] = text; text == "" {
			delete(in.Label, lang)
		}
	}
	return in
}

// longestLabel is the longest text on the button, in characters.
const longestLabel = 60

// change returns the row after a change, with the secret sealed.
func (p *Providers) change(was providerRow, in ProviderInput) (providerRow, error) {
	row := providerRow{Issuer: in.Issuer, ClientID: in.ClientID, Enabled: in.Enabled, Settings: in.Settings, Secret: was.Secret}
	secret := in.Secret
	same := was.Issuer == in.Issuer && was.ClientID == in.ClientID
	if secret == "" && same {
		plain, err := p.box.Open(purposeProvider, was.Secret)
		if err != nil {
			return row, err
		}
		secret = string(plain)
	}
	if err := (oidc.Provider{Issuer: in.Issuer, ClientID: in.ClientID, Secret: secret, Settings: in.Settings}).Check(); err != nil {
		return row, err
	}
	var err error
	row.Secret, err = p.box.Seal(purposeProvider, []byte(secret))
	return row, err
}

const purposeProvider = "secret of a sign-in provider"

// providerChanges names what changed, for the log. Groups and addresses are the organisation's own, and no personal data.
func providerChanges(was, is providerRow) map[string]string {
	out := map[string]string{"enabled": yesNo(is.Enabled)}
	for name, changed := range map[string]bool{
		"issuer": was.Issuer != is.Issuer, "client": was.ClientID != is.ClientID, "defaultDeny": was.DefaultDeny != is.DefaultDeny,
		"createAccounts": was.CreateAccounts != is.CreateAccounts, "linkByMail": was.LinkByMail != is.LinkByMail,
		"groups": was.GroupsClaim != is.GroupsClaim || !sameGroups(was.GroupRoles, is.GroupRoles),
	} {
		if changed {
			out[name] = "changed"
		}
	}
	return out
}

func sameGroups(a, b map[string][]access.Role) bool {
	if len(a) != len(b) {
		return false
	}
	for g, roles := range a {
		if !slices.Equal(roles, b[g]) {
			return false
		}
	}
	return true
}

// RemoveProvider takes the sign-in provider of the actor's organisation away, and with it which of its people is which
// account, their roles by group, and their sessions.
func (p *Providers) RemoveProvider(ctx context.Context, actor access.Actor) error {
	if err := allowIn(actor, access.ChangeOrganisation); err != nil {
		return err
	}
	return p.db.Write(ctx, actor.Tenant, func(sc *db.Scope) error {
		if err := dropProvider(ctx, sc); err != nil {
			return err
		}
		if err := keepsAnotherWay(ctx, sc); err != nil {
			return err
		}
		return p.audit.Record(ctx, sc, actor, audit.Entry{Action: "provider.removed", Subject: string(actor.Tenant)})
	})
}

// TryProvider asks the stored provider about itself and our client, and says what it found.
func (p *Providers) TryProvider(ctx context.Context, actor access.Actor) ([]oidc.Finding, error) {
	v, err := p.Provider(ctx, actor)
	if err != nil {
		return nil, err
	}
	pr, err := p.stored(ctx, actor.Tenant)
	if err != nil {
		return nil, err
	}
	return p.party.Inspect(ctx, pr.Provider, v.Callback)
}

// usable is a provider with its secret opened.
type usable struct {
	oidc.Provider
	Enabled bool
}

// stored reads the provider of an organisation; db.ErrNoRow when it has none.
func (p *Providers) stored(ctx context.Context, t tenant.ID) (usable, error) {
	row, err := provider(ctx, p.db.Of(t))
	if err != nil {
		return usable{}, err
	}
	secret, err := p.box.Open(purposeProvider, row.Secret)
	if err != nil {
		return usable{}, err
	}
	return usable{
		Provider: oidc.Provider{Issuer: row.Issuer, ClientID: row.ClientID, Secret: string(secret), Settings: row.Settings}, Enabled: row.Enabled,
	}, nil
}

// enabled is stored for a provider that is in use.
func (p *Providers) enabled(ctx context.Context, t tenant.ID) (usable, error) {
	pr, err := p.stored(ctx, t)
	if err == nil && !pr.Enabled {
		err = db.ErrNoRow
	}
	return pr, err
}

// sayOIDC makes a problem with a text of sign-in providers.
func sayOIDC(kind problem.Kind, key string) *problem.Problem {
	return problem.New(kind, oidc.Locale(), key, nil)
}
