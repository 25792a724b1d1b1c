package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// levels returns the levels at which requests were logged, as "INFO 403".
func levels(p *place) string {
	var out []string
	for line := range strings.Lines(p.log.String()) {
		if strings.Contains(line, `"msg":"request"`) {
			_, level, _ := strings.Cut(line, `"level":"`)
			_, status, _ := strings.Cut(line, `"status":`)
			out = append(out, level[:strings.IndexByte(level, '"')]+" "+status[:3])
		}
	}
	return strings.Join(out, ", ")
}

func TestAttemptsToGetPastAProtectionStandInTheLogAsItIsKept(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.do(http.MethodPost, "/public", "", with("Sec-Fetch-Site", "cross-site"))
	p.get("/accounts", as("dpo"))
	p.do(http.MethodPost, "/accounts", "", as("dpo"))
	p.get("/nowhere")
	p.get("/public/1")
	if got, want := levels(p), "INFO 403, INFO 403, INFO 403, INFO 404, DEBUG 200"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestAFloodIsToldOnceAMinuteAndFillsNoDisk(t *testing.T) {
	t.Parallel()
	p := newPlace(t, func(c *Config, _ *visitors) { c.PerMinute = 60 })
	told := func() int { return strings.Count(p.log.String(), "more than rate-per-minute takes") }
	for range 200 {
		p.get("/public/1")
	}
	if told() != 1 || strings.Contains(levels(p), "INFO") {
		t.Errorf("told %d times: %s", told(), levels(p))
	}
	p.clock.step(60e9)
	for range 100 {
		p.get("/public/1")
	}
	if told() != 2 {
		t.Errorf("told %d times in two minutes", told())
	}
}

func TestPasswordsComeAsTheyWereTypedAndOtherFieldsWithoutWhiteSpaceAround(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	var got url.Values
	p.add(Route{Pattern: "POST /form", Public: true, Handle: func(w http.ResponseWriter, r *Request) (err error) {
		got, err = r.ReadForm()
		return err
	}})
	p.do(http.MethodPost, "/form", url.Values{"password": {" a b\t"}, "current": {"\u00a0c "}, "mail": {" d@e.example\n"}}.Encode())
	if got.Get("password") != " a b\t" || got.Get("current") != "\u00a0c " || got.Get("mail") != "d@e.example" {
		t.Errorf("%q", got)
	}
}
