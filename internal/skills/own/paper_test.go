package own

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/pdf"
	"tekentafel/internal/testkit"
)

// printed does two checks and returns what goes to the printer.
func (s *site) twice() *person {
	s.t.Helper()
	p := s.person("employee")
	p.starts("all")
	p.agrees("4")
	p.answers(20, false)
	p.keeps()
	s.step(45 * 24 * time.Hour)
	p.post(startAt).leads(checkAt)
	p.starts("all")
	p.agrees("3")
	p.answers(20, true)
	p.post(addAt).leads(profileAt)
	return p
}

// TestTheProfilePrintsWithoutNetworkAndName prints with Chromium. With TEKENTAFEL_SHOTS it keeps the document in that folder.
func TestTheProfilePrintsWithoutNetworkAndName(t *testing.T) {
	t.Parallel()
	if _, err := pdf.Find(); err != nil {
		testkit.Missing(t, err.Error())
	}
	s := newSite(t, dbtest.SQLite(t), func(d *Dependencies) { d.Print = nil })
	p := s.twice()
	a := p.get(pdfAt).wants(http.StatusOK)
	if !strings.HasPrefix(a.Body.String(), "%PDF-") || a.Body.Len() < 10_000 {
		t.Fatalf("%d bytes: %.20q", a.Body.Len(), a.Body)
	}
	if dir := os.Getenv("TEKENTAFEL_SHOTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, "profile.pdf"), a.Body.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestThePaperSaysWhatThePageSays(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	p := s.twice()
	code := plainCode(textOf(p.get(codeAt).one("code", "id", "own-code")))
	p.get(pdfAt).wants(http.StatusOK)
	paper := string(s.printed)
	for _, text := range []string{"Op dit document staat geen naam", "Je volgende stap", "Verloop", "24 november 2026", "8 januari 2027", "Communicatief", "vraagt"} {
		if !strings.Contains(paper, text) {
			t.Errorf("the paper does not say %q", text)
		}
	}
	for _, text := range []string{"Peeters", code, code[:4] + "-" + code[4:8], "account-of", "http://", "https://", "<script", " style=\""} {
		if strings.Contains(paper, text) {
			t.Errorf("the paper holds %q", text)
		}
	}
}

func TestPrintingThatCannotBeDoneIsSaid(t *testing.T) {
	t.Parallel()
	wait, entered := make(chan struct{}), make(chan struct{}, 9)
	fail := error(&pdf.NotInstalledError{Tried: []string{"chromium"}})
	s := newSite(t, dbtest.SQLite(t), func(d *Dependencies) {
		d.Print = func(context.Context, []byte, pdf.Options) ([]byte, error) {
			entered <- struct{}{}
			<-wait
			return nil, fail
		}
	})
	p := s.person("employee")
	p.starts("statements")
	p.agrees("3")
	p.keeps()
	done := make(chan int, mostPrints)
	for range mostPrints {
		q := *p
		go func() { done <- q.get(pdfAt).Code }()
		<-entered
	}
	if a := p.get(pdfAt); a.Code != http.StatusServiceUnavailable || a.Header().Get("Retry-After") == "" {
		t.Errorf("one print too many: %d", a.Code)
	}
	close(wait)
	for range mostPrints {
		if code := <-done; code != http.StatusConflict {
			t.Errorf("without Chromium: %d", code)
		}
	}
	fail = errors.New("Chromium fell over")
	if a := p.get(pdfAt); a.Code != http.StatusInternalServerError || strings.Contains(a.Body.String(), "Chromium fell over") {
		t.Errorf("%d", a.Code)
	}
}
