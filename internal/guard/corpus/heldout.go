package corpus

// HeldOut returns the edition for the measurement. It was written when the guard was done and is measured, never looked into: do not change the guard for what
// goes wrong in it.
func HeldOut() *Edition {
	return &Edition{
		languages: map[string]*language{"nl": heldOutDutch(), "fr": heldOutFrench(), "de": heldOutGerman(), "en": heldOutEnglish()},
		genres: map[string]func(*builder){
			"home visit": homeVisit, "complaint": complaint, "thread": thread, "handover": handover, "question": question, "export": export, "intake": intake, "guide": guide,
		},
		order:    []string{"home visit", "complaint", "thread", "thread", "handover", "question", "question", "export", "intake", "guide"},
		brands:   list(`Volvo;Samsung;Carrefour;Max Havelaar;Ralph Lauren;IKEA;Miele;Marks & Spencer`),
		things:   list(`het Astridpark;de Sint-Jacobsmarkt;het Rubenshuis;de Koningin Fabiolalaan;het Guislainmuseum;de Eddy Merckxpiste;het Sint-Lucasziekenhuis;het Willem Elsschothof`),
		rooms:    list(`vergaderzaal #A;lokaal 0.#3;zaal E-21-FG`),
		acronyms: fields(`FOD RIZIV SVB CIBG AVIQ`),
	}
}

