package report

import (
	"archive/zip"
	"bytes"
	"errors"
	"io/fs"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/web"
)

// bomb is a workbook that is small packed and huge unpacked.
func bomb(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range map[string]string{
		"[Content_Types].xml":        `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`,
		"_rels/.rels":                `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="s" sheetId="1" r:id="r"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + strings.Repeat("<row/>", 4<<20),
	} {
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestUploadThatCannotBeUsedNamesTheFieldAndTheMendAndLeavesNothing(t *testing.T) {
	t.Parallel()
	packed := bomb(t)
	each(t, func(t *testing.T, w *world) {
		for name, c := range map[string]struct {
			content string
			change  func(*SourceInput)
			field   string
			says    string
		}{
			"empty":               {"", nil, "file", "error.file-empty"},
			"only headings":       {"department,age,uses\n", nil, "file", "error.file-empty"},
			"a bomb":              {packed, nil, "file", "error.file-limit"},
			"half a workbook":     {packed[:len(packed)/2], nil, "file", "error.file-format"},
			"wrong columns":       {"one,two\n1,2\n", nil, "file", "department"},
			"doubled columns":     {"uses,uses\nnever,often\n", nil, "file", "uses"},
			"zero bytes":          {"uses\nnev\x00er\n", nil, "file", "NUL"},
			"a row too long":      {"uses\nnever,2\n", nil, "file", "row 2"},
			"broken mapping":      {answers(), func(in *SourceInput) { in.Mapping = []byte("columns: [") }, "mapping", "mapping.yaml"},
			"mapping in UTF-16":   {answers(), func(in *SourceInput) { in.Mapping = []byte("\xff\xfea\x00:\x00") }, "mapping", "UTF-8"},
			"broken margins":      {answers(), func(in *SourceInput) { in.Margins = []byte("a,b\n1,2") }, "margins", "variable"},
			"margins in Latin 1":  {answers(), func(in *SourceInput) { in.Margins = []byte("variable,value,count\ndepartment,caf\xe9,4\n") }, "margins", "UTF-8"},
			"broken questions":    {answers(), func(in *SourceInput) { in.Questionnaire = []byte("id: x\nitems: 3\n") }, "questionnaire", "questionnaire.yaml"},
			"questions in UTF-16": {answers(), func(in *SourceInput) { in.Questionnaire = []byte("\xff\xfei\x00d\x00:\x00") }, "questionnaire", "UTF-8"},
			"no questions":        {answers(), func(in *SourceInput) { in.Questionnaire = nil }, "instrument", "genai-monitor"},
			"unknown questions":   {answers(), func(in *SourceInput) { in.Questionnaire, in.Instrument = nil, "../instruments/genai-monitor" }, "instrument", "genai-monitor"},
			"no name":             {answers(), func(in *SourceInput) { in.Name = " \t " }, "name", "error.name-empty"},
			"name too long":       {answers(), func(in *SourceInput) { in.Name = strings.Repeat("é", maxName+1) }, "name", "120"},
			"control in the name": {answers(), func(in *SourceInput) { in.Name = "a\x00b" }, "name", "error.name-control"},
			"newline in the name": {answers(), func(in *SourceInput) { in.Name = "a\nb" }, "name", "error.name-control"},
			"hidden name":         {answers(), func(in *SourceInput) { in.Name = "\u200b" }, "name", "error.name-control"},
			"only joiners":        {answers(), func(in *SourceInput) { in.Name = "\u200d" }, "name", "error.name-control"},
			"turned around":       {answers(), func(in *SourceInput) { in.Name = "lon\u202etxt" }, "name", "error.name-control"},
			"C1 control":          {answers(), func(in *SourceInput) { in.Name = "a\u0085b" }, "name", "error.name-control"},
		} {
			in := w.input(c.content)
			if c.change != nil {
				c.change(&in)
			}
			_, err := w.AddSource(t.Context(), hr, in)
			p, known := problem.Of(err)
			if !known || p.Kind != problem.Invalid || len(p.Fields) != 1 || p.Fields[0].Name != c.field || !strings.Contains(p.Fields[0].Key+" "+p.Fields[0].In(instrument.EN), c.says) {
				t.Errorf("%s: %v, want something about %s with %q", name, err, c.field, c.says)
				continue
			}
			for _, lang := range instrument.Languages() {
				if text := p.Fields[0].In(lang); text == "" || strings.Contains(text, in.File) || strings.Contains(text, "error.") {
					t.Errorf("%s, %s: %q", name, lang, text)
				}
			}
		}
		for _, table := range []string{"report_sources", "files", "file_pieces", "asked", "audit_log"} {
			if n := w.count(table); n != 0 {
				t.Errorf("%d rows are left in %s", n, table)
			}
		}
	})
}

func TestLongNamesAndNamesWithJoinersAreTaken(t *testing.T) {
	t.Parallel()
	for _, name := range []string{strings.Repeat("é", maxName), "  Voorjaar  ", "👩\u200d💻 2026", "می\u200cخواهم"} {
		form := &problem.Form{Bundle: locale()}
		if checkName(form, "name", name); form.Err() != nil {
			t.Errorf("%q: %v", name, form.Err())
		}
	}
}

func TestFormulasInAnswersStayText(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		const formula = `=HYPERLINK("http://evil.example")`
		src, err := w.AddSource(t.Context(), hr, w.input(strings.Replace(answers(), "SECRETCELL", `"`+strings.ReplaceAll(formula, `"`, `""`)+`"`, 1)))
		if err != nil {
			t.Fatal(err)
		}
		if q := src.Quality; len(q.Issues) != 1 || q.Issues[0].Value != formula || q.Issues[0].Row != 2 || q.Issues[0].Column != "uses" || q.Data.Unknown != 1 {
			t.Errorf("%+v", q)
		}
	})
}

