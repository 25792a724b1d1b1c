package answering

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/survey/ballot"
	"tekentafel/internal/survey/wave"
)

// post sends JSON to an operation and returns the answer.
func (w *world) post(what, body string, set ...func(*http.Request)) *httptest.ResponseRecorder {
	return w.do(http.MethodPost, "/w/"+code+what, body, append(set, asJSONBody)...)
}

// wants fails the test unless an answer has a status.
func wants(t testing.TB, what string, r *httptest.ResponseRecorder, status int) {
	t.Helper()
	if r.Code != status {
		t.Errorf("%s: %d, want %d: %.200s", what, r.Code, status, r.Body)
	}
}

func decoded[T any](t testing.TB, r *httptest.ResponseRecorder) T {
	t.Helper()
	var out T
	if err := json.Unmarshal(r.Body.Bytes(), &out); err != nil {
		t.Fatalf("%v: %.200s", err, r.Body)
	}
	return out
}

// draw draws a ballot as the page does.
func (w *world) draw(pin string) ballot.Ballot {
	w.t.Helper()
	request, err := ballot.Blind(testKey().Public(), rand.Reader)
	if err != nil {
		w.t.Fatal(err)
	}
	r := w.post("/ballots", fmt.Sprintf(`{"pin":%q,"blinded":%q}`, pin, encode(request.Blinded())))
	wants(w.t, "draw", r, http.StatusOK)
	signature, err := decode(decoded[drawn](w.t, r).Signature)
	if err != nil {
		w.t.Fatal(err)
	}
	b, err := request.Finish(signature)
	if err != nil {
		w.t.Fatal(err)
	}
	return b
}

const fine = `{"use":"never"}`

func hand(b ballot.Ballot, answers string) string {
	return fmt.Sprintf(`{"ballot":%q,"answers":%s}`, b, answers)
}

func TestALostSignatureIsGivenAgainAndNoOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wave.Anonymous)
	request, err := ballot.Blind(testKey().Public(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	body := fmt.Sprintf(`{"pin":%q,"blinded":%q}`, pin, encode(request.Blinded()))
	first, second := w.post("/ballots", body), w.post("/ballots", body)
	wants(t, "first", first, http.StatusOK)
	wants(t, "again", second, http.StatusOK)
	if first.Body.String() != second.Body.String() {
		t.Error("the same blinded message has two signatures")
	}
	other, err := ballot.Blind(testKey().Public(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	wants(t, "another", w.post("/ballots", fmt.Sprintf(`{"pin":%q,"blinded":%q}`, pin, encode(other.Blinded()))), http.StatusConflict)
}

func TestABallotTellsItsPartOfTheFrameAndNoOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wave.Anonymous)
	w.strata()
	key := decoded[drawn](t, w.post("/ballots", fmt.Sprintf(`{"pin":%q}`, pin))).Key
	if key != encode(otherKey().Public().Bytes()) {
		t.Error("a person of the office gets another key")
	}
	if len(w.drawn) != 0 {
		t.Error("asking for the key is a draw already")
	}
	b := w.draw(second)
	wants(t, "hand in", w.post("/answers", hand(b, fine)), http.StatusOK)
	if got := w.puts[0].Stratum; got != "field" {
		t.Errorf("the answers are of %q", got)
	}
}

func TestAnUndrawnBallotIsNotSigned(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wave.Anonymous)
	w.fail(errUrn)
	request, err := ballot.Blind(testKey().Public(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	r := w.post("/ballots", fmt.Sprintf(`{"pin":%q,"blinded":%q}`, pin, encode(request.Blinded())))
	wants(t, "the urn fails", r, http.StatusInternalServerError)
	if strings.Contains(r.Body.String(), "signature") {
		t.Error("a signature is given though nobody noted that it was drawn")
	}
}

func TestHandingInIsTriedOnBadInput(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wave.Anonymous)
	b := w.draw(pin)
	forged := b
	forged.Signature[7] ^= 1
	for name, c := range map[string]struct {
		body   string
		status int
	}{
		"nothing":           {``, 422},
		"no object":         {`[]`, 422},
		"another field":     {`{"ballot":"","answers":{},"pin":"K7M2P-9QX4R"}`, 422},
		"two objects":       {hand(b, fine) + `{}`, 422},
		"no ballot":         {`{"answers":{"use":"never"}}`, 403},
		"no ballot at all":  {`{"ballot":"abc","answers":{"use":"never"}}`, 403},
		"a forged ballot":   {hand(forged, fine), 403},
		"a pass":            {`{"pass":"x","answers":{"use":"never"}}`, 403},
		"required is open":  {hand(b, `{}`), 422},
		"no such item":      {hand(b, `{"use":"never","secret":"x"}`), 422},
		"no such option":    {hand(b, `{"use":"hourly"}`), 422},
		"answers are text":  {hand(b, `"x"`), 422},
		"answers too large": {hand(b, `{"use":"`+strings.Repeat("x", 300<<10)+`"}`), 413},
	} {
		r := w.post("/answers", c.body)
		wants(t, name, r, c.status)
		if f := decoded[map[string]failure](t, r)["error"]; f.Message == "" || f.Kind == "" {
			t.Errorf("%s: the answer says nothing: %s", name, r.Body)
		}
		if len(r.Result().Cookies()) > 0 {
			t.Errorf("%s: a cookie is set", name)
		}
	}
	wants(t, "a form", w.do(http.MethodPost, "/w/"+code+"/answers", "ballot=x"), http.StatusUnsupportedMediaType)
	wants(t, "another site", w.post("/answers", hand(b, fine), func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }), http.StatusForbidden)
	if len(w.puts) != 0 {
		t.Errorf("%d bad answers are kept", len(w.puts))
	}
	faults := decoded[map[string]failure](t, w.post("/answers", hand(b, `{"use":"daily","tasks":["none","write"],"hours":3}`)))["error"].Faults
	if len(faults) != 1 || faults[0].Item != "tasks" || faults[0].Fault != "together" {
		t.Errorf("faults %+v", faults)
	}
	wants(t, "good answers", w.post("/answers", hand(b, fine)), http.StatusOK)
	wants(t, "good answers again", w.post("/answers", hand(b, fine)), http.StatusOK)
	if len(w.puts) != 2 || w.puts[0].Key != w.puts[1].Key || w.puts[0].Key != b.Key() {
		t.Error("the same ballot has two keys")
	}
}

