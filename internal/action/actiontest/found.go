package actiontest

import (
	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/skills/gap"
)

// Text is a text in four languages.
func Text(nl string) instrument.Text {
	return instrument.Text{instrument.NL: nl, instrument.FR: "fr " + nl, instrument.DE: "de " + nl, instrument.EN: "en " + nl}
}

func option(id, label string) findings.Option { return findings.Option{ID: id, Label: Text(label)} }

// ShareOf is a share with an interval of 8 points.
func ShareOf(item, option string, g *findings.Group, p float64) findings.Share {
	return findings.Share{Item: item, Option: option, Group: g, N: int(p * 400), Base: 400, Share: p, SE: .02, Low: p - .04, High: p + .04}
}

// MeanOf is a mean with an interval of a fifth of a point.
func MeanOf(construct string, g *findings.Group, x float64) findings.Mean {
	return findings.Mean{Construct: construct, Group: g, Base: 400, Mean: x, SD: 1, SE: .05, Low: x - .1, High: x + .1}
}

// Monitor is what a wave of the monitor found, in small: skills, reasons, wishes, rules, use and departments.
func Monitor() *findings.Findings {
	f := &findings.Findings{Respondents: 800, Disclosure: findings.Disclosure{K: 10}, Wave: findings.Wave{Label: "Najaar 2026"}}
	construct := func(id, label string) findings.Question {
		return findings.Question{ID: id, Kind: "construct", Topic: instrument.TopicSkills, Label: Text(label), Rule: "mean of at least 3", Items: []string{id + "1"}, Low: 1, High: 5}
	}
	indicator := func(id string, topic instrument.Topic, label, claim string) findings.Question {
		return findings.Question{ID: id, Kind: "indicator", Topic: topic, Label: Text(label), Claim: Text(claim), Rule: "any of yes", Options: []findings.Option{option("yes", label)}}
	}
	weekly := indicator("weekly_use_work", instrument.TopicUse, "Minstens wekelijks op het werk", "gebruikt AI minstens elke week op het werk")
	weekly.Context = instrument.Work
	shadow := indicator("undisclosed_use", instrument.TopicShadow, "Eigen AI zonder het te zeggen", "gebruikt weleens AI van buiten de organisatie zonder het te zeggen")
	shadow.Sensitive = true
	f.Questions = []findings.Question{
		weekly,
		{ID: "nonuse_work", Kind: "multiple", Topic: instrument.TopicNonUse, Context: instrument.Work, Label: Text("Waarom niet"), Wording: Text("Waarom gebruik je AI niet?"),
			Options: []findings.Option{option("skills", "ik weet niet hoe"), option("trust", "ik vertrouw het niet"), option("privacy", "privacy"), option("other", "iets anders")}},
		construct("technical", "Technische vaardigheid"), construct("critical", "Kritische vaardigheid"), construct("ethical", "Ethische vaardigheid"),
		indicator("knows_rules", instrument.TopicRules, "Weet dat er regels zijn", "zegt dat de organisatie regels over AI heeft"), shadow,
		{ID: "support", Kind: "multiple", Topic: instrument.TopicSupport, Label: Text("Wat zou helpen"), Wording: Text("Wat zou jou helpen?"),
			Options: []findings.Option{option("examples", "voorbeelden uit mijn werk"), option("guidelines", "duidelijke regels"), option("time", "tijd"), {ID: "nothing", Label: Text("niets"), None: true}}},
	}
	f.Groups = []findings.Grouping{
		{Variable: "department", Label: Text("Dienst"), Values: []findings.GroupValue{{Value: "green", Label: Text("Groen en ruimte"), N: 120}, {Value: "desk", Label: Text("Burgerzaken"), N: 300}, {Value: "pool", Label: Text("Zwembad"), Suppressed: true}}},
		{Variable: "workplace", Label: Text("Werkplek"), Values: []findings.GroupValue{{Value: "office", Label: Text("bureau"), N: 500}, {Value: "field", Label: Text("buiten"), N: 290}}},
		{Variable: "age", Label: Text("Leeftijd"), Values: []findings.GroupValue{{Value: "young", Label: Text("jonger dan 35"), N: 300}, {Value: "old", Label: Text("ouder"), N: 490}}},
	}
	green, desk, pool := &findings.Group{Variable: "department", Value: "green"}, &findings.Group{Variable: "department", Value: "desk"}, &findings.Group{Variable: "department", Value: "pool"}
	office, field := &findings.Group{Variable: "workplace", Value: "office"}, &findings.Group{Variable: "workplace", Value: "field"}
	old := &findings.Group{Variable: "age", Value: "old"}
	f.Shares = []findings.Share{
		ShareOf("weekly_use_work", "yes", nil, .53), ShareOf("weekly_use_work", "yes", green, .30), ShareOf("weekly_use_work", "yes", desk, .60), {Item: "weekly_use_work", Option: "yes", Group: pool, Suppressed: true},
		ShareOf("weekly_use_work", "yes", office, .61), ShareOf("weekly_use_work", "yes", field, .33), ShareOf("weekly_use_work", "yes", old, .20),
		ShareOf("nonuse_work", "skills", nil, .61), ShareOf("nonuse_work", "trust", nil, .44), ShareOf("nonuse_work", "privacy", nil, .27), ShareOf("nonuse_work", "other", nil, .9),
		ShareOf("knows_rules", "yes", nil, .48), ShareOf("undisclosed_use", "yes", nil, .22),
		ShareOf("support", "examples", nil, .55), ShareOf("support", "guidelines", nil, .52), ShareOf("support", "time", nil, .21), ShareOf("support", "nothing", nil, .7),
	}
	f.Means = []findings.Mean{MeanOf("technical", nil, 2.4), MeanOf("critical", nil, 3.1), MeanOf("ethical", nil, 3.3), MeanOf("technical", green, 2.2), MeanOf("technical", desk, 2.5)}
	for _, by := range []string{"department", "workplace", "age"} {
		f.Comparisons = append(f.Comparisons, findings.Compare{Target: "weekly_use_work", By: by, PAdjusted: .001})
	}
	f.Comparisons = append(f.Comparisons, findings.Compare{Target: "technical", By: "department", PAdjusted: .4})
	return f
}

