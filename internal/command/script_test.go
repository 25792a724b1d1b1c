package command

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"tekentafel/internal/testkit"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"tekentafel": func() { os.Exit(main(os.Args[1:])) },
		"exits":      exits,
	})
}

// main is the program.
func main(args []string) int {
	return Run(context.Background(), args, Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
}

// exits runs a command line and is content when it exits with the code that stands before it.
func exits() {
	if got := main(os.Args[2:]); strconv.Itoa(got) != os.Args[1] {
		_, _ = fmt.Fprintf(os.Stderr, "exit code %d, want %s\n", got, os.Args[1])
		os.Exit(1)
	}
}

// The scripts in testdata/script are the command line as its users see it, each in a process of its own.
func TestScripts(t *testing.T) {
	t.Parallel()
	students, _ := testkit.RealAnswers(t) // "" where they are absent
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", e.WorkDir) // where the browser may write
			e.Setenv("STUDENTS", students)
			return nil
		},
		Condition: func(cond string) (bool, error) {
			switch cond {
			case "students":
				return students != "", nil
			case "root":
				return os.Geteuid() == 0, nil
			case "chromium":
				return chromium(t), nil
			}
			return false, fmt.Errorf("unknown condition %q", cond)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"hostile": hostile, "append": appendColumn, "spoil": spoil, "workbook": workbook, "cut": cut, "empty": empty,
		},
	})
}

// chromium tells whether a PDF can be printed; where every test must run it has to.
func chromium(t *testing.T) bool {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if _, err := exec.LookPath(name); err == nil {
			return true
		}
	}
	if testkit.Required() {
		t.Fatal("Chromium is required here; install chromium")
	}
	return false
}

// empty checks that a folder holds nothing, hidden files included, or does not exist.
func empty(ts *testscript.TestScript, neg bool, args []string) {
	for _, dir := range args {
		entries, err := os.ReadDir(ts.MkAbs(dir))
		if err != nil && !os.IsNotExist(err) {
			ts.Fatalf("%v", err)
		}
		if neg == (len(entries) == 0) {
			ts.Fatalf("%s holds %v", dir, entries)
		}
	}
}

func readRows(ts *testscript.TestScript, name string) [][]string {
	rows, err := csv.NewReader(strings.NewReader(ts.ReadFile(name))).ReadAll()
	ts.Check(err)
	return rows
}

func writeRows(ts *testscript.TestScript, name string, rows [][]string) {
	var b bytes.Buffer
	ts.Check(csv.NewWriter(&b).WriteAll(rows))
	ts.Check(os.WriteFile(ts.MkAbs(name), b.Bytes(), 0o600))
}

// appendColumn adds columns to a CSV file: append FILE HEADING=VALUE,VALUE... with the values by turns.
func appendColumn(ts *testscript.TestScript, _ bool, args []string) {
	rows := readRows(ts, args[0])
	for _, arg := range args[1:] {
		heading, list, _ := strings.Cut(arg, "=")
		values := strings.Split(list, ",")
		rows[0] = append(rows[0], heading)
		for i := range rows[1:] {
			rows[i+1] = append(rows[i+1], values[i%len(values)])
		}
	}
	writeRows(ts, args[0], rows)
}

// spoil changes one cell of a CSV file: spoil FILE ROW HEADING VALUE, with rows as a spreadsheet counts.
func spoil(ts *testscript.TestScript, _ bool, args []string) {
	rows := readRows(ts, args[0])
	row, err := strconv.Atoi(args[1])
	ts.Check(err)
	for c, h := range rows[0] {
		if h == args[2] {
			rows[row-1][c] = args[3]
			writeRows(ts, args[0], rows)
			return
		}
	}
	ts.Fatalf("no column %s", args[2])
}

// workbook writes the rows of a CSV file as a workbook: workbook CSV XLSX [CELL=FORMULA].
func workbook(ts *testscript.TestScript, _ bool, args []string) {
	f := excelize.NewFile()
	for i, row := range readRows(ts, args[0]) {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		ts.Check(err)
		ts.Check(f.SetSheetRow("Sheet1", cell, &row))
	}
	for _, arg := range args[2:] {
		cell, formula, _ := strings.Cut(arg, "=")
		ts.Check(f.SetCellFormula("Sheet1", cell, formula))
	}
	ts.Check(f.SaveAs(ts.MkAbs(args[1])))
	ts.Check(f.Close())
}

// cut keeps the first part of a file: cut FROM TO BYTES; a negative number leaves that many off at the end.
func cut(ts *testscript.TestScript, _ bool, args []string) {
	src := ts.ReadFile(args[0])
	n, err := strconv.Atoi(args[2])
	ts.Check(err)
	if n < 0 {
		n += len(src)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(src[:n]), 0o600))
}

// hostile writes a file that no one should have to read: hostile KIND FILE.
func hostile(ts *testscript.TestScript, _ bool, args []string) {
	var src []byte
	switch args[0] {
	case "wide": // more columns than an instrument can have
		src = []byte(strings.TrimSuffix(strings.Repeat("use_work,", 10_000), ",") + "\n")
	case "nul":
		src = []byte("use_work,age\nnever,\x00\x00under35\n")
	case "cell": // a cell that never seems to end
		src = []byte("use_work,age\nnever,\"" + strings.Repeat("x\n", 1<<20))
	case "gigabyte": // the same, of a gigabyte, as a file with a hole
		sparse(ts, args[1], "use_work,age\nnever,\"x", 1<<30)
		return
	case "noise":
		rng := rand.New(rand.NewPCG(1, 2))
		for range 4096 {
			src = append(src, byte(rng.Uint32()))
		}
	case "quotes":
		src = []byte("use_work,age\nnever,\"under35\nnever,under35\n")
	case "twice":
		src = []byte("use_work,age,use_work\nnever,under35,daily\n")
	case "ragged":
		src = []byte("use_work,age\nnever,under35\nnever,under35,more\n")
	case "bomb":
		src = archive(ts, "xl/worksheets/sheet1.xml", 300<<20)
	case "workbook": // an archive that is no workbook
		src = archive(ts, "letter.txt", 10)
	default:
		ts.Fatalf("unknown kind %q", args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), src, 0o600))
}

// sparse writes a file with a hole after its beginning.
func sparse(ts *testscript.TestScript, name, start string, size int64) {
	f, err := os.Create(ts.MkAbs(name))
	ts.Check(err)
	_, err = f.WriteString(start)
	ts.Check(err)
	ts.Check(f.Truncate(size))
	ts.Check(f.Close())
}

// archive packs so many zeros under a name.
func archive(ts *testscript.TestScript, name string, size int) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	ts.Check(err)
	zeros := make([]byte, 1<<20)
	for left := size; left > 0; left -= len(zeros) {
		_, err := w.Write(zeros[:min(left, len(zeros))])
		ts.Check(err)
	}
	ts.Check(z.Close())
	return b.Bytes()
}
