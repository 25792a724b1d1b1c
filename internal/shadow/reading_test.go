package shadow

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/shadow/logs"
	"tekentafel/internal/shadow/services"
	"tekentafel/internal/shadow/tally"
)

var monday = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

type visit struct {
	user, ip, host string
	at             time.Time
}

// city is a made-up week: numbers of people that are multiples of five, so that rounding leaves them as they are.
func city() []visit {
	var out []visit
	n := 0
	use := func(dept string, people int, host string) {
		for i := range people {
			for range 3 {
				n++
				out = append(out, visit{fmt.Sprintf("%s-secretname%d", dept, i), fmt.Sprintf("10.%d.%d.7", dept[0], i), host, monday.Add(time.Duration(n) * time.Minute)})
			}
		}
	}
	use("hr", 20, "chatgpt.com")
	use("it", 30, "ab.chatgpt.com")
	use("it", 15, "api.openai.com")
	use("loket", 5, "chatgpt.com")
	use("loket", 5, "otter.ai")
	use("hr", 20, "www.example.org")
	return out
}

func write(format logs.Format, visits []visit) string {
	var b strings.Builder
	for i, v := range visits {
		at := v.at
		switch format {
		case logs.Squid:
			fmt.Fprintf(&b, "%d.%03d 5 %s TCP_TUNNEL/200 900 CONNECT %s:443 %s HIER_DIRECT/1.2.3.4 -\n", at.Unix(), i%1000, v.ip, v.host, v.user)
		case logs.SquidCombined:
			fmt.Fprintf(&b, "%s - %s [%s] \"CONNECT %s:443 HTTP/1.1\" 200 900 \"-\" \"x\" TCP_TUNNEL:HIER_DIRECT\n", v.ip, v.user, at.Format("02/Jan/2006:15:04:05 -0700"), v.host)
		case logs.Zscaler:
			fmt.Fprintf(&b, "\"%s\",\"%s@city.example\",\"HTTPS\",\"%s/c/secret?q=prompt\",\"Allowed\",\"General\",\"General\",\"300\",\"600\",\"0\",\"0\",\"a\",\"b\",\"c\",\"None\",\"None\",\"0\",\"None\",\"None\",\"HQ\",\"D\",\"%s\",\"1.2.3.4\",\"GET\"\n", at.Format(time.ANSIC), v.user, v.host, v.ip)
		case logs.PANOS:
			fmt.Fprintf(&b, "<14>x 1,%[1]s,0,THREAT,url,2049,%[1]s,%[2]s,1.2.3.4,,,r,city\\%[3]s,,ssl,v,a,b,c,d,l,,1,1,1,443,0,0,0x0,tcp,alert,\"%[4]s/secret\",(9999),ai\n", at.Format("2006/01/02 15:04:05"), v.ip, v.user, v.host)
		case logs.Generic:
			fmt.Fprintf(&b, "%s;%s;%s;https://%s/secret\n", at.Format("2006-01-02 15:04:05"), strings.ToUpper(v.user), v.ip, v.host)
		default:
		}
	}
	return b.String()
}

