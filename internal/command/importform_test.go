package command_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"tekentafel/internal/command"
)

func TestAFormIsImportedAndPassesTheChecker(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	form, out := filepath.Join(dir, "form.xlsx"), filepath.Join(dir, "questionnaire.yaml")
	book := excelize.NewFile()
	if err := book.SetSheetName("Sheet1", "survey"); err != nil {
		t.Fatal(err)
	}
	for i, row := range [][]string{{"type", "name", "label::Nederlands (nl)"}, {"integer", "age", "Hoe oud ben je?"}, {"image", "photo", "Foto"}} {
		if err := book.SetSheetRow("survey", "A"+string(rune('1'+i)), &row); err != nil {
			t.Fatal(err)
		}
	}
	if err := book.SaveAs(form); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) (int, string) {
		var said bytes.Buffer
		code := command.Run(t.Context(), args, command.Streams{In: strings.NewReader(""), Out: &said, Err: &said})
		return code, said.String()
	}
	if code, said := run("import-instrument", form, "-o", out); code != command.ExitOK || !strings.Contains(said, `survey, row 3, type: the type "image" has no counterpart`) || !strings.Contains(said, "1 questions written") {
		t.Errorf("%d: %s", code, said)
	}
	if code, said := run("check-instrument", out); code != command.ExitOK || !strings.Contains(said, "is a valid instrument: form, version 1; 1 questions") {
		t.Errorf("%d: %s", code, said)
	}
	broken := filepath.Join(dir, "broken.xlsx")
	if err := os.WriteFile(broken, []byte("PK"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{"no workbook": {broken, "-o", out}, "no file": {filepath.Join(dir, "none.xlsx"), "-o", out}} {
		if code, said := run(append([]string{"import-instrument"}, args...)...); code != command.ExitRefused {
			t.Errorf("%s: %d: %s", name, code, said)
		}
	}
	if code, said := run("import-instrument", form, "-o", filepath.Join(dir, "no", "such", "folder.yaml")); code != command.ExitNotWritten {
		t.Errorf("%d: %s", code, said)
	}
}
