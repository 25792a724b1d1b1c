package view

import (
	"fmt"
	"math"

	"tekentafel/internal/chart"
	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/report/story"
)

const tooFew = "te weinig antwoorden (< 10)"

func dutchWords() map[string]string {
	return map[string]string{
		story.WordSkipToContent: "Naar de inhoud", story.WordContents: "Inhoud", story.WordSummary: "In het kort", story.WordShowAsTable: "Toon als tabel",
		story.WordActions: "Wat nu?", story.WordNextStep: "Jullie volgende stap", story.WordSteps: "Zo pak je het aan",
		story.WordReach: "Voor wie", story.WordEvidence: "Steunt op", story.WordCaveats: "Lees deze cijfers zo",
		story.WordMethod: "Hoe we het maten", story.WordData: "Welke antwoorden meetellen", story.WordMadeWith: "Gemaakt met Tekentafel",
		story.WordInstrument: "Vragenlijst", story.WordVersion: "versie", story.WordPage: "Pagina", story.WordOf: "van",
		story.WordFactSheet: "Wat jullie ons vertelden", story.WordAsked: "Wat we vroegen", story.WordHeard: "Wat we hoorden",
		story.WordDoing: "Wat we ermee doen", story.WordPrivacy: "Jouw antwoorden blijven van jou", story.WordContact: "Vragen?",
	}
}

func pct(v float64) string { return fmt.Sprintf("%.0f\u00a0%%", v*100) }

// interval makes a row of a chart of shares.
func interval(label string, low, value, high float64) chart.Interval {
	return chart.Interval{Label: label, Low: low, Value: value, High: high, Text: pct(value)}
}

// shares is a chart of shares with its table.
func shares(id, title string, ref *chart.Reference, rows ...chart.Interval) story.Figure {
	f := story.Figure{
		ID: id, Title: title, Chart: chart.Intervals{Rows: rows, Min: 0, Max: 1, Percent: true, Ref: ref},
		Description: "Per rij een punt met een streep: het aandeel en zijn interval. De tabel onder de figuur geeft alle cijfers.",
		Caption:     "Vraag: “Hoe vaak gebruik je generatieve AI voor je werk?” n = 1.214, gewogen. Streep: 95 %-interval.",
		Table:       story.Table{Head: []string{"Antwoord", "Aandeel", "Van", "Tot", "Antwoorden"}},
	}
	for i, r := range rows {
		cells := []string{r.Label, r.Text, pct(r.Low), pct(r.High), fmt.Sprint(40 + 31*i)}
		if r.Hidden != "" {
			cells = []string{r.Label, r.Hidden, "–", "–", "–"}
		}
		f.Table.Rows = append(f.Table.Rows, cells)
	}
	return f
}

func stack(label string, n1, n2, neutral, p2, p1 float64) chart.Stack {
	return chart.Stack{Label: label, Negative: []float64{n1, n2}, Positive: []float64{p2, p1}, Neutral: neutral,
		Texts: []string{pct(n1 + n2), pct(neutral), pct(p1 + p2)}}
}

func likert() chart.Diverging {
	return chart.Diverging{
		Legend:  []string{"helemaal oneens", "oneens", "eens", "helemaal eens"},
		Neutral: "niet eens, niet oneens",
		Rows: []chart.Stack{
			stack("Ik kan een goede vraag of opdracht schrijven voor een AI-hulp", .05, .12, .14, .49, .20),
			stack("Ik merk het als een antwoord niet klopt", .04, .14, .16, .48, .18),
			stack("Ik weet welke gegevens ik nooit mag invoeren, ook niet als het snel moet gaan en niemand meekijkt", .08, .17, .22, .40, .13),
			stack("Ik vind met AI nieuwe ideeën voor mijn werk", .09, .17, .23, .37, .14),
			{Label: "Ik kan uitleggen hoe een taalmodel tot een antwoord komt", Negative: []float64{.22, .29},
				Positive: []float64{.18, .05}, Neutral: .26, Texts: []string{pct(.51), pct(.26), pct(.23)}, Strong: true},
			{Label: "Ik bouw zelf hulpjes met AI", Hidden: tooFew},
		},
	}
}

