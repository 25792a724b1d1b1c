package answering

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tekentafel/internal/asked"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/survey/record"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/survey/wave/wavetest"
	"tekentafel/internal/testkit/node"
	"tekentafel/internal/ui/browsertest"
)

const (
	codeAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	study        = "00112233445566778899aabbccddeeff"
)

// product is that of two elements of the field of 32, as polynomials modulo x^5 + x^2 + 1.
func product(a, b int) int {
	out := 0
	for i := range 5 {
		if b>>i&1 == 1 {
			out ^= a << i
		}
	}
	for i := 9; i >= 5; i-- {
		if out>>i&1 == 1 {
			out ^= 0b100101 << (i - 5)
		}
	}
	return out
}

// checksum is the sum of sign i times x^(15-i).
func checksum(code string) int {
	sum := 0
	for i, c := range code {
		power := 1
		for range len(code) - 1 - i {
			power = product(power, 2)
		}
		sum ^= product(power, strings.IndexRune(codeAlphabet, c))
	}
	return sum
}

// goLink is the link of a code, as docs/anonymity.md describes it.
func goLink(t testing.TB, code, study string) string {
	t.Helper()
	stretched, err := pbkdf2.Key(sha256.New, code, []byte("tekentafel link "+study), 200_000, 32)
	if err != nil {
		t.Fatal(err)
	}
	m := hmac.New(sha256.New, stretched)
	m.Write([]byte(study))
	return hex.EncodeToString(m.Sum(nil))
}

// codeRead is what the page makes of a text.
type codeRead struct{ Code, Wrong string }

func TestACodeIsReadAsPeopleWriteItAndEveryTypingErrorIsNoticed(t *testing.T) {
	t.Parallel()
	page := node.Run(t, filepath.Join("testdata", "code.mjs"))
	read := func(texts ...string) []codeRead { return node.Do[[]codeRead](page, "read", texts) }
	codes := node.Do[[]string](page, "make", 200)
	seen := map[string]bool{}
	for _, c := range codes {
		if len(c) != 16 || strings.Trim(c, codeAlphabet) != "" || checksum(c) != 21 || seen[c] {
			t.Fatalf("%q is no fresh code with sum 21", c)
		}
		seen[c] = true
	}
	rapid.Check(t, func(t *rapid.T) {
		code := rapid.SampledFrom(codes).Draw(t, "code")
		var written strings.Builder
		for _, c := range code {
			options := []string{string(c), strings.ToLower(string(c))}
			switch c {
			case '0':
				options = append(options, "O", "o")
			case '1':
				options = append(options, "I", "l", "L")
			}
			written.WriteString(rapid.SampledFrom(options).Draw(t, "sign") + rapid.SampledFrom([]string{"", "", "-", " ", " – "}).Draw(t, "between"))
		}
		at, other := rapid.IntRange(0, 15).Draw(t, "at"), rapid.IntRange(0, 15).Draw(t, "other")
		wrong := []byte(code)
		wrong[at] = rapid.SampledFrom([]byte(codeAlphabet)).Draw(t, "wrong sign")
		swapped := []byte(code)
		swapped[at], swapped[other] = swapped[other], swapped[at]
		got := read(written.String(), string(wrong), string(swapped), code[1:], code+"7", "U"+code[1:], "*"+code[1:], " - ")
		if got[0] != (codeRead{Code: code}) {
			t.Fatalf("%q is read as %+v", written.String(), got[0])
		}
		for i, text := range []string{string(wrong), string(swapped)} {
			if want := (codeRead{Wrong: "check"}); text != code && got[1+i] != want {
				t.Fatalf("%q for %q is read as %+v", text, code, got[1+i])
			}
		}
		for i, want := range []string{"length", "length", "sign", "sign", "none"} {
			if got[3+i] != (codeRead{Wrong: want}) {
				t.Fatalf("%d: %+v, want %s", i, got[3+i], want)
			}
		}
	})
}

// withCheck gives 15 signs their last.
func withCheck(signs string) string {
	for _, c := range codeAlphabet {
		if checksum(signs+string(c)) == 21 {
			return signs + string(c)
		}
	}
	return ""
}

func TestNoCodeThatIsEasyToGuessIsTaken(t *testing.T) {
	t.Parallel()
	page := node.Run(t, filepath.Join("testdata", "code.mjs"))
	for _, signs := range []string{"000000000000000", "AAAAAAAAAAAAAAA", "0123456789ABCDE", "123412341234123", "ZYXWVTSRQPNMKJH", "121212121212121", "555555555555556"} {
		code := withCheck(signs)
		if got := node.Do[[]codeRead](page, "read", []string{code})[0]; got.Wrong != "guessable" {
			t.Errorf("%s is read as %+v", code, got)
		}
	}
	if got := node.Do[[]codeRead](page, "read", []string{"0000 0000 0000 0000", "1234-1234-1234-1234", "wachtwoord123456"}); got[0].Wrong != "check" || got[1].Wrong == "" || got[2].Wrong == "" {
		t.Errorf("%+v", got)
	}
}

