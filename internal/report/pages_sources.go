package report

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/problem"
	"tekentafel/internal/report/analysis"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// maxPart is the largest field or small file of an upload, in bytes.
const maxPart = 4 << 20

func (p *Pages) sources(w http.ResponseWriter, r *web.Request) error {
	list, err := p.s.Sources(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	page := web.Page{Door: DoorMeasure}
	page.Title, page.Lead = text(r.Lang, "source.title"), text(r.Lang, "source.lead")
	page.Crumbs = []ui.Link{{Label: text(r.Lang, "reports"), Href: "/reports"}}
	if r.Can(access.AddSource) && len(list) > 0 {
		page.Actions = []ui.Action{{Label: text(r.Lang, "source.add"), Href: "/answers/new"}}
	}
	return r.Show(w, page, sourcesPage(list, r.Lang, r.Local, r.Can(access.AddSource)))
}

func (p *Pages) newSource(w http.ResponseWriter, r *web.Request) error {
	return p.sourceForm(w, r, http.StatusOK, web.NewForm())
}

func (p *Pages) sourceForm(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	page := web.Page{Door: DoorMeasure, Status: status}
	page.Title, page.Invalid = text(r.Lang, "source.add"), !form.OK()
	page.Crumbs = []ui.Link{{Label: text(r.Lang, "reports"), Href: "/reports"}, {Label: text(r.Lang, "source.title"), Href: "/answers"}}
	return r.Show(w, page, newSourcePage(form, r.Lang, p.s.MaxUpload))
}

// addSource takes an upload, as it comes: the answers go to a file, small parts stay in memory.
func (p *Pages) addSource(w http.ResponseWriter, r *web.Request) error {
	up, err := p.receive(r)
	defer up.remove()
	values := url.Values{"name": {up.in.Name}, "instrument": {up.in.Instrument}, "background": {up.background}, web.OnceField: {up.once}}
	if err == nil && up.in.File == "" {
		form := &problem.Form{Bundle: locale()}
		form.Wrong("file", "error.file-missing", nil)
		err = form.Err()
	}
	var src Source
	if err == nil {
		in := up.in
		in.Asked, in.LimeSurvey.Lang = r.Asked(values, nil), r.Lang
		src, err = p.s.AddSource(r.Context(), r.Actor, in)
	}
	if err != nil {
		state, err := r.Refill(values, err)
		if err != nil {
			return err
		}
		return p.sourceForm(w, r, http.StatusUnprocessableEntity, state)
	}
	return r.Redirect(w, "/answers/"+src.ID, r.Notice(noticeBundle, "notice.source-added"))
}

// upload is what came in.
type upload struct {
	in         SourceInput
	once       string
	background string // as it was typed
}

func (u *upload) remove() {
	if u.in.File != "" {
		_ = os.Remove(u.in.File)
	}
}

// receive reads the parts of an upload.
func (p *Pages) receive(r *web.Request) (*upload, error) {
	u := &upload{}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return u, problem.New(problem.Unsupported, locale(), "error.file-missing", nil)
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return u, problem.New(problem.Invalid, locale(), "error.file-missing", nil).Because(err)
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return u, nil
		}
		if err == nil {
			err = p.take(u, part)
		}
		if err != nil {
			return u, broken(err)
		}
	}
}

// broken tells an upload that was cut off from what is wrong with it, and from a disk that does not take it.
func broken(err error) error {
	var large *http.MaxBytesError
	var disk *fs.PathError
	if _, known := problem.Of(err); known || errors.As(err, &large) || errors.As(err, &disk) {
		return err
	}
	return problem.New(problem.Invalid, locale(), "error.file-missing", nil).Because(err)
}

// readPart reads a field or small file of an upload whole; one that is too large is a problem that names it.
func readPart(r io.Reader, name string) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(r, maxPart+1))
	if err == nil && len(content) > maxPart {
		form := &problem.Form{Bundle: locale()}
		form.Wrong(name, "error.file-size", map[string]string{"max": fmt.Sprint(maxPart >> 20)})
		err = form.Err()
	}
	return content, err
}

