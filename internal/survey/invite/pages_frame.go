package invite

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/i18n"
	"tekentafel/internal/problem"
	"tekentafel/internal/survey/invite/frame"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// steps of taking a frame.
const (
	stepUpload = iota
	stepColumns
	stepCheck
)

func (w words) steps(at int, links ...string) ui.Steps {
	return ui.Steps{Labels: []string{w.say("steps.upload"), w.say("steps.columns"), w.say("steps.check")}, Links: links, At: at}
}

func (p pages) uploadForm(w http.ResponseWriter, r *web.Request) error {
	return p.uploadPage(w, r, http.StatusOK, web.NewForm())
}

func (p pages) uploadPage(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	wv, err := p.wave(r.Context(), r.Actor, access.RunWave, r.PathValue("id"))
	if err == nil {
		err = drafted(&wv)
	}
	if err != nil {
		return err
	}
	words := in(r.Lang)
	pg := page(r, &wv, words.say("people.upload"), peopleCrumb(r, &wv))
	pg.Status, pg.Invalid = status, !form.OK()
	return r.Show(w, pg, uploadPage(words, wv, form, p.MaxUpload))
}

// upload takes a file as it comes.
func (p pages) upload(w http.ResponseWriter, r *web.Request) error {
	id := r.PathValue("id")
	path, name, once, err := p.receive(r)
	if path != "" {
		defer func() { _ = os.Remove(path) }()
	}
	values := url.Values{web.OnceField: {once}}
	var file string
	if err == nil && path == "" {
		form := &problem.Form{Bundle: locale()}
		form.Wrong("file", "error.file-missing", nil)
		err = form.Err()
	}
	if err == nil {
		file, err = p.Upload(r.Context(), r.Actor, id, name, path, r.Asked(values, []any{"upload", id, name}))
	}
	if err != nil {
		state, err := r.Refill(values, err)
		if err != nil {
			return err
		}
		return p.uploadPage(w, r, http.StatusUnprocessableEntity, state)
	}
	return r.Redirect(w, frameAt(id, file), nil)
}

// receive reads the parts of an upload. The file is the caller's to remove.
func (p pages) receive(r *web.Request) (path, name, once string, err error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return "", "", "", refuse(problem.Unsupported, "error.file-missing", nil)
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return "", "", "", refuse(problem.Invalid, "error.file-missing", nil).Because(err)
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return path, name, once, nil
		}
		if err != nil {
			return path, name, once, broken(err)
		}
		switch {
		case part.FormName() == "file" && part.FileName() != "" && path == "":
			name = part.FileName()
			if path, err = copyTo(p.Dir, part, p.MaxUpload); err != nil {
				return path, name, once, broken(err)
			}
		case part.FormName() == web.OnceField:
			text, err := io.ReadAll(io.LimitReader(part, maxPart))
			if err != nil {
				return path, name, once, broken(err)
			}
			once = strings.ToValidUTF8(string(text), "")
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
	return refuse(problem.Invalid, "error.file-missing", nil).Because(err)
}

// frameView is a file that waits, with how it would be taken.
type frameView struct {
	w       words
	wave    wave.Wave
	up      Upload
	plan    frame.Plan
	result  *frame.Result
	changes Changes
	form    *ui.FormState
}

func (v frameView) at() string { return frameAt(v.wave.ID, v.up.ID) }

// view reads the file that the address names, with the plan that values hold or, without any, the one that is guessed.
func (p pages) view(r *web.Request, values url.Values) (frameView, error) {
	wv, err := p.wave(r.Context(), r.Actor, access.RunWave, r.PathValue("id"))
	if err == nil {
		err = drafted(&wv)
	}
	if err != nil {
		return frameView{}, err
	}
	v := frameView{w: in(r.Lang), wave: wv}
	if v.up, err = p.Uploaded(r.Context(), r.Actor, wv.ID, r.PathValue("file")); err != nil {
		return frameView{}, err
	}
	v.plan = readPlan(v.up.File, values)
	v.plan.OthersName = in(wv.Languages[0]).say("check.others-name")
	return v, nil
}

// readPlan reads the fields c0, c1, ..., stratum, merge and others. Without any it is the plan that is guessed of a file.
func readPlan(f *frame.File, values url.Values) frame.Plan {
	if f != nil && !values.Has(columnField(0)) {
		return f.Guess()
	}
	p := frame.Plan{Stratum: frame.None, Others: values.Get("others") == "yes"}
	for i := 0; values.Has(columnField(i)); i++ {
		role := frame.Role(values.Get(columnField(i)))
		if !slices.Contains(frame.Roles(), role) {
			role = frame.Ignore
		}
		p.Roles = append(p.Roles, role)
	}
	if n, err := strconv.Atoi(values.Get("stratum")); err == nil && n >= 0 && n < len(p.Roles) {
		p.Stratum = n
	}
	for _, text := range values["merge"] {
		var m [3]string
		if json.Unmarshal([]byte(text), &m) == nil {
			p.Merge = append(p.Merge, frame.Merge{Column: m[0], From: m[1], Into: m[2]})
		}
	}
	return p
}

