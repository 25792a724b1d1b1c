package app

import (
	"bytes"
	"cmp"
	cryptorand "crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/db"
	"tekentafel/internal/files"
	"tekentafel/internal/instrument"
	"tekentafel/internal/intake"
	"tekentafel/internal/jobs"
	"tekentafel/internal/metrics"
	"tekentafel/internal/survey/ballot"
	"tekentafel/internal/survey/compose"
	"tekentafel/internal/survey/urn"
	lifecycle "tekentafel/internal/survey/wave"
)

// rows are the rows of a table, each as the text of its values.
type rows map[string]int

// dump is everything that the store holds, by table.
type dump map[string]rows

// dumped reads the whole store.
func (h *house) dumped(t *testing.T) dump {
	t.Helper()
	out := dump{}
	err := h.DB.Snapshot(t.Context(), func(s *db.Snapshot) error {
		tables, err := s.Tables(t.Context())
		if err != nil {
			return err
		}
		for _, table := range tables {
			found := rows{}
			out[table.Name] = found
			err := s.Each(t.Context(), table, func(values []any) error {
				found[written(table, values)]++
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// written is a row as text: "column=value" parted by a tab.
func written(table db.Table, values []any) string {
	var parts []string
	for i, v := range values {
		text := fmt.Sprint(v)
		if b, ok := v.([]byte); ok {
			text = base64.RawURLEncoding.EncodeToString(b)
		}
		parts = append(parts, table.Columns[i].Name+"="+text)
	}
	return strings.Join(parts, "\t")
}

// background are tables that the program changes by itself while nobody does anything.
var background = []string{"jobs", "mails", "sessions", "wave_releases", "audit", "api_keys", "nodes"}

// changes lists what came and went between two dumps, by table, leaving out what changes by itself.
func changes(before, after dump) (came, went map[string][]string) {
	came, went = map[string][]string{}, map[string][]string{}
	for table := range after {
		if slices.Contains(background, table) {
			continue
		}
		for row, n := range after[table] {
			if n > before[table][row] {
				came[table] = append(came[table], row)
			}
		}
		for row, n := range before[table] {
			if n > after[table][row] {
				went[table] = append(went[table], row)
			}
		}
	}
	return came, went
}

// tablesOf lists the tables with changes.
func tablesOf(came, went map[string][]string) []string {
	all := slices.AppendSeq(slices.Collect(maps.Keys(came)), maps.Keys(went))
	slices.Sort(all)
	return slices.Compact(all)
}

// respondent is somebody of the frame with a device.
type respondent struct {
	person, pin string
	request     *ballot.Request
	ballot      ballot.Ballot
}

// device is how the page speaks to the server: without cookies.
func (h *house) device(t *testing.T, path string, body any) (int, []byte, http.Header) {
	t.Helper()
	raw := must(json.Marshal(body))(t)
	r := must(http.NewRequestWithContext(t.Context(), http.MethodPost, h.url+path, bytes.NewReader(raw)))(t)
	r.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // only read from
	answer := must(io.ReadAll(res.Body))(t)
	return res.StatusCode, answer, res.Header
}

// drawBallot draws the ballot of a respondent.
func (h *house) drawBallot(t *testing.T, w *lifecycle.Wave, key *ballot.PublicKey, r *respondent) {
	t.Helper()
	r.request = must(ballot.Blind(key, cryptorand.Reader))(t)
	status, body, _ := h.device(t, "/w/"+w.Code+"/ballots", map[string]string{"pin": r.pin, "blinded": base64.RawURLEncoding.EncodeToString(r.request.Blinded())})
	var out struct{ Signature string }
	if err := json.Unmarshal(body, &out); err != nil || status != http.StatusOK {
		t.Fatalf("no ballot: %d %s %v", status, body, err)
	}
	r.ballot = must(r.request.Finish(must(base64.RawURLEncoding.DecodeString(out.Signature))(t)))(t)
}

// handIn hands in answers.
func (h *house) handIn(t *testing.T, w *lifecycle.Wave, r *respondent, answers map[string]any) http.Header {
	t.Helper()
	status, body, header := h.device(t, "/w/"+w.Code+"/answers", map[string]any{"ballot": r.ballot.String(), "answers": answers})
	if status != http.StatusOK {
		t.Fatalf("not received: %d %s", status, body)
	}
	return header
}

// crowd launches an anonymous wave and returns it with its key and its people in a random order.
func (h *house) crowd(t *testing.T, people int) (lifecycle.Wave, *ballot.PublicKey, []*respondent) {
	t.Helper()
	hr := h.actor(t, access.HR)
	w := h.launch(t, hr, h.asking(t, hr, h.wave(t, hr, "Lekken", lifecycle.Anonymous, people, -time.Hour)))
	h.calm(t, hr) // invitations are mailed
	strata := must(lifecycle.Strata(t.Context(), h.DB.Of(w.Tenant), w.ID))(t)
	pins := must(h.Survey.Invite.PINs(t.Context(), &w))(t)
	var list []*respondent
	for _, id := range slices.Sorted(maps.Keys(pins)) {
		list = append(list, &respondent{person: id, pin: pins[id]})
	}
	rng := rand.New(rand.NewPCG(2026, 11))
	rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return w, must(ballot.ParsePublicKey(strata[0].Public))(t), list
}

// ownQuestion is the id of an open question that the organisation adds.
const ownQuestion = "own_1"

// asking gives a draft an open question and a list of departments to choose from.
func (h *house) asking(t *testing.T, hr access.Actor, w lifecycle.Wave) lifecycle.Wave {
	t.Helper()
	every := func(s string) instrument.Text {
		return instrument.Text{instrument.NL: s, instrument.FR: s, instrument.DE: s, instrument.EN: s}
	}
	recipe := compose.NewRecipe(compose.DefaultBase)
	recipe.Own = []compose.Own{{ID: ownQuestion, Kind: instrument.OpenText, Question: every("Wat wil je nog kwijt?")}}
	recipe.Next = 1
	recipe.Levels = map[string]compose.Levels{"department": {Typed: []compose.Level{{ID: "financien", Label: every("Financiën")}, {ID: "groen", Label: every("Groen")}}}}
	raw := must(recipe.JSON())(t)
	if err := h.DB.Write(t.Context(), hr.Tenant, func(s *db.Scope) error { return lifecycle.SaveRecipe(t.Context(), s, w.ID, w.Version, raw) }); err != nil {
		t.Fatal(err)
	}
	return must(h.Survey.Waves.Wave(t.Context(), hr, w.ID))(t)
}

// oneAnswer answers the questions that everyone must answer, by the first option but for those in with.
func (h *house) oneAnswer(t *testing.T, w *lifecycle.Wave, with map[string]any) map[string]any {
	t.Helper()
	in := must(lifecycle.Instrument(t.Context(), h.DB.Of(w.Tenant), w.ID))(t)
	out := map[string]any{}
	for i := range in.Items {
		it := &in.Items[i]
		if len(it.Options) > 0 && len(it.Rows) == 0 && it.Kind != "multiple" {
			out[it.ID] = it.Options[0].ID
		}
	}
	maps.Copy(out, with)
	return out
}

func TestNothingThatIsStoredLinksAnAnswerToAPerson(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		w, key, people := h.crowd(t, 12)
		const marker = "only-this-one-wrote-it"
		lengths := map[int]bool{}
		var drawnRows, answerRows []string
		for i, r := range people {
			before := h.dumped(t)
			h.drawBallot(t, &w, key, r)
			drawn := h.dumped(t)
			came, went := changes(before, drawn)
			if got := tablesOf(came, went); !slices.Equal(got, []string{"wave_days", "wave_people"}) || len(came["wave_people"]) != 1 {
				t.Fatalf("drawing a ballot changes %v: %v", got, came)
			}
			drawnRows = append(drawnRows, came["wave_people"][0])

			logged, counted := h.log.String(), h.counted(t)
			header := h.handIn(t, &w, r, h.oneAnswer(t, &w, map[string]any{ownQuestion: fmt.Sprintf("%s %02d", marker, i)}))
			if len(header.Values("Set-Cookie")) > 0 {
				t.Error("handing in sets a cookie")
			}
			if after := h.log.String(); strings.Contains(strings.TrimPrefix(after, logged), `"msg":"request"`) || strings.Contains(after, w.Code) {
				t.Errorf("the log tells of it: %s", strings.TrimPrefix(after, logged))
			}
			if now := h.counted(t); now != counted {
				t.Errorf("metrics tell of it:\n%s\n%s", counted, now)
			}
			came, went = changes(drawn, h.dumped(t))
			if got := tablesOf(came, went); !slices.Equal(got, []string{"wave_answers"}) || len(came["wave_answers"]) != 1 || len(went["wave_answers"]) != 0 {
				t.Fatalf("handing in changes %v", got)
			}
			row := came["wave_answers"][0]
			answerRows = append(answerRows, row)
			lengths[len(row)] = true
			for name := range strings.SplitSeq(row, "\t") {
				if name, _, _ := strings.Cut(name, "="); !slices.Contains([]string{"tenant_id", "wave_id", "key", "stratum", "ballot", "sealed"}, name) {
					t.Errorf("with an answer stands %s", name)
				}
			}
		}
		if len(lengths) != 1 {
			t.Errorf("the lengths of the rows differ: %v", lengths)
		}
		shared(t, drawnRows, answerRows)
		h.unreadable(t, marker, people)
	})
}

// shared complains of values that stand with people and with answers, but for the wave that both are of.
func shared(t *testing.T, drawn, answers []string) {
	t.Helper()
	values := func(list []string) map[string]bool {
		out := map[string]bool{}
		for _, row := range list {
			for part := range strings.SplitSeq(row, "\t") {
				name, value, _ := strings.Cut(part, "=")
				if name != "tenant_id" && name != "wave_id" && value != "" {
					out[value] = true
				}
			}
		}
		return out
	}
	people := values(drawn)
	for value := range values(answers) {
		if people[value] {
			t.Errorf("%s stands with a person and with an answer", value)
		}
	}
}

// unreadable looks for what people wrote, and for their tokens, in everything that is on disk or would go into a backup.
func (h *house) unreadable(t *testing.T, marker string, people []*respondent) {
	t.Helper()
	var all bytes.Buffer
	for table, rows := range h.dumped(t) {
		for row := range rows {
			fmt.Fprintln(&all, table, row)
		}
	}
	if h.DB.Engine == db.SQLite {
		for _, suffix := range []string{"", "-wal"} {
			raw, err := os.ReadFile(filepath.Clean(h.DB.Address + suffix))
			if err != nil && suffix == "" {
				t.Fatal(err)
			}
			all.Write(raw)
		}
	}
	text := all.String() + h.log.String()
	if strings.Contains(text, marker) {
		t.Error("what people wrote can be read while the wave is open")
	}
	for _, r := range people {
		plain := strings.ReplaceAll(r.pin, "-", "")
		if strings.Contains(text, r.pin) || strings.Contains(text, plain) {
			t.Errorf("the PIN %s can be read", r.pin)
		}
	}
}

// counted is what the metrics say of requests.
func (h *house) counted(t *testing.T) string {
	t.Helper()
	rec := httptest.NewRecorder()
	metrics.Internal(h.Metrics, h.Ready).ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	var out []string
	for line := range strings.Lines(rec.Body.String()) {
		if strings.HasPrefix(line, "tekentafel_request_seconds_count") {
			out = append(out, line)
		}
	}
	if len(out) == 0 {
		t.Fatal("the metrics count no requests at all")
	}
	return strings.Join(out, "")
}

func TestTheOrderOfArrivalIsGoneWhenAWaveIsClosed(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		w, key, people := h.crowd(t, 120)
		in := must(lifecycle.Instrument(t.Context(), h.DB.Of(w.Tenant), w.ID))(t)
		at := slices.IndexFunc(in.Variables(), func(v instrument.Variable) bool {
			return v.Item.Visible == "" && len(v.Item.Options) > 1 && v.Item.Kind == "single"
		})
		item := in.Variables()[at].Item
		for i, r := range people { // first one answer, and after half of them the other
			h.drawBallot(t, &w, key, r)
			h.handIn(t, &w, r, h.oneAnswer(t, &w, map[string]any{item.ID: item.Options[i*2/len(people)].ID}))
		}
		column := h.closedColumn(t, w, at)
		runs := 1
		for i := 1; i < len(column); i++ {
			if column[i] != column[i-1] {
				runs++
			}
		}
		// Of 60 and 60 in a random order: 61 runs, standard deviation 5.5. In the order of arrival there would be 2.
		if len(column) != len(people) || runs < 30 {
			t.Errorf("%d answers in %d runs", len(column), runs)
		}
		after := h.dumped(t)
		if n := len(after["wave_answers"]); n != 0 {
			t.Errorf("%d sealed answers are still there", n)
		}
		for row := range after["wave_launches"] {
			if strings.Contains(row, w.ID) && !strings.Contains(row, "answers_key=<nil>") {
				t.Error("the key of the answers is still there")
			}
		}
		for row := range after["wave_keys"] {
			if strings.Contains(row, w.ID) && !strings.Contains(row, "private=<nil>") {
				t.Error("the private key is still there")
			}
		}
		for row := range after["wave_people"] {
			if strings.Contains(row, w.ID) && (strings.Contains(row, "Lid ") || strings.Contains(row, "@")) {
				t.Errorf("the frame still names people: %s", row)
			}
		}
	})
}

// closedColumn closes a wave and returns the codes of a variable, in the order in which the rows stand.
func (h *house) closedColumn(t *testing.T, w lifecycle.Wave, variable int) []int {
	t.Helper()
	hr := h.actor(t, access.HR)
	w = h.ended(t, hr, w)
	path := h.sourceFile(t, w)
	in := must(lifecycle.Instrument(t.Context(), h.DB.Of(w.Tenant), w.ID))(t)
	read := must(intake.Read(t.Context(), path, in, intake.Options{}))(t)
	column := read.Answers.Columns[variable]
	out := make([]int, column.Len())
	for i := range out {
		out[i] = column.At(i)
	}
	return out
}

// ended closes a wave and waits until its report is made and what it no longer needs is gone.
func (h *house) ended(t *testing.T, hr access.Actor, w lifecycle.Wave) lifecycle.Wave {
	t.Helper()
	if err := h.Survey.Waves.CloseNow(t.Context(), hr, w.ID); err != nil {
		t.Fatal(err)
	}
	h.calm(t, hr)
	return must(h.Survey.Waves.Wave(t.Context(), hr, w.ID))(t)
}

// calm waits until no job waits or runs.
func (h *house) calm(t *testing.T, hr access.Actor) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
		busy := slices.DeleteFunc(must(h.Queue.List(t.Context(), hr, "", 50))(t), func(j jobs.Job) bool { return j.State.Ended() })
		if len(busy) == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("jobs do not end: %+v", busy)
		}
	}
}

