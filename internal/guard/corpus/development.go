package corpus

// Development returns the edition with which rules are made better.
func Development() *Edition {
	return &Edition{
		languages: map[string]*language{"nl": developmentDutch(), "fr": developmentFrench(), "de": developmentGerman(), "en": developmentEnglish()},
		genres: map[string]func(*builder){
			"letter": letter, "mail": mailMessage, "minutes": minutes, "chat": chat, "report": report, "table": table, "form": form,
		},
		brands:   list(`Mercedes;Chanel;Nike;Siemens;Philips;Dell;Hugo Boss;Louis Vuitton`),
		things:   list(`het Koning Albert I-park;het Jan Breydelstadion;de Sint-Pietersabdij;het Prins Filippusinstituut;de Sint-Annatunnel;Sint-Niklaas;de Victor Hortazaal`),
		rooms:    list(`lokaal 2.#1;zaal B-12-34;lokaal 12-AB-3#`),
		acronyms: fields(`OCMW VDAB RVA GBA VVSG`),
		order:    []string{"letter", "mail", "mail", "minutes", "chat", "report", "report", "table", "form"},
	}
}

//nolint:misspell // Dutch
func developmentDutch() *language {
	return &language{
		given: fields(`Jan Piet Els Katrien Koen Bart Lieve Ann Dirk Wim Nele Tom Sofie Stijn Joris Griet Hilde Luc Marc Rita Fatima Mohamed Ayşe Youssef Agnieszka Samira Bram Femke Sanne Daan Noor
			Lotte Emma Lucas Arthur Kobe Yara Amber Thijs Jeroen Maaike Willem Henk Ingrid Marijke Karim Nadia Elif Mehmet Andrei Oksana`),
		family: list(`Peeters;Janssens;Maes;De Smet;Van den Broeck;Vandenberghe;Willems;Claes;Goossens;Wouters;De Vos;Jacobs;Mertens;Verhaeghe;Desmet;Vermeulen;Van Damme;D'Hondt;Bakker;de Vries;van der Meer;
			Jansen;van Dijk;Visser;Smit;El Amrani;Yılmaz;Kaya;Benali;Nowak;Popescu;Van Hoof;Lemmens;Coppens;Hermans;De Backer;Van Acker;Dekker;Mulder;Vandewalle`),
		streets: list(`Kerkstraat;Stationsstraat;Dorpsstraat;Brusselsesteenweg;Lange Nieuwstraat;Koning Albertlaan;Sint-Jansplein;Molenweg;Grote Markt;Parklaan;Zandstraat;Gentse Steenweg;Nieuwe Gracht;Prinsengracht;
			Jan Van Eyckstraat;Oude Baan;Veldstraat;Kasteeldreef;Schoolstraat;Hoogstraat;Beukenlaan;Eikendreef;Coupure;Burgemeester Karel Van Mannekensstraat`),
		places: []place{{"9000", "Gent"}, {"2000", "Antwerpen"}, {"3000", "Leuven"}, {"9300", "Aalst"}, {"8500", "Kortrijk"}, {"9100", "Sint-Niklaas"}, {"3500", "Hasselt"}, {"1000", "Brussel"}, {"2800", "Mechelen"},
			{"1011 AB", "Amsterdam"}, {"3511 LX", "Utrecht"}, {"5611 EM", "Eindhoven"}, {"2511 CV", "Den Haag"}, {"8670", "Koksijde"}, {"9040", "Sint-Amandsberg"}},
		sentences: list(`Het rijksregisternummer van {person} is {national}.;U kunt mij bereiken op {phone} of via {mail}.;Mevrouw {family} woont in de {address}.;De heer {person} werd geboren op {birth} te {place}.;
			Gelieve het bedrag over te schrijven op {account}.;De aanvraag van {person} (RR {national}) werd gisteren behandeld.;Zij heeft een bisnummer, namelijk {bis}, en nog geen verblijfskaart.;BSN: {bsn}.;
			Het burgerservicenummer van de klant is {bsn} en staat in het systeem.;Zijn wagen met nummerplaat {plate} stond dubbel geparkeerd.;De onderneming met nummer {company} heeft geen vergunning.;
			Ondernemingsnummer {company}, rekening {account}.;Hij betaalde met kaart {card}, maar dat lukte niet.;Zijn paspoortnummer is {passport}.;Identiteitskaart {idcard} werd als verloren opgegeven.;
			Ik sprak gisteren met {person} over het dossier.;Volgens {person} is de factuur al betaald.;{person} en {person} nemen dit samen op.;Collega {person} volgt dit verder op.;Kan je {given} even bellen op {phone}?;
			Het dossiernummer is {case}.;Ze lijdt aan {health} en is al maanden thuis.;De familie krijgt {social} en vraagt een gesprek.;Er is sprake van {justice} in het verslag.;Mijn wachtwoord: {password};
			De sleutel {secret} staat in de instellingen.;Stuur het formulier naar {person}, {address}.;Tel. {phone}, gsm {phone}.;Het adres is {address}.;mevr. {family} en dhr. {family} zijn gescheiden.;
			Dokter {family} schreef een attest voor {given}.;Op vraag van J. {family} is het punt verdaagd.;
			Ik ben {person} en ik woon hier al jaren.;Mijn naam is {person}.;U spreekt met {person} van het onthaal.;Ik heet {given}.;Mijn dochter heet {given}.;Ik zag {person} in de {street}.`),
		harmless: list(`De {street} is afgesloten tot {date} wegens werken.;Bestelnummer {order} werd geleverd op {date}.;Versie {version} van de toepassing draait op {ip}.;De kosten bedragen {price} voor {number} stuks.;
			Zie {law} voor de voorwaarden.;Het boek (ISBN {isbn}) ligt in de bibliotheek.;De vergadering duurt van {time} tot {time} in {room}.;In {month} krijgen we een nieuwe wagen van {brand}.;We vertrekken aan {thing} om {time}.;
			Artikel {article} is niet meer leverbaar.;Serienummer {serial}, aangekocht in {year}.;De mededeling is {structured}.;Coördinaten: {coordinates}.;Het {acronym} telt {number} medewerkers, {percent} meer dan in {year}.;
			De periode loopt van {period}.;EAN-code {ean} staat op de doos.;De nieuwe Burgemeester opent het Park op zaterdag.;Het Vlaams Parlement stemt woensdag over het Decreet.;Volgnummer {nine} in de lijst.;De referentie is {eleven}.;
			Vandaag is er geen les.;Ik ben Vlaming en ik woon graag in de {street}.;Ik ben Teamleider bij de dienst Mobiliteit.;Het plan heet Groene Wijk.;Iedereen is welkom op het feest in de {street}.;Meter {meter} werd vervangen.;Alle medewerkers volgen de opleiding in {year} of {year}.`),
		subjects:  list(`Uw aanvraag;Verslag van het overleg;Vraag over de planning;Opvolging;Nieuwe werkwijze`),
		greetings: list(`Beste {given},;Dag {given};Geachte mevrouw {family},;Geachte heer {family},;Hallo {given},;Beste collega's,`),
		closings:  list(`Met vriendelijke groeten,;Vriendelijke groet,;Groetjes,;Hoogachtend,`),
		roles:     list(`Maatschappelijk werker;Dienst Burgerzaken;Diensthoofd Personeel;Team Wonen;Dossierbeheerder`),
		headings: map[string][]string{"tabular": {"Naam", "Naam medewerker"}, "phone": {"Telefoon", "Gsm"}, "mail": {"E-mail"}, "national": {"Rijksregisternummer", "INSZ"}, "bsn": {"BSN"}, "account": {"IBAN", "Rekening"}, "birth": {"Geboortedatum"},
			"plate": {"Nummerplaat"}, "address": {"Adres"}, "order": {"Bestelnummer"}, "price": {"Bedrag"}, "date": {"Datum"}},
		forms: list(`Naam: {person};Voornaam: {given};Geboortedatum: {birth};Rijksregisternummer: {national};Adres: {address};Telefoon: {phone};E-mail: {mail};Rekeningnummer: {account};Nummerplaat: {plate};Contactpersoon: {person};
			Datum van aanvraag: {date};Bedrag: {price};Referentie: {order};BSN: {bsn};Dossiernummer: {case};Dienst: {role}`),
		chats: list(`kan jij {small} even bellen op {phone}?;heb je het mailadres? ja, {mail};{given} komt vandaag niet, die is ziekjes;rr nr is {national} denk ik;ok, ik stuur het naar {given};waar woont die? {address};hoe laat is het, {time}?;
			zet maar op {account};plaat is {plate};komt in orde!;versie {version} werkt niet;vraag het aan {person}`),
		health:  fields(`diabetes kanker depressie epilepsie dementie burn-out autisme zwangerschap`),
		social:  fields(`leefloon schuldbemiddeling budgetbegeleiding jeugdhulp pleegzorg`),
		justice: fields(`huiszoeking veroordeling diefstal gevangenisstraf stalking`),
	}
}