func TestAnswersComeInWhileTheWaveIsOpenOnly(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*wave.Wave)
		status int
	}{
		"before":    {func(w *wave.Wave) { w.State = wave.Scheduled }, 409},
		"closed":    {func(w *wave.Wave) { w.State = wave.Closed }, 410},
		"published": {func(w *wave.Wave) { w.State = wave.Published }, 410},
		"too late":  {func(w *wave.Wave) { w.Closes = w.Opens.Add(time.Hour) }, 409},
		"draft":     {func(w *wave.Wave) { w.State = wave.Draft }, 404},
	} {
		w := newWorld(t, wave.Anonymous, c.change)
		wants(t, name+": draw", w.post("/ballots", `{"pin":"K7M2P-9QX4R"}`), c.status)
		wants(t, name+": hand in", w.post("/answers", `{"ballot":"","answers":{}}`), c.status)
		status := http.StatusOK
		if name == "draft" {
			status = http.StatusNotFound
		}
		wants(t, name+": entry", w.do("GET", "/w/"+code, ""), status)
		if name != "draft" {
			wants(t, name+": questions", w.do("GET", "/w/"+code+"/questions", ""), http.StatusSeeOther)
			wants(t, name+": kiosk", w.do("GET", "/w/"+code+"/kiosk", ""), http.StatusSeeOther)
		}
		list := http.StatusNotFound
		if c.status == 410 {
			list = http.StatusOK
		}
		wants(t, name+": list", w.do("GET", "/w/"+code+"/list", ""), list)
	}
	w := newWorld(t, wave.Anonymous)
	for _, path := range []string{"", "/questions", "/privacy", "/keys.json", "/list", "/kiosk"} {
		wants(t, "unknown code "+path, w.do("GET", "/w/00000000"+path, ""), http.StatusNotFound)
	}
}

