package app

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/survey/ballot"
	lifecycle "tekentafel/internal/survey/wave"
	"tekentafel/internal/testkit"
	"tekentafel/internal/testkit/smtptest"
	"tekentafel/internal/ui/browsertest"
)

// frameFile writes a list of people: two departments of 12, a third of each without mail. Emma, who has an account, is one of them.
func frameFile(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("voornaam;naam;e-mail;dienst\n")
	for i := range 24 {
		mail := fmt.Sprintf("collega%d@voorbeeld.example", i)
		if i%3 == 2 {
			mail = ""
		}
		if i == 0 {
			mail = "medewerker@voorbeeld.example"
		}
		fmt.Fprintf(&b, "Collega;Nummer %d;%s;%s\n", i, mail, []string{"Financiën", "Groen"}[i%2])
	}
	path := filepath.Join(t.TempDir(), "personeel.csv")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// deskWork is HR at work on a wave, in a browser.
type deskWork struct {
	*reader
	b    *browsertest.Browser
	wave string // "/waves/ID"
}

func (d *deskWork) at(place string) {
	d.t.Helper()
	d.Goto(d.h.url + d.wave + place)
	if d.Status() != http.StatusOK {
		d.t.Fatalf("%s%s answers %d", d.wave, place, d.Status())
	}
}

const submit = `main form[method=post] button:not([type=button])`

// draft makes a wave from the home page on, to the page that launches it.
func (d *deskWork) draft(frame string) {
	d.t.Helper()
	d.Goto(d.h.url + "/")
	d.look("home")
	d.Click(`main a[href="/waves/new"]`)
	d.look("new")
	d.Fill("[name=title]", "GenAI-meting voorjaar 2027")
	d.Click(submit)
	d.wave = regexp.MustCompile(`/waves/[^/]+`).FindString(d.Location())
	d.look("after new")
	d.at("/settings")
	d.look("settings")
	if !browsertest.Eval[bool](d.Page, `document.querySelector('[name=mode][value=anonymous]').checked`) {
		d.t.Error("a new wave is not anonymous unless somebody says so")
	}
	for _, lang := range []string{"fr", "de"} {
		d.Click(`[name=languages][value=` + lang + `]`)
	}
	d.Click(submit)
	d.look("settings kept")

	d.people(frame)
	d.at("/questions")
	d.look("questions")
	for _, module := range []string{"systems_and_tasks", "why_not", "leisure", "opinions", "drivers", "skills", "support"} {
		d.Click(`[name=module][value=` + module + `]`)
	}
	for _, item := range []string{"function_family", "age", "education", "leads"} {
		d.Click(`[name=background][value=` + item + `]`)
	}
	d.Click(`main form[action$="/parts"] button`)
	d.at("/questions/new?kind=text")
	d.look("own question")
	d.Fill("[name=question-nl]", "Wat wil je nog kwijt over AI?")
	d.Fill("[name=question-en]", "What else do you want to say about AI?")
	d.Click(`main form[action$="/new"] button:not([type=button])`)
	d.look("own question kept")
	d.at("/questions/levels/department")
	d.look("levels")
	d.Click(`[name=variable][value=dienst]`)
	d.Click(submit)
	d.look("questions composed")

	d.plan()
}

// people uploads the list of people.
func (d *deskWork) people(frame string) {
	d.t.Helper()
	d.at("/people")
	d.look("no people")
	d.at("/people/upload")
	d.Attach("[name=file]", frame)
	d.look("upload")
	d.Click(submit)
	d.look("columns")
	d.Click(`main form[method=get] button`)
	d.look("check")
	d.Click(`main form[method=post] .next-step`)
	d.look("people")
	d.Click(`main a.next-step`)
	if !strings.HasSuffix(d.Location(), d.wave+"/plan") { // the next step
		d.t.Errorf("the list of people leads on to %s", d.Location())
	}
}

// plan says when the wave runs.
func (d *deskWork) plan() {
	d.t.Helper()
	d.at("/plan")
	d.look("plan")
	now := d.h.Now().In(d.h.Zone)
	for field, days := range map[string]int{"opens": 1, "closes": 15, "reminder1": 8} {
		d.Fill("[name="+field+"]", now.AddDate(0, 0, days).Format(time.DateOnly))
	}
	d.Fill("[name=contact]", "Hilde Maes, 09 123 45 67")
	d.Click(submit)
	d.look("planned")
}

// launch launches the wave with its confirmation, and opens it before its time.
func (d *deskWork) launch() {
	d.at("/launch")
	d.look("launch")
	d.Click(`form[action$="/launch"] .next-step`)
	d.Wait(".error-summary") // nobody said that they are sure
	d.Forget()               // a refused form is what this is about
	d.look("not sure")
	d.Click("[name=sure]")
	d.Click(`form[action$="/launch"] .next-step`)
	d.look("scheduled")
	d.at("/open")
	d.look("open")
	d.Click(submit)
	d.look("opened")
}

// paper downloads cards for who has no mail, and returns the path of the PDF.
func (d *deskWork) paper() string {
	d.t.Helper()
	d.at("/invitations")
	d.look("invitations")
	d.Click(`[name=kind][value=cards]`)
	d.Click(`[name=names][value=yes]`)
	d.Click(`form[action$="/paper"] button:not([formaction])`)
	d.h.calm(d.t, d.h.actor(d.t, access.HR))
	d.at("/invitations")
	d.look("printed")
	link := browsertest.Eval[string](d.Page, `document.querySelector('#paper table a').getAttribute('href')`)
	file := d.h.get(d.t, d.h.as(d.t, access.HR), link)
	if file.StatusCode != http.StatusOK || !strings.HasPrefix(file.body, "%PDF-") {
		d.t.Fatalf("the cards answer %d: %.80q", file.StatusCode, file.body)
	}
	path := filepath.Join(d.t.TempDir(), "cards.pdf")
	if err := os.WriteFile(path, []byte(file.body), 0o600); err != nil {
		d.t.Fatal(err)
	}
	return path
}

// run runs a program of the machine and returns what it prints.
func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		testkit.Missing(t, name+" is missing; scripts/setup installs it")
	}
	out, err := exec.CommandContext(t.Context(), path, args...).Output()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return string(out)
}

