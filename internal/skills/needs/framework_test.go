package needs

import (
	"net/url"
	"strings"
	"testing"

	"tekentafel/internal/asked"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/needs/demand"
)

func inAll(text string) framework.Text {
	return framework.Text{framework.NL: text, framework.FR: text, framework.DE: text, framework.EN: text}
}

func TestAnOrganisationAdaptsTheFrameworkAndGoesBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		r := w.DB.Of("ours")
		if f := must(w.Framework(ctx, "ours"))(t); f.AdaptedFrom != nil || f != w.Base {
			t.Error("before anybody adapted it, it is not that of the product")
		}
		d := must(w.Draft(ctx, hr()))(t)
		if d.Version != 0 {
			t.Errorf("%+v", d)
		}
		write := func(level int) {
			t.Helper()
			d := must(w.Draft(ctx, hr()))(t)
			if err := w.Write(ctx, hr(), d.Version, func(c *framework.Change) error {
				c.Everyone = append([]framework.Ask{}, w.Base.Everyone...)
				c.Everyone[3].Level = level
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		write(2)
		if got := w.level("usher", "", "creative"); got != 1 {
			t.Errorf("what is not published counts: %d", got)
		}
		d = must(w.Draft(ctx, hr()))(t)
		if _, err := w.Publish(ctx, hr(), "1.0", "Ideeën vragen we van iedereen", d.Version); !problem.Is(err, problem.Invalid) {
			t.Errorf("the name of the product's version: %v", err)
		}
		if _, err := w.Publish(ctx, hr(), "1.0-stad", "kort", d.Version); !problem.Is(err, problem.Invalid) {
			t.Errorf("without a note: %v", err)
		}
		if _, err := w.Publish(ctx, hr(), "1.0-stad", "Ideeën vragen we van iedereen", d.Version-1); !problem.Is(err, problem.Conflict) {
			t.Errorf("another draft: %v", err)
		}
		first := must(w.Publish(ctx, hr(), "1.0-stad", "Ideeën vragen we van iedereen", d.Version))(t)
		if got := w.level("usher", "", "creative"); got != 2 {
			t.Errorf("published: %d", got)
		}
		f := must(w.Framework(ctx, "ours"))(t)
		if f.Version != "1.0-stad" || f.AdaptedFrom == nil || f.AdaptedFrom.Version != w.Base.Version {
			t.Errorf("%s %+v", f.Version, f.AdaptedFrom)
		}
		if theirs := must(w.Framework(ctx, "theirs"))(t); theirs != w.Base {
			t.Error("another organisation reads it too")
		}
		write(3)
		d = must(w.Draft(ctx, hr()))(t)
		if _, err := w.Publish(ctx, hr(), "1.0-STAD", "Nog meer ideeën", d.Version); !problem.Is(err, problem.Invalid) {
			t.Errorf("a name that is taken: %v", err)
		}
		must(w.Publish(ctx, hr(), "1.1-stad", "Nog meer ideeën", d.Version))(t)
		if got := w.level("usher", "", "creative"); got != 3 {
			t.Errorf("published again: %d", got)
		}
		must(w.Hold(ctx, hr(), 1, "Dat was te veel gevraagd"))(t)
		if got := w.level("usher", "", "creative"); got != 2 {
			t.Errorf("gone back: %d", got)
		}
		must(w.Hold(ctx, hr(), 0, "Terug naar het begin"))(t)
		if got := w.level("usher", "", "creative"); got != 1 {
			t.Errorf("gone back to the product: %d", got)
		}
		if _, err := w.Hold(ctx, hr(), 9, "Terug naar nergens"); err == nil {
			t.Error("a version that is not there holds")
		}
		list, now, err := w.Versions(ctx, r)
		if err != nil || len(list) != 2 || now != 0 || list[0].Name != "1.1-stad" || list[1].Note != "Ideeën vragen we van iedereen" {
			t.Errorf("%+v %d %v", list, now, err)
		}
		// A fresh service reads the same as one that kept everything.
		if fresh := newWorld(t, w.DB); fresh.level("usher", "", "creative") != 1 {
			t.Error("read anew it differs")
		}
		if _, err := w.Undo(ctx, hr(), first); !problem.Is(err, problem.Conflict) {
			t.Errorf("it changed again since: %v", err)
		}
		must(w.Undo(ctx, hr(), w.seq()))(t)
		if got := w.level("usher", "", "creative"); got != 2 {
			t.Errorf("going back is put back: %d", got)
		}
	})
}

