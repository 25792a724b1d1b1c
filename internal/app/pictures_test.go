package app

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tekentafel/internal/ui/browsertest"
)

// picturesEnv names a folder: with it, the crawler writes a picture of every page instead of trying it, for somebody to look at.
const picturesEnv = "TEKENTAFEL_SHOTS"

// photograph writes pictures of the pages into a folder: on a phone, on a desk, in the dark and on paper.
func (h *house) photograph(t *testing.T, dir string, all []*crawler) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o750); err != nil {
		t.Fatal(err)
	}
	b := browsertest.Start(t)
	views := []browsertest.View{
		{Width: 320, Height: 700}, {Width: 1366, Height: 900}, {Width: 1366, Height: 900, Dark: true}, {Width: 794, Height: 1123, Print: true},
	}
	seen := map[string]bool{}
	for _, c := range all {
		tab := b.Tab(t, views[0])
		if u, err := url.Parse(h.url); err != nil {
			t.Fatal(err)
		} else if cookies := c.client.Jar.Cookies(u); len(cookies) > 0 {
			tab.SetCookies(h.url, cookies...)
		}
		for _, p := range c.pages {
			content := contentOf(t, p.body)
			if seen[content] && p.path != "/" {
				continue
			}
			seen[content] = true
			tab.Goto(h.url + p.path)
			for _, v := range views {
				tab.SetView(v)
				name := strings.NewReplacer("/", "_", "?", "_", "&", "_", " ", "-", ",", "").Replace(fmt.Sprintf("%s%.80s %s.png", c.role, p.path, v))
				if err := os.WriteFile(filepath.Join(dir, name), tab.Screenshot(), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
		tab.Close()
	}
}
