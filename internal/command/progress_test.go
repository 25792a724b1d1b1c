package command

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// On a terminal there is one line, drawn anew for each part and taken away at the end.
func TestProgressOnATerminal(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	p := &progress{w: &b, on: true}
	p.step("reading answers", 1, 4)
	p.step("reading answers", 1, 4)
	p.step("reading answers", 9, 4) // never beyond the end
	p.step("explaining", 0, 0)
	p.clear()
	lines := strings.Split(b.String(), "\r\x1b[K")
	if len(lines) != 5 || lines[0] != "" || lines[4] != "" {
		t.Fatalf("%d lines: %q", len(lines), b.String())
	}
	for i, want := range []string{"25 %", "100 %", "explaining …"} {
		if !strings.Contains(lines[i+1], want) {
			t.Errorf("line %q does not say %q", lines[i+1], want)
		}
	}
	if strings.Contains(b.String(), "\n") {
		t.Error("progress starts a new line")
	}
}

// Files, pipes and buffers are no terminals.
func TestProgressElsewhere(t *testing.T) {
	t.Parallel()
	f, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	for _, p := range []*progress{newProgress(&b), newProgress(f)} {
		p.step("reading answers", 1, 4)
		p.clear()
	}
	if info, err := f.Stat(); err != nil || info.Size() > 0 || b.Len() > 0 {
		t.Errorf("progress was written: %v %q", err, b.String())
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// Parts report from several goroutines at once.
func TestProgressFromSeveralSides(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	p := &progress{w: &b, on: true}
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for i := range int64(100) {
				p.step("counting", i, 100)
			}
		})
	}
	wait.Wait()
	p.clear()
	for _, line := range strings.Split(b.String(), "\r\x1b[K") {
		if line != "" && (strings.Count(line, "counting") != 1 || !strings.HasSuffix(line, "%")) {
			t.Fatalf("lines ran into each other: %q", line)
		}
	}
}
