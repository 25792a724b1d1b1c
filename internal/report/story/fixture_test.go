package story

import (
	"math"
	"strings"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
)

// text makes a text whose languages can be told apart, from Dutch and English.
func text(nl, en string) instrument.Text {
	return instrument.Text{instrument.NL: nl, instrument.EN: en, instrument.FR: "FR " + en, instrument.DE: "DE " + en}
}

// maker builds findings by hand.
type maker struct{ f *findings.Findings }

func newMaker(respondents int) *maker {
	return &maker{f: &findings.Findings{
		Schema:      "tekentafel-findings/1",
		Instrument:  findings.About{ID: "monitor", Version: "1.0", Title: text("GenAI-monitor", "GenAI monitor")},
		Respondents: respondents,
		Weights:     findings.Weights{Method: "none"},
		Disclosure:  findings.Disclosure{K: 10},
		Data:        findings.DataQuality{Rows: respondents},
	}}
}

// share is a share of everyone with the interval of a simple random sample of base.
func share(item, option string, value float64, base int) findings.Share {
	half := 1.96 * math.Sqrt(value*(1-value)/float64(base))
	return findings.Share{Item: item, Option: option, N: int(value*float64(base) + 0.5), Base: base, Share: value,
		Low: max(0, value-half), High: min(1, value+half), Method: "logit"}
}

func (m *maker) question(q findings.Question) *maker {
	if q.Asked == 0 {
		q.Asked = m.f.Respondents
	}
	q.NotAsked = m.f.Respondents - q.Asked
	m.f.Questions = append(m.f.Questions, q)
	return m
}

// answer is an option with its share.
type answer struct {
	id, nl, en string
	share      float64
	none       bool
}

// choice adds a question with options.
func (m *maker) choice(id string, kind instrument.Kind, topic instrument.Topic, context instrument.Context, label instrument.Text, base int, answers ...answer) *maker {
	q := findings.Question{ID: id, Kind: string(kind), Topic: topic, Context: context, Label: label, Asked: base,
		Wording: text(label[instrument.NL]+" (zoals gevraagd)?", label[instrument.EN]+" (as asked)?")}
	for _, a := range answers {
		q.Options = append(q.Options, findings.Option{ID: a.id, Label: text(a.nl, a.en), None: a.none})
		if a.share < 0 {
			m.f.Shares = append(m.f.Shares, findings.Share{Item: id, Option: a.id, Suppressed: true})
		} else {
			m.f.Shares = append(m.f.Shares, share(id, a.id, a.share, base))
		}
	}
	return m.question(q)
}

// indicator adds an indicator; a negative share is suppressed.
func (m *maker) indicator(id string, topic instrument.Topic, context instrument.Context, label, claim instrument.Text, value float64, base int) *maker {
	s := findings.Share{Item: id, Option: optionYes, Suppressed: true}
	if value >= 0 {
		s = share(id, optionYes, value, base)
	}
	m.f.Shares = append(m.f.Shares, s)
	return m.question(findings.Question{ID: id, Kind: kindIndicator, Topic: topic, Context: context, Label: label, Claim: claim, Wording: label, Asked: base})
}

// construct adds a scale of four 5-point statements with a mean.
func (m *maker) construct(id string, topic instrument.Topic, label instrument.Text, mean, half float64, base int) *maker {
	q := findings.Question{ID: id, Kind: kindConstruct, Topic: topic, Label: label, Low: 1, High: 5, Asked: base}
	agree := []string{"helemaal oneens", "oneens", "geen van beide", "eens", "helemaal eens"}
	agreeEN := []string{"strongly disagree", "disagree", "neutral", "agree", "strongly agree"}
	for i := range 4 {
		item := id + strings.Repeat("x", i+1)
		s := findings.Question{ID: item, Kind: string(instrument.Matrix), Topic: topic, Parent: id + "_matrix", Asked: base,
			Label: text("stelling "+string(rune('A'+i)), "statement "+string(rune('A'+i)))}
		// A binomial shape with the mean of the scale.
		p := (mean - 1) / 4
		for k := range 5 {
			v := float64(k + 1)
			option := string(rune('1' + k))
			s.Options = append(s.Options, findings.Option{ID: option, Label: text(agree[k], agreeEN[k]), Value: &v})
			choose := []float64{1, 4, 6, 4, 1}[k]
			m.f.Shares = append(m.f.Shares, share(item, option, choose*math.Pow(p, float64(k))*math.Pow(1-p, float64(4-k)), base))
		}
		q.Items = append(q.Items, item)
		m.question(s)
	}
	if mean > 0 {
		m.f.Means = append(m.f.Means, findings.Mean{Construct: id, Base: base, Mean: mean, SD: 0.9, SE: half / 1.96, Low: mean - half, High: mean + half})
		m.f.Reliability = append(m.f.Reliability, findings.Reliab{Construct: id, Items: q.Items, N: base, Alpha: 0.85, Omega: 0.84 + mean/50})
	} else {
		m.f.Means = append(m.f.Means, findings.Mean{Construct: id, Suppressed: true})
	}
	return m.question(q)
}

