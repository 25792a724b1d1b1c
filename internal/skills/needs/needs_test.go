package needs

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/privacy/heldtest"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/needs/demand"
)

func writeFile(path string, content []byte) error { return os.WriteFile(path, content, 0o600) }

func once(key string, what any) asked.Request { return asked.Request{Key: key, What: what} }

func TestWhatIsAnsweredCountsAndSaysWho(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		if got := w.level("usher", "", "critical"); got != 2 {
			t.Errorf("before anybody looked: %d", got)
		}
		seq := must(w.SetAnswers(ctx, hr(), function("usher"), map[string]string{"figures": demand.Yes, "leads": demand.No}, 0, asked.Request{}))(t)
		if got := w.level("usher", "", "technical"); got != 3 || seq != 1 {
			t.Errorf("technical %d after change %d", got, seq)
		}
		a := w.mapNow().Answers("usher")
		i := slices.IndexFunc(a, func(a demand.Answered) bool { return a.Rule.ID == "figures" })
		if a[i].Said.Account != "hr" || a[i].Said.At.IsZero() || a[i].Source != demand.Own {
			t.Errorf("%+v", a[i])
		}
		if same := must(w.SetAnswers(ctx, hr(), function("usher"), map[string]string{"figures": demand.Yes}, seq, asked.Request{}))(t); same != seq {
			t.Errorf("what stands already makes change %d", same)
		}
		for name, c := range map[string]struct {
			x       Subject
			answers map[string]string
		}{"a rule that is not there": {function("usher"), map[string]string{"gone": demand.Yes}}, "no answer": {function("usher"), map[string]string{"leads": "perhaps"}},
			"a function that is not there": {function("gone"), map[string]string{"leads": demand.Yes}}, "a family that is not there": {Subject{Family: "Weg"}, map[string]string{"leads": demand.Yes}}} {
			if _, err := w.SetAnswers(ctx, hr(), c.x, c.answers, seq, asked.Request{}); !problem.Is(err, problem.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestAProposalOfTheRulesIsTakenOverInOneStep(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		if c := w.mapNow().Coverage(); c.Seen() != 0 || c.People != 109 || c.Without != 5 {
			t.Errorf("%+v", c)
		}
		must(w.TakeOver(ctx, hr(), function("clerk"), 0))(t)
		if c := w.mapNow().Coverage(); c.Taken != 26 || c.FunctionsSeen != 1 {
			t.Errorf("%+v", c)
		}
		p, _ := pendingOf(w.mapNow(), "Dienstverlening")
		if len(p.Functions) != 1 || p.People != 11 {
			t.Errorf("%+v", p)
		}
		must(w.TakeOverFamily(ctx, hr(), "Dienstverlening", w.seq()))(t)
		must(w.TakeOverFamily(ctx, hr(), "", w.seq()))(t)
		c := w.mapNow().Coverage()
		if c.FunctionsSeen != 3 || c.Taken != 26+11+3 {
			t.Errorf("%+v", c)
		}
		if _, err := w.TakeOverFamily(ctx, hr(), "Weg", w.seq()); !errors.Is(err, db.ErrNoRow) {
			t.Errorf("a family that is not there: %v", err)
		}
		before := w.seq()
		if again := must(w.TakeOverFamily(ctx, hr(), "Dienstverlening", before))(t); again != before {
			t.Errorf("taking over again makes change %d", again)
		}
	})
}

// readLater is after every change.
const readLater = 1 << 62

func TestALevelNeedsAReasonAndTheNearestWins(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		set := func(where framework.Where, level int) {
			t.Helper()
			must(w.SetLevel(ctx, hr(), where, "creative", level, "Zo spraken we het af", readLater, asked.Request{}))(t)
		}
		set(framework.Where{Family: "Dienstverlening"}, 2)
		set(framework.Where{Function: "clerk", Family: "Dienstverlening"}, 3)
		set(framework.Where{Department: "town"}, 4)
		set(framework.Where{Department: "citizens", Function: "clerk"}, 1)
		for _, c := range []struct {
			function, unit string
			want           int
		}{{"permit", "", 2}, {"clerk", "", 3}, {"clerk", "green", 4}, {"clerk", "desk", 1}, {"permit", "desk", 4}, {"usher", "", 1}} {
			if got := w.level(c.function, c.unit, "creative"); got != c.want {
				t.Errorf("%s in %q: %d, want %d", c.function, c.unit, got, c.want)
			}
		}
		set(framework.Where{Department: "town"}, 0)
		if got := w.level("permit", "desk", "creative"); got != 2 {
			t.Errorf("taken away: %d", got)
		}
		for name, c := range map[string]struct {
			where  framework.Where
			skill  string
			level  int
			reason string
		}{
			"no reason":         {framework.Where{Function: "clerk"}, "creative", 2, "  kort  "[:4]},
			"a long reason":     {framework.Where{Function: "clerk"}, "creative", 2, strings.Repeat("x", mostReason+1)},
			"no such level":     {framework.Where{Function: "clerk"}, "creative", 5, "Omdat het moet"},
			"no such skill":     {framework.Where{Function: "clerk"}, "singing", 2, "Omdat het moet"},
			"for nobody":        {framework.Where{}, "creative", 2, "Omdat het moet"},
			"a unit that went":  {framework.Where{Department: "gone"}, "creative", 2, "Omdat het moet"},
			"a role that is no": {framework.Where{Role: "gone"}, "creative", 2, "Omdat het moet"},
		} {
			if _, err := w.SetLevel(ctx, hr(), c.where, c.skill, c.level, c.reason, w.seq(), asked.Request{}); !problem.Is(err, problem.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestRolesAskLevelsAndGoWithThem(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		role := RoleOf{Name: " Wie  software koopt ", Text: "Beslist mee over aankopen", Levels: map[string]int{"technical": 4, "ethical": 3}, Reason: "Bepaalt waarmee anderen werken"}
		ask := once("role", role)
		id := must(w.PutRole(ctx, hr(), role, 0, ask))(t)
		if again := must(w.PutRole(ctx, hr(), role, 0, ask))(t); again != id {
			t.Errorf("asked twice, it is told the role %s and then %s, which is none", id, again)
		}
		list := must(w.Roles(ctx, hr()))(t)
		if len(list) != 1 || list[0].Name != "Wie software koopt" || list[0].Levels["technical"] != 4 || len(list[0].Levels) != 2 || list[0].Reason != role.Reason {
			t.Errorf("%+v", list)
		}
		need := must(w.Required(ctx, w.DB.Of(dbtest.Ours), framework.Post{Function: "buyer", Roles: []string{id}}))(t)
		if need[4].Level != 4 || need[4].Override == nil || need[4].Reason == "" {
			t.Errorf("%+v", need[4])
		}
		if _, err := w.PutRole(ctx, hr(), RoleOf{Name: "WIE SOFTWARE KOOPT"}, w.seq(), asked.Request{}); !problem.Is(err, problem.Invalid) {
			t.Errorf("a name that is taken: %v", err)
		}
		if _, err := w.PutRole(ctx, hr(), RoleOf{Name: "Zonder reden", Levels: map[string]int{"technical": 2}}, w.seq(), asked.Request{}); !problem.Is(err, problem.Invalid) {
			t.Errorf("levels without a reason: %v", err)
		}
		change := role
		change.ID, change.Levels = id, map[string]int{"technical": 3}
		must(w.PutRole(ctx, hr(), change, w.seq(), asked.Request{}))(t)
		if list = must(w.Roles(ctx, hr()))(t); len(list[0].Levels) != 1 || list[0].Levels["technical"] != 3 {
			t.Errorf("%+v", list)
		}
		must(w.SetLevel(ctx, hr(), framework.Where{Role: id, Department: "green"}, "creative", 4, "Omdat het moet", w.seq(), asked.Request{}))(t)
		gone := must(w.DropRole(ctx, hr(), id, w.seq()))(t)
		if list = must(w.Roles(ctx, hr()))(t); len(list) != 0 || len(w.mapNow().State.All(demand.Level)) != 0 {
			t.Errorf("%+v", list)
		}
		must(w.Undo(ctx, hr(), gone))(t)
		if list = must(w.Roles(ctx, hr()))(t); len(list) != 1 || len(w.mapNow().State.All(demand.Level)) != 2 {
			t.Errorf("put back: %+v", list)
		}
	})
}

func TestTwoPeopleAtOnceLoseNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		var group sync.WaitGroup
		errs := make([]error, 12)
		rules := w.Base.Rules
		for i := range errs {
			group.Go(func() {
				actor := hr()
				actor.Owner = fmt.Sprint("hr-", i)
				_, errs[i] = w.SetAnswers(ctx, actor, function("clerk"), map[string]string{rules[i%len(rules)].ID: []string{demand.Yes, demand.No}[i/len(rules)%2]}, 0, asked.Request{})
			})
		}
		group.Wait()
		kept, lost := 0, 0
		for _, err := range errs {
			switch {
			case err == nil:
				kept++
			case problem.Is(err, problem.Conflict):
				lost++
			default:
				t.Errorf("%v", err)
			}
		}
		if kept != len(rules) || lost != len(errs)-len(rules) {
			t.Errorf("%d kept, %d told that another was first", kept, lost)
		}
		list := must(w.Changes(ctx, hr(), ChangeQuery{Limit: 100}))(t)
		if len(list) != kept || w.seq() != int64(kept) {
			t.Errorf("%d changes, the last is %d", len(list), w.seq())
		}
		for i := range list {
			c := must(w.Change(ctx, hr(), list[i].Seq))(t)
			if v := w.mapNow().State.Of(c.Facts[0].Key); v.Account != c.Account || v.Value != c.Facts[0].Value {
				t.Errorf("%s wrote %+v, and %+v stands", c.Account, c.Facts[0], v)
			}
		}
	})
}

