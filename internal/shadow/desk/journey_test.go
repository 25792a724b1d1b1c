package desk

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/problem"
)

// From an empty page to numbers that all staff see, and away again.
func TestALogBecomesNumbersOfGroupsThatAllStaffCanSee(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.get("dpo", home).wants(200, "Er is nog niets geteld", "Tel een logboek", "squid.conf", "dnsmasq.conf", "Nanolog", "App-ID", "Defender")
		s.get("employee", home).wants(403, "nog niet gedeeld")
		s.get("dpo", countAt).wants(200, "Wie hoort bij welke afdeling").silent("Neem de afdelingen uit de personeelsgegevens")
		s.people = sized{}
		s.get("dpo", countAt).wants(200, "Neem de afdelingen uit de personeelsgegevens")
		one := s.counted(week48)
		s.get("dpo", one).wants(200, "week 48, 2026", "Squid, eigen formaat", "Alle regels begrepen we", "Uit een tabel die je meegaf", "Wim Devos", "23 november 2026")
		page := s.get("hr", home).wants(200, "51 tot 59 mensen", "week 48 van 2026", "ChatGPT", "DeepL", "burgers", "groen", "alle anderen samen", "Wat we niet zien", "Wat iemand vroeg, staat niet in een logboek",
			"Open de chat", "Bied een chat aan").silent("otter", "loket", "Tel een logboek")
		if strings.Contains(page.text(), "canary") {
			t.Errorf("%s", page.text())
		}
		s.get("hr", home+"?unit=burgers").wants(200, "burgers: 26 tot 34 mensen", "ChatGPT").silent("51 tot 59 mensen vroegen", "DeepL")
		s.get("hr", home+"?unit=groen").wants(200, "groen: voor deze afdeling tonen we geen totaal", "DeepL", "niet apart getoond").silent("51 tot 59 mensen vroegen")
		s.get("hr", home+"?unit=loket&week=2020-W01").wants(200, "51 tot 59 mensen")
		s.get("hr", serviceAt+"chatgpt").wants(200, "OpenAI", "chatgpt.com", "Per afdeling, week 48, 2026", "nog niet beslist").silent("Wat bieden we in de plaats")
		s.get("hr", listAt+"?q=deepl").wants(200, "DeepL").silent("Midjourney")
		s.get("hr", listAt+"?kind=image").wants(200, "Midjourney").silent(">ChatGPT<")

		s.post("dpo", serviceAt+"chatgpt/rule", "at", "0", "standing", "refused", "offer", "Gebruik onze eigen chat.").leads(serviceAt + "chatgpt")
		s.post("dpo", serviceAt+"chatgpt/rule", "at", "0", "standing", "allowed").wants(422, "Iemand anders wijzigde dit")
		s.post("dpo", serviceAt+"chatgpt/rule", "at", "1", "standing", "perhaps", "offer", strings.Repeat("x", 1001)).wants(422, "Kies een van de drie", "hoogstens 1000")
		s.post("administrator", serviceAt+"chatgpt/rule", "at", "1", "standing", "allowed", "offer", "Met een licentie van de stad.").leads(serviceAt + "chatgpt")
		s.get("hr", serviceAt+"chatgpt").wants(200, "Versie 1", "Wim Devos", "Versie 2", "Ann Claes", "Gebruik onze eigen chat.", "Met een licentie van de stad.")
		s.get("hr", home).wants(200, "toegelaten", "Met een licentie van de stad.").silent("Gebruik onze eigen chat.")

		s.post("hr", publishAt, "on", "yes").wants(403)
		s.get("dpo", publishAt).wants(200, "Iedereen die aangemeld is")
		s.post("dpo", publishAt, "on", "yes").leads(home)
		staff, manager := s.get("employee", home).wants(200), s.get("hr", home).wants(200)
		if staff.text() != manager.text() {
			t.Errorf("staff see:\n%s\nmanagers see:\n%s", staff.text(), manager.text())
		}
		s.get("employee", countsAt).wants(200, "Wim Devos", "week 48, 2026")
		s.get("employee", countAt).wants(403)
		s.get("", home).wants(303)
		s.get("theirs dpo", home).wants(200, "Er is nog niets geteld").silent("chatgpt")
		s.get("theirs dpo", one).wants(404)
		s.post("theirs dpo", one+"/delete").wants(404)
		s.post("dpo", publishAt, "on", "no").leads(home)
		s.get("employee", home).wants(403)

		s.get("dpo", one+"/delete").wants(200, "week 48, 2026", "niet opnieuw geteld")
		s.post("hr", one+"/delete").wants(403)
		s.post("dpo", one+"/delete").leads(countsAt)
		s.post("dpo", one+"/delete").wants(404)
		s.get("dpo", home).wants(200, "Er is nog niets geteld")
		s.upload("dpo", cities(), city(week48)).wants(422, "zijn al geteld", "2026-W48")
		s.get("dpo", home).wants(200, "Er is nog niets geteld")
	})
}