func TestFormSentTwiceAtOnceAddsAnswersOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		in := w.input(answers())
		in.Asked = ask("k")
		var got [4]Source
		var all sync.WaitGroup
		for i := range got {
			all.Go(func() {
				err := db.ErrBusy
				for errors.Is(err, db.ErrBusy) { // the caller was told that nothing is kept
					got[i], err = w.AddSource(t.Context(), hr, in)
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		for i := range got {
			if diff := cmp.Diff(got[0], got[i], cmp.AllowUnexported(Source{})); diff != "" || got[i].ID == "" {
				t.Errorf("the same form gave something else: %s", diff)
			}
		}
		if s, f, a := w.count("report_sources"), w.count("files"), w.logged("answers.added"); s != 1 || f != 1 || a != 1 {
			t.Errorf("%d sources, %d files, %d entries", s, f, a)
		}
		if w.holds("asked", "result", "SECRETCELL") {
			t.Error("a cell of the answers is kept with the request")
		}
		other := w.input(strings.Replace(answers(), "sport", "parks", 1)) // as long as the first, with the same name
		other.Asked = ask("k")
		_, err := w.AddSource(t.Context(), hr, other)
		wantOutcome(t, "another file with the same key", err, "conflict")
		again, err := w.AddSource(t.Context(), hr, w.input(answers()))
		if err != nil || again.ID == got[0].ID {
			t.Errorf("without a key: %v", err)
		}
	})
}

func TestCellsShowToWhoeverUploadsAlone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		src := w.source(dbtest.Ours)
		for name, c := range map[string]struct {
			actor access.Actor
			cells int
		}{
			"hr": {hr, 1}, "researcher": {person(dbtest.Ours, access.Researcher), 0}, "dpo": {person(dbtest.Ours, access.DPO), 0},
			"key that reads": {keyOf(hr, access.ReadSource), 0}, "key that adds": {keyOf(hr, access.ReadSource, access.AddSource), 1},
		} {
			one, err := w.Source(t.Context(), c.actor, src.ID)
			list, err2 := w.Sources(t.Context(), c.actor)
			if err := errors.Join(err, err2); err != nil || len(list) != 1 {
				t.Fatalf("%s: %v", name, err)
			}
			for _, got := range []Source{one, list[0]} {
				if len(got.Quality.Issues) != c.cells || got.Quality.Data.Unknown != 1 || len(got.Quality.Issues)+got.Quality.More != 1 {
					t.Errorf("%s sees %+v", name, got.Quality)
				}
			}
		}
	})
}

func TestDeletedAnswersLeaveTheirReportsAndNothingElse(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		src := w.source(dbtest.Ours)
		r := w.start(dbtest.Ours, src.ID)
		wantOutcome(t, "while a report is made", w.DeleteSource(t.Context(), hr, src.ID), "conflict")
		stop := w.run()
		r = w.until(r, dbtest.Ours, Ready)
		stop()
		if err := w.DeleteSource(t.Context(), hr, src.ID); err != nil {
			t.Fatal(err)
		}
		if n, f := w.count("report_sources"), w.count("files"); n != 0 || f != 1 {
			t.Errorf("%d sources and %d files are left, want the findings alone", n, f)
		}
		if w.holds("file_pieces", "bytes", "SECRETCELL") || w.holds("asked", "result", "SECRETCELL") {
			t.Error("the answers are still in the store")
		}
		r, err := w.Report(t.Context(), hr, r.ID)
		if err != nil || r.Source != "" {
			t.Fatalf("%+v, %v", r, err)
		}
		if f, err := w.findings(t.Context(), dbtest.Ours, &r); err != nil || f.Respondents != 60 {
			t.Errorf("the report cannot be read: %v", err)
		}
		wantOutcome(t, "deleted again", w.DeleteSource(t.Context(), hr, src.ID), "not-found")
		_, err = w.Make(t.Context(), hr, Input{Source: src.ID, Title: "x", Wave: "y"})
		wantOutcome(t, "a report of what is gone", err, "not-found")
	})
}

func TestDiskThatDoesNotTakeAnUploadIsNotTakenForAMissingFile(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err  error
		want problem.Kind
	}{
		"full":      {&fs.PathError{Op: "write", Path: "/x", Err: syscall.ENOSPC}, problem.Full},
		"read only": {&fs.PathError{Op: "open", Path: "/x", Err: syscall.EROFS}, problem.Unavailable},
		"no folder": {&fs.PathError{Op: "open", Path: "/x", Err: syscall.ENOENT}, problem.Internal},
		"cut off":   {errors.New("unexpected EOF"), problem.Invalid},
	} {
		if got := web.Explain(broken(c.err)).Kind; got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	if _, err := copyTo(t.TempDir()+"/none", strings.NewReader("x"), 9); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
	dir := t.TempDir()
	_, err := copyTo(dir, strings.NewReader("0123456789"), 9)
	wantOutcome(t, "a byte too many", err, "too-large")
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}