func TestAnotherIsNotOverwritten(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		read := w.seq()
		other := hr()
		other.Owner = "An"
		must(w.SetLevel(ctx, other, framework.Where{Function: "clerk"}, "creative", 3, "Voor de folders", read, asked.Request{}))(t)
		_, err := w.SetLevel(ctx, hr(), framework.Where{Function: "clerk"}, "creative", 2, "Anders gezien", read, asked.Request{})
		p, ok := problem.Of(err)
		if !ok || p.Kind != problem.Conflict || !strings.Contains(p.Message.In("nl"), "Naam van An") {
			t.Errorf("%v", err)
		}
		if got := w.level("clerk", "", "creative"); got != 3 {
			t.Errorf("%d", got)
		}
		must(w.SetLevel(ctx, hr(), framework.Where{Function: "clerk"}, "creative", 3, "Voor de folders", read, asked.Request{}))(t)
		must(w.SetLevel(ctx, hr(), framework.Where{Function: "clerk"}, "ethical", 4, "Iets anders", read, asked.Request{}))(t)
	})
}

func TestOneChangeIsPutBackUnlessItChangedAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		first := must(w.TakeOver(ctx, hr(), function("clerk"), 0))(t)
		back := must(w.Undo(ctx, hr(), first))(t)
		if r := w.mapNow().Function("clerk"); r.Seen() {
			t.Error("it is not put back")
		}
		c := must(w.Change(ctx, hr(), first))(t)
		if c.UndoneBy != back || c.Count != len(w.Base.Rules) {
			t.Errorf("%+v", c)
		}
		if _, err := w.Undo(ctx, hr(), first); !problem.Is(err, problem.Conflict) {
			t.Errorf("put back twice: %v", err)
		}
		must(w.Undo(ctx, hr(), back))(t)
		if r := w.mapNow().Function("clerk"); !r.Seen() {
			t.Error("what was put back is not put back itself")
		}
		last := w.seq()
		other := hr()
		other.Owner = "An"
		must(w.SetAnswers(ctx, other, function("clerk"), map[string]string{"leads": demand.Yes}, last, asked.Request{}))(t)
		_, err := w.Undo(ctx, hr(), last)
		p, ok := problem.Of(err)
		if !ok || p.Kind != problem.Conflict || !strings.Contains(p.Message.In("nl"), "Naam van An") {
			t.Errorf("it changed again since: %v", err)
		}
		if _, err := w.Undo(ctx, hr(), 999); !errors.Is(err, db.ErrNoRow) {
			t.Errorf("a change that is not there: %v", err)
		}
	})
}