// Everything that could name somebody goes in as a canary; nothing of it comes to rest anywhere.
func TestNothingThatNamesAnybodyComesToRest(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := dbtest.Open(t, filepath.Join(dir, "tekentafel.db"))
	s := newSite(t, d)
	s.counted(week48)
	s.people = sized{}
	bad := "canaryuser9 canaryhost.example canarybad\n" + city(week48.AddDate(0, 0, -7))
	s.upload("dpo", []field{{name: "people", content: "yes"}, {name: "format", content: "squid"}}, bad, city(week48.AddDate(0, 0, -7))).leads(oneCountAt)
	s.upload("dpo", []field{{name: "format", content: "generic"}, {name: "time", content: "canaryheading"}}, "when;canaryuser1\n2026-11-23;x\n").wants(422, "mist een kolom")
	s.upload("dpo", nil, "canaryuser1 canaryuser2\n").wants(422, "herkennen dit logboek niet")
	s.upload("dpo", nil, "PK\x03\x04 canaryuser").wants(422, "zip-bestand")
	code, _ := s.call("dpo shadow.count", http.MethodPost, "/shadow/counts", "text/plain", strings.NewReader(city(week48.AddDate(0, 0, -14))))
	if code != 201 {
		t.Errorf("status %d", code)
	}
	canaries := []string{"canary", "10.77.66", "secretfile"}
	for _, c := range canaries {
		if strings.Contains(s.log.String(), c) {
			t.Errorf("the log has %q", c)
		}
	}
	files := 0
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		files++
		content, err := os.ReadFile(path) //nolint:gosec // a file of this test
		for _, c := range canaries {
			if bytes.Contains(content, []byte(c)) {
				t.Errorf("%s has %q", filepath.Base(path), c)
			}
		}
		return err
	})
	if err != nil || files < 2 { // the store and what is written ahead
		t.Errorf("%d files, %v", files, err)
	}
	for _, target := range []string{home, countsAt, listAt, exportAt + "csv", exportAt + "json"} {
		s.get("dpo", target).wants(200).silent(canaries[0], canaries[1], canaries[2])
	}
}