func means() chart.Profile {
	row := func(label string, low, v, high float64, text string) chart.Interval {
		return chart.Interval{Label: label, Low: low, Value: v, High: high, Text: text}
	}
	rows := []chart.Interval{
		row("Communicatief", 3.61, 3.68, 3.75, "3,7"), row("Kritisch", 3.52, 3.60, 3.68, "3,6"),
		row("Ethisch", 3.25, 3.34, 3.43, "3,3"), row("Creatief", 3.22, 3.31, 3.40, "3,3"),
		row("Technisch", 2.41, 2.52, 2.63, "2,5"),
	}
	rows[4].Strong = true
	return chart.Profile{Rows: rows, Min: 1, Max: 5, LowText: "1 = helemaal oneens", HighText: "5 = helemaal eens"}
}

func example() (*story.Story, *findings.Findings) {
	departments := []chart.Interval{
		interval("Onthaal", .70, .80, .89), interval("Burgerzaken", .55, .62, .70),
		interval("Dienst Ruimtelijke Ordening, Vergunningen en Omgevingshandhaving", .44, .53, .62),
		interval("Groen en wegen", .11, .16, .22), {Label: "Archief", Hidden: tooFew},
	}
	published := &chart.Reference{Value: .531, Low: .49, High: .571, Label: "Vlaams onderzoek bij 576 overheidsmedewerkers: 53\u00a0%"}
	use := story.Chapter{
		ID: "use", Short: "Gebruik op het werk", Big: "54\u00a0%", Headline: "gebruikt generatieve AI minstens wekelijks op het werk",
		Text: []string{"Het echte aandeel ligt vermoedelijk tussen 51 en 57 %. In het Vlaamse onderzoek bij 576 overheidsmedewerkers was dat 53 %. We zien geen verschil.",
			"Tussen de diensten zien we wel een verschil. Bij Onthaal is het gebruik het hoogst, bij Groen en wegen het laagst."},
		Figures: []story.Figure{shares("use.department", "Minstens wekelijks gebruik, per dienst", published, departments...)},
	}
	skills := story.Chapter{
		ID: "skills", Short: "Vaardigheden", Headline: "Technische kennis blijft achter, ook bij wie AI vaak gebruikt",
		Text: []string{"Collega’s voelen zich vaardig in vragen stellen en in het beoordelen van antwoorden. Hoe het werkt, blijft voor velen een zwarte doos."},
		Figures: []story.Figure{
			{ID: "skills.profile", Title: "Vijf vaardigheden", Chart: means(), Description: "Het gemiddelde van elke vaardigheid, van 1 tot 5, met zijn interval. Technisch is het laagst.",
				Caption: "Vijf schalen van 5 of 6 stellingen, gebruikers (n = 873), gewogen. Streep: 95 %-interval. Betrouwbaarheid (omega) 0,84 tot 0,93.",
				Table:   story.Table{Head: []string{"Vaardigheid", "Gemiddelde", "Van", "Tot"}, Rows: [][]string{{"Communicatief", "3,7", "3,6", "3,8"}, {"Technisch", "2,5", "2,4", "2,6"}}}},
			{ID: "skills.items", Title: "Wat collega’s over zichzelf zeggen", Chart: likert(), Description: "Per stelling de verdeling van oneens links naar eens rechts; het midden staat apart.",
				Caption: "Gebruikers (n = 873), gewogen.",
				Table:   story.Table{Head: []string{"Stelling", "Oneens", "Midden", "Eens"}, Rows: [][]string{{"Ik kan een goede vraag of opdracht schrijven voor een AI-hulp", "17\u00a0%", "14\u00a0%", "69\u00a0%"}, {"Ik bouw zelf hulpjes met AI", tooFew, "–", "–"}}}},
		},
	}
	reasons := story.Chapter{
		ID: "nonuse", Short: "Waarom niet", Big: "46\u00a0%", Headline: "van wie AI niet gebruikt, weet niet hoe te beginnen",
		Text: []string{"Dat is het vaakst genoemde antwoord. Of het ook de oorzaak is, kunnen we uit een bevraging niet afleiden."},
		Figures: []story.Figure{shares("nonuse.reasons", "Redenen om AI op het werk niet te gebruiken", nil,
			interval("Ik weet niet hoe ik eraan begin", .40, .46, .52), interval("Ik zie niet wat het mij oplevert", .29, .34, .40),
			interval("Ik vertrouw de antwoorden niet", .22, .27, .33), interval("Ik weet niet of het mag", .18, .23, .28),
			interval("Mijn werk is er niet geschikt voor", .14, .18, .23), interval("Ik heb er geen toestel of toegang voor", .09, .13, .17))},
	}
	drivers := shares("drivers.importance", "Aandeel in wat de bereidheid verklaart", nil,
		interval("Verwachting dat het werk er beter van wordt", .36, .44, .52), interval("Gebruiksgemak", .18, .25, .32),
		interval("Steun en middelen", .13, .19, .25), interval("Wat collega’s en leidinggevenden ervan vinden", .06, .12, .18))
	drivers.Chart = chart.Intervals{Rows: drivers.Chart.(chart.Intervals).Rows, Min: 0, Max: .6, Percent: true}
	s := &story.Story{
		Lang: instrument.NL, Kicker: "GenAI-monitor · voorjaar 2026 · Stad Voorbeeld", Synthetic: "synthetische gegevens",
		Pilot: "Deze vragenlijst is een proefversie: de schalen zijn nog niet in het Nederlands gevalideerd. Gebruik ze om te leren, niet om te beoordelen.",
		Title: "Wat 1.214 collega’s ons vertelden over generatieve AI",
		Lead:  "Respons 41\u00a0% van 2.961 medewerkers, gewogen naar dienst, functieniveau en leeftijd. Groepen kleiner dan 10 tonen we niet.",
		Summary: []string{
			"Iets meer dan de helft gebruikt AI minstens wekelijks op het werk. Dat is zoals elders in Vlaanderen.",
			"Wie het niet gebruikt, weet vaak niet hoe te beginnen.",
			"Vragen stellen lukt. Technische kennis is van de vijf vaardigheden duidelijk het laagst.",
			"Wie verwacht dat het werk er beter van wordt, wil het vaker gebruiken.",
		},
		Chapters: []story.Chapter{use, reasons, skills, {
			ID: "drivers", Short: "Wat bereidheid verklaart", Headline: "Bereidheid hangt het sterkst samen met de verwachting dat het werk er beter van wordt",
			Text: []string{"Samen verklaren deze vier 58 % van de verschillen in bereidheid. Een verband is nog geen oorzaak."}, Figures: []story.Figure{drivers},
		}},
		Actions: []story.Action{
			{Title: "Geef een eerste les van twee uur, in het depot en aan het bureau", Why: "46 % van wie AI niet gebruikt (40 tot 52 %), weet niet hoe te beginnen.",
				Reach: "ongeveer 610 medewerkers", Evidence: []string{"nonuse", "use"},
				Steps: []string{"Kies met elke dienst één taak die vaak terugkomt.", "Plan de eerste sessie binnen zes weken, tijdens de werkuren.", "Zet in het depot een tablet klaar, en iemand die helpt."}},
			{Title: "Leg in gewone taal uit hoe het werkt", Why: "Technisch is de laagste van de vijf vaardigheden: gemiddeld 2,5 op 5 (2,4 tot 2,6).", Reach: "alle gebruikers", Evidence: []string{"skills"},
				Steps: []string{"Maak vijf microlessen van vijf minuten.", "Toon telkens een fout die het model maakt."}},
			{Title: "Verzamel voorbeelden uit het eigen werk", Why: "De verwachting dat het werk er beter van wordt, hangt het sterkst samen met bereidheid.", Evidence: []string{"drivers"}},
		},
		Caveats: []string{"Mensen beoordeelden zichzelf. Zelf ingeschatte en geteste vaardigheid hangen in onderzoek nauwelijks samen.", "Wie antwoordt, kan verschillen van wie niet antwoordt. Wegen verkleint dat verschil, maar neemt het niet weg."},
		Method:  []string{"Intervallen: 95 %, met logit-transformatie op de vrijheidsgraden van het steekproefontwerp.", "Gewogen met raking naar drie marges; ontwerpeffect 1,18."},
		Data:    []string{"1.231 rijen gelezen; 17 rijen zonder enig antwoord tellen niet mee.", "4 waarden pasten bij geen enkele optie en tellen als ongeldig."},
		Words:   dutchWords(),
	}
	s.Sheet = exampleSheet(published)
	return s, exampleFindings()
}

