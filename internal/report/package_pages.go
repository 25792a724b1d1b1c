package report

import (
	"context"
	"io"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"tekentafel/internal/access"
	"tekentafel/internal/api"
	"tekentafel/internal/instrument"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

const zipType = "application/zip"

// addPackage makes the routes of the researcher's package known.
func (p *Pages) addPackage(server *web.Server) error {
	return server.Add(
		web.Route{Pattern: "GET /reports/{id}/package", Action: access.ExportAnswers, Fresh: true, Handle: p.askPackage},
		web.Route{Pattern: "POST /reports/{id}/package", Action: access.ExportAnswers, Fresh: true, Slow: true, Handle: p.sendPackage},
	)
}

// askPackage explains what the package is and asks for what it is wanted.
func (p *Pages) askPackage(w http.ResponseWriter, r *web.Request) error {
	return p.packagePage(w, r, http.StatusOK, web.NewForm())
}

func (p *Pages) packagePage(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	rep, err := p.find(r)
	if err != nil {
		return err
	}
	page := web.Page{Door: DoorMeasure, Status: status}
	page.Title = text(r.Lang, "package.title") + ": " + rep.Title
	page.Heading, page.Lead, page.Invalid = text(r.Lang, "package.title"), text(r.Lang, "package.lead"), !form.OK()
	page.Crumbs = []ui.Link{{Label: text(r.Lang, "reports"), Href: "/reports"}, {Label: rep.Title, Href: "/reports/" + rep.ID}}
	return r.Show(w, page, packagePage(packageView{report: rep, form: form, lang: r.Lang, k: r.Org.GroupSize}))
}

// packageView is the page on which a researcher asks for the package.
type packageView struct {
	report Report
	form   *ui.FormState
	lang   instrument.Lang
	k      int
}

// files lists what is in the package.
func (v packageView) files() []ui.Fact {
	w := in(v.lang)
	var out []ui.Fact
	for _, f := range []struct{ names, key string }{
		{"answers.csv, answers.parquet, answers.sav", "package.data"}, {"codebook.html, codebook.xml", "package.codebook"}, {"reproduce.R", "package.script"},
	} {
		out = append(out, ui.Fact{Term: f.names, Text: w.say(f.key)})
	}
	return out
}

// sendPackage makes the package and sends it. It is made for this request alone and nothing of it is kept here.
func (p *Pages) sendPackage(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	made, err := p.s.PackageFor(r.Context(), r.Actor, PackageInput{Report: r.PathValue("id"), Purpose: form.Get("purpose"), Lang: r.Lang,
		Background: form.Get("background") != ""})
	if err != nil {
		state, err := r.Refill(form, err)
		if err != nil {
			return err
		}
		return p.packagePage(w, r, http.StatusUnprocessableEntity, state)
	}
	defer made.Remove()
	return made.send(r.Context(), w.Header(), w)
}

// send writes the header fields and the content of a package. Once content is on its way an error can only end it.
func (p *Package) send(ctx context.Context, h http.Header, w io.Writer) error {
	f, err := os.Open(filepath.Clean(p.Path))
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read from
	h.Set("Content-Type", zipType)
	h.Set("Content-Length", strconv.FormatInt(p.Size, 10))
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": p.Name}))
	h.Set("Content-Security-Policy", filePolicy)
	h.Set("Cache-Control", "no-store")
	if _, err := io.Copy(w, f); err != nil && ctx.Err() == nil {
		return err
	}
	return nil
}

type packageRequest struct {
	ID   string `path:"id"`
	Body struct {
		Purpose    string `json:"purpose" minLength:"10" maxLength:"500" doc:"What the answers are for; kept in the audit log. Write no names."`
		Lang       string `json:"lang,omitempty" enum:"nl,fr,de,en" default:"nl" doc:"Language of labels, codebook and README."`
		Background bool   `json:"background,omitempty" doc:"With all background variables, also those by which the report breaks nothing down."`
	}
}

// packageAPI registers the operation.
func (s *Service) packageAPI(a *api.API) {
	about := api.About{ID: "make-package", Summary: "Make the researcher's package of a report: the answers of single people without names, with a script that recomputes every figure.",
		Tag: tag, Action: access.ExportAnswers, Slow: true}
	api.Post(a, "/reports/{id}/package", about, func(ctx context.Context, c api.Caller, in *packageRequest) (*huma.StreamResponse, error) {
		made, err := s.PackageFor(ctx, c.Actor, PackageInput{Report: in.ID, Purpose: in.Body.Purpose, Lang: instrument.Lang(in.Body.Lang), Background: in.Body.Background})
		if err != nil {
			return nil, err
		}
		return &huma.StreamResponse{Body: func(hc huma.Context) {
			defer made.Remove()
			h := http.Header{}
			out := &headed{hc: hc, h: h}
			_ = made.send(hc.Context(), h, out) // what is sent cannot be taken back; a body that is cut short says so by its length
		}}, nil
	})
}

// headed sets the header fields when the first bytes come.
type headed struct {
	hc   huma.Context
	h    http.Header
	sent bool
}

// Write implements io.Writer.
func (w *headed) Write(b []byte) (int, error) {
	if !w.sent {
		w.sent = true
		for name := range w.h {
			w.hc.SetHeader(name, w.h.Get(name))
		}
		w.hc.SetStatus(http.StatusOK)
	}
	return w.hc.BodyWriter().Write(b)
}
