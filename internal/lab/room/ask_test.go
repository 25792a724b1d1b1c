package room

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/guard"
	"tekentafel/internal/lab"
	"tekentafel/internal/problem"
)

// canary is a text that must be nowhere but in the question.
const canary = "Zeldzaamwoord-8471 kanarievogel"

// streamed reads the lines of an answer.
func streamed(a *answer) (text string, last line) {
	a.t.Helper()
	for s := range strings.Lines(a.Body.String()) {
		if strings.TrimSpace(s) == "" {
			continue
		}
		var l line
		if err := json.Unmarshal([]byte(s), &l); err != nil {
			a.t.Fatalf("%v: %s", err, s)
		}
		text, last = text+l.Text, l
	}
	return text, last
}

func TestAnAnswerStreamsPieceByPieceAndEnds(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.json(askAt, asks("Wat is een vergunning?")).wants(http.StatusOK)
	text, last := streamed(a)
	if !strings.HasPrefix(text, "Dit is een antwoord") || last.End == nil || last.End.Cut || last.End.Cost == "" {
		t.Errorf("it says %q and ends with %+v", text, last.End)
	}
	if n := strings.Count(a.Body.String(), "\n"); n < 5 {
		t.Errorf("the answer came in %d lines", n)
	}
	if q := s.models.last(); q.Account != "mia" || q.Lang != "nl" || q.Model != "mistral" || len(q.Messages) != 1 {
		t.Errorf("the model was asked %+v", q)
	}
}

func TestNothingGoesToAModelBeforeItWasDecided(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const text = "Mail naar An Peeters op an.peeters@stad.example. Ze is ziek."
	v := read[reviewView](s.json(askAt, asks(text)).wants(http.StatusConflict))
	if v.Open != 3 || v.Blocked != 0 || len(s.models.asked) != 0 {
		t.Fatalf("%d are open, %d blocked, the model was asked %d times", v.Open, v.Blocked, len(s.models.asked))
	}
	if strings.Contains(v.Leaves, "peeters") || !strings.Contains(v.Leaves, "[PERSOON-1]") || !strings.Contains(v.Leaves, "ziek") {
		t.Errorf("what leaves is %q", v.Leaves)
	}
	for _, x := range v.Items {
		if x.Title == "" || x.Why == "" || x.Learn == "" || x.Where == "" {
			t.Errorf("%s lacks words: %+v", x.Type, x)
		}
	}
	q := asks(text)
	m := &q.Messages[0]
	for _, x := range v.Items {
		m.Seen = append(m.Seen, lab.Seen{Type: x.Type, Value: x.Value, Placeholder: x.Placeholder})
	}
	s.json(askAt, q).wants(http.StatusOK)

	m.Seen = m.Seen[1:]
	m.Kept = []lab.Kept{{Type: v.Items[0].Type, Value: v.Items[0].Value, Reason: "Het is openbaar"}}
	s.json(askAt, q).wants(http.StatusOK)
	if kept := s.models.last().Kept; len(kept) != 1 || kept[0].Reason == "" {
		t.Errorf("the model is told that %+v was kept", kept)
	}
	r := read[reviewView](s.json(checkAt, q).wants(http.StatusOK))
	if !strings.Contains(r.Leaves, "An Peeters") || strings.Contains(r.Leaves, "@") {
		t.Errorf("what leaves with one value kept is %q", r.Leaves)
	}
	m.Kept[0].Reason = " "
	if r := read[reviewView](s.json(askAt, q).wants(http.StatusConflict)); r.Open != 1 {
		t.Errorf("a value kept without a reason leaves %d open", r.Open)
	}
}