func begin(t testing.TB) *Reading {
	t.Helper()
	l, err := services.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	for _, dept := range []string{"hr", "it", "loket"} {
		for i := range 40 {
			fmt.Fprintf(&table, "%s-secretname%d,%s\n", dept, i, dept)
		}
	}
	units, err := tally.ParseMapping(strings.NewReader(table.String()))
	if err != nil {
		t.Fatal(err)
	}
	r, err := Begin(Options{Services: services.NewMatcher(l), Units: units, Now: monday})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The same visits count the same whichever device wrote the log, and nothing of a person or a page is in what remains.
func TestTheSameVisitsCountTheSameInEveryFormat(t *testing.T) {
	t.Parallel()
	for _, f := range []logs.Format{logs.Squid, logs.SquidCombined, logs.Zscaler, logs.PANOS, logs.Generic} {
		r := begin(t)
		columns, format := logs.Columns{}, logs.Format("")
		if f == logs.Generic {
			format, columns = f, logs.Columns{Time: "#1", User: "#2", Address: "#3", Host: "#4"}
		}
		report, err := r.Add(context.Background(), strings.NewReader(write(f, city())), format, columns)
		if err != nil || report.Format != f || report.Bad > 0 || report.Records != int64(len(city())) {
			t.Fatalf("%s: %+v %v", f, report, err)
		}
		out, err := r.Close(nil)
		if err != nil || len(out.Result.Weeks) != 1 || out.Logs[0].First%86400 != 0 || out.Logs[0].Last%86400 != 0 || out.Logs[0].Last == 0 {
			t.Fatalf("%s: %+v %v", f, out, err)
		}
		w := out.Result.Weeks[0]
		got := fmt.Sprintf("%s any %d", w.Week, w.Any.Total.About)
		for _, u := range w.Used {
			got += fmt.Sprintf(", %s %d rest %d", u.Service, u.Total.About, u.Rest.About)
			for _, x := range u.Units {
				got += fmt.Sprintf(" %s %d", x.Unit, x.Count.About)
			}
		}
		// The five people of the counter join the smallest department that is shown; a meeting service of five people is not named.
		if want := "2026-W48 any 55, chatgpt 55 rest 25 it 30, openai-platform 15 rest 0 it 15"; got != want {
			t.Errorf("%s:\n%s\nwant\n%s", f, got, want)
		}
		text, err := json.Marshal(out)
		if err != nil || bytes.Contains(text, []byte("secret")) || bytes.Contains(text, []byte("10.104")) || bytes.Contains(text, []byte("otter")) {
			t.Errorf("%s: %s %v", f, text, err)
		}
	}
}

func TestSeveralLogsOfOneWeekCountEachPersonOnce(t *testing.T) {
	t.Parallel()
	r := begin(t)
	all := city()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = io.WriteString(z, write(logs.Zscaler, all[len(all)/3:]))
	_ = z.Close()
	for _, src := range []io.Reader{strings.NewReader(write(logs.Squid, all[:len(all)/2])), &packed} {
		if _, err := r.Add(context.Background(), src, "", logs.Columns{}); err != nil {
			t.Fatal(err)
		}
	}
	if p := r.Progress(); p.Bytes == 0 || p.Records != int64(len(all)/2+len(all)-len(all)/3) {
		t.Errorf("%+v", p)
	}
	out, err := r.Close(nil)
	if err != nil || len(out.Logs) != 2 || out.Result.Weeks[0].Any.Total.About != 55 {
		t.Errorf("%+v %v", out, err)
	}
}

func TestAReadingThatIsStoppedGivesNothing(t *testing.T) {
	t.Parallel()
	r := begin(t)
	ctx, cancel := context.WithCancel(context.Background())
	src := io.MultiReader(strings.NewReader(write(logs.Squid, city())), readerFunc(func([]byte) (int, error) { cancel(); return 0, nil }), strings.NewReader("x\n"))
	if _, err := r.Add(ctx, src, logs.Squid, logs.Columns{}); !errors.Is(err, context.Canceled) {
		t.Fatalf("stopped: %v", err)
	}
	if out, err := r.Close(nil); !errors.Is(err, tally.ErrClosed) || len(out.Result.Weeks) > 0 {
		t.Errorf("%+v %v", out, err)
	}
}

// Whatever comes in: what is shown is of at least k people, and the parts of what is not shown are not shown.
func FuzzReading(f *testing.F) {
	for _, format := range []logs.Format{logs.Squid, logs.SquidCombined, logs.Zscaler, logs.PANOS} {
		f.Add([]byte(write(format, city()[:90])))
	}
	f.Add([]byte("App,Traffic,Users,Last seen,Transactions\nChatGPT,1,35,2026-11-28,1\n"))
	f.Fuzz(func(t *testing.T, log []byte) {
		r := begin(t)
		if _, err := r.Add(context.Background(), bytes.NewReader(log), "", logs.Columns{}); err != nil {
			return
		}
		out, err := r.Close(nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range out.Result.Weeks {
			for _, u := range append([]tally.Use{w.Any, {Total: w.Other}}, w.Used...) {
				counts := []tally.Count{u.Total, u.Rest}
				for _, x := range u.Units {
					counts = append(counts, x.Count)
				}
				for _, c := range counts {
					if c != (tally.Count{}) && (c.Low < tally.DefaultK || c.High < c.Low || !u.Total.Shown()) {
						t.Fatalf("%+v", u)
					}
				}
			}
		}
	})
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
