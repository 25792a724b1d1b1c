package app

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tekentafel/instruments"
	"tekentafel/internal/access"
	"tekentafel/internal/instrument"
	"tekentafel/internal/synth"
	"tekentafel/internal/ui/browsertest"
)

// wave writes made-up answers to a file of a test.
func wave(t *testing.T, size int) string {
	t.Helper()
	in := must(instrument.Parse("genai-monitor.yaml", must(instruments.Open("genai-monitor"))(t)))(t)
	w := must(synth.New(synth.Options{Instrument: in, Size: size, Seed: 7}))(t)
	path := filepath.Join(t.TempDir(), "najaar 2026.csv")
	f := must(os.Create(path))(t)
	if err := w.Write(t.Context(), f, path); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// idle waits until no work is left in the background.
func (h *house) idle(t *testing.T) {
	t.Helper()
	for {
		waiting, running, err := h.Queue.Waiting(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if waiting+running == 0 {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// signedIn opens a tab in which somebody of the city is signed in.
func (h *house) signedIn(t *testing.T, b *browsertest.Browser, role access.Role, v browsertest.View) *browsertest.Page {
	t.Helper()
	tab := b.Tab(t, v)
	u := must(url.Parse(h.url))(t)
	tab.SetCookies(h.url, h.as(t, role).Jar.Cookies(u)...)
	return tab
}

// TestFromUploadToPublishedReport goes the whole way in a browser, as HR, a colleague and a stranger with a link, with and
// without scripts.
func TestFromUploadToPublishedReport(t *testing.T) {
	t.Parallel()
	h := open(t, filepath.Join(t.TempDir(), "tekentafel.db"))
	b := browsertest.Start(t)
	for _, v := range []browsertest.View{{Width: 1366, Height: 900}, {Width: 320, Height: 700, NoJS: true}} {
		t.Run(v.String(), func(t *testing.T) {
			name := "Najaar " + v.String()
			hr := h.signedIn(t, b, access.HR, v)
			hr.Goto(h.url + "/reports")
			hr.Click(`a[href="/answers/new"]`)

			// A file that is no answers comes back with what is wrong, and what was filled in stays.
			nonsense := filepath.Join(t.TempDir(), "foto.csv")
			if err := os.WriteFile(nonsense, []byte("a,b\n1,2\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			hr.Fill(`input[name="name"]`, name)
			hr.Attach(`input[name="file"]`, nonsense)
			hr.Click(`main form button:not([type="button"])`)
			hr.Wait(".error-summary")
			if text := hr.Text(".error-summary"); !strings.Contains(text, "kolommen") {
				t.Errorf("the page says %q", text)
			}
			if kept := browsertest.Eval[string](hr, `document.querySelector('input[name="name"]').value`); kept != name {
				t.Errorf("the name is %q after an error", kept)
			}
			hr.Attach(`input[name="file"]`, wave(t, 400))
			hr.Click(`main form button:not([type="button"])`)
			hr.Wait(`form[action="/reports"]`)
			if text := hr.Text("main"); !strings.Contains(text, "400") || !strings.Contains(text, name) {
				t.Errorf("the page of the answers says %q", text)
			}
			hr.Fill(`input[name="title"]`, "Rapport "+name)
			hr.Click(`form[action="/reports"] .buttons button`)
			h.idle(t)
			report := strings.TrimPrefix(hr.Location(), h.url)
			if v.NoJS {
				hr.Goto(h.url + report)
			} else {
				for range 100 { // the page renews itself each second
					if strings.Contains(hr.Text("h1"), "400") {
						break
					}
					time.Sleep(100 * time.Millisecond)
				}
			}
			if text := hr.Text("h1"); !strings.Contains(text, "400") {
				t.Fatalf("the report says %q", text)
			}

			colleague := h.signedIn(t, b, access.Employee, v)
			colleague.Goto(h.url + report)
			if colleague.Status() != http.StatusNotFound {
				t.Errorf("a colleague gets %d for a report that is not published", colleague.Status())
			}
			hr.Goto(h.url + report + "/manage")
			hr.Click(`form[action="` + report + `/publish"] button`)
			colleague.Goto(h.url + "/reports")
			if text := colleague.Text("main"); !strings.Contains(text, "Rapport "+name) {
				t.Errorf("the colleague sees %q", text)
			}
			colleague.Goto(h.url + report + "/groups?by=department")
			if colleague.Status() != http.StatusOK || colleague.Count(".chart") == 0 {
				t.Errorf("the colleague gets %d and %d charts by group", colleague.Status(), colleague.Count(".chart"))
			}

			hr.Fill(`input[name="note"]`, "Schepencollege")
			hr.Click(`form[action="` + report + `/links"] button`)
			link := browsertest.Eval[string](hr, `document.body.innerText.match(/http:\/\/\S+\/s\/[\w-]+/)[0]`)
			stranger := b.Tab(t, v)
			stranger.Goto(link)
			if stranger.Status() != http.StatusOK || stranger.Count(".chapters") != 1 {
				t.Errorf("the link gives %d", stranger.Status())
			}
			hr.Goto(h.url + report + "/manage")
			hr.Click(`table button`)
			stranger.Goto(link)
			if stranger.Status() != http.StatusGone {
				t.Errorf("a revoked link gives %d", stranger.Status())
			}
			for _, tab := range []*browsertest.Page{hr, colleague, stranger} {
				if out := tab.Refused(); len(out) > 0 {
					t.Errorf("refused by the content security policy: %s", strings.Join(out, "\n"))
				}
			}
		})
	}
}

// TestDownloadsAreTheSameForPageAndScript fetches each form of a report.
func TestDownloadsAreTheSameForPageAndScript(t *testing.T) {
	t.Parallel()
	h := open(t, filepath.Join(t.TempDir(), "tekentafel.db"))
	hr := h.actor(t, access.HR)
	r := must(h.Report.Reports(t.Context(), hr))(t)[0]
	c := h.as(t, access.HR)
	for format, begins := range map[string]string{"html": "<!doctype html", "pdf": "%PDF-", "factsheet": "<!doctype html", "factsheet-pdf": "%PDF-", "xlsx": "PK", "json": "{"} {
		a := h.get(t, c, "/reports/"+r.ID+"/download/"+format)
		if a.StatusCode != http.StatusOK || !strings.HasPrefix(strings.ToLower(a.body), strings.ToLower(begins)) {
			t.Errorf("%s: %d %.40q", format, a.StatusCode, a.body)
		}
		if !strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment") || !strings.Contains(a.Header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%s may act as a page: %v", format, a.Header)
		}
	}
}
