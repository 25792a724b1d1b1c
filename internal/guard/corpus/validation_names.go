package corpus

// Names of the validation edition: a random draw from lists of given and family names that circulate for Dutch, French, German, Turkish and English. Whether the
// guard knows a name was not looked at. Names of other roots were added from general knowledge, in the same way.

//nolint:misspell // names
func validationGiven(code string) []string {
	return list(map[string]string{
		"nl": `Jay;Wessel;Damian;Jorn;Naud;Ayden;Ben;Sjoerd;Marijn;Boaz;Joep;Mees;Bart;Twan;Luca;Fabian;Arie;Bilal;Kay;Julius;Beau;Giel;Bjorn;Mason;
		Jurre;Bas;Stan;Matthias;Cas;Finn;Mohammed;Mohamed;Vince;Tijn;Max;Thijmen;Yassin;Wouter;Felix;Arthur;Mathijs;Colin;Jacob;Tristan;Cornelis;
		Marinus;Bryan;Maurits;Jan;Mats;Olivier;Dion;Bradley;Maxim;Senna;Muhammed;Duuk;Johannes;Wesley;Mart;Quinten;Bastiaan;Ties;Teun;Milan;
		Emir;Lorenzo;Sebastiaan;Mads;Justin;Jason;Lars;Stijn;Koen;Job;James;Giovanni;Sander;Gijs;Berat;Sven;Oscar;Luuk;Loek;Jens;Kian;Jack;
		Mick;Wout;Sep;Leah;Jill;Elif;Noor;Indy;Dewi;Valerie;Kyara;Zoey;Amélie;Megan;Aylin;Nora;Lise;Liza;Pien;Sofia;Robin;Hailey;Yinthe;Mia;
		Isa;Lola;Lana;Lizz;Pleun;Julie;Ashley;Sam;Bibi;Femke;Kaylee;Michelle;Maya;Anouk;Annemijn;Nienke;Mila;Guusje;Mare;Lize;Merel;Joëlle;
		Fien;Myrthe;Janna;Vera;Iris;Amber;Juul;Isabel;Elin;Loïs;Ceylin;Kyra;Sienna;Esmee;Fiene;Cornelia;Nina;Fabiënne;Jayda;Jasmijn;Sophie;
		Azra;Zeynep;Renske;Jaylinn;Lisa;Fenne;Danique;Jolie;Mirthe;Mirte;Jet;Isabella;Tara;Jade;Evelien;Yfke;Bente;Elisa;Sofie;Meike;Marit;
		Alicia;Kim;Loes;Elisabeth;Feline;Pirahmet;Mahir;İlteriş;Ongay;Bedri;Rüknettin;Binışık;Recepali;Oymak;Adlan;Meşhur;Öryürek;Cercis;Tanbay;
		Abdulmenaf;Örik;Öztürk;Biltaş;Canberk;Berran;Chukwuemeka;Oumar;Thi;Ngoc;Abenezer;Yonas;Selamawit;Bahija;Ikram;Soumaya;Zbigniew;Bogdan;
		Ljubica;Dragana;Zoltán;Ágnes;Rashid;Parwana;Sediqa;Gulnara`,
		"fr": `Guy;Adrien;David;Marc;René;Julien;Thibault;Roland;Hugues;Christophe;Pierre;André;Michel;Roger;Louis;Sébastien;Luc;Thomas;Bernard;Olivier;
		Stéphane;Antoine;Étienne;Arthur;François;Frédéric;Augustin;Raymond;Émile;Henri;Alexandre;Théophile;Yves;Zacharie;Auguste;Grégoire;Matthieu;
		Éric;Honoré;Aimé;Alfred;Richard;Léon;Thibaut;Vincent;Thierry;Timothée;Emmanuel;Théodore;Robert;Thérèse;Chantal;Céline;Véronique;Victoire;
		Hortense;Isabelle;Zoé;Colette;Alice;Arnaude;Anastasie;Michelle;Denise;Michèle;Christelle;Valérie;Patricia;Marie;Audrey;Josette;Adrienne;
		Caroline;Julie;Édith;Sylvie;Sabine;Laetitia;Agathe;Monique;Paulette;Clémence;Margot;Amélie;Marine;Stéphanie;Philippine;Simone;Aurélie;
		Dorothée;Cécile;Juliette;Océane;Jeannine;Danielle;Margaud;Marthe;Manon;Brigitte;Célina;Émilie;Camille;Capucine;Susanne;Jeanne;Martine;
		Noémi;Luce;Christine;Inès;Chukwuemeka;Oumar;Thi;Ngoc;Abenezer;Yonas;Selamawit;Bahija;Ikram;Soumaya`,
		"de": `Folker;Dusan;Muzaffer;Lars;Wojciech;H.-Dieter;Hellmuth;Ronny;Waldemar;Otfried;Hannes;Witold;Zlatko;Hans-Detlef;Arthur;Emil;Bernd;Enver;
		Horst-Peter;Eckard;Gunter;Edmund;Ilja;Ludwig;Tomasz;Leo;Sieghard;Abdul;Igor;Uli;Mathias;Roger;Mario;August;Sergei;Max;Bruno;Hans-Karl;
		Remo;Nurettin;Philipp;Eckhard;Ignaz;Tillmann;Dietmar;Heinz-Günther;Rico;Marc;Guido;Axel;Rolf;Wilfried;Zeki;Oswin;Hans-Theo;Hilmar;Hans-Willi;
		Peer;Wilhelm;Otmar;Caterina;Christel;Birgid;Alla;Carla;Lieselotte;Theda;Irmingard;Rosa-Maria;Margita;Camilla;Lore;Sabine;Lilli;Isolde;
		Margot;Valeska;Gilda;Carolin;Klothilde;Birte;Alexandra;Agnes;Resi;Yasmin;Miroslawa;Margareta;Aurelia;Kata;Nermin;Valeri;Brita;Ilka;
		Stefanie;Cosima;Sabina;Stella;Desiree;Elif;Diana;Evelyn;Joana;Ehrentraud;Ortrud;Liesa;Gabriele;Ellen;Kirsten;Hilda;Saskia;Anna-Marie;
		Therese;Nancy;Gisela;Tania;Iris;Maria-Theresia;Lidia;Rosi;Thea;Sonnur;Duyguhan;Çisem;Balca;Mücevher;Verde;Yurtseven;Çilga;Süner;Deha;
		Örfiye;Açılay;Huban;Gülfari;Kısmet;Aylil;Canur;Türknur;Sernur;Özay`,
		"en": `Stephen;Ryan;Ross;Ben;Stewart;Howard;Leon;Douglas;Oliver;Denis;Ashley;Eric;Conor;Vincent;Shane;Harry;Damien;Elliot;Callum;Leonard;Caroline;
		Rosemary;Diane;Lynne;Helen;Lynn;Melissa;Sally;Deborah;Hollie;Alice;Shirley;Bethany;Kathleen;Ann;Sian;Joyce;Shannon;Rachel;Hayley;Jay;
		Wessel;Damian;Jorn;Naud;Ayden;Ben;Sjoerd;Marijn;Boaz;Joep;Mees;Bart;Twan;Luca;Fabian;Arie;Bilal;Kay;Julius`,
	}[code])
}