// A file that is sent is not kept on disk on its way in either.
func TestNothingIsWrittenToDiskWhileALogIsRead(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	s := newSite(t, dbtest.SQLite(t))
	big := city(week48) + strings.Repeat("1764000000.000 5 10.0.0.1 TCP_MISS/200 900 GET http://www.example.org/ - HIER_DIRECT/1.2.3.4 -\n", 400_000) // 36 MB, more than a form is held in memory
	kind, body := form(t, append(cities(), field{"log", "x.log", big})...)
	seen := 0
	watched := readerFunc(func(p []byte) (int, error) {
		list, err := os.ReadDir(temp)
		seen = max(seen, len(list))
		if err != nil {
			return 0, err
		}
		return body.Read(p)
	})
	s.send(http.MethodPost, "dpo", countAt, kind, watched).leads(oneCountAt)
	if seen > 0 {
		t.Errorf("%d files were written", seen)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestWrongFilesAreExplained(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = io.WriteString(z, city(week48))
	_ = z.Close()
	broken := packed.String()[:packed.Len()/2]
	for _, c := range []struct {
		fields []field
		log    string
		says   string
	}{
		{nil, "%PDF-1.7 x", "Dit is een PDF"}, {nil, "ElfFile\x00", "logboek van Windows"}, {nil, "\xd4\xc3\xb2\xa1", "opname van het netwerk"}, {nil, "7z\xbc\xaf", "archief"}, {nil, "\x89PNG", "geen tekst"},
		{nil, "", "leeg"}, {nil, "Beste collega,\nhierbij het verslag.\n", "herkennen dit logboek niet"}, {nil, broken, "kwam niet volledig binnen"},
		{[]field{{name: "format", content: "squid"}}, strings.Repeat("x\n", 10_000), "passen niet bij deze soort"},
		{[]field{{name: "format", content: "spook"}}, city(week48), "Kies een soort logboek"},
		{[]field{{"departments", "d.csv", "geen tabel"}}, city(week48), "begrijpen het bestand met afdelingen niet"},
		{nil, squid(week48.AddDate(0, 0, 7)), "nog niet voorbij"}, {nil, squidDays(week48, 4), "te weinig dagen"},
	} {
		s.upload("dpo", c.fields, c.log).wants(422, c.says)
	}
	s.upload("dpo", nil).wants(422, "Kies een logboek")
	s.post("dpo", countAt, "log", "x").wants(415, "multipart/form-data")
	kind, body := form(t, field{"log", "a.log", city(week48)}, table("groen"))
	s.send(http.MethodPost, "dpo", countAt, kind, body).wants(422, "voor de logboeken")
	kind, body = form(t, field{"log", "a.log", city(week48)}, field{name: "thin", content: "yes"})
	s.send(http.MethodPost, "dpo", countAt, kind, body).wants(422, "voor de logboeken")
	text, _ := io.ReadAll(func() io.Reader { _, b := form(t, field{"log", "a.log", city(week48)}); return b }())
	kind, _ = form(t)
	s.send(http.MethodPost, "dpo", countAt, kind, bytes.NewReader(text[:len(text)/2])).wants(422)
	s.get("dpo", home).wants(200, "Er is nog niets geteld")
	s.upload("dpo", nil, packed.String()).leads(oneCountAt) // nothing of all this used up the week
}

// What was not understood is told by its place and reason; what it says is not.
func TestLinesThatAreNotUnderstoodAreTold(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	one := s.upload("dpo", []field{{"departments", "d.csv", "groen-canaryuser1,groen\nwie\ngroen-canaryuser2,groen\n"}}, city(week48)+"canarybad\n").leads(oneCountAt)
	s.get("dpo", one).wants(200, "1 regel.", "te weinig velden", "1 rij").silent("canarybad")
}

func TestSeveralLogsOfAWeekAreOneCountAndOthersAreLeftOpen(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	all := city(week48)
	lines := strings.SplitAfter(all, "\n")
	one := s.upload("dpo", cities(), strings.Join(lines[:len(lines)/2], ""), strings.Join(lines[len(lines)/3:], "")+squid(week48.AddDate(0, 0, 7), use{"groen", 40, "claude.ai"})+squidDays(week48.AddDate(0, 0, -7), 3)).leads(oneCountAt)
	s.get("dpo", one).wants(200, "Logboek 2", "Nog niet voorbij", "week 49, 2026", "Niet volledig", "week 47, 2026")
	s.get("dpo", home).wants(200, "51 tot 59 mensen").silent("Claude")
	s.step(7 * 24 * time.Hour) // the week that was not over, and the one that was not complete, were left open
	s.upload("dpo", []field{{name: "thin", content: "yes"}}, squid(week48.AddDate(0, 0, 7), use{"groen", 40, "claude.ai"})+squidDays(week48.AddDate(0, 0, -7), 3)).leads(oneCountAt)
	s.get("dpo", home).wants(200, "Claude", "week 49 van 2026")
}

func TestCountsOfAnotherProductNeedNoWholeWeek(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	s.upload("dpo", nil, "App,Traffic,Users,Last seen,Transactions\nChatGPT,1,35,2026-11-30,1\nClaude,1,9,2026-11-30,1\n").leads(oneCountAt)
	s.get("dpo", home).wants(200, "ChatGPT", "aantallen uit een ander product", "kent de afdelingen").silent("Claude")
}

// A form that is sent twice counts once, and leads to the same count.
func TestAFormThatIsSentTwiceCountsOnce(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		once := s.get("dpo", countAt).wants(200).value("_once")
		fields := append([]field{{name: "_once", content: once}}, cities()...)
		first := s.upload("dpo", fields, city(week48)).leads(oneCountAt)
		if again := s.upload("dpo", fields, city(week48)).leads(oneCountAt); again != first {
			t.Errorf("%s, then %s", first, again)
		}
	})
}

// A reading can be looked at and stopped from another page; it leaves nothing, and its weeks stay open.
func TestAReadingThatIsStoppedLeavesNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	began, going := make(chan struct{}), make(chan struct{})
	text := []byte(city(week48))
	n := 0
	src := readerFunc(func(p []byte) (int, error) {
		if n == 2 {
			close(began)
			<-going
		}
		n++
		return copy(p, text), nil // without an end
	})
	done := make(chan error)
	go func() {
		_, err := s.Count(context.Background(), actor(dbtest.Ours, "dpo"), Together(How{Format: "squid"}, Part{Reader: src}))
		done <- err
	}()
	<-began
	s.get("administrator", countAt).wants(200, "Wim Devos laat een logboek lezen", "gelezen", "Stop")
	s.upload("administrator", nil, city(week48)).wants(422, "Er loopt al een telling")
	s.post("hr", stopAt).wants(403)
	s.post("theirs dpo", stopAt).leads(countAt)
	if _, ok := s.Reading(dbtest.Ours); !ok {
		t.Error("somebody of another organisation stops it")
	}
	s.post("administrator", stopAt).leads(countAt)
	close(going)
	if err := <-done; !problem.Is(err, problem.Conflict) {
		t.Errorf("%v", err)
	}
	s.get("dpo", home).wants(200, "Er is nog niets geteld")
	s.counted(week48)
}