func TestADecisionHoldsForTheConversationAndForEverySpelling(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	q := asks("Bel 0470 12 34 56.")
	q.Messages[0].Seen = []lab.Seen{{Type: guard.Phone, Value: "0470 12 34 56", Placeholder: "[TELEFOON-1]"}}
	q.Messages = append(q.Messages, lab.Message{ID: "m2", Parent: "m1", Role: lab.Assistant, Text: "Ik belde 0470/12.34.56.", Model: "mistral"}, lab.Message{ID: "m3", Parent: "m2", Role: lab.User, Text: "En +32 470 12 34 56?"})
	s.json(askAt, q).wants(http.StatusOK)
	q.Messages[2].Text = "En 0471 98 76 54?"
	if v := read[reviewView](s.json(askAt, q).wants(http.StatusConflict)); v.Open != 1 {
		t.Errorf("%d are open", v.Open)
	}
}

func TestWhatIsBlockedNeverGoes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	q := asks("Wachtwoord: Zomer2026!x")
	v := read[reviewView](s.json(checkAt, q).wants(http.StatusOK))
	if v.Blocked != 1 {
		t.Fatalf("it finds %+v", v.Items)
	}
	q.Messages[0].Kept = []lab.Kept{{Type: guard.Password, Value: v.Items[0].Value, Reason: "Het is openbaar"}}
	q.Messages[0].Seen = []lab.Seen{{Type: guard.Password, Value: v.Items[0].Value}}
	s.json(askAt, q).wants(http.StatusConflict)
	// What a model made up may not go back, and cannot be taken out by the person either.
	q = asks("Maak een wachtwoord")
	q.Messages = append(q.Messages, lab.Message{ID: "m2", Parent: "m1", Role: lab.Assistant, Text: "Wachtwoord: Zomer2026!x"}, lab.Message{ID: "m3", Parent: "m2", Role: lab.User, Text: "Korter"})
	s.json(askAt, q).wants(http.StatusOK)
	if got := s.models.last().Messages[1].Text; strings.Contains(got, "Zomer") || !strings.Contains(got, "[WACHTWOORD]") {
		t.Errorf("to the model goes %q", got)
	}
}

func TestOffsetsCountAsScriptsDo(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := read[reviewView](s.json(checkAt, asks("😀 é Bel 0470 12 34 56.")).wants(http.StatusOK))
	if len(v.Marks) != 1 || v.Marks[0].Start != 9 || v.Marks[0].End != 22 {
		t.Errorf("the number stands at %+v", v.Marks)
	}
}

func TestDocumentsAreLookedAtWithTheirNames(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	q := asks("Vat samen")
	q.Messages[0].Files = []lab.File{{Name: "brief.txt", Text: "TEKST met 0470 12 34 56"}}
	v := read[reviewView](s.json(askAt, q).wants(http.StatusConflict))
	if v.Open != 1 || !strings.Contains(v.Items[0].Where, "brief.txt") || !strings.Contains(v.Leaves, "=== brief.txt ===\nTEKST met [TELEFOON-1]") || len(v.Marks) != 0 {
		t.Errorf("it finds %+v, and what leaves is %q", v.Items, v.Leaves)
	}
}

func TestATaskTellsTheModelBeforehandAndHidesTheFixedAnswerFromOthers(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	q := asks("Een brief")
	q.Task = "letter"
	s.json(askAt, q).wants(http.StatusOK)
	got := s.models.last()
	if len(got.Messages) != 2 || got.Messages[0].Role != lab.System || got.Messages[0].Text != "Schrijf eenvoudig Nederlands." || got.Task != "letter" {
		t.Errorf("the model is asked %+v", got.Messages)
	}
	q.Model = "practice"
	s.json(askAt, q).wants(http.StatusOK)
	if got := s.models.last().Messages[0].Text; !strings.Contains(got, "GEHEIM VAST ANTWOORD") {
		t.Errorf("the practice model is told %q", got)
	}
	s.get(home+"?task=letter").wants(http.StatusOK, "Een brief in klare taal", "Jij tekent de brief", "Schrijf eenvoudig Nederlands").silent("GEHEIM")
	s.get(home + "?task=gone").wants(http.StatusOK)
}

