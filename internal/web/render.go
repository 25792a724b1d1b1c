package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"tekentafel/internal/access"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
)

// Page describes a page beyond what every page has.
type Page struct {
	ui.Page
	Door   string // the door it stands behind
	Status int    // 0 means 200
	Bare   bool   // without navigation
}

// Show renders a page in the shell.
func (r *Request) Show(w http.ResponseWriter, p Page, content templ.Component) error {
	s := r.server
	p.Lang, p.Organisation, p.Theme, p.Logo, p.Version = r.Lang, r.Org.Name, r.Org.Theme, r.Org.Logo, s.Version
	p.Synthetic = p.Synthetic || r.Org.Synthetic
	p.Languages, p.LanguagePost, p.Here = languagesFor(r), "/language", r.URL.RequestURI()
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		p.Here = "/"
	}
	p.Notices = append(p.Notices, s.takeNotice(w, r)...)
	p.Footer = append(p.Footer, linksFor(r, s.footer)...)
	shell := ui.Bare
	if !p.Bare && r.Actor.Kind == access.Person {
		shell = ui.Shell
		p.Doors = s.doorsFor(r, p.Door)
		p.Who, p.Part = r.Name, r.part()
		p.Account = linksFor(r, s.menu)
		p.SignOut = "/sign-out"
	}
	return r.Render(w, p.Status, templ.ComponentFunc(func(ctx context.Context, out io.Writer) error {
		return shell(p.Page).Render(templ.WithChildren(ctx, content), out)
	}))
}

// RoleWriter is what Visitors may be able to do beside telling who somebody is: to name the roles of a person.
type RoleWriter interface {
	// RoleWords writes the roles of the person who sends r, in the language of the answer.
	RoleWords(r *Request) string
}

// part is the part that the person plays and where: "HR · Stad Voorbeeld".
func (r *Request) part() string {
	w, ok := r.server.visitors.(RoleWriter)
	if !ok || r.Org.Name == "" {
		return r.Org.Name
	}
	return w.RoleWords(r) + " · " + r.Org.Name
}

// Part renders a part of a page, for htmx, in the language of the request.
func (r *Request) Part(w http.ResponseWriter, content templ.Component) error {
	return r.Render(w, http.StatusOK, content)
}

// Render renders whole before the first byte is sent, so that what fails becomes a page that says so.
func (r *Request) Render(w http.ResponseWriter, status int, content templ.Component) error {
	b := takeBuffer()
	defer giveBuffer(b)
	a := &assembly{}
	if err := content.Render(context.WithValue(ui.WithLang(r.Context(), r.Lang), assemblyKey{}, a), b); err != nil {
		return err
	}
	const html = "text/html; charset=utf-8"
	if len(a.parts) > 0 {
		return r.sendAssembled(w, status, html, b.Bytes(), a.parts)
	}
	return r.Send(w, status, html, b.Bytes())
}

// compressFrom is the size from which packing pays, in bytes.
const compressFrom = 1400

// Send sends an answer that is whole, packed where the browser takes that.
func (r *Request) Send(w http.ResponseWriter, status int, mediaType string, body []byte) error {
	if status == 0 {
		status = http.StatusOK
	}
	h := w.Header()
	h.Set("Content-Type", mediaType)
	h.Add("Vary", "Accept-Encoding, Cookie, Accept-Language")
	if len(body) >= compressFrom && takesGzip(r.Header.Values("Accept-Encoding")) {
		packed := takeBuffer()
		defer giveBuffer(packed)
		z := packers.Get().(*gzip.Writer) //nolint:forcetypeassert // the pool holds nothing else
		defer packers.Put(z)
		z.Reset(packed)
		if _, err := z.Write(body); err != nil {
			return err
		}
		if err := z.Close(); err != nil {
			return err
		}
		h.Set("Content-Encoding", "gzip")
		body = packed.Bytes()
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return nil
	}
	if _, err := w.Write(body); err != nil {
		traced(r.Request).err = err // the answer has begun; nobody is left to tell
	}
	return nil
}

// takesGzip reads Accept-Encoding (RFC 9110, section 12.5.3): gzip, or anything, with a weight above 0.
func takesGzip(fields []string) bool {
	named, all := -1.0, -1.0
	for part := range strings.SplitSeq(strings.Join(fields, ","), ",") {
		coding, params, _ := strings.Cut(part, ";")
		weight := 1.0
		if q, given := strings.CutPrefix(strings.ToLower(strings.TrimSpace(params)), "q="); given {
			parsed, err := strconv.ParseFloat(q, 64)
			if err != nil {
				parsed = 0
			}
			weight = parsed
		}
		switch strings.ToLower(strings.TrimSpace(coding)) {
		case "gzip", "x-gzip":
			named = weight
		case "*":
			all = weight
		}
	}
	if named >= 0 {
		return named > 0
	}
	return all > 0
}

// largestKept is the largest buffer that is kept for the next page, in bytes.
const largestKept = 1 << 20

var (
	buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}
	packers = sync.Pool{New: func() any {
		z, _ := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed) // the level is known, so this cannot fail
		return z
	}}
)

func takeBuffer() *bytes.Buffer {
	b := buffers.Get().(*bytes.Buffer) //nolint:forcetypeassert // the pool holds nothing else
	b.Reset()
	return b
}

func giveBuffer(b *bytes.Buffer) {
	if b.Cap() <= largestKept {
		buffers.Put(b)
	}
}

// errorPage says what went wrong, in the shell of whoever is signed in.
func (s *Server) errorPage(w http.ResponseWriter, r *Request, p *problem.Problem) error {
	text := p.Message.In(r.Lang)
	page := Page{Status: Status(p.Kind)}
	page.Title = Text(r.Lang, "error.title-"+string(p.Kind), nil)
	code := ""
	if page.Status >= http.StatusInternalServerError {
		code = r.ID
	}
	return r.Show(w, page, errorBody(text, p, code))
}

// Redirect sends the browser on after a change (303), with a notice for the next page when there is one.
func (r *Request) Redirect(w http.ResponseWriter, to string, notice *Notice) error {
	if notice != nil {
		r.server.leaveNotice(w, *notice)
	}
	if r.Header.Get("HX-Request") == "true" {
		w.Header().Set("HX-Redirect", to)
		w.WriteHeader(http.StatusOK)
		return nil
	}
	http.Redirect(w, r.Request, to, http.StatusSeeOther)
	return nil
}