// cardsOf reads what is printed on cards: the PINs, and the links in the codes. A reader of codes looks from some distances, as a
// hand that holds a phone does.
func cardsOf(t *testing.T, cards string) (pins, links []string) {
	t.Helper()
	pins = regexp.MustCompile(`[0-9A-Z]{5}-[0-9A-Z]{5}`).FindAllString(run(t, "pdftotext", "-layout", cards, "-"), -1)
	for _, dpi := range []string{"150", "200", "300"} {
		pages := filepath.Join(t.TempDir(), dpi)
		run(t, "pdftoppm", "-r", dpi, "-png", cards, pages)
		links = append(links, strings.Fields(run(t, "zbarimg", append([]string{"--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"}, must(filepath.Glob(pages+"*.png"))(t)...)...))...)
	}
	slices.Sort(links)
	return pins, slices.Compact(links)
}

// TestAWaveFromTheHomePageToItsReport goes the whole way in a browser, as HR, as people who answer by card and mail, and as staff
// who read the report; and then once more, for what changed.
func TestAWaveFromTheHomePageToItsReport(t *testing.T) {
	t.Parallel()
	h, server := posting(t, filepath.Join(t.TempDir(), "tekentafel.db"))
	b, l, frame := browsertest.Start(t), &looks{}, frameFile(t)
	hr := &deskWork{reader: h.reader(t, b, l, "hr", atDesk), b: b}
	hr.signIn(access.HR)
	hr.draft(frame)
	hr.launch()
	first := hr.now()
	codec := h.codecOf(t, &first)
	given := map[string]any{"use_work": "weekly", "rules_known": "read", "shadow_use": "no", "department": "groen"}
	if mails := server.Await(16); len(mails) != 16 { // eight of the 24 have no mail
		for _, m := range mails {
			t.Errorf("one of %d mails: to %v, %s", len(mails), m.To, m.Header.Get("Subject"))
		}
	}
	pins, links := cardsOf(t, hr.paper())
	if len(pins) != 8 || len(links) != 8 {
		t.Fatalf("eight cards have %d PINs and %d codes", len(pins), len(links))
	}
	for _, link := range links {
		if address, pin, _ := strings.Cut(link, "#"); !strings.HasPrefix(address, h.url+"/w/"+first.Code+"?lang=") || !slices.Contains(pins, pin) {
			t.Errorf("a code leads to %s", link)
		}
	}

	// One scans the code of a card, one types the PIN of another, and one opens the mail.
	mail := mailTo(t, server, "collega1@", first.Code)
	scanned := pinOf(links[0])
	typed := pins[slices.IndexFunc(pins, func(p string) bool { return p != scanned })]
	var receipts []string
	for name, link := range map[string]string{"scanned": links[0], "typed": h.url + "/w/" + first.Code, "mailed": mail} {
		r := h.reader(t, b, l, name, onPhone)
		r.Goto(inDutch(link))
		if name == "typed" {
			r.Fill("[data-pin]", strings.ToLower(typed))
		}
		r.look("entry")
		r.Click("[data-begin] .next-step")
		r.Wait("#s-welcome")
		own := maps.Clone(given)
		own["own1"] = "Ik wil graag oefenen, " + name
		r.toReview(own)
		r.Click("[data-send]")
		r.received()
		receipts = append(receipts, r.Text("#receipt"))
		h.holds(t, &first, codec, "own1", own)
		r.Close()
	}
	given["own1"] = "Meer tijd om te oefenen"
	h.rest(t, &first, 15, []string{scanned, typed, pinOf(mail)}, given)
	if n := len(h.inUrn(t, &first)); n != 18 {
		t.Errorf("%d records of 18 people", n)
	}
	hr.at("")
	hr.look("monitor")
	hr.close()
	hr.texts("own1")
	hr.publish()

	// The list of ballots holds, and the receipts are in it.
	hr.Wait(`#check a[href="/w/` + first.Code + `/list"]`)
	list := h.listOf(t, &first)
	verdict := must(ballot.CheckList(t.Context(), strings.NewReader(list), ballot.Expect{}))(t)
	if !verdict.Holds() || verdict.Lines != 18 {
		t.Errorf("the list does not hold: %+v", verdict)
	}
	for _, receipt := range receipts {
		if strings.Count(list, receipt) != 1 {
			t.Errorf("the receipt %s is %d times in the list", receipt, strings.Count(list, receipt))
		}
	}
	hr.readBy(access.Employee, &first, "")

	given["use_work"], given["rules_known"] = "daily", "unknown"
	second := hr.again(frame)
	h.rest(t, &second, 20, nil, given)
	hr.close()
	hr.publish()
	hr.readBy(access.Employee, &second, "vorige meting")
}