// grouping adds a background variable; a value with a negative share has its figure suppressed.
func (m *maker) grouping(id string, kind instrument.Kind, label instrument.Text, target string, padj, effect float64, values ...answer) *maker {
	g := findings.Grouping{Variable: id, Label: label}
	for _, v := range values {
		g.Values = append(g.Values, findings.GroupValue{Value: v.id, Label: text(v.nl, v.en), N: 120, Suppressed: v.share < 0})
		s := findings.Share{Item: target, Option: optionYes, Suppressed: true}
		if v.share >= 0 {
			s = share(target, optionYes, v.share, 120)
		}
		s.Group = &findings.Group{Variable: id, Value: v.id}
		m.f.Shares = append(m.f.Shares, s)
	}
	m.f.Groups = append(m.f.Groups, g)
	m.question(findings.Question{ID: id, Kind: string(kind), Topic: instrument.TopicBackground, Label: label, Wording: label})
	return m.compare(target, "", id, padj, effect)
}

func (m *maker) compare(target, option, by string, padj, effect float64) *maker {
	name := "cramers-v"
	for i := range m.f.Questions {
		if m.f.Questions[i].ID == target && m.f.Questions[i].Kind == kindConstruct {
			name = "eta-squared"
		}
	}
	m.f.Comparisons = append(m.f.Comparisons, findings.Compare{Target: target, Option: option, By: by, PAdjusted: padj, P: padj / 10,
		Effect: effect, EffectLow: effect * 0.8, EffectHigh: effect * 1.2, EffectName: name, Groups: 4})
	return m
}

// driver adds a predictor of intention.
func (m *maker) driver(predictor string, estimate, half, importance, low, high float64) *maker {
	m.f.Drivers = append(m.f.Drivers, findings.Driver{Outcome: "intention", Predictor: predictor, Estimate: estimate,
		Low: estimate - half, High: estimate + half, Importance: importance, ImportanceLow: low, ImportanceHigh: high, VIF: 1.4})
	return m
}

// benchmark sets a published share beside one of ours.
func (m *maker) benchmark(item, option string, ours, published, diffLow, diffHigh float64) *maker {
	m.f.Benchmarks = append(m.f.Benchmarks, findings.Benchmark{ID: item + option, Item: item, Option: option, Ours: ours, Published: published, N: 576,
		Low: published - 0.04, High: published + 0.04, Diff: ours - published, DiffLow: diffLow, DiffHigh: diffHigh,
		Name:   text("het Vlaamse onderzoek bij 576 overheidsmedewerkers", "the Flemish study among 576 public servants"),
		Caveat: text("de steekproeven verschillen", "the samples differ"), Source: "Kenniscentrum Data & Maatschappij", Year: 2025})
	return m
}