//nolint:misspell // French
func developmentFrench() *language {
	return &language{
		given:  fields(`Jean Pierre Marie Sophie Nathalie Luc Michel Isabelle Julien Camille Thomas Nicolas Amélie Chloé Karim Fatiha Olivier Valérie Benoît Françoise Hugo Manon Youssef Aline Cédric`),
		family: list(`Dubois;Lambert;Dupont;Martin;Simon;Laurent;Leroy;Renard;Lefèvre;Petit;Moreau;Delvaux;Gérard;Collard;Henrotte;Bouazza;Benali;De Clercq;Van Hove;Lejeune`),
		streets: list(`Rue de la Station;Avenue Louise;Chaussée de Wavre;Boulevard Anspach;Place Saint-Lambert;Rue du Marché aux Herbes;Avenue des Tilleuls;Rue Victor Hugo;Chemin du Moulin;Quai de la Batte;
			Rue Haute;Clos des Érables`),
		places: []place{{"1000", "Bruxelles"}, {"4000", "Liège"}, {"5000", "Namur"}, {"6000", "Charleroi"}, {"7000", "Mons"}, {"1348", "Louvain-la-Neuve"}, {"75011", "Paris"}, {"59000", "Lille"}, {"7100", "La Louvière"}},
		sentences: list(`Le numéro de registre national de {person} est {national}.;Vous pouvez me joindre au {phone} ou à {mail}.;Madame {family} habite {address}.;Monsieur {person}, né le {birth} à {place}, demande un rendez-vous.;
			Veuillez verser le montant sur le compte {account}.;La demande de {person} (NISS {national}) est en cours.;Son numéro bis est le {bis}.;Le véhicule immatriculé {plate} gêne le passage.;L'entreprise {company} a été radiée.;
			J'ai parlé hier avec {person}.;Selon {person}, la facture est payée.;M. {family} et Mme {family} sont séparés.;Dossier {case} : à suivre.;Elle souffre de {health} depuis un an.;La famille est suivie pour {social}.;
			Il est question de {justice} dans le rapport.;Mot de passe : {password};La clé {secret} est dans la configuration.;Adresse : {address};Tél. {phone};Passeport {passport};Il a payé avec la carte {card}.;Docteur {family} a signé.;Je suis {person}, du service voisin.;Je m'appelle {person}.;Mon nom est {person}.`),
		harmless: list(`La {street} est fermée jusqu'au {date}.;Commande {order} livrée le {date}.;La version {version} tourne sur {ip}.;Le prix est de {price}.;Voir {law}.;Le livre (ISBN {isbn}) est à la bibliothèque.;
			Réunion de {time} à {time}.;Article {article} en rupture de stock.;Communication {structured}.;Le {acronym} compte {number} agents.;Référence {order}.;Le Conseil communal se réunit mardi.;Numéro de série {serial}.;Je suis Directeur du service.;En {year}, {percent} de plus.`),
		subjects:  list(`Votre demande;Compte rendu;Question;Suivi`),
		greetings: list(`Bonjour {given},;Cher {given},;Chère {given},;Madame {family},;Monsieur {family},;Bonjour à tous,`),
		closings:  list(`Cordialement,;Bien à vous,;Salutations distinguées,`),
		roles:     list(`Assistante sociale;Service Population;Responsable du personnel`),
		headings: map[string][]string{"tabular": {"Nom"}, "phone": {"Téléphone", "GSM"}, "mail": {"Courriel"}, "national": {"NISS", "Registre national"}, "bsn": {"BSN"}, "account": {"IBAN", "Compte"}, "birth": {"Naissance"},
			"plate": {"Plaque"}, "address": {"Adresse"}, "order": {"Commande"}, "price": {"Montant"}, "date": {"Date"}},
		forms:   list(`Nom : {person};Prénom : {given};Date de naissance : {birth};NISS : {national};Adresse : {address};Téléphone : {phone};Courriel : {mail};Compte : {account};Plaque : {plate};Date : {date};Montant : {price};Commande : {order}`),
		chats:   list(`tu peux appeler {given} au {phone} ?;son mail c'est {mail};{given} ne vient pas;le niss c'est {national};à {time} ?;d'accord !;le compte: {account};demande à {person}`),
		health:  fields(`diabète cancer dépression épilepsie démence grossesse`),
		social:  fields(`surendettement maltraitance tutelle`),
		justice: fields(`condamnation perquisition cambriolage escroquerie`),
	}
}