// TestTheStoreSaysWhatTheFactsSay makes many changes, puts them back from the newest to the oldest, and reads everything anew.
func TestTheStoreSaysWhatTheFactsSay(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, random := t.Context(), rand.New(rand.NewPCG(6, 17))
		answers := []string{demand.Yes, demand.No, demand.Unknown, "", "-"}
		subjects := []Subject{function("clerk"), function("garden"), {Family: "Dienstverlening"}}
		var before [][]demand.Wish
		for range 12 {
			stood := w.mapNow().State.All(demand.Answer)
			said := map[string]string{}
			for i := range w.Base.Rules {
				if a := answers[random.IntN(len(answers))]; a != "-" {
					said[w.Base.Rules[i].ID] = a
				}
			}
			at := w.seq()
			if must(w.SetAnswers(ctx, hr(), subjects[random.IntN(len(subjects))], said, at, asked.Request{}))(t) > at {
				before = append(before, stood)
			}
		}
		same := func(want []demand.Wish) {
			t.Helper()
			fresh := newWorld(t, w.DB)
			for _, x := range []*world{w, fresh} {
				if got := x.mapNow().State.All(demand.Answer); !slices.Equal(got, want) {
					t.Errorf("%v, want %v", got, want)
				}
			}
		}
		same(w.mapNow().State.All(demand.Answer))
		for i := len(before) - 1; i >= 0; i-- {
			must(w.Undo(ctx, hr(), int64(i+1)))(t)
			same(before[i])
		}
	})
}

