package practice_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tekentafel/internal/gateway/practice"
	"tekentafel/internal/gateway/wire"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
)

type turn struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

func conversation(t testing.TB, more string, turns ...turn) *wire.Request {
	t.Helper()
	list, err := json.Marshal(turns)
	if err != nil {
		t.Fatal(err)
	}
	r, err := wire.ReadRequest(wire.Chat, fmt.Appendf(nil, `{"model":"oefenmodel"%s,"messages":%s}`, more, list), wire.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func say(t testing.TB, turns ...turn) string {
	t.Helper()
	a, err := practice.Reply(conversation(t, "", turns...))
	if err != nil {
		t.Fatal(err)
	}
	return a.Parts[0].Text
}

func user(s string) turn      { return turn{"user", s} }
func assistant(s string) turn { return turn{"assistant", s} }

func printer(lang instrument.Lang) *i18n.Printer { return practice.Locale().Printer(lang) }

func TestTheTextsAreThereInEachLanguage(t *testing.T) {
	t.Parallel()
	if err := practice.Locale().Check(); err != nil {
		t.Error(err)
	}
	if practice.Title() == "" || practice.Where() == "" {
		t.Error("it has no name")
	}
}

// questions ask for each task in each language.
var questions = map[instrument.Lang]map[string]string{
	instrument.NL: {
		"help": "Wat vind je van het weer in de stad vandaag?", "summary": "Kun je deze tekst samenvatten?\n\n", "letter": "Herschrijf deze brief in eenvoudige taal.\n\n", "map": "Maak een mindmap van mijn notities.\n\n",
		"table": "Bereken deze tabel voor mij.\n\n", "talk": "Ik wil graag met jou een moeilijk gesprek oefenen.",
	},
	instrument.FR: {
		"help": "Que pensez-vous du temps dans la ville aujourd’hui ?", "summary": "Pouvez-vous résumer ce texte ?\n\n", "letter": "Réécrivez cette lettre en langage simple.\n\n", "map": "Faites une carte mentale de mes notes.\n\n",
		"table": "Calculez ce tableau pour moi.\n\n", "talk": "Je voudrais exercer une conversation difficile avec vous.",
	},
	instrument.DE: {
		"help": "Was halten Sie heute von dem Wetter in der Stadt?", "summary": "Können Sie diesen Text zusammenfassen?\n\n", "letter": "Schreiben Sie diesen Brief in einfacher Sprache.\n\n", "map": "Machen Sie eine Mindmap aus meinen Notizen.\n\n",
		"table": "Berechnen Sie diese Tabelle für mich.\n\n", "talk": "Ich möchte ein Rollenspiel mit Ihnen machen, üben Sie mit mir.",
	},
	instrument.EN: {
		"help": "What do you think of the weather in the city today?", "summary": "Can you summarise this text for me?\n\n", "letter": "Please rewrite this letter in plain language.\n\n", "map": "Make a mind map of my notes.\n\n",
		"table": "Please calculate this table for me.\n\n", "talk": "I would like to practise a difficult conversation with you.",
	},
}

// texts are what the questions are about.
var texts = map[instrument.Lang]string{
	instrument.NL: "De bibliotheek van de stad is vanaf maandag langer open. De nieuwe openingsuren van de bibliotheek gelden tot het einde van het jaar. Er was veel regen. Het personeel dient de openingsuren reeds aan te passen, en de bezoekers krijgen een brief over de nieuwe openingsuren van de bibliotheek. Iemand at een appel.",
	instrument.FR: "La bibliothèque de la ville est ouverte plus longtemps à partir de lundi. Les nouvelles heures d’ouverture de la bibliothèque sont valables jusqu’à la fin de l’année. Il a beaucoup plu. Le personnel doit adapter les heures d’ouverture afin de informer, et les visiteurs reçoivent une lettre sur les heures d’ouverture de la bibliothèque. Quelqu’un a mangé une pomme.",
	instrument.DE: "Die Bibliothek der Stadt ist ab Montag länger geöffnet. Die neuen Öffnungszeiten der Bibliothek gelten bis zum Ende des Jahres. Es hat viel geregnet. Das Personal muss die Öffnungszeiten unverzüglich anpassen, und die Besucher bekommen einen Brief über die neuen Öffnungszeiten der Bibliothek. Jemand aß einen Apfel.",
	instrument.EN: "The library of the city is open longer from Monday. The new opening hours of the library hold until the end of the year. It rained a lot. The staff has to commence with the opening hours at once, and the visitors get a letter about the new opening hours of the library. Somebody ate an apple.",
}

const figures = "dienst;aantal;bedrag\nA;2;1.200,50\nB;3;99,50\nC;;10\n"

func TestEachTaskIsRecognisedInEachLanguage(t *testing.T) {
	t.Parallel()
	for lang, list := range questions {
		p := printer(lang)
		for task, question := range list {
			switch task {
			case "table":
				question += figures
			case "summary", "letter", "map":
				question += texts[lang]
			}
			text := say(t, user(question))
			if task == "table" {
				if want := p.N("table.lead", 3, i18n.Args{"n": "3"}); !strings.Contains(text, want) {
					t.Errorf("%s, %s: %q", lang, task, text)
				}
				continue
			}
			if want := p.T(task+".lead", nil); !strings.Contains(text, want) {
				t.Errorf("%s, %s: no %q in %q", lang, task, want, text)
			}
		}
	}
}

func TestTheFirstLineOfAConversationSaysWhatItIs(t *testing.T) {
	t.Parallel()
	for lang, list := range questions {
		intro := printer(lang).T("intro", nil)
		first := say(t, user(list["help"]))
		if !strings.HasPrefix(first, intro) {
			t.Errorf("%s: %q", lang, first)
		}
		if second := say(t, user(list["help"]), assistant(first), user(list["help"])); strings.Contains(second, intro) {
			t.Errorf("%s: it says so again: %q", lang, second)
		}
	}
}

func TestASummaryHoldsSentencesOfTheTextAlone(t *testing.T) {
	t.Parallel()
	text := say(t, user(questions[instrument.NL]["summary"]+texts[instrument.NL]))
	kept := 0
	for line := range strings.SplitSeq(text, "\n") {
		if s, ok := strings.CutPrefix(line, "- "); ok {
			kept++
			if !strings.Contains(texts[instrument.NL], s) {
				t.Errorf("%q does not stand in the text", s)
			}
		}
	}
	if kept != 3 || strings.Contains(text, "appel") || strings.Contains(text, "regen") {
		t.Errorf("%d sentences: %s", kept, text)
	}
}

func TestALetterGetsPlainWordsAndShortSentences(t *testing.T) {
	t.Parallel()
	text := say(t, user("Herschrijf in eenvoudige taal:\n\nBetreffende uw aanvraag stuurt u teneinde uw dossier te vervolledigen reeds het formulier in bijlage terug, en wij bezorgen u daarna binnen de maand een antwoord."))
	for _, want := range []string{"Over uw aanvraag stuurt u om uw dossier te vervolledigen al het formulier bij deze brief terug. Wij bezorgen", "betreffende → over", "in bijlage → bij deze brief"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %q", want, text)
		}
	}
}

func TestATableIsSummedExactly(t *testing.T) {
	t.Parallel()
	text := say(t, user("Bereken deze tabel voor mij.\n\n"+figures))
	for _, want := range []string{"| aantal | 2 | 5 | 2,50 | 2 | 3 |", "| bedrag | 3 | 1.310,00 | 436,67 | 10,00 | 1.200,50 |"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "| dienst |") {
		t.Errorf("a column of names is summed:\n%s", text)
	}
	for _, c := range []struct{ table, want string }{
		{"Calculate this table for me, please.\n\nname,amount\na,1.5\nb,2.25\n", "| amount | 2 | 3.75 | 1.88 | 1.50 | 2.25 |"},
		{"Calculate this table for me, please.\n\n| name | amount |\n|---|---:|\n| a | 1,500 |\n| b | 500 |\n", "| amount | 2 | 2,000 | 1,000 | 500 | 1,500 |"},
		{"Bereken de tabel hieronder alsjeblieft.\n\nnaam\tbedrag\na\t€ 10\nb\tonbekend\nc\t-4\n", "1 cel in die kolommen was geen getal"},
		{"Bereken de tabel hieronder alsjeblieft.", "Ik vond geen kolom met getallen"},
	} {
		if text := say(t, user(c.table)); !strings.Contains(text, c.want) {
			t.Errorf("no %q in\n%s", c.want, text)
		}
	}
}

func TestAMindMapFollowsTheTitlesOfATextOrElseItsWords(t *testing.T) {
	t.Parallel()
	text := say(t, user("Maak een mindmap.\n\n# Doel\nMensen sneller helpen aan het loket\n# Risico’s\nGegevens die niet kloppen\nTe weinig tijd om te oefenen"))
	if !strings.Contains(text, "- Doel\n  - Mensen sneller helpen aan het loket\n- Risico’s\n  - Gegevens die niet kloppen\n  - Te weinig tijd om te oefenen\n") {
		t.Error(text)
	}
	text = say(t, user(questions[instrument.NL]["map"]+texts[instrument.NL]))
	if !strings.Contains(text, "- bibliotheek\n") || !strings.Contains(text, "- openingsuren\n") || strings.Contains(text, "- van\n") {
		t.Error(text)
	}
}

func TestAConversationIsPlayedTurnByTurnToItsEnd(t *testing.T) {
	t.Parallel()
	turns := []turn{user(questions[instrument.NL]["talk"])}
	var said []string
	for range 7 {
		s := say(t, turns...)
		said = append(said, s)
		turns = append(turns, assistant(s), user("Dat begrijp ik, we doen er iets aan en ik bel u morgen."))
	}
	if !strings.Contains(said[0], "zes weken") || !strings.Contains(said[1], "boos") || !strings.Contains(said[5], "Tot hier het gesprek") || said[5] != said[6] {
		t.Errorf("%q", said)
	}
}

func TestTheTextToWorkOnMayStandEarlierOrBetweenMarks(t *testing.T) {
	t.Parallel()
	first := user("Hier is alvast de tekst waar het over gaat.\n\n" + texts[instrument.NL])
	if text := say(t, first, assistant("Goed."), user("Kun je dat nu voor mij samenvatten?")); !strings.Contains(text, "- ") || !strings.Contains(text, "bibliotheek") {
		t.Error(text)
	}
	if text := say(t, turn{"system", "Je vat teksten samen voor collega’s van de stad."}, user("Je bent een redacteur.\n\nVat de tekst tussen de aanhalingstekens samen.\n\n\"\"\"\n"+texts[instrument.NL]+"\n\"\"\"\n\nGebruik korte zinnen.")); !strings.Contains(text, "- De bibliotheek van de stad") {
		t.Error(text)
	}
	if text := say(t, user("Kun je dat voor mij samenvatten?")); !strings.Contains(text, printer(instrument.NL).T("none", nil)) {
		t.Error(text)
	}
}

func TestAFixedAnswerIsGivenWordForWord(t *testing.T) {
	t.Parallel()
	system := turn{"system", "Een proef.\n[[practice]]\nDe Schelde mondt uit in de *Middellandse Zee*.\n\nZoek de fout.\n[[/practice]]\nen daarna [[practice]]Goed gezien?[[/practice]]"}
	question := user("Waar mondt de Schelde uit?")
	first := say(t, system, question)
	if first != "De Schelde mondt uit in de *Middellandse Zee*.\n\nZoek de fout." {
		t.Errorf("%q", first)
	}
	second := say(t, system, question, assistant(first), user("Ben je zeker van wat je daar schrijft?"))
	if second != "Goed gezien?" {
		t.Errorf("%q", second)
	}
	if third := say(t, system, question, assistant(first), user("a"), assistant(second), user("En wat kan ik hier nu nog meer doen?")); !strings.Contains(third, printer(instrument.NL).T("help.lead", nil)) {
		t.Errorf("%q", third)
	}
	if text := say(t, turn{"system", "[[practice]] zonder einde"}, user("[[practice]]van een persoon[[/practice]] staat hier in de vraag")); strings.HasPrefix(text, "van een persoon") || strings.HasPrefix(text, "zonder") {
		t.Errorf("%q", text)
	}
}

func TestTokensAreCountedAndHeldToTheLimit(t *testing.T) {
	t.Parallel()
	a, err := practice.Reply(conversation(t, `,"max_completion_tokens":10`, user(questions[instrument.NL]["help"])))
	if err != nil || a.Stop != wire.StopLength || a.Usage.Output != 10 || a.Usage.Input != practice.Tokens(questions[instrument.NL]["help"]) {
		t.Errorf("%+v, %v", a, err)
	}
	if practice.Tokens("") != 0 || practice.Tokens("abcde") != 2 || practice.Tokens("éééé") != 1 {
		t.Error("tokens are not four letters")
	}
}

func TestAnImageIsNotSeen(t *testing.T) {
	t.Parallel()
	r, err := wire.ReadRequest(wire.Chat, []byte(`{"model":"oefenmodel","messages":[{"role":"user","content":[{"type":"text","text":"Wat staat er op deze foto van de straat?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]}]}`), wire.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	a, err := practice.Reply(r)
	if err != nil || !strings.Contains(a.Parts[0].Text, printer(instrument.NL).T("image", nil)) {
		t.Errorf("%+v, %v", a, err)
	}
}

// TestAnyTextHasTheSameAnswerWholeAndStreamed holds for whatever somebody writes.
func TestAnyTextHasTheSameAnswerWholeAndStreamed(t *testing.T) {
	t.Parallel()
	word := rapid.SampledFrom([]string{"tabel", "samenvatten", "mindmap", "eenvoudige taal", "oefen een gesprek", ";", "\t", "\n", "\n\n", "1,5", "2", "de", "naam;bedrag\na;1\nb;2\n", `"""`, "```", ".", ": ", "# Titel\n", "[[practice]]", "é", "👍", "dient", ", en "})
	rapid.Check(t, func(rt *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.OneOf(word, rapid.StringN(0, 12, -1)), 1, 40).Draw(rt, "words"), rapid.SampledFrom([]string{"", " "}).Draw(rt, "between"))
		text = strings.ToValidUTF8(text, "")
		r := conversation(t, "", turn{"system", strings.ToValidUTF8(rapid.String().Draw(rt, "system"), "")}, user(text))
		a, err := practice.Reply(r)
		if err != nil {
			rt.Fatal(err)
		}
		again, err := practice.Reply(r)
		if err != nil || again.Parts[0].Text != a.Parts[0].Text || again.ID != a.ID {
			rt.Fatalf("not the same twice: %v", err)
		}
		for _, shape := range []wire.Shape{wire.Chat, wire.Responses, wire.Messages} {
			s, steps, got := practice.NewStream(a, shape), wire.NewStepReader(shape), ""
			var used wire.Usage
			for {
				e, _, err := s.Next()
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					rt.Fatal(err)
				}
				if err := steps.Read(e, func(p wire.Step) error {
					if p.Kind == wire.StepText {
						got += p.Text
					}
					used = p.Usage
					return nil
				}); err != nil {
					rt.Fatal(err)
				}
			}
			if got != a.Parts[0].Text || !steps.Ended() || used != a.Usage {
				rt.Fatalf("%v: streamed %q (%+v), whole %q (%+v)", shape, got, used, a.Parts[0].Text, a.Usage)
			}
		}
	})
}
