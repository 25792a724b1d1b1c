package kept

import (
	"bytes"
	"net/http"
	"os"
	"strings"
	"testing"

	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/privacy/heldtest"
	"tekentafel/internal/seal"
)

func TestTheStoreHoldsNoWordOfIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		word := canary()
		c := conversation(word)
		c.Messages[1].Files[0].Data = []byte(word)
		id, version := w.keep(c)
		if _, err := w.Share(t.Context(), anna, id, version, "", Choice{}, "", "", "nl"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Change(t.Context(), anna, id, version, "Titel "+word, ""); err != nil {
			t.Fatal(err)
		}
		if found := heldtest.Mentions(t, w.DB, dbtest.Ours, word, "Schrijf", "practice", "letter", "TELEFOON"); len(found) > 0 {
			t.Errorf("the store mentions it: %+v", found)
		}
		if w.DB.Engine != "sqlite" {
			return
		}
		for _, suffix := range []string{"", "-wal"} {
			b, err := os.ReadFile(w.DB.Address + suffix)
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range []string{word, strings.ToUpper(word), "Schrijf een"} {
				if bytes.Contains(b, []byte(text)) {
					t.Errorf("the file%s holds %q", suffix, text)
				}
			}
		}
	})
}

func TestWhatIsSealedOpensInItsPlaceAlone(t *testing.T) {
	t.Parallel()
	box, err := seal.Parse(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	here := place{"kept", "ours", "anna", "1"}
	_, content, err := sealIn(box, here, "titel", []byte("tekst"))
	if err != nil {
		t.Fatal(err)
	}
	if b, err := openAt(box, here, "content", content); err != nil || string(b) != "tekst" {
		t.Fatalf("%q %v", b, err)
	}
	for _, other := range []place{{"shared", "ours", "anna", "1"}, {"kept", "theirs", "anna", "1"}, {"kept", "ours", "bert", "1"}, {"kept", "ours", "anna", "2"}} {
		if _, err := openAt(box, other, "content", content); err == nil {
			t.Errorf("it opens at %+v", other)
		}
	}
	if _, err := openAt(box, here, "title", content); err == nil {
		t.Error("it opens as a title")
	}
}

func TestTheLogHoldsNoWordOfIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		word := canary()
		id, version := w.keep(conversation(word))
		share, err := w.Share(t.Context(), anna, id, version, "", Choice{}, "", "", "nl")
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{home, at(id), at(id) + "/data", at(id) + "/share", at(id) + "/export?format=md", at(id) + "/export?format=no", shareAt(share), at("nothing")} {
			w.get("anna", path)
			w.get("bert", path)
		}
		form := w.get("anna", at(id)+"/change").form()
		form.Set("until", word)
		w.post("anna", at(id)+"/change", form).wants(http.StatusUnprocessableEntity)
		form = w.get("anna", at(id)+"/share").form()
		form.Set("words", word)
		form.Set("do", "share")
		w.post("anna", at(id)+"/share", form).wants(http.StatusUnprocessableEntity)
		// A row that was changed past the program is an error of the program: it says so, and nothing of the text.
		err = w.DB.Write(t.Context(), dbtest.Ours, func(tx *db.Scope) error {
			_, err := tx.Exec(t.Context(), `UPDATE lab_kept SET content = title WHERE tenant_id = $1`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		w.get("anna", at(id)).wants(http.StatusInternalServerError).silent(word)
		if log := w.log.String(); strings.Contains(log, word) || strings.Contains(log, "Schrijf") || !strings.Contains(log, "sealed value cannot be opened") {
			t.Errorf("the log: %s", log)
		}
	})
}
