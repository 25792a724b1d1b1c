package guard

import (
	"strings"
	"testing"
)

func TestSpellingsOfANumberAreFound(t *testing.T) {
	t.Parallel()
	s := New()
	for ty, list := range map[Type][]string{
		NationalNumber: {"85.07.30-033.28", "85.07.30 033 28", "850730-033-28", "850730 033 28", "850730-03328", "850730033-28", "85 07 30 033 28", "85/07/30-033/28", "85-07-30-033-28", "85.07.30.033.28",
			"85.07.30–033.28", "85.07.30 - 033.28", "85 . 07 . 30 - 033 . 28", "1985.07.30-033.28", "00.00.01-001.66"},
		Phone: {"0471 12 34 56", "0471/12 34 56", "0471-12-34-56", "0471.12.34.56", "0471/12.34.56", "0471123456", "04 71 12 34 56", "0471 123 456", "0471/123456", "+32471123456", "+32 471 12 34 56", "+32 471/12 34 56",
			"+32(0)471 12 34 56", "+32 (0) 471 12 34 56", "+32-471-12-34-56", "+32.471.12.34.56", "0032 471 12 34 56", "0032(0)471123456", "(+32) 471 12 34 56", "09 234 56 78", "09/234.56.78", "09/234 56 78", "09-234 56 78", "09 2345678",
			"(09) 234 56 78", "02 123 45 67", "015 12 34 56", "015/12.34.56", "+32 9 234 56 78", "+32 (0)9 234 56 78", "06 12345678", "06-12345678", "06 12 34 56 78", "0612345678", "06-1234 5678", "020-1234567", "020 123 4567",
			"0182 123456", "+31 6 12345678", "+31 (0)20 123 45 67", "+31612345678", "01 23 45 67 89", "01.23.45.67.89", "+33 1 23 45 67 89", "+33612345678", "+49 170 1234567", "+49 (0)30 123456", "+352 621 123 456", "+44 20 7946 0958",
			"+90 532 123 45 67", "+212 6 12 34 56 78", "+1 212 555 0123"},
		Account: {"BE68539007547034", "BE68 5390 0754 7034", "BE68-5390-0754-7034", "be68 5390 0754 7034", "NL91 ABNA 0417 1643 00", "nl91abna0417164300", "BE68\u00a05390\u00a00754\u00a07034", "LU28 0019 4006 4475 0000", "GB29 NWBK 6016 1331 9268 19",
			"CH93 0076 2011 6238 5295 7", "MT84 MALT 0110 0001 2345 MTLC AST0 01S"},
		PaymentCard: {"4111 1111 1111 1111", "4111-1111-1111-1111", "5500 0000 0000 0004", "3782 822463 10005", "4111111111111111"},
		Company:     {"0403.170.701", "BE0403170701", "BE 0403.170.701", "BE 0403 170 701", "BE-0403.170.701", "NL001234567B01"},
		Mail:        {"jan@gent.be", "Jan.Peeters@ocmw.gent.be", "j_p-1+x@a-b.co.uk", "jan (at) gent.be", "jan[at]gent.be", "o'brien@example.org", "jan@gént.be"},
		Plate:       {"1-ABC-234", "2-XYZ-001"},
		Secret:      {"ghp_abcdefghijklmnopqrstuvwxyz0123456789", "sk-ant-api03-abcdefghijklmnopqrst", "AIzaSyA1234567890abcdefghijklmnopqrstuv", "xoxb-12345678901-abcdefghij", "https://user:geheim12@host.example/pad", "glpat-abcdefghij0123456789"},
	} {
		for _, v := range list {
			for _, around := range []string{"Zie #.", "a: #, b", "(#)", "\"#\"", "#", "x\n#\ny", "<td>#</td>", "- # -"} {
				text := strings.Replace(around, "#", v, 1)
				ok := false
				for _, f := range s.Scan(text) {
					got := text[f.Start:f.End]
					ok = ok || f.Type == ty && strings.Trim(got, "()") == strings.Trim(v, "()")
				}
				if !ok {
					t.Errorf("%s %q in %q: %q", ty, v, text, found(text, s.Scan(text)))
					break
				}
			}
		}
	}
}