// rich are the findings of a large wave in which most things can be said.
func rich() *findings.Findings {
	m := newMaker(1214)
	m.f.Wave = findings.Wave{Organisation: "Stad Voorbeeld", Label: "voorjaar 2026", Synthetic: true, Population: 2961, ResponseRate: 0.41}
	m.f.Instrument.Pilot = text("Deze vragenlijst is een proefversie.", "This questionnaire is a pilot.")
	m.f.Weights = findings.Weights{Method: "raking", KishDeff: 1.18, Effective: 1029, Min: 0.4, Max: 3.1, Iterations: 9, Converged: true, Margins: []string{"department", "age"}}
	m.f.Design = findings.Design{Clusters: 1214, DF: 1213, FPC: true}
	yes := text("Minstens wekelijks gebruik op het werk", "Weekly use at work")
	m.indicator("weekly_use_work", instrument.TopicUse, instrument.Work, yes,
		text("gebruikt generatieve AI minstens wekelijks op het werk", "use generative AI at work at least weekly"), 0.54, 1214)
	m.indicator("weekly_use_leisure", instrument.TopicUse, instrument.Leisure, text("Minstens wekelijks gebruik in de vrije tijd", "Weekly use in leisure time"),
		text("gebruikt generatieve AI minstens wekelijks in de vrije tijd", "use generative AI in leisure time at least weekly"), 0.38, 1214)
	m.choice("use_work", instrument.Single, instrument.TopicUse, instrument.Work, text("Gebruik op het werk", "Use at work"), 1214,
		answer{"never", "nooit", "never", 0.21, false}, answer{"monthly", "maandelijks", "monthly", 0.25, false},
		answer{"weekly", "wekelijks", "weekly", 0.31, false}, answer{"daily", "dagelijks", "daily", 0.23, false})
	m.choice("systems_work", instrument.Multiple, instrument.TopicSystems, instrument.Work, text("Systemen op het werk", "Systems at work"), 873,
		answer{"chatgpt", "ChatGPT", "ChatGPT", 0.62, false}, answer{"copilot", "Copilot", "Copilot", 0.60, false},
		answer{"gemini", "Gemini", "Gemini", 0.18, false}, answer{"other", "iets anders", "something else", 0.06, false})
	m.choice("tasks_work", instrument.Multiple, instrument.TopicTasks, instrument.Work, text("Taken op het werk", "Tasks at work"), 873,
		answer{"language", "taal nakijken", "checking language", 0.58, false}, answer{"summary", "samenvatten", "summarising", 0.47, false},
		answer{"ideas", "ideeën zoeken", "finding ideas", 0.44, false}, answer{"image", "beelden maken", "making images", 0.12, false})
	m.choice("nonuse_work", instrument.Multiple, instrument.TopicNonUse, instrument.Work, text("Redenen op het werk", "Reasons at work"), 255,
		answer{"no-skills", "ik weet niet hoe eraan te beginnen", "I do not know how to begin", 0.46, false},
		answer{"no-benefit", "ik zie niet wat het oplevert", "I do not see the benefit", 0.34, false},
		answer{"rules", "ik weet niet of het mag", "I do not know whether it is allowed", 0.23, false},
		answer{"other", "andere reden", "another reason", 0.08, false})
	m.choice("advantages", instrument.Multiple, instrument.TopicAdvantages, "", text("Voordelen", "Advantages"), 1214,
		answer{"summary", "snel samenvatten", "quick summaries", 0.55, false}, answer{"time", "tijd winnen", "saving time", 0.54, false},
		answer{"quality", "betere teksten", "better texts", 0.36, false}, answer{"none", "geen voordelen", "no advantages", 0.07, true})
	m.choice("drawbacks", instrument.Multiple, instrument.TopicDrawbacks, "", text("Nadelen", "Drawbacks"), 1214,
		answer{"wrong", "niet altijd juist", "not always right", 0.78, false}, answer{"energy", "energieverbruik", "energy use", 0.53, false},
		answer{"copyright", "auteursrecht", "copyright", 0.47, false})
	for _, c := range []struct {
		id, nl, en string
		mean       float64
	}{{"technical", "Technische vaardigheid", "Technical skill", 2.52}, {"critical", "Kritische vaardigheid", "Critical skill", 3.6},
		{"communicative", "Communicatieve vaardigheid", "Communicative skill", 3.68}, {"creative", "Creatieve vaardigheid", "Creative skill", 3.31},
		{"ethical", "Ethische vaardigheid", "Ethical skill", 3.34}} {
		m.construct(c.id, instrument.TopicSkills, text(c.nl, c.en), c.mean, 0.08, 873)
	}
	for _, c := range []struct {
		id, nl, en string
		mean       float64
	}{{"performance", "Verwachte winst voor het werk", "Expected gain for work", 3.5}, {"effort", "Gebruiksgemak", "Ease of use", 3.4},
		{"social", "Sociale druk", "Social pressure", 2.4}, {"conditions", "Steun en middelen", "Support and means", 2.8}, {"intention", "Bereidheid", "Willingness", 3.5}} {
		m.construct(c.id, instrument.TopicDrivers, text(c.nl, c.en), c.mean, 0.07, 1180)
	}
	m.f.Models = []findings.ModelFit{{ID: "willingness", Outcome: "intention", N: 1150, R2: 0.48, R2Low: 0.43, R2High: 0.53, DF: 1145}}
	m.driver("performance", 0.5, 0.06, 0.58, 0.51, 0.65).driver("effort", 0.2, 0.06, 0.22, 0.17, 0.28).driver("conditions", 0.08, 0.06, 0.13, 0.09, 0.18).driver("social", 0.03, 0.06, 0.07, 0.04, 0.11)
	m.choice("support", instrument.Multiple, instrument.TopicSupport, "", text("Steun", "Support"), 1214,
		answer{"examples", "voorbeelden uit het eigen werk", "examples from my own work", 0.57, false},
		answer{"guidelines", "duidelijke richtlijnen", "clear guidelines", 0.55, false},
		answer{"training", "een basisopleiding", "basic training", 0.41, false}, answer{"none", "niets", "nothing", 0.05, true})
	m.indicator("knows_rules", instrument.TopicRules, "", text("Kent de regels", "Knows the rules"), text("zegt de regels te kennen", "say they know the rules"), 0.43, 1214)
	m.indicator("shadow_use", instrument.TopicShadow, "", text("Eigen hulpmiddelen", "Own tools"),
		text("gebruikt voor het werk een eigen hulpmiddel zonder het te melden", "use a tool of their own for work without telling"), 0.19, 873)
	m.f.Questions[len(m.f.Questions)-1].Sensitive = true
	m.grouping("department", instrument.Category, text("Dienst", "Department"), "weekly_use_work", 0.0001, 0.42,
		answer{"bz", "Burgerzaken", "Civil affairs", 0.62, false}, answer{"co", "Onthaal", "Reception", 0.82, false},
		answer{"gr", "Groen en wegen", "Parks and roads", 0.16, false}, answer{"ar", "Archief", "Archive", -1, false})
	m.grouping("age", instrument.Single, text("Leeftijd", "Age"), "weekly_use_work", 0.31, 0.05,
		answer{"y", "jonger dan 35", "under 35", 0.57, false}, answer{"m", "35 tot 50", "35 to 50", 0.55, false}, answer{"o", "ouder dan 50", "over 50", 0.5, false})
	for i, v := range []float64{2.7, 3.1, 1.9} {
		m.f.Means = append(m.f.Means, findings.Mean{Construct: "technical", Group: &findings.Group{Variable: "department", Value: []string{"bz", "co", "gr"}[i]},
			Base: 120, Mean: v, Low: v - 0.15, High: v + 0.15})
	}
	m.compare("technical", "", "department", 0.002, 0.12).compare("technical", "", "age", 0.8, 0.01).compare("support", "training", "age", 0.01, 0.15)
	m.benchmark("weekly_use_work", optionYes, 0.54, 0.531, -0.04, 0.058).benchmark("drawbacks", "energy", 0.53, 0.468, 0.013, 0.111)
	m.f.Caveats = []findings.Caveat{{Key: "synthetic"}, {Key: "self-report"}, {Key: "self-selection"}, {Key: "benchmark-differs"}, {Key: "suppressed"}, {Key: "merged-values"}}
	m.f.Data = findings.DataQuality{Rows: 1231, Empty: 17, Excluded: []findings.Excluded{{Reason: "empty", N: 17}}, Unknown: 4, Merged: 1, Unread: []string{"Opmerking"}, Violations: 12}
	m.f.Disclosure = findings.Disclosure{K: 10, Primary: 14, Complementary: 9}
	return m.f
}

