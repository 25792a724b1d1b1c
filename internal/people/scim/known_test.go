package scim_test

import (
	"fmt"
	"maps"
	"testing"

	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/people/scim"
)

// TestWhatADirectorySaysIsReadFromWhateverItSent holds that reading two attributes alone finds what reading all of them does.
func TestWhatADirectorySaysIsReadFromWhateverItSent(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		want := map[string]string{}
		for i, c := range []struct{ sent, mail, language string }{
			{`,"emails":[{"value":"a@x.be"}],"preferredLanguage":"fr-BE"`, "a@x.be", "fr"},
			{`,"EMAILS":[{"value":"b1@x.be"},{"value":"b2@x.be","primary":true}],"PreferredLanguage":"DE"`, "b2@x.be", "de"},
			{`,"emails":{"value":"c1@x.be","type":"work"},"preferredLanguage":"es"`, "c1@x.be", ""},
			{`,"emails":[{"value":"d1@x.be","type":"home"},{"value":"d@x.be","type":"work"}],"preferredLanguage":""`, "d@x.be", ""},
			{`,"displayName":"emails","title":"preferredLanguage"`, "", ""},
		} {
			p.user(fmt.Sprintf("u%d@y.be", i), c.sent)
			want[c.mail+" "+c.language] = c.sent
		}
		got := map[string]string{}
		err := scim.Said(t.Context(), d.Of(dbtest.Ours), func(person, mail, language string) {
			if person == "" {
				t.Error("somebody is nobody")
			}
			got[mail+" "+language] = want[mail+" "+language]
		})
		if err != nil || !maps.Equal(got, want) {
			t.Errorf("it says %v, %v; not %v", got, err, want)
		}
	})
}
