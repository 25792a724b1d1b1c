package story

import (
	"slices"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
)

// Bounds of the actions.
const (
	maxActions    = 6
	maxWhy        = 3    // pieces of evidence in the words of one action
	reasonFrom    = 0.15 // lower end from which a reason of non-users calls for an action, when it does not lead
	wishFrom      = 0.30 // lower end from which a wish for support does
	unknowingFrom = 0.20 // lower end from which not knowing the rules does
	shadowFrom    = 0.05 // lower end from which private tools do
)

// deed is a kind of action; its title, steps and line on the fact sheet are messages.
type deed string

// The deeds that findings can call for. They carry the study's three recommendations: support non-users by their reasons
// (start, examples, rules, tool, concerns, time, ask), literacy to measure (skills), support by need (examples, rules,
// start, people, time).
const (
	deedStart    deed = "start"    // an introduction for who does not know how to begin
	deedExamples deed = "examples" // examples from the own work
	deedRules    deed = "rules"    // short rules
	deedTool     deed = "tool"     // a safe tool within everyone's reach
	deedConcerns deed = "concerns" // talk about doubts
	deedTime     deed = "time"
	deedPeople   deed = "people" // somebody to ask
	deedSkills   deed = "skills" // skills mapped per function, training where they lag
	deedAsk      deed = "ask"    // a reason without a theme: ask on
)

// deedFor answers a theme.
func deedFor(th theme) deed {
	switch th {
	case themeSkills, themeTraining:
		return deedStart
	case themeBenefit, themeExamples:
		return deedExamples
	case themeRules:
		return deedRules
	case themeAccess:
		return deedTool
	case themeTrust:
		return deedConcerns
	case themeTime:
		return deedTime
	case themePeople:
		return deedPeople
	case themeNone:
	}
	return deedAsk
}

// ground is a piece of evidence for a deed.
type ground struct {
	why     string
	chapter string
	reach   estimate // share of all staff, with its interval; no figures when it cannot be told
	answer  string   // the words of the answer, for deedAsk
}

// proposal is a deed with its evidence.
type proposal struct {
	deed    deed
	grounds []ground
}

// actions turns findings into deeds with their evidence; the deed that reaches most people comes first.
func (t *teller) actions() ([]Action, []deed) {
	var proposals []*proposal
	propose := func(d deed, g ground) {
		for _, p := range proposals {
			if p.deed == d && d != deedAsk {
				p.grounds = append(p.grounds, g)
				return
			}
		}
		proposals = append(proposals, &proposal{deed: d, grounds: []ground{g}})
	}
	t.reasonGrounds(propose)
	t.wishGrounds(propose)
	t.ruleGrounds(propose)
	t.skillGrounds(propose)
	slices.SortStableFunc(proposals, func(a, b *proposal) int { return compare(b.widest().value, a.widest().value) })
	if last := slices.IndexFunc(proposals, func(p *proposal) bool { return p.deed == deedSkills }); last >= maxActions {
		proposals[maxActions-1] = proposals[last] // measuring skills is one of the study's three recommendations
	}
	var list []Action
	var deeds []deed
	for _, p := range proposals[:min(len(proposals), maxActions)] {
		list, deeds = append(list, t.action(p)), append(deeds, p.deed)
	}
	return list, deeds
}

// widest returns the reach of the evidence that concerns most people.
func (p *proposal) widest() estimate {
	var best estimate
	for _, g := range p.grounds {
		if g.reach.value > best.value {
			best = g.reach
		}
	}
	return best
}

// action writes a proposal.
func (t *teller) action(p *proposal) Action {
	key := "action." + string(p.deed)
	a := Action{
		Title: t.say(key+".title", args{"answer": p.grounds[0].answer}),
		Reach: t.reach(p.widest()),
	}
	var why []string
	for _, g := range p.grounds {
		if len(why) < maxWhy {
			why = append(why, g.why)
		}
		if !slices.Contains(a.Evidence, g.chapter) {
			a.Evidence = append(a.Evidence, g.chapter)
		}
	}
	a.Why = t.prose(why...)
	for _, step := range []string{"one", "two", "three"} {
		a.Steps = append(a.Steps, t.say(key+".step-"+step, nil))
	}
	if p.deed == deedSkills {
		if len(t.lagging()) == 0 {
			a.Title = t.say(key+".title-even", nil)
		}
		a.Reach = t.say("reach.everyone", nil)
		a.Steps = t.skillSteps(a.Steps)
	}
	return a
}

// reasonGrounds takes the reasons of people who do not use it at work: those that lead, and those that many name.
func (t *teller) reasonGrounds(propose func(deed, ground)) {
	for _, context := range []instrument.Context{instrument.Work, ""} {
		for _, q := range t.x.choices(instrument.TopicNonUse, context) {
			ranked := shown(t.optionEstimates(q))
			top, _ := leaders(ranked, maxTop)
			for _, e := range ranked {
				if !leads(top, e) && e.low < reasonFrom {
					continue
				}
				var d deed
				for i := range q.Options {
					if q.Options[i].ID == e.id {
						d = deedFor(themeOf(&q.Options[i]))
					}
				}
				propose(d, ground{
					why:     t.say("why.reason", args{"share": t.about(e), "within": t.between(e), "answer": t.p.Quote(e.label), "where": t.where(q.Context)}),
					chapter: "nonuse", answer: t.p.Quote(e.label), reach: product(t.nonUsers(q.ID, context), e),
				})
			}
		}
	}
}

