package corpus

// Validation returns the edition by whose totals one sees whether a rule is more than an answer to the development edition.
func Validation() *Edition {
	return &Edition{
		languages: map[string]*language{"nl": validationDutch(), "fr": validationFrench(), "de": validationGerman(), "en": validationEnglish()},
		genres: map[string]func(*builder){
			"letter": formalLetter, "mail": reply, "minutes": decisions, "chat": messenger, "report": note, "table": overview, "form": record, "calls": callLog,
		},
		brands:   list(`Tesla;Vero Moda;Calvin Klein;Lidl;Marc O'Polo;Tommy Hilfiger;Renault;Saint Laurent`),
		things:   list(`het Thomas More-huis;de Sint-Baafskathedraal;het Regina Paciscollege;Sint-Truiden;de Anne Frankschool;het Filip de Goedepad;de Marie Curiezaal;het Leopoldspark`),
		rooms:    list(`blok C-101-DE;zaal 4.0#;leslokaal AB-12-C#`),
		acronyms: fields(`KSZ UWV CPAS ONEM IVAGO`),
		order:    []string{"letter", "mail", "mail", "minutes", "chat", "report", "report", "table", "form", "calls"},
	}
}

//nolint:misspell // Dutch
func validationDutch() *language {
	return &language{
		given: validationGiven("nl"), family: validationFamily("nl"),
		streets: list(`Tramstraat;Vaartstraat;Sint-Annalaan;Antwerpsesteenweg;Rozemarijnstraat;Wilgenlaan;Pastoor Coplaan;Houtkaai;Oudegracht;Diepestraat;Korte Meerstraat;Jozef Plateaustraat;Ter Platen;Elzendreef;Bloemekenswijk;
			Lindelei;Brugse Vaart;Martelaarsplein;Olmenhof;Heerweg-Noord;Marnixstraat;Weteringschans;Burgemeester Reigerstraat;Achterste Molenweg;Nieuwstraat;Ringlaan;Kouterbaan;Zuidstationstraat`),
		places: []place{{"8000", "Brugge"}, {"8800", "Roeselare"}, {"2300", "Turnhout"}, {"3600", "Genk"}, {"9200", "Dendermonde"}, {"8400", "Oostende"}, {"1800", "Vilvoorde"}, {"9700", "Oudenaarde"}, {"3800", "Sint-Truiden"},
			{"2220", "Heist-op-den-Berg"}, {"3012 KA", "Rotterdam"}, {"9712 HW", "Groningen"}, {"6211 CL", "Maastricht"}, {"5211 JB", "'s-Hertogenbosch"}, {"8660", "De Panne"}, {"9620", "Zottegem"}},
		sentences: list(`Wij ontvingen op het loket een vraag van {person}, met als nationaal nummer {national}.;Voor {person} (INSZ {national}) loopt er nog een onderzoek.;Wie hierover iets wil weten, contacteert {person} op het nummer {phone}.;
			Laat iets weten via {mail} of per telefoon: {phone}.;Het gezin van mevrouw {family} verhuisde naar {address}.;Betrokkene, geboren te {place} op {birth}, verklaart geen inkomen te hebben.;Storten kan op rekeningnummer {account} met vermelding van de naam.;
			Nieuwkomer met bisnummer {bis} meldde zich aan.;Het BSN van meneer {family} is {bsn}.;Vermeld altijd uw burgerservicenummer ({bsn}) in de brief.;De parkeerwachter noteerde de nummerplaat {plate}.;Kenteken {plate} staat op naam van {person}.;
			De zaakvoerder van {company} betaalde niet.;De zaak staat bij de KBO gekend als {company}.;De terugbetaling gebeurde op kredietkaart {card}.;Zij legde haar paspoort voor met nummer {passport}.;Op haar identiteitskaart staat {idcard}.;
			Gisteren belde {person} om te vragen of het al in orde was.;Namens het team wil ik {person} bedanken.;Het gesprek tussen {person} en de consulent liep moeilijk.;Mijn collega {given} neemt het over.;Daarna nam {given} het woord.;
			We kregen een klacht over {person}, die in de buurt woont.;Meneer {family} en zijn echtgenote vragen uitstel.;De zaak met kenmerk {case} komt volgende week voor.;Sinds haar {health} werkt ze halftijds.;Hij vraagt hulp bij {social}.;
			De politie spreekt van {justice}.;Het wachtwoord is {password};Gebruik hiervoor de code {secret} en deel die met niemand.;Het bezoek vond plaats in de {address}.;Bezorg het pakket aan {person}, {address}.;
			Onze huisarts, dr. {family}, vindt dat geen goed idee.;Vraag het na bij mevr. {family} van de boekhouding.;Ik heb {person} in cc gezet.;{person} was verontschuldigd.;Dit werd nagekeken door {person} en goedgekeurd.`),
		harmless: list(`Tijdens de werken in de {street} rijdt de bus om.;Uw pakket met nummer {order} is onderweg.;Het ticket {order} werd afgesloten op {date}.;Na de update naar {version} werkt de printer op {ip} weer.;Raming: {price} per jaar.;
			De rechtsgrond is {law}.;Leestip: ISBN {isbn}.;De opleiding loopt van {time} tot {time}, in {room}.;Het contract is geldig van {period}.;De uitstap naar {thing} gaat door in {month}.;Product {article} vindt u in de catalogus.;
			Toestel met serienummer {serial} is stuk.;Gebruik bij de betaling de mededeling {structured}.;De paal staat op {coordinates}.;In {year} telde het {acronym} nog {number} dossiers, nu {percent} minder.;De Vlaamse Regering keurde het Plan goed in {year}.;
			Streepjescode {ean}.;Het College van Burgemeester en Schepenen komt samen op maandag.;Lijn {nine} van het bestand is leeg.;Transactie {eleven} is mislukt.;Op de Dag van de Buren is er koffie in het Wijkcentrum.;
			De wijk rond de {street} krijgt nieuwe bomen.;Een wagen van {brand} trok de aandacht.;Meterstand van meter {meter} doorgeven kan online.;Wegens ziekte van een lesgever vervalt de les.;Het tarief steeg van {price} naar {price}.;
			Hoofdstuk {number} gaat over Toegankelijkheid en Inspraak.;De Lijn en de NMBS passen de uren aan.;Europa legt nieuwe regels op aan Google en Apple.`),
		subjects:  list(`Klacht over lawaai;Stand van zaken;Toelating inname openbaar domein;Evaluatie;Terugkoppeling`),
		greetings: list(`Dag mevrouw {family},;Geachte heer {family};Hoi {given}!;Beste {given};Lieve {given},;Goedemorgen {given},;Geachte,`),
		closings:  list(`Met hartelijke groet,;Groeten,;Vriendelijke groeten;Mvg,`),
		roles:     list(`Consulent huisvesting;Afdeling Omgeving;Coördinator vrijwilligers;Stafmedewerker;Preventieadviseur`),
		headings: map[string][]string{"tabular": {"Naam en voornaam", "Aanvrager"}, "phone": {"Mobiel", "Telefoonnummer"}, "mail": {"Mailadres"}, "national": {"INSZ-nummer", "Rijksregisternr."}, "bsn": {"BSN", "Burgerservicenummer"},
			"account": {"IBAN", "Rekeningnummer"}, "birth": {"Geboortedatum", "Geboren"}, "plate": {"Kenteken", "Plaat"}, "order": {"Ordernummer", "Factuurnr"}, "price": {"Te betalen"}, "date": {"Ingediend"}},
		forms: list(`Aanvrager: {person};Voornamen: {given};Geboren op: {birth};INSZ: {national};Woonplaats: {address};Gsm-nummer: {phone};Mailadres: {mail};IBAN: {account};Kenteken: {plate};Verantwoordelijke: {person};Ingediend op: {date};
			Te betalen: {price};Ordernummer: {order};Burgerservicenummer: {bsn};Zaaknummer: {case};Afdeling: {role}`),
		chats: list(`stuur jij {small} een berichtje? nr is {phone};mailen mag ook: {mail};is {given} er al?;dat is nummer {national} in het systeem;ik vraag het straks aan {person};we spreken af om {time};adres was {address} dacht ik;
			dank je wel!;rekening is {account};auto met plaat {plate} staat in de weg;bestelling {order} is binnen;{given} zegt dat het klopt;tot morgen`),
		health:  fields(`borstkanker schizofrenie hartfalen beroerte psychose verslaving chemotherapie zwanger`),
		social:  fields(`schuldhulpverlening uithuiszetting voedselbank pleeggezin bewindvoering`),
		justice: fields(`aanhouding inbraak verkrachting enkelband reclassering`),
	}
}