//nolint:misspell // Dutch
func heldOutDutch() *language {
	return &language{
		given: heldOutGiven("nl"), family: heldOutFamily("nl"),
		streets: list(`Leopoldlaan;Kloosterstraat;Groenstraat;Vrijheidsplein;Ottergemsesteenweg;Dries;Nieuwpoortsesteenweg;Lakenhal;Bosdreef;Sint-Michielskaai;Achterhoek;Kapelleweg;Pieter Breughelstraat;Predikherenlei;
			Oude Houtlei;Gasthuisvest;Rijksweg;Langestraat;Spaarndammerdijk;Zeedijk;Hertogstraat;Vogelmarkt;Noorderlaan;Zwijnaardse Steenweg;Kastanjelaan;Sluizeken`),
		places: []place{{"9050", "Gentbrugge"}, {"2018", "Antwerpen"}, {"8900", "Ieper"}, {"3700", "Tongeren"}, {"9400", "Ninove"}, {"2440", "Geel"}, {"8301", "Knokke-Heist"}, {"1500", "Halle"}, {"3900", "Pelt"}, {"2640", "Mortsel"},
			{"7511 JH", "Enschede"}, {"2312 AX", "Leiden"}, {"6511 VN", "Nijmegen"}, {"8911 KC", "Leeuwarden"}, {"9880", "Aalter"}},
		sentences: list(`Vandaag ging ik langs bij {person} in de {address}.;Betrokkene heet {person} en is geboren op {birth}.;Haar rijksregisternummer ({national}) staat op de kaart die ze toonde.;Op de aanvraag staat INSZ {national}, maar geen handtekening.;
			De dochter, {person}, is bereikbaar op {phone}.;Bij afwezigheid mag je {phone} proberen.;Antwoord graag naar {mail}.;Ik kreeg een mail van {mail} met dezelfde vraag.;Meneer {family} was boos en liet ons niet binnen.;Mevrouw {family} vertelde dat ze bang is.;
			Het loon komt toe op {account}.;De huur gaat van rekening {account} naar die van de eigenaar.;Hij kreeg een bisnummer: {bis}.;Voor de Nederlandse administratie is zijn BSN {bsn}.;BSN {bsn}, woont nog in Nederland.;
			De buurman, {person}, heeft gezien dat er een auto met nummerplaat {plate} wegreed.;Voertuig: {plate};De bvba ({company}) is failliet.;Ze gaf het nummer van haar bankkaart door: {card}.;Het paspoort {passport} is vervallen.;
			Kopie van identiteitskaart {idcard} zit in het dossier.;{given} vroeg of dat kon.;Na het weekend belt {given} terug.;Zowel {person} als {person} waren aanwezig.;Dit is besproken met {person}.;Het was {person} die de melding deed.;
			De advocaat van {person} stuurde een brief.;{person} heeft vorige maand een ander adres doorgegeven.;Dossiernummer {case};Sinds kort weet men dat het om {health} gaat.;Ze heeft recht op {social}, zegt de consulent.;
			Er loopt een onderzoek naar {justice}.;Wachtwoord = {password};Zet {secret} niet in de mail!;Dokter {family} wil haar opnieuw zien.;Ook {given} {family} tekende.;Aan {person} werd gevraagd om te wachten.`),
		harmless: list(`De markt verhuist van de {street} naar {thing}.;Uw aanvraag kreeg nummer {order}.;Firmware {version} lost dit op; het toestel krijgt adres {ip}.;De offerte bedraagt {price}, zonder btw.;Dat staat in {law}.;
			Het verslag van {date} is goedgekeurd.;We zien elkaar om {time} in {room}.;De subsidie loopt van {period}.;Materiaal met code {article} bestellen we bij {brand}.;Reeksnummer {serial}, gekocht in {year}.;Vrije mededeling vervalt, gebruik {structured}.;
			Ligging: {coordinates}.;Volgens het {acronym} gaat het om {percent} van de gezinnen.;Er kwamen {number} mensen op de Infomarkt.;Het boek heeft ISBN {isbn}.;Rij {nine} geeft een fout.;Sessie {eleven} is verlopen.;
			De Stad Gent en de Provincie werken samen aan het Klimaatplan.;Elke Vrijdag is er Repair Café.;Wie nog vragen heeft, kan terecht aan de balie.;Het Mobiliteitsplan voorziet een knip in de {street}.;Code {ean} scant niet.;
			Teller {meter} staat op nul.;Microsoft Teams en Google Chrome moeten herstart worden.;De Wereldgezondheidsorganisatie publiceerde een Gids.;Sinterklaas komt aan met de Boot.;In {month} is er Open Monumentendag.`),
		subjects:  list(`Huisbezoek;Melding;Overdracht;Ter info;Toelichting bij het nieuwe reglement`),
		greetings: list(`Beste mevrouw {family},;Dag {given}, alles goed?;Geachte mijnheer {family},;Ha {given},;Beste dienst,;Goeiedag`),
		closings:  list(`Alvast bedankt!;Met dank,;Hartelijke groet;Vele groeten,;Met de meeste hoogachting,`),
		roles:     list(`Sociaal verpleegkundige;Wijkagent;Medewerker klachten;Begeleider wonen;Kinderbegeleider`),
		headings: map[string][]string{"tabular": {"Naam cliënt", "Familienaam en voornaam", "Deelnemer"}, "phone": {"Gsm-nr", "Tel."}, "mail": {"Mail"}, "national": {"Rijksregister", "INSZ"}, "bsn": {"BSN-nummer"}, "account": {"Bankrekening"},
			"birth": {"Geboortedatum"}, "plate": {"Nummerplaat"}, "order": {"Referentie"}, "price": {"Prijs"}, "date": {"Laatst gewijzigd"}, "address": {"Adres"}},
		forms: list(`Familienaam en voornaam: {tabular};Geboorteplaats en -datum: {place}, {birth};Nationaal nummer: {national};Adres: {address};GSM: {phone};E-mailadres: {mail};Rekening: {account};Wagen: {plate};Huisarts: {person};
			Ingevuld door: {person};Datum intake: {date};Eigen bijdrage: {price};Onze referentie: {order};Identiteitskaart: {idcard}`),
		chats:  list(`Kan {given} morgen om {time}?;Mijn nummer is {phone}, bel gerust;Vraag maar aan {given};{person} zit op een ander nummer`),
		health: fields(`diabetes alzheimer astma hepatitis psychiatrie kankerpatiënt suïcidaal zwangerschap adhd`), social: fields(`leefloon budgetbeheer jeugdzorg dakloosheid schuldbemiddeling`), justice: fields(`fraude diefstal celstraf partnergeweld dagvaarding`),
	}
}