// listOf is the list of ballots that anyone can download. What a node knows of a wave may be some seconds old.
func (h *house) listOf(t *testing.T, w *lifecycle.Wave) string {
	t.Helper()
	for end := time.Now().Add(15 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		a := h.get(t, h.visitor(t), "/w/"+w.Code+"/list")
		if a.StatusCode == http.StatusOK {
			return a.body
		}
		if time.Now().After(end) {
			t.Fatalf("the list answers %d: %s", a.StatusCode, a.body)
		}
	}
}

// inDutch is a link in Dutch, whatever the language of the mail or card it stands on.
func inDutch(link string) string {
	address, pin, personal := strings.Cut(link, "#")
	address, _, _ = strings.Cut(address, "?")
	if personal {
		pin = "#" + pin
	}
	return address + "?lang=nl" + pin
}

// pinOf is what stands behind # in a link.
func pinOf(link string) string {
	_, pin, _ := strings.Cut(link, "#")
	return pin
}

// readBy opens the report of a wave as somebody of the staff, from where they answered.
func (d *deskWork) readBy(role access.Role, w *lifecycle.Wave, says string) {
	d.t.Helper()
	r := d.h.reader(d.t, d.b, d.looks, "staff", onPhone)
	r.signIn(role)
	// What a node knows of a wave may be some seconds old.
	for end := time.Now().Add(15 * time.Second); ; time.Sleep(200 * time.Millisecond) {
		r.Goto(d.h.url + "/w/" + w.Code + "?lang=nl")
		if r.Count("[data-start]") == 0 || time.Now().After(end) {
			break
		}
	}
	r.look("over")
	r.Click(`main .next-step`)
	r.says(says)
	r.look("report")
	r.Close()
}

// again asks the same once more: nobody but the people is to be chosen anew.
func (d *deskWork) again(frame string) lifecycle.Wave {
	d.t.Helper()
	d.at("/again")
	d.look("again")
	d.Fill("[name=title]", "GenAI-meting najaar 2027")
	d.Click(submit)
	d.wave = regexp.MustCompile(`/waves/[^/]+`).FindString(d.Location())
	d.look("copy")
	d.knows = true
	d.people(frame)
	d.plan()
	d.launch()
	d.knows = false
	return d.now()
}

