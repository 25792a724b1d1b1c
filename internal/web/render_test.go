package web

import (
	"compress/gzip"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

func TestPagesArePackedForWhoTakesThat(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	plain := p.get("/").Body.String()
	if len(plain) < compressFrom {
		t.Fatalf("a page of %d bytes is too small for this test", len(plain))
	}
	for accept, packed := range map[string]bool{
		"": false, "identity": false, "br": false, "gzip": true, "GZIP": true, "gzip, br": true, "br;q=1.0, gzip;q=0.8": true, "gzip;q=0": false, "gzip;q=0.000": false,
		"gzip; q=0.1": true, "*": true, "*;q=0": false, "br, *;q=0.1": true, "gzip;q=0, *": false, "gzip;q=x": false, "x-gzip": true, "notgzip": false,
	} {
		w := p.get("/", with("Accept-Encoding", accept))
		if got := w.Header().Get("Content-Encoding") == "gzip"; got != packed {
			t.Errorf("%q: packed: %v, want %v", accept, got, packed)
			continue
		}
		if got := w.Header().Get("Content-Length"); got != strconv.Itoa(w.Body.Len()) {
			t.Errorf("%q: Content-Length %s of %d bytes", accept, got, w.Body.Len())
		}
		if vary := strings.Join(w.Header().Values("Vary"), ","); !strings.Contains(vary, "Accept-Encoding") || !strings.Contains(vary, "Cookie") {
			t.Errorf("%q: Vary %q", accept, vary)
		}
		body := io.Reader(w.Body)
		if packed {
			z, err := gzip.NewReader(w.Body)
			if err != nil {
				t.Fatal(err)
			}
			body = z
		}
		if got, err := io.ReadAll(body); err != nil || string(got) != plain {
			t.Errorf("%q: another page came out: %v", accept, err)
		}
	}
	p.add(Route{Pattern: "GET /short", Public: true, Handle: func(w http.ResponseWriter, r *Request) error {
		return r.Send(w, 0, "text/plain", []byte("short"))
	}})
	if w := p.get("/short", with("Accept-Encoding", "gzip")); w.Header().Get("Content-Encoding") != "" || w.Body.String() != "short" {
		t.Error("a short answer is packed")
	}
}

func TestHeadIsGetWithoutTheBody(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	for _, target := range []string{"/", "/mine", "/nowhere"} {
		get, head := p.get(target), p.do(http.MethodHead, target, "")
		if head.Code != get.Code || head.Body.Len() > 0 {
			t.Errorf("%s: %d and %d bytes, GET has %d", target, head.Code, head.Body.Len(), get.Code)
		}
		for name := range get.Header() {
			if name != "Content-Type" && head.Header().Get(name) != get.Header().Get(name) {
				t.Errorf("%s: %s is %q, GET has %q", target, name, head.Header().Get(name), get.Header().Get(name))
			}
		}
	}
	wants(t, "of what only takes forms", p.do(http.MethodHead, "/public", ""), http.StatusNotFound)
}

func TestPartsForHtmxAreInTheLanguageOfTheRequest(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.add(Route{Pattern: "GET /part", Public: true, Handle: func(w http.ResponseWriter, r *Request) error { return r.Part(w, says("part")) }})
	if w := p.get("/part", with("Accept-Language", "de")); w.Body.String() != "<p>part lang=de</p>" {
		t.Errorf("%q", w.Body)
	}
	w := p.do(http.MethodPost, "/public", "to=%2Fnext", with("HX-Request", "true"))
	wants(t, "a form sent by htmx", w, http.StatusOK)
	if got := w.Header().Get("HX-Redirect"); got != "/next" {
		t.Errorf("it goes to %q", got)
	}
}

func TestTextOfPeopleStaysText(t *testing.T) {
	t.Parallel()
	const hostile = `"><script>alert(1)</script><img src=x onerror=alert(2)>`
	p := newPlace(t, func(_ *Config, v *visitors) {
		v.visit = func(v *Visit, _ *http.Request) error {
			v.Name, v.Org.Name = hostile, hostile
			return nil
		}
	})
	p.add(Route{Pattern: "GET /hostile", Any: true, Handle: show(hostile)})
	w := p.get("/hostile?q="+"%22%3E%3Cscript%3Ealert(1)%3C/script%3E", as("hr"))
	wants(t, "the page", w, http.StatusOK)
	if body := w.Body.String(); strings.Contains(body, "<script>alert") || strings.Contains(body, "<img src=x") {
		t.Error("what people wrote became markup")
	}
}
