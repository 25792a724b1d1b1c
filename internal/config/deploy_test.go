package config

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"tekentafel/internal/testkit"
)

// The units are what systemd takes, and keep the program apart.
func TestUnitsAreValidAndNarrow(t *testing.T) {
	t.Parallel()
	analyse, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("systemd-analyze is not installed, so the units in deploy/ were not looked at")
	}
	deploy := filepath.Join(testkit.Root(t), "deploy")
	dir := t.TempDir()
	units, err := filepath.Glob(filepath.Join(deploy, "*.*"))
	if err != nil {
		t.Fatal(err)
	}
	var services []string
	for _, unit := range units {
		if ext := filepath.Ext(unit); ext != ".service" && ext != ".timer" {
			continue
		}
		data, err := os.ReadFile(unit)
		if err != nil {
			t.Fatal(err)
		}
		copied := filepath.Join(dir, filepath.Base(unit))
		// systemd-analyze wants to find the program.
		if err := os.WriteFile(copied, []byte(strings.ReplaceAll(string(data), "/usr/local/bin/tekentafel", "/bin/true")), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.CommandContext(t.Context(), analyse, "verify", "--man=no", copied).CombinedOutput(); err != nil || strings.Contains(string(out), filepath.Base(unit)) {
			t.Errorf("%s: %v\n%s", unit, err, out)
		}
		if filepath.Ext(unit) == ".service" {
			services = append(services, copied)
		}
	}
	if len(services) < 2 {
		t.Errorf("units: %v", services)
	}
	for _, service := range services {
		out, err := exec.CommandContext(t.Context(), analyse, "security", "--offline=yes", service).CombinedOutput()
		if err != nil && len(out) == 0 {
			t.Skip("this systemd does not judge units")
		}
		found := regexp.MustCompile(`exposure level for \S+: ([0-9.]+)`).FindSubmatch(out)
		if found == nil {
			t.Skipf("this systemd does not judge units: %.200s", out)
		}
		if exposure, err := strconv.ParseFloat(string(found[1]), 64); err != nil || exposure > 2.5 {
			t.Errorf("%s has an exposure of %s", filepath.Base(service), found[1])
		}
	}
}