// now is the wave as it is.
func (d *deskWork) now() lifecycle.Wave {
	d.t.Helper()
	return must(d.h.Survey.Waves.Wave(d.t.Context(), d.h.actor(d.t, access.HR), strings.TrimPrefix(d.wave, "/waves/")))(d.t)
}

// rest answers without a browser: so many people whose PINs are not used yet.
func (h *house) rest(t *testing.T, w *lifecycle.Wave, people int, used []string, given map[string]any) {
	t.Helper()
	strata := must(lifecycle.Strata(t.Context(), h.DB.Of(w.Tenant), w.ID))(t)
	key := must(ballot.ParsePublicKey(strata[0].Public))(t)
	pins := must(h.Survey.Invite.PINs(t.Context(), w))(t)
	for _, id := range slices.Sorted(maps.Keys(pins)) {
		if people == 0 {
			return
		}
		if slices.Contains(used, pins[id]) {
			continue
		}
		r := &respondent{person: id, pin: pins[id]}
		h.drawBallot(t, w, key, r)
		own := maps.Clone(given)
		own["department"] = []string{"financien", "groen"}[people%2]
		h.handIn(t, w, r, own)
		people--
	}
	if people > 0 {
		t.Fatalf("%d people are missing", people)
	}
}

// mailTo returns the link in the mail to somebody.
func mailTo(t *testing.T, server *smtptest.Server, to, code string) string {
	t.Helper()
	for _, m := range server.Messages() {
		if link := linkInMail.FindString(plainOf(t, m)); strings.HasPrefix(m.To[0], to) && strings.Contains(link, code) {
			return link
		}
	}
	t.Fatalf("no mail to %s with a link of %s", to, code)
	return ""
}

// close closes the wave and waits for its report.
func (d *deskWork) close() {
	d.t.Helper()
	d.at("/close")
	d.look("close")
	d.Click(submit)
	d.look("closing")
	d.h.calm(d.t, d.h.actor(d.t, access.HR))
	d.at("")
	d.look("closed")
}

// texts reads the open answers.
func (d *deskWork) texts(question string) {
	d.t.Helper()
	d.Click(`main a[href="` + d.wave + `/texts"]`)
	d.look("texts")
	d.Click(`main a[href="` + d.wave + `/texts/` + question + `"]`)
	d.says("Ik wil graag oefenen, scanned")
	d.look("text")
}

// publish publishes the report from the page of the wave.
func (d *deskWork) publish() {
	d.t.Helper()
	d.Goto(d.h.url + "/")
	d.look("home when closed")
	d.at("/publish")
	d.look("publish")
	d.Click(submit)
	d.look("published")
}

// TestTheShortestWayThroughAWaveIsTheSameOnBothEngines has one person answer in a browser and ten without, and reads the report.
func TestTheShortestWayThroughAWaveIsTheSameOnBothEngines(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		a := h.asks(t, browsertest.Start(t), &looks{}, nil, lifecycle.Anonymous)
		r := a.reader(t, "shortest on "+string(h.DB.Engine), onPhone)
		r.Goto(a.entry() + "?lang=nl")
		pin := a.pin(t)
		r.Fill("[data-pin]", pin)
		r.Click("[data-begin] .next-step")
		r.Wait("#s-welcome")
		given := said("Kort en goed")
		r.toReview(given)
		r.Click("[data-send]")
		r.received()
		receipt := r.Text("#receipt")
		a.kept(r, given)
		h.rest(t, &a.wave, 10, []string{pin}, given)
		hr := h.actor(t, access.HR)
		w := h.ended(t, hr, a.wave)
		list := h.listOf(t, &w)
		verdict := must(ballot.CheckList(t.Context(), strings.NewReader(list), ballot.Expect{}))(t)
		if !verdict.Holds() || verdict.Lines != 11 || strings.Count(list, receipt) != 1 {
			t.Errorf("the list does not hold, or lacks the receipt: %+v", verdict)
		}
		staff := h.as(t, access.Employee)
		if got := h.get(t, staff, "/reports/"+w.Report).StatusCode; got != http.StatusNotFound {
			t.Errorf("staff get %d for a report that is not published", got)
		}
		if err := h.Survey.Waves.Publish(t.Context(), hr, w.ID); err != nil {
			t.Fatal(err)
		}
		if got := h.get(t, staff, "/reports/"+w.Report); got.StatusCode != http.StatusOK || !strings.Contains(got.body, "Wat 11 collega’s") {
			t.Errorf("staff get %d for the report", got.StatusCode)
		}
	})
}
