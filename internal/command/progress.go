package command

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"golang.org/x/term"
)

// progress draws one line on a terminal that says what is being done and how far; elsewhere it stays silent.
type progress struct {
	mu   sync.Mutex
	w    io.Writer
	on   bool
	last string
}

const barWidth = 28

// newProgress returns a progress line on w, which draws only where w is a terminal.
func newProgress(w io.Writer) *progress {
	f, ok := w.(*os.File)
	return &progress{w: w, on: ok && term.IsTerminal(int(f.Fd()))}
}

// step says that done of total parts of a stage are ready; a total of 0 means that the size is not known.
func (p *progress) step(stage string, done, total int64) {
	if !p.on {
		return
	}
	line := stage + " …"
	if total > 0 {
		full := int(min(done, total) * barWidth / total)
		line = fmt.Sprintf("%-24s [%s%s] %3d %%", stage, strings.Repeat("█", full), strings.Repeat("·", barWidth-full), min(done, total)*100/total)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if line == p.last {
		return
	}
	p.last = line
	_, _ = fmt.Fprintf(p.w, "\r\x1b[K%s", line)
}

// clear takes the line away.
func (p *progress) clear() {
	if !p.on {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last = ""
	_, _ = fmt.Fprint(p.w, "\r\x1b[K")
}
