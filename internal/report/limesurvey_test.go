package report

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/files"
)

// structure is a survey of three questions, as LimeSurvey exports it.
const structure = `<?xml version="1.0" encoding="UTF-8"?>
<document>
 <LimeSurveyDocType>Survey</LimeSurveyDocType>
 <languages><language>nl</language></languages>
 <answers><rows>
  <row><qid>1</qid><code>A1</code><answer><![CDATA[Burgerzaken]]></answer><sortorder>1</sortorder><language>nl</language><scale_id>0</scale_id></row>
  <row><qid>1</qid><code>A2</code><answer><![CDATA[Sport]]></answer><sortorder>2</sortorder><language>nl</language><scale_id>0</scale_id></row>
 </rows></answers>
 <questions><rows>
  <row><qid>1</qid><parent_qid>0</parent_qid><type>L</type><title>dep</title><question><![CDATA[Dienst]]></question><question_order>1</question_order><language>nl</language></row>
  <row><qid>2</qid><parent_qid>0</parent_qid><type>Y</type><title>use</title><question><![CDATA[Gebruik je <b>AI</b>?]]></question><question_order>2</question_order><language>nl</language></row>
  <row><qid>3</qid><parent_qid>0</parent_qid><type>D</type><title>birth</title><question><![CDATA[Geboren]]></question><question_order>3</question_order><language>nl</language></row>
 </rows></questions>
 <surveys><rows><row><sid>77</sid><language>nl</language></row></rows></surveys>
 <surveys_languagesettings><rows><row><surveyls_language>nl</surveyls_language><surveyls_title>Oude bevraging</surveyls_title></row></rows></surveys_languagesettings>
</document>`

// responses are an export of 24 people, of whom 4 sent nothing in.
func responses() string {
	var b strings.Builder
	b.WriteString("id,submitdate,token,ipaddr,dep,use,birth\n")
	for i := range 24 {
		sent := "2026-01-01 10:00:00"
		if i%6 == 5 {
			sent = ""
		}
		b.WriteString("1," + sent + ",GEHEIM,10.9.8.7," + []string{"A1", "A2"}[i%2] + "," + []string{"Y", "N"}[i/2%2] + ",1980-02-03\n")
	}
	return b.String()
}

func limeSurvey(structure, responses string) []part {
	return []part{{"_once", "", "lime"}, {"name", "", "Uit LimeSurvey"}, {"instrument", "", "genai-monitor"}, {"limesurvey", "survey.lss", structure},
		{"background", "", "dep, weg"}, {"file", "results.csv", responses}}
}

func TestASurveyOfLimeSurveyIsTakenOverWithoutItsTraces(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		address := s.leads("an upload", s.upload("hr", limeSurvey(structure, responses())...), "/answers/")
		s.wants("what was read", s.get("hr", address), 200, "4 antwoorden waren niet ingediend", "birth: Een datum", "Er is geen vraag met de code weg", "Oude bevraging", "Dienst")
		list, err := s.Sources(t.Context(), hr)
		if err != nil || len(list) != 1 || list[0].Respondents != 20 || list[0].FileName != "results.csv" || list[0].Instrument != "limesurvey_77" {
			t.Fatalf("%+v, %v", list, err)
		}
		var kept bytes.Buffer
		if err := files.Copy(t.Context(), s.d.Of(dbtest.Ours), list[0].fileID, &kept); err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"GEHEIM", "10.9.8.7", "2026-01-01", "1980-02-03"} {
			if strings.Contains(kept.String(), secret) {
				t.Errorf("%q is kept", secret)
			}
		}
		if left, err := os.ReadDir(s.Dir); err != nil || len(left) != 0 {
			t.Errorf("left on disk: %v, %v", left, err)
		}
		again := s.leads("the same form again", s.upload("hr", limeSurvey(structure, responses())...), "/answers/")
		if again != address {
			t.Errorf("the same form sent twice made %s and %s", address, again)
		}

		r, err := s.Make(t.Context(), hr, Input{Source: list[0].ID, Title: "Rapport", Wave: "2026"})
		if err != nil {
			t.Fatal(err)
		}
		defer s.run()()
		if r = s.until(r, dbtest.Ours, Ready); r.Respondents != 20 {
			t.Errorf("the report is about %d people", r.Respondents)
		}
		s.wants("the report by group", s.get("hr", "/reports/"+r.ID+"/groups"), 200, "Gebruik je AI", "Burgerzaken", "Sport")
		w := s.get("hr", "/reports/"+r.ID+"/download/json")
		s.wants("the figures", w, 200, `"item":"use","option":"Y","group":null,"n":10,"base":20`)
	})
}

func TestFilesOfLimeSurveyThatCannotBeReadAreTold(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		s.wants("no structure", s.upload("hr", limeSurvey("<html/>", responses())...), 422, "We kunnen de structuur uit LimeSurvey niet lezen", `value="dep, weg"`)
		s.wants("a document type", s.upload("hr", limeSurvey(strings.Replace(structure, "<document>", `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><document>`, 1), responses())...), 422, "LimeSurvey")
		s.wants("another export", s.upload("hr", limeSurvey(structure, "a,b\n1,2\n")...), 422, "We kunnen de antwoorden uit LimeSurvey niet lezen")
		s.wants("no answers", s.upload("hr", limeSurvey(structure, "id,submitdate,dep,use\n1,,A1,Y\n")...), 422)
		if n := s.count("report_sources"); n != 0 {
			t.Errorf("%d sources are kept", n)
		}
		if left, err := os.ReadDir(s.Dir); err != nil || len(left) != 0 {
			t.Errorf("left on disk: %v, %v", left, err)
		}
	})
}

func TestAScriptTakesASurveyOfLimeSurveyOver(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		w, body := s.sendFile(everyScope, "k", part{"name", "", "Uit LimeSurvey"}, part{"limesurvey", "survey.lss", structure}, part{"background", "", "dep"},
			part{"file", "results.csv", responses()})
		quality, _ := body["quality"].(map[string]any)
		notes, _ := quality["notes"].([]any)
		if w.Code != 201 || body["respondents"] != 20.0 || len(notes) < 3 || notes[0] != "20 responses taken over." {
			t.Errorf("status %d: %v", w.Code, body)
		}
	})
}