func TestTwoWhoWriteAtOnceDoNotLoseEachOther(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		put := func(version int64, text string) error {
			return w.Write(ctx, hr(), version, func(c *framework.Change) error {
				if c.Texts == nil {
					c.Texts = map[string]framework.Text{}
				}
				c.Texts["title"] = inAll(text)
				return nil
			})
		}
		if err := put(0, "Een eigen titel"); err != nil {
			t.Fatal(err)
		}
		if err := put(0, "Een andere titel"); !problem.Is(err, problem.Conflict) {
			t.Errorf("%v", err)
		}
		d := must(w.Draft(ctx, hr()))(t)
		if err := put(d.Version, "<b>titel</b>"); !problem.Is(err, problem.Invalid) {
			t.Errorf("what can be no framework: %v", err)
		}
		if again := must(w.Draft(ctx, hr()))(t); again.Version != d.Version || again.Change.Texts["title"][framework.NL] != "Een eigen titel" {
			t.Errorf("%+v", again)
		}
		if err := w.DropDraft(ctx, hr(), d.Version-1); !problem.Is(err, problem.Conflict) {
			t.Errorf("what another wrote meanwhile is thrown away: %v", err)
		}
		for range 2 {
			if err := w.DropDraft(ctx, hr(), d.Version); err != nil {
				t.Fatal(err)
			}
		}
		if err := put(d.Version, "Een andere titel"); !problem.Is(err, problem.Conflict) {
			t.Errorf("a draft that was thrown away: %v", err)
		}
	})
}

func TestARuleThatGoesAsksNothingAndItsAnswersStay(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		must(w.SetAnswers(ctx, hr(), function("usher"), map[string]string{"software": demand.Yes}, 0, asked.Request{}))(t)
		if err := w.Write(ctx, hr(), 0, func(c *framework.Change) error {
			for _, r := range w.Base.Rules {
				if r.ID != "software" {
					c.Rules = append(c.Rules, r)
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		d := must(w.Draft(ctx, hr()))(t)
		seq := must(w.Publish(ctx, hr(), "zonder software", "Dat vragen we anders", d.Version))(t)
		if got := w.level("usher", "", "technical"); got != 1 {
			t.Errorf("%d", got)
		}
		must(w.Undo(ctx, hr(), seq))(t)
		if got := w.level("usher", "", "technical"); got != 4 {
			t.Errorf("the answer is gone: %d", got)
		}
	})
}

// TestAPartThatIsKeptUntouchedStaysAsItIs opens the form of every part and sends it as it is.
func TestAPartThatIsKeptUntouchedStaysAsItIs(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		codes := []string{}
		for _, l := range s.get("hr", frameworkAt+"/edit").wants(200, "Kritisch", "Contact met burgers").links() {
			if code, ok := strings.CutPrefix(l, frameworkAt+"/edit/"); ok && code != "rule.new" {
				codes = append(codes, code)
			}
		}
		if len(codes) < 30 {
			t.Errorf("only %d parts", len(codes))
		}
		for _, code := range codes {
			at := frameworkAt + "/edit/" + code
			s.post("hr", at, s.get("hr", at).wants(200).form(at)).leads(frameworkAt + "/edit")
		}
		d := must(s.Draft(t.Context(), hr()))(t)
		f := must(s.Written(d))(t)
		for _, x := range framework.Diff(s.Base, f) {
			if x.Key != "version" && !strings.HasPrefix(x.Key, "adapted_from.") {
				t.Errorf("%+v", x)
			}
		}
		s.get("hr", frameworkAt+"/publish").wants(200, "Deze versies zeggen hetzelfde.")
	})
}