func developmentGerman() *language {
	return &language{
		given:   fields(`Hans Klaus Peter Ursula Monika Andreas Stefan Sabine Claudia Thomas Julia Lena Lukas Felix Anna Heike Jürgen Birgit Mehmet Ayşe Katharina Wolfgang Markus Leonie`),
		family:  list(`Müller;Schmidt;Schneider;Fischer;Weber;Meyer;Wagner;Becker;Hoffmann;Schäfer;Koch;Richter;Klein;Neumann;Zimmermann;Krüger;Lehmann;von Berg;Yıldız;Kowalski`),
		streets: list(`Hauptstraße;Bahnhofstraße;Gartenweg;Schillerplatz;Neustraße;Lindenallee;Aachener Straße;Kirchgasse;Am Ringplatz;Klosterstr.;Eupener Straße;Bergstraße`),
		places:  []place{{"4700", "Eupen"}, {"4780", "Sankt Vith"}, {"10115", "Berlin"}, {"50667", "Köln"}, {"52062", "Aachen"}, {"80331", "München"}, {"4720", "Kelmis"}},
		sentences: list(`Die Nationalregisternummer von {person} lautet {national}.;Sie erreichen mich unter {phone} oder {mail}.;Frau {family} wohnt {address}.;Herr {person}, geboren am {birth} in {place}, bittet um einen Termin.;
			Bitte überweisen Sie den Betrag auf {account}.;Der Antrag von {person} ist eingegangen.;Das Fahrzeug mit dem Kennzeichen {plate} steht falsch.;Gestern habe ich mit {person} gesprochen.;Laut {person} ist die Rechnung bezahlt.;
			Aktenzeichen {case}.;Sie leidet an {health} und ist zu Hause.;Die Familie erhält {social}.;Im Bericht steht etwas von {justice}.;Passwort: {password};Der Schlüssel {secret} liegt im Ordner.;Anschrift: {address};Tel. {phone};
			Reisepass {passport};Bezahlt mit Karte {card}.;Dr. {family} hat unterschrieben.;Unternehmensnummer {company}.;Ich bin {person} und wohne nebenan.;Mein Name ist {person}.;Ich heiße {person}.`),
		harmless: list(`Die {street} ist bis {date} gesperrt.;Bestellung {order} vom {date}.;Version {version} läuft auf {ip}.;Der Preis beträgt {price}.;Siehe {law}.;Das Buch (ISBN {isbn}) liegt bereit.;Sitzung von {time} bis {time}.;
			Artikel {article} ist ausverkauft.;Die Gemeinde hat {number} Mitarbeiter.;Rechnung {order} ist offen.;Der Stadtrat tagt am Dienstag.;Seriennummer {serial}.;Ich bin Mitglied der Gruppe.;Ich bin Lehrerin.;Im Jahr {year} waren es {percent}.`),
		subjects:  list(`Ihr Antrag;Protokoll;Frage zur Planung`),
		greetings: list(`Liebe {given},;Lieber {given},;Sehr geehrte Frau {family},;Sehr geehrter Herr {family},;Hallo {given},`),
		closings:  list(`Mit freundlichen Grüßen;Viele Grüße,;Freundliche Grüße,`),
		roles:     list(`Sachbearbeiterin;Abteilung Soziales;Leiter Personal`),
		headings: map[string][]string{"tabular": {"Name"}, "phone": {"Telefon"}, "mail": {"E-Mail"}, "national": {"Nationalregisternummer"}, "bsn": {"BSN"}, "account": {"IBAN", "Konto"}, "birth": {"Geburtsdatum"}, "plate": {"Kennzeichen"},
			"address": {"Anschrift"}, "order": {"Bestellung"}, "price": {"Betrag"}, "date": {"Datum"}},
		forms:   list(`Name: {person};Vorname: {given};Geburtsdatum: {birth};Nationalregisternummer: {national};Anschrift: {address};Telefon: {phone};E-Mail: {mail};Konto: {account};Kennzeichen: {plate};Datum: {date};Betrag: {price}`),
		chats:   list(`kannst du {given} anrufen? {phone};die mail ist {mail};{given} kommt heute nicht;um {time}?;alles klar!;konto: {account};frag {person}`),
		health:  fields(`Diabetes Krebs Epilepsie Demenz Depression`),
		social:  fields(`Sozialhilfe Schuldnerberatung Bürgergeld`),
		justice: fields(`Diebstahl Hausdurchsuchung Haftstrafe`),
	}
}