func TestEachTroubleHasItsSentenceAndWhatCameStays(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, trouble := range lab.Troubles() {
		s.models.answer = func(_ context.Context, _ *lab.Question, emit func(lab.Piece) error) (lab.Outcome, error) {
			return lab.Outcome{}, errors.Join(emit(lab.Piece{Text: "Half "}), &lab.Failure{Trouble: trouble, Retry: 90 * time.Second})
		}
		text, last := streamed(s.json(askAt, asks("Vraag")).wants(http.StatusOK))
		if text != "Half " || last.End == nil || !last.End.Cut || last.End.Fault == nil || last.End.Fault.Error != in("nl").say("trouble."+string(trouble)) || last.End.Fault.Retry != 90 {
			t.Errorf("%s: %q, %+v", trouble, text, last.End)
		}
		s.now = s.now.Add(time.Minute)
	}
	s.models.answer = func(context.Context, *lab.Question, func(lab.Piece) error) (lab.Outcome, error) {
		return lab.Outcome{}, &lab.Failure{Trouble: lab.Spent, Says: problem.Message{Bundle: locale(), Key: "new.text"}}
	}
	if _, last := streamed(s.json(askAt, asks("Vraag"))); last.End.Fault.Error != in("nl").say("new.text") {
		t.Errorf("a limit that says more is told as %q", last.End.Fault.Error)
	}
	s.models.answer = func(context.Context, *lab.Question, func(lab.Piece) error) (lab.Outcome, error) {
		return lab.Outcome{}, errors.New("upstream said " + canary)
	}
	if a := s.json(askAt, asks("Vraag")); strings.Contains(a.Body.String(), canary) {
		t.Error("what went wrong inside is shown")
	}
}

func TestWhatComesBackIsPointedOut(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.models.answer = func(_ context.Context, _ *lab.Question, emit func(lab.Piece) error) (lab.Outcome, error) {
		return lab.Outcome{Found: []guard.Type{guard.Phone}, Masked: 2}, emit(lab.Piece{Text: "Bel 0470 12 34 56 of mail an@stad.example."})
	}
	_, last := streamed(s.json(askAt, asks("Vraag")))
	if len(last.End.Found) != 1 || last.End.Found[0].Value != "0470 12 34 56" || last.End.Masked != 2 {
		t.Errorf("it ends with %+v", last.End)
	}
}

func TestModelsThatAreNotOfferedOrDoNotTakeImagesAreRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	q := asks("Vraag")
	q.Model = "elders"
	if got := read[failed](s.json(askAt, q).wants(http.StatusUnprocessableEntity)); got.Error != in("nl").say("trouble.no-model") {
		t.Errorf("it says %q", got.Error)
	}
	q = asks("Wat staat hierop?")
	q.Messages[0].Files = []lab.File{{Name: "a.png", Media: mediaPNG, Data: pngOf(t, 4, 4)}}
	if got := read[failed](s.json(askAt, q).wants(http.StatusUnprocessableEntity)); got.Error != in("nl").say("trouble.unfit") {
		t.Errorf("it says %q", got.Error)
	}
	q.Model = "beeld"
	s.json(askAt, q).wants(http.StatusOK)
	if v := read[reviewView](s.json(checkAt, q)); v.Images == "" {
		t.Error("nothing says that the guard does not see into images")
	}
}

func TestWhoAsksTooOftenIsToldToWait(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	refused := 0
	for range asksPerMinute + 1 {
		if a := s.json(askAt, asks("Vraag")); a.Code == http.StatusTooManyRequests {
			refused++
			if got := read[failed](a); got.Error != in("nl").say("error.too-often") || got.Retry < 1 {
				t.Errorf("it says %+v", got)
			}
		}
	}
	if refused == 0 {
		t.Error("nobody was held back")
	}
	s.now = s.now.Add(2 * time.Minute)
	s.json(askAt, asks("Vraag")).wants(http.StatusOK)
}