func columnField(i int) string { return "c" + strconv.Itoa(i) }

// hidden are the fields of a plan, for the next form.
func (v frameView) hidden() []ui.NameValue {
	var out []ui.NameValue
	for i, r := range v.plan.Roles {
		out = append(out, ui.NameValue{Name: columnField(i), Value: string(r)})
	}
	return append(out, ui.NameValue{Name: "stratum", Value: strconv.Itoa(v.plan.Stratum)})
}

func (v frameView) back() string {
	q := url.Values{}
	for _, h := range v.hidden() {
		q.Set(h.Name, h.Value)
	}
	return v.at() + "?" + q.Encode()
}

func (p pages) mapping(w http.ResponseWriter, r *web.Request) error {
	v, err := p.view(r, r.URL.Query())
	if err != nil {
		return err
	}
	pg := page(r, &v.wave, v.w.say("columns.title"), peopleCrumb(r, &v.wave))
	pg.Lead = v.w.N("columns.lead", v.up.File.Len(), i18n.Args{"n": v.w.Int(v.up.File.Len()), "file": v.up.Name})
	return r.Show(w, pg, columnsPage(v))
}

// roles are what a column can be.
func (v frameView) roles(i int) ui.Choice {
	c := v.up.File.Columns[i]
	choice := ui.Choice{Field: ui.Field{Name: columnField(i), Label: c.Heading, Hint: v.examples(i)}, Chosen: []string{string(v.plan.Roles[i])}}
	for _, role := range frame.Roles() {
		key := "role." + string(role)
		if role == frame.Ignore {
			key = "role.ignore"
		}
		choice.Options = append(choice.Options, ui.Option{Value: string(role), Label: v.w.say(key)})
	}
	return choice
}

func (v frameView) examples(i int) string {
	c := v.up.File.Columns[i]
	if len(c.Examples) == 0 {
		return v.w.say("columns.nothing")
	}
	distinct := v.w.Int(c.Distinct)
	if c.Distinct > 1000 {
		distinct = "> " + v.w.Int(1000)
	}
	return v.w.T("columns.examples", i18n.Args{"examples": strings.Join(c.Examples, " · "), "n": distinct})
}

// mostStrata is how many values a column may have to be offered as stratum; small ones can still be merged.
const mostStrata = 100

// strata are the columns that can become the stratum.
func (v frameView) strata() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "stratum", Label: v.w.say("columns.stratum"), Hint: v.w.T("columns.stratum-hint", i18n.Args{"k": v.w.Int(v.wave.GroupSize)})},
		Chosen: []string{strconv.Itoa(v.plan.Stratum)}}
	c.Options = append(c.Options, ui.Option{Value: strconv.Itoa(frame.None), Label: v.w.say("columns.no-stratum")})
	for i, column := range v.up.File.Columns {
		if column.Distinct > 1 && column.Distinct <= mostStrata {
			c.Options = append(c.Options, ui.Option{Value: strconv.Itoa(i), Label: column.Heading})
		}
	}
	return c
}

func (p pages) check(w http.ResponseWriter, r *web.Request) error {
	return p.checkPage(w, r, http.StatusOK, r.URL.Query(), web.NewForm())
}

func (p pages) checkPage(w http.ResponseWriter, r *web.Request, status int, values url.Values, form *ui.FormState) error {
	v, err := p.view(r, values)
	if err != nil {
		return err
	}
	v.form = form
	v.result = v.up.File.Check(v.plan, p.Rules(&v.wave))
	if v.changes, err = p.Compare(r.Context(), r.Actor, v.wave.ID, v.result); err != nil {
		return err
	}
	pg := page(r, &v.wave, v.w.say("check.title"), peopleCrumb(r, &v.wave))
	pg.Status, pg.Invalid = status, !form.OK()
	return r.Show(w, pg, checkPage(v))
}

// facts are what would be taken.
func (v frameView) facts() []ui.Fact {
	letters := v.result.Letters()
	facts := []ui.Fact{{Term: v.w.say("check.people"), Text: v.w.Int(len(v.result.People))}, {Term: v.w.say("check.left-out"), Text: v.w.Int(v.result.LeftOut)},
		{Term: v.w.say("people.with-mail"), Text: v.w.Int(len(v.result.People) - letters)}, {Term: v.w.say("people.letters"), Text: v.w.Int(letters)}}
	if c := v.changes; c.People > 0 {
		facts = append(facts, ui.Fact{Term: v.w.say("check.changes"), Text: v.w.T("check.changes-text",
			i18n.Args{"new": v.w.Int(c.New), "gone": v.w.Int(c.Gone), "changed": v.w.Int(c.Changed), "now": v.w.Int(c.People)})})
	}
	for _, g := range v.result.Variables {
		facts = append(facts, ui.Fact{Term: g.Heading, Text: peopleView{w: v.w}.values(g.Heading, g.Values)})
	}
	return facts
}

// finding is a finding in words.
type finding struct {
	tone              ui.Tone
	title, mend, rows string
}

