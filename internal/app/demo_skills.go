package app

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/needs"
	"tekentafel/internal/skills/needs/demand"
	"tekentafel/internal/skills/nonuse"
	"tekentafel/internal/skills/vault"
	"tekentafel/internal/tenant"
)

// FillDemoSkills makes what the city knows of skills, unless it is there already: a wave that tested them and is closed, what most functions
// ask, interviews with people who do not use AI, and a poster. It returns the address of the check. Jobs must be running, and the personnel
// data must be there.
func (a *App) FillDemoSkills(ctx context.Context) (string, error) {
	t, err := a.demoTenant(ctx)
	if err != nil || t == "" {
		return "", err
	}
	hr, err := a.demoActor(ctx, t, DemoPeople()[0])
	if err != nil {
		return "", err
	}
	path, err := a.Skills.OpenPoster(ctx, hr)
	if err != nil {
		return "", err
	}
	address := a.PublicURL.JoinPath(path).String()
	changes, err := a.Needs.Changes(ctx, hr, needs.ChangeQuery{Limit: 1})
	if err != nil || len(changes) > 0 {
		return address, err
	}
	if err := a.demoInterviews(ctx, hr); err != nil {
		return address, fmt.Errorf("make the interviews of the example city: %w", err)
	}
	if err := a.demoNeeds(ctx, hr); err != nil {
		return address, fmt.Errorf("make what functions of the example city ask: %w", err)
	}
	if err := a.demoSituations(ctx, hr); err != nil {
		return address, fmt.Errorf("make the wave with situations of the example city: %w", err)
	}
	if err := a.demoActions(ctx, hr); err != nil {
		return address, fmt.Errorf("make what the example city does about it: %w", err)
	}
	return address, nil
}

// demoActor is somebody of the city who does something.
func (a *App) demoActor(ctx context.Context, t tenant.ID, who DemoPerson) (access.Actor, error) {
	var account string
	err := a.DB.Of(t).Row(ctx, `SELECT id FROM accounts WHERE tenant_id = $1 AND mail = $2`, []any{who.Mail}, &account)
	return access.Actor{Kind: access.Person, Tenant: t, ID: account, Owner: account, Roles: who.Roles}, err
}

// demoLeft is how many of the families of functions keep what the rules propose, so that there is something left to look at.
const demoLeft = 3

// demoNeeds answers what the work of two families is like, takes over what is proposed for those with most people, sets some levels by hand, and
// lets the manager propose one.
func (a *App) demoNeeds(ctx context.Context, hr access.Actor) error {
	m, err := a.Needs.Map(ctx, hr.Tenant)
	if err != nil {
		return err
	}
	families := slices.Clone(m.Families)
	slices.SortStableFunc(families, func(x, y demand.Family) int { return cmp.Compare(y.People, x.People) })
	var at int64
	for _, name := range []string{"Administratie", "Zorg en welzijn"} {
		if m.Family(name) == nil {
			continue
		}
		about := map[string]string{"personal-data": demand.Yes, "citizens": demand.Yes, "writes": demand.Yes}
		if at, err = a.Needs.SetAnswers(ctx, hr, needs.Subject{Family: name, Name: name}, about, at, asked.Request{}); err != nil {
			return err
		}
	}
	for i := range families[:max(1, len(families)-demoLeft)] {
		if families[i].Name == "" {
			continue
		}
		if at, err = a.Needs.TakeOverFamily(ctx, hr, families[i].Name, at); err != nil {
			return err
		}
	}
	for _, x := range []struct {
		family, skill, reason string
		level                 int
	}{
		{"Administratie", "ethical", "Werkt met dossiers van inwoners", 3},
		{"Zorg en welzijn", "ethical", "Werkt met gegevens over gezondheid", 4},
		{"Techniek", "technical", "Plannen, foto’s en meetgegevens komen steeds meer uit AI", 3},
	} {
		if m.Family(x.family) == nil {
			continue
		}
		if at, err = a.Needs.SetLevel(ctx, hr, framework.Where{Family: x.family}, x.skill, x.level, x.reason, at, asked.Request{}); err != nil {
			return err
		}
	}
	if _, err := a.Needs.PutRole(ctx, hr, needs.RoleOf{Name: "Wie software koopt", Levels: map[string]int{"technical": 4, "ethical": 4}, Reason: "Bepaalt waarmee anderen werken"}, at, asked.Request{}); err != nil {
		return err
	}
	return a.demoProposal(ctx, hr.Tenant)
}