//nolint:misspell // French
func validationFrench() *language {
	return &language{
		given: validationGiven("fr"), family: validationFamily("fr"),
		streets: list(`Rue des Fripiers;Avenue de Tervueren;Rue Neuve;Boulevard d'Avroy;Chaussée de Charleroi;Place du Jeu de Balle;Rue Saint-Gilles;Avenue Roger Vandendriessche;Rue du Château;Impasse des Lilas;Allée des Cerisiers;
			Rue Émile Zola;Quai des Ardennes`),
		places: []place{{"1050", "Ixelles"}, {"4800", "Verviers"}, {"1300", "Wavre"}, {"7500", "Tournai"}, {"6700", "Arlon"}, {"69003", "Lyon"}, {"44000", "Nantes"}, {"5100", "Jambes"}, {"1420", "Braine-l'Alleud"}},
		sentences: list(`Nous avons reçu une demande de {person}, NISS {national}.;Contactez {person} par téléphone au {phone}.;Écrivez à {mail} ou appelez le {phone}.;La famille de Madame {family} a déménagé : {address}.;
			L'intéressé, né à {place} le {birth}, déclare vivre seul.;Le remboursement se fait sur le compte {account}.;Numéro de registre national : {national}.;Titulaire d'un numéro bis ({bis}), elle attend sa carte.;La plaque {plate} a été relevée par l'agent.;
			La société {company} ne paie pas.;Hier, {person} a téléphoné.;Nous remercions {person} pour son aide.;Ma collègue {given} reprend le dossier.;Référence {case}.;Depuis son {health}, il travaille à mi-temps.;Elle demande de l'aide pour {social}.;
			La police parle de {justice}.;Le mot de passe est {password};Utilisez la clé {secret} pour vous connecter.;La visite a eu lieu {address}.;Le docteur {family} n'est pas d'accord.;Demandez à Mme {family}.;Carte de crédit {card}.;
			Son passeport porte le numéro {passport}.;{person} était excusé.;Le rapport a été relu par {person}.`),
		harmless: list(`Travaux dans la {street} jusqu'au {date}.;Votre colis {order} est en route.;Mise à jour {version} installée sur {ip}.;Estimation : {price} par an.;Base légale : {law}.;À lire : ISBN {isbn}.;Formation de {time} à {time}.;
			Contrat valable du {period}.;Produit {article} au catalogue.;Appareil {serial} en panne.;Communication à mentionner : {structured}.;En {year}, l'{acronym} traitait {number} dossiers, soit {percent} de moins.;Ticket {order} clôturé.;
			Le Collège communal se réunit lundi.;La Région wallonne adopte un Plan pour le Climat.;Le quartier de la {street} aura de nouveaux arbres.`),
		subjects:  list(`Plainte pour bruit;État d'avancement;Évaluation`),
		greetings: list(`Madame {family};Bonjour Monsieur {family},;Salut {given},;Chère {given},;Bonjour,`),
		closings:  list(`Bien cordialement,;Meilleures salutations,;Avec mes salutations distinguées,`),
		roles:     list(`Conseillère logement;Service Urbanisme;Coordinateur`),
		headings: map[string][]string{"tabular": {"Nom et prénom", "Demandeur"}, "phone": {"Portable", "Téléphone"}, "mail": {"Adresse mail"}, "national": {"NISS"}, "bsn": {"BSN"}, "account": {"IBAN", "Numéro de compte"}, "birth": {"Né le", "Date de naissance"},
			"plate": {"Immatriculation"}, "order": {"Facture"}, "price": {"À payer"}, "date": {"Introduit"}},
		forms:   list(`Demandeur : {person};Prénoms : {given};Né(e) le : {birth};Registre national : {national};Domicile : {address};Portable : {phone};Adresse mail : {mail};IBAN : {account};Immatriculation : {plate};Introduit le : {date};À payer : {price};Facture : {order}`),
		chats:   list(`envoie un message à {given}, {phone};par mail alors : {mail};{given} est arrivé ?;c'est le {national};je demande à {person};on se voit à {time};merci !;compte {account};la commande {order} est là`),
		health:  fields(`leucémie schizophrénie infarctus toxicomanie chimiothérapie`),
		social:  fields(`expulsion curatelle endettement`),
		justice: fields(`arrestation viol plainte infraction`),
	}
}