// sourceFile writes the stored answers of a closed wave to a file.
func (h *house) sourceFile(t *testing.T, w lifecycle.Wave) string {
	t.Helper()
	var file string
	if err := h.DB.Of(w.Tenant).Row(t.Context(), `SELECT file_id FROM report_sources WHERE tenant_id = $1 AND id = $2`, []any{w.Source}, &file); err != nil {
		t.Fatal(err)
	}
	path, remove, err := files.Spool(t.Context(), h.DB.Of(w.Tenant), file, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(remove)
	return path
}

func TestTheSameAnswersOfSeveralPeopleAreTheSameBytes(t *testing.T) { // LimeSurvey pull request 5071: dates in anonymous responses
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		w, key, people := h.crowd(t, 12)
		for _, r := range people[:4] {
			h.drawBallot(t, &w, key, r)
			h.handIn(t, &w, r, h.oneAnswer(t, &w, nil))
		}
		var opened [][]byte
		if err := h.Survey.Urn.Each(t.Context(), &w, func(e urn.Opened) error { opened = append(opened, slices.Clone(e.Record)); return nil }); err != nil {
			t.Fatal(err)
		}
		if len(opened) != 4 {
			t.Fatalf("%d answers", len(opened))
		}
		for _, raw := range opened[1:] {
			if !bytes.Equal(raw, opened[0]) {
				t.Error("something stands with the answer that its giver did not say")
			}
		}
	})
}

