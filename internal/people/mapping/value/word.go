package value

import (
	"strings"

	"tekentafel/internal/people/org"
)

// ISCO reads a unit group of ISCO-08 (ILO 2012): four digits, alone, behind "ISCO", or before a title. A number that lost the zero
// of the armed forces gets it back (110 is no minor group). Not understood are wider groups and numbers that no group has.
func ISCO(cell string) (string, bool) {
	if len(cell) > 200 {
		return "", false
	}
	code := ""
	for _, w := range strings.Fields(Fold(cell)) {
		if digits(w) && w != "08" {
			code = w
			break
		}
	}
	switch code {
	case "110", "210", "310":
		code = "0" + code
	}
	if len(code) != 4 || !strings.Contains(subMajor, " "+code[:2]+" ") || code[2] == '0' && code[0] != '0' {
		return "", false
	}
	return code, true
}

// subMajor are the sub-major groups of ISCO-08.
const subMajor = " 01 02 03 11 12 13 14 21 22 23 24 25 26 31 32 33 34 35 41 42 43 44 51 52 53 54 61 62 63 71 72 73 74 75 81 82 83 91 92 93 94 95 96 "

// Language reads nl, fr, de or en however it is written in one of the four.
func Language(cell string) (string, bool) {
	if len(cell) > 30 {
		return "", false
	}
	switch Squash(cell) {
	case "n", "nl", "nlbe", "nlnl", "nld", "ned", "nederlands", "neerlandais", "niederlandisch", "dutch", "vlaams", "nederlandstalig":
		return "nl", true
	case "f", "fr", "frbe", "frfr", "fra", "fre", "frans", "francais", "franzosisch", "french", "franstalig":
		return "fr", true
	case "d", "de", "debe", "dede", "deu", "ger", "duits", "allemand", "deutsch", "german", "duitstalig":
		return "de", true
	case "e", "en", "eng", "engb", "enus", "engels", "anglais", "englisch", "english", "engelstalig":
		return "en", true
	}
	return "", false
}

// Work reads where a function is done.
func Work(cell string) (org.Work, bool) {
	if len(cell) > 60 {
		return org.WorkUnknown, false
	}
	switch Fold(cell) {
	case "bureau", "kantoor", "bureauwerk", "bureaufunctie", "kantoorfunctie", "kantoorwerk", "administratief", "bediende", "white collar", "desk", "office", "travail de bureau", "buro", "buroarbeit", "b": //nolint:misspell // Dutch
		return org.Desk, true
	case "terrein", "terreinwerk", "terreinfunctie", "buitendienst", "op het terrein", "veld", "uitvoerend", "technisch", "arbeider", "blue collar", "field", "terrain", "travail de terrain", "aussendienst", "vor ort", "werkplaats", "t":
		return org.Field, true
	case "beide", "gemengd", "allebei", "both", "mixed", "mixte", "les deux", "gemischt", "beides", "hybride":
		return org.Both, true
	}
	return org.WorkUnknown, false
}

// Answer is what a cell says on whether somebody is in service.
type Answer int8

// The answers.
const (
	Unsaid Answer = iota
	Yes
	No
)

// Service reads whether somebody is in service: "Ja", "J", "X", "1", "actief"; "nee", "N", "0", "gepensioneerd". Who is away for a while (ill, on
// leave) is in service. mark tells that the cell is a bare mark, such as "X", in a column in which an empty cell may mean no.
func Service(cell string) (a Answer, mark bool) {
	if len(cell) > 60 {
		return Unsaid, false
	}
	if t := strings.TrimSpace(cell); t == "✓" || t == "✔" || t == "☑" || t == "☒" {
		return Yes, true
	}
	switch Fold(cell) {
	case "x", "v":
		return Yes, true
	case "ja", "j", "1", "1 0", "y", "yes", "true", "waar", "vrai", "wahr", "oui", "o", "actief", "active", "actif", "aktiv", "a", "in dienst", "en service", "in service", "im dienst", "tewerkgesteld", "in dienst getreden",
		"ziek", "langdurig ziek", "ziekte", "verlof", "zwangerschapsverlof", "ouderschapsverlof", "loopbaanonderbreking", "tijdskrediet", "zorgkrediet", "vlaams zorgkrediet", "disponibiliteit", "gedetacheerd",
		"malade", "en maladie", "conge", "conge parental", "pause carriere", "detache", "on leave", "leave", "sick leave", "elternzeit", "krank":
		return Yes, false
	case "nee", "neen", "n", "0", "0 0", "no", "false", "onwaar", "faux", "falsch", "non", "nein", "inactief", "niet actief", "inactive", "inactif", "inaktiv", "i", "uit dienst", "uitdienst", "hors service", "out of service", "ausser dienst", "gepensioneerd",
		"pensioen", "met pensioen", "op rust", "ontslag", "ontslagen", "ontslag genomen", "overleden", "einde contract", "vertrokken", "retraite", "pensionne", "licencie", "demission", "decede", "sorti", "retired", "left", //nolint:misspell // Dutch
		"dismissed", "deceased", "terminated", "pensioniert", "ausgeschieden":
		return No, false
	}
	return Unsaid, false
}
