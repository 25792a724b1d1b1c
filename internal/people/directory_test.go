package people

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/id"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/scim"
	"tekentafel/internal/people/store"
	"tekentafel/internal/problem"
	"tekentafel/internal/web"
)

// key is the actor of a directory.
func key() access.Actor {
	return access.Actor{Kind: access.Key, Tenant: dbtest.Ours, ID: "key", Owner: "admin", Roles: []access.Role{access.Administrator}, Scopes: []access.Action{access.SyncPeople}}
}

// put says something of a person as a directory does, and returns the id.
func (w *world) put(p scim.Person) string {
	w.t.Helper()
	person, err := w.tryPut(p)
	if err != nil {
		w.t.Fatal(err)
	}
	return person
}

func (w *world) tryPut(p scim.Person) (person string, err error) {
	err = w.DB.Write(w.t.Context(), dbtest.Ours, func(tx *db.Scope) (err error) {
		person, err = w.Directory().Put(w.t.Context(), tx, key(), p)
		return err
	})
	return person, err
}

func (w *world) out(person string) {
	w.t.Helper()
	if err := w.DB.Write(w.t.Context(), dbtest.Ours, func(tx *db.Scope) error { return w.Directory().Out(w.t.Context(), tx, key(), person) }); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) head() int64 {
	w.t.Helper()
	h, err := store.Head(w.t.Context(), w.DB.Of(dbtest.Ours))
	if err != nil {
		w.t.Fatal(err)
	}
	return h.Current
}

// calm forgets the assessments that wait for the next minute, so that a test need not.
func (w *world) calm() {
	w.t.Helper()
	if err := w.DB.Write(w.t.Context(), dbtest.Ours, func(tx *db.Scope) error {
		_, err := tx.Exec(w.t.Context(), `DELETE FROM jobs WHERE tenant_id = $1 AND kind = $2 AND state = 'waiting'`, assessJob)
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
}

// all reads the organisation that stands.
func (w *world) all() *org.Index {
	w.t.Helper()
	o, err := store.Load(w.t.Context(), w.DB.Of(dbtest.Ours), w.head())
	if err != nil {
		w.t.Fatal(err)
	}
	return org.NewIndex(o)
}

// card writes a person on one line: name|mail|language|number|manager|path of the unit|function|out.
func (w *world) card(person string) string {
	w.t.Helper()
	x := w.all()
	i, ok := x.Person[person]
	if !ok {
		return "nobody"
	}
	p := &x.People[i]
	var unit, function string
	if posts := x.PostsOf(person); len(posts) > 0 {
		unit = strings.Join(x.Path(posts[0].Unit), "/")
		if posts[0].Function != "" {
			function = x.Functions[x.Function[posts[0].Function]].Name
		}
		if posts[0].To != 0 {
			function += " (ended)"
		}
	}
	manager := ""
	if p.Manager != "" {
		manager = x.People[x.Person[p.Manager]].Family
	}
	return strings.Join([]string{p.Given + "," + p.Family, p.Mail, p.Language, p.Number, manager, unit, function, fmt.Sprint(p.Out)}, "|")
}

func (w *world) wants(what, got, want string) {
	w.t.Helper()
	if got != want {
		w.t.Errorf("%s:\n got %s\nwant %s", what, got, want)
	}
}

func TestADirectoryMakesPeopleUnitsAndFunctionsOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		boss := w.put(scim.Person{Given: "Ann", Family: "Claes", Mail: "ann@x.be", Title: "Directeur", Department: "Bibliotheek", Active: true})
		jan := w.put(scim.Person{Number: "7", Given: "Jan", Family: "Peeters", Mail: "jan@x.be", Language: "nl", Title: "Bibliothecaris", Department: "BIBLIOTHEEK ", Manager: boss, Active: true})
		piet := w.put(scim.Person{Family: "Piet", Mail: "piet@x.be", Title: "bibliothecaris", Division: "Onderhoud", Active: false})
		w.wants("the boss", w.card(boss), "Ann,Claes|ann@x.be||||Stad Voorbeeld/Bibliotheek|Directeur|false")
		w.wants("Jan", w.card(jan), "Jan,Peeters|jan@x.be|nl|7|Claes|Stad Voorbeeld/Bibliotheek|Bibliothecaris|false")
		w.wants("who is switched off", w.card(piet), ",Piet|piet@x.be||||Stad Voorbeeld/Onderhoud|Bibliothecaris|false")
		if x := w.all(); len(x.Units) != 3 || len(x.Functions) != 2 || len(x.Posts) != 3 {
			t.Errorf("%d units, %d functions, %d posts", len(x.Units), len(x.Functions), len(x.Posts))
		}
		before := w.head()
		if before != 3 {
			t.Errorf("3 requests made %d revisions", before)
		}
		again := scim.Person{ID: jan, Number: "7", Given: "Jan", Family: "Peeters", Mail: "jan@x.be", Language: "nl", Title: "Bibliothecaris", Department: "Bibliotheek", Manager: boss, Active: true}
		if w.put(again) != jan || w.head() != before {
			t.Error("what says nothing new is a revision")
		}
		if w.put(scim.Person{Number: "7", Family: "Peeters Jan", Active: true}) != jan {
			t.Error("somebody is not recognised by number")
		}
		w.wants("what is not said stays", w.card(jan), ",Peeters Jan|jan@x.be|nl|7|Claes|Stad Voorbeeld/Bibliotheek|Bibliothecaris|false")
		again.Department, again.Title, again.Language, again.ID = "Sport", "Sportpromotor", "fr", jan
		w.put(again)
		w.wants("who moves", w.card(jan), "Jan,Peeters|jan@x.be|fr|7|Claes|Stad Voorbeeld/Sport|Sportpromotor|false")
		v, err := store.RevisionOf(t.Context(), w.DB.Of(dbtest.Ours), w.head())
		if err != nil || v.Kind != store.BySCIM || NoteOf(&v).Subject != jan {
			t.Errorf("%+v, %v", v, err)
		}
	})
}

