package room

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tekentafel/internal/lab"
)

// again sends the form of a page as it stands, with other values.
func (s *site) again(page *answer, pairs ...string) *answer {
	s.t.Helper()
	all := []string{"draft", page.field("draft"), "model", "mistral"}
	if !slices.Contains(pairs, "text") {
		all = append(all, "text", page.field("text"))
	}
	return s.form("mia", home, append(all, pairs...)...)
}

func draftOf(a *answer) draft {
	a.t.Helper()
	var d draft
	if err := json.Unmarshal([]byte(a.field("draft")), &d); err != nil {
		a.t.Fatalf("the state of the page: %v", err)
	}
	return d
}

func TestAConversationWithoutScripts(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := s.get(home).wants(http.StatusOK, "Begin met een taak", "Vat een tekst samen", "Niets van dit gesprek wordt bewaard, tenzij je op Bewaren drukt", "Oefenmodel (geen AI)", "Mistral Small – bij ons in huis")
	page = s.again(page, "text", "Wat is een vergunning?", "do", "send").wants(http.StatusOK, "Wat is een vergunning?", "Dit is een antwoord", "Mistral Small")
	if d := draftOf(page); len(d.Conversation.Messages) != 2 || page.field("text") != "" {
		t.Fatalf("the page holds %+v", d.Conversation)
	}
	page = s.again(page, "text", "En korter?", "do", "send").wants(http.StatusOK)
	if q := s.models.last(); len(q.Messages) != 3 {
		t.Errorf("the model is asked %d messages", len(q.Messages))
	}
	// Another answer, and back.
	d := draftOf(page)
	page = s.again(page, "do", "again:"+d.Conversation.Leaf).wants(http.StatusOK, "2 van 2")
	back := s.again(page, "do", "turn:"+d.Conversation.Leaf).wants(http.StatusOK, "1 van 2")
	if got := draftOf(back).Conversation.Leaf; got != d.Conversation.Leaf {
		t.Errorf("it reads %s", got)
	}
	// An earlier message is changed: a branch.
	first := d.Conversation.Messages[0].ID
	page = s.again(page, "do", "edit:"+first).wants(http.StatusOK, "Je wijzigt een eerder bericht")
	if page.field("text") != "Wat is een vergunning?" {
		t.Errorf("the composer holds %q", page.field("text"))
	}
	page = s.again(page, "text", "Wat is een attest?", "do", "send").wants(http.StatusOK, "Wat is een attest?", "2 van 2").silent("En korter?</p>")
	if c := draftOf(page).Conversation; len(c.Branch(c.Leaf)) != 2 || len(c.Messages) != 7 {
		t.Errorf("%d messages, of which %d are read", len(c.Messages), len(c.Branch(c.Leaf)))
	}
	s.again(page, "do", "new").wants(http.StatusOK, "Een nieuw gesprek beginnen?")
}

func TestWithoutScriptsThereIsAPageBetweenThatAsksWhatBecomesOfEachValue(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const text = "Schrijf An Peeters op 0470 12 34 56. Ze is ziek."
	page := s.form("mia", home, "text", text, "model", "mistral", "do", "send").wants(http.StatusOK, "Voor je verstuurt: kijk naar deze 3 gegevens", "Dit vertrekt", "Schrijf [PERSOON-1] op [TELEFOON-1]. Ze is ziek.", "Vervang door [PERSOON-1]", "Een naam maakt van een tekst", "De controle vindt veel")
	if len(s.models.asked) != 0 {
		t.Fatal("the model was asked")
	}
	// A decision about a value that is no longer there decides nothing about another.
	other := s.again(page, "text", "Schrijf Jan Janssens", "do", "decide", "value", "An Peeters", "type-0", "person", "reason-0", "Het is openbaar").wants(http.StatusOK, "Jan Janssens")
	if len(s.models.asked) != 0 || !strings.Contains(other.text(), "Voor je verstuurt") {
		t.Fatal("a decision about one person was taken for another")
	}
	s.again(page, "do", "back").wants(http.StatusOK, "Versturen")
	sent := s.again(page, "do", "decide", "value", "An Peeters", "type-0", "person", "reason-0", "Het is openbaar", "value", "0470 12 34 56", "type-1", "phone", "reason-1", "", "value", "ziek", "type-2", "health").wants(http.StatusOK, "Dit is een antwoord", "1 gegeven vervangen")
	if q := s.models.last(); len(q.Kept) != 1 || q.Kept[0].Reason != "Het is openbaar" {
		t.Errorf("the model is told %+v", q.Kept)
	}
	s.again(sent, "text", "Schrijf An Peeters nog eens", "do", "send").wants(http.StatusOK, "Dit is een antwoord").silent("review-title")
	s.form("mia", home, "text", "Wachtwoord: Zomer2026!x", "model", "mistral", "do", "decide").wants(http.StatusOK, "Dit bericht kan zo niet vertrekken")
}