func exampleSheet(published *chart.Reference) story.Sheet {
	small := func(rows ...chart.Interval) chart.Chart {
		return chart.Intervals{Rows: rows, Min: 0, Max: 1, Percent: true}
	}
	return story.Sheet{
		Title: "1.214 collega’s over AI op het werk",
		Asked: []string{"Gebruik je AI, en waarvoor?", "Waarom niet, als je het niet gebruikt?", "Hoe vaardig voel je je?", "Welke hulp wil je?"},
		Heard: []story.Heard{
			{Big: "54\u00a0%", Text: "gebruikt AI minstens wekelijks op het werk.", Range: "tussen 51 en 57\u00a0%", Label: "Wekelijks gebruik bij ons en in het Vlaamse onderzoek",
				Chart: chart.Intervals{Rows: []chart.Interval{interval("Wij", .51, .54, .57)}, Min: 0, Max: 1, Percent: true, Ref: published}},
			{Big: "46\u00a0%", Text: "van wie het niet gebruikt, weet niet hoe te beginnen.", Range: "tussen 40 en 52\u00a0%", Label: "Drie redenen om AI niet te gebruiken",
				Chart: small(interval("Ik weet niet hoe", .40, .46, .52), interval("Ik zie het nut niet", .29, .34, .40), interval("Geen vertrouwen", .22, .27, .33))},
			{Big: "2,5", Text: "op 5: zo schatten gebruikers hun technische kennis in. Vragen stellen lukt beter: 3,7.", Range: "tussen 2,4 en 2,6", Chart: means(), Label: "Vijf vaardigheden"},
			{Big: "71\u00a0%", Text: "wil voorbeelden uit het eigen werk zien.", Range: "tussen 68 en 74\u00a0%", Label: "Gevraagde hulp",
				Chart: small(interval("Voorbeelden", .68, .71, .74), interval("Richtlijnen", .55, .58, .61), interval("Basisopleiding", .48, .51, .54))},
		},
		Doing:   []string{"In september start een eerste les van twee uur, ook in het depot.", "We schrijven tien basisregels in gewone taal.", "Elke dienst deelt één goed voorbeeld per maand."},
		Privacy: "Niemand kan zien welke antwoorden van jou zijn, ook wij niet. Groepen kleiner dan 10 tonen we nergens.",
		Contact: "Vragen? Loop langs bij HR of mail hr@voorbeeld.be.",
	}
}

