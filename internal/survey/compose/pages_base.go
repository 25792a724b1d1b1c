package compose

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"tekentafel/instruments"
	"tekentafel/internal/files"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/instrument/xlsform"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// maxUpload bounds an own questionnaire, in bytes.
const maxUpload = 4_000_000

func (s *Service) showBase(w http.ResponseWriter, r *web.Request) error {
	set, err := s.open(r, true)
	if err != nil {
		return err
	}
	return s.baseForm(w, r, set, web.NewForm(), set.Recipe.Base.Notes)
}

// baseForm shows the form. Remarks say, in the words of the checker, what is wrong with a file.
func (s *Service) baseForm(w http.ResponseWriter, r *web.Request, set *Set, form *ui.FormState, remarks []string) error {
	p := page(r, set, in(r.Lang).say("base.title"), true)
	p.Lead = in(r.Lang).say("base.lead")
	if p.Invalid = !form.OK(); p.Invalid {
		p.Status = http.StatusUnprocessableEntity
	}
	return r.Show(w, p, basePage(baseView{set: set, w: in(r.Lang), form: form, remarks: remarks}))
}

// ownBase is the choice to bring an own questionnaire.
const ownBase = "-"

// baseUpload is what the form of the base sends.
type baseUpload struct {
	values url.Values
	file   string
	src    []byte
}

func (s *Service) setBasePage(w http.ResponseWriter, r *web.Request) error {
	up, err := receive(r)
	if err != nil {
		return err
	}
	set, err := s.open(r, true)
	if err != nil {
		return err
	}
	base, remarks, err := up.base()
	if err == nil {
		err = s.Change(r.Context(), r.Actor, set.Wave.ID, ask(r, up.values, "base"), func(set *Set) error { set.setBase(base); return nil })
	}
	if err != nil {
		form, err := r.Refill(up.values, err)
		if err != nil {
			return err
		}
		return s.baseForm(w, r, set, form, remarks)
	}
	to := pageOf(set.Wave.ID)
	if len(base.Notes) > 0 {
		to += "/base"
	}
	return r.Redirect(w, to, r.Notice(noticeBundle, "notice.base"))
}

// base returns the base that was chosen, or what is wrong with its file.
func (u *baseUpload) base() (Base, []string, error) {
	form := &problem.Form{Bundle: locale()}
	if name := u.values.Get("base"); name != ownBase {
		if _, err := instruments.Open(name); err != nil || strings.HasSuffix(name, ".yaml") {
			form.Wrong("base", "error.base", nil)
		}
		return Base{Name: name}, nil, form.Err()
	}
	if len(u.src) == 0 {
		form.Wrong("file", "error.file", nil)
		return Base{}, nil, form.Err()
	}
	base, err := ReadBase(u.file, u.src)
	if err == nil {
		return base, nil, nil
	}
	var form2 *xlsform.Problem
	var list *instrument.Problems
	if !errors.As(err, &form2) && !errors.As(err, &list) {
		return Base{}, nil, err
	}
	lines := strings.Split(err.Error(), "\n")
	form.Wrong("file", "error.file-refused", i18n.Args{"n": itoa(len(lines))})
	return Base{}, lines[:min(len(lines), mostNotes)], form.Err()
}

// receive reads the parts of the form.
func receive(r *web.Request) (*baseUpload, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return nil, refuse(problem.Unsupported, "error.form", nil)
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, refuse(problem.Invalid, "error.form", nil).Because(err)
	}
	u := &baseUpload{values: url.Values{}}
	for n := 0; ; n++ {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return u, nil
		}
		if err != nil || n > 20 {
			return nil, upset(err)
		}
		src, err := io.ReadAll(io.LimitReader(part, maxUpload+1))
		if err != nil {
			return nil, upset(err)
		}
		switch {
		case len(src) > maxUpload:
			return nil, refuse(problem.TooLarge, "error.file-large", nil)
		case part.FormName() == "file":
			u.file, u.src = files.BaseName(part.FileName(), "questionnaire"), src
		default:
			u.values.Set(part.FormName(), strings.TrimSpace(strings.ToValidUTF8(string(src), "")))
		}
	}
}

// upset tells a body that is too large from one that was cut off.
func upset(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return err
	}
	return refuse(problem.Invalid, "error.form", nil).Because(err)
}
