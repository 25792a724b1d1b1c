package needs

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"

	"tekentafel/internal/files"
	"tekentafel/internal/i18n"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/needs/book"
	"tekentafel/internal/skills/needs/demand"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

const (
	sheetType     = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	maxPart       = 8 << 10 // of a field beside the file, in bytes
	cellsOnPage   = 100
	troubleOnPage = 100
)

// download sends the map of needs as a workbook, made whole on disk first.
func (s *Service) download(w http.ResponseWriter, r *web.Request) error {
	file, err := os.CreateTemp(s.Dir, "needs-*")
	if err != nil {
		return err
	}
	defer func() {
		_ = file.Close() // only read from by now
		_ = os.Remove(file.Name())
	}()
	if err := s.Export(r.Context(), r.Actor, file, r.Lang, r.Org.Synthetic); err != nil {
		return err
	}
	size, err := file.Seek(0, io.SeekCurrent)
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return err
	}
	say := wordsOf(r)
	h := w.Header()
	h.Set("Content-Type", sheetType)
	h.Set("Content-Length", strconv.FormatInt(size, 10))
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": say.T("export.file", i18n.Args{"day": s.Now().In(s.Zone).Format("2006-01-02")}) + ".xlsx"}))
	h.Set("Cache-Control", "no-store")
	_, err = io.Copy(w, file)
	if err != nil && r.Context().Err() != nil {
		return nil //nolint:nilerr // the browser went away; nobody is left to tell
	}
	return err
}

// bringView is the form for a sheet.
type bringView struct {
	words
	form    *ui.FormState
	most    int64
	waiting []ui.Task
}

func (s *Service) askBring(w http.ResponseWriter, r *web.Request) error {
	return s.bringForm(w, r, http.StatusOK, web.NewForm())
}

func (s *Service) bringForm(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	list, err := waitingImports(r.Context(), s.reader(r))
	if err != nil {
		return err
	}
	v := bringView{words: wordsOf(r), form: form, most: s.MaxUpload}
	v.waiting = overviewView{words: v.words, imports: list}.importTasks()
	p := below(r, v.say("import.title"))
	p.Lead, p.Status, p.Invalid = v.say("import.lead"), status, !form.OK()
	return r.Show(w, p, bringPage(v))
}

func (s *Service) bring(w http.ResponseWriter, r *web.Request) error {
	values, path, name, err := s.receive(r)
	if path != "" {
		defer func() { _ = os.Remove(path) }()
	}
	made := ""
	if err == nil {
		made, err = s.Bring(r.Context(), r.Actor, path, name, values.Get("reason"), r.Asked(values, []any{name, values.Get("reason")}))
	}
	if err != nil {
		return again(r, values, err, func(status int, state *ui.FormState) error {
			state.Once = web.NewForm().Once // another file is another request
			return s.bringForm(w, r, status, state)
		})
	}
	return r.Redirect(w, importAt+"/"+made, nil)
}

// receive reads the parts of an upload. The file is the caller's to remove.
func (s *Service) receive(r *web.Request) (values url.Values, path, name string, err error) {
	values = url.Values{}
	parts, err := r.MultipartReader()
	if err != nil {
		return values, "", "", refuse(problem.Unsupported, "field.file", nil).Because(err)
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return values, path, name, nil
		}
		if err != nil {
			return values, path, name, broken(err)
		}
		if part.FileName() == "" {
			text, err := io.ReadAll(io.LimitReader(part, maxPart))
			if err != nil {
				return values, path, name, broken(err)
			}
			values.Set(part.FormName(), strings.ReplaceAll(strings.TrimSpace(strings.ToValidUTF8(string(text), "")), "\x00", ""))
			continue
		}
		if part.FormName() != "file" || path != "" {
			continue
		}
		name = part.FileName()
		if path, err = files.Receive(s.Dir, "needs", part, s.MaxUpload); err != nil {
			return values, "", name, broken(err)
		}
	}
}

// broken says what is wrong with an upload that did not come in whole.
func broken(err error) error {
	var large *http.MaxBytesError
	form := problem.Form{Bundle: locale()}
	switch {
	case errors.Is(err, files.ErrTooLarge), errors.As(err, &large):
		form.Wrong("file", "field.file-large", nil)
	case errors.Is(err, io.ErrUnexpectedEOF):
		form.Wrong("file", "field.file", nil)
	default:
		return err
	}
	return form.Err()
}

// previewView is what a sheet would change.
type previewView struct {
	words
	x        Import
	facts    []ui.Fact
	cells    ui.Table
	pager    ui.Pager
	troubles ui.Table
	more     ui.Pager
	count    int
	wrong    int
	form     *ui.FormState
}

func (s *Service) preview(w http.ResponseWriter, r *web.Request) error {
	return s.previewPage(w, r, http.StatusOK, web.NewForm())
}