func TestNoPageBehindTheDrawHoldsThePINOrThePerson(t *testing.T) { // LimeSurvey pull request 2091: the token in a hidden field
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		w, key, people := h.crowd(t, 12)
		r := people[0]
		h.drawBallot(t, &w, key, r)
		c := h.visitor(t)
		for _, path := range []string{"", "/questions", "/questions?lang=fr", "/privacy", "/keys.json", "/kiosk"} {
			a := h.get(t, c, "/w/"+w.Code+path)
			for _, secret := range []string{r.pin, strings.ReplaceAll(r.pin, "-", ""), r.person, r.ballot.String()} {
				if strings.Contains(a.body, secret) || strings.Contains(fmt.Sprint(a.Header), secret) {
					t.Errorf("%s holds %s", path, secret)
				}
			}
		}
		one, other := h.get(t, c, "/w/"+w.Code+"/questions"), h.get(t, h.as(t, access.Employee), "/w/"+w.Code+"/questions")
		if one.body != other.body {
			t.Error("the questions are not the same for everyone: what differs could be a mark")
		}
	})
}

func TestTheModeThatWasShownIsTheOneThatIsLocked(t *testing.T) { // LimeSurvey pull request 4389: activated without the anonymity that was set
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		hr := h.actor(t, access.HR)
		for _, mode := range lifecycle.Modes() {
			w := h.wave(t, hr, "Zoals getoond", mode, map[bool]int{true: 12}[mode != lifecycle.OpenLink], -time.Hour)
			if mode == lifecycle.OpenLink {
				plan := lifecycle.Plan{Contact: "Hilde", Moments: lifecycle.Moments{Opens: h.Now().Add(-time.Hour), Closes: h.Now().AddDate(0, 0, 14)}}
				if err := h.Survey.Waves.SetPlan(t.Context(), hr, w.ID, w.Version, plan); err != nil {
					t.Fatal(err)
				}
				w = h.asking(t, hr, must(h.Survey.Waves.Wave(t.Context(), hr, w.ID))(t))
			}
			// Somebody changes the mode between the page that shows it and the button.
			h.exec(t, hr, `UPDATE waves SET mode = 'confidential', version = version + 1 WHERE tenant_id = $1 AND id = $2 AND mode <> 'confidential'`, w.ID)
			if mode != lifecycle.Confidential {
				if _, err := h.Survey.Waves.Launch(t.Context(), hr, w.ID, w.Version, asked.Request{}); err == nil {
					t.Fatalf("a wave that was shown as %s is launched as confidential", mode)
				}
				h.exec(t, hr, `UPDATE waves SET mode = $3, version = version - 1 WHERE tenant_id = $1 AND id = $2`, w.ID, string(mode))
			}
			launched := h.launch(t, hr, w)
			locked := must(lifecycle.LaunchOf(t.Context(), h.DB.Of(hr.Tenant), w.ID))(t)
			if launched.Mode != mode || locked.Mode != mode {
				t.Errorf("%s is launched as %s and locked as %s", mode, launched.Mode, locked.Mode)
			}
		}
	})
}

