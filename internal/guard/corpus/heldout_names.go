package corpus

// Names of the held-out edition: a random draw from the names that were not drawn for the validation edition, and names of other roots and of
// West and East Flanders from general knowledge. Whether the guard knows a name was not looked at.
//
//nolint:misspell // names
func heldOutGiven(code string) []string {
	return list(map[string]string{
		"nl": `Alexander;Quinn;Lenn;Hugo;Benjamin;Nout;Liam;Xavi;Jayden;Ali;Daan;Sepp;Hamza;Boris;Jordy;Nick;Thijn;Daniel;Yusuf;Abel;Timo;Tim;Rayan;
		Tijmen;Elias;Joris;Mika;Jayson;Amin;Adam;Kyan;Jim;Pim;Joshua;Aaron;Siem;Mark;Kevin;Tobias;Samuel;Sem;Lex;Dirk;Noud;Pepijn;Laurens;Zakaria;
		Morris;Ivan;Joost;Sami;Dylan;Levi;Niels;Alex;Aiden;Rowan;Tycho;Ruben;Ibrahim;Ravi;Matthijs;Willem;Tom;Gerrit;Melle;Mehmet;Simon;Tygo;
		Floris;Mike;Youssef;Casper;Thijs;Rafael;Rens;Joey;Valentijn;Jort;Daniël;Mette;Hanna;Norah;Imke;Floortje;Lara;Elizabeth;Merle;Jenna;
		Zara;Adriana;Faye;Livia;Yara;Ivy;Roos;Anna;Noortje;Lieke;Lina;Fenna;Kayleigh;Amira;Lois;Pippa;Maja;Olivia;Tessa;Evi;Luna;Daphne;Demi;
		Lily;Fatima;Laura;Lindsey;Hannah;Maria;Esther;Linn;Tirza;Dana;Carlijn;Emily;Nikki;Lotte;Frederique;Madelief;Chloé;Noa;Silke;Floor;Bo;
		Nadia;Selina;Sterre;Rosa;Lisanne;Ella;Lieve;Maryam;Eva;Julia;Phileine;Zoë;Ise;Rosalie;Sarah;Nova;Elize;Esila;Lucy;Liz;Esmée;Milou;Sophia;
		Ninthe;Evie;Mara;Sara;Besin;Akdurmuş;Alaeddin;Özgür;Benol;Beyler;Nakip;Hindal;Sunay;Gülbani;Limon;Kumral;Semat;Enfes;Neptün;Selmin;
		Oyindamola;Kwabla;Zahide;Hamed;Tatiana;Yevhen;Mihnea;Dorota;Grzegorz;Loubna;Abdelhak;Naïma;Siham;Thierno;Bintou;Phuong;Linh;Ravinder;
		Nilufar;Besnik`,
		"fr": `Marcel;Maurice;Isaac;Philippe;Jacques;Xavier;William;Daniel;Alain;Victor;Eugène;Gabriel;Noël;Joseph;Benoît;Jérôme;Jean;Patrick;Gilles;
		Édouard;Benjamin;Paul;Jules;Guillaume;Franck;Nicolas;Bertrand;Alphonse;Suzanne;Gabrielle;Catherine;Charlotte;Pénélope;Bernadette;Aurore;
		Jacqueline;Nicole;Adélaïde;Virginie;Odette;Joséphine;Élise;Antoinette;Margaret;Claude;Andrée;Lucie;Susan;Élodie;Nathalie;Marcelle;Louise;
		Agnès;Astrid;Laure;Nathalie;Marianne;Christiane;Geneviève;Anaïs;Mathilde;Alix;Madeleine;Françoise;Éléonore;Pauline;Hélène;Adèle;Aimée;
		Suzanne;Laurence;Claudine;Marguerite;Constance;Valentine;Lucy;Corinne;Claire;Alexandrie;Renée;Henriette;Dominique;Maggie;Frédérique;
		Anne;Alex;Alexandria;Margaux`,
		"de": `Hajo;Meik;Riza;Heiko;Hans-Walter;Theodor;Ekkehart;Rupert;Pascal;Silvester;Hans-Ulrich;Meinhard;Eugen;Karl-Ernst;Ernest;Adelbert;Francisco;
		Josip;Jorge;Constantin;Aribert;Arnold;Arnfried;Frank-Peter;Ignatz;Pedro;Roberto;Franz Josef;Alexandros;Severin;Karl-Heinz;Gerwin;Bertram;
		Carsten;Hans-Ludwig;Eduard;Jacek;Reinhart;Adrian;Kristian;Karl-Hans;Stefano;Moritz;Jobst;Faruk;Heino;Gerd;Ismail;Massimo;Cornelius;
		Waltraut;Paula;Senta;Pamela;Natalia;Sibel;Alicja;Monja;Traudel;Elli;Annegret;Ariane;Theodora;Hannah;Danica;Gesa;Edelgard;Ludwina;Maren;
		Stefania;Martha;Henni;Laura;Grazyna;Gaby;Lilija;Walburga;Betti;Manuela;Patrizia;Tanja;Anica;Mina;Katharine;Jolanta;Frieda;Elisabet;
		Justina;Trude;Regine;Gülay;Nathalie;Evelyne;Hildegunde;Violetta;Adeline;Inge;Gitta;Helene;Anita;Kerman;Metinkaya;Tayaydın;Baba;Abdulbekir;
		Özbay`,
		"en": `Garry;Declan;Gary;Gavin;Allan;Ronald;Josh;Christian;Dale;Nicholas;Clifford;Benjamin;Keith;Connor;Bruce;Stuart;Lewis;Frederick;William;
		Ricky;Anthony;Carl;Norman;Jake;Shaun;Owen;Alexander;Stanley;Russell;Brandon;Clive;Sean;Neil;Martyn;Glenn;Mark;Luke;Lee;Philip;Dylan;
		Ashleigh;Francesca;Lauren;Dawn;Lesley;Marilyn;Carolyn;Pauline;Kerry;Sarah;Sara;Naomi;Angela;Beth;Hilary;Debra;Linda;Pamela;Nicole;Carly;
		Samantha;Clare;Suzanne;Annette;Sylvia;Katie;Sharon;Lynda;Maureen;Lucy;Jacqueline;Joanne;Chloe;Vanessa;Tracy;Lydia;Melanie;Abigail;Victoria;
		Aimee`,
	}[code])
}