func TestWithoutScriptsFilesGoAlongAndTwoModelsAnswer(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := s.form("mia", home, "text", "Vat samen", "model", "mistral", "do", "attach", "@nota.txt", "TEKST over parkeren").wants(http.StatusOK, "Tekst uit nota.txt", "TEKST over parkeren")
	page = s.again(page, "do", "drop:0").wants(http.StatusOK).silent("nota.txt")
	page = s.again(page, "do", "send", "second", "beeld", "@nota.txt", "TEKST over parkeren").wants(http.StatusOK, "Beeldmodel", "Mistral Small", "nota.txt")
	if q := s.models.last(); len(s.models.asked) != 2 || q.Model != "beeld" || q.Messages[0].Files[0].Text != "TEKST over parkeren" {
		t.Errorf("%d questions, the last %+v", len(s.models.asked), q)
	}
	if !strings.Contains(page.Body.String(), `class="beside"`) {
		t.Error("the answers do not stand beside each other")
	}
	// A file that cannot be read keeps the message.
	s.form("mia", home, "text", canary, "model", "mistral", "do", "send", "@a.exe", "MZ").wants(http.StatusOK, "a.exe", canary)
	if len(s.models.asked) != 2 {
		t.Error("a message went without its file")
	}
}

func TestWhatGoesWrongWithoutScriptsKeepsWhatWasWritten(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.models.answer = func(context.Context, *lab.Question, func(lab.Piece) error) (lab.Outcome, error) {
		return lab.Outcome{}, &lab.Failure{Trouble: lab.Busy}
	}
	page := s.form("mia", home, "text", "Mijn vraag", "model", "mistral", "do", "send").wants(http.StatusOK, "Het is druk bij het model", "Mijn vraag", "Vraag opnieuw")
	s.models.answer = says("Nu wel", 0)
	s.again(page, "do", "again:"+draftOf(page).Conversation.Leaf).wants(http.StatusOK, "Nu wel")
	s.form("mia", home, "text", "Mijn vraag", "model", "elders", "do", "send").wants(http.StatusOK, "Mijn vraag", "wordt niet (meer) aangeboden")
	s.form("mia", home, "text", " ", "model", "mistral", "do", "send").wants(http.StatusOK, "Typ eerst een vraag")
	s.models.offered[0].Context = 20
	s.form("mia", home, "text", strings.Repeat("woord ", 40), "model", "mistral", "do", "send").wants(http.StatusOK)
	if a := s.form("mia", home, "text", strings.Repeat("woord ", 40), "model", "mistral", "do", "send"); strings.Contains(a.Body.String(), `id="room-long" hidden`) {
		t.Error("nothing says that the conversation is long")
	}
	s.models.offered = nil
	s.get(home).wants(http.StatusOK, "Er is nog geen model")
}

func TestAStartFillsTheComposerAndSendsNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	form := url.Values{"text": {"Herschrijf dit:\r\nGeachte"}, "task": {"letter"}, "model": {"practice"}}
	a := s.send(http.MethodPost, "mia", startAt, "application/x-www-form-urlencoded", strings.NewReader(form.Encode())).wants(http.StatusOK, "Een brief in klare taal", "Herschrijf dit:", "oefenmodel, geen AI")
	if len(s.models.asked) != 0 || draftOf(a).Task != "letter" || a.Header().Get("Location") != "" {
		t.Errorf("it asked %d times", len(s.models.asked))
	}
	form.Set("text", strings.Repeat("x", mostName)+"\x00")
	s.send(http.MethodPost, "mia", startAt, "application/x-www-form-urlencoded", strings.NewReader(form.Encode())).wants(http.StatusOK)
}