// nonUsers returns the share of all staff to whom a question about not using it was put. Those are the people who answered
// "never", or that and the answers next to it ("I tried it once"), to the question about use: the share is theirs when
// their number is that of the people asked. Else it is the plain share of respondents who were asked.
func (t *teller) nonUsers(question string, context instrument.Context) estimate {
	asked := t.x.question[question].Asked
	for _, use := range t.x.choices(instrument.TopicUse, context) {
		var sum estimate
		for _, e := range fromNever(use, t.optionEstimates(use)) {
			sum.n, sum.value, sum.low, sum.high = sum.n+e.n, sum.value+e.value, sum.low+e.low, sum.high+e.high
			if 20*abs(sum.n-asked) <= asked {
				return sum
			}
		}
	}
	return t.part(asked)
}

// fromNever orders the answers about use from "never" to the most frequent; nothing when none of them says "never" or one
// is hidden.
func fromNever(use *findings.Question, list []estimate) []estimate {
	never := slices.IndexFunc(list, func(e estimate) bool { return countsNever(&findings.Option{ID: e.id}) })
	if never < 0 || anyHidden(list) || use.Kind != string(instrument.Single) {
		return nil
	}
	if never > len(list)/2 {
		list = slices.Clone(list[:never+1])
		slices.Reverse(list)
		return list
	}
	return list[never:]
}

func abs(n int) int { return max(n, -n) }

// product is the share of a share. The ends multiply the ends, which is wider than the truth.
func product(a, b estimate) estimate {
	return estimate{value: a.value * b.value, low: a.low * b.low, high: a.high * b.high}
}

func leads(top []estimate, e estimate) bool {
	return slices.ContainsFunc(top, func(t estimate) bool { return t.id == e.id })
}

// wishGrounds takes the support that people ask for most.
func (t *teller) wishGrounds(propose func(deed, ground)) {
	for _, context := range contexts() {
		for _, q := range t.x.about(instrument.TopicSupport, context, string(instrument.Multiple)) {
			ranked := shown(t.optionEstimates(q))
			top, _ := leaders(ranked, maxTop)
			for _, e := range ranked {
				if !leads(top, e) && e.low < wishFrom {
					continue
				}
				for i := range q.Options {
					d := deedFor(themeOf(&q.Options[i]))
					if q.Options[i].ID != e.id || d == deedAsk {
						continue
					}
					propose(d, ground{
						why:     t.say("why.wish", args{"share": t.about(e), "within": t.between(e), "answer": t.p.Quote(e.label)}),
						chapter: "support", reach: product(t.part(e.base), e),
					})
				}
			}
		}
	}
}

// ruleGrounds takes not knowing the rules, and private tools that nobody was told about.
func (t *teller) ruleGrounds(propose func(deed, ground)) {
	if q, e, ok := t.unknowing(); ok && e.low >= unknowingFrom {
		known, _ := t.x.indicator(q)
		propose(deedRules, ground{
			why:     t.told(known, t.claim(q)),
			chapter: "rules", reach: product(t.part(e.base), e),
		})
	}
	for _, q := range t.x.indicators(instrument.TopicShadow) {
		if e, ok := t.x.indicator(q); ok && e.low >= shadowFrom {
			propose(deedTool, ground{
				why:     t.prose(t.told(e, t.claim(q)), t.say("why.shadow", nil)),
				chapter: "shadow", reach: product(t.part(e.base), e),
			})
			return
		}
	}
}

// part returns the part of the respondents on which a figure rests.
func (t *teller) part(base int) estimate {
	if t.f.Respondents == 0 {
		return estimate{}
	}
	part := min(1, float64(base)/float64(t.f.Respondents))
	return estimate{value: part, low: part, high: part}
}

// skillGrounds takes the skill that lags; without one, skills are still worth a map.
func (t *teller) skillGrounds(propose func(deed, ground)) {
	constructs := t.x.constructs(instrument.TopicSkills)
	scores := shown(t.meanEstimates(constructs))
	if len(scores) < 2 {
		return
	}
	g := ground{chapter: "skills", why: t.say("why.no-lag", nil)}
	if lagging := t.lagging(); len(lagging) > 0 {
		_, high := t.scaleEnds(constructs[0])
		g.why = t.p.N("why.lag", len(lagging), args{"skills": t.p.Opening(t.list(lagging, len(lagging), t.scoredWithin)), "high": t.p.Decimal(high, 0)})
		steps, base := t.constructDistribution(t.x.question[lagging[0].id])
		if steps != nil {
			_, negative, _ := stack("", steps)
			part := t.part(base)
			g.reach = product(part, estimate{value: negative, low: negative, high: negative})
		}
	}
	propose(deedSkills, g)
}

// skillSteps adds where to begin, when groups certainly differ and some lie clear below all others.
func (t *teller) skillSteps(steps []string) []string {
	lagging := t.lagging()
	if len(lagging) == 0 {
		return steps
	}
	first := t.say("action.skills.first", args{"skill": t.p.Inside(lagging[0].label)})
	q := t.x.question[lagging[0].id]
	for _, cmp := range t.x.compared(q.ID) {
		if by := t.x.question[cmp.By]; !certain(cmp) || by != nil && by.Topic != instrument.TopicBackground {
			continue
		}
		if bottom, _ := laggards(shown(t.groupEstimates(q, cmp.By)), maxNamedGroups); len(bottom) > 0 {
			first = t.p.N("action.skills.first-groups", len(bottom), args{
				"skill": t.p.Inside(lagging[0].label), "groups": t.list(bottom, maxNamedGroups, t.quoted)})
			break
		}
	}
	return append([]string{steps[0], first}, steps[1:]...)
}