// small are the findings of a wave of 38 people, where every interval is wide.
func small() *findings.Findings {
	m := newMaker(38)
	m.f.Instrument.Title = text("GenAI-monitor", "GenAI monitor")
	m.indicator("weekly_use_work", instrument.TopicUse, instrument.Work, text("Minstens wekelijks gebruik op het werk", "Weekly use at work"),
		text("gebruikt generatieve AI minstens wekelijks op het werk", "use generative AI at work at least weekly"), 0.55, 38)
	m.indicator("weekly_use_leisure", instrument.TopicUse, instrument.Leisure, text("Minstens wekelijks gebruik in de vrije tijd", "Weekly use in leisure time"),
		text("gebruikt generatieve AI minstens wekelijks in de vrije tijd", "use generative AI in leisure time at least weekly"), 0.42, 38)
	m.choice("support", instrument.Multiple, instrument.TopicSupport, "", text("Steun", "Support"), 38,
		answer{"examples", "voorbeelden uit het eigen werk", "examples from my own work", 0.53, false},
		answer{"guidelines", "duidelijke richtlijnen", "clear guidelines", 0.47, false},
		answer{"training", "een basisopleiding", "basic training", 0.42, false})
	m.construct("technical", instrument.TopicSkills, text("Technisch", "Technical"), 2.9, 0.35, 30)
	m.construct("critical", instrument.TopicSkills, text("Kritisch", "Critical"), 3.4, 0.35, 30)
	m.benchmark("weekly_use_work", optionYes, 0.55, 0.531, -0.14, 0.18)
	m.f.Caveats = []findings.Caveat{{Key: "self-report"}, {Key: "no-population"}, {Key: "small-n"}, {Key: "unweighted"}, {Key: "new-key", Text: "Something new happened"}}
	return m.f
}

