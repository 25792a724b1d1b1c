package desk

import (
	"tekentafel/internal/action"
	"tekentafel/internal/action/propose"
)

// proposed writes a proposal in words.
type proposed struct {
	words
	helps Helps
	*propose.Proposal
}

// answer is the answer that a figure is about, as people gave it.
func (p proposed) answer() string {
	if p.Rule == propose.NonUse && p.helps != nil {
		if name, _, ok := p.helps.Helps(p.Reason, p.lang); ok {
			return p.Quote(p.Inside(name))
		}
	}
	if a := p.Figure.Answer.In(p.lang); a != "" {
		return p.Quote(a)
	}
	return p.Quote(p.Figure.What.In(p.lang))
}

// named is what the figure is about, in a sentence.
func (p proposed) named() string {
	if p.Figure.What.In(p.lang) == "" {
		return p.Figure.Key.Item
	}
	return p.Inside(p.Figure.What.In(p.lang))
}

// at names the audience inside a sentence.
func (p proposed) at() string {
	if p.Target.Kind.Named() {
		return p.target(&p.Target)
	}
	return p.Inside(p.target(&p.Target))
}

// title is what could be done.
func (p proposed) title() string {
	key := "propose.title-" + string(p.Rule)
	if p.Rule == propose.Short && !p.Figure.Key.Everyone() {
		key += "-place"
	}
	if p.Rule == propose.Behind {
		key += "-" + string(p.Topic)
	}
	return p.with(key, "what", p.named(), "answer", p.answer(), "group", p.target(&p.Target))
}

// why says what was found, and how sure that is.
func (p proposed) why() []string {
	f := &p.Figure
	what := p.Opening(p.named())
	if p.Rule == propose.Short {
		what = p.named() // inside the sentence
	}
	a := []string{"what", what, "figure", p.figure(f), "n", p.Int(p.Among), "answer", p.answer(), "group", p.at(), "claim", f.Claim.In(p.lang), "value", p.value(f, f.Value), "span", p.span(f)}
	key := "propose.why-" + string(p.Rule)
	switch p.Rule {
	case propose.NonUse, propose.Support:
		if !p.Leads {
			key += "-many"
		}
	case propose.Short:
		if p.People != nil {
			key += "-place"
			a = append(a, "people", p.Int(int(p.People.Value+.5)), "low", p.Int(int(p.People.Low+.5)), "high", p.Int(int(p.People.High+.5)), "sure", p.Percent(p.Sure))
		}
	case propose.Behind:
		a = append(a, "whole", p.figure(p.Beside))
	case propose.Unknown, propose.Undisclosed:
		if f.Claim.In(p.lang) == "" {
			key += "-plain"
		}
	case propose.LowestSkill:
	}
	out := []string{p.with(key, a...)}
	if len(p.Ties) > 0 && (p.Leads || p.Rule == propose.LowestSkill) {
		var others []string
		for i := range p.Ties {
			x := &p.Ties[i]
			name := x.Answer.In(p.lang)
			if name == "" {
				name = x.What.In(p.lang)
			}
			others = append(others, p.Quote(name))
		}
		out = append(out, p.with("propose.ties", "others", p.And(others)))
	}
	if note := p.caveat(); note != "" {
		out = append(out, note)
	}
	return out
}

// caveat is what one must know of the figure.
func (p proposed) caveat() string {
	switch p.Rule {
	case propose.LowestSkill:
		return p.say("propose.note-self")
	case propose.Undisclosed:
		return p.say("propose.note-shadow")
	case propose.Behind:
		return p.say("propose.note-behind")
	case propose.Short:
		return p.say("propose.note-gap")
	case propose.NonUse, propose.Support, propose.Unknown:
	}
	return ""
}

// matched is what helps with a reason.
func (p proposed) matched() []Help {
	if p.Rule != propose.NonUse || p.helps == nil {
		return nil
	}
	_, list, _ := p.helps.Helps(p.Reason, p.lang)
	return list
}

// from is the proposal as the origin of an action.
func (x *found) from(p *propose.Proposal) *action.Origin {
	f := p.Figure
	return &action.Origin{Report: x.report.ID, Title: x.report.Title, Rule: string(p.Rule), Proposal: p.Key(), Figure: &f}
}
