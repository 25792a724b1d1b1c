package app

import (
	"tekentafel/internal/access"
	shadowdesk "tekentafel/internal/shadow/desk"
	"tekentafel/internal/web"
)

// newShadow builds the feature about AI services outside the organisation's offer.
func (a *App) newShadow() error {
	var err error
	a.shadow, err = shadowdesk.New(shadowdesk.Dependencies{DB: a.DB, Audit: a.Audit, Now: a.Now, Zone: a.Zone, Accounts: accountsOfStaff{}, Organisations: sized{organisations{a.DB}},
		Offer: offerOfShadow{}, MaxUpload: a.MaxUpload})
	return err
}

// offerOfShadow is the chat, the safe place beside what is used elsewhere.
type offerOfShadow struct{}

// Chat implements shadowdesk.Offer.
func (offerOfShadow) Chat(r *web.Request) string {
	if !r.Can(access.UseModels) {
		return ""
	}
	return "/lab/chat"
}
