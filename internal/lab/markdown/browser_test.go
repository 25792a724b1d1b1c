package markdown

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/clock"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/ui"
	"tekentafel/internal/ui/browsertest"
	"tekentafel/internal/web"
)

// attacks are texts as a model writes them when a mail or a page that it was given tells it to send away what somebody typed, beside those of the cases.
var attacks = []string{
	"![ ](http://127.0.0.1:PORT/hit?d=geheim)", "![a](<http://127.0.0.1:PORT/hit>)", "![a][b]\n\n[b]: http://127.0.0.1:PORT/hit", "[b]: http://127.0.0.1:PORT/hit\n\n![b]",
	"[![a](http://127.0.0.1:PORT/hit)](http://127.0.0.1:PORT/hit)", "![a](http://127.0.0.1:PORT/hit \"onerror=hit()\")", "![a](x\" onerror=\"hit())",
	"<img src=http://127.0.0.1:PORT/hit>", "<img src=x onerror=hit()>", "<svg/onload=hit()>", "<svg><image href=http://127.0.0.1:PORT/hit></svg>", "<iframe srcdoc='<script>parent.hit()</script>'></iframe>",
	"<script>hit()</script>", "<link rel=stylesheet href=http://127.0.0.1:PORT/hit>", "<link rel=prefetch href=http://127.0.0.1:PORT/hit>", "<meta http-equiv=refresh content='0;url=http://127.0.0.1:PORT/hit'>",
	"<style>@import url(http://127.0.0.1:PORT/hit)</style>", "<div style=\"background:url(http://127.0.0.1:PORT/hit)\">", "<object data=http://127.0.0.1:PORT/hit>", "<video poster=http://127.0.0.1:PORT/hit src=http://127.0.0.1:PORT/hit autoplay>",
	"<base href=http://127.0.0.1:PORT/>", "<form action=http://127.0.0.1:PORT/hit><button autofocus onfocus=hit()>", "<details open ontoggle=hit()>", "<math><mtext><table><mglyph><style><img src=x onerror=hit()>",
	"<noscript><p title=\"</noscript><img src=x onerror=hit()>\">", "```html\n</code></pre><script>hit()</script>\n```", "`</code><img src=x onerror=hit()>`", "| <img src=x onerror=hit()> | b |\n|---|---|\n| <svg onload=hit()> | c |",
	"```\" onmouseover=hit() \"\nx\n```", "[a](javascript:hit())", "[a](java&#10;script:hit())", "[a](&#1;javascript:hit())", "[a](data:text/html;base64,PHNjcmlwdD5oaXQoKTwvc2NyaXB0Pg==)", "<javascript:hit()>",
	"[a](https://example.org/\"onmouseover=\"hit())", "[a\">x](https://example.org)", "&lt;img src=x onerror=hit()&gt;", "&#60;script&#62;hit()&#60;/script&#62;", "\\<script\\>hit()\\</script\\>",
	"[\u202egro.elpmaxe](https://evil.example)", "[a](java\u200bscript:hit())", "<im\u0000g src=x onerror=hit()>", "# <img src=x onerror=hit()>", "- <img src=x onerror=hit()>", "> <svg onload=hit()>", "~~<img src=x onerror=hit()>~~",
	"https://127.0.0.1:PORT/hit?d=geheim", "[a](http://127.0.0.1:PORT/hit)", "![\"><script>hit()</script>](a)", "<!--><img src=x onerror=hit()>-->", "<![CDATA[<img src=x onerror=hit()>]]>", "<?x <img src=x onerror=hit()> ?>",
}

// nobody visits.
type nobody struct{}

// Visit implements web.Visitors.
func (nobody) Visit(context.Context, *http.Request) (web.Visit, error) {
	return web.Visit{Actor: access.Actor{Kind: access.Visitor, Tenant: dbtest.Ours}}, nil
}

