package node

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// beVictim names the variable that tells the test binary to start a server and wait to be killed.
const beVictim = "NODETEST_VICTIM"

func TestAServerDoesNotOutliveAKilledTest(t *testing.T) {
	t.Parallel()
	if os.Getenv(beVictim) != "" {
		p := Start(t, "oidc.js", "oidc-provider")
		Do[[]string](p, "failures", nil)
		fmt.Println("pid", p.cmd.Process.Pid)
		<-t.Context().Done()
		return
	}
	Start(t, "oidc.js", "oidc-provider")                                                                       // to be Missing where it is not installed
	victim := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestAServerDoesNotOutliveAKilledTest$") //nolint:gosec // this test
	victim.Env = append(os.Environ(), beVictim+"=1")
	out, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	var pid int
	if _, err := fmt.Fscanf(out, "pid %d\n", &pid); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, 0); err != nil {
		t.Fatalf("the server does not run: %v", err)
	}
	if err := victim.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = victim.Wait()
	for end := time.Now().Add(20 * time.Second); ended(pid) == ""; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("process %d outlives its test", pid)
		}
	}
}

// ended tells why a process no longer runs; "" while it does.
func ended(pid int) string {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return err.Error()
	}
	if strings.Contains(string(stat), ") Z ") {
		return "nobody has asked how it ended"
	}
	return ""
}

func TestAnOrderThatFailsSaysWhy(t *testing.T) {
	t.Parallel()
	p := Start(t, "oidc.js", "oidc-provider")
	if _, err := do[any](p, "fly", nil); err == nil || !strings.Contains(err.Error(), "not a function") {
		t.Errorf("an unknown order: %v", err)
	}
	if out, err := do[[]string](p, "failures", nil); err != nil || len(out) != 0 {
		t.Errorf("the order after it: %v %v", out, err)
	}
}
