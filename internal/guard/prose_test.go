package guard

import "strings"

// prose returns n bytes of a Dutch text of a city about its work, with some numbers and names in it.
func prose(n int) string {
	const text = `Beste collega's, vorige week zaten we samen over de nieuwe aanpak van de dienstverlening. Iedereen was het erover eens dat de wachttijd aan het loket korter moet. ` +
		`De dienst Burgerzaken stelt voor om vanaf 1 maart te werken op afspraak, met twee vrije momenten per week voor wie geen afspraak kan maken. Wie vragen heeft, belt naar 09 234 56 78 of ` +
		`stuurt een mail naar onthaal@voorbeeld.be. De kosten voor de aanpassing van de wachtzaal worden geraamd op 12.500 euro. Daarvoor is in het budget van 2025 plaats gemaakt. ` +
		`Mevrouw Peeters vroeg of ook de bibliotheek kan meedoen. Dat wordt bekeken zodra de werken in de Kerkstraat achter de rug zijn. Volgens de planning is dat in het najaar. ` +
		`Het college besliste bovendien om de openingsuren op woensdag te verlengen, omdat veel ouders alleen dan tijd hebben. Tot slot kwam de vraag hoe we mensen bereiken die geen computer hebben. ` +
		`We maken een folder in eenvoudige taal, die ook in het wijkcentrum ligt. De volgende vergadering is op donderdag om half tien in de raadzaal. `
	return strings.Repeat(text, n/len(text)+1)[:n]
}