func TestCircumstancesAreRecorded(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		must(w.SetFactors(ctx, hr(), Subject{Family: "Dienstverlening"}, map[string]FactorOf{"persons": {Note: "Ook kwetsbare mensen"}, "context": {Counts: true}, "education": {}}, 0, asked.Request{}))(t)
		if list := w.mapNow().State.All(demand.Factor); len(list) != 2 || list[1].Note != "Ook kwetsbare mensen" {
			t.Errorf("%+v", list)
		}
		must(w.SetFactors(ctx, hr(), Subject{Family: "Dienstverlening"}, map[string]FactorOf{"persons": {}, "context": {Counts: true}}, w.seq(), asked.Request{}))(t)
		if list := w.mapNow().State.All(demand.Factor); len(list) != 1 {
			t.Errorf("%+v", list)
		}
		for _, f := range []map[string]FactorOf{{"gone": {Counts: true}}, {"persons": {Note: strings.Repeat("x", mostNote+1)}}} {
			if _, err := w.SetFactors(ctx, hr(), function("clerk"), f, w.seq(), asked.Request{}); !problem.Is(err, problem.Invalid) {
				t.Errorf("%v", err)
			}
		}
	})
}

func TestManagersProposeForTheirTeamAndHRDecides(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		in := ProposalInput{Function: "garden", Answers: map[string]string{"writes": demand.Yes, "field": demand.Yes}, Levels: map[string]int{"creative": 3}, Reason: "Ze maken zelf de borden in het park"}
		in.Asked = once("p", in.Reason)
		id := must(w.Propose(ctx, manager(), in))(t)
		if again := must(w.Propose(ctx, manager(), in))(t); again != id {
			t.Errorf("asked twice, %s and %s", id, again)
		}
		p := must(w.Proposal(ctx, hr(), id))(t)
		if p.State != Waiting || len(p.Wishes) != 2 || p.Account != "manager" {
			t.Errorf("what stands already is not proposed: %+v", p)
		}
		if got := w.level("garden", "", "creative"); got != 1 {
			t.Errorf("it counts before it is accepted: %d", got)
		}
		if err := w.Decide(ctx, manager(), id, true, "", 0); !problem.Is(err, problem.Forbidden) {
			t.Errorf("a manager decides: %v", err)
		}
		if err := w.Decide(ctx, hr(), id, true, "", w.seq()); err != nil {
			t.Fatal(err)
		}
		if got := w.level("garden", "", "creative"); got != 3 {
			t.Errorf("accepted: %d", got)
		}
		if p = must(w.Proposal(ctx, manager(), id))(t); p.State != Accepted || p.Seq != 1 || p.Decider != "hr" {
			t.Errorf("%+v", p)
		}
		if err := w.Decide(ctx, hr(), id, false, "Toch niet nodig", w.seq()); !problem.Is(err, problem.Conflict) {
			t.Errorf("decided twice: %v", err)
		}
		in.Asked, in.Levels = asked.Request{}, map[string]int{"critical": 4}
		second := must(w.Propose(ctx, manager(), in))(t)
		if err := w.Decide(ctx, hr(), second, false, "", w.seq()); !problem.Is(err, problem.Invalid) {
			t.Errorf("refused without a word: %v", err)
		}
		if err := w.Decide(ctx, hr(), second, false, "Dat vragen we van niemand", w.seq()); err != nil {
			t.Fatal(err)
		}
		third := must(w.Propose(ctx, manager(), in))(t)
		if err := w.Withdraw(ctx, hr(), third); !errors.Is(err, db.ErrNoRow) {
			t.Errorf("another withdraws: %v", err)
		}
		if err := w.Withdraw(ctx, manager(), third); err != nil {
			t.Fatal(err)
		}
		if log := must(w.Audit.List(ctx, dbtest.Ours, audit.Filter{}, 1))(t); len(log.Entries) != 1 || log.Entries[0].Action != "skills.needs-withdrawn" || log.Entries[0].Subject != third {
			t.Errorf("the log says %+v", log.Entries)
		}
		if list := must(w.Proposals(ctx, manager(), "", "", 10))(t); len(list) != 3 || list[0].State != Withdrawn || list[1].Answer == "" {
			t.Errorf("%+v", list)
		}
		in.Function = "clerk"
		if _, err := w.Propose(ctx, manager(), in); !problem.Is(err, problem.Forbidden) {
			t.Errorf("for the function of another team: %v", err)
		}
		in.Function, in.Levels, in.Answers = "garden", nil, nil
		if _, err := w.Propose(ctx, manager(), in); !problem.Is(err, problem.Invalid) {
			t.Errorf("nothing proposed: %v", err)
		}
		if _, err := w.Proposal(ctx, person(dbtest.Ours, access.Researcher), id); !errors.Is(err, db.ErrNoRow) {
			t.Errorf("another reads it: %v", err)
		}
	})
}