func TestAnonymityCannotBeTakenBack(t *testing.T) { // EUSurvey pull request 324: anonymity reverted, identities shown
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		w, key, people := h.crowd(t, 12)
		h.drawBallot(t, &w, key, people[0])
		h.handIn(t, &w, people[0], h.oneAnswer(t, &w, nil))
		c := h.as(t, access.HR)
		for _, route := range h.Web.Routes() {
			method, path, _ := strings.Cut(route.Pattern, " ")
			if method == http.MethodGet || !strings.HasPrefix(path, "/waves/{id}") || strings.Contains(path, "close") {
				continue
			}
			for _, mode := range []string{"confidential", "open"} {
				form := url.Values{"mode": {mode}, "version": {fmt.Sprint(w.Version)}, "title": {"x"}, "languages": {"nl"}, "size": {"5"}, "retention": {"1"}, "linked": {"yes"}}
				h.post(t, c, strings.NewReplacer("{id}", w.ID, "{item}", "x", "{person}", people[0].person).Replace(path), form)
			}
		}
		hr := h.actor(t, access.HR)
		for _, statement := range []string{
			`UPDATE waves SET mode = 'confidential' WHERE tenant_id = $1 AND id = $2`,
			`UPDATE wave_launches SET mode = 'confidential' WHERE tenant_id = $1 AND wave_id = $2`,
			`UPDATE waves SET group_size = 5 WHERE tenant_id = $1 AND id = $2`,
			`UPDATE waves SET linked = TRUE WHERE tenant_id = $1 AND id = $2`,
			`UPDATE waves SET instrument_hash = 'x' WHERE tenant_id = $1 AND id = $2`,
			`DELETE FROM wave_launches WHERE tenant_id = $1 AND wave_id = $2`,
			`DELETE FROM waves WHERE tenant_id = $1 AND id = $2`,
		} {
			err := h.DB.Write(t.Context(), hr.Tenant, func(s *db.Scope) error { _, err := s.Exec(t.Context(), statement, w.ID); return err })
			if err == nil {
				t.Errorf("the store allows %s", statement)
			}
		}
		now := must(h.Survey.Waves.Wave(t.Context(), hr, w.ID))(t)
		locked := must(lifecycle.LaunchOf(t.Context(), h.DB.Of(hr.Tenant), w.ID))(t)
		if cmp.Or(now.Mode, locked.Mode) != lifecycle.Anonymous || locked.Mode != lifecycle.Anonymous || now.GroupSize != w.GroupSize || now.Linked != w.Linked {
			t.Errorf("the wave is %s, locked as %s, k %d, linked %t", now.Mode, locked.Mode, now.GroupSize, now.Linked)
		}
	})
}