func validationFamily(code string) []string {
	return list(map[string]string{
		"nl": `Jacobs;van Mil;Mudden;Geneart;de Vrome;van Spreuwel;Kolen;Neuzerling;Kof;van Dooren;van den Brink;le Briel;Volcke;van Breugel;Maas;
		Winters;Uphuis;Geertsen;Zevenboom;Berendse;Vink;van Landen;van Geest;Beourgeois;de Jong;Verhoeven;van den Corput;Spies;van den Assem;
		Die Bont;Heijman;Olthof;Groote;Flink;Rouwenhorst;Schagen;Brievingh;Lansink;Sas;Huel;van Breukelveen;Rijn;le Gulcher;Kallen;van der Maath;
		van den Brand;van Voorhout;Verbruggen;Galenzone;Scholten;Cornelisse;Le Marec;van Daal;Duivenvoorden;Sanders;Bekbergen;Friehus;Robbrechts Bruijne;
		Fiere;Nedermeijer;Dirksen;Roukes;Heyne;van Hulten;Backer;van Berkum;Salet;Huberts;Broeshart;van der Heiden;Pastoors;Haring;Roodesteijn;
		Cant;Lankle;Martens;Tielemans;Strik;van der Kint;Meeres;Slingerland;van Gorp;van de Berg;Lagerweij;Saxo;Wensen;Prinsen;Brands;Beekman;
		van de Leemput;Lips;van den Bosch;van Ooste;Poncelet;van Haarlem;Haack;van Drenthe;van Voorst;van der Strigt;de Roo;van de Pavert;Tamsma;
		Moensendijk;Ooms;Walsteijn;Manne;Jansen;le Floch;Werdes;Claesner;Bave;Dries;Remmers;van Dongen;Kolster;Coolen;Fortuyn;de Haas;van de Noordmark;
		Schroeff;Peters;Soos;Bruggeman;van Laon;Lemmens;Klein;van Grinsven;Adriaense;Roosenboom;Wutke;Verhagen;van der Veiver;Vegt;Pieters;
		Boudewijns;Texier;Molenaar;Le Grand;Aarden;Vertooren;de Heer;van de Darnau;Marchand;Postma;van de Klashorst;Aelftrud van Wessex;Geerling;
		Jeggij;de Wit;Broeders;de Roos;Blaak;Steenbakkers;Strijker;Otte;van der Hoeven;Ketting;de Leeuw;Verbeek;Kalman;Schwartsbach;Jerusalem;
		Bronder;van den Berg;van Dokkum;Janse;van den Velde;van de Greef;Beernink;Frankhuizen;Boogaerts;Huls;Wooning;de Groot;van Herstal;Berends;
		van der Klein;van Tours;Rotteveel;Adriaensdr;van Kuijc van Malsen;Draaisma;van de Eerenbeemt;van der Linden;van der Brink;Dircken;van Olst;
		Ramaker;Ehlert;Ouwerkerk;Matthews;Oosterhout;van Leeuwen;van Vliet;de Hoogh;Elsemulder;van Praagh;Simons;Brumleve;Elsenaar;Joosten;
		Verkade;Reijers;Hulshouts;Barents;van Rooij;Dachgeldt;van Schweinfurt;Goderts;Molen;Smit;van den Broek;Serra;van Luxemburg;van Maasgouw;
		van Mare;Hendrikse;van der Wal;Mansvelt;François;Yaman;Şener;Eraslan;Fırat;İhsanoğlu;Şafak;Sezer;İnönü;Demir;Sakarya;Erdoğan;Hançer;
		Adeyemi;Okafor;Tesfaye;Gebremedhin;Nguyen;Pham;Bouzid;El Khattabi;Ouahabi;Wróblewski;Ionescu;Marković;Horváth;Rahimi;Ahmadzai;Mukasa;
		Tshimanga;Kiala;Hakimi;Ben Salah;Van Nieuwenhuyse;Verstraeten;De Bosscher;Vercruysse;Lambrechts;Deprez;Van Eeckhaut;Dhaene;Bruggeman;
		Vanneste;Haesaert;Neirynck;Vlaeminck;Beyens;Cattrysse;Hoste;Strubbe;Roelandt;Waegeman;Van Steenkiste;Callebaut;Buysse;Stockmans;Vrancken;
		Geerinckx;Swinnen;Theunis;Meuleman;De Kerpel;Van Cauwenberghe`,
		"fr": `Reynaud;Durand;Charpentier;Albert;Garnier;Guillou;Lebreton;Royer;Chevallier;Lacroix;Ledoux;Sanchez;Blin;Robin;Blanchard;Letellier;Hardy;
		Charles;Alves;Payet;Marion;Lefort;Grégoire;Guyot;Marie;Fischer;Marchal;Grondin;Mahe;Vallée;Carlier;Laurent;Leroux;Bernard;Marin;Bazin;
		Lecoq;Lebon;Hernandez;Chrétien;Delattre;Barre;Mallet;Gomes;Mathieu;Rémy;Martin;Germain;Maillot;Chauvin;Lemonnier;Pierre;Richard;Diallo;
		Fleury;Guichard;François;Mace;Perrier;Pruvost;Leleu;Vallet;Gilbert;Paris;Rousseau;Guyon;Henry;Roux;Renault;Bousquet;Gérard;Menard;Da Costa;
		Nguyen;Gros;Grenier;Aubert;Besson;Delmas;Leroy;Alexandre;Lenoir;Dias;Martins;Faure;Girard;Bouchet;Lacombe;Dos Santos;Jourdan;Ramos;
		Bonneau;Legendre;Rodriguez;Picard;Georges;Legros;Le Goff;Carre;Léger;Adeyemi;Okafor;Tesfaye;Gebremedhin;Nguyen;Pham;Bouzid;El Khattabi;
		Ouahabi;Wróblewski`,
		"de": `Hermighausen;Warmer;Zobel;Söding;Heß;Lachmann;Sölzer;Henck;Jacobi Jäckel;Nette;Roht;Staude;Kreusel;Dussen van;Geisel;Seifert;Fritsch;
		Bruder;Hänel;Otto;Oestrovsky;Rogner;Hartmann;Mentzel;Kade;Mende;Loos;Etzold;Rogge;Gröttner;Henk;Conradi;Gertz;Karz;Röhricht;Wagenknecht;
		Juncken;Wulff;Koch;Heser;Roskoth;Gutknecht;Bärer;Lehmann;Kraus;Trommler;Pruschke;Häring;Kohl;Hiller;Kambs;Bolander;Ortmann;Holsten;
		Ruppert;Klingelhöfer;Eberth;Paffrath;Rädel;Schuchhardt;Hande;Davids;Textor;Hering;Trapp;Kuhl;Seidel;Matthäi;Löwer;Jockel;Barkholz;Eckbauer;
		Beckmann;Löffler;Mühle;Schaaf;Niemeier;Ackermann;Briemer;Krein;Stiebitz;Mosemann;Meister;Winkler;Dörr;Hauffer;Förster;Flantz;Preiß;
		Schottin;Mielcarek;Caspar;Rohleder;Benthin;Segebahn;Stoll;Heintze;Trüb;Bender;Jähn;Akçay;Zengin;Akar;Kısakürek;Çamurcuoğlu;Bilgin;Tevetoğlu;
		Yılmaz;Şensoy;Duran;Öcalan;Ertaş;Aslan`,
		"en": `Coates;Sinclair;Brooks;Watts;Sutton;Martin;Hale;Kent;Ryan;Fisher;Dobson;Rhodes;Page;Simmons;Wood;Riley;Herbert;Tomlinson;Day;Thompson;
		O'Sullivan;Lyons;Holmes;Horton;Stevenson;Hamilton;Morton;Lucas;King;Miles;Singh;Evans;Heath;Fowler;Ellis;Sheppard;Pratt;Dodd;Garner;
		McCarthy;Jacobs;van Mil;Mudden;Geneart;de Vrome;van Spreuwel;Kolen;Neuzerling;Kof;van Dooren;van den Brink;le Briel;Volcke;van Breugel;
		Maas`,
	}[code])
}
