//nolint:misspell // the words are Dutch
package synthetic

import (
	"fmt"
	"math"
	"strings"

	"tekentafel/internal/people/linkage"
)

type role struct {
	text, other string // other: of the other gender; "" none
	level, isco string
}

// roles and domains make functions; each half of the vocabulary has its own.
var roles = [2][]role{
	{{"medewerker", "medewerkster", "C", "4110"}, {"deskundige", "", "B", "3343"}, {"assistent", "assistente", "D", "4419"}, {"coördinator", "coördinatrice", "B", "1219"},
		{"diensthoofd", "", "A", "1211"}, {"adviseur", "adviseuse", "A", "2422"}, {"arbeider", "arbeidster", "D", "9313"}, {"bediende", "", "C", "4120"},
		{"begeleider", "begeleidster", "C", "5312"}, {"beheerder", "beheerster", "B", "3512"}, {"controleur", "controleuse", "C", "3359"}, {"hulp", "", "E", "9112"}},
	{{"verantwoordelijke", "", "B", "1349"}, {"consulent", "consulente", "B", "2635"}, {"ondersteuner", "ondersteunster", "C", "4416"}, {"teamleider", "teamleidster", "B", "3341"},
		{"directeur", "directrice", "A", "1112"}, {"expert", "experte", "A", "2421"}, {"technicus", "", "D", "7412"}, {"opzichter", "opzichtster", "C", "3123"},
		{"bewaker", "bewaakster", "D", "5414"}, {"ontwerper", "ontwerpster", "B", "2163"}, {"inspecteur", "inspectrice", "B", "3351"}, {"helper", "helpster", "E", "9629"}},
}

var adjectives = [2][]string{
	{"administratief", "technisch", "juridisch", "sociaal", "financieel", "logistiek", "stedenbouwkundig", ""},
	{"maatschappelijk", "cultureel", "commercieel", "medisch", "ruimtelijk", "pedagogisch", "operationeel", ""},
}

var domains = [2][]string{
	{"burgerzaken", "bevolking", "communicatie", "groendienst", "personeel", "financiën", "jeugd", "sport", "bibliotheek", "kinderopvang", "mobiliteit", "archief", "onthaal", "ruimtelijke ordening",
		"lokale economie", "wegen", "gebouwen", "informatica", "preventie", "woonzorg", "thuiszorg", "verzekeringen", "aankoop", "secretariaat", "evenementen", "toerisme", "begraafplaatsen", "markten", "feestzalen", "vergunningen", "handhaving", "subsidies", "klachten", "drukkerij", "wagenpark", "rioleringen", "speelpleinen", "museum"},
	{"vreemdelingenzaken", "burgerlijke stand", "milieu", "onderhoud", "loonadministratie", "boekhouding", "cultuur", "zwembad", "erfgoed", "onderwijs", "verkeer", "omgeving", "digitale dienstverlening", "ontvangerij",
		"wijkwerking", "energie", "patrimonium", "geografische informatie", "welzijn", "ouderenzorg", "schuldbemiddeling", "aanbestedingen", "vergaderingen", "protocol", "festiviteiten", "netheid", "plantsoenen", "parkeren", "academie", "klimaat", "dierenwelzijn", "noodplanning", "inburgering", "magazijn", "schrijnwerkerij", "signalisatie", "huisvesting", "integratie"},
}

type single struct{ text, other, level, isco, family string }