//nolint:misspell // French
func heldOutFrench() *language {
	return &language{
		given: heldOutGiven("fr"), family: heldOutFamily("fr"),
		streets: list(`Rue des Palais;Avenue de la Couronne;Rue du Moulin à Vent;Chaussée de Louvain;Boulevard de la Sauvenière;Place du Marché;Rue Joseph Wauters;Avenue Albert Ier;Rue de l'Église;Drève des Hêtres;Square Marie-Louise`),
		places:  []place{{"1030", "Schaerbeek"}, {"4020", "Liège"}, {"5500", "Dinant"}, {"6900", "Marche-en-Famenne"}, {"7800", "Ath"}, {"33000", "Bordeaux"}, {"31000", "Toulouse"}, {"4900", "Spa"}},
		sentences: list(`Aujourd'hui, j'ai rendu visite à {person}, {address}.;La personne s'appelle {person} et est née le {birth}.;Son numéro NISS ({national}) figure sur la carte.;Sa fille, {person}, est joignable au {phone}.;Réponse souhaitée à {mail}.;
			Monsieur {family} était fâché.;Madame {family} a raconté qu'elle a peur.;Le salaire arrive sur {account}.;Le voisin, {person}, a vu partir une voiture immatriculée {plate}.;{given} a demandé si c'était possible.;{given} rappellera après le week-end.;
			C'est {person} qui a fait le signalement.;L'avocat de {person} a écrit.;Numéro de dossier {case};On sait maintenant qu'il s'agit de {health}.;Une enquête est ouverte pour {justice}.;Mot de passe = {password};N'envoyez pas {secret} par mail !;
			Le docteur {family} veut la revoir.;Le passeport {passport} est périmé.;Elle a donné sa carte : {card}.;L'aide ({social}) est accordée.;Société {company} en faillite.`),
		harmless: list(`Le marché quitte la {street} en {month}.;Votre demande porte le numéro {order}.;Le micrologiciel {version} corrige cela sur {ip}.;Le devis est de {price} hors TVA.;Cela figure dans {law}.;On se voit à {time}.;La subvention court du {period}.;
			Appareil {serial} acheté en {year}.;Mention : {structured}.;Selon l'{acronym}, {percent} des ménages.;La Ville et la Province collaborent au Plan Climat.;Le Parlement wallon vote jeudi.;Ligne {nine} erronée.;Le livre a l'ISBN {isbn}.`),
		subjects: list(`Visite à domicile;Signalement;Pour information`), greetings: list(`Bonjour Madame {family},;Bonjour {given}, tout va bien ?;Monsieur {family},;Cher service,`), closings: list(`Merci d'avance,;Bien à toi,;Avec mes remerciements,`),
		roles: list(`Infirmière sociale;Agent de quartier;Service plaintes`),
		headings: map[string][]string{"tabular": {"Nom du client", "Participant"}, "phone": {"GSM", "Tél."}, "mail": {"Mail"}, "national": {"NISS"}, "bsn": {"BSN"}, "account": {"Compte bancaire"}, "birth": {"Date de naissance"}, "plate": {"Plaque"},
			"order": {"Référence"}, "price": {"Prix"}, "date": {"Modifié le"}, "address": {"Adresse"}},
		forms:  list(`Nom et prénom : {tabular};Lieu et date de naissance : {place}, {birth};NISS : {national};Adresse : {address};GSM : {phone};Mail : {mail};Compte : {account};Médecin traitant : {person};Rempli par : {person};Date : {date};Prix : {price}`),
		chats:  list(`{given} peut demain à {time} ?;Mon numéro : {phone};Demande à {given};{person} a un autre numéro`),
		health: fields(`diabète asthme démence cancer grossesse`), social: fields(`surendettement expulsion précarité`), justice: fields(`fraude agression prison escroquerie`),
	}
}

func heldOutGerman() *language {
	return &language{
		given: heldOutGiven("de"), family: heldOutFamily("de"),
		streets: list(`Klosterstraße;Werthplatz;Am Stadtgraben;Simarstraße;Judenstraße;Bergkapellstraße;Malmedyer Straße;Lindenweg;Parkallee;Goethestr.;Obere Gasse;Haasstraße`),
		places:  []place{{"4700", "Eupen"}, {"4770", "Amel"}, {"60311", "Frankfurt am Main"}, {"28195", "Bremen"}, {"53111", "Bonn"}, {"4721", "Neu-Moresnet"}},
		sentences: list(`Heute war ich bei {person}, {address}.;Die Person heißt {person} und ist am {birth} geboren.;Die Nationalregisternummer ({national}) steht auf der Karte.;Die Tochter, {person}, ist unter {phone} erreichbar.;Antwort bitte an {mail}.;
			Herr {family} war verärgert.;Frau {family} sagte, dass sie Angst hat.;Der Lohn kommt auf {account}.;Der Nachbar, {person}, sah ein Auto mit dem Kennzeichen {plate}.;{given} fragte, ob das geht.;Nach dem Wochenende ruft {given} zurück.;
			Es war {person}, der es gemeldet hat.;Der Anwalt von {person} schrieb.;Aktenzeichen: {case};Man weiß jetzt, dass es um {health} geht.;Es läuft ein Verfahren wegen {justice}.;Kennwort = {password};Schicken Sie {secret} nicht per Mail!;
			Doktor {family} will sie wieder sehen.;Der Reisepass {passport} ist abgelaufen.;Sie gab ihre Karte an: {card}.;Die Hilfe ({social}) ist bewilligt.`),
		harmless: list(`Der Markt zieht aus der {street} weg.;Ihr Antrag hat die Nummer {order}.;Firmware {version} auf {ip} behebt das.;Das Angebot beträgt {price}.;Das steht in {law}.;Wir sehen uns um {time}.;Die Förderung läuft {period}.;Gerät {serial} aus {year}.;
			Die Stadt und die Provinz arbeiten am Klimaplan.;Laut Statistik {percent} der Haushalte.;Zeile {nine} ist falsch.;Das Parlament stimmt am Donnerstag ab.`),
		subjects: list(`Hausbesuch;Meldung;Zur Kenntnis`), greetings: list(`Guten Tag Herr {family},;Hallo {given}, alles gut?;Sehr geehrte Frau {family},`), closings: list(`Vielen Dank im Voraus!;Mit Dank,;Liebe Grüße`),
		roles: list(`Sozialarbeiterin;Stadtteilpolizist;Beschwerdestelle`),
		headings: map[string][]string{"tabular": {"Name des Klienten", "Teilnehmer"}, "phone": {"Handynummer", "Tel."}, "mail": {"Mail"}, "national": {"Nationalregisternummer"}, "bsn": {"BSN"}, "account": {"Bankkonto"}, "birth": {"Geburtsdatum"},
			"plate": {"Kennzeichen"}, "order": {"Referenz"}, "price": {"Preis"}, "date": {"Geändert"}, "address": {"Adresse"}},
		forms:  list(`Name und Vorname: {tabular};Geburtsort und -datum: {place}, {birth};Nationalregisternummer: {national};Adresse: {address};Handynummer: {phone};Mail: {mail};Konto: {account};Hausarzt: {person};Ausgefüllt von: {person};Datum: {date};Preis: {price}`),
		chats:  list(`Kann {given} morgen um {time}?;Meine Nummer ist {phone};Frag {given};{person} hat eine andere Nummer`),
		health: fields(`Diabetes Asthma Demenz Schwangerschaft`), social: fields(`Sozialhilfe Obdachlosigkeit Jugendamt`), justice: fields(`Betrug Diebstahl Haftbefehl`),
	}
}

