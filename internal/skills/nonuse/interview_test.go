package nonuse

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/privacy/heldtest"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/vault"
)

// TestAnInterviewFromInvitationToWithdrawal goes the whole way as people do.
func TestAnInterviewFromInvitationToWithdrawal(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.get("hr", talksAt).wants(http.StatusOK, "Een nieuwe reeks").silent("Voer een gesprek in")
		s.get("hr", consentAt).wants(http.StatusConflict, "Er loopt geen reeks")
		s.post("hr", openAt, "title", " ").wants(http.StatusUnprocessableEntity, "Geef de reeks een naam")
		s.opens("Voorjaar")
		s.post("hr", openAt, "title", "Nog een").wants(http.StatusUnprocessableEntity, "Er loopt al een reeks")
		s.post("hr", invitesAt, "name", "", "contact", "x").wants(http.StatusUnprocessableEntity, "Vul een naam in")
		s.post("hr", invitesAt, "name", "An Peeters", "contact", "85.07.30-033.28").wants(http.StatusUnprocessableEntity, "rijksregisternummer")
		s.post("hr", invitesAt, "name", "An Peeters", "contact", "an@stad.example").leads(talksAt)
		s.get("hr", talksAt).wants(http.StatusOK, "An Peeters", "nog te vragen", "0 gesprekken ingevoerd")

		s.get("hr", consentAt).wants(http.StatusOK, "Meedoen is vrij", "versie 1")
		s.post("hr", consentAt, "version", "1").wants(http.StatusUnprocessableEntity, "Zonder toestemming kun je geen gesprek invoeren")
		s.post("hr", consentAt, "version", "0", "agree", "yes").wants(http.StatusUnprocessableEntity, "intussen veranderd")
		about := s.post("hr", consentAt, "version", "1", "agree", "yes").leads(aboutAt)
		s.get("hr", about).wants(http.StatusOK, "Groen en ruimte", "Burgers").silent("Kabinet")
		s.get("hr", strings.Replace(about, aboutAt, notesAt, 1)).wants(http.StatusConflict)
		s.post("hr", about, "language", "xx", "work", "", "family", "u-klein").wants(http.StatusUnprocessableEntity, "Kies een antwoord", "groot genoeg", "Duid minstens één reden aan")
		notes := s.post("hr", about, "language", "nl", "work", "-", "family", "", "reasons", "skills", "reasons", "other").leads(notesAt)
		s.get("hr", notes).wants(http.StatusOK, "Over de reden ‘Niet weten hoe’", "Over de reden ‘Een andere reden’").silent("Over de reden ‘De antwoorden")
		for text, says := range map[string]string{
			"Mail me op jan.maes@stad.example": "Haal het mailadres", "Bel 0470 12 34 56 maar": "Haal het telefoonnummer", "Nummer 85.07.30-033.28": "Haal het rijksregisternummer",
			"Nummer 20010 dus": "Haal het lange nummer", "Dat zei Peeters ook": "een naam van de lijst", strings.Repeat("a", mostNote+1): "hoogstens 2000 tekens",
		} {
			a := s.post("hr", notes, "note-why", text, "note-heard", "Blijft staan").wants(http.StatusUnprocessableEntity, says, "Blijft staan")
			a.first("a", "href", "#f-note-why")
		}
		s.post("hr", notes, "quote", "Ik wil wel.").wants(http.StatusUnprocessableEntity, "Vink aan dat de zin gebruikt mag worden", "Kies een antwoord")
		s.post("hr", notes, "quote", "Ik wil wel.", "may-quote", "yes", "quote-reason", "trust").wants(http.StatusUnprocessableEntity, "Kies een antwoord")
		done := s.post("hr", notes, "note-why", "Mijn eerste notitie", "quote", "Ik wil wel.", "may-quote", "yes", "quote-reason", "skills").leads(doneAt)
		code := textOf(s.get("hr", done).wants(http.StatusOK, "https://tekentafel.example/learn/nonusers/withdraw").first("code", "id", "code"))
		if _, err := vault.ReadCode(code); err != nil {
			t.Fatalf("%q is no code: %v", code, err)
		}
		s.post("hr", notes, "note-why", "Een andere tekst").leads(doneAt) // sent twice
		s.get("hr", talksAt).wants(http.StatusOK, "1 gesprek ingevoerd").silent("Mijn eerste notitie")
		s.get("hr", home).wants(http.StatusOK).silent("Mijn eerste notitie", "Ik wil wel")

		codes := s.five()
		s.get("hr", home).wants(http.StatusOK).silent("geen steekproef") // it is still open
		list, err := rounds(t.Context(), s.DB.Of(dbtest.Ours))
		if err != nil || len(list) != 1 || list[0].Talks != 6 {
			t.Fatal(list, err)
		}
		s.get("hr", roundsAt+list[0].ID).wants(http.StatusNotFound, "Van deze reeks is er niets te tonen")
		s.get("hr", closeAt).wants(http.StatusOK, "6 gesprekken")
		s.closes()
		if left, err := invitations(t.Context(), s.DB.Of(dbtest.Ours)); err != nil || len(left) > 0 {
			t.Error("the list of names is left", err)
		}
		s.get("hr", talksAt).wants(http.StatusOK, "Voorjaar").silent("Peeters")
		s.post("hr", invitesAt, "name", "An Peeters", "contact", "").wants(http.StatusUnprocessableEntity, "Er loopt geen reeks")
		s.get("dpo", home).wants(http.StatusOK, "Gesprekken, geen steekproef", "6 gesprekken", "4 van 6", "2 van 6", "‘Ik reken het liever zelf na.’").silent("Mijn eerste notitie", "%</td>")
		s.get("dpo", reasonsAt+"trust").wants(http.StatusOK, "Ik reken het liever zelf na.", "geen steekproef")
		s.get("dpo", roundsAt+list[0].ID).wants(http.StatusForbidden)
		s.get("theirs hr", roundsAt+list[0].ID).wants(http.StatusNotFound)
		s.get("hr", roundsAt+list[0].ID).wants(http.StatusOK, "Mijn eerste notitie", "Waarom nummer a", "Ander waarom d")

		s.get("", withdrawAt).wants(http.StatusOK, "We vragen niet wie je bent")
		s.post("", withdrawAt, "code", "ABCD").wants(http.StatusUnprocessableEntity, "geen code van een gesprek")
		s.post("", withdrawAt, "code", vault.NewCode().Write()).wants(http.StatusUnprocessableEntity, "niets bewaard")
		s.post("", withdrawAt, "code", strings.ToLower(code)).wants(http.StatusOK, "De notities zijn gewist")
		s.post("", withdrawAt, "code", code).wants(http.StatusUnprocessableEntity, "niets bewaard")
		s.get("hr", roundsAt+list[0].ID).wants(http.StatusOK, "Waarom nummer a").silent("Mijn eerste notitie", "Ik wil wel")
		s.get("dpo", home).wants(http.StatusOK, "5 gesprekken", "3 van 5")
		s.post("", withdrawAt, "code", codes[0]).wants(http.StatusOK)
		s.get("hr", roundsAt+list[0].ID).wants(http.StatusNotFound)
		s.get("dpo", home).wants(http.StatusOK).silent("geen steekproef", "Ik reken het")
	})
}

