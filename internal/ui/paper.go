package ui

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"strings"

	"github.com/a-h/templ"

	"tekentafel/internal/instrument"
)

// PaperPolicy is what a page with a document for paper allows, for the header of the answer that carries it; the document repeats it with the
// hash of its style sheet.
const PaperPolicy = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Paper writes a document to print that needs no other file: content in a language with a style sheet of its own and the faces that its
// letters need. It allows nothing but these.
func Paper(w io.Writer, lang instrument.Lang, title, style string, content templ.Component) error {
	ctx := WithLang(context.Background(), lang)
	var body strings.Builder
	if err := content.Render(ctx, &body); err != nil {
		return err
	}
	style = Faces(body.String()) + style
	sum := sha256.Sum256([]byte(style))
	policy := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; font-src data:; base-uri 'none'; form-action 'none'"
	return paperPage(string(lang), title, policy, style, body.String()).Render(ctx, w)
}
