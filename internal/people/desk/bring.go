package desk

import (
	"errors"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"

	"tekentafel/internal/db"
	"tekentafel/internal/files"
	"tekentafel/internal/people"
	"tekentafel/internal/people/sheet"
	"tekentafel/internal/people/store"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// maxPart is the largest field of an upload beside its file, in bytes.
const maxPart = 4 << 10

// bringView is the form with which a file comes in.
type bringView struct {
	w       words
	sources []store.Source
	fresh   bool   // the form makes a source too
	chosen  string // a source
	instead string // the import that was read wrongly, and that this one takes the place of
	form    *ui.FormState
	most    int64
}

func (v bringView) hidden() []ui.NameValue {
	if v.instead == "" {
		return nil
	}
	return []ui.NameValue{{Name: "instead", Value: v.instead}}
}

// options tells whether the form shows how a file must be read: where it was read wrongly before, or somebody chose something.
func (v bringView) options() bool {
	for _, name := range []string{"sheet", "heading", "encoding", "separator"} {
		if v.form.Value(name, "") != "" || v.form.Error(name) != "" {
			return true
		}
	}
	return v.instead != ""
}

func (v bringView) choice() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "source", Label: v.w.say("bring.source"), Hint: v.w.say("bring.source-hint")}, Chosen: []string{v.chosen}}
	for i := range v.sources {
		s := &v.sources[i]
		c.Options = append(c.Options, ui.Option{Value: s.ID, Label: s.Name, Hint: v.w.say("bring.complete-" + yesNo(s.Complete))})
	}
	return c
}

func (v bringView) encodings() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "encoding", Label: v.w.say("bring.encoding"), Hint: v.w.say("bring.encoding-hint")}, Options: []ui.Option{{Label: v.w.say("bring.find")}}}
	for _, e := range encodings() {
		c.Options = append(c.Options, ui.Option{Value: e, Label: v.w.say("encoding." + e)})
	}
	return c
}

func (v bringView) separators() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "separator", Label: v.w.say("bring.separator")}, Options: []ui.Option{{Label: v.w.say("bring.find")}}}
	for _, name := range separators() {
		c.Options = append(c.Options, ui.Option{Value: name, Label: v.w.say("separator." + name)})
	}
	return c
}

func encodings() []string {
	return []string{sheet.UTF8, sheet.Windows1252, sheet.CodePage850, sheet.UTF16LE, sheet.UTF16BE, sheet.MacRoman}
}

// separators lists the names of the characters between cells that can be chosen.
func separators() []string { return []string{"semicolon", "comma", "tab", "pipe"} }

// separatorOf returns the character that a name stands for, "" for none of them.
func separatorOf(name string) string {
	switch name {
	case "semicolon":
		return ";"
	case "comma":
		return ","
	case "tab":
		return "\t"
	case "pipe":
		return "|"
	}
	return ""
}

func (d *Desk) askBring(w http.ResponseWriter, r *web.Request) error {
	q := r.URL.Query()
	return d.bringPage(w, r, q, http.StatusOK, web.NewForm())
}