// TestALineOfTheLogTellsTheRouteOfAWaveAndNothingElse: drawing is logged as other requests are, so its line must not say whose.
func TestALineOfTheLogTellsTheRouteOfAWaveAndNothingElse(t *testing.T) {
	t.Parallel()
	h := sqliteHouse(t)
	w, key, people := h.crowd(t, 12)
	before := h.log.String()
	h.drawBallot(t, &w, key, people[0])
	h.get(t, h.visitor(t), "/w/"+w.Code+"?lang=fr&pin="+people[0].pin+"&from=a-mail")
	drawn, lines := false, strings.TrimPrefix(h.log.String(), before)
	for line := range strings.Lines(lines) {
		var entry map[string]any
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatal(err)
		}
		if entry["msg"] != "request" {
			continue
		}
		drawn = drawn || entry["route"] == "POST /w/{code}/ballots"
		for name := range entry {
			if !slices.Contains([]string{"time", "level", "msg", "request", "method", "route", "status", "bytes", "micros", "organisation"}, name) {
				t.Errorf("a line says %s: %s", name, line)
			}
		}
	}
	if !drawn {
		t.Errorf("no line of the draw, so nothing is tried: %s", lines)
	}
	for _, secret := range []string{w.Code, people[0].pin, people[0].person, "a-mail", "lang=fr"} {
		if strings.Contains(lines, secret) {
			t.Errorf("the log says %s: %s", secret, lines)
		}
	}
}