func TestThePageMakesTheLinkThatIsWrittenDown(t *testing.T) {
	t.Parallel()
	page := node.Run(t, filepath.Join("testdata", "code.mjs"))
	if n := node.Do[int](page, "rounds", nil); n != 200_000 {
		t.Errorf("%d rounds: every link that was ever made would become another", n)
	}
	links := map[string]bool{}
	for _, code := range node.Do[[]string](page, "make", 3) {
		for _, s := range []string{study, strings.Repeat("ab", 16)} {
			got := node.Do[string](page, "link", map[string]string{"code": code, "study": s})
			if want := goLink(t, code, s); got != want {
				t.Errorf("%s in %s: %s, want %s", code, s, got, want)
			}
			if _, ok := record.ReadLink(got); !ok || links[got] {
				t.Errorf("%s is no link of its own", got)
			}
			links[got] = true
		}
		if got := node.Do[string](page, "spaced", code); strings.ReplaceAll(got, "-", "") != code || len(got) != 19 {
			t.Errorf("%q is written as %q", code, got)
		}
	}
	// One that stays: codes are kept on paper for years.
	if got := node.Do[string](page, "link", map[string]string{"code": "K7M2P9QX4R3TB8WZ", "study": study}); got != goLink(t, "K7M2P9QX4R3TB8WZ", study) {
		t.Error(got)
	}
}

// linked lets people link their answers in a wave.
func (w *world) linked() {
	w.t.Helper()
	if err := w.survey.Link(study); err != nil {
		w.t.Fatal(err)
	}
}

func TestOnlyAWaveThatLinksSaysSo(t *testing.T) {
	t.Parallel()
	for _, mode := range wave.Modes() {
		plain, linked := newWorld(t, mode), newWorld(t, mode)
		linked.linked()
		for _, path := range []string{"/questions", "/privacy"} {
			for _, lang := range []string{"nl", "fr", "de", "en"} {
				address := "/w/" + code + path + "?lang=" + lang
				without, with := plain.do(http.MethodGet, address, ""), linked.do(http.MethodGet, address, "")
				title := in(linked.survey.Wave.Languages[0]).say("link.title")
				if lang == "nl" && (strings.Contains(without.Body.String(), title) || !strings.Contains(with.Body.String(), title)) {
					t.Errorf("%s %s: says of linking what is not so", mode, path)
				}
				if with.Code != http.StatusOK || strings.Contains(without.Body.String(), study) || strings.Contains(with.Body.String(), study) != (path == "/questions") {
					t.Errorf("%s %s %s: %d; the study stands in the wrong page", mode, path, lang, with.Code)
				}
			}
		}
	}
}

// TestPeopleLinkTheirAnswers makes a code in one visit, sees an error and takes it over in a later one.
func TestPeopleLinkTheirAnswers(t *testing.T) {
	b := browsertest.Start(t)
	for name, view := range map[string]browsertest.View{"phone": phone, "desk": desk} {
		t.Run(name, func(t *testing.T) {
			var links []record.Link
			made := ""
			send := func(j *journey) {
				t.Helper()
				j.Click("[data-send]")
				wait(t, j.Page, `document.querySelector('[data-sent-title]')?.textContent.includes('ontvangen')`)
				c := j.w.survey.Codec.Collector(1)
				if err := c.Add(j.w.handed(1)[0].Record); err != nil {
					t.Fatal(err)
				}
				c.Answers()
				links = append(links, c.Links()[0])
			}
			here := func() *journey {
				t.Helper()
				j := travel(t, b, view, wave.Anonymous, (*world).linked)
				j.begin()
				j.toReview()
				wait(t, j.Page, `!document.querySelector('[data-link]').hidden`)
				return j
			}
			j := here()
			j.Click("[data-link] summary")
			sound(t, j.Page, "1 explained")
			j.Click("[data-link-make]")
			j.Wait("#link-code-shown")
			if !strings.Contains(j.focus(), "Schrijf deze code") && !strings.Contains(j.focus(), "gekoppeld") {
				t.Errorf("the focus is at %q", j.focus())
			}
			sound(t, j.Page, "2 made")
			made = browsertest.Eval[string](j.Page, `document.querySelector('#link-code-shown').textContent`)
			if kept := browsertest.Eval[string](j.Page, `JSON.stringify(localStorage) + JSON.stringify(sessionStorage) + document.cookie + location.href`); strings.Contains(kept, made) ||
				strings.Contains(kept, strings.ReplaceAll(made, "-", "")) {
				t.Error("the code is kept on the device")
			}
			send(j)
			j.Wait("#link-code-sent")
			sound(t, j.Page, "3 sent")

			j = here()
			j.Fill("[data-code]", made[:18]+"7"+made[19:])
			if made[18] == '7' {
				j.Fill("[data-code]", made[:18]+"8")
			}
			j.Click("[data-link-form] .buttons .button:not([data-link-make])")
			j.Wait(".error-summary")
			sound(t, j.Page, "4 typing error")
			j.Fill("[data-code]", strings.ToLower(strings.ReplaceAll(made, "-", " ")))
			j.Click("[data-link-form] .buttons .button:not([data-link-make])")
			wait(t, j.Page, `!document.querySelector('[data-link-done]').hidden`)
			sound(t, j.Page, "5 taken over")
			send(j)

			j = here()
			j.Click("[data-link-make]")
			wait(t, j.Page, `!document.querySelector('[data-link-done]').hidden`)
			j.Click("[data-link-drop]")
			send(j)

			want, ok := record.ReadLink(goLink(t, strings.ReplaceAll(made, "-", ""), study))
			if !ok || links[0] != want || links[1] != want || links[2] != (record.Link{}) {
				t.Errorf("links %x, want twice %x and none", links, want)
			}
		})
	}
}

