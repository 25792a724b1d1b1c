package own

import (
	"bytes"
	"context"
	"encoding/base64"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/skills/check"
	"tekentafel/internal/tenant"
)

// taking is a place for gifts that keeps what it is told.
type taking struct {
	mu    sync.Mutex
	gifts [][]byte
	marks map[[32]byte]bool
	of    []tenant.ID
	full  bool
}

func (x *taking) Give(_ context.Context, t tenant.ID, mark [32]byte, _ netip.Addr, gift []byte) (bool, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.full || x.marks[mark] {
		return false, nil
	}
	x.marks[mark] = true
	x.gifts, x.of = append(x.gifts, gift), append(x.of, t)
	return true, nil
}

func siteThatTakes(t *testing.T, d *db.DB) (*site, *taking) {
	x := &taking{marks: map[[32]byte]bool{}}
	return newSite(t, d, func(deps *Dependencies) { deps.Gifts = x }), x
}

// holds puts a check under way in the browser.
func (p *person) holds(s *check.State) {
	p.t.Helper()
	sealed, err := p.box.Seal(statePurpose+string(dbtest.Ours), p.pages.Material.Write(s))
	if err != nil {
		p.t.Fatal(err)
	}
	name := p.pages.cookieName(stateCookie)
	p.cookies[name] = &http.Cookie{Name: name, Value: base64.RawURLEncoding.EncodeToString(sealed), Path: checkAt}
}

const askedToGive = "Help de vragen te verbeteren"

func TestAnswersAreGivenOnlyWhenSomebodyPressesForItAndOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, x := siteThatTakes(t, d)
		p := s.person("employee")
		p.starts("all")
		p.agrees("4")
		p.answers(20, true)
		from, seen := s.log.String(), len(s.seen.patterns)
		p.get(resultAt).wants(http.StatusOK, askedToGive, "kun je ze later ook niet terugvragen")
		if len(x.gifts) > 0 {
			t.Fatal("answers are given without asking")
		}
		before := p.cookies["__Secure-"+stateCookie]
		p.post(giveAt).leads(resultAt)
		p.get(resultAt).wants(http.StatusOK, "Je gaf je antwoorden op de toets mee", "Dank je. Je antwoorden op de toets helpen")
		p.post(giveAt).leads(resultAt)
		after := p.cookies["__Secure-"+stateCookie]
		p.cookies["__Secure-"+stateCookie] = before // an old cookie is the same check
		p.post(giveAt).leads(resultAt)
		p.get(resultAt).wants(http.StatusOK, "niet meegegeven", askedToGive)
		p.cookies["__Secure-"+stateCookie] = after
		if len(x.gifts) != 1 || x.of[0] != dbtest.Ours {
			t.Fatalf("%d gifts", len(x.gifts))
		}
		answers, field, ok := s.pages.Material.ReadGift(x.gifts[0])
		if !ok || len(answers) < 10 || field {
			t.Errorf("%d answers, in the field %v", len(answers), field)
		}
		p.get(answersAt).wants(http.StatusOK)
		p.keeps()
		if told := strings.TrimPrefix(s.log.String(), from); told != "" || len(s.seen.patterns) != seen {
			t.Errorf("it leaves a trace: %s %v", told, s.seen.patterns[seen:])
		}
	})
}

// TestAGiftIsTheSameForEverybodyWhoAnsweredTheSame has two people with other work, language, function, statements and way in answer the same: what arrives
// is equal to the byte.
func TestAGiftIsTheSameForEverybodyWhoAnsweredTheSame(t *testing.T) {
	t.Parallel()
	s, x := siteThatTakes(t, dbtest.SQLite(t))
	m := s.pages.Material
	for i := range 2 {
		p := s.person([]string{"employee", "manager"}[i])
		p.lang = []string{"nl", "fr"}[i]
		p.starts("all")
		state := m.NewState(check.All, "", false)
		for at := range 6 {
			state.Given = append(state.Given, check.Given{Item: 7 * at, Option: at % 3})
		}
		state.Done = true
		state.Self = bytes.Repeat([]byte{uint8(i + 2)}, len(state.Self))
		state.Function = check.Ref{ID: functions[i].ID, Name: functions[i].Name}
		p.holds(&state)
		p.post(giveAt).leads(resultAt)
	}
	if len(x.gifts) != 2 || !bytes.Equal(x.gifts[0], x.gifts[1]) {
		t.Errorf("%x", x.gifts)
	}
}

func TestTooFewAnswersOrNoPlaceForThemAreNotAskedFor(t *testing.T) {
	t.Parallel()
	s, x := siteThatTakes(t, dbtest.SQLite(t))
	p := s.person("employee")
	p.starts("statements")
	p.agrees("4")
	p.get(resultAt).wants(http.StatusOK).silent(askedToGive)
	p.post(giveAt).leads(resultAt)
	x.full = true
	q := s.person("employee")
	q.starts("all")
	q.agrees("4")
	q.answers(20, true)
	q.post(giveAt).leads(resultAt)
	q.get(resultAt).wants(http.StatusOK, "niet meegegeven")
	without := newSite(t, dbtest.SQLite(t)).person("employee")
	without.starts("all")
	without.agrees("4")
	without.answers(20, true)
	without.get(resultAt).wants(http.StatusOK).silent(askedToGive)
	without.post(giveAt).leads(resultAt)
	nobody := s.person("")
	nobody.post(giveAt).wants(http.StatusForbidden)
	if len(x.gifts) > 0 {
		t.Errorf("%d gifts", len(x.gifts))
	}
}

// calibrated is an organisation that uses parameters which answers gave.
type calibrated struct{ m *check.Material }

func (c calibrated) MaterialOf(context.Context, tenant.ID) (*check.Material, error) { return c.m, nil }

func TestACheckUsesTheParametersOfItsOrganisationAndSaysWhatTheyRestOn(t *testing.T) {
	t.Parallel()
	m, err := builtin()
	if err != nil {
		t.Fatal(err)
	}
	tuned := map[string]check.Tuned{}
	for i := range m.Items {
		it := &m.Items[i]
		p := it.Parameters
		p.B = append([]float64(nil), p.B...)
		for k := range p.B {
			p.B[k] += 2.5
		}
		tuned[it.ID] = check.Tuned{Mark: it.Mark(), Parameters: p}
	}
	all, err := m.Using(tuned)
	if err != nil {
		t.Fatal(err)
	}
	delete(tuned, m.Items[0].ID)
	some, err := m.Using(tuned)
	if err != nil {
		t.Fatal(err)
	}
	for says, uses := range map[string]*check.Material{"voorlopig een inschatting van experts": m, "Hoe moeilijk elke vraag is, weten we uit de antwoorden": all, "Van 119 van de 120 vragen": some} {
		s := newSite(t, dbtest.SQLite(t), func(d *Dependencies) { d.Materials = calibrated{uses} })
		p := s.person("employee")
		p.starts("all")
		p.agrees("3")
		p.answers(20, true)
		p.get(resultAt).wants(http.StatusOK, says)
	}
}
