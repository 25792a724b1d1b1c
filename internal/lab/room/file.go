package room

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"path"
	"strings"

	"tekentafel/internal/i18n"
	"tekentafel/internal/lab"
	"tekentafel/internal/problem"
	"tekentafel/internal/web"
)

// fileView is what was taken of a file, as the scripts keep it.
type fileView struct {
	Name  string `json:"name"`
	Text  string `json:"text,omitempty"`
	Media string `json:"media,omitempty"`
	Data  string `json:"data,omitempty"` // base64
	Cut   bool   `json:"cut,omitempty"`

	Notes []string `json:"notes,omitempty"`
}

// takeFile answers the text of a document, or an image made fit. It keeps nothing.
func (p *Room) takeFile(w http.ResponseWriter, r *web.Request) error {
	done, err := p.looks.begin(p.who(r))
	if err != nil {
		return err
	}
	defer done()
	parts, err := partsOf(r)
	if err != nil {
		return err
	}
	part, err := parts.NextPart()
	if err != nil || part.FormName() != "file" {
		return refuse(problem.Invalid, "error.form")
	}
	f, notes, err := p.takePart(r.Context(), part)
	if err != nil {
		return err
	}
	v := fileView{Name: f.Name, Text: f.Text, Media: f.Media, Cut: f.Cut}
	for _, note := range notes {
		v.Notes = append(v.Notes, note.In(r.Lang))
	}
	if f.Media != "" {
		v.Data = base64.StdEncoding.EncodeToString(f.Data)
	}
	return sendJSON(w, r, http.StatusOK, v)
}

// partsOf reads a multipart body as it comes: nothing of it is written to a disk.
func partsOf(r *web.Request) (*multipart.Reader, error) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" || params["boundary"] == "" {
		return nil, refuse(problem.Unsupported, "error.form")
	}
	return multipart.NewReader(r.Body, params["boundary"]), nil
}

// takePart reads a file of a form.
func (p *Room) takePart(ctx context.Context, part *multipart.Part) (lab.File, []problem.Message, error) {
	name := fileName(part.FileName())
	data, err := io.ReadAll(io.LimitReader(part, mostFile+1))
	if err != nil {
		return lab.File{}, nil, tooLargeOr(err)
	}
	if len(data) > mostFile {
		return lab.File{}, nil, refuseWith(problem.TooLarge, "error.file-large", i18n.Args{"name": name, "n": "10"})
	}
	return p.take(ctx, name, data)
}

func tooLargeOr(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return refuse(problem.TooLarge, "error.too-large")
	}
	return refuse(problem.Invalid, "error.form")
}

// take reads a file. What it is, its content says and not its name.
func (p *Room) take(ctx context.Context, name string, data []byte) (lab.File, []problem.Message, error) {
	if len(data) == 0 {
		return lab.File{}, nil, refuseWith(problem.Invalid, "error.file-empty", i18n.Args{"name": name})
	}
	if mediaOf(data) != "" {
		media, out, err := p.picture(ctx, data)
		return lab.File{Name: name, Media: media, Data: out}, nil, err
	}
	if p.Extract == nil {
		return lab.File{}, nil, refuseWith(problem.Unsupported, "error.file-kind", i18n.Args{"name": name})
	}
	d, err := p.Extract.Text(ctx, name, data)
	if err != nil {
		return lab.File{}, nil, err
	}
	f := lab.File{Name: name, Text: d.Text, Cut: d.Cut}
	f.Text = strings.ReplaceAll(strings.ToValidUTF8(f.Text, "�"), "\x00", "�")
	if strings.TrimSpace(f.Text) == "" {
		return lab.File{}, nil, refuseWith(problem.Invalid, "error.file-no-text", i18n.Args{"name": name})
	}
	if most := mostText / 2; len(f.Text) > most {
		f.Text, f.Cut = strings.ToValidUTF8(f.Text[:most], ""), true
	}
	return f, d.Notes, nil
}

// fileName is the name of a file without the folders that some browsers send, and without signs that do not show.
func fileName(s string) string {
	s = path.Base(strings.ReplaceAll(strings.ToValidUTF8(s, ""), `\`, "/"))
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return -1
		}
		return r
	}, s)
	if s == "." || s == "/" || s == "" {
		s = "1"
	}
	for len(s) > mostName {
		s = s[1:]
	}
	return strings.ToValidUTF8(s, "")
}