var singles = [2][]single{
	{{"verpleegkundige", "", "B", "2221", "zorg"}, {"kinderbegeleider", "kinderbegeleidster", "C", "5311", "zorg"}, {"bibliothecaris", "bibliothecaresse", "B", "2622", "cultuur"},
		{"poetsmedewerker", "poetsmedewerkster", "E", "9112", "facilitair"}, {"gemeenschapswacht", "", "D", "5414", "veiligheid"}, {"boekhouder", "boekhoudster", "B", "3313", "financiën"},
		{"archivaris", "", "A", "2621", "cultuur"}, {"tuinier", "", "D", "6113", "groen"}, {"jurist", "juriste", "A", "2611", "beleid"}, {"architect", "architecte", "A", "2161", "techniek"},
		{"kok", "kokkin", "D", "5120", "facilitair"}, {"schilder", "", "D", "7131", "techniek"}, {"redder", "redster", "D", "5419", "sport"}, {"omgevingsambtenaar", "", "A", "2164", "techniek"},
		{"preventieadviseur", "", "B", "2263", "veiligheid"}, {"vrachtwagenchauffeur", "", "D", "8332", "techniek"}},
	{{"zorgkundige", "", "C", "5321", "zorg"}, {"opvoeder", "opvoedster", "C", "2635", "zorg"}, {"conservator", "conservatrice", "A", "2621", "cultuur"},
		{"schoonmaker", "schoonmaakster", "E", "9112", "facilitair"}, {"politieagent", "politieagente", "C", "5412", "veiligheid"}, {"ontvanger", "ontvangster", "A", "1211", "financiën"},
		{"ergotherapeut", "ergotherapeute", "B", "2269", "zorg"}, {"boomverzorger", "boomverzorgster", "D", "6113", "groen"}, {"psycholoog", "psychologe", "A", "2634", "zorg"}, {"landmeter", "landmeetster", "B", "2165", "techniek"},
		{"keukenhulp", "", "E", "9412", "facilitair"}, {"metselaar", "metselaarster", "D", "7112", "techniek"}, {"animator", "animatrice", "C", "3423", "sport"}, {"loketbediende", "", "C", "4211", "beleid"},
		{"vertaler", "vertaalster", "B", "2643", "beleid"}, {"magazijnier", "magazijnierster", "D", "4321", "techniek"}},
}

// shortened is how people abbreviate; other words are cut anywhere.
var shortened = map[string][]string{
	"administratief": {"adm.", "admin.", "admin", "administr."}, "medewerker": {"mdw.", "medew.", "medw.", "mdw"}, "technisch": {"techn.", "tech."}, "deskundige": {"desk.", "deskund."},
	"assistent": {"ass.", "assist."}, "coördinator": {"coörd.", "coord."}, "verantwoordelijke": {"verantw.", "verantwoord."}, "sociaal": {"soc."}, "juridisch": {"jur."}, "financieel": {"fin.", "financ."},
	"maatschappelijk": {"maatsch.", "mtsch."}, "personeel": {"pers."}, "communicatie": {"comm."}, "informatica": {"ICT"}, "bibliotheek": {"bib", "bibl."}, "directeur": {"dir."}, "begeleider": {"begel."},
	"logistiek": {"log.", "logist."}, "cultureel": {"cult."}, "ruimtelijk": {"ruimt."}, "inspecteur": {"insp."}, "consulent": {"cons.", "consul."}, "verpleegkundige": {"verpl.", "verpleegk."},
	"zorgkundige": {"zorgk."}, "secretariaat": {"secr."}, "bediende": {"bed."}, "adviseur": {"adv."}, "beheerder": {"beh."}, "diensthoofd": {"dh."}, "onderhoud": {"onderh."}, "ondersteuner": {"onderst."},
	"milieu": {"mil."}, "omgeving": {"omg."}, "preventieadviseur": {"prev.adv."}, "arbeider": {"arb."},
}

var french = map[string]string{
	"administratief medewerker": "collaborateur administratif", "technisch medewerker": "collaborateur technique", "verpleegkundige": "infirmière", "jurist": "juriste", "architect": "architecte",
	"bibliothecaris": "bibliothécaire", "boekhouder": "comptable", "tuinier": "jardinier", "psycholoog": "psychologue", "opvoeder": "éducateur", "vertaler": "traducteur", "magazijnier": "magasinier",
	"kok": "cuisinier", "directeur": "directeur", "animator": "animateur", "archivaris": "archiviste", "maatschappelijk assistent": "assistant social",
}

