package process_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"tekentafel/internal/testkit/process"
)

func TestAPortIsFreeAndNotOneThatTheKernelGivesAway(t *testing.T) {
	t.Parallel()
	taken := 0
	for range 20 {
		port, err := process.Port(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if port < 20000 || port >= 32000 {
			t.Errorf("port %d", port)
		}
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil { // another test of this machine was given the same one meanwhile
			taken++
			continue
		}
		_ = l.Close()
	}
	if taken > 2 {
		t.Errorf("%d of 20 ports were not free", taken)
	}
}

func TestAJanitorEndsTheServerAndRemovesItsFolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "server")
	if err := os.MkdirAll(filepath.Join(dir, "data"), 0o700); err != nil {
		t.Fatal(err)
	}
	server := exec.CommandContext(t.Context(), "sleep", "60")
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	pidFile := filepath.Join(dir, "data", "pid")
	if err := os.WriteFile(pidFile, fmt.Appendf(nil, "%d\nmore\n", server.Process.Pid), 0o600); err != nil {
		t.Fatal(err)
	}
	janitor, err := process.Watch(t.Context(), dir, pidFile)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }()
	if err := janitor.Sweep(); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err == nil || err.Error() != "signal: quit" {
		t.Errorf("the server ended with %v", err)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the folder: %v", err)
	}
}