func TestWhoIsOutComesBackAndWhoIsOnlySwitchedOffStays(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		jan := w.put(scim.Person{Given: "Jan", Family: "Peeters", Mail: "jan@x.be", Title: "Klerk", Department: "Griffie", Active: true})
		before := w.head()
		w.put(scim.Person{ID: jan, Given: "Jan", Family: "Peeters", Mail: "jan@x.be", Title: "Klerk", Department: "Griffie"})
		if w.head() != before {
			t.Error("switching somebody off changed the person")
		}
		w.out(jan)
		w.out(jan)
		if x := w.all(); x.People[0].To != w.today() || w.head() != before+1 {
			t.Errorf("%+v at %d", x.People[0], w.head())
		}
		w.wants("out", w.card(jan), "Jan,Peeters|jan@x.be||||Stad Voorbeeld/Griffie|Klerk (ended)|true")
		w.put(scim.Person{ID: jan, Given: "Jan", Family: "Peeters", Active: true})
		w.wants("back", w.card(jan), "Jan,Peeters|jan@x.be||||Stad Voorbeeld/Griffie|Klerk|false")
		if x := w.all(); x.People[0].To != 0 {
			t.Errorf("%+v", x.People[0])
		}
		w.out("nobody")
	})
}

// The file of TestAFileWinsForPostsAndADirectoryForMailAndLanguage, with columns that are recognised by their names.
const twoSources = "Personeelsnummer;Voornaam;Naam;E-mail;Taal;Functie;Dienst\n7;Jan;Peeters;oud@x.be;nl;Klerk;Griffie\n8;An;Maes;an@x.be;nl;;Griffie\n"

func TestAFileWinsForPostsAndADirectoryForMailAndLanguage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		source := w.source("Loonpakket")
		w.taken(w.mapped(w.bring(source, twoSources, false)), false)
		jan := w.put(scim.Person{Number: "7", Family: "Jan P.", Mail: "jan@x.be", Language: "fr", Title: "Adviseur", Department: "IT", Active: true})
		an := w.put(scim.Person{Mail: "an@x.be", Family: "An", Number: "8", Title: "Bode", Department: "IT", Active: true})
		w.wants("known by number", w.card(jan), "Jan,Peeters|jan@x.be|fr|7||Griffie|Klerk|false")
		w.wants("a function that the file does not say", w.card(an), "An,Maes|an@x.be|nl|8||Griffie|Bode|false")
		w.put(scim.Person{ID: an, Family: "An", Title: "Hoofdbode", Active: true})
		w.wants("what the directory filled in it changes", w.card(an), "An,Maes|an@x.be|nl|8||Griffie|Hoofdbode|false")
		w.known(jan, `{"userName":"jan@x.be","emails":[{"value":"jan@x.be","primary":true}],"preferredLanguage":"fr"}`)
		w.calm()
		next := strings.NewReplacer("Klerk;Griffie", "Bestuurssecretaris;Griffie").Replace(twoSources)
		w.taken(w.mapped(w.bring(source, next, false)), false)
		w.wants("after the next file", w.card(jan), "Jan,Peeters|jan@x.be|fr|7||Griffie|Bestuurssecretaris|false")
		w.taken(w.mapped(w.bring(source, strings.Split(next, "7;")[0]+"8;An;Maes;an@x.be;nl;;Griffie\n", false)), true)
		if got := w.card(jan); !strings.HasSuffix(got, "true") {
			t.Fatalf("who is not in a complete file is in service: %s", got)
		}
		w.put(scim.Person{ID: jan, Family: "Jan P.", Mail: "jan2@x.be", Active: true})
		if got := w.card(jan); !strings.HasSuffix(got, "true") || !strings.Contains(got, "jan2@x.be") {
			t.Errorf("the directory brings back who is out by a file: %s", got)
		}
		w.calm()
		extern := w.put(scim.Person{Number: "X1", Family: "Extern", Active: true})
		w.calm()
		w.taken(w.mapped(w.bring(source, next, false)), true)
		w.wants("whom no file ever named", w.card(extern), ",Extern|||X1||||false")
		w.taken(w.mapped(w.bring(source, next+"X1;Eva;Extern;;nl;Bode;Griffie\n", false)), true)
		w.taken(w.mapped(w.bring(source, next, false)), true)
		if got := w.card(extern); !strings.HasSuffix(got, "true") {
			t.Errorf("who was in a complete file and is no longer: %s", got)
		}
	})
}

