package answering

import (
	"io"
	"maps"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tekentafel/internal/instrument"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/tenant"
	"tekentafel/internal/testkit/node"
	"tekentafel/internal/ui/browsertest"
	"tekentafel/internal/web"
)

// elsewhere is another feature: it offers something after the questionnaire, and notes what comes.
type elsewhere struct {
	mu   sync.Mutex
	came []arrival
}

// arrival is a request to the other feature.
type arrival struct {
	body, referer, origin string
	cookies               []string
}

const elsewhereAt = "/elsewhere"

func agreement() map[string]float64 { return map[string]float64{"no": 1, "so": 2, "yes": 3} }

// After implements Afterwards.
func (e *elsewhere) After(t tenant.ID, _ *instrument.Instrument, lang instrument.Lang) (*Offer, error) {
	return &Offer{Address: elsewhereAt, Title: "Benieuwd waar je staat?", Text: "Zie hoe je jezelf plaatst.", More: "Wat gaat er mee?", Details: []string{"Eén cijfer.", "Niet je antwoorden."}, Do: "Bekijk je profiel",
		Shared: "Deze tablet wist alles.", Fixed: []Fixed{{"from", string(t) + ".sign"}, {"lang", string(lang)}},
		Steps: []Derived{{Summary: instrument.Summary{Name: "critical", Values: map[string]map[string]float64{"can": agreement(), "check": agreement()}, Least: 2, Cuts: []float64{1.6, 2.4}}},
			{Summary: instrument.Summary{Name: "work", Values: map[string]map[string]float64{"use": {"daily": 1, "never": 2}}, Least: 1, Cuts: []float64{1.5}}, Extra: true}}}, nil
}

func (e *elsewhere) take(w http.ResponseWriter, r *web.Request) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	a := arrival{body: string(body), referer: r.Referer(), origin: r.Header.Get("Origin")}
	for _, c := range r.Cookies() {
		a.cookies = append(a.cookies, c.Name)
	}
	e.mu.Lock()
	e.came = append(e.came, a)
	e.mu.Unlock()
	return r.Redirect(w, elsewhereAt, nil)
}

func (e *elsewhere) arrived(t testing.TB) arrival {
	t.Helper()
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.came) != 1 {
		t.Fatalf("%d requests came", len(e.came))
	}
	return e.came[0]
}

// follows gives a wave a feature that goes on from it.
func follows(w *world) *elsewhere {
	w.t.Helper()
	e := &elsewhere{}
	w.pages.Afterwards = e
	err := w.server.Add(web.Route{Pattern: "POST " + elsewhereAt, Public: true, Untraced: true, Body: 4096, Handle: e.take},
		web.Route{Pattern: "GET " + elsewhereAt, Public: true, Untraced: true, Handle: func(out http.ResponseWriter, r *web.Request) error {
			page := web.Page{Bare: true}
			page.Title = "Elders"
			return r.Show(out, page, paragraphs("Van elders: "+r.Referer()))
		}})
	if err != nil {
		w.t.Fatal(err)
	}
	return e
}

// TestTheScriptOffersAsTheServer compares the two on drawn offers and answers.
func TestTheScriptOffersAsTheServer(t *testing.T) {
	t.Parallel()
	page := node.Run(t, filepath.Join("testdata", "after.mjs"))
	rapid.Check(t, func(rt *rapid.T) {
		o := &Offer{Fixed: []Fixed{{"from", "ours"}}}
		names := []string{"a", "b", "c", "constructor"}
		options := []string{"no", "so", "yes", "toString", ""}
		for i := range rapid.IntRange(1, 3).Draw(rt, "fields") {
			d := Derived{Summary: instrument.Summary{Name: string(rune('x' + i)), Values: map[string]map[string]float64{}, Least: rapid.IntRange(0, 3).Draw(rt, "least"),
				Cuts: append([]float64{}, slices.Sorted(slices.Values(rapid.SliceOfN(rapid.SampledFrom([]float64{1.3333333, 1.5, 2, 2.6, 3}), 0, 3).Draw(rt, "cuts")))...)}, Extra: rapid.Bool().Draw(rt, "extra")}
			for _, n := range rapid.SliceOfDistinct(rapid.SampledFrom(names), rapid.ID[string]).Draw(rt, "variables") {
				d.Values[n] = rapid.MapOf(rapid.SampledFrom(options[:3]), rapid.SampledFrom([]float64{1, 2, 3, 4})).Draw(rt, "counts")
			}
			o.Steps = append(o.Steps, d)
		}
		replies := rapid.SliceOfN(rapid.MapOf(rapid.SampledFrom(names), rapid.SampledFrom(options)), 1, 6).Draw(rt, "answers")
		byScript := node.Do[[][][]string](page, "fields", map[string]any{"after": o, "answers": replies})
		for i, answers := range replies {
			want := [][]string{}
			for _, f := range o.fields(func(v string) string { return answers[v] }) {
				want = append(want, []string{f.Name, f.Value})
			}
			if !slices.EqualFunc(want, byScript[i], slices.Equal[[]string]) {
				rt.Fatalf("the server makes %v, the script %v of %v with %+v", want, byScript[i], answers, o)
			}
		}
	})
}