// TestInterviewsThatComeInTogetherAreAllKept enters interviews at the same time: each writes the whole round anew.
func TestInterviewsThatComeInTogetherAreAllKept(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.opens("Reeks")
		const n = 6
		failed := make(chan error, n)
		for i := range n {
			go func() {
				d := &Draft{Tenant: dbtest.Ours, Consent: "1", Code: vault.NewCode(), Lang: "nl", Reasons: []string{"skills"}, Told: true}
				failed <- s.Record(t.Context(), actor(dbtest.Ours, "hr"), d, &Notes{Text: map[string]string{"why": fmt.Sprintf("noot%c", 'a'+i), "more": "x"}})
			}()
		}
		for range n {
			if err := <-failed; err != nil {
				t.Error(err)
			}
		}
		if codes, notes := cells(t, s.DB, "skill_interview_codes", "id"), cells(t, s.DB, "skill_interview_notes", "id"); len(codes) != n || len(notes) != 2*n {
			t.Errorf("%d interviews and %d notes are kept", len(codes), len(notes))
		}
	})
}

// TestNoEarlierStateOfARoundIsLeftOnTheDisk enters interviews one after another and looks whether the rows that each replaced are still there:
// what the next state has more than the one before are the rows of one person.
func TestNoEarlierStateOfARoundIsLeftOnTheDisk(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.opens("Reeks")
		const n = 30
		for i := range n {
			d := &Draft{Tenant: dbtest.Ours, Consent: "1", Code: vault.NewCode(), Lang: "nl", Reasons: []string{"skills"}, Told: true}
			if err := s.Record(t.Context(), actor(dbtest.Ours, "hr"), d, &Notes{Text: map[string]string{"why": strings.Repeat("noot ", 60) + string(rune('a'+i%26)), "more": "x"}}); err != nil {
				t.Fatal(err)
			}
		}
		if s.DB.Engine == db.SQLite {
			if log, err := os.Stat(s.DB.Address + "-wal"); err != nil || log.Size() > 0 {
				t.Errorf("the write-ahead log holds earlier states: %v %v", log, err)
			}
			return
		}
		var size int64
		if err := s.DB.System().Row(t.Context(), `SELECT pg_relation_size('skill_interview_notes')`, nil, &size); err != nil {
			t.Fatal(err)
		}
		if pages := size >> 13; pages > 10 { // the notes fill two or three; all states together more than thirty
			t.Errorf("%d pages hold %d interviews: earlier states lie among them", pages, n)
		}
	})
}