func TestNoMoreThanAFewAnswersOfOnePersonRunAtOnce(t *testing.T) {
	t.Parallel()
	p := newPace(func() time.Time { return time.Unix(0, 0) }, 600, 2)
	who := person{"t", "a"}
	first, err := p.begin(who)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.begin(who); err != nil {
		t.Fatal(err)
	}
	if _, err := p.begin(who); !problem.Is(err, problem.TooMany) {
		t.Errorf("a third is answered with %v", err)
	}
	if _, err := p.begin(person{"t", "b"}); err != nil {
		t.Errorf("somebody else: %v", err)
	}
	first()
	if _, err := p.begin(who); err != nil {
		t.Errorf("after one ended: %v", err)
	}
}

func TestWhoIsNotSignedInIsToldSoInTheirLanguageAndLosesNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, at := range []string{askAt, checkAt, keepAt, fileAt} {
		a := s.send(http.MethodPost, "", at, "application/json", strings.NewReader("{}")).wants(http.StatusUnauthorized)
		if got := read[failed](a); got.Kind != string(problem.SignIn) || got.Error == "" {
			t.Errorf("%s answers %+v", at, got)
		}
	}
	page := s.form("", home, "text", canary, "do", "send", "draft", `{"task":"letter"}`).wants(http.StatusUnauthorized, canary, "Je bent afgemeld")
	s.form("mia", home, "draft", page.field("draft"), "text", page.field("text"), "model", page.field("model"), "do", "send").wants(http.StatusOK, "Dit is een antwoord")
	if q := s.models.last(); q.Task != "letter" || q.Messages[len(q.Messages)-1].Text != canary {
		t.Errorf("after signing in goes %+v", q)
	}
	start := url.Values{"text": {canary}, "task": {"letter"}}
	s.send(http.MethodPost, "", startAt, "application/x-www-form-urlencoded", strings.NewReader(start.Encode())).wants(http.StatusUnauthorized, canary, "Je bent afgemeld")
	s.form("", home, "text", "x", "draft", strings.Repeat(" ", mostSignedOut)).wants(http.StatusRequestEntityTooLarge)
}

// deadlines records the deadlines that are set on a connection.
type deadlines struct {
	*httptest.ResponseRecorder
	read []time.Time
}

func (d *deadlines) SetReadDeadline(t time.Time) error { d.read = append(d.read, t); return nil }
func (d *deadlines) SetWriteDeadline(time.Time) error  { return nil }

func TestAnAnswerOfMinutesIsNotCutByTheTimeForItsQuestion(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	body, err := json.Marshal(asks("Vraag"))
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, askAt, strings.NewReader(string(body)))
	r.Header.Set("X-Test-Who", "mia")
	r.Header.Set("Content-Type", "application/json")
	w := &deadlines{ResponseRecorder: httptest.NewRecorder()}
	s.server.ServeHTTP(w, r)
	if n := len(w.read); w.Code != http.StatusOK || n == 0 || !w.read[n-1].IsZero() {
		t.Errorf("status %d, and the deadlines for reading are %v", w.Code, w.read)
	}
}