func (v frameView) findings() []finding {
	var out []finding
	for _, f := range v.result.Findings {
		args := i18n.Args{"n": v.w.Int(f.N), "column": f.Column, "k": v.w.Int(v.wave.GroupSize), "max": v.w.Int(frame.MaxGroups)}
		one := finding{tone: ui.Info, title: v.w.N("finding."+string(f.Kind), max(f.N, 1), args), mend: v.w.T("mend."+string(f.Kind), args)}
		switch {
		case f.Kind.Blocks():
			one.tone = ui.Failure
		case slices.Contains([]frame.Kind{frame.SamePerson, frame.Nobody, frame.BadMail, frame.SameMail}, f.Kind):
			one.tone = ui.Warning
		}
		one.rows = v.rows(f)
		out = append(out, one)
	}
	return out
}

func (v frameView) rows(f frame.Finding) string {
	var parts []string
	for _, r := range f.Rows {
		text := v.w.T("check.row", i18n.Args{"row": v.w.Int(r.Row)})
		if r.Value != "" {
			text += " (" + v.w.Quote(r.Value) + ")"
		}
		if r.Other > 0 {
			text += " " + v.w.T("check.as-row", i18n.Args{"row": v.w.Int(r.Other)})
		}
		parts = append(parts, text)
	}
	for _, c := range f.Values {
		parts = append(parts, v.w.Quote(c.Value)+" "+v.w.Int(c.N))
	}
	if more := f.N - len(parts); more > 0 && len(parts) > 0 {
		parts = append(parts, v.w.n("check.more", more))
	}
	return v.w.Series(parts)
}

// merges are the spellings that may be merged.
func (v frameView) merges() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "merge", Label: v.w.say("check.merge"), Hint: v.w.say("check.merge-hint")}}
	for _, m := range v.plan.Merge {
		c.Chosen = append(c.Chosen, mergeValue(m))
	}
	for _, m := range v.result.Proposals[:min(len(v.result.Proposals), 100)] {
		label := v.w.T("check.merge-one", i18n.Args{"column": m.Column, "from": m.From, "into": m.Into})
		o := ui.Option{Value: mergeValue(m), Label: label}
		if m.NFrom > 0 {
			o.Hint = v.w.T("check.merge-counts", i18n.Args{"from": v.w.Int(m.NFrom), "into": v.w.Int(m.NInto)})
		}
		c.Options = append(c.Options, o)
	}
	return c
}

func mergeValue(m frame.Merge) string {
	text, err := json.Marshal([3]string{m.Column, m.From, m.Into})
	if err != nil {
		return "" // three strings always can
	}
	return string(text)
}

// others offers to take the small values of the stratum together.
func (v frameView) others() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "others", Label: v.w.say("check.others"), Hint: v.w.T("check.others-hint", i18n.Args{"name": v.plan.OthersName})},
		Options: []ui.Option{{Value: "yes", Label: v.w.T("check.others-do", i18n.Args{"name": v.plan.OthersName})}}}
	if v.plan.Others {
		c.Chosen = []string{"yes"}
	}
	return c
}

func (v frameView) again() ui.Action {
	return ui.Action{Label: v.w.say("check.again"), Kind: ui.Quiet, Attrs: map[string]any{"formmethod": "get", "formaction": v.at() + "/check"}}
}

func (p pages) take(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	wv, err := p.wave(r.Context(), r.Actor, access.RunWave, r.PathValue("id"))
	if err != nil {
		return err
	}
	plan := readPlan(nil, form)
	plan.OthersName = in(wv.Languages[0]).say("check.others-name")
	job, err := p.Take(r.Context(), r.Actor, wv.ID, r.PathValue("file"), plan, r.Asked(form, []any{"take", wv.ID, r.PathValue("file"), fmt.Sprint(plan)}))
	if isNoRow(err) { // the form was sent twice, and the first time the file was taken
		return r.Redirect(w, peopleAt(wv.ID), nil)
	}
	if err != nil {
		state, err := r.Refill(form, err)
		if err != nil {
			return err
		}
		return p.checkPage(w, r, http.StatusUnprocessableEntity, form, state)
	}
	if job != "" {
		return r.Redirect(w, "/jobs/"+job, nil)
	}
	return r.Redirect(w, peopleAt(wv.ID), r.Notice(noticeBundle, "notice.taken"))
}

func (p pages) discard(w http.ResponseWriter, r *web.Request) error {
	if _, err := p.Uploaded(r.Context(), r.Actor, r.PathValue("id"), r.PathValue("file")); err != nil {
		return err
	}
	if err := p.Discard(r.Context(), r.Actor, r.PathValue("id")); err != nil {
		return err
	}
	return r.Redirect(w, peopleAt(r.PathValue("id")), r.Notice(noticeBundle, "notice.discarded"))
}

func toneKey(t ui.Tone) string {
	switch t {
	case ui.Failure:
		return "stop"
	case ui.Warning:
		return "look"
	default:
		return "know"
	}
}
