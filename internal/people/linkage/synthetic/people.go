//nolint:misspell // the words are Dutch
package synthetic

import (
	"fmt"
	"math"
	"strings"

	"tekentafel/internal/people/linkage"
)

var givenNames = strings.Fields(`Jan Marie Luc An Peter Ann Marc Els Tom Sofie Wim Katrien Bart Lieve Koen Greet Dirk Nele Geert Hilde Kris Leen Stijn Eva Pieter Sara Jef Mieke Filip Ilse
Karel Inge Bert Joke Steven Tine Frank Veerle Johan Annelies Patrick Nathalie Kurt Martine Guy Rita Mohamed Fatima Yusuf Ayse Ahmed Khadija Mehmet Elif Ali Amina Jonas Lotte Thomas Julie Maxim Laura
Simon Emma Robbe Lien Wout Hanne Niels Charlotte Michiel Elke Jeroen Liesbeth Maarten Sarah Tim Kim Pascal Sandra Christophe Isabelle Philippe Monique Eric Christine Paul Nicole Willy Godelieve Herman Magda
Rudy Linda Eddy Carine Danny Sonja Ivan Anja Gert Heidi Nico Kathleen Yves Sabine Raf Marleen Roel Ingrid Hans Barbara Sven Petra Dries Evelien Arne Jolien Bram Silke Ruben Femke Lars Amber Kobe Nina
Senne Noor Milan Fien Vincent Ellen Matthias Leentje Dieter Griet Lander Kaat Siebe Marjan Wannes Hannelore Jelle Tinne Bjorn Stefanie Davy Vanessa Kenny Sharon Kevin Jessica Dimitri Wendy Olivier Caroline
Laurent Valerie Benoit Delphine Piotr Agnieszka Tomasz Katarzyna Ivo Elena Andrei Maria Hassan Nadia Omar Samira Youssef Leila Ibrahim Zeynep Mustafa Hatice`)

var doubleNames = []string{"Jan Pieter", "Anne-Marie", "Marie-Claire", "Jean-Pierre", "Ann-Sofie", "Marie-Louise", "Karel Jan", "Rose-Marie"}

var nicknames = map[string]string{"Jan": "Johan", "Luc": "Lucas", "Bart": "Bartholomeus", "Wim": "Willem", "Koen": "Koenraad", "Tom": "Thomas", "Kris": "Kristof", "Katrien": "Katrijn", "Sofie": "Sophie", "Els": "Elisabeth",
	"Mieke": "Maria", "Jef": "Jozef", "Bert": "Albert", "Leen": "Helena", "Mohamed": "Mohammed", "Filip": "Philip", "Greet": "Margriet", "Tine": "Martine", "Marc": "Mark", "Hans": "Johannes", "Nico": "Nicolas", "Veerle": "Veer",
	"Steven": "Stefaan", "Karel": "Charles", "Frank": "Franky", "Annelies": "Lies", "Joke": "Johanna", "Eddy": "Eduard", "Tim": "Timothy", "Raf": "Rafaël", "Nele": "Nel", "Kaat": "Katrien", "Lien": "Evelien"}

var familyNames = strings.Split(`Peeters,Janssens,Maes,Jacobs,Mertens,Willems,Claes,Goossens,Wouters,De Smet,Vermeulen,Pauwels,Dubois,Hermans,Aerts,Michiels,Lambert,Martens,De Vos,Smets,Claeys,Van Damme,Desmet,Hendrickx,Stevens,Segers,Van den Broeck,
Coppens,Leemans,Cools,Bogaert,Verhoeven,Moens,Declercq,Thys,Wauters,Baert,Lemmens,Van de Velde,Verstraete,Smet,De Clercq,Timmermans,Bauwens,Van Hoof,Verlinden,Lauwers,Lenaerts,De Backer,Devos,Simons,Verbeke,De Meyer,Nijs,Geerts,Dewulf,
Yilmaz,El Amrani,Benali,Kaya,Demir,Bakkali,Nguyen,Kowalski,Dierckx,Vandenabeele,Vandenberghe,Vanderstraeten,D'Haese,D'Hondt,Dhondt,Van Acker,De Pauw,De Wilde,De Bruyn,De Cock,Van Hecke,Van Dyck,Beckers,Cornelis,Thijs,Raes,Bosmans`, ",")

var begins = []string{"Vander", "Van", "De ", "Ver", "Van den ", "Vande", "Van de ", "", "", "Op de ", "", "Ten ", "T'", "D'"}
var middles = []string{"beke", "straet", "brug", "poort", "hoek", "dael", "meersch", "kerck", "bos", "heyd", "linden", "eyck", "velde", "water", "molen", "steen", "berg", "hof", "kamp", "haeg", "wiel", "schuer", "moer", "putte", "gracht", "weyer", "broeck", "donck", "laer", "rode"}
var ends = []string{"", "", "e", "en", "s", "mans", "aert", "inck", "aers", "hove", "ghem", "sen", "el", "ken", "ier"}

// world holds who can be made.
type world struct {
	dice
	families []string
	rates    PersonRates
	units    int
}

func (w *world) family() string {
	// Shares fall as in Zipf's law, as family names do.
	i := int(math.Exp(w.Float64()*math.Log(float64(len(w.families))))) - 1
	return strings.TrimSpace(w.families[min(i, len(w.families)-1)])
}

func (w *world) given() string {
	if w.chance(0.04) {
		return pick(w.dice, doubleNames)
	}
	i := int(math.Pow(w.Float64(), 1.7) * float64(len(givenNames)))
	return givenNames[min(i, len(givenNames)-1)]
}