// TestWhatGoesOnAreSteps holds that two people whose steps are equal send the same, whatever else they answered.
func TestWhatGoesOnAreSteps(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wave.Confidential)
	e := follows(w)
	o, err := e.After("ours", w.survey.Instrument, "nl")
	if err != nil {
		t.Fatal(err)
	}
	sent := map[string]map[string]bool{} // by steps
	rapid.Check(t, func(t *rapid.T) {
		d := &draft{Answers: given{"use": {rapid.SampledFrom([]string{"daily", "weekly", "never"}).Draw(t, "use")}, "idea": {rapid.String().Draw(t, "idea")},
			"department": {rapid.SampledFrom([]string{"da", "db"}).Draw(t, "department")}, "hours": {"3"}}}
		for _, name := range []string{"can", "check", "likes", "wants"} {
			if v := rapid.SampledFrom([]string{"no", "so", "yes", "dunno", ""}).Draw(t, name); v != "" {
				d.Answers[name] = []string{v}
			}
		}
		counted, err := d.counted(w.survey)
		if err != nil {
			t.Fatal(err)
		}
		form := url.Values{}
		steps := map[string]bool{}
		for _, f := range o.fields(counted) {
			form.Add(f.Name, f.Value)
			if f.Name == "critical" || f.Name == "work" {
				steps[f.Name+f.Value] = true
			}
		}
		key := strings.Join(slices.Sorted(maps.Keys(steps)), " ")
		if sent[key] == nil {
			sent[key] = map[string]bool{}
		}
		if sent[key][form.Encode()] = true; len(sent[key]) > 1 {
			t.Fatalf("with %s people send %v", key, sent[key])
		}
	})
	if len(sent) < 8 {
		t.Errorf("only %d ways came by", len(sent))
	}
}

func TestAfterwards(t *testing.T) {
	b := browsertest.Start(t)
	for _, mode := range wave.Modes() {
		t.Run("with scripts "+string(mode), func(t *testing.T) { followed(t, b, mode, phone) })
	}
	v := phone
	v.NoJS = true
	for _, mode := range []wave.Mode{wave.Confidential, wave.OpenLink} {
		t.Run("without scripts "+string(mode), func(t *testing.T) { followed(t, b, mode, v) })
	}
	t.Run("nothing to go on with", func(t *testing.T) { nothingToFollow(t, b) })
	t.Run("on a shared tablet", func(t *testing.T) { followedOnTablet(t, b) })
}

// toStatements goes on to the statements and answers them, then to the list of answers.
func (j *journey) toStatements(scripts bool, answers bool) {
	j.t.Helper()
	go_ := next
	if !scripts {
		go_ = `.ask .buttons .button`
	}
	j.Click(go_)
	j.Click(`label[for="q-use-3"]`) // never: no tasks, no hours
	j.Click(go_)
	if scripts && answers {
		for _, id := range []string{"q-can-3", "q-check-3"} { // a row a screen on a phone
			j.Click(`label[for="` + id + `"]`)
			j.Click(go_)
		}
	} else if answers {
		j.Click(`label[for="q-can-3"]`)
		j.Click(`label[for="q-check-3"]`)
		j.Click(go_)
	}
	if !scripts {
		j.Click(`.ask .buttons .plain`) // to all answers
		j.Wait(".facts")
		return
	}
	for browsertest.Eval[bool](j.Page, `document.querySelector('[data-screen=review]').hidden`) {
		j.Click(go_)
	}
}