func TestHRWritesPartsAndPublishes(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		at := frameworkAt + "/edit/level.critical.basis"
		form := s.get("hr", at).wants(200, "Kritisch: 2 Aan de slag", "Wat je iemand ziet doen").form(at)
		form.Set("text:skills.critical.levels.basis.summary.nl", "Je kijkt na wat je verder vertelt aan burgers.")
		form.Set("behaviours.nl", form.Get("behaviours.nl")+"\nJe vraagt het na bij een collega die het weet.")
		s.post("hr", at, form).wants(422, "Schrijf in elke taal evenveel regels.")
		for _, l := range []string{"fr", "de", "en"} {
			form.Set("behaviours."+l, form.Get("behaviours."+l)+"\nJe vraagt het na bij een collega die het weet.")
		}
		form.Set("minutes.office", "3")
		s.post("hr", at, form).wants(422, "Vul een getal in van 5 tot 60.")
		form.Set("minutes.office", "20")
		s.post("hr", at, form).leads(frameworkAt + "/edit")
		s.get("hr", frameworkAt+"/edit").wants(200, "6 plaatsen", "aangepast")
		s.get("employee", frameworkAt+"/critical").wants(200).silent("verder vertelt aan burgers")

		form = s.get("hr", frameworkAt+"/edit/rule.new").wants(200).form(frameworkAt + "/edit/rule.new")
		for _, l := range []string{"nl", "fr", "de", "en"} {
			form.Set("name."+l, "Kinderen begeleiden")
			form.Set("question."+l, "Begeleidt deze functie kinderen of jongeren op het werk?")
			form.Set("why.ethical."+l, "Kinderen zijn kwetsbaar en kunnen zich minder goed verweren.")
		}
		form.Set("words.nl", "kinder*, *jeugd*")
		s.post("hr", frameworkAt+"/edit/rule.new", form).wants(422, "Zeg minstens van één vaardigheid")
		form.Set("ask.ethical", "3")
		s.post("hr", frameworkAt+"/edit/rule.new", form).leads(frameworkAt + "/edit")
		s.get("hr", frameworkAt+"/edit/rule.kinderen-begeleiden").wants(200, "Kinderen begeleiden", "Laat deze vraag weg")
		s.get("hr", frameworkAt+"/differences?a=0&b=draft").wants(200, "Vragen over het werk, Kinderen begeleiden, vraagt, Ethisch, Niveau", "3 Zelfstandig", "Kritisch, 2 Aan de slag, Samenvatting (nl)")

		publish := s.get("hr", frameworkAt+"/publish").wants(200, "Kinderen begeleiden").form(frameworkAt + "/publish")
		s.post("hr", frameworkAt+"/publish", publish).wants(422, "Schrijf de reden op")
		publish.Set("note", "Kinderopvang erbij")
		s.post("hr", frameworkAt+"/publish", publish).leads(frameworkAt + "/versions")
		s.get("hr", frameworkAt+"/versions").wants(200, "Nu geldt versie 1.0-1.", "Kinderopvang erbij", "Zoals het met het programma komt.")
		s.get("employee", frameworkAt+"/critical").wants(200, "verder vertelt aan burgers", "20 minuten")
		s.get("employee", frameworkAt).wants(200, "Begeleidt deze functie kinderen", "Versie 1.0-1 van je organisatie")
		s.get("hr", functionsAt+"usher").wants(200, "Begeleidt deze functie kinderen")
		s.post("hr", frameworkAt+"/publish", publish).leads(frameworkAt + "/publish")
		s.get("hr", frameworkAt+"/publish").leads(frameworkAt + "/edit")

		for _, code := range []string{"rule.kinderen-begeleiden", "level.critical.basis"} {
			at := frameworkAt + "/edit/" + code
			restore := s.get("hr", at).form(at + "/restore")
			s.post("hr", at+"/restore", restore).leads(frameworkAt + "/edit")
		}
		s.get("hr", frameworkAt+"/differences?a=0&b=draft").wants(200, "Deze versies zeggen hetzelfde.")
		s.post("hr", frameworkAt+"/throw-away", url.Values{"at": {"1"}}).leads(frameworkAt + "/throw-away") // somebody wrote since
		s.post("hr", frameworkAt+"/throw-away", s.get("hr", frameworkAt+"/throw-away").form(frameworkAt+"/throw-away")).leads(frameworkAt + "/edit")
		s.get("hr", frameworkAt+"/edit").wants(200, "Er staat niets klaar om te publiceren.")

		hold := s.get("hr", frameworkAt+"/versions/0/hold").wants(200, "Teruggaan naar versie 1.0").form(frameworkAt + "/versions/0/hold")
		hold.Set("note", "Terug naar het begin")
		s.post("hr", frameworkAt+"/versions/0/hold", hold).leads(frameworkAt + "/versions")
		s.get("employee", frameworkAt).wants(200).silent("Begeleidt deze functie kinderen")
		s.get("hr", historyAt+"?kind=framework").wants(200, "Andere versie van het kader: Terug naar het begin", "Versie van het kader: 1 → niets")
		s.get("hr", frameworkAt+"/edit/level.critical.none").wants(404)
		s.get("hr", frameworkAt+"/differences?a=7").wants(404)
		s.get("employee", frameworkAt+"/singing").wants(404)
	})
}