func exampleFindings() *findings.Findings {
	tx := func(nl string) instrument.Text {
		return instrument.Text{instrument.NL: nl, instrument.EN: nl + " (en)"}
	}
	one := 1.0
	return &findings.Findings{
		Schema:     "tekentafel-findings/1",
		Instrument: findings.About{ID: "genai-monitor", Version: "0.3", Title: tx("GenAI-monitor"), Pilot: tx("Proefversie")},
		Wave:       findings.Wave{Organisation: "Stad Voorbeeld", Label: "voorjaar 2026", Synthetic: true, Population: 2961, ResponseRate: .41}, Respondents: 1214,
		Questions: []findings.Question{
			{ID: "use_work", Kind: "single", Topic: instrument.TopicUse, Context: instrument.Work, Label: tx("Gebruik op het werk"), Wording: tx("Hoe vaak gebruik je generatieve AI voor je werk?"), Asked: 1214, NoAnswer: 6, DontKnow: 2,
				Options: []findings.Option{{ID: "daily", Label: tx("Elke dag"), Value: &one}, {ID: "never", Label: tx("=NOOIT()")}, {ID: "dk", Label: tx("Weet ik niet"), Missing: "dont-know"}}},
			{ID: "technical", Kind: "construct", Topic: instrument.TopicSkills, Label: tx("Technisch"), Low: 1, High: 5, Items: []string{"t1", "t2"}},
		},
		Groups: []findings.Grouping{{Variable: "department", Label: tx("Dienst"), Values: []findings.GroupValue{{Value: "green", Label: tx("Groen en wegen"), N: 203}, {Value: "archive", Label: tx("Archief"), Suppressed: true}}}},
		Shares: []findings.Share{
			{Item: "use_work", Option: "daily", N: 301, Base: 1206, Share: .25, SE: .012, Low: .227, High: .274, Method: "logit"},
			{Item: "use_work", Option: "daily", Group: &findings.Group{Variable: "department", Value: "green"}, N: 20, Base: 200, Share: .1, SE: .02, Low: .06, High: .15, Method: "beta"},
			{Item: "use_work", Option: "daily", Group: &findings.Group{Variable: "department", Value: "archive"}, Suppressed: true},
		},
		Means: []findings.Mean{
			{Construct: "technical", Base: 873, Mean: 2.52, SD: .9, SE: .05, Low: 2.41, High: 2.63},
			{Construct: "technical", Group: &findings.Group{Variable: "department", Value: "archive"}, Suppressed: true},
		},
		Reliability: []findings.Reliab{{Construct: "technical", Items: []string{"t1", "t2"}, N: 860, Alpha: .88, AlphaLow: .86, AlphaHigh: .9, Omega: math.NaN(), ItemRest: []float64{.5, math.Inf(1)}, Note: "two items"}},
		Comparisons: []findings.Compare{{Target: "use_work", By: "department", Test: "rao-scott-f", Statistic: 4.2, DF1: 3.4, DF2: 1200, P: .002, PAdjusted: .01, Effect: .2, EffectLow: .1, EffectHigh: .3, EffectName: "cramers-v", Groups: 4}},
		Drivers:     []findings.Driver{{Outcome: "intention", Predictor: "performance", Estimate: .4, SE: .03, Low: .34, High: .46, P: 1e-9, Importance: .44, ImportanceLow: .36, ImportanceHigh: .52, VIF: 1.7}},
		Models:      []findings.ModelFit{{ID: "willingness", Outcome: "intention", N: 850, R2: .58, R2Low: .53, R2High: .63, DF: 849}},
		Benchmarks:  []findings.Benchmark{{ID: "b1", Item: "use_weekly", Option: "yes", Ours: .54, OursLow: .51, OursHigh: .57, Published: .531, N: 576, Low: .49, High: .571, Diff: .009, DiffLow: -.04, DiffHigh: .058, P: .7, Name: tx("het Vlaamse onderzoek"), Caveat: tx("Andere steekproef"), Source: "Kenniscentrum Data & Maatschappij", Year: 2025}},
		Weights:     findings.Weights{Method: "raking", KishDeff: 1.18, Effective: 1029, Min: .4, Max: 2.9, Iterations: 7, Converged: true, Margins: []string{"department", "age"}},
		Design:      findings.Design{Strata: 1, DF: 1213, FPC: true},
		Data:        findings.DataQuality{Rows: 1231, Empty: 17, Excluded: []findings.Excluded{{Reason: "no-weight", N: 0}}, Unknown: 4, Unread: []string{"@evil"}, ByItem: map[string]int{"use_work": 4}},
		Disclosure:  findings.Disclosure{K: 10, Primary: 1, Complementary: 1},
		Caveats:     []findings.Caveat{{Key: "self-report", Text: "People judged themselves.", Data: map[string]any{"k": 10.0}}},
	}
}
