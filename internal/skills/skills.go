package skills

import (
	"context"
	"net/http"

	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/pdf"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/seal"
	"tekentafel/internal/skills/check"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/own"
	"tekentafel/internal/skills/vault"
	"tekentafel/internal/tenant"
	"tekentafel/internal/web"
)

// Dependencies is what the feature needs of the rest. All below Material may be nil; see package own for what each brings.
type Dependencies struct {
	DB            *db.DB
	Box           *seal.Box
	Clock         clock.Clock
	Audit         *audit.Log
	Organisations own.Organisations
	Material      *check.Material // the framework, the items and the statements that come with the product

	Posts      own.Posts
	Functions  own.Functions
	Needs      own.Needs
	Frameworks own.Frameworks
	Materials  own.Materials
	Gifts      own.Gifts
	Offers     []own.Offers
	Places     func(framework.Place) string
	KeptDays   func(ctx context.Context, t tenant.ID) (int, error)
	Print      func(ctx context.Context, document []byte, o pdf.Options) ([]byte, error)
}

// Service is the feature.
type Service struct {
	own      *own.Pages
	db       *db.DB
	now      clock.Clock
	shuffled shuffled
}

// New connects the parts.
func New(d Dependencies) *Service {
	return &Service{db: d.DB, now: d.Clock, own: own.New(own.Dependencies{DB: d.DB, Box: d.Box, Clock: d.Clock, Audit: d.Audit, Material: d.Material, Organisations: d.Organisations,
		Posts: d.Posts, Functions: d.Functions, Needs: d.Needs, Frameworks: d.Frameworks, Materials: d.Materials, Gifts: d.Gifts, Offers: d.Offers, Places: d.Places, KeptDays: d.KeptDays, Print: d.Print})}
}

// AddTo makes the routes, the door and the notices known to a server.
func (s *Service) AddTo(server *web.Server) error { return s.own.AddTo(server) }

// Material is what comes with the product.
func (s *Service) Material() *check.Material { return s.own.Material }

// SignedOut takes what the pages of the check left in a browser whose person signs out.
func (s *Service) SignedOut(w http.ResponseWriter) { s.own.Forget(w) }

// Kept says how long profiles stay that nobody opens.
func (s *Service) Kept() []held.Kept {
	label, basis := own.KeptWords()
	return []held.Kept{vault.Kept(label, basis)}
}

// Explains are the messages that say what entries of the audit log mean.
func Explains() []*i18n.Bundle { return []*i18n.Bundle{own.Locale()} }
