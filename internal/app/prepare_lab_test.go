package app

import (
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/gateway/door"
	"tekentafel/internal/gateway/keys"
	"tekentafel/internal/gateway/limits"
	"tekentafel/internal/instrument"
	"tekentafel/internal/lab/example"
	labkept "tekentafel/internal/lab/kept"
	"tekentafel/internal/shadow/desk"
	"tekentafel/internal/shadow/services"
)

// trying makes what the city does with models, and what each role does at the place to try, in every state that there is. It returns where each role can
// begin beside what the doors lead to. Personnel data must be there.
func (h *house) trying(t *testing.T) map[string][]string {
	t.Helper()
	if err := h.FillDemoModels(t.Context()); err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	add := func(role access.Role, paths ...string) { out[string(role)] = append(out[string(role)], paths...) }
	for _, role := range access.Roles() {
		if paths := h.triedBy(t, h.actor(t, role)); role == access.Employee { // for the others it is the same
			add(role, paths...)
		}
	}
	add(access.Employee, "/gateway", "/gateway/use?month=last", "/gateway/use/limit", "/gateway/guard", "/gateway/models", "/gateway/insight", "/lab/chat", "/lab/tasks/summarise", "/lab/challenges/critical_desk", "/lab/challenges/reach",
		"/lab/challenges/technical_field/card", "/lab/examples/mine", "/lab/kept/all/delete", "/lab/examples/madeup-mail_answer", "/shadow", "/shadow/services/chatgpt")
	at := h.examples(t)
	for _, role := range []access.Role{access.HR, access.CoreTeam} {
		add(role, "/lab/examples/review", at[example.Offered], at[example.Asked], at[example.Refused], at[example.Shown])
	}
	add(access.Researcher, at[example.Shown], at[example.Refused])
	add(access.Manager, "/gateway/use", "/lab/chat", at[example.Asked], at[example.Asked]+"/edit", at[example.Asked]+"/withdraw")

	places := h.limited(t)
	for _, role := range []access.Role{access.CoreTeam, access.Administrator} {
		add(role, "/gateway/limits", "/gateway/limits/new")
		for _, p := range places {
			add(role, p, p+"/edit", p+"/remove")
		}
	}
	add(access.DPO, places...)
	add(access.DPO, "/gateway/guard/edit")
	for _, k := range h.keyed(t) {
		add(access.Administrator, "/gateway/keys/"+k+"/renew", "/gateway/keys/"+k+"/withdraw")
	}
	add(access.Administrator, "/gateway/keys", "/gateway/keys/new", "/gateway/guard/edit")
	own, count := h.countedElsewhere(t)
	for _, role := range []access.Role{access.DPO, access.Administrator} {
		add(role, "/shadow/publish", "/shadow/count", "/shadow/how", "/shadow/services/new", own, own+"/edit", own+"/drop", count, count+"/delete", "/shadow/services/deepl")
	}
	return out
}

// triedBy lets somebody use a model, keep and share a conversation, limit themselves and do a challenge.
func (h *house) triedBy(t *testing.T, who access.Actor) []string {
	t.Helper()
	ctx := t.Context()
	for _, back := range []int{0, 1, 32} {
		if err := h.demoCall(ctx, door.Caller{Tenant: who.Tenant, Person: who.Owner}, h.Now().AddDate(0, 0, -back), 950); err != nil {
			t.Fatal(err)
		}
	}
	h.models.own.Flush(ctx)
	if err := h.models.limits.SetOwn(ctx, who, limits.Own{Period: budget.Day, Unit: budget.Tokens, Most: 1_000}); err != nil {
		t.Fatal(err)
	}
	if err := h.models.limits.Notice(ctx, who.Tenant, must(h.models.limits.Mine(ctx, who))(t)...); err != nil {
		t.Fatal(err)
	}
	if err := h.lab.challenges.Do(ctx, who, "critical_desk"); err != nil {
		t.Fatal(err)
	}
	kept, version, err := h.demoKeep(ctx, who, "Kaart van ideeën", "mind_map")
	if err != nil {
		t.Fatal(err)
	}
	shared := must(h.lab.kept.Share(ctx, who, kept, version, "", labkept.Choice{Words: []string{"idee"}}, "", "", instrument.NL))(t)
	at, share := "/lab/kept/"+kept, "/lab/shared/"+shared
	paths := []string{at, at + "/data", at + "/change", at + "/delete", at + "/share", share, share + "/withdraw", "/lab/chat?kept=" + kept, "/gateway/use/limit/remove?period=day&unit=tokens"}
	for _, format := range labkept.Formats() {
		paths = append(paths, at+"/export?format="+format)
	}
	return paths
}