func TestOtherThingsAreNotFound(t *testing.T) {
	t.Parallel()
	s := New()
	for _, text := range []string{
		"Versie 2.13.4 draait op 10.1.22.133.", "ISBN 978-90-123-4567-8", "Bestelling 4512345678 van 12/03/2024", "De mededeling is +++090/9337/55493+++.", "51.053829, 3.725012", "Artikel 4, § 2, van de wet van 8 december 1992",
		"Verordening (EU) 2016/679", "van 01.02.2023 tot 28.02.2023", "tussen 1.000.000 en 2.500.000 euro", "€ 12.500,00", "om 09:30 tot 10:45", "EAN 5412345678908", "SN123456789", "pi is 3.14159265358979", "2024-11-29T16:14:40Z",
		"UUID 123e4567-e89b-12d3-a456-426614174000", "sha 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "In mei en juni is er markt op de Grote Markt.", "De Kerkstraat en de Stationsstraat zijn open.",
		"Een nieuwe Mercedes.", "Het Koning Boudewijnstadion", "Sint-Jan", "Op maandag komt de Raad samen.", "Der Antrag der Gemeinde ist im Rat.", "Le Conseil communal de la Ville de Liège", "99 % van de 1 200 000 inwoners",
		"IBAN BE00 0000 0000 0000", "kamer 12-AB-34", "de waarde 0,123456789", "#ff00aa", "https://example.org/pad?id=123456789", "wachtwoord vergeten", "Het wachtwoord moet lang zijn", "token voor de kapstok",
		"Lies dit eerst.", "Toon de lijst.", "Mark the date.", "Rose ist eine Farbe.", "Will you come?", "Storm op komst.", "Floor plan", "Ken je dat?", "Mensen, Vragen en Antwoorden", "Vraag het aan Copilot.", "De Dienst Burgerzaken van de Stad Gent",
		"In Januari is de Raad toe.", "Ik ben Vlaming. Ik ben Teamleider bij Burgerzaken.", "Ik ben Microsoft Teams aan het leren.", "Ik ben Verpleegkundige.", "U spreekt met Burgerzaken.", "Het project heet Groene Wijk.",
		"Je suis Belge. Je suis Bourgmestre de Namur.", "Ich bin Lehrerin in Eupen.", "Ich bin Mitglied der Gruppe, ich bin Ende August zurück.", "I am Dutch. I am Head of Service.", "Groeten uit Gent", "Met vriendelijke groet, Dienst Wonen", "Kind regards, HR", "As regards Annex B, we agree", "Namens Unizo, de voorzitter", "Le Service Population de la Commune", "Die Abteilung Soziales der Gemeinde Eupen", "The Department of Housing", "Alle Medewerkers volgen de Opleiding.",
	} {
		for _, f := range s.Scan(text) {
			t.Errorf("%s %q in %q", f.Type, text[f.Start:f.End], text)
		}
	}
}

func TestNamesAreFoundWithAccentsInWhateverForm(t *testing.T) {
	t.Parallel()
	s := New()
	for text, want := range map[string]string{
		"Frau Mu\u0308ller kommt": "Mu\u0308ller", "Zoë Lefèvre belt": "Zoë Lefèvre", "Zoe\u0308 Lefe\u0300vre belt": "Zoe\u0308 Lefe\u0300vre", "Ayşe Yılmaz komt": "Ayşe Yılmaz",
		"Monsieur O’Brien": "O’Brien", "mevrouw D'Hondt zei": "D'Hondt", "Mme de la Fontaine est là": "de la Fontaine", "Herr von der Leyen": "von der Leyen",
		"Groetjes\nXandria": "Xandria", "Patiënt: Wubbo Quist": "Wubbo Quist", "De heer en mevrouw Janssens": "Janssens", "Prof. dr. Els Maes": "Els Maes", "Van: Wubbo Quist <w@x.be>": "Wubbo Quist",
		"Naam,Gsm,BSN\nWubbo Quist,0471123456,111222333\n": "Wubbo Quist",
	} {
		list := found(text, s.Scan(text))
		ok := false
		for _, f := range list {
			ok = ok || f == "person "+want
		}
		if !ok {
			t.Errorf("%q: %q, want %q", text, list, want)
		}
	}
}
