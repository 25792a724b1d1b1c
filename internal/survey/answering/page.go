package answering

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"

	"tekentafel/internal/instrument"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// pages keeps, for each language, the page of questions and how long they take, made when they are first asked for. It is safe
// for concurrent use.
type pages struct {
	mu     sync.Mutex
	byLang map[instrument.Lang]*made
	takes  map[instrument.Lang]instrument.Duration
}

// made is a page as it goes to browsers.
type made struct {
	body, packed []byte
	tag          string
	until        time.Time // when it is made anew; zero for never
}

// questions is the page with all questions. It is the same for everybody and holds nothing about anybody.
func (p *Pages) questions(w http.ResponseWriter, r *web.Request) error {
	s, err := p.find(r)
	if err != nil {
		return err
	}
	if p.open(s) != nil {
		return sendOn(w, r, s, "")
	}
	page, err := p.made(r.Context(), s, r.Lang)
	if err != nil {
		return err
	}
	return page.send(w, r)
}

// made returns the page of questions in a language.
func (p *Pages) made(ctx context.Context, s *Survey, lang instrument.Lang) (*made, error) {
	s.pages.mu.Lock()
	defer s.pages.mu.Unlock()
	if page := s.pages.byLang[lang]; page != nil && (page.until.IsZero() || p.Clock().Before(page.until)) {
		return page, nil
	}
	page, err := p.make(ctx, s, lang)
	if err != nil {
		return nil, err
	}
	if s.pages.byLang == nil {
		s.pages.byLang = map[instrument.Lang]*made{}
	}
	s.pages.byLang[lang] = page
	return page, nil
}

func (p *Pages) make(ctx context.Context, s *Survey, lang instrument.Lang) (*made, error) {
	v, err := p.questionsView(s, lang)
	if err != nil {
		return nil, err
	}
	page := ui.Page{Lang: lang, Title: s.Instrument.Title.In(lang), NoH1: true, Organisation: s.Org.Name, Theme: s.Org.Theme, Logo: s.Org.Logo,
		Home: s.base(), Synthetic: s.Org.Synthetic}
	page.Footer = []ui.Link{{Label: v.say("foot.privacy"), Href: s.link("/privacy", lang)}}
	for _, l := range s.Wave.Languages {
		page.Languages = append(page.Languages, ui.Language{Lang: l, Href: s.link("/questions", l), Current: l == lang})
	}
	var b bytes.Buffer
	whole := templ.ComponentFunc(func(ctx context.Context, out io.Writer) error {
		return ui.Bare(page).Render(templ.WithChildren(ctx, questionsPage(v)), out)
	})
	if err := whole.Render(ctx, &b); err != nil {
		return nil, err
	}
	if err := v.Err(); err != nil {
		return nil, err
	}
	packed, err := pack(b.Bytes())
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(b.Bytes())
	out := &made{body: b.Bytes(), packed: packed, tag: `"` + hex.EncodeToString(sum[:8]) + `"`}
	if v.data.After != nil {
		out.until = v.data.After.Until
	}
	return out, nil
}

func pack(body []byte) ([]byte, error) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(body); err != nil {
		return nil, err
	}
	err = z.Close()
	return b.Bytes(), err
}

func (m *made) send(w http.ResponseWriter, r *web.Request) error {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "private, no-cache")
	h.Set("ETag", m.tag)
	h.Add("Vary", "Accept-Encoding, Cookie, Accept-Language")
	if r.Header.Get("If-None-Match") == m.tag {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	body := m.body
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = m.packed
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodHead {
		return nil
	}
	_, err := w.Write(body)
	if err != nil {
		return nil //nolint:nilerr // the answer has begun; nobody is left to tell
	}
	return nil
}

// questionsView is what the page of questions shows.
type questionsView struct {
	words
	*Survey
	items  []planned
	script string // address of the script
	style  string
	data   scriptData
}

// scriptData is what the script reads from the page.
type scriptData struct {
	Code      string            `json:"code"`
	Base      string            `json:"base"`
	Mode      wave.Mode         `json:"mode"`
	Lang      instrument.Lang   `json:"lang"`
	Languages []instrument.Lang `json:"languages"`
	Closes    string            `json:"closes"` // in words, as the entry says it; "": not decided
	Keys      []string          `json:"keys"`   // base64url
	Worker    string            `json:"worker"`
	Idle      idle              `json:"idle"`
	Who       string            `json:"who,omitempty"` // tells accounts on one device apart; never on the page of questions
	Study     string            `json:"study,omitempty"`
	Items     []planned         `json:"items,omitempty"`
	After     *Offer            `json:"after,omitempty"`
	Words     map[string]string `json:"words"`
}

// idle says when a shared tablet is wiped, in seconds: how long nobody touches it, and how long it then warns.
type idle struct {
	After int `json:"after"`
	Warn  int `json:"warn"`
}

// data returns what the script needs on any page.
func (p *Pages) data(s *Survey, w words) (scriptData, error) {
	d := scriptData{Code: s.Wave.Code, Base: s.base(), Mode: s.Wave.Mode, Lang: w.Lang, Languages: s.Wave.Languages, Worker: workerPath, Idle: p.idle, Study: s.Study}
	closes := s.Wave.Closes
	if p.Zone != nil && !closes.IsZero() {
		closes = closes.In(p.Zone)
	}
	d.Closes = w.Moment(closes)
	for i := range s.Keys {
		d.Keys = append(d.Keys, encode(s.Keys[i].Public.Bytes()))
	}
	var err error
	d.Words, err = scriptWords(w.Lang)
	return d, err
}

func (p *Pages) questionsView(s *Survey, lang instrument.Lang) (questionsView, error) {
	v := questionsView{words: in(lang), Survey: s, script: p.assetURL("answer.js"), style: p.assetURL("answer.css")}
	var err error
	if v.items, err = s.plan(lang); err != nil {
		return v, err
	}
	if v.data, err = p.data(s, v.words); err != nil {
		return v, err
	}
	v.data.Items = v.items
	v.data.After, err = p.after(s, lang)
	return v, err
}

// codeField is where one types the code of another wave.
func (v questionsView) codeField() ui.Field {
	return ui.Field{Name: "code", Label: v.say("link.have"), Hint: v.say("link.have-hint"), Autocomplete: "off", Chars: 20,
		Attrs: map[string]any{"autocapitalize": "characters", "spellcheck": "false", "data-code": true}}
}

func (v questionsView) asking(p *planned) asking { return asking{words: v.words, it: p.it} }

// promise is the one line on what becomes of the answers, by mode.
func (v questionsView) promise() string { return v.say("foot.promise-" + string(v.Wave.Mode)) }