func validationGerman() *language {
	return &language{
		given: validationGiven("de"), family: validationFamily("de"),
		streets: list(`Marktstraße;Gospertstraße;Rosenweg;Bachstraße;Herbesthaler Straße;Theaterplatz;Mühlengasse;Schulstr.;Kaiserallee;Paveestraße;Talweg;Frankfurter Allee`),
		places:  []place{{"4730", "Raeren"}, {"4760", "Büllingen"}, {"20095", "Hamburg"}, {"70173", "Stuttgart"}, {"52070", "Aachen"}, {"4750", "Bütgenbach"}, {"01067", "Dresden"}},
		sentences: list(`Wir haben einen Antrag von {person} erhalten, Nationalregisternummer {national}.;Rufen Sie {person} an: {phone}.;Schreiben Sie an {mail} oder rufen Sie {phone} an.;Die Familie von Frau {family} ist umgezogen: {address}.;
			Der Betroffene, geboren in {place} am {birth}, lebt allein.;Die Erstattung geht auf das Konto {account}.;Das Kennzeichen {plate} wurde notiert.;Gestern hat {person} angerufen.;Wir danken {person} für die Hilfe.;
			Unser Kollege {given} übernimmt das.;Geschäftszeichen {case}.;Seit der {health} arbeitet er halbtags.;Sie bittet um Hilfe bei {social}.;Die Polizei spricht von {justice}.;Das Passwort ist {password};Der Zugang läuft über {secret} im Portal.;
			Der Besuch war in der {address}.;Doktor {family} ist dagegen.;Fragen Sie Herrn {family}.;Kreditkarte {card}.;Ihr Reisepass hat die Nummer {passport}.;{person} war entschuldigt.;Geprüft von {person}.`),
		harmless: list(`Bauarbeiten in der {street} bis {date}.;Ihr Paket {order} ist unterwegs.;Update {version} auf {ip} installiert.;Schätzung: {price} im Jahr.;Rechtsgrundlage: {law}.;Lesetipp: ISBN {isbn}.;Kurs von {time} bis {time}.;Vertrag vom {period}.;
			Produkt {article} im Katalog.;Gerät {serial} defekt.;Im Jahr {year} waren es {number} Fälle, {percent} weniger.;Das Gemeindekollegium trifft sich am Montag.;Die Regierung der Deutschsprachigen Gemeinschaft beschließt ein Dekret.;
			Das Viertel um die {street} bekommt neue Bäume.`),
		subjects:  list(`Beschwerde;Sachstand;Bewertung`),
		greetings: list(`Guten Tag Frau {family},;Hallo {given}!;Liebe {given},;Sehr geehrter Herr {family};Guten Morgen,`),
		closings:  list(`Beste Grüße,;Herzliche Grüße;Mit besten Grüßen`),
		roles:     list(`Wohnberaterin;Bauamt;Koordinator`),
		headings: map[string][]string{"tabular": {"Name und Vorname", "Antragsteller"}, "phone": {"Handy", "Telefonnummer"}, "mail": {"E-Mail-Adresse"}, "national": {"Nationalregister"}, "bsn": {"BSN"}, "account": {"IBAN", "Kontonummer"},
			"birth": {"Geboren am"}, "plate": {"Kennzeichen"}, "order": {"Rechnung"}, "price": {"Zu zahlen"}, "date": {"Eingang"}},
		forms:   list(`Antragsteller: {person};Vornamen: {given};Geboren am: {birth};Nationalregister: {national};Wohnort: {address};Handy: {phone};E-Mail-Adresse: {mail};IBAN: {account};Amtliches Kennzeichen: {plate};Eingang: {date};Zu zahlen: {price}`),
		chats:   list(`schreib {given} kurz, {phone};oder per mail: {mail};ist {given} schon da?;ich frage {person};treffen um {time};danke!;konto {account}`),
		health:  fields(`Brustkrebs Schizophrenie Herzinfarkt Schlaganfall Chemotherapie`),
		social:  fields(`Räumungsklage Vormundschaft Sozialamt`),
		justice: fields(`Festnahme Einbruch Bewährung Verurteilung`),
	}
}