func TestAConversationIsKeptOnlyWhenAsked(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := s.form("mia", home, "text", "Vraag", "model", "mistral", "do", "send").wants(http.StatusOK, "Bewaar dit gesprek", "7 dagen", "30 dagen")
	if len(s.keeper.kept) != 0 {
		t.Fatal("something was kept")
	}
	page = s.again(page, "do", "keep", "days", "7").wants(http.StatusOK, "Bewaard tot en met 8 december 2026")
	if k := s.keeper.kept["k1"]; !k.Until.Equal(s.now.AddDate(0, 0, 7)) || k.Conversation.Title != "Vraag" {
		t.Errorf("it is kept until %v as %q", k.Until, k.Conversation.Title)
	}
	page = s.again(page, "do", "keep", "days", "900").wants(http.StatusOK)
	if k := s.keeper.kept["k1"]; k.Version != 2 || !k.Until.Equal(s.now.AddDate(0, 0, 30)) {
		t.Errorf("it is kept as version %d until %v", k.Version, k.Until)
	}
	s.get(home+"?kept=k1").wants(http.StatusOK, "Dit is een antwoord", "Bewaard tot en met")
	s.get(home + "?kept=k2").wants(http.StatusNotFound)
	d := draftOf(page)
	k := read[keptView](s.json(keepAt, keeping{ID: "k1", Version: d.Version, Days: 1, Conversation: d.Conversation}).wants(http.StatusOK))
	if k.Version != 3 || k.Href != "/lab/kept/k1" {
		t.Errorf("it is kept as %+v", k)
	}
	s.json(keepAt, keeping{ID: "k1", Version: 1, Conversation: d.Conversation}).wants(http.StatusConflict)
	s.json(keepAt, keeping{}).wants(http.StatusUnprocessableEntity)
	s.Keeper = nil
	s.get(home).wants(http.StatusOK).silent("Bewaar dit gesprek")
}

func TestAConversationCanBeSaved(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := s.form("mia", home, "text", "Vraag", "model", "mistral", "do", "send").wants(http.StatusOK)
	a := s.form("mia", exportAt, "draft", page.field("draft"), "format", "md").wants(http.StatusOK)
	if got := a.Body.String(); !strings.Contains(got, "# Vraag") || !strings.Contains(got, "**vet**") || !strings.Contains(a.Header().Get("Content-Disposition"), "chat.md") {
		t.Errorf("it is %s", got)
	}
	c := read[lab.Conversation](s.form("mia", exportAt, "draft", page.field("draft"), "format", "json").wants(http.StatusOK))
	if len(c.Messages) != 2 {
		t.Errorf("it is %+v", c)
	}
	s.form("mia", exportAt, "draft", "{}").wants(http.StatusUnprocessableEntity)
}

// TestWalkingBranchesKeepsEveryMessage adds, changes and turns in any order: no message is lost, and what is read is a way through the tree.
func TestWalkingBranchesKeepsEveryMessage(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := &draft{}
		n := 0
		t.Repeat(map[string]func(*rapid.T){
			"ask": func(*rapid.T) {
				m := lab.Message{ID: newID(), Role: lab.User, Text: "x"}
				q := d.asking(m)
				d.add(q[len(q)-1])
				d.clear()
				d.add(lab.Message{ID: newID(), Parent: m.ID, Role: lab.Assistant, Text: "y"})
				n += 2
			},
			"edit": func(t *rapid.T) {
				if n > 0 {
					d.edit(rapid.SampledFrom(d.Conversation.Messages).Draw(t, "message").ID)
				}
			},
			"turn": func(t *rapid.T) {
				if n > 0 {
					d.turn(rapid.SampledFrom(d.Conversation.Messages).Draw(t, "message").ID)
				}
			},
			"": func(t *rapid.T) {
				if len(d.Conversation.Messages) != n {
					t.Fatalf("%d messages, want %d", len(d.Conversation.Messages), n)
				}
				if err := d.sound(); err != nil {
					t.Fatal(err)
				}
				branch := d.Conversation.Branch(d.Conversation.Leaf)
				if (len(branch) == 0) != (n == 0) {
					t.Fatalf("of %d messages %d are read", n, len(branch))
				}
				for _, m := range branch {
					if list, at := siblings(&d.Conversation, m.ID); list[at] != m.ID {
						t.Fatalf("%s is not among its siblings", m.ID)
					}
				}
			},
		})
	})
}