func heldOutEnglish() *language {
	return &language{
		given: heldOutGiven("en"), family: heldOutFamily("en"),
		streets: list(`Leopoldlaan;Rue des Palais;Noorderlaan;Kloosterstraat;Chaussée de Louvain`),
		places:  []place{{"9050", "Gentbrugge"}, {"1030", "Schaerbeek"}, {"2312 AX", "Leiden"}, {"2018", "Antwerp"}},
		sentences: list(`Today I visited {person} at {address}.;The person is called {person} and was born on {birth}.;The INSZ ({national}) is on the card.;Her daughter, {person}, can be reached on {phone}.;Please answer to {mail}.;Mr {family} was angry.;
			Mrs {family} said that she is afraid.;The wages come in on {account}.;The neighbour, {person}, saw a car with plate {plate} leave.;{given} asked whether that was possible.;After the weekend {given} calls back.;It was {person} who reported it.;
			The lawyer of {person} wrote a letter.;Case {case};We now know that it is {health}.;There is an inquiry into {justice}.;Password = {password};Do not mail {secret}!;Doctor {family} wants to see her again.;The passport {passport} has expired.;
			She gave her card: {card}.;Help ({social}) was granted.`),
		harmless: list(`The market leaves {street} in {year}.;Your request has number {order}.;Firmware {version} on {ip} solves this.;The quote is {price}.;That is in {law}.;See you at {time}.;The grant runs {period}.;Device {serial} from {year}.;
			The City and the Province work on the Climate Plan.;According to the {acronym}, {percent} of households.;Line {nine} is wrong.;The book has ISBN {isbn}.`),
		subjects: list(`Home visit;Report;For information`), greetings: list(`Hello {given}, how are you?;Dear Mr {family},;Good afternoon Mrs {family},`), closings: list(`Thanks in advance!;With thanks,;All the best,`),
		roles: list(`Social nurse;Community officer;Complaints desk`),
		headings: map[string][]string{"tabular": {"Name of client", "Participant"}, "phone": {"Mobile", "Tel."}, "mail": {"Mail"}, "national": {"INSZ"}, "bsn": {"BSN"}, "account": {"Bank account"}, "birth": {"Date of birth"}, "plate": {"Licence plate"},
			"order": {"Reference"}, "price": {"Price"}, "date": {"Changed"}, "address": {"Address"}},
		forms:  list(`Surname and first name: {tabular};Date of birth: {birth};INSZ: {national};Address: {address};Mobile: {phone};Mail: {mail};Bank account: {account};GP: {person};Filled in by: {person};Date: {date};Price: {price}`),
		chats:  list(`Can {given} make it tomorrow at {time}?;My number is {phone};Ask {given};{person} has another number`),
		health: fields(`diabetes asthma dementia pregnancy`), social: fields(`eviction homeless welfare`), justice: fields(`theft assault prison`),
	}
}