func (p *Pages) take(u *upload, part *multipart.Part) error {
	if part.FormName() == "file" {
		if part.FileName() == "" || u.in.File != "" {
			return nil
		}
		path, err := copyTo(p.s.Dir, part, p.s.MaxUpload)
		u.in.File, u.in.FileName = path, part.FileName()
		return err
	}
	content, err := readPart(part, part.FormName())
	if err != nil {
		return err
	}
	value := strings.TrimSpace(strings.ToValidUTF8(string(content), "�"))
	switch part.FormName() {
	case "name":
		u.in.Name = value
	case "instrument":
		u.in.Instrument = value
	case web.OnceField:
		u.once = value
	case "questionnaire":
		u.in.Questionnaire = content
	case "mapping":
		u.in.Mapping = content
	case "margins":
		u.in.Margins = content
	case "limesurvey":
		u.in.LimeSurvey.Structure = content
	case "background":
		u.background, u.in.LimeSurvey.Background = value, codesIn(value)
	}
	return nil
}

func (p *Pages) source(w http.ResponseWriter, r *web.Request) error {
	return p.sourcePage(w, r, http.StatusOK, r.PathValue("id"), web.NewForm())
}

func (p *Pages) sourcePage(w http.ResponseWriter, r *web.Request, status int, sourceID string, form *ui.FormState) error {
	src, err := p.s.Source(r.Context(), r.Actor, sourceID)
	if err != nil {
		return err
	}
	q, err := p.s.Questionnaire(r.Context(), r.Actor, src.ID)
	if err != nil {
		return err
	}
	v := sourceView{source: src, questionnaire: q, form: form, lang: r.Lang, local: r.Local, groupSize: max(q.GroupSize, r.Org.GroupSize),
		makes: r.Can(access.MakeReport), deletes: r.Can(access.DeleteSource)}
	page := web.Page{Door: DoorMeasure, Status: status}
	page.Title, page.Invalid, page.Synthetic = src.Name, !form.OK(), src.Synthetic
	page.Crumbs = []ui.Link{{Label: text(r.Lang, "reports"), Href: "/reports"}, {Label: text(r.Lang, "source.title"), Href: "/answers"}}
	return r.Show(w, page, sourcePage(v))
}

// make starts a report.
func (p *Pages) make(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	in, err := readInput(form)
	var made Report
	if err == nil {
		in.Asked = r.Asked(form, []any{in.Source, in.Title, in.Wave, in.Options})
		made, err = p.s.Make(r.Context(), r.Actor, in)
	}
	if err != nil {
		state, err := r.Refill(form, err)
		if err != nil {
			return err
		}
		return p.sourcePage(w, r, http.StatusUnprocessableEntity, form.Get("source"), state)
	}
	return r.Redirect(w, "/reports/"+made.ID, nil)
}

// readInput reads the form for a report.
func readInput(form url.Values) (Input, error) {
	wrong := &problem.Form{Bundle: locale()}
	in := Input{Source: form.Get("source"), Title: form.Get("title"), Wave: form.Get("wave"), Options: Options{By: form["by"]}}
	if v := strings.NewReplacer(".", "", " ", "", "\u00a0", "").Replace(form.Get("population")); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			wrong.Wrong("population", "error.number", nil)
		}
		in.Options.Population = n
	}
	if v := strings.ReplaceAll(form.Get("trim"), ",", "."); v != "" {
		x, err := strconv.ParseFloat(v, 64)
		if err != nil || math.IsNaN(x) || x == 0 {
			wrong.Wrong("trim", "error.number", nil)
		}
		in.Options.Trim = x
	}
	if len(in.Options.By) == 0 {
		in.Options.By = []string{analysis.NoBreakdown}
	}
	return in, wrong.Err()
}

func (p *Pages) askDeleteSource(w http.ResponseWriter, r *web.Request) error {
	src, err := p.s.Source(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	page := web.Page{Door: DoorMeasure}
	page.Title = text(r.Lang, "source.delete-sure")
	page.Crumbs = []ui.Link{{Label: text(r.Lang, "source.title"), Href: "/answers"}, {Label: src.Name, Href: "/answers/" + src.ID}}
	return r.Show(w, page, ui.ConfirmForm(deleteSourceForm(r.Lang, &src)))
}

func (p *Pages) deleteSource(w http.ResponseWriter, r *web.Request) error {
	if err := p.s.DeleteSource(r.Context(), r.Actor, r.PathValue("id")); err != nil {
		return err
	}
	return r.Redirect(w, "/answers", r.Notice(noticeBundle, "notice.source-deleted"))
}