// demoProposal lets the manager propose a level for a function of the own team.
func (a *App) demoProposal(ctx context.Context, t tenant.ID) error {
	manager, err := a.demoActor(ctx, t, DemoPeople()[2])
	if err != nil {
		return err
	}
	led, err := a.Staff.LedDuties(ctx, manager)
	if err != nil {
		return err
	}
	for _, x := range led {
		if x.Function == "" {
			continue
		}
		_, err := a.Needs.Propose(ctx, manager, needs.ProposalInput{Function: x.Function, Levels: map[string]int{"communicative": 3}, Reason: "In ons team schrijft iedereen zelf berichten voor inwoners"})
		return err
	}
	return nil
}

// demoTalk is an interview with somebody made up.
type demoTalk struct {
	work    string
	reasons []string
	why     string
	change  string
	quote   string
}

// demoTalks are what made-up people said of why they do not use AI. Nobody said it.
func demoTalks() []demoTalk {
	return []demoTalk{
		{"field", []string{"no_useful_task"}, "Werkt de hele dag buiten met zijn handen. Ziet niet waar een computer bij zou helpen.", "Een voorbeeld van een ploeg die er echt tijd mee wint.", "Een put in de weg maak ik niet dicht met een chatbot."},
		{"field", []string{"access", "skills"}, "Heeft op het werk geen toestel en geen mailadres.", "Een tablet in de kantine, en iemand die het eens toont.", ""},
		{"field", []string{"skills"}, "Durft niet te beginnen omdat ze bang is iets fout te doen.", "Samen met een collega oefenen, zonder dat iemand meekijkt.", "Laat me het eerst eens proberen waar het niet telt."},
		{"office", []string{"privacy", "rules"}, "Werkt met dossiers van inwoners en weet niet wat erin mag.", "Een kort lijstje: dit mag wel, dit mag niet.", "Ik wil geen dossier in een systeem steken waarvan ik niet weet waar het staat."},
		{"office", []string{"trust"}, "Kreeg een antwoord dat goed klonk en helemaal fout was.", "Leren hoe je een antwoord snel nakijkt.", ""},
		{"office", []string{"own_craft", "trust"}, "Schrijft graag zelf, en vindt de teksten van AI allemaal hetzelfde.", "Niet verplicht worden.", "Schrijven is hoe ik nadenk."},
		{"field", []string{"no_useful_task", "environment"}, "Vindt dat het veel stroom vraagt voor weinig nut.", "Eerlijke cijfers over wat het kost.", ""},
		{"office", []string{"no_benefit"}, "Probeerde het enkele keren; het nakijken duurde langer dan zelf schrijven.", "Voorbeelden uit de eigen dienst.", ""},
	}
}

// demoInterviews holds a round of interviews that is closed, and begins another.
func (a *App) demoInterviews(ctx context.Context, hr access.Actor) error {
	if err := a.NonUse.Open(ctx, hr, "Gesprekken voorjaar (synthetisch)"); err != nil {
		return err
	}
	groups, err := groupsOfNonUse{a.places}.Groups(ctx, hr.Tenant)
	if err != nil {
		return err
	}
	groups = slices.DeleteFunc(groups, func(g nonuse.Group) bool { return g.People < 10 || g.ID == "" })
	chance := rand.New(rand.NewPCG(demoSeed, 6)) //nolint:gosec // made-up data that is the same each time
	for _, talk := range demoTalks() {
		d := &nonuse.Draft{Tenant: hr.Tenant, By: hr.Owner, Until: a.Now().Add(time.Hour).Unix(), Consent: a.NonUse.Guide.Consent.Version, Code: vault.NewCode(), Lang: "nl",
			Work: talk.work, Reasons: talk.reasons, Told: true}
		if len(groups) > 0 {
			d.Family = groups[chance.IntN(len(groups))].ID
		}
		n := &nonuse.Notes{Text: map[string]string{"why": talk.why, "change": talk.change}, Quote: talk.quote, MayQuote: talk.quote != ""}
		if talk.quote != "" {
			n.Reason = talk.reasons[0]
		}
		if err := a.NonUse.Record(ctx, hr, d, n); err != nil {
			return err
		}
	}
	var round string
	if err := a.DB.Of(hr.Tenant).Row(ctx, `SELECT id FROM skill_interview_rounds WHERE tenant_id = $1`, nil, &round); err != nil {
		return err
	}
	if err := a.NonUse.Close(ctx, hr, round); err != nil {
		return err
	}
	return a.NonUse.Open(ctx, hr, "Gesprekken najaar (synthetisch)")
}
