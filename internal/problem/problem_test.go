package problem

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/fstest"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
)

// words is a bundle with one message in the four languages.
func words(t *testing.T) *i18n.Bundle {
	t.Helper()
	files := fstest.MapFS{}
	for lang, text := range map[instrument.Lang]string{"nl": "Het lukt niet met {what}.", "fr": "Échec : {what}.", "de": "Es geht nicht: {what}.", "en": "It fails with {what}."} {
		files["locale/"+string(lang)+".yaml"] = &fstest.MapFile{Data: []byte("no: \"" + text + "\"\n")}
	}
	b := i18n.New(files, "locale")
	if err := b.Check(); err != nil {
		t.Fatal(err)
	}
	return b
}

func TestProblemSaysItInEachLanguageAndKeepsTheCauseForTheLog(t *testing.T) {
	t.Parallel()
	cause := errors.New("disk 7 of 10.0.0.3 is gone")
	p := New(Unavailable, words(t), "no", i18n.Args{"what": "this"}).Because(cause).After(7)
	for lang, want := range map[instrument.Lang]string{"nl": "Het lukt niet met this.", "fr": "Échec : this.", "de": "Es geht nicht: this.", "en": "It fails with this."} {
		if got := p.Message.In(lang); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
		if strings.Contains(p.Message.In(lang), "10.0.0.3") {
			t.Errorf("%s: the message gives the cause away", lang)
		}
	}
	if p.RetryAfter != 7 || !errors.Is(p, cause) || p.Error() != "unavailable: no: disk 7 of 10.0.0.3 is gone" {
		t.Errorf("for the log: %q, %d", p.Error(), p.RetryAfter)
	}
}

func TestProblemIsFoundInsideOtherErrors(t *testing.T) {
	t.Parallel()
	inner := New(Conflict, words(t), "no", nil)
	outer := errors.Join(io.EOF, fmt.Errorf("keep the report: %w", inner))
	if got, ok := Of(outer); !ok || got != inner || !Is(outer, Conflict) || Is(outer, NotFound) {
		t.Errorf("found %v, %v", got, ok)
	}
	for _, err := range []error{nil, io.EOF, fmt.Errorf("conflict")} {
		if _, ok := Of(err); ok || Is(err, Conflict) {
			t.Errorf("%v holds a problem", err)
		}
	}
}

func TestFormGathersWhatIsWrongWithEachField(t *testing.T) {
	t.Parallel()
	f := Form{Bundle: words(t)}
	if err := f.Err(); err != nil {
		t.Fatalf("a form without faults: %v", err)
	}
	f.Wrong("name", "no", i18n.Args{"what": "name"})
	f.Wrong("mail", "no", i18n.Args{"what": "mail"})
	p, ok := Of(f.Err())
	if !ok || p.Kind != Invalid || len(p.Fields) != 2 || p.Fields[0].Name != "name" || p.Fields[1].In("en") != "It fails with mail." {
		t.Fatalf("%+v", p)
	}
	if p.Error() != "invalid [name: no] [mail: no]" {
		t.Errorf("for the log: %q", p.Error())
	}
}

func TestMessageWithoutBundleIsEmpty(t *testing.T) {
	t.Parallel()
	if got := (Message{Key: "no"}).In("nl"); got != "" {
		t.Errorf("%q", got)
	}
}
