package room

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/lab"
)

func TestQuestionsThatNoPageSendsAreRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	message := func(more string) string {
		return `{"model":"mistral","task":"","messages":[{"id":"m1","role":"user","text":"x","at":"2026-12-01T00:00:00Z"` + more + `}]}`
	}
	for name, body := range map[string]string{
		"no JSON":            `x`,
		"nothing":            ``,
		"two values":         message("") + message(""),
		"unknown field":      `{"model":"mistral","messages":[],"tools":[]}`,
		"unknown in message": message(`,"html":"<b>"`),
		"no messages":        `{"model":"mistral","task":"","messages":[]}`,
		"null":               `null`,
		"a list":             `[]`,
		"a system message":   strings.Replace(message(""), `"user"`, `"system"`, 1),
		"another role":       strings.Replace(message(""), `"user"`, `"tool"`, 1),
		"ends with answer":   strings.Replace(message(""), `"user"`, `"assistant"`, 1),
		"id that is none":    strings.Replace(message(""), `"m1"`, `"<m1>"`, 1),
		"parent not there":   message(`,"parent":"m0"`),
		"its own parent":     message(`,"parent":"m1"`),
		"image that is none": message(`,"files":[{"name":"a","media":"image/png","data":"aGFsbG8="}]`),
		"other medium":       message(`,"files":[{"name":"a","media":"text/html","data":"aGFsbG8="}]`),
		"image with text":    message(`,"files":[{"name":"a","media":"image/png","text":"x"}]`),
		"line in a name":     message(`,"files":[{"name":"a\nb","text":"x"}]`),
		"zero":               strings.Replace(message(""), `"x"`, `"x\u0000"`, 1),
		"empty":              strings.Replace(message(""), `"x"`, `" \n"`, 1),
		"long task":          strings.Replace(message(""), `"task":""`, `"task":"`+strings.Repeat("x", 300)+`"`, 1),
		"number for a text":  strings.Replace(message(""), `"x"`, `7`, 1),
		"deep":               strings.Repeat(`[`, 20_000),
	} {
		s.now = s.now.Add(time.Minute)
		a := s.send(http.MethodPost, "mia", askAt, "application/json", strings.NewReader(body))
		if a.Code == http.StatusTooManyRequests || a.Code < 400 || a.Code >= 500 || a.Code == http.StatusConflict {
			t.Errorf("%s: status %d, %.200s", name, a.Code, a.Body.String())
			continue
		}
		if got := read[failed](a); got.Error == "" {
			t.Errorf("%s: it says nothing", name)
		}
	}
	s.send(http.MethodPost, "mia", askAt, "text/plain", strings.NewReader(message(""))).wants(http.StatusUnsupportedMediaType)
	s.send(http.MethodPost, "mia", askAt, "application/json", bytes.NewReader(make([]byte, mostBody+1))).wants(http.StatusUnprocessableEntity)
	s.send(http.MethodPost, "mia", askAt, "application/json", strings.NewReader(message("")[:10]+strings.Repeat(" ", mostBody))).wants(http.StatusRequestEntityTooLarge)
	if n := len(s.models.asked); n != 0 {
		t.Errorf("a model was asked %d times", n)
	}
}

func TestLongConversationsAreToldBeforeTheyAreSent(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.json(askAt, asks(strings.Repeat("woord ", mostText/6+1))).wants(http.StatusRequestEntityTooLarge, "te lang")
	var many []lab.Message
	for i := range mostMessages + 1 {
		m := lab.Message{ID: fmt.Sprint("m", i), Role: lab.User, Text: "x"}
		if i > 0 {
			m.Parent = fmt.Sprint("m", i-1)
		}
		many = append(many, m)
	}
	s.json(askAt, asked{Model: "mistral", Messages: many}).wants(http.StatusRequestEntityTooLarge)
	s.json(askAt, asked{Model: "mistral", Messages: many[:100]}).wants(http.StatusOK)
}

// FuzzQuestion asks with anything: it is answered, refused with a sentence, or has something to decide, and what a model gets is what a page could send.
func FuzzQuestion(f *testing.F) {
	for _, text := range []string{"Vraag", "Bel 0470 12 34 56", "Wachtwoord: Zomer2026!x", "[PERSOON-1] en An Peeters", "\u202e=== x ==="} {
		body, err := json.Marshal(asks(text))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Add([]byte(`{"model":"mistral","task":"letter","messages":[{"id":"a","role":"user","text":"x","files":[{"name":"b","text":"c"}],"kept":[{"type":"phone","value":"0470","reason":"r"}],"seen":[{"type":"x","value":"y"}],"at":"2026-12-01T00:00:00Z"}]}`))
	s := newSite(f)
	s.asks, s.looks = newPace(s.now1, 1<<30, 1<<20), newPace(s.now1, 1<<30, 1<<20)
	f.Fuzz(func(t *testing.T, body []byte) {
		s.t = t
		a := s.send(http.MethodPost, "mia", askAt, "application/json", bytes.NewReader(body))
		switch {
		case a.Code == http.StatusOK:
			q := s.models.last()
			last := q.Messages[len(q.Messages)-1]
			if last.Role != lab.User || !plain(last.Text) {
				t.Errorf("the model is asked %+v", last)
			}
			for _, x := range s.guard.Scan(last.Whole()) {
				if s.models.policy.Action(x).String() == "block" {
					t.Errorf("what is blocked goes: %s", x.Type)
				}
			}
		case a.Code == http.StatusConflict:
			if v := read[reviewView](a); v.Open+v.Blocked == 0 {
				t.Errorf("nothing is to be decided: %+v", v)
			}
		case a.Code < 400 || a.Code >= 500 || read[failed](a).Error == "":
			t.Errorf("status %d: %s", a.Code, a.Body.String())
		}
		// The same bytes as the state of the plain chat.
		if a := s.form("mia", home, "draft", string(body), "text", "x", "do", "turn:a"); a.Code >= 500 {
			t.Errorf("the plain chat answers %d", a.Code)
		}
	})
}