// cells reads a table as text: rows of column and value, in the order in which the engine keeps them.
func cells(t *testing.T, d *db.DB, table string, columns ...string) [][]string {
	t.Helper()
	order := "ctid"
	if d.Engine == db.SQLite {
		order = "rowid"
	}
	var out [][]string
	err := d.Of(dbtest.Ours).Rows(t.Context(), `SELECT `+strings.Join(columns, ", ")+` FROM `+table+` WHERE tenant_id = $1 ORDER BY `+order, func(scan func(...any) error) error {
		row := make([]any, len(columns))
		for i := range row {
			row[i] = new(any)
		}
		if err := scan(row...); err != nil {
			return err
		}
		text := make([]string, len(columns))
		for i := range row {
			text[i] = fmt.Sprint(*row[i].(*any))
		}
		out = append(out, text)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestNobodyGoesFromANameToNotes tries with the database, the log of who did what and the lines of the log: nothing leads from who was
// asked to what somebody said, nor from one answer of somebody to the next, nor says when an interview was held.
func TestNobodyGoesFromANameToNotes(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.opens("Voorjaar")
		began := s.now()
		names := []string{"An Peeters", "Bert Janssens", "Chaima El Amrani", "Dirk Vandenberghe", "Els Willems", "Fien Goossens"}
		var codes []string
		for i, name := range names { // invited and interviewed in the same order, days apart
			s.post("hr", invitesAt, "name", name, "contact", fmt.Sprintf("persoon%c@stad.example", 'a'+i)).leads(talksAt)
			s.step(29 * time.Hour)
			codes = append(codes, s.records(talk{work: field, family: "u-groen", reasons: []string{"skills", "trust"}, notes: []string{
				"note-why", fmt.Sprintf("waarom%c", 'a'+i), "note-change", fmt.Sprintf("anders%c", 'a'+i), "note-skills", fmt.Sprintf("kunnen%c", 'a'+i),
				"quote", fmt.Sprintf("citaat%c", 'a'+i), "may-quote", "yes", "quote-reason", "trust"}}))
		}
		invited := cells(t, s.DB, "skill_interview_invitations", "id", "name", "contact", "state", "asked_on")
		counts := cells(t, s.DB, "skill_interview_codes", "id", "month", "consent", "language", "work", "family", "reasons", "tag")
		notes := cells(t, s.DB, "skill_interview_notes", "id", "month", "question", "reason", "text", "tag")
		if len(invited) != 6 || len(counts) != 6 || len(notes) != 24 {
			t.Fatalf("%d invitations, %d counts, %d notes", len(invited), len(counts), len(notes))
		}
		for _, rows := range [][][]string{counts, notes} {
			if !slices.IsSortedFunc(rows, func(a, b []string) int { return strings.Compare(a[0], b[0]) }) {
				t.Error("the rows stand in another order than that of their random names")
			}
			for _, row := range rows {
				if row[1] != fmt.Sprint(monthOf(began)) {
					t.Errorf("a time that tells rows apart: %s", row[1])
				}
			}
		}
		// A value is shared only by all of a kind: then it tells nobody apart.
		seen := map[string]string{}
		for table, rows := range map[string][][]string{"invitations": invited, "codes": counts, "notes": notes} {
			for _, row := range rows {
				for column, value := range row {
					at := fmt.Sprintf("%s %s", table, row[0])
					if common := table == "invitations" && column >= 3 || table == "codes" && column >= 1 && column <= 6 || table == "notes" && column >= 1 && column <= 3; common || value == "" {
						continue
					}
					if before, twice := seen[value]; twice {
						t.Errorf("%q stands at %s and at %s", value, before, at)
					}
					seen[value] = at
				}
			}
		}
		// What was counted is the same for everyone here; were the notes tied to it by anything, it would stand above.
		for _, row := range counts {
			if strings.Join(row[2:7], "|") != "1|nl|field|u-groen|skills trust" {
				t.Errorf("counted: %v", row)
			}
		}
		// No name, code, note or row stands in what was written down beside it.
		var beside strings.Builder
		beside.WriteString(s.log.String())
		for _, row := range cells(t, s.DB, "audit_log", "id", "at", "actor_id", "action", "subject", "account", "detail") {
			beside.WriteString(strings.Join(row, " ") + "\n")
		}
		all := beside.String()
		var secret []string
		for _, row := range counts {
			secret = append(secret, row[0], row[7])
		}
		for _, row := range notes {
			secret = append(secret, row[0], row[4], row[5])
		}
		for i, name := range names {
			secret = append(secret, name, codes[i], strings.ReplaceAll(codes[i], "-", ""))
		}
		for _, x := range secret {
			if strings.Contains(all, x) {
				t.Errorf("the logs hold %q", x)
			}
		}
		for _, c := range codes {
			plain := strings.ReplaceAll(c, "-", "")
			if found := heldtest.Mentions(t, s.DB, dbtest.Ours, c, plain); len(found) > 0 {
				t.Errorf("the code is kept: %v", found)
			}
		}
		// The words of a name are in the list and nowhere else.
		for _, f := range heldtest.Mentions(t, s.DB, dbtest.Ours, "Peeters", "persoona") {
			if f.Table != "skill_interview_invitations" {
				t.Errorf("a name stands in %s", f.Table)
			}
		}
		// Whoever hands in a code leaves no line.
		before := s.log.String()
		s.post("hr", withdrawAt, "code", codes[2]).wants(http.StatusOK)
		if s.log.String() != before {
			t.Errorf("a line: %s", strings.TrimPrefix(s.log.String(), before))
		}
		if left := cells(t, s.DB, "skill_interview_notes", "text"); len(left) != 20 || slices.ContainsFunc(left, func(r []string) bool { return strings.HasSuffix(r[0], "c") }) {
			t.Errorf("left after the withdrawal: %v", left)
		}
	})
}

// TestAPartIsLargeEnoughAndSoIsTheRest holds the parts of interviews to k, also by subtracting.
func TestAPartIsLargeEnoughAndSoIsTheRest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(5, 10).Draw(t, "k")
		var codes []counted
		for range rapid.IntRange(0, 60).Draw(t, "n") {
			codes = append(codes, counted{family: rapid.SampledFrom([]string{"", "a", "b", "c", "d"}).Draw(t, "family"), reasons: []string{rapid.SampledFrom([]string{"x", "y"}).Draw(t, "reason")}})
		}
		rest := len(codes)
		list := parts(codes, k, func(c *counted) string { return c.family })
		for _, p := range list {
			if p.Talks < k || p.Value == "" {
				t.Fatalf("a part of %d", p.Talks)
			}
			rest -= p.Talks
		}
		if len(list) > 0 && rest > 0 && rest < k {
			t.Fatalf("the rest is %d, below %d", rest, k)
		}
	})
}