func validationEnglish() *language {
	return &language{
		given: validationGiven("en"), family: validationFamily("en"),
		streets: list(`Vaartstraat;Rue Neuve;Tramstraat;Wilgenlaan;Avenue de Tervueren;Marktstraße`),
		places:  []place{{"8000", "Bruges"}, {"1050", "Ixelles"}, {"3012 KA", "Rotterdam"}, {"8400", "Ostend"}},
		sentences: list(`We received a request from {person}, national number {national}.;Please contact {person} by phone on {phone}.;Write to {mail} or call {phone}.;Ms {family} and her children moved to {address}.;The applicant was born in {place} on {birth}.;
			The refund goes to bank account {account}.;A vehicle with plate {plate} was noted.;Yesterday {person} called.;We thank {person} for the help.;My colleague {given} will take over.;Reference of the case: {case};Since her {health} she works part time.;
			He asks for help with {social}.;The police speak of {justice}.;The password is {password};Use the key {secret} to log in.;The visit was at {address}.;Dr. {family} disagrees.;Ask Mr. {family} about it.;Credit card {card}.;
			Her passport number is {passport}.;{person} sent apologies.;This was checked by {person}.;His BSN is {bsn}.`),
		harmless: list(`Road works in {street} until {date}.;Your parcel {order} is on its way.;Update {version} was installed on {ip}.;Estimate: {price} a year.;Legal basis: {law}.;Worth reading: ISBN {isbn}.;Training from {time} to {time}.;
			The contract runs {period}.;Product {article} is in the catalogue.;Device {serial} is broken.;In {year} the {acronym} had {number} cases, {percent} less.;Ticket {order} was closed.;The Flemish Government adopted the Plan in {year}.;
			The area around {street} gets new trees.`),
		subjects:  list(`Noise complaint;State of play;Evaluation`),
		greetings: list(`Good morning {given},;Dear Ms {family};Hello {given}!;Dear {given},;Dear all,`),
		closings:  list(`Many thanks,;Warm regards,;Sincerely,`),
		roles:     list(`Housing adviser;Planning Department;Coordinator`),
		headings: map[string][]string{"tabular": {"Applicant"}, "phone": {"Mobile", "Phone number"}, "mail": {"Mail address"}, "national": {"National number"}, "bsn": {"BSN"}, "account": {"IBAN", "Bank account"}, "birth": {"Born"}, "plate": {"Plate"},
			"order": {"Invoice"}, "price": {"Due"}, "date": {"Received"}},
		forms:   list(`Applicant: {person};Born: {birth};Home address: {address};Mobile: {phone};Mail address: {mail};IBAN: {account};Received: {date};Due: {price};Invoice: {order}`),
		chats:   list(`drop {given} a line, {phone};or mail: {mail};is {given} in yet?;I will ask {person};see you at {time};thanks!;account {account}`),
		health:  fields(`leukaemia schizophrenia stroke addiction chemotherapy`),
		social:  fields(`foster guardianship asylum`),
		justice: fields(`arrest rape probation imprisonment`),
	}
}