// TestNoByteOfTheFrameOrOfASealedRowIsLeftWhenAWaveIsClosed reads the files of the store themselves, as who has a copy of the disk.
func TestNoByteOfTheFrameOrOfASealedRowIsLeftWhenAWaveIsClosed(t *testing.T) {
	t.Parallel()
	h := sqliteHouse(t)
	w, key, people := h.crowd(t, 24)
	for i, r := range people {
		h.drawBallot(t, &w, key, r)
		h.handIn(t, &w, r, h.oneAnswer(t, &w, map[string]any{ownQuestion: fmt.Sprintf("remark %d", i)}))
	}
	var gone [][]byte // pieces that stand in one page of the file
	list := func(query string, piece func(scan func(...any) error) ([]byte, error)) {
		t.Helper()
		err := h.DB.Of(w.Tenant).Rows(t.Context(), query, func(scan func(...any) error) error {
			b, err := piece(scan)
			gone = append(gone, b)
			return err
		}, w.ID)
		if err != nil {
			t.Fatal(err)
		}
	}
	list(`SELECT sealed FROM wave_answers WHERE tenant_id = $1 AND wave_id = $2`, func(scan func(...any) error) ([]byte, error) {
		var sealed []byte
		err := scan(&sealed)
		return sealed[:32], err
	})
	list(`SELECT mail FROM wave_people WHERE tenant_id = $1 AND wave_id = $2 AND mail <> ''`, func(scan func(...any) error) ([]byte, error) {
		var mail string
		err := scan(&mail)
		return []byte(mail), err
	})
	list(`SELECT pin_hash FROM wave_people WHERE tenant_id = $1 AND wave_id = $2`, func(scan func(...any) error) ([]byte, error) {
		var hash string
		err := scan(&hash)
		return []byte(hash), err
	})
	list(`SELECT drawn FROM wave_people WHERE tenant_id = $1 AND wave_id = $2`, func(scan func(...any) error) ([]byte, error) {
		var drawn string
		err := scan(&drawn)
		return []byte(drawn), err
	})
	raw := func() []byte {
		t.Helper()
		var all []byte
		for _, suffix := range []string{"", "-wal"} {
			all = append(all, must(os.ReadFile(filepath.Clean(h.DB.Address+suffix)))(t)...)
		}
		return all
	}
	if len(gone) != 3*len(people)+8 {
		t.Fatalf("%d pieces to look for", len(gone))
	}
	open := raw()
	for _, piece := range gone {
		if !bytes.Contains(open, piece) {
			t.Fatalf("%q is not in the files of an open wave, so nothing is tried", piece)
		}
	}
	h.ended(t, h.actor(t, access.HR), w)
	closed := raw()
	for _, piece := range gone {
		if bytes.Contains(closed, piece) {
			t.Errorf("%q is left in the files", piece)
		}
	}
}
