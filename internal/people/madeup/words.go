package madeup

import "tekentafel/internal/people/org"

// title is a title of a job with what the catalogue says of it, made up in the manner of a Flemish city.
type title struct {
	name, family string
	level        org.Level
	work         org.Work
	isco         string
	wide         bool // there is one in several domains
}

//nolint:misspell // Dutch
func titles() []title {
	return []title{
		{"Administratief medewerker", "Administratie", "C", org.Desk, "4110", true},
		{"Medewerker onthaal", "Administratie", "D", org.Desk, "4226", false},
		{"Loketbediende", "Administratie", "C", org.Desk, "4229", false},
		{"Directiesecretaris", "Administratie", "B", org.Desk, "3343", false},
		{"Dossierbeheerder", "Administratie", "B", org.Desk, "3359", true},
		{"Beleidsmedewerker", "Beleid", "A", org.Desk, "2422", true},
		{"Projectleider", "Beleid", "A", org.Desk, "2422", true},
		{"Projectmedewerker", "Beleid", "B", org.Desk, "3339", true},
		{"Deskundige", "Beleid", "B", org.Desk, "3359", true},
		{"Diensthoofd", "Leiding", "A", org.Desk, "1219", true},
		{"Teamverantwoordelijke", "Leiding", "B", org.Both, "3341", true},
		{"Ploegbaas", "Leiding", "C", org.Field, "3123", true},
		{"Jurist", "Staf", "A", org.Desk, "2611", false},
		{"Boekhouder", "Staf", "B", org.Desk, "3313", false},
		{"Personeelsconsulent", "Staf", "B", org.Desk, "2423", false},
		{"Communicatiemedewerker", "Staf", "B", org.Desk, "2432", true},
		{"Applicatiebeheerder", "Informatica", "B", org.Desk, "2529", false},
		{"Systeembeheerder", "Informatica", "B", org.Desk, "2522", false},
		{"Data-analist", "Informatica", "A", org.Desk, "2511", false},
		{"Maatschappelijk werker", "Zorg en welzijn", "B", org.Both, "2635", true},
		{"Verzorgende", "Zorg en welzijn", "C", org.Field, "5322", false},
		{"Verpleegkundige", "Zorg en welzijn", "B", org.Field, "2221", false},
		{"Zorgkundige", "Zorg en welzijn", "C", org.Field, "5321", false},
		{"Ergotherapeut", "Zorg en welzijn", "B", org.Field, "2269", false},
		{"Kinderbegeleider", "Kinderopvang", "C", org.Field, "5311", false},
		{"Begeleider buitenschoolse opvang", "Kinderopvang", "D", org.Field, "5311", false},
		{"Leerkracht", "Onderwijs", "B", org.Field, "2341", false},
		{"Bibliotheekmedewerker", "Cultuur", "C", org.Both, "4411", false},
		{"Museumbewaker", "Cultuur", "D", org.Field, "5414", false},
		{"Redder", "Sport en jeugd", "D", org.Field, "5419", false},
		{"Sportpromotor", "Sport en jeugd", "B", org.Both, "3423", false},
		{"Jeugdwerker", "Sport en jeugd", "C", org.Field, "3412", false},
		{"Groenarbeider", "Uitvoering", "E", org.Field, "9214", false},
		{"Tuinman", "Uitvoering", "D", org.Field, "6113", false},
		{"Straatveger", "Uitvoering", "E", org.Field, "9613", false},
		{"Wegenwerker", "Uitvoering", "D", org.Field, "7115", false},
		{"Elektricien", "Uitvoering", "D", org.Field, "7411", false},
		{"Schrijnwerker", "Uitvoering", "D", org.Field, "7115", false},
		{"Poetshulp", "Uitvoering", "E", org.Field, "9112", false},
		{"Keukenmedewerker", "Uitvoering", "E", org.Field, "9412", false},
		{"Chauffeur", "Uitvoering", "D", org.Field, "8322", false},
		{"Magazijnier", "Uitvoering", "D", org.Field, "4321", false},
		{"Technisch medewerker", "Techniek", "D", org.Field, "7126", true},
		{"Tekenaar", "Techniek", "C", org.Desk, "3118", false},
		{"Ingenieur", "Techniek", "A", org.Both, "2142", true},
		{"Toezichter", "Techniek", "C", org.Both, "3112", true},
		{"Gemeenschapswacht", "Veiligheid", "D", org.Field, "5419", false},
		{"Preventieadviseur", "Veiligheid", "A", org.Both, "2263", false},
	}
}

//nolint:misspell // Dutch
var (
	domains = []string{
		"Groen en wegen", "Kinderopvang", "Woonzorg", "Sociale dienst", "Afval en reiniging", "Burgerzaken", "Gebouwen", "Onderwijs", "Cultuur",
		"Sport en jeugd", "Bibliotheek", "Omgeving", "Financiën", "Informatica", "Personeel", "Facilitair beheer", "Communicatie",
		"Juridische zaken", "Economie", "Mobiliteit", "Toerisme", "Noodplanning", "Archief", "Wonen",
	}
	services = []string{"Beleid", "Uitvoering", "Loketten", "Projecten", "Beheer", "Ondersteuning", "Planning", "Toezicht"}
	places   = []string{"Noord", "Oost", "Zuid", "West", "Centrum", "Haven", "Kanaal", "Park", "Markt", "Station"}

	given = []string{
		"An", "Bart", "Carine", "Dirk", "Els", "Filip", "Greet", "Hans", "Ilse", "Jan", "Katrien", "Luc", "Mieke", "Nico", "Olga", "Pieter",
		"Rita", "Stijn", "Tine", "Veerle", "Wim", "Yasmina", "Ahmed", "Fatima", "Mohamed", "Noor", "Emma", "Lucas", "Louise", "Arthur", "Marie",
		"Jules", "Elif", "Emre", "Agnieszka", "Piotr", "Sofie", "Tom", "Lotte", "Jonas", "Hilde", "Geert", "Anaïs", "Joëlle", "René", "Chloé",
		"Zoë", "Michaël", "Krista", "Johan", "Leen", "Koen", "Sara", "Thomas", "Eva", "Simon", "Nele", "Ruben", "Hanne", "Wout", "Amina",
	}
	family = []string{
		"Peeters", "Janssens", "Maes", "Jacobs", "Mertens", "Willems", "Claes", "Goossens", "Wouters", "De Smet", "Dubois", "Lambert", "Dupont",
		"Vermeulen", "Pauwels", "Hermans", "Aerts", "Michiels", "Lemmens", "Van Damme", "De Backer", "De Clercq", "Van den Broeck", "Cornelis",
		"Cools", "Stevens", "Van de Velde", "Verhoeven", "Segers", "Martens", "Bogaert", "Coppens", "Van Gestel", "Smets", "Thys", "Baert",
		"Vandenabeele", "D'Hondt", "Verstraete", "Vanhoutte", "El Amrani", "Yilmaz", "Benali", "Nowak", "Öztürk", "Demir", "Kowalski", "Haddad",
		"Van Hecke", "De Wilde", "Lievens", "Roels", "Seynaeve", "Vandewalle", "Tack", "Callens", "Moens", "De Vos", "Dewulf", "Naessens",
		"Bracke", "Van Acker", "Rogiers", "Haegeman", "Steyaert", "Colpaert", "Blomme", "Wauters", "Criel", "Van Parys", "Geerts", "Nijs",
		"Ceulemans", "Verbeke", "Van Looy", "Gysels", "Symons", "Daems", "Ooms", "Wynants", "Vleugels", "Timmermans", "Renders", "Buelens", "Somers",
	}
)