func (s *Service) previewPage(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	x, err := s.Import(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	m, err := s.mapOf(r.Context(), s.reader(r))
	if err != nil {
		return err
	}
	v := previewView{words: wordsOf(r), x: x, form: form}
	name, err := s.who(r).name(x.Account)
	if err != nil {
		return err
	}
	v.facts = []ui.Fact{{Term: v.say("what.file"), Text: x.FileName}, {Term: v.say("what.who"), Text: name + ", " + v.moment(x.At)}, {Term: v.say("what.reason"), Text: x.Reason}, {Term: v.say("what.state"), Text: v.say("import." + string(x.State))}}
	if x.Seq > 0 {
		v.facts = append(v.facts, ui.Fact{Term: v.say("what.change"), Content: linkTo(changesAt+strconv.FormatInt(x.Seq, 10), v.T("history.of", i18n.Args{"seq": strconv.FormatInt(x.Seq, 10)}))})
	}
	if x.Staged != nil {
		v.list(m, r.URL.Query())
	}
	p := below(r, v.T("import.preview", i18n.Args{"file": x.FileName}), v.link("import.title", importAt))
	p.Status, p.Invalid = status, !form.OK()
	return r.Show(w, p, previewPage(v))
}

// list shows a part of the cells and of the troubles.
func (v *previewView) list(m *demand.Map, q url.Values) {
	st := v.x.Staged
	at := importAt + "/" + v.x.ID
	v.count, v.wrong = len(st.Cells), len(st.Troubles)
	from := min(max(0, int(numberOf(q.Get("from")))), v.count)
	to := min(from+cellsOnPage, v.count)
	v.pager = v.cut(at, from, to, v.count, cellsOnPage, "from")
	v.cells = ui.Table{Caption: v.say("import.cells"), HideCaption: true, Columns: []ui.Column{{Label: v.say("what.whom")}, {Label: v.say("what.about")}, {Label: v.say("what.now")}, {Label: v.say("what.becomes")}, {Label: v.say("what.place")}}}
	for i := range st.Cells[from:to] {
		c := &st.Cells[from+i]
		row := []string{v.where(m, c.Wish.Where)}
		if c.Wish.Kind == demand.Level {
			now := v.say("value.none")
			if c.Was != "" {
				now = v.level(m.Framework, levelOf(demand.Value{Value: c.Was}))
			}
			becomes := v.level(m.Framework, levelOf(demand.Value{Value: c.Now}))
			if c.Wish.Value == (demand.Value{}) {
				becomes += " (" + v.say("import.as-rules") + ")"
			}
			row = append(row, v.skill(m.Framework, c.Wish.Item), now, becomes)
		} else {
			now := v.say("state.none")
			if c.Was != "" {
				now = v.say("answer." + c.Was)
			}
			row = append(row, v.rule(m.Framework, c.Wish.Item), now, v.say("answer."+c.Now))
		}
		v.cells.Rows = append(v.cells.Rows, ui.Row{Cells: ui.Texts(append(row, v.place(c.Sheet, c.Row))...)})
	}
	from = min(max(0, int(numberOf(q.Get("t")))), v.wrong)
	to = min(from+troubleOnPage, v.wrong)
	v.more = v.cut(at, from, to, v.wrong, troubleOnPage, "t")
	v.troubles = ui.Table{Caption: v.say("import.troubles"), HideCaption: true, Columns: []ui.Column{{Label: v.say("what.place")}, {Label: v.say("what.trouble"), Long: true}}}
	for i := range st.Troubles[from:to] {
		x := &st.Troubles[from+i]
		v.troubles.Rows = append(v.troubles.Rows, ui.Row{Cells: ui.Texts(v.place(x.Sheet, x.Row), v.trouble(m, x))})
	}
}

func (v *previewView) place(sheet string, row int) string {
	switch {
	case sheet == "":
		return "–"
	case row == 0:
		return sheet
	default:
		return v.T("import.place", i18n.Args{"sheet": sheet, "row": v.Int(row)})
	}
}

// trouble says what was not understood, and how to mend it.
func (v *previewView) trouble(m *demand.Map, x *book.Trouble) string {
	all := i18n.Args{}
	for _, name := range []string{"text", "heading", "column", "name", "code", "item"} {
		all[name] = v.Quote(x.Args[name])
	}
	all["column"] = x.Args["column"]
	if id := x.Args["skill"]; id != "" {
		all["item"] = v.skill(m.Framework, id)
	}
	if id := x.Args["rule"]; id != "" {
		all["item"] = v.rule(m.Framework, id)
	}
	switch demand.Kind(x.Args["kind"]) {
	case demand.Level:
		all["item"] = v.skill(m.Framework, x.Args["item"])
	case demand.Answer:
		all["item"] = v.rule(m.Framework, x.Args["item"])
	case demand.Factor, demand.Role, demand.Adapted:
	}
	return v.T("trouble."+x.Key, all)
}

func (s *Service) apply(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	seq, err := s.Apply(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error { return s.previewPage(w, r, status, state) })
	}
	return r.Redirect(w, changesAt+strconv.FormatInt(seq, 10), notice(r, "applied"))
}

func (s *Service) drop(w http.ResponseWriter, r *web.Request) error {
	if err := s.Drop(r.Context(), r.Actor, r.PathValue("id")); err != nil && !conflict(err) {
		return err
	}
	return r.Redirect(w, home, notice(r, "put-aside"))
}