// Gap is a gap with two skills and two departments.
func Gap(below float64) *gap.Gap {
	figure := func(x, half, grain float64) *gap.Figure {
		return &gap.Figure{Value: x, Low: x - half, High: x + half, Grain: grain}
	}
	standing := func(x float64) gap.Standing {
		return gap.Standing{Base: 120, Verdict: gap.Enough, RequiredLow: 2, RequiredHigh: 2, Level: figure(2.1, .2, .1), Below: figure(x, .06, .01), Shortfall: figure(1, .2, .1), Distance: figure(.4, .1, .1), People: figure(100*x, 6, 1)}
	}
	items := []gap.ItemUsed{{ID: "tech1", A: 1, B: []float64{0}}}
	g := &gap.Gap{Version: gap.Version, K: 10, Cuts: []gap.Exact{-1, 0, 1}, Staffed: true, Wave: "w",
		Skills: []gap.Measured{{ID: "technical", Basis: gap.Self, Items: items}, {ID: "critical", Basis: gap.Self, Items: items}},
		Whole:  &gap.Row{N: 700, Staff: 900, Skills: []gap.Standing{standing(below), standing(.25)}},
		Departments: []gap.Row{
			{Department: "green", Name: "Groen en ruimte", N: 100, Staff: 130, Skills: []gap.Standing{standing(below + .1), standing(.3)}},
			{Department: "desk", Name: "Burgerzaken", N: 200, Staff: 300, Skills: []gap.Standing{standing(below - .1), standing(.2)}}},
	}
	place := func(department, skill string, x, sure float64, v gap.Verdict) gap.Ranked {
		return gap.Ranked{Department: department, Skill: skill, Tie: 1, People: *figure(100*x, 6, 1), Below: *figure(x, .06, .01), Distance: *figure(.4, .1, .1), Sure: sure, Verdict: v}
	}
	g.Rankings = []gap.Ranking{{Kind: gap.ByDepartment, Top: 2, Places: []gap.Ranked{place("green", "technical", below+.1, .9, gap.Enough), place("green", "critical", .3, .4, gap.Enough),
		place("desk", "technical", below-.1, .7, gap.TooUncertain)}}}
	return g
}
