// Package national recognises the numbers by which a state knows its people, so that they can be kept out: the Belgian
// rijksregisternummer and bisnummer (together the INSZ, in French NISS) and the Dutch burgerservicenummer.
//
// Sources:
//   - rijksregisternummer: Koninklijk besluit van 3 april 1984 betreffende de samenstelling van het identificatienummer van
//     de personen die ingeschreven zijn in het Rijksregister van de natuurlijke personen, changed by the Koninklijk besluit
//     van 25 november 1997 (numac 1997000892), which puts a 2 in front of the nine digits of those born from 2000 on.
//   - bisnummer: Koninklijk besluit van 8 februari 1991 betreffende de samenstelling en de wijze van toekenning van het
//     identificatienummer van de natuurlijke personen die niet ingeschreven zijn in het Rijksregister van de natuurlijke
//     personen (numac 1991022467), art. 2: the month is raised by 40 when the sex is known when the number is given, by 20
//     when it is not; art. 4: the check digits, with a 2 in front for those born in or after 2000 by art. 1 of the Koninklijk
//     besluit van 13 oktober 1998 (B.S. 11 november 1998). Read as the Kruispuntbank van de Sociale Zekerheid publishes it.
//   - burgerservicenummer: Wet algemene bepalingen burgerservicenummer (2007); the elfproef of the Logisch Ontwerp BSN, in
//     which the last digit weighs -1.
//
// One digit string in 97 has the right Belgian check digits, and one in 11 the right Dutch one. A column is therefore judged
// as a whole (Judge), and a number on its own is believed when its spelling leaves little doubt.
//
// No function of this package puts a number into an error, a note or a log. A Number prints as the name of its kind.
package national
