package app

import (
	"errors"

	"tekentafel/internal/audit"
	"tekentafel/internal/gateway/keys"
	"tekentafel/internal/gateway/ownuse"
	"tekentafel/internal/mail"
	"tekentafel/internal/people/gateway"
	"tekentafel/internal/privacy"
	"tekentafel/internal/privacy/held"
)

// personal is a feature that holds data about people and can forget them.
type personal interface {
	held.Holder
	held.Eraser
}

// connectPrivacy lets every feature that holds data about people tell of it, forget them, and say how long it is kept.
func (a *App) connectPrivacy(directory *gateway.Gateway) error {
	features := []personal{a.Report, a.Survey, a.Mail, privacy.NewCommon(a.DB), a.Staff, directory, a.Needs, a.NonUse, a.Items, a.Gaps, a.Actions.Personal(), a.Strategy,
		a.models.keys, a.models.limits, a.models.policy, a.models.own, a.models.insight, a.lab.kept, a.lab.challenges, a.lab.examples, a.shadow}
	a.People.Ask(a.Identity.Personal(), a.Audit)
	goodbye := farewell{a}
	a.People.Tell(goodbye) // while it is known where to write
	a.Identity.EraseWith(goodbye)
	for _, f := range features {
		a.People.Ask(f)
		a.People.Tell(f)
		a.Identity.EraseWith(f)
	}
	a.People.Tell(a.Identity.Personal()) // the last, so that the others can find out whose it was
	kept := [][]held.Kept{a.Report.Kept(), a.Survey.Kept(), a.Staff.Kept(), {directory.Kept()}, a.Skills.Kept(), a.NonUse.Kept(), a.Gaps.Kept(), a.Actions.Kept(), a.Strategy.Kept(),
		keys.Kept(), a.models.limits.Kept(), ownuse.Kept(), a.models.insight.Kept(), a.lab.kept.Kept(), a.lab.challenges.Kept(), a.lab.examples.Kept(), a.shadow.Kept()}
	err := a.Privacy.Register(audit.Kept(), mail.Kept())
	for _, list := range kept {
		err = errors.Join(err, a.Privacy.Register(list...))
	}
	return err
}