func TestTheListOfBallotsIsWrittenAsItIsReadAndNeverLooksWholeWhenItIsNot(t *testing.T) {
	t.Parallel()
	shut := func(w *wave.Wave) { w.State = wave.Closed }
	w := newWorld(t, wave.Anonymous, shut)
	r := w.do("GET", "/w/"+code+"/list", "")
	if r.Code != http.StatusOK || r.Body.String() != ballotList || r.Header().Get("Content-Length") != strconv.Itoa(len(ballotList)) {
		t.Errorf("%d %v %q", r.Code, r.Header(), r.Body)
	}
	w = newWorld(t, wave.Anonymous, shut)
	w.noList = true
	wants(t, "not made yet", w.do("GET", "/w/"+code+"/list", ""), http.StatusNotFound)

	w = newWorld(t, wave.Anonymous, shut)
	w.damaged = true
	r = w.do("GET", "/w/"+code+"/list", "")
	if r.Code != http.StatusInternalServerError || r.Header().Get("Content-Disposition") != "" || strings.Contains(r.Body.String(), "the list") {
		t.Errorf("damaged from its start: %d %v", r.Code, r.Header())
	}
	w.pieces = 1
	defer func() {
		if recover() != http.ErrAbortHandler { //nolint:errorlint // a sentinel of net/http, compared as it does itself
			t.Error("a list that breaks off looks whole")
		}
	}()
	w.do("GET", "/w/"+code+"/list", "")
}

func TestWrongPINsAreLimitedAndRightOnesNeverCount(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wave.Confidential)
	right, wrong := fmt.Sprintf(`{"pin":%q}`, pin), `{"pin":"AAAAA-AAAAA"}`
	for range 3 * mostWrong {
		wants(t, "right", w.post("/ballots", right), http.StatusOK)
	}
	for range mostWrong {
		wants(t, "wrong", w.post("/ballots", wrong), http.StatusUnprocessableEntity)
	}
	r := w.post("/ballots", wrong)
	wants(t, "too many", r, http.StatusTooManyRequests)
	if r.Header().Get("Retry-After") == "" || !strings.Contains(r.Body.String(), "message") {
		t.Errorf("nobody says how long to wait: %s", r.Body)
	}
	elsewhere := func(r *http.Request) { r.RemoteAddr = "198.51.100.7:1234" }
	wants(t, "another address", w.post("/ballots", right, elsewhere), http.StatusOK)
	form := w.do(http.MethodPost, "/w/"+code+"/start", "pin=AAAAA-AAAAA")
	wants(t, "the form is the same door", form, http.StatusTooManyRequests)
	w.clock.step(wrongFor)
	wants(t, "later", w.post("/ballots", right), http.StatusOK)
}

func TestAPassOpensItsOwnAnswersAlone(t *testing.T) {
	t.Parallel()
	w, other := newWorld(t, wave.Confidential), newWorld(t, wave.Confidential)
	pass := func(w *world, pin string) string {
		return decoded[drawn](t, w.post("/ballots", fmt.Sprintf(`{"pin":%q}`, pin))).Pass
	}
	mine, theirs := pass(w, pin), pass(w, second)
	for _, p := range []string{mine, theirs} {
		wants(t, "hand in", w.post("/answers", fmt.Sprintf(`{"pass":%q,"answers":%s}`, p, fine)), http.StatusOK)
	}
	if w.puts[0].Key == w.puts[1].Key {
		t.Error("two people share a record")
	}
	for name, p := range map[string]string{"of another installation": pass(other, pin), "cut": mine[1:], "none": "", "a PIN": pin, "person": "person-one"} {
		wants(t, "a pass "+name, w.post("/answers", fmt.Sprintf(`{"pass":%q,"answers":%s}`, p, fine)), http.StatusForbidden)
	}
	if strings.Contains(mine, "person-one") {
		t.Error("a pass shows the person")
	}
}

func TestThePageOfQuestionsIsTheSameForEverybody(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wave.Anonymous)
	visitor := w.do("GET", "/w/"+code+"/questions?lang=nl", "")
	w.who = "account-of-jan"
	person := w.do("GET", "/w/"+code+"/questions?lang=nl", "", func(r *http.Request) { r.Header.Set("Cookie", "tt_session=x; tt_notice=y") })
	if visitor.Body.String() != person.Body.String() {
		t.Error("somebody who is signed in gets another page")
	}
	for _, secret := range []string{"Jan Peeters", "person-one", pin} {
		if strings.Contains(strings.ReplaceAll(person.Body.String(), "K7M2P-9QX4R", ""), secret) {
			t.Errorf("the page holds %q", secret)
		}
	}
	if len(person.Result().Cookies()) > 0 {
		t.Error("the page sets a cookie")
	}
	tag := visitor.Header().Get("ETag")
	again := w.do("GET", "/w/"+code+"/questions?lang=nl", "", func(r *http.Request) { r.Header.Set("If-None-Match", tag) })
	wants(t, "unchanged", again, http.StatusNotModified)
	if w.do("GET", "/w/"+code+"/questions?lang=fr", "").Header().Get("ETag") == tag {
		t.Error("two languages have one tag")
	}
}