// People makes up n rows or a few more. Labels says for each row which person it is. The held-out half draws other family names.
func People(seed uint64, n int, v Vocabulary, r PersonRates) (people []linkage.Person, labels []int) {
	w := &world{dice: newDice(seed, uint64(v)+11), rates: r, units: max(10, n/40)}
	w.families = append([]string{}, familyNames...)
	names := newDice(uint64(v)+5, 3)
	seen := map[string]bool{}
	for len(w.families) < 12_000 {
		f := pick(names, begins) + pick(names, middles) + pick(names, ends)
		if names.chance(0.6) {
			f = pick(names, begins) + pick(names, middles) + pick(names, middles) + pick(names, ends)
		}
		if f = strings.ToUpper(f[:1]) + f[1:]; !seen[f] {
			seen[f] = true
			w.families = append(w.families, f)
		}
	}
	mails := map[string]int{}
	add := func(p linkage.Person, label int) {
		p.Key = fmt.Sprintf("p%07d", len(people))
		people, labels = append(people, p), append(labels, label)
	}
	var last linkage.Person
	for label := 0; len(people) < n; label++ {
		p := w.person(label, mails)
		switch {
		case label > 0 && w.chance(r.Relatives):
			p.Family = last.Family
			if w.chance(0.2) {
				p.BirthYear = last.BirthYear
			}
			if w.chance(0.3) {
				p.Unit = last.Unit
			}
			p.Mail = w.mail(p.Given, p.Family, mails)
		case label > 0 && w.chance(r.Namesakes):
			p.Given, p.Family = last.Given, last.Family
			p.Mail = w.mail(p.Given, p.Family, mails)
		}
		last = p
		if w.chance(r.NoMail) {
			p.Mail = ""
		} else if w.chance(r.SharedMail) {
			p.Mail = fmt.Sprintf("dienst%s@stad.example", p.Unit)
		}
		add(p, label)
		if w.chance(r.Twice) {
			add(w.again(p, label, mails), label)
			if w.chance(0.1) {
				add(w.again(p, label, mails), label)
			}
		}
	}
	// Rows of one person do not stand together.
	w.Shuffle(len(people), func(i, j int) {
		people[i], people[j] = people[j], people[i]
		labels[i], labels[j] = labels[j], labels[i]
	})
	return people, labels
}

func (w *world) person(label int, mails map[string]int) linkage.Person {
	p := linkage.Person{Given: w.given(), Family: w.family(), BirthYear: 1957 + int(50*(w.Float64()+w.Float64())/2), Number: fmt.Sprint(100_000 + w.IntN(900_000)),
		Unit: fmt.Sprint("u", int(math.Pow(w.Float64(), 1.5)*float64(w.units))), Function: fmt.Sprint("f", int(math.Pow(w.Float64(), 2)*float64(w.units)/2))}
	p.Mail = w.mail(p.Given, p.Family, mails)
	if w.chance(w.rates.Hidden * 3) {
		p.Hidden = fmt.Sprintf("rn:%d", label)
	}
	return p
}

func (w *world) mail(given, family string, mails map[string]int) string {
	local := ascii(given) + "." + ascii(family)
	mails[local]++
	if k := mails[local]; k > 1 {
		local += fmt.Sprint(k)
	}
	return local + "@stad.example"
}

func ascii(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, strings.ToLower(s))
}

// again is a second row of a person.
func (w *world) again(p linkage.Person, label int, mails map[string]int) linkage.Person {
	r := w.rates
	maiden := p.Family
	switch {
	case w.chance(r.Number):
		p.Number = fmt.Sprint(100_000 + w.IntN(900_000))
	case w.chance(0.5):
		b := []byte(p.Number)
		b[w.IntN(len(b))] = byte('0' + w.IntN(10))
		p.Number = string(b)
	default:
		p.Number = ""
	}
	if w.chance(r.Married) {
		switch w.IntN(3) {
		case 0:
			p.Family = w.family()
		case 1:
			p.Family += "-" + w.family()
		default:
			p.Family = w.family() + " - " + p.Family
		}
	}
	if nick, is := nicknames[p.Given]; is && w.chance(r.Nickname*2) {
		p.Given = nick
	}
	if w.chance(r.Typo) {
		if w.chance(0.6) {
			p.Family = w.typo(p.Family)
		} else {
			p.Given = w.typo(p.Given)
		}
	}
	if w.chance(r.Initials) {
		initials := ""
		for _, s := range strings.FieldsFunc(p.Given, func(r rune) bool { return r == ' ' || r == '-' }) {
			initials += string([]rune(s)[:1]) + "."
		}
		p.Given = initials
	}
	switch {
	case w.chance(r.Exchanged):
		p.Given, p.Family = p.Family, p.Given
	case w.chance(r.Whole):
		p.Family, p.Given = p.Family+" "+p.Given, ""
	}
	if w.chance(r.Mail) {
		switch w.IntN(4) {
		case 0, 1:
			p.Mail = ""
		case 2:
			p.Mail = ascii(p.Given) + "." + ascii(maiden) + "@ocmw.example"
		default:
			p.Mail = w.mail(p.Given, p.Family, mails)
		}
	}
	if w.chance(r.BirthYear) {
		p.BirthYear = []int{0, p.BirthYear + 1, p.BirthYear - 1, p.BirthYear - 10, 1957 + w.IntN(50)}[w.IntN(5)]
	}
	if w.chance(r.Unit) {
		p.Unit = fmt.Sprint("u", w.IntN(w.units))
	}
	if w.chance(r.Function) {
		p.Function = fmt.Sprint("f", w.IntN(w.units/2+1))
	}
	if !w.chance(r.Hidden * 3) {
		p.Hidden = ""
	} else {
		p.Hidden = fmt.Sprintf("rn:%d", label)
	}
	if w.chance(0.3) {
		p.Family = strings.ToUpper(p.Family)
	}
	return p
}