func TestAProposalThatWasOvertakenIsNotWritten(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		id := must(w.Propose(ctx, manager(), ProposalInput{Function: "garden", Levels: map[string]int{"creative": 3}, Reason: "Ze maken zelf de borden"}))(t)
		read := w.seq()
		must(w.SetLevel(ctx, hr(), framework.Where{Function: "garden"}, "creative", 2, "Zo spraken we het af", read, asked.Request{}))(t)
		if err := w.Decide(ctx, hr(), id, true, "", read); !problem.Is(err, problem.Conflict) {
			t.Errorf("%v", err)
		}
		if p := must(w.Proposal(ctx, hr(), id))(t); p.State != Waiting {
			t.Errorf("%+v", p)
		}
	})
}

func TestOnlyWhoMayChangesAndReads(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		for _, role := range access.Roles() {
			actor := person(dbtest.Ours, role)
			_, read := w.Matrix(ctx, actor, Filter{})
			if may := access.Can(actor, access.ReadNeeds, access.Resource{Tenant: dbtest.Ours}); (read == nil) != may {
				t.Errorf("%s reads: %v", role, read)
			}
			may := access.Can(actor, access.ChangeNeeds, access.Resource{Tenant: dbtest.Ours})
			tries := map[string]error{}
			_, tries["answers"] = w.SetAnswers(ctx, actor, function("clerk"), map[string]string{"leads": demand.No}, w.seq(), asked.Request{})
			_, tries["take"] = w.TakeOver(ctx, actor, function("clerk"), w.seq())
			_, tries["family"] = w.TakeOverFamily(ctx, actor, "Dienstverlening", w.seq())
			_, tries["level"] = w.SetLevel(ctx, actor, framework.Where{Function: "clerk"}, "creative", 2, "Omdat het moet", w.seq(), asked.Request{})
			_, tries["factors"] = w.SetFactors(ctx, actor, function("clerk"), map[string]FactorOf{"persons": {Counts: true}}, w.seq(), asked.Request{})
			_, tries["undo"] = w.Undo(ctx, actor, max(1, w.seq()))
			_, tries["draft"] = w.Draft(ctx, actor)
			for what, err := range tries {
				if may && err != nil || !may && !problem.Is(err, problem.Forbidden) {
					t.Errorf("%s, %s: %v", role, what, err)
				}
			}
		}
	})
}

