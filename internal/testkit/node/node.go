// Package node holds the npm project of the test servers, and starts them: programs of Node.js that end when this process
// ends, in whatever way. scripts/setup installs what they need. They run on the Node.js of Debian 12 (18.20) and newer.
package node

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"tekentafel/internal/testkit"
)

// File returns the path of a file in an installed npm package: File(t, "axe-core", "axe.min.js"). Where it is not
// installed the test is skipped, or fails where every test must run.
func File(t testing.TB, name ...string) string {
	t.Helper()
	path := filepath.Join(append([]string{dir(), "node_modules"}, name...)...)
	if _, err := os.Stat(path); err != nil {
		testkit.Missing(t, "the npm package "+name[0]+" is not installed: run scripts/setup")
	}
	return path
}

// dir is the folder of this file.
func dir() string {
	_, here, _, _ := runtime.Caller(0)
	return filepath.Dir(here)
}