// suppressed are findings in which everything is hidden.
func suppressed() *findings.Findings {
	m := newMaker(6)
	m.indicator("weekly_use_work", instrument.TopicUse, instrument.Work, text("Gebruik", "Use"), text("gebruikt het", "use it"), -1, 6)
	m.choice("support", instrument.Multiple, instrument.TopicSupport, "", text("Steun", "Support"), 6,
		answer{"examples", "voorbeelden", "examples", -1, false}, answer{"guidelines", "richtlijnen", "guidelines", -1, false})
	m.f.Questions = append(m.f.Questions, findings.Question{ID: "technical", Kind: kindConstruct, Topic: instrument.TopicSkills, Label: text("Technisch", "Technical"), Low: 1, High: 5})
	m.f.Means = append(m.f.Means, findings.Mean{Construct: "technical", Suppressed: true})
	m.f.Models = []findings.ModelFit{{ID: "willingness", Outcome: "intention", Suppressed: true}}
	m.f.Caveats = []findings.Caveat{{Key: "small-n"}, {Key: "suppressed"}}
	return m.f
}

// literacy are findings like those of the students in Chile: skills, use and groups, without contexts.
func literacy() *findings.Findings {
	m := newMaker(703)
	m.f.Instrument = findings.About{ID: "chatgpt-literacy-cl", Version: "1.0", Title: text("ChatGPT-geletterdheid, studenten in Chili", "ChatGPT literacy, students in Chile")}
	m.indicator("uses", instrument.TopicUse, "", text("Gebruikt ChatGPT", "Uses ChatGPT"), text("gebruikt ChatGPT", "use ChatGPT"), 0.91, 703)
	m.indicator("about_weekly", instrument.TopicUse, "", text("Gebruikt ChatGPT ongeveer elke week of vaker", "Uses ChatGPT about weekly"), text("gebruikt ChatGPT ongeveer elke week of vaker", "use ChatGPT about weekly"), 0.63, 703)
	m.construct("technical", instrument.TopicSkills, text("Technische vaardigheid", "Technical skill"), 3.4, 0.06, 640)
	m.construct("critical", instrument.TopicSkills, text("Kritische vaardigheid", "Critical skill"), 4.1, 0.06, 640)
	m.construct("ethical", instrument.TopicSkills, text("Ethische vaardigheid", "Ethical skill"), 3.45, 0.06, 640)
	m.grouping("sexo", instrument.Single, text("Geslacht", "Sex"), "uses", 0.4, 0.05, answer{"f", "vrouw", "female", 0.9, false}, answer{"m", "man", "male", 0.92, false})
	m.f.Caveats = []findings.Caveat{{Key: "self-report"}, {Key: "no-population"}, {Key: "unweighted"}}
	return m.f
}

// overlapping are findings in which no two answers lie clear of each other.
func overlapping() *findings.Findings {
	m := newMaker(300)
	m.choice("systems_work", instrument.Multiple, instrument.TopicSystems, instrument.Work, text("Systemen op het werk", "Systems at work"), 300,
		answer{"a", "Alfa", "Alpha", 0.34, false}, answer{"b", "Beta", "Beta", 0.31, false}, answer{"c", "Gamma", "Gamma", 0.28, false})
	m.choice("use", instrument.Single, instrument.TopicUse, "", text("Gebruik", "Use"), 300,
		answer{"often", "vaak", "often", 0.36, false}, answer{"rarely", "zelden", "rarely", 0.32, false}, answer{"never", "nooit", "never", 0.32, false})
	m.construct("intention", instrument.TopicDrivers, text("Bereidheid", "Willingness"), 3.2, 0.1, 300)
	m.construct("performance", instrument.TopicDrivers, text("Verwachte winst", "Expected gain"), 3.3, 0.1, 300)
	m.construct("effort", instrument.TopicDrivers, text("Gebruiksgemak", "Ease of use"), 3.2, 0.1, 300)
	m.f.Models = []findings.ModelFit{{ID: "willingness", Outcome: "intention", N: 290, R2: 0.3, R2Low: 0.2, R2High: 0.4, Collinear: true}}
	m.driver("performance", 0.2, 0.3, 0.55, 0.3, 0.8).driver("effort", -0.3, 0.1, 0.45, 0.2, 0.7)
	m.f.Caveats = []findings.Caveat{{Key: "collinear"}, {Key: "low-reliability"}}
	return m.f
}