func TestTheModelStopsWhenThePersonGoesAway(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.models.answer, s.models.ended = says(strings.Repeat("woord ", 10_000), 5*time.Millisecond), make(chan error, 1)
	l := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("X-Test-Who", "mia")
		s.server.ServeHTTP(w, r)
	}))
	t.Cleanup(l.Close)
	body, err := json.Marshal(asks("Vraag"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, leave := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, l.URL+askAt, strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if _, err := res.Body.Read(make([]byte, 10)); err != nil {
		t.Fatal(err)
	}
	leave()
	select {
	case err := <-s.models.ended:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("the model ended with %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the model still writes")
	}
}

func TestNothingThatIsTypedIsInTheLog(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.json(askAt, asks(canary))
	s.json(checkAt, asks(canary+" 0470 12 34 56"))
	s.json(keepAt, keeping{Conversation: lab.Conversation{Messages: []lab.Message{user(canary)}, Leaf: "m1"}})
	s.json(askAt, map[string]string{canary: canary})
	s.send(http.MethodPost, "mia", askAt, "application/json", strings.NewReader(`{"model":"`+canary+`","messages":[{"id":"`+canary))
	s.form("mia", home, "text", canary, "model", "mistral", "do", "send", "@"+canary+".txt", canary, "draft", `{"`+canary+`":1}`)
	s.form("mia", home, "text", canary, "model", "mistral", "do", "send")
	s.form("mia", fileAt, "@"+canary+".txt", "TEKST "+canary)
	s.models.answer = func(context.Context, *lab.Question, func(lab.Piece) error) (lab.Outcome, error) {
		return lab.Outcome{}, &lab.Failure{Trouble: lab.Broken}
	}
	s.json(askAt, asks(canary))
	if log := s.log.String(); !strings.Contains(log, "no whole answer: broken") || strings.Contains(log, "kanarievogel") || !strings.Contains(log, strconv.Quote("POST "+askAt)) {
		t.Errorf("the log holds %s", log)
	}
}

// table is a list of so many people, as HR pastes it.
func table(n int) string {
	var b strings.Builder
	b.WriteString("TEKST\n")
	for i := range n {
		fmt.Fprintf(&b, "An Peeters-%c%c%c | 0470 %02d %02d %02d | a%d@stad.example\n", 'A'+i%26, 'a'+i/26%26, 'a'+i/676%26, i/10000%100, i/100%100, i%100, i)
	}
	return b.String()
}

func TestATableOfThousandsIsDecidedByTypeAndSoon(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	q := asks("Reken dit uit")
	q.Messages[0].Files = []lab.File{{Name: "personeel.csv", Text: table(4000)}}
	began := time.Now()
	v := read[reviewView](s.json(askAt, q).wants(http.StatusConflict))
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
	if len(v.Items) != mostShown || len(v.Rest) == 0 || v.Open < 8000 || v.Count != v.Open {
		t.Fatalf("%d are shown, %d sorts beside them, %d open", len(v.Items), len(v.Rest), v.Open)
	}
	m := &q.Messages[0]
	for _, x := range v.Items {
		m.Seen = append(m.Seen, lab.Seen{Type: x.Type, Value: x.Value, Placeholder: x.Placeholder})
	}
	s.json(askAt, q).wants(http.StatusConflict)
	for _, o := range v.Rest {
		m.Seen = append(m.Seen, lab.Seen{Type: o.Type})
	}
	s.json(askAt, q).wants(http.StatusOK)
	// What was said of a type in one message says nothing of another.
	q.Messages = append(q.Messages, lab.Message{ID: "m2", Parent: "m1", Role: lab.Assistant, Text: "Ja"}, lab.Message{ID: "m3", Parent: "m2", Role: lab.User, Text: "Bel 0499 98 76 54"})
	if v := read[reviewView](s.json(askAt, q).wants(http.StatusConflict)); v.Open != 1 {
		t.Errorf("%d are open", v.Open)
	}
	// The same without scripts.
	page := s.form("mia", home, "text", "Reken dit uit", "model", "mistral", "do", "send", "@personeel.csv", table(400)).wants(http.StatusOK, "van dit soort, die we vervangen")
	pairs := []string{"do", "decide"}
	for n := range page.root.Descendants() {
		if name := attributeOf(n, "name"); name == "value" || name == "rest" || strings.HasPrefix(name, "type-") {
			pairs = append(pairs, name, attributeOf(n, "value"))
		}
	}
	sent := s.again(page, pairs...).wants(http.StatusOK, "Dit is een antwoord")
	if seen := draftOf(sent).Conversation.Messages[0].Seen; len(seen) > mostShown+5 {
		t.Errorf("%d decisions are kept", len(seen))
	}
}