// examples are one example in each state, by where it stands: that of HR waits, a manager is asked for a change, a researcher is refused, and a data
// protection officer has one that is shown.
func (h *house) examples(t *testing.T) map[example.State]string {
	t.Helper()
	ctx, team := t.Context(), h.actor(t, access.CoreTeam)
	out := map[example.State]string{}
	for role, state := range map[access.Role]example.State{access.HR: example.Offered, access.Manager: example.Asked, access.Researcher: example.Refused, access.DPO: example.Shown} {
		c := example.Content{Title: "Punten in volgorde zetten", Did: "Ik gaf losse punten.", Prompt: "Zet deze punten in volgorde.", Result: "Een lijst.", Watch: "Er stond een punt te veel.", Lang: instrument.NL, Named: true}
		made := must(h.lab.examples.Offer(ctx, h.actor(t, role), c, asked.Request{}))(t)
		if state != example.Offered {
			if err := h.lab.examples.Decide(ctx, team, made, 1, state, "Zeg erbij welke punten het waren."); err != nil {
				t.Fatal(err)
			}
		}
		out[state] = "/lab/examples/" + made
	}
	return out
}

// limited sets a limit for one person, one that is used up, and one that is taken away, and returns where all limits stand.
func (h *house) limited(t *testing.T) []string {
	t.Helper()
	ctx, team, hr := t.Context(), h.actor(t, access.CoreTeam), h.actor(t, access.HR)
	cast := must(h.demoCast(ctx, team.Tenant))(t)
	department := must(h.demoDepartment(ctx, &cast))(t)
	set := func(p limits.Place, most int64) limits.Limit {
		return must(h.models.limits.Set(ctx, team, limits.Input{Place: p, Most: most, Ask: "het kernteam", Reason: "Voor een proef"}))(t)
	}
	set(limits.Place{Kind: budget.Person, Subject: hr.Owner, Period: budget.Month, Unit: budget.Tokens}, 80_000)
	set(limits.Place{Kind: budget.Team, Subject: department, Period: budget.Day, Unit: budget.Tokens}, 20_000)
	gone := set(limits.Place{Kind: budget.Organisation, Period: budget.Week, Unit: budget.Euros}, 1)
	if err := h.models.limits.Remove(ctx, team, gone.ID, gone.Version, "De proef is voorbij"); err != nil {
		t.Fatal(err)
	}
	if err := h.models.limits.Notice(ctx, team.Tenant, must(h.models.limits.Mine(ctx, cast.manager))(t)...); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, l := range must(h.models.limits.List(ctx, team))(t) {
		out = append(out, "/gateway/limits/items/"+l.ID)
	}
	return out
}

// keyed renews a key and withdraws another, and returns the keys that hold.
func (h *house) keyed(t *testing.T) []string {
	t.Helper()
	ctx, admin := t.Context(), h.actor(t, access.Administrator)
	make := func(name string) string {
		k, _, err := h.models.keys.Make(ctx, admin, keys.Input{Name: name, Models: []string{h.demoModel()}, Ends: h.Now().AddDate(0, 1, 0)}, asked.Request{})
		if err != nil {
			t.Fatal(err)
		}
		return k.ID
	}
	if _, _, err := h.models.keys.Renew(ctx, admin, make("Vernieuwd"), h.Now().AddDate(0, 2, 0), 7*24*time.Hour, asked.Request{}); err != nil {
		t.Fatal(err)
	}
	if err := h.models.keys.Withdraw(ctx, admin, make("Ingetrokken")); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, k := range must(h.models.keys.List(ctx, admin))(t) {
		if k.State == keys.Holds {
			out = append(out, k.ID)
		}
	}
	return out
}

// countedElsewhere adds a service to the list of those elsewhere, refuses another, and returns where the added one and the count stand.
func (h *house) countedElsewhere(t *testing.T) (own, count string) {
	t.Helper()
	ctx, dpo := t.Context(), h.actor(t, access.DPO)
	added := must(h.shadow.PutOwn(ctx, dpo, desk.Own{Name: "Voorbeeldbot", Maker: "Voorbeeld nv", Country: "BE", Kind: "chat", Domains: []string{"bot.voorbeeld.example"}, Why: "Een verkoper noemde het."}))(t)
	if err := h.shadow.SetRule(ctx, dpo, "deepl", 0, services.Allowed, ""); err != nil {
		t.Fatal(err)
	}
	var id string
	if err := h.DB.Of(dpo.Tenant).Row(ctx, `SELECT id FROM shadow_counts WHERE tenant_id = $1`, nil, &id); err != nil {
		t.Fatal(err)
	}
	return "/shadow/services/" + added, "/shadow/counts/" + id
}