var splits = map[string]string{"groendienst": "groen dienst", "kinderopvang": "kinder opvang", "woonzorg": "woon zorg", "poetsmedewerker": "poets medewerker", "kinderbegeleider": "kinder begeleider",
	"vrachtwagenchauffeur": "vrachtwagen chauffeur", "loonadministratie": "loon administratie", "ouderenzorg": "ouderen zorg", "wijkwerking": "wijk werking", "keukenhulp": "keuken hulp", "loketbediende": "loket bediende",
	"preventieadviseur": "preventie adviseur", "teamleider": "team leider", "wagenpark": "wagen park", "schuldbemiddeling": "schuld bemiddeling", "speelpleinen": "speel pleinen"}

// function is one function, and how its name is built.
type function struct {
	words  []string
	gender map[string]string
	title  linkage.Title
	senior string
}

func (f *function) name() string {
	text := strings.Join(f.words, " ")
	switch f.senior {
	case "hoofd", "adjunct-":
		return f.senior + text
	case "":
		return text
	}
	return f.senior + " " + text
}

// Titles makes up n titles or a few more: functions with their spellings. Labels says for each title which function it is.
func Titles(seed uint64, n int, v Vocabulary, r TitleRates) (titles []linkage.Title, labels []int) {
	d := newDice(seed, uint64(v)+1)
	taken := map[string]bool{}
	label := 0
	for len(titles) < n {
		f := d.function(v, n)
		if taken[f.name()] {
			f = d.numbered(f, taken)
		}
		family := []function{f}
		if d.chance(r.Senior) {
			s := f
			s.senior = pick(d, []string{"senior", "hoofd", "adjunct-", "junior", "eerste"})
			family = append(family, s)
		}
		levels := d.chance(r.Levels)
		if levels {
			s := f
			s.title.Level = map[string]string{"A": "B", "B": "C", "C": "D", "D": "E", "E": "D"}[f.title.Level]
			family = append(family, s)
		}
		for k, f := range family {
			if taken[f.name()] && k == 0 {
				break
			}
			taken[f.name()] = true
			seen := map[string]bool{}
			spellings := 1 + int(-r.Spellings*math.Log(1-d.Float64())+0.5)
			for s := range spellings {
				t := d.spell(f, r, s > 0, levels && f.senior == "")
				if seen[t.Text] {
					continue
				}
				seen[t.Text] = true
				t.Key = fmt.Sprintf("t%06d", len(titles))
				titles, labels = append(titles, t), append(labels, label)
			}
			label++
		}
	}
	return titles, labels
}

func (d dice) function(v Vocabulary, n int) function {
	units := max(20, n/20)
	unit := func() string { return fmt.Sprintf("u%d", d.IntN(units)) }
	if d.chance(0.1) {
		s := pick(d, singles[v])
		return function{words: []string{s.text}, gender: map[string]string{s.text: s.other}, title: linkage.Title{Family: s.family, Level: s.level, ISCO: s.isco, Units: []string{unit(), unit()}}}
	}
	ro, adjective, domain := pick(d, roles[v]), pick(d, adjectives[v]), pick(d, domains[v])
	f := function{gender: map[string]string{ro.text: ro.other}, title: linkage.Title{Family: domain, Level: ro.level, ISCO: ro.isco, Units: []string{unit(), unit()}}}
	if adjective != "" {
		f.words = append(f.words, adjective)
		if d.chance(0.3) {
			f.words = append(f.words, ro.text)
			return f
		}
	}
	f.words = append(append(f.words, ro.text), strings.Fields(domain)...)
	return f
}

// numbered makes a function of its own where all simple names are taken: one more domain.
func (d dice) numbered(f function, taken map[string]bool) function {
	for range 20 {
		g := f
		g.words = append(append(append([]string{}, f.words...), "en"), strings.Fields(pick(d, domains[d.IntN(2)]))...)
		if !taken[g.name()] {
			return g
		}
	}
	return f
}
