package process

import (
	"context"
	"fmt"
	"io"
	"os/exec"
	"syscall"
)

// Janitor removes what a server leaves behind: a small process of its own that waits for the end of ours.
type Janitor struct {
	cmd  *exec.Cmd
	hold io.Closer
}

// sweep waits until nobody holds the other end of its standard input, which the kernel closes when we end. Then it ends
// the process whose id stands on the first line of file $2, and removes folder $1.
const sweep = `
read -r _
pid=$(head -n 1 "$2" 2>/dev/null)
if [ -n "$pid" ]; then
  kill -QUIT "$pid" 2>/dev/null
  i=0
  while kill -0 "$pid" 2>/dev/null && [ $i -lt 100 ]; do sleep 0.05; i=$((i + 1)); done
  kill -KILL "$pid" 2>/dev/null
fi
rm -rf "$1"
`

// Watch starts a janitor for folder dir and for the process that writes its id into the file pidFile, which need not
// exist. When this process ends, in whatever way and not before (the end of ctx is none), the janitor ends the other with SIGQUIT, after 5 seconds with SIGKILL,
// and removes the folder.
func Watch(ctx context.Context, dir, pidFile string) (*Janitor, error) {
	cmd := exec.CommandContext(context.WithoutCancel(ctx), "/bin/sh", "-c", sweep, "janitor", dir, pidFile) //nolint:gosec // our own script
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}                                                   // Ctrl-C is not for the janitor
	hold, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start the janitor of %s: %w", dir, err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the janitor of %s: %w", dir, err)
	}
	return &Janitor{cmd: cmd, hold: hold}, nil
}

// Sweep does the janitor's work now and waits until it is done.
func (j *Janitor) Sweep() error {
	if err := j.hold.Close(); err != nil {
		return fmt.Errorf("call the janitor: %w", err)
	}
	if err := j.cmd.Wait(); err != nil {
		return fmt.Errorf("the janitor: %w", err)
	}
	return nil
}