func TestATextThatCannotStandIsRefusedBesideItsField(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		long := strings.Repeat("veel te lange woorden ", 60)
		for _, c := range []struct{ part, field, text, says string }{
			{"skill.critical", "text:skills.critical.summary.nl", "<script>alert(1)</script> is geen omschrijving van een vaardigheid", "Kijk deze tekst na"},
			{"skill.critical", "text:skills.critical.summary.fr", "", "Schrijf deze tekst in de vier talen."},
			{"skill.critical", "text:skills.critical.areas.verify.name.de", long, "Kijk deze tekst na"},
			{"general", "text:levels.basis.description.en", long, "Kijk deze tekst na"},
			{"factors", "text:factors.persons.question.nl", long, "Kijk deze tekst na"},
			{"level.critical.basis", "text:skills.critical.levels.basis.meaning.nl", "kort", "Kijk deze tekst na"},
			{"level.critical.basis", "behaviours.en", "a\nb\nc\nd", "Kijk deze tekst na"},
			{"level.critical.basis", "step.field.fr", "court", "Kijk deze tekst na"},
			{"everyone", "why.ethical.nl", "kort", "Kijk deze tekst na"},
			{"rule.citizens", "question.nl", "kort", "Kijk deze tekst na"},
			{"rule.citizens", "why.critical.de", "kurz", "Kijk deze tekst na"},
			{"rule.citizens", "words.nl", "twee woorden", "Kijk deze tekst na"},
		} {
			at := frameworkAt + "/edit/" + c.part
			form := s.get("hr", at).form(at)
			if _, there := form[c.field]; !there {
				t.Errorf("%s has no field %s", c.part, c.field)
			}
			form.Set(c.field, c.text)
			page := s.post("hr", at, form).wants(422, c.says)
			invalid := ""
			for n := range page.root.Descendants() {
				if attr(n, "aria-invalid") == "true" {
					invalid += attr(n, "name") + " "
				}
			}
			if strings.TrimSpace(invalid) != c.field {
				t.Errorf("%s: %q is marked as wrong, want %s", c.part, invalid, c.field)
			}
		}
		if d := must(s.Draft(t.Context(), hr()))(t); d.Version != 0 {
			t.Error("what was refused is kept")
		}
	})
}