// known lets the directory have a user of a person.
func (w *world) known(person, resource string) {
	w.t.Helper()
	if err := w.DB.Write(w.t.Context(), dbtest.Ours, func(tx *db.Scope) error {
		_, err := tx.Exec(w.t.Context(), `INSERT INTO scim_users (tenant_id, id, user_name, active, resource, person_id, created_at, changed_at) VALUES ($1, $2, $2, TRUE, $3, $4, 0, 0)`,
			id.Token(), resource, person)
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
}

func TestWhoIsTwiceInTheDirectoryStaysInServiceWhenOneGoes(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		jan := w.put(scim.Person{Number: "7", Family: "Jan", Active: true})
		w.known(jan, `{}`)
		w.known(jan, `{}`)
		w.out(jan)
		w.wants("with an account for administration too", w.card(jan), ",Jan|||7||||false")
	})
}

func TestWhatAPersonWroteStaysAndDecisionsAreHeeded(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		jan := w.put(scim.Person{Number: "7", Family: "Jan", Title: "Administratief medewerker", Department: "Griffie", Active: true})
		ann := w.put(scim.Person{Number: "8", Family: "Ann", Title: "Adm. mdw.", Department: "Griffie", Active: true})
		x := w.all()
		one, other := x.PostsOf(jan)[0].Function, x.PostsOf(ann)[0].Function
		if _, err := w.MergeTitles(t.Context(), hr(), one, []string{other}); err != nil {
			t.Fatal(err)
		}
		bea := w.put(scim.Person{Number: "9", Family: "Bea", Title: "adm. mdw", Department: "Griffie", Active: true})
		w.wants("a title that was decided to be another", w.card(bea), ",Bea|||9||Stad Voorbeeld/Griffie|Administratief medewerker|false")
		unit := x.PostsOf(jan)[0].Unit
		u := x.Units[x.Unit[unit]]
		u.Name = "Griffie en archief"
		if _, err := w.PutUnit(t.Context(), hr(), u, w.head()); err != nil {
			t.Fatal(err)
		}
		w.put(scim.Person{ID: jan, Number: "7", Family: "Jan", Title: "Administratief medewerker", Department: "Griffie", Language: "nl", Active: true})
		w.wants("a unit that was renamed here", w.card(jan), ",Jan||nl|7||Stad Voorbeeld/Griffie en archief|Administratief medewerker|false")
		if err := w.PlacePerson(t.Context(), hr(), jan, x.Units[x.Unit[unit]].Parent, one, w.head()); err != nil {
			t.Fatal(err)
		}
		w.put(scim.Person{ID: jan, Number: "7", Family: "Jan", Title: "Klerk", Department: "Sport", Active: true})
		w.wants("who was placed by hand", w.card(jan), ",Jan||nl|7||Stad Voorbeeld|Klerk|false")
		w.calm()
	})
}

func TestUnitsAreFoundByCodeAndByDivision(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		add := func(u org.Unit) string {
			t.Helper()
			unit, err := w.PutUnit(t.Context(), hr(), u, w.head())
			if err != nil {
				t.Fatal(err)
			}
			return unit
		}
		top := add(org.Unit{Name: "Stad"})
		a, b := add(org.Unit{Name: "Mens", Code: "M", Parent: top}), add(org.Unit{Name: "Ruimte", Parent: top})
		add(org.Unit{Name: "Secretariaat", Parent: a})
		add(org.Unit{Name: "Secretariaat", Parent: b})
		for number, c := range map[string]struct{ department, division, unit string }{
			"1": {"m", "", "Stad/Mens"}, "2": {"secretariaat", "Ruimte", "Stad/Ruimte/Secretariaat"}, "3": {"Secretariaat", "", ""},
			"4": {"Groen", "RUIMTE", "Stad/Ruimte/Groen"}, "5": {"Vloot", "Nergens", "Stad/Vloot"}, "6": {"", "M", "Stad/Mens"},
		} {
			person := w.put(scim.Person{Number: number, Family: "X", Title: "T", Department: c.department, Division: c.division, Active: true})
			w.wants(c.department+" in "+c.division, strings.Split(w.card(person), "|")[5], c.unit)
		}
		w.calm()
	})
}