func TestAnExportHasTheNumbersOfThePageAndNoFormula(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	s.upload("dpo", []field{{"departments", "d.csv", "10.77.0.0/16;=1+1\n"}}, strings.ReplaceAll(squid(week48, use{"x", 30, "chatgpt.com"}), "x-canaryuser", "u")).leads(oneCountAt)
	csv := s.get("hr", exportAt+"csv").wants(200)
	if text := csv.Body.String(); !strings.Contains(text, "2026-W48,ChatGPT,Chat,nog niet beslist,iedereen,30,26,34") || !strings.Contains(text, "'=1+1") || strings.Contains(text, ",=1+1") {
		t.Errorf("%s", text)
	}
	f, err := excelize.OpenReader(bytes.NewReader(s.get("hr", exportAt+"xlsx").wants(200).Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := f.GetRows("Aantallen")
	if err != nil || len(rows) < 3 || rows[1][5] != "30" {
		t.Errorf("%v %v", rows, err)
	}
	s.get("hr", exportAt+"exe").wants(404)
	s.get("employee", exportAt+"csv").wants(403)
}

func TestOwnServicesAreCheckedSeenByAllAndCountFromTheNextCountOn(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.post("hr", newAt, "name", "x").wants(403)
		s.get("dpo", newAt).wants(200, "Voeg alleen AI-diensten toe")
		s.post("dpo", newAt, "name", "", "maker", "", "country", "Belg", "kind", "spook", "domains", "https://x/ chatgpt.com co.uk", "why", "").wants(422, "Geef de naam", "twee letters", "Kies een soort", "geen naam van een site")
		s.post("dpo", newAt, "name", "N", "maker", "M", "kind", "chat", "domains", "chatgpt.com", "why", "x").wants(422, "hoort al bij ChatGPT")
		at := s.post("dpo", newAt, "name", "Praatpaal", "maker", "Maker bv", "country", "be", "kind", "chat", "domains", "Praatpaal.example\r\npraat.example", "why", "Genoemd in de bevraging").leads(serviceAt + "own-")
		s.post("dpo", newAt, "name", "Nog eens", "maker", "M", "kind", "chat", "domains", "praat.example", "why", "x").wants(422, "hoort al bij Praatpaal")
		s.get("hr", at).wants(200, "Praatpaal", "Maker bv (BE)", "Genoemd in de bevraging", "praatpaal.example")
		s.get("hr", listAt+"?kind=own").wants(200, "Praatpaal").silent("ChatGPT<")
		s.upload("dpo", nil, squid(week48, use{"groen", 20, "www.praatpaal.example"})).leads(oneCountAt)
		s.get("hr", home).wants(200, "Praatpaal", "16 tot 24")
		s.get("dpo", at+"/edit").wants(200, "praatpaal.example")
		s.post("dpo", at+"/edit", "at", "7", "name", "P", "maker", "M", "kind", "chat", "domains", "praatpaal.example", "why", "x").wants(422, "Iemand anders")
		s.post("dpo", at+"/edit", "at", "1", "name", "Praatpaal 2", "maker", "M", "kind", "image", "domains", "praatpaal.example", "why", "x").leads(at)
		s.get("hr", home).wants(200, "Praatpaal 2")
		s.get("dpo", at+"/drop").wants(200, "Wat al geteld is, blijft")
		s.post("dpo", at+"/drop", "at", "2").leads(listAt)
		s.get("dpo", at+"/edit").wants(404)
		s.get("hr", home).wants(200, "Praatpaal 2")
		s.get("hr", at).wants(200, "Staat niet meer in de lijst")
		s.upload("dpo", nil, squid(week48.AddDate(0, 0, -7), use{"groen", 20, "www.praatpaal.example"})).leads(oneCountAt)
		s.get("hr", home+"?week=2026-W47").wants(200, "Minder dan 10 mensen")
		s.get("theirs dpo", at).wants(404)
	})
}