// bringPage shows the form; values are of the address or of the form that comes back.
func (d *Desk) bringPage(w http.ResponseWriter, r *web.Request, values url.Values, status int, form *ui.FormState) error {
	sources, err := d.People.Sources(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	say := in(r.Lang)
	v := bringView{w: say, sources: sources, fresh: len(sources) == 0 || values.Get("source") == "new", chosen: values.Get("source"), instead: values.Get("instead"), form: form, most: d.People.MaxUpload}
	if v.chosen == "" && len(sources) == 1 {
		v.chosen = sources[0].ID
	}
	p := page(r, say.say("bring.title"), importsCrumb(say))
	p.Lead, p.Status, p.Invalid = say.say("bring.lead"), status, !form.OK()
	return r.Show(w, p, bringPage(v))
}

// bring takes a file as it comes, with the source that it is of.
func (d *Desk) bring(w http.ResponseWriter, r *web.Request) error {
	values, path, name, err := d.receive(r)
	if path != "" {
		defer func() { _ = os.Remove(path) }()
	}
	var importID string
	if err == nil {
		importID, err = d.take(r, values, path, name)
	}
	if err != nil {
		return refilled(r, values, err, func(status int, state *ui.FormState) error { return d.bringPage(w, r, values, status, state) })
	}
	return r.Redirect(w, importAt(importID), nil)
}

// take hands a file over. A source that is made for it stays when the file is wrong, and is then chosen in the form.
func (d *Desk) take(r *web.Request, values url.Values, path, name string) (string, error) {
	ctx := r.Context()
	form := problem.Form{Bundle: locale()}
	options := readOptions(values, &form)
	source := values.Get("source")
	switch {
	case source == "":
		form.Wrong("source", "error.source", nil)
	case source == "new" && values.Get("complete") != "yes" && values.Get("complete") != "no":
		form.Wrong("complete", "error.complete", nil)
	case source == "new" && values.Get("name") == "":
		form.Wrong("name", "error.source-name", nil)
	}
	if path == "" {
		form.Wrong("file", "error.file", nil)
	}
	if err := form.Err(); err != nil {
		return "", err
	}
	if source == "new" {
		complete := values.Get("complete") == "yes"
		asks := r.Asked(values, []any{"source", values.Get("name"), complete})
		if asks.Key != "" {
			asks.Key += ":source"
		}
		made, err := d.People.AddSource(ctx, r.Actor, people.SourceInput{Name: values.Get("name"), Complete: complete, Asked: asks})
		if err != nil {
			return "", err
		}
		source = made.ID
		values.Set("source", source)
	}
	importID, err := d.People.Receive(ctx, r.Actor, people.Arrival{Source: source, FileName: name, Path: path, Options: options,
		Asked: r.Asked(values, []any{"import", source, name, options.Sheet, options.Encoding, options.Separator, options.HeadingRow})})
	if errors.Is(err, db.ErrNoRow) {
		form.Wrong("source", "error.source", nil)
		err = form.Err()
	}
	if err != nil {
		return "", err
	}
	return importID, d.putAside(r, values.Get("instead"), source)
}

// putAside puts the import aside that was read wrongly, now that it came again. It does nothing when it went on meanwhile.
func (d *Desk) putAside(r *web.Request, importID, source string) error {
	if importID == "" {
		return nil
	}
	v, err := d.People.Import(r.Context(), r.Actor, importID)
	if errors.Is(err, db.ErrNoRow) || err == nil && v.Source != source {
		return nil
	}
	if err != nil {
		return err
	}
	if err := d.People.Refuse(r.Context(), r.Actor, v.ID, v.Version); err != nil && !problem.Is(err, problem.Conflict) {
		return err
	}
	return nil
}

// readOptions reads how somebody says that a file must be read.
func readOptions(values url.Values, form *problem.Form) sheet.Options {
	o := sheet.Options{Sheet: values.Get("sheet"), Separator: separatorOf(values.Get("separator"))}
	if e := values.Get("encoding"); slices.Contains(encodings(), e) {
		o.Encoding = e
	}
	if text := values.Get("heading"); text != "" {
		switch n, err := strconv.Atoi(text); {
		case err != nil || n < 0 || n > 1000:
			form.Wrong("heading", "error.heading", nil)
		case n == 0:
			o.HeadingRow = -1
		default:
			o.HeadingRow = n
		}
	}
	return o
}

// receive reads the parts of an upload. The file is the caller's to remove.
func (d *Desk) receive(r *web.Request) (values url.Values, path, name string, err error) {
	values = url.Values{}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return values, "", "", refuse(problem.Unsupported, "error.file")
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return values, "", "", refuse(problem.Invalid, "error.file").Because(err)
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return values, path, name, nil
		}
		if err != nil {
			return values, path, name, broken(err)
		}
		switch {
		case part.FileName() != "":
			if part.FormName() != "file" || path != "" {
				continue
			}
			name = part.FileName()
			if path, err = files.Receive(d.People.Dir, "people", part, d.People.MaxUpload); err != nil {
				return values, path, name, broken(err)
			}
		case slices.Contains(fieldsOfUpload(), part.FormName()):
			text, err := io.ReadAll(io.LimitReader(part, maxPart))
			if err != nil {
				return values, path, name, broken(err)
			}
			values.Set(part.FormName(), strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(string(text), ""), "\x00", "")))
		}
	}
}

func fieldsOfUpload() []string {
	return []string{web.OnceField, "source", "name", "complete", "instead", "sheet", "heading", "encoding", "separator"}
}

// broken tells an upload that was cut off from what is wrong with it, and from a disk that does not take it.
func broken(err error) error {
	var large *http.MaxBytesError
	var disk *fs.PathError
	switch _, known := problem.Of(err); {
	case errors.Is(err, files.ErrTooLarge):
		form := problem.Form{Bundle: locale()}
		form.Wrong("file", "error.file-size", nil)
		return form.Err()
	case known || errors.As(err, &large) || errors.As(err, &disk):
		return err
	}
	return refuse(problem.Invalid, "error.file").Because(err)
}