func developmentEnglish() *language {
	return &language{
		given:   fields(`John Mary James Sarah David Emma Oliver Susan Robert Helen Ahmed Priya Andrew Karen Michael Lisa Peter Jan Sofie Fatima`),
		family:  list(`Smith;Jones;Taylor;Brown;Williams;Wilson;Johnson;Davies;Patel;Wright;Thompson;Evans;Peeters;Janssens;de Vries;Khan;O'Brien;Clarke`),
		streets: list(`Kerkstraat;Rue de la Loi;Hauptstraße;Stationsstraat;Avenue Louise;Parklaan`),
		places:  []place{{"9000", "Ghent"}, {"1000", "Brussels"}, {"2000", "Antwerp"}, {"1012 NX", "Amsterdam"}, {"3000", "Leuven"}},
		sentences: list(`The national register number of {person} is {national}.;You can reach me on {phone} or at {mail}.;Mrs {family} lives at {address}.;Mr {person}, born on {birth} in {place}, asked for an appointment.;Please pay into account {account}.;
			The request of {person} was handled yesterday.;The car with licence plate {plate} blocks the gate.;I spoke to {person} about this.;According to {person} it has been paid.;Case number {case}.;She has {health} and stays at home.;
			There was a {justice} in the file.;Password: {password};The key {secret} is in the settings.;Address: {address};Phone: {phone};Passport {passport};Paid with card {card}.;Dr {family} signed it.;BSN {bsn};I am {person} and I live next door.;My name is {person}.;I'm {given}.`),
		harmless: list(`The {street} is closed until {date}.;Order {order} was delivered on {date}.;Version {version} runs on {ip}.;It costs {price}.;See {law}.;The book (ISBN {isbn}) is in the library.;The meeting is from {time} to {time}.;
			Article {article} is sold out.;The {acronym} has {number} staff.;Invoice {order} is open.;The City Council meets on Tuesday.;Serial {serial}.;I am Head of Service.;In {year} it was {percent}.`),
		subjects:  list(`Your request;Minutes;Question`),
		greetings: list(`Dear {given},;Hi {given},;Dear Mrs {family},;Dear Mr {family},;Hello everyone,`),
		closings:  list(`Kind regards,;Best regards,;Yours sincerely,`),
		roles:     list(`Case worker;Human Resources;Head of Department`),
		headings: map[string][]string{"tabular": {"Name"}, "phone": {"Phone"}, "mail": {"Mail"}, "national": {"INSZ"}, "bsn": {"BSN"}, "account": {"IBAN", "Account"}, "birth": {"Date of birth"}, "plate": {"Licence plate"}, "address": {"Address"},
			"order": {"Order"}, "price": {"Amount"}, "date": {"Date"}},
		forms:   list(`Name: {person};Date of birth: {birth};Address: {address};Phone: {phone};Mail: {mail};Account: {account};Date: {date};Amount: {price};Order: {order}`),
		chats:   list(`can you call {given}? {phone};the mail is {mail};{given} is not in today;at {time}?;fine!;ask {person}`),
		health:  fields(`diabetes cancer epilepsy dementia depression`),
		social:  fields(`eviction homelessness`),
		justice: fields(`burglary conviction theft`),
	}
}