//nolint:misspell // names
func heldOutFamily(code string) []string {
	return list(map[string]string{
		"nl": `Arnold;Boer;Smits;van Brunswijk;van Haspengouw;de Bruin;Kruns;Zuijdveld;Bosch;Latier;Hoes;Michielsen;Houdijk;van Tuijl;Lage;Momberg;
		Glasses;van de Ven;Stoffel;Oennen;Kuiper;Thout;le Gallen;de Gruijl;van Stralen;Potters;Boeser;Vaessen;Willems;Wipstrik;van de Velde;
		van Kasteelen;Dijkstra;van de Veen;Oude Heer;Hexspoor;Recer;Chrodtrud;van Bergen;Koster;Garret;Fredriks;Veenendaal;Kloppert;van de Biesenbos;
		Dennenberg;Maaswinkel;van Beieren;van Gils;van Bovenen;Korstman;Heijmans;de Backer;van Bunschoten;Kamper;Jansdr;Frerichs;Wolzak;van Venrooy;
		van Gemert;Stinis;de Man;Wolfswinkel;Michiels;van der Maes;Vos;die Pelser;Breugelensis;Mansveld;Leguit;Hulskes;van den Eijssel;van der Mast;
		de Bock;van Haspengouw Hesbaye;van Heusden;Reimes;Lafleur;Keijser;Schrik;Rijntjes;Jorlink;van Mispelen;van Dalem;de Werd;van Laar;Bijlsma;
		Aarts;de Bruyn;van 't Riet;van Ginneke;ter Waarbeek;Scharroo;Moet;van Bentheim;Brisee;van der Horst;Aalts;Hollander;Roessink;Kleijse;
		Miner;de Graaf;van de Weterink;Overdijk;Horrocks;Appelman;van Verdun;Elbertse;Weeldenburg;van Wijk;van der Heijden;van Gelder;Mosley;
		Zwart;van Doorn;Gellemeyer;van Spreeuwel;van Brenen;van Poppel;van Limburg;Lind;Scuylenborchs;Bolkesteijn;van Cuijck;Arens;de Keijzer;
		Elberts;Coreth von und zu Coredo und Starkenberg;Bakker;Krabbe;de Gruson;Loreal;Hakker;Kramer;Dachgelt;Spaan;van der Schuijt;van Jumiège;
		Mater;Hoppenbrouwer;van de Velden;Jansse;Heere;Schuurmans;Hemma van Allemanië;de Koning;van Ooyen;Verharen;Welf;de Lange;Lamore;Haselaar;
		Vallenduuk;van Kuijc;Brandt;Freshour;Wilcken;Jonkman;Wijland;Bezemer;Drysdale;Scardino;Symons;Rademaker;van der Steen;Hofman;van Boulogne;
		Kosten;van Wel;Speijer;van Geffen;Charon;Jekel;van Nus;die Witte;Luboch;van Maaren;Perkins;Schenkel;Huisman;Hanegraaff;van der Smeede;
		de Gruijter;van der Laar;Spanhaak;de Swart;Neuteboom;Rijks;Stichter;van Formbach;Jones;van Enschot;Everts;Corstiaens;Mulder;van der Velde;
		Broek;Huurdeman;Wouters;Shupe;Ruijs;Huijbrechts;Kerkhof;Westerbeek;van de Wal;Thatcher;Klerks;van der Sande;Cammel;Room;Hekker;van der Pol;
		Bellemans;Wigman;Booden;Gepa van Bourgondië;Uphaus;Lonen;van der Leek;Bilir;Güçlü;Arsoy;Alemdar;Türk;Zorlu;Ülker;Gül;Adekunle;Boateng;
		Haidari;Sokolova;Dumitrescu;Krawczyk;Zielinska;El Ouazzani;Aït Lahcen;Bouhlel;Barry;Sow;Vu;Dhillon;Karimov;Krasniqi;Vandecandelaere;
		Bossuyt;Gevaert;Ghesquière;Coussement;Decock;Lauwaert;Van Quickenborne;Hemelsoet;Rogiers;Snoeck;Van Overschelde;Temmerman;Verplancke`,
		"fr": `Courtois;Ferreira;Delahaye;Lopes;Lesage;Perret;Carpentier;Prévost;De Oliveira;Schmitt;Chevalier;Mary;Descamps;Dumont;Joseph;Lévy;Pasquier;
		Martinez;Sauvage;Lombard;Rocher;Allard;Lemaire;Lemaître;Martel;Voisin;Brun;Duval;Bodin;Dufour;Faivre;Bertin;Bernier;Pineau;Rossi;Becker;
		Lemoine;Berthelot;Seguin;Raynaud;Hoarau;Huet;Lelièvre;Lefebvre;Rodrigues;Cousin;Marty;Camus;Delorme;Maurice;Briand;Pottier;Maillard;
		Moulin;Rousset;Ribeiro;Gillet;Pons;Gautier;Lejeune;Baron;Verdier;Bourgeois;Benard;Valentin;Morin;Le Gall;Dupuis;Chauvet;Poulain;Parent;
		Morvan;Gosselin;Legrand;Dupuy;Barbe;Gay;Guillaume;Humbert;Fouquet;Turpin;Leclercq;Fernandes;Torres;De Sousa;Lecomte;Marques;Gomez;Bruneau;
		Laporte`,
		"de": `Kraushaar;Birnbaum;Rose;Weller;Heinrich;Stumpf;Keudel;Weinhage;Köster;Hahn;Zänker;Lindau;Drub;Schuster;Pärtzelt;Mude;Binner;Hörle;Huhn;
		Trubin;Lübs;Herrmann;Hornig;Krause;Hein;Heuser;Gunpf;Rosemann;Heydrich;Hecker;Renner;Kusch;Wieloch;Weiß;Albers;Wirth;Gnatz;Bolzmann;
		Hoffmann;Klemm;Hamann;Bohlander;Müller;Weimer;Graf;Zahn;Wesack;Baum;Budig;Linke;Adler;Ziegert;Weitzel;Pechel;Steckel;Klemt;Hethur;Hövel;
		Hettner;Losekann;Bloch;Beer;Ullmann;Wiek;Döhn;Fröhlich;Klotz;Geisler;Pohl;Carsten;Gude;Haering;Hofmann;Karge;Junck;Scholl;Wilms;Heinz;
		Dippel;Ditschlerin;Scheibe;Löchel;Reinhardt;Peukert;Ruppersberger;Heidrich;Siering;Schwital;Säuberlich;Steinberg;Aksu;Manço;Arslan;
		Ergül;Tarhan;Korutürk`,
		"en": `Giles;Jones;Collier;Wilkinson;Barrett;Benson;Parkinson;Clements;Bishop;Clayton;Holloway;Leach;McDonald;Jennings;Fleming;Brennan;Clarke;
		Miller;Stokes;Byrne;Chapman;Cunningham;Holland;Russell;Archer;Hussain;Rowe;Hammond;Shaw;Randall;Richardson;Warner;Hughes;Henderson;
		Harding;Hilton;Poole;Morris;Dunn;Wells;Taylor;Arnold;Abbott;Bates;Knowles;Rogers;Kerr;Holt;Brookes;Norton;Bradshaw;Briggs;Pope;Ali;
		Roberts;Boyle;Baker;Johnston;Begum;Thornton;Hewitt;Slater;Gould;Kemp;Franklin;Wallace;Alexander;Burgess;Blackburn;Hope`,
	}[code])
}