func TestOrganisationsAreApart(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		must(w.SetAnswers(ctx, hr(), function("clerk"), map[string]string{"software": demand.Yes}, 0, asked.Request{}))(t)
		id := must(w.Propose(ctx, manager(), ProposalInput{Function: "garden", Levels: map[string]int{"creative": 3}, Reason: "Ze maken zelf de borden"}))(t)
		theirs := person(dbtest.Theirs, access.HR)
		list, ok, err := w.For(ctx, dbtest.Theirs, "clerk", "")
		if err != nil || !ok || list[4].Level != 1 {
			t.Errorf("%+v %v", list, err)
		}
		if got, err := w.Changes(ctx, theirs, ChangeQuery{Limit: 10}); err != nil || len(got) != 0 {
			t.Errorf("%v %v", got, err)
		}
		if _, err := w.Change(ctx, theirs, 1); !errors.Is(err, db.ErrNoRow) {
			t.Errorf("%v", err)
		}
		if _, err := w.Undo(ctx, theirs, 1); !errors.Is(err, db.ErrNoRow) {
			t.Errorf("%v", err)
		}
		if err := w.Decide(ctx, theirs, id, true, "", 0); !errors.Is(err, db.ErrNoRow) {
			t.Errorf("%v", err)
		}
	})
}