// stage serves the texts as the server renders them and as the script does while they arrive, without a policy that would stop what slips through.
func stage(t *testing.T) (address string, texts []string) {
	t.Helper()
	server := web.New(web.Config{PublicURL: &url.URL{Scheme: "https", Host: "tekentafel.example"}}, nobody{}, nil, clock.System(), slog.New(slog.DiscardHandler))
	if err := AddTo(server); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET "+assetPath, server)
	mux.Handle("GET /assets/", ui.Assets())
	listener := httptest.NewServer(mux)
	t.Cleanup(listener.Close)
	_, port, _ := strings.Cut(strings.TrimPrefix(listener.URL, "http://"), ":")
	for _, c := range cases(t) {
		texts = append(texts, c.Text)
	}
	for _, a := range attacks {
		texts = append(texts, strings.ReplaceAll(a, "PORT", port))
	}
	encoded, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	mux.HandleFunc("GET /texts.json", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(encoded) })
	mux.HandleFunc("GET /stage.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = fmt.Fprintf(w, `import { render } from '%s';
const texts = await (await fetch('/texts.json')).json();
for (const t of texts) {
  const e = document.body.appendChild(document.createElement('div'));
  e.className = 'md drawn';
  for (let i = 0; i < t.length; i += 7) render(t.slice(0, i), e);
  render(t, e);
}
window.done = true;`, Address(Script))
	})
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(w, `<!doctype html><html lang="nl"><title>t</title><link rel="icon" href="data:,"><link rel="stylesheet" href="%s"><link rel="stylesheet" href="%s"><script>function hit() { window.hits = (window.hits || 0) + 1 }</script><body data-md-image="%s"><main>`, ui.AssetURL("app.css"), Address(Style), notLoaded("nl"))
		for _, text := range texts {
			_ = Component(text, Options{Lang: "nl"}).Render(r.Context(), w)
		}
		_, _ = w.Write([]byte(`</main><script type="module" src="/stage.js"></script>`))
	})
	return listener.URL, texts
}

func TestNothingIsFetchedAndNoScriptRuns(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	address, texts := stage(t)
	p := b.OpenURL(t, address+"/", browsertest.View{Width: 360, Height: 800})
	p.Wait("div.drawn")
	if !browsertest.Eval[bool](p, `window.done === true`) {
		t.Fatal("the script did not draw all")
	}
	if hits := browsertest.Eval[int](p, `window.hits || 0`); hits != 0 {
		t.Errorf("%d scripts ran", hits)
	}
	own := []string{"/", "/stage.js", "/texts.json", Address(Script), Address(Style), ui.AssetURL("app.css")}
	own = append(own, Preload()...)
	for _, request := range p.Requests() {
		u, err := url.Parse(request)
		if err != nil || u.Scheme == "data" {
			continue
		}
		if "http://"+u.Host != address || !slices.Contains(own, u.Path) && !strings.HasSuffix(u.Path, ".woff2") {
			t.Errorf("a request to %s", request)
		}
	}
	if !slices.ContainsFunc(p.Requests(), func(r string) bool { return strings.HasSuffix(r, Address(Script)) }) {
		t.Error("the recorder of requests does not see the script")
	}
	drawn := browsertest.Eval[[]string](p, `[...document.querySelectorAll('div.drawn')].map(e => e.innerHTML)`)
	made := browsertest.Eval[[]string](p, `[...document.querySelectorAll('main > div.md')].map(e => e.innerHTML)`)
	for i, text := range texts {
		if drawn[i] != made[i] {
			t.Errorf("of %q\nthe server makes  %s\nthe browser makes %s", text, made[i], drawn[i])
		}
		look(t, drawn[i])
	}
	if n := browsertest.Eval[int](p, `document.querySelectorAll('img, svg, script:not([src="/stage.js"]):not(:first-of-type), iframe, object, form, style, video, base, meta').length`); n != 0 {
		t.Errorf("%d elements that may not be there", n)
	}
	if out := p.Beyond(); len(out) > 0 {
		t.Errorf("beyond the edge of a phone: %s", strings.Join(out, "; "))
	}
	if shots := os.Getenv("TEKENTAFEL_SHOTS"); shots != "" {
		if err := os.WriteFile(filepath.Join(shots, "markdown.png"), p.Screenshot(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