func TestWithoutScriptsOneIsToldThatLinkingNeedsThem(t *testing.T) {
	t.Parallel()
	for _, links := range []bool{true, false} {
		w := newWorld(t, wave.OpenLink)
		if links {
			w.linked()
		}
		started := w.do(http.MethodPost, "/w/"+code+"/start", "")
		page := w.do(http.MethodGet, "/w/"+code+"/review?lang=nl", "", func(r *http.Request) {
			for _, c := range started.Result().Cookies() {
				r.AddCookie(c)
			}
		})
		wants(t, "review", page, http.StatusOK)
		if strings.Contains(page.Body.String(), in("nl").say("link.needs-script")) != links {
			t.Errorf("links: %t; told of it: %t", links, !links)
		}
	}
}

func TestALinkIsTakenWhereAWaveLinksAndRefusedElsewhere(t *testing.T) {
	t.Parallel()
	answers := `{"use":"never","_link":"` + strings.Repeat("0f", 32) + `"}`
	plain, linked := newWorld(t, wave.Anonymous), newWorld(t, wave.Anonymous)
	linked.linked()
	wants(t, "a wave that links", linked.post("/answers", hand(linked.draw(pin), answers)), http.StatusOK)
	wants(t, "one that does not", plain.post("/answers", hand(plain.draw(pin), answers)), http.StatusUnprocessableEntity)
	wants(t, "no link", linked.post("/answers", hand(linked.draw(second), `{"use":"never"}`)), http.StatusOK)
	if len(linked.puts[0].Record) != len(linked.puts[1].Record) {
		t.Error("the length of a record tells whether it is linked")
	}
}

func TestWavesThatFollowEachOtherShareTheirStudyOnThePage(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := wavetest.New(t, d)
		s := &Source{DB: d, Box: w.Box, Clock: w.Clock.Now, Organisations: &organisations{}}
		running := func(v wave.Wave) *Survey {
			t.Helper()
			if _, err := w.Launch(t.Context(), wavetest.HR(), v.ID, w.Get(v.ID).Version, asked.Request{}); err != nil {
				t.Fatal(err)
			}
			if err := w.OpenNow(t.Context(), wavetest.HR(), v.ID); err != nil {
				t.Fatal(err)
			}
			got, err := s.ByCode(t.Context(), v.Code)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		first := w.Draft(wave.Anonymous, 20)
		terms := wavetest.Terms(wave.Anonymous)
		terms.Linked = true
		if err := w.Change(t.Context(), wavetest.HR(), first.ID, first.Version, terms); err != nil {
			t.Fatal(err)
		}
		one := running(first)
		again, err := w.Copy(t.Context(), wavetest.HR(), first.ID, "Nog eens", asked.Request{})
		if err != nil {
			t.Fatal(err)
		}
		w.People(again.ID, "", 20)
		if err := w.SetPlan(t.Context(), wavetest.HR(), again.ID, again.Version, wave.Plan{Contact: "HR",
			Moments: wave.Moments{Opens: w.Now().Add(time.Hour), Closes: w.Now().AddDate(0, 0, 14)}}); err != nil {
			t.Fatal(err)
		}
		two, apart := running(again), running(w.Draft(wave.Anonymous, 20))
		if len(one.Study) != 32 || two.Study != one.Study || apart.Study != "" {
			t.Errorf("studies %q, %q and %q", one.Study, two.Study, apart.Study)
		}
		answers := []byte(`{"department":"green","uses":"never","_link":"` + strings.Repeat("0f", 32) + `"}`)
		for survey, takes := range map[*Survey]bool{one: true, two: true, apart: false} {
			if _, err := survey.Codec.Read(answers); (err == nil) != takes {
				t.Errorf("a link is taken: %v", err)
			}
		}
	})
}