func TestAMailAddressAloneDoesNotMakeTwoPeopleOne(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		one := w.put(scim.Person{Number: "1", Family: "Een", Mail: "loket@x.be", Active: true})
		if w.put(scim.Person{Number: "2", Family: "Twee", Mail: "loket@x.be", Active: true}) == one {
			t.Error("another number and the same address are one person")
		}
		nameless := w.put(scim.Person{Family: "Drie", Mail: "loket@x.be", Active: true})
		if nameless == one {
			t.Error("an address of two people names one of them")
		}
		if w.put(scim.Person{Number: "3", Family: "Vier", Mail: "vier@x.be", Active: true}) != w.put(scim.Person{Family: "Vier", Mail: "vier@x.be", Active: true}) {
			t.Error("somebody is not recognised by mail")
		}
	})
}

func TestADirectoryWaitsForALargeChangeAndSweepsADeadOne(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		jan := w.put(scim.Person{Number: "1", Family: "Jan", Active: true})
		at := w.Now()
		change, err := store.Begin(t.Context(), w.DB, dbtest.Ours, func() time.Time { return at }, store.Revision{Kind: store.ByImport})
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.tryPut(scim.Person{ID: jan, Family: "Jan Peeters", Active: true})
		if p := web.Explain(err); p.Kind != problem.Unavailable || p.RetryAfter == 0 {
			t.Errorf("while an import is written: %v", err)
		}
		if w.Directory().Again(t.Context(), dbtest.Ours, err) {
			t.Error("a writer who lives is swept away")
		}
		if w.put(scim.Person{ID: jan, Number: "1", Family: "Jan", Active: true}) != jan {
			t.Error("what changes nothing waits")
		}
		if err := change.Abort(t.Context()); err != nil {
			t.Fatal(err)
		}
		long := at.Add(-time.Hour)
		if _, err := store.Begin(t.Context(), w.DB, dbtest.Ours, func() time.Time { return long }, store.Revision{Kind: store.ByImport}); err != nil {
			t.Fatal(err)
		}
		_, err = w.tryPut(scim.Person{ID: jan, Family: "Jan Peeters", Active: true})
		if busy := (*store.BusyError)(nil); !errors.As(err, &busy) || !busy.Abandoned || !w.Directory().Again(t.Context(), dbtest.Ours, err) {
			t.Fatalf("after a writer died: %v", err)
		}
		w.put(scim.Person{ID: jan, Family: "Jan Peeters", Active: true})
	})
}

func TestManyRequestsMakeAUnitOnceAndAskForOneAssessmentAMinute(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var wg sync.WaitGroup
		const many = 8
		var failed [many]error
		for i := range many {
			wg.Go(func() {
				_, failed[i] = w.tryPut(scim.Person{Number: fmt.Sprint(i), Family: "P", Title: "T", Department: "D", Active: true})
			})
		}
		wg.Wait()
		if err := errors.Join(failed[:]...); err != nil {
			t.Fatal(err)
		}
		if x := w.all(); len(x.Units) != 2 || len(x.Functions) != 1 || len(x.People) != many {
			t.Errorf("%d units, %d functions, %d people", len(x.Units), len(x.Functions), len(x.People))
		}
		var jobs, minutes int
		if err := w.DB.Of(dbtest.Ours).Row(t.Context(), `SELECT COUNT(*), COUNT(DISTINCT run_at) FROM jobs WHERE tenant_id = $1 AND kind = $2`, []any{assessJob}, &jobs, &minutes); err != nil {
			t.Fatal(err)
		}
		if jobs == 0 || jobs != minutes || jobs > 2 {
			t.Errorf("%d assessments at %d times", jobs, minutes)
		}
	})
}

func TestOnlyADirectoryPutsPeople(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, actor := range []access.Actor{hr(), as("admin"), {}} {
			err := w.DB.Write(t.Context(), dbtest.Ours, func(tx *db.Scope) error {
				_, err := w.Directory().Put(t.Context(), tx, actor, scim.Person{Family: "X"})
				return errors.Join(err, w.Directory().Out(t.Context(), tx, actor, "x"))
			})
			if p, ok := problem.Of(err); !ok || p.Kind != problem.Forbidden {
				t.Errorf("%+v: %v", actor, err)
			}
		}
	})
}
