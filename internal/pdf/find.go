package pdf

import (
	"os"
	"os/exec"
	"strings"

	"github.com/chromedp/chromedp"
)

// PathVariable names the environment variable that says where Chromium is.
const PathVariable = "TEKENTAFEL_CHROMIUM"

// NotInstalledError says that no Chromium was found, and what to do about it.
type NotInstalledError struct {
	Tried []string // names that were looked for
}

func (e *NotInstalledError) Error() string {
	return "a PDF needs Chromium, and none was found (looked for " + strings.Join(e.Tried, ", ") +
		"): install it (Debian: apt-get install chromium), set " + PathVariable + " to its path, " +
		"or open the HTML in any browser and print it, it is laid out for paper"
}

// Find returns the path of Chromium: that of TEKENTAFEL_CHROMIUM when it is set, else the first of chromium,
// chromium-browser and google-chrome on the path. When there is none the error is a *NotInstalledError.
func Find() (string, error) { return find(os.Getenv(PathVariable), exec.LookPath) }

func find(named string, look func(string) (string, error)) (string, error) {
	names := []string{"chromium", "chromium-browser", "google-chrome"}
	if named != "" {
		names = []string{named}
	}
	for _, name := range names {
		if path, err := look(name); err == nil {
			return path, nil
		}
	}
	return "", &NotInstalledError{Tried: names}
}

// Flags are the options to start the browser at path with a profile of its own, without a window and without a word to
// anyone: no update, no sync, no name resolved. The sandbox is left out only for root, for whom it does not work.
func Flags(path, profile string) []chromedp.ExecAllocatorOption {
	out := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.Headless, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.NoDefaultBrowserCheck,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-default-apps", true), chromedp.Flag("disable-dev-shm-usage", true),
		// Each window would draw two lists of suggestions for its address bar, as pages of their own.
		chromedp.Flag("disable-features", "WebUIOmniboxPopup,WebUIOmniboxAimPopup"),
		chromedp.Flag("disable-extensions", true), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("font-render-hinting", "none"), chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND"),
		chromedp.Flag("metrics-recording-only", true), chromedp.Flag("mute-audio", true),
	}
	if os.Geteuid() == 0 {
		out = append(out, chromedp.NoSandbox)
	}
	return out
}