// followed hands in, goes on, and holds that nothing but the steps goes along.
func followed(t *testing.T, b *browsertest.Browser, mode wave.Mode, v browsertest.View) {
	var e *elsewhere
	j := travel(t, b, v, mode, func(w *world) { e = follows(w); w.who = "account-of-jan" })
	j.Goto(j.address + "?lang=nl")
	j.Click("form.form .next-step")
	if v.NoJS {
		j.Wait("h1.ask-title")
	} else {
		j.Wait("#s-hello")
	}
	j.toStatements(!v.NoJS, true)
	if v.NoJS {
		j.Click("form .next-step")
	} else {
		j.Click("[data-send]")
	}
	j.Wait(".after-box")
	sound(t, j.Page, "afterwards "+string(mode)+" "+v.String())
	before := j.w.handed(1)
	drafts := maps.Clone(j.w.drafts)
	j.Click(".after-box .button")
	j.says("Van elders")
	came := e.arrived(t)
	if came.body != "from=ours.sign&lang=nl&critical=3&work=2" {
		t.Errorf("what goes along is %q", came.body)
	}
	for what, text := range map[string]string{"the body": came.body, "the referrer": came.referer, "the page that follows": j.Text("main")} {
		if strings.Contains(text, code) || strings.Contains(text, "/w/") || strings.Contains(text, j.w.survey.Wave.ID+"&") {
			t.Errorf("%s tells of the wave: %s", what, text)
		}
	}
	if came.origin == "null" {
		t.Error("a browser that tells no more than this is refused as another site")
	}
	if slices.Contains(came.cookies, draftCookie) {
		t.Errorf("the cookie of the answers goes along: %v", came.cookies)
	}
	if n := len(j.w.handed(1)); n != len(before) || !maps.EqualFunc(drafts, j.w.drafts, slices.Equal[[]byte]) {
		t.Error("the urn or the draft changed")
	}
	j.Back()
	j.Wait(".after-box")
}

func nothingToFollow(t *testing.T, b *browsertest.Browser) {
	for _, v := range []browsertest.View{phone, {Width: phone.Width, Height: phone.Height, NoJS: true}} {
		j := travel(t, b, v, wave.OpenLink, func(w *world) { follows(w) })
		j.Goto(j.address + "?lang=nl")
		j.Click("form.form .next-step")
		if v.NoJS {
			j.Wait("h1.ask-title")
		} else {
			j.Wait("#s-hello")
		}
		j.toStatements(!v.NoJS, false)
		if v.NoJS {
			j.Click("form .next-step")
		} else {
			j.Click("[data-send]")
		}
		j.says("ontvangen")
		if j.Count(".after-box") != 0 {
			t.Errorf("%s: who answered no statement is offered a profile", v)
		}
	}
}

func followedOnTablet(t *testing.T, b *browsertest.Browser) {
	var e *elsewhere
	j := travel(t, b, phone, wave.Anonymous, func(w *world) { e = follows(w) })
	j.Goto(j.address + "/kiosk?lang=nl")
	j.Fill("[data-pin]", pin)
	j.Press("Enter")
	j.Wait("#s-hello")
	j.toStatements(true, true)
	j.Click("[data-send]")
	j.Wait(".after-box")
	j.says("Deze tablet wist alles")
	sound(t, j.Page, "afterwards on a tablet")
	j.Click(".after-box .button")
	j.says("Van elders")
	came := e.arrived(t)
	if came.body != "from=ours.sign&lang=nl&critical=3&work=2&shared=yes" || strings.Contains(came.referer, code) {
		t.Errorf("what goes along is %+v", came)
	}
	if got := browsertest.Eval[string](j.Page, `sessionStorage.getItem('tekentafel/tablet')`); got != "/w/"+code+"/kiosk?lang=nl" {
		t.Errorf("the way back is %q", got)
	}
	j.Back()
	j.Wait("[data-pin]")
	if n := browsertest.Eval[int](j.Page, `document.querySelectorAll('.after-box').length + [...document.querySelectorAll('input')].filter(i => i.type === 'text' && i.value || i.checked).length`); n != 0 {
		t.Error("the back button shows somebody's answers")
	}
}

// A page whose offer ended is made anew.
func TestTheOfferIsOfNow(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wave.Anonymous)
	f := &dated{w: w}
	w.pages.Afterwards = f
	body := func() string { return w.do(http.MethodGet, "/w/"+code+"/questions?lang=nl", "").Body.String() }
	first := body()
	if again := body(); again != first || f.made != 1 {
		t.Errorf("made %d times", f.made)
	}
	w.clock.step(f.lasts)
	if later := body(); later == first || f.made != 2 {
		t.Errorf("made %d times", f.made)
	}
	w.pages.Afterwards = &elsewhere{}
	if page := w.do(http.MethodGet, "/w/"+code+"/privacy?lang=nl", "").Body.String(); !strings.Contains(page, "Wat gaat er mee?") || !strings.Contains(page, "Niet je antwoorden.") {
		t.Error("the page on privacy does not say what would go along")
	}
	if got := w.do(http.MethodGet, "/w/"+code+"?lang=nl", "").Header().Get("Referrer-Policy"); got != "strict-origin" {
		t.Errorf("the page tells others %q", got)
	}
}

// dated offers something that ends.
type dated struct {
	w     *world
	made  int
	lasts time.Duration
}

// After implements Afterwards.
func (d *dated) After(tenant.ID, *instrument.Instrument, instrument.Lang) (*Offer, error) {
	d.made, d.lasts = d.made+1, 24*time.Hour
	return &Offer{Address: elsewhereAt, Do: "Verder", Fixed: []Fixed{{"until", d.w.clock.now().String()}}, Until: d.w.clock.now().Add(d.lasts)}, nil
}