func TestTheMatrixFindsWhatOneLooksFor(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		must(w.TakeOver(ctx, hr(), function("clerk"), 0))(t)
		must(w.SetLevel(ctx, hr(), framework.Where{Department: "desk"}, "creative", 4, "Omdat het moet", w.seq(), asked.Request{}))(t)
		for name, c := range map[string]struct {
			actor access.Actor
			f     Filter
			want  string
		}{
			"all":        {hr(), Filter{}, "permit clerk head garden buyer usher"},
			"family":     {hr(), Filter{Family: "Dienstverlening"}, "permit clerk"},
			"unit":       {hr(), Filter{Unit: "citizens"}, "permit clerk"},
			"open":       {hr(), Filter{Open: true, Family: "Dienstverlening"}, "permit"},
			"words":      {hr(), Filter{Search: "GROEN tuin"}, "garden"},
			"code":       {hr(), Filter{Search: "f05"}, "buyer"},
			"team":       {manager(), Filter{Team: true}, "head garden"},
			"first page": {hr(), Filter{Limit: 2}, "permit clerk"},
			"next page":  {hr(), Filter{Limit: 2, After: "clerk"}, "head garden"},
			"last page":  {hr(), Filter{Limit: 4, After: "garden"}, "buyer usher"},
		} {
			m := must(w.Matrix(ctx, c.actor, c.f))(t)
			var got []string
			for i := range m.Lines {
				got = append(got, m.Lines[i].ID)
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("%s: %v", name, got)
			}
		}
		m := must(w.Matrix(ctx, hr(), Filter{Unit: "desk"}))(t)
		if len(m.Lines) != 1 || m.Lines[0].People != 24 || m.Lines[0].Needs[3].Level != 4 || m.Lines[0].Row.Needs[3].Level == 4 {
			t.Errorf("%+v", m.Lines)
		}
		if m := must(w.Matrix(ctx, hr(), Filter{Limit: 2, After: "garden"}))(t); m.Next || m.Prior != "clerk" || m.Found != 6 {
			t.Errorf("%+v", m)
		}
		if _, err := w.Matrix(ctx, hr(), Filter{Unit: "gone"}); !problem.Is(err, problem.Invalid) {
			t.Errorf("%v", err)
		}
	})
}

func TestWhatIsHeldOfAPersonIsShownAndForgotten(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		who := access.Actor{Kind: access.Person, Tenant: dbtest.Ours, ID: "acc-7f3", Owner: "acc-7f3", Roles: []access.Role{access.HR, access.Manager}}
		w.staff.led["acc-7f3"] = w.staff.led["manager"]
		must(w.TakeOver(ctx, who, function("clerk"), 0))(t)
		id := must(w.Propose(ctx, who, ProposalInput{Function: "garden", Levels: map[string]int{"creative": 3}, Reason: "Ze maken zelf de borden"}))(t)
		if err := w.Decide(ctx, who, id, true, "", w.seq()); err != nil {
			t.Fatal(err)
		}
		if err := w.Write(ctx, who, 0, func(c *framework.Change) error { return nil }); err != nil {
			t.Fatal(err)
		}
		sections, err := w.Held(ctx, dbtest.Ours, who.Owner)
		if err != nil {
			t.Fatal(err)
		}
		found := heldtest.Mentions(t, w.DB, dbtest.Ours, who.Owner)
		if out := heldtest.Uncovered(found, sections, who.Owner, map[string]string{"audit_log": "of another feature", "jobs": "", "asked": ""}); len(out) > 0 || len(found) < 4 {
			t.Errorf("not shown: %v of %d", out, len(found))
		}
		if err := w.DB.Write(ctx, dbtest.Ours, func(tx *db.Scope) error { return w.Erase(ctx, tx, who.Owner) }); err != nil {
			t.Fatal(err)
		}
		for _, f := range heldtest.Mentions(t, w.DB, dbtest.Ours, who.Owner) {
			if strings.HasPrefix(f.Table, "skill_") {
				t.Errorf("still there: %+v", f)
			}
		}
		if v := w.mapNow().State.Of(demand.Key{Kind: demand.Level, Where: framework.Where{Function: "garden"}, Item: "creative"}); v.Account != "" || v.Value.Value != "3" {
			t.Errorf("%+v", v)
		}
		if left, err := w.Held(ctx, dbtest.Ours, who.Owner); err != nil || left != nil {
			t.Errorf("%v %v", left, err)
		}
	})
}

func TestTheMapFollowsTheOrganisation(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		before := w.mapNow()
		if w.mapNow() != before {
			t.Error("it is computed anew though nothing changed")
		}
		w.staff.mu.Lock()
		w.staff.org.Functions = slices.Clone(w.staff.org.Functions[1:])
		w.staff.org.Revision++
		w.staff.mu.Unlock()
		if m := w.mapNow(); m.Function("clerk") != nil || len(m.Rows) != 5 {
			t.Error("a function that went is still there")
		}
	})
}
