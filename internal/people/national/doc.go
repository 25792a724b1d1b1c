// Package national recognises the numbers by which a state knows its people, so that they can be kept out: the Belgian
// rijksregisternummer and bisnummer (together the INSZ, in French NISS) and the Dutch burgerservicenummer.
//
// Sources:
//   - rijksregisternummer: Koninklijk besluit van 3 april 1984 betreffende de samenstelling van het identificatienummer van
//     de personen die ingeschreven zijn in het Rijksregister van de natuurlijke personen (B.S. 21 april 1984), changed by the
//     Koninklijk besluit van 25 november 1997 (B.S. 16 december 1997) for those born from 2000 on.
//   - bisnummer: Koninklijk besluit van 8 februari 1991 betreffende de samenstelling en de wijze van toekenning van het
//     identificatienummer van de natuurlijke personen die niet ingeschreven zijn in het Rijksregister; the month is raised by
//     20 (sex unknown) or 40 (sex known), as the Kruispuntbank van de Sociale Zekerheid gives them out.
//   - burgerservicenummer: Wet algemene bepalingen burgerservicenummer (2007); the elfproef of the Logisch Ontwerp BSN, in
//     which the last digit weighs -1.
//
// One digit string in 97 has the right Belgian check digits, and one in 11 the right Dutch one. A column is therefore judged
// as a whole (Judge), and a number on its own is believed when its spelling leaves little doubt.
//
// No function of this package puts a number into an error, a note or a log. A Number prints as the name of its kind.
package national
