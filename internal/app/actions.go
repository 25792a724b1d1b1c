package app

import (
	"context"
	"slices"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/action"
	actiondesk "tekentafel/internal/action/desk"
	"tekentafel/internal/action/evidence"
	"tekentafel/internal/action/strategy"
	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/report"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/nonuse"
	"tekentafel/internal/web"
)

// newActions builds the features of what is done: actions, the strategy, and the evidence. Reports, skills and non-users come first.
func (a *App) newActions() error {
	reports := reportsOfActions{a.Report}
	a.Actions = action.New(action.Dependencies{DB: a.DB, Audit: a.Audit, Now: a.Now, Zone: a.Zone, Reports: reports, Gaps: a.Gaps, Accounts: ownersOfActions{},
		Organisations: sized{organisations{a.DB}}})
	a.actionDesk = actiondesk.New(actiondesk.Dependencies{Actions: a.Actions, Helps: helpsOfActions{a.NonUse}, Places: placesOfActions{a.places},
		Organisations: faces{organisations{a.DB}, a}})
	a.NonUse.Actions = actionsOfNonUse{a.actionDesk}
	var err error
	a.Strategy, err = strategy.New(strategy.Dependencies{DB: a.DB, Audit: a.Audit, Now: a.Now, Zone: a.Zone, Actions: a.Actions, Reports: reports, Gaps: a.Gaps, Words: storyOfStrategy{}, Helps: helpsOfStrategy{a.NonUse.Guide},
		Accounts: accountsOfStaff{}, Organisations: sized{organisations{a.DB}}, Tabs: a.actionDesk.Tabs})
	if err != nil {
		return err
	}
	a.evidence, err = evidence.New(evidence.Dependencies{DB: a.DB, Audit: a.Audit, Now: a.Now, Zone: a.Zone, Actions: a.Actions, Reports: reports, Caveats: reportsOfNonUse{a.Report}, People: audiences{a.Needs},
		Accounts: accountsOfStaff{}, Organisations: sized{organisations{a.DB}}, Tabs: a.actionDesk.Tabs})
	if err != nil {
		return err
	}
	a.actionDesk.Beside = []actiondesk.Beside{a.Strategy.Beside, a.evidence.Beside}
	return nil
}

// actionsOfNonUse leads from a reason to what is done about it.
type actionsOfNonUse struct{ desk *actiondesk.Desk }

// Act implements nonuse.Actions.
func (a actionsOfNonUse) Act(r *web.Request, reason string) string {
	if !r.Can(access.ChangeActions) {
		return ""
	}
	return a.desk.Act(reason)
}

// reportsOfActions is the feature of reports as actions want it.
type reportsOfActions struct{ *report.Service }

// Reports implements action.Reports.
func (r reportsOfActions) Reports(ctx context.Context, actor access.Actor) ([]action.Report, error) {
	list, err := r.Service.Reports(ctx, actor)
	var out []action.Report
	for i := range list {
		if x := &list[i]; x.State == report.Ready {
			out = append(out, action.Report{ID: x.ID, Title: x.Title, Wave: x.Wave, Previous: x.Options.Previous, Made: x.Created, Published: !x.Published.IsZero(), Synthetic: x.Synthetic})
		}
	}
	return out, err
}

// ownersOfActions tells who answers for actions.
type ownersOfActions struct{ accountsOfStaff }

// mostOwners bounds the list of who may be chosen to answer for an action.
const mostOwners = 500

// Owners implements action.Accounts: who plays a part in an organisation beside that of everyone.
func (ownersOfActions) Owners(ctx context.Context, r db.Reader) ([]action.Account, error) {
	var out []action.Account
	err := r.Rows(ctx, `SELECT a.id, a.name FROM accounts a WHERE a.tenant_id = $1 AND a.state = 'active' AND EXISTS (SELECT 1 FROM account_roles o
WHERE o.tenant_id = a.tenant_id AND o.account_id = a.id AND o.role IN ('hr', 'core-team', 'manager', 'dpo')) ORDER BY a.name, a.id LIMIT $2`, func(scan func(...any) error) error {
		var x action.Account
		err := scan(&x.ID, &x.Name)
		out = append(out, x)
		return err
	}, mostOwners)
	return out, err
}

// helpsOfActions is what helps with reasons not to use AI.
type helpsOfActions struct{ *nonuse.Service }

// Question implements actiondesk.Helps.
func (h helpsOfActions) Question() string { return h.Guide.Contexts[0].Reasons }

// Helps implements actiondesk.Helps.
func (h helpsOfActions) Helps(reason string, lang instrument.Lang) (string, []actiondesk.Help, bool) {
	x := h.Guide.Reason(reason)
	if x == nil {
		return "", nil, false
	}
	words, l := nonuse.Locale().Printer(lang), framework.Lang(lang)
	var out []actiondesk.Help
	for i := range x.Helps {
		out = append(out, actiondesk.Help{Kind: words.T("kind."+string(x.Helps[i].Kind), nil), Office: x.Helps[i].Office.In(l), Field: x.Helps[i].Field.In(l)})
	}
	return x.Name.In(l), out, true
}

// placesOfActions are the parts of the organisation for which something can be done.
type placesOfActions struct{ *places }

// Places implements actiondesk.Places: the departments, and the families of functions.
func (p placesOfActions) Places(ctx context.Context, r db.Reader) ([]actiondesk.Place, error) {
	s, err := p.Standing(ctx, r.Tenant())
	if err != nil {
		return nil, err
	}
	var out []actiondesk.Place
	for _, d := range s.Departments {
		out = append(out, actiondesk.Place{Kind: action.Department, ID: d.ID, Name: d.Name})
	}
	for _, f := range s.Families {
		out = append(out, actiondesk.Place{Kind: action.Family, ID: f.Name, Name: f.Name})
	}
	slices.SortStableFunc(out, func(a, b actiondesk.Place) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}