func TestADraftCookieStaysInTheBrowserAndOnItsPath(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wave.OpenLink)
	r := w.do(http.MethodPost, "/w/"+code+"/start", "")
	wants(t, "start", r, http.StatusSeeOther)
	cookies := r.Result().Cookies()
	if len(cookies) != 1 || cookies[0].Name != "tt_draft" || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteStrictMode || cookies[0].Path != "/w/"+code {
		t.Fatalf("cookies %+v", cookies)
	}
	for key, sealed := range w.drafts {
		if strings.Contains(key, cookies[0].Value) || strings.Contains(string(sealed), "answers") {
			t.Error("the draft can be read without the cookie and the key")
		}
	}
	for _, path := range []string{"/q/use", "/review", "/thanks"} {
		wants(t, "no cookie: "+path, w.do("GET", "/w/"+code+path, ""), http.StatusSeeOther)
		wants(t, "a strange cookie: "+path, w.do("GET", "/w/"+code+path, "", func(r *http.Request) { r.AddCookie(&http.Cookie{Name: draftCookie, Value: "x"}) }), http.StatusSeeOther)
	}
	mine := func(r *http.Request) { r.AddCookie(&http.Cookie{Name: draftCookie, Value: cookies[0].Value}) }
	wants(t, "an item that is not asked", w.do("GET", "/w/"+code+"/q/hours", "", mine), http.StatusSeeOther)
	wants(t, "an item that is not there", w.do("GET", "/w/"+code+"/q/nothing", "", mine), http.StatusSeeOther)
	wants(t, "an item", w.do("GET", "/w/"+code+"/q/use", "", mine), http.StatusOK)
	wants(t, "an option that is not there", w.do(http.MethodPost, "/w/"+code+"/q/use", "use=hourly&go=next", mine), http.StatusUnprocessableEntity)
	wants(t, "sent too early", w.do(http.MethodPost, "/w/"+code+"/review", "", mine), http.StatusUnprocessableEntity)
	wants(t, "thanks too early", w.do("GET", "/w/"+code+"/thanks", "", mine), http.StatusSeeOther)
}

func TestAnonymousWavesStartInNoForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wave.Anonymous)
	r := w.do(http.MethodPost, "/w/"+code+"/start", "pin="+pin)
	wants(t, "start", r, http.StatusUnprocessableEntity)
	if len(w.taken) != 0 || len(r.Result().Cookies()) != 0 {
		t.Error("something began all the same")
	}
}

func TestAKioskIsThereWhereItIsAllowed(t *testing.T) {
	t.Parallel()
	wants(t, "allowed", newWorld(t, wave.Anonymous).do("GET", "/w/"+code+"/kiosk", ""), http.StatusOK)
	wants(t, "not allowed", newWorld(t, wave.Anonymous, func(w *wave.Wave) { w.Settings.Kiosk = false }).do("GET", "/w/"+code+"/kiosk", ""), http.StatusNotFound)
}

func TestOnlyTheFrameComesInByAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wave.Confidential)
	wants(t, "nobody", w.post("/ballots", `{}`), http.StatusUnprocessableEntity)
	w.who = "account-of-jan"
	wants(t, "of the frame", w.post("/ballots", `{}`), http.StatusOK)
	w.who = "account-of-els"
	wants(t, "not of the frame", w.post("/ballots", `{}`), http.StatusUnprocessableEntity)
	w.who = "account-of-jan"
	w.survey.Wave.Tenant = "theirs"
	wants(t, "of another organisation", w.post("/ballots", `{}`), http.StatusUnprocessableEntity)
}

func FuzzOperations(f *testing.F) {
	w := newWorld(f, wave.Anonymous)
	b := w.draw(pin)
	for _, seed := range []string{``, `{}`, `null`, hand(b, fine), hand(b, `{"use":"daily","tasks":["write"],"hours":1e999}`), `{"pin":"x","blinded":"AAAA"}`, `{"pin":"K7M2P-9QX4R","blinded":"-_"}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		for _, what := range []string{"/ballots", "/answers"} {
			if r := w.post(what, body); r.Code >= 500 {
				t.Errorf("%s: %d %s", what, r.Code, r.Body)
			}
		}
	})
}