func TestWhatPointsToAPersonIsSeen(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	names := []string{"An De Smet", "Bert Janssens", "Mia Prins"}
	for text, want := range map[string]string{
		"": "", "Ik vind het niks.": "", "Er zijn 15.000 inwoners en 12 collega’s, sinds 2019.": "", "De prins op het witte paard": "", "An ander keer misschien": "", "Om 14.30 uur, 3 keer per week": "",
		"jan@stad.example": seesMail, "jan (at) stad.example": seesMail, "zie Jan.Maes@dienst.stad.example.": seesMail,
		"0470/12.34.56": seesPhone, "bel +32 9 266 70 00": seesPhone, "(09) 266 70 00": seesPhone,
		"85.07.30-033.28": seesNational, "85073003328": seesNational, "personeel 20010": seesNumber,
		"dat zei janssens": "", "dat zei Janssens": seesName, "met an de smet gesproken": seesName, "Mevrouw Smet zei": seesName, "Prins zei": seesName,
	} {
		if got := s.pointsTo(text, names); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func FuzzPointsTo(f *testing.F) {
	for _, text := range []string{"", "jan@stad.example", "+32 9 266", "\xff\x00", "((((0 1 2 3", strings.Repeat("a@", 100)} {
		f.Add(text, "An Peeters")
	}
	s := newSite(f, dbtest.SQLite(f))
	f.Fuzz(func(t *testing.T, text, name string) {
		if got := s.pointsTo(text+" an@stad.example", []string{name}); got != seesMail {
			t.Fatalf("the address in %q is not seen: %q", text, got)
		}
	})
}

func TestADraftIsOfWhoBeganItAndOfToday(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	s.opens("Reeks")
	about := s.post("hr", consentAt, "version", "1", "agree", "yes").leads(aboutAt)
	token := strings.TrimPrefix(about, aboutAt+"?d=")
	if _, err := s.openDraft(actor(dbtest.Ours, "hr"), token); err != nil {
		t.Fatal(err)
	}
	for name, a := range map[string]access.Actor{"another account": actor(dbtest.Ours, "hr-two"), "another organisation": actor(dbtest.Theirs, "hr")} {
		if _, err := s.openDraft(a, token); !problem.Is(err, problem.Gone) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, bad := range []string{"", "x", token[:len(token)-2], token + "AA", "A" + token[1:]} {
		s.get("hr", aboutAt+"?d="+bad).wants(http.StatusGone, "Begin opnieuw bij de toestemming")
	}
	s.get("hr", strings.Replace(about, aboutAt, doneAt, 1)).wants(http.StatusConflict) // nothing is kept yet
	notes := s.post("hr", about, "language", "fr", "work", "office", "reasons", "rules").leads(notesAt)
	s.get("hr", strings.Replace(notes, notesAt, doneAt, 1)).wants(http.StatusGone)
	s.step(draftLives + time.Minute)
	s.get("hr", notes).wants(http.StatusGone)
	s.post("hr", notes, "note-why", "x").wants(http.StatusGone)
	if rows := cells(t, s.DB, "skill_interview_codes", "id"); len(rows) > 0 {
		t.Error("kept without a draft that holds")
	}
}

func TestANoteThatSaysTooMuchCanGo(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	s.opens("Reeks")
	s.five()
	rows := cells(t, s.DB, "skill_interview_notes", "id", "round_id", "text")
	rows = slices.DeleteFunc(rows, func(r []string) bool { return !strings.HasPrefix(r[2], "Waarom") })
	at := roundsAt + rows[0][1] + "/notes/" + rows[0][0]
	s.post("hr", at).wants(http.StatusNotFound) // the round is open
	s.closes()
	s.post("theirs hr", at).wants(http.StatusNotFound)
	s.post("hr", at).leads(roundsAt)
	s.get("hr", roundsAt+rows[0][1]).wants(http.StatusOK).silent(">" + rows[0][2] + "<")
	s.post("hr", at).wants(http.StatusNotFound, "Deze notitie is er niet meer")
}

func TestAnInvitationStandsAsItIsSet(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	s.opens("Reeks")
	s.post("hr", invitesAt, "name", "An Peeters", "contact", "kantine").leads(talksAt)
	id := cells(t, s.DB, "skill_interview_invitations", "id")[0][0]
	for _, state := range []string{"asked", "yes", "no"} {
		s.post("hr", invitesAt+"/"+id, "state", state).leads(talksAt)
		s.get("hr", talksAt).wants(http.StatusOK, in("nl").say("invite.state-"+state))
	}
	for _, c := range [][2]string{{id, "maybe"}, {"x", "yes"}, {"x", "gone"}} {
		s.post("hr", invitesAt+"/"+c[0], "state", c[1]).wants(http.StatusNotFound)
	}
	s.post("theirs hr", invitesAt+"/"+id, "state", "gone").wants(http.StatusNotFound)
	s.post("hr", invitesAt+"/"+id, "state", "gone").leads(talksAt)
	s.get("hr", talksAt).wants(http.StatusOK).silent("Peeters")
}

func TestOwnDataShowsTheInvitationAndSaysWhatItCannotShow(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		ctx := t.Context()
		if list, err := s.Held(ctx, dbtest.Ours, "an"); err != nil || len(list) > 0 {
			t.Fatal(list, err)
		}
		s.opens("Reeks")
		s.post("hr", invitesAt, "name", "An Peeters", "contact", "An@stad.example, kantine").leads(talksAt)
		s.post("hr", invitesAt, "name", "Jan Maes", "contact", "jan@stad.example").leads(talksAt)
		s.records(talk{work: office, reasons: []string{"skills"}, notes: []string{"note-why", "x"}})
		list, err := s.Held(ctx, dbtest.Ours, "an")
		if err != nil || len(list) != 1 || len(list[0].Rows) != 2 || !strings.HasPrefix(list[0].Rows[0].Value, "An Peeters") || !strings.Contains(list[0].Rows[1].Words.In("nl"), "niets zegt van wie ze zijn") {
			t.Fatal(list, err)
		}
		found := heldtest.Mentions(t, s.DB, dbtest.Ours, "An@stad.example")
		if left := heldtest.Uncovered(found, list, "an", nil); len(left) > 0 {
			t.Errorf("not shown: %v", left)
		}
		err = s.DB.Write(ctx, dbtest.Ours, func(tx *db.Scope) error { return s.Erase(ctx, tx, "an") })
		if err != nil {
			t.Fatal(err)
		}
		if left := cells(t, s.DB, "skill_interview_invitations", "name"); len(left) != 1 || left[0][0] != "Jan Maes" {
			t.Errorf("left: %v", left)
		}
		if e := s.Effects(); len(e.Goes) != 1 || len(e.Stays) != 1 {
			t.Error(e)
		}
	})
}

func TestInterviewsGoAfterTheirPeriod(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		ctx := t.Context()
		s.opens("Reeks")
		s.post("hr", invitesAt, "name", "An Peeters", "contact", "").leads(talksAt)
		s.five()
		s.post("hr", invitesAt, "name", "An Maes", "contact", "").leads(talksAt)
		s.step(62 * 24 * time.Hour)
		s.post("hr", invitesAt, "name", "Jan Maes", "contact", "").leads(talksAt)
		for _, k := range s.Kept() {
			if k.Name != "skill-interview-invitations" {
				continue
			}
			if n, _, err := k.Count(ctx, s.DB.Of(dbtest.Ours), s.now().Add(-time.Hour*24*31)); err != nil || n != 2 {
				t.Errorf("%d invitations are to go: %v", n, err)
			}
		}
		s.closes()
		s.opens("Later")
		s.post("hr", invitesAt, "name", "Bert Maes", "contact", "").leads(talksAt)
		s.step(32 * 24 * time.Hour)
		s.post("hr", invitesAt, "name", "Jan Maes", "contact", "").leads(talksAt)
		s.records(talk{work: office, reasons: []string{"skills"}, notes: []string{"note-why", "blijft"}})
		for _, k := range s.Kept() {
			days, want := 62, 15
			if k.Name == "skill-interview-invitations" {
				days, want = 31, 1
			}
			before := s.now().Add(-time.Duration(days*24) * time.Hour)
			n, oldest, err := k.Count(ctx, s.DB.Of(dbtest.Ours), before)
			if err != nil || n != want || oldest.IsZero() {
				t.Errorf("%s: %d are to go, want %d: %v", k.Name, n, want, err)
			}
			gone := 0
			for {
				var some int
				err := s.DB.Write(ctx, dbtest.Ours, func(tx *db.Scope) (err error) { some, err = k.Delete(ctx, tx, before, 4); return err })
				if err != nil {
					t.Fatal(err)
				}
				if gone += some; some == 0 {
					break
				}
			}
			if left, err := k.Held(ctx, s.DB.Of(dbtest.Ours)); err != nil || gone != want || left == 0 {
				t.Errorf("%s: %d went, %d are left: %v", k.Name, gone, left, err)
			}
		}
		if left := cells(t, s.DB, "skill_interview_notes", "text"); len(left) != 1 || left[0][0] != "blijft" {
			t.Errorf("left: %v", left)
		}
	})
}

var _ held.Holder = (*Service)(nil)
var _ held.Eraser = (*Service)(nil)
