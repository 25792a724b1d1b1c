package desk

import (
	"io"
	"net/http"
	"net/url"
	"time"

	"tekentafel/internal/asked"
	"tekentafel/internal/problem"
	"tekentafel/internal/shadow/logs"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// mostDrained is how much of a request is still taken in after it was refused, so that the browser comes to read why, in bytes.
const mostDrained = 256 << 20

// countView is the form by which logs are read, or the reading that runs.
type countView struct {
	words
	form    *ui.FormState
	most    int64
	people  bool // departments may come from the personnel data
	running *ui.Work
}

func (d *Desk) askCount(w http.ResponseWriter, r *web.Request) error {
	return d.countPage(w, r, http.StatusOK, web.NewForm())
}

func (d *Desk) countPage(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	v := countView{words: in(r), form: form, most: d.MaxUpload}
	if d.Departments != nil {
		units, err := d.Departments.Units(r.Context(), r.Actor.Tenant)
		if err != nil {
			return err
		}
		v.people = units != nil
	}
	if run, ok := d.Reading(r.Actor.Tenant); ok {
		who, err := d.who(r.Context(), d.DB.Of(r.Actor.Tenant), v.words, run.Account)
		if err != nil {
			return err
		}
		v.running = &ui.Work{ID: "reading", Title: v.with("running.title", "who", who), State: ui.Running, Elapsed: d.Now().Sub(run.Began), Refresh: countAt,
			Stage: v.with("running.stage", "size", ui.Size(run.Progress.Bytes, v.lang), "lines", v.Int(int(run.Progress.Records)))}
	}
	p := page(r, v.say("count.title"))
	p.Lead, p.Status, p.Invalid = v.say("count.lead"), status, !form.OK()
	return r.Show(w, p, countPage(v))
}

func (v *countView) logFile() ui.File {
	return ui.File{Field: ui.Field{Name: "log", Label: v.say("count.log"), Hint: v.say("count.log-hint")}, Multiple: true, MaxBytes: v.most}
}

func (v *countView) departmentsFile() ui.File {
	return ui.File{Field: ui.Field{Name: "departments", Label: v.say("count.departments"), Hint: v.say("count.departments-hint"), Optional: true}, Accept: ".csv,.txt,.tsv"}
}

func (v *countView) peopleBox() ui.Field {
	return ui.Field{Name: "people", Label: v.say("count.people"), Hint: v.say("count.people-hint"), Value: "yes"}
}

func (v *countView) thinBox() ui.Field {
	return ui.Field{Name: "thin", Label: v.say("count.thin"), Hint: v.n("count.thin-hint", fewestDays)}
}

func (v *countView) formats() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "format", Label: v.say("count.format")}, Options: []ui.Option{{Value: "", Label: v.say("count.format-auto")}}}
	for _, f := range logs.Formats() {
		c.Options = append(c.Options, ui.Option{Value: string(f), Label: v.log("format." + string(f))})
	}
	return c
}

// byHand tells whether something is wrong with how the log is to be read, so that those fields are shown at once.
func (v *countView) byHand() bool {
	return v.form.Error("format") != "" || v.form.Error("time") != ""
}

func (v *countView) columns() []ui.Field {
	var out []ui.Field
	for _, name := range []string{"time", "user", "address", "host", "app", "sent", "received", "verdict"} {
		out = append(out, ui.Field{Name: name, Label: v.say("column-of." + name), MaxLength: 100, Chars: 20, Optional: name != "time"})
	}
	return out
}

func (v *countView) monthFirst() ui.Field {
	return ui.Field{Name: "month_first", Label: v.say("count.month-first")}
}

// putCount reads the logs as they come in. What is refused half-way is taken in up to a bound, because a browser that is cut off shows no page.
func (d *Desk) putCount(w http.ResponseWriter, r *web.Request) error {
	up, err := newUpload(r.Body, r.Header.Get("Content-Type"), func(form url.Values) asked.Request { return r.Asked(form, "count") })
	var c Count
	if err == nil {
		c, err = d.Count(r.Context(), r.Actor, up)
	}
	if err != nil {
		_, _ = io.CopyN(io.Discard, r.Body, mostDrained)
		values := url.Values{}
		if up != nil {
			values = up.values
		}
		values.Set(web.OnceField, web.NewForm().Once)
		if p, ok := problem.Of(err); ok && p.Kind == problem.Unsupported {
			return err
		}
		return again(r, values, err, func(status int, state *ui.FormState) error { return d.countPage(w, r, status, state) })
	}
	return r.Redirect(w, oneCountAt+c.ID, notice(r, "counted"))
}

func (d *Desk) stop(w http.ResponseWriter, r *web.Request) error {
	ran, err := d.Stop(r.Actor)
	if err != nil {
		return err
	}
	key := "stopped"
	if !ran {
		key = "not-running"
	}
	return r.Redirect(w, countAt, notice(r, key))
}

// historyView is what was counted, by whom, when.
type historyView struct {
	words
	tabs  []ui.Link
	list  []Count
	names []string
	older string
}

// mostHistory is how many counts a page lists.
const mostHistory = 50

func (d *Desk) history(w http.ResponseWriter, r *web.Request) error {
	reader := d.DB.Of(r.Actor.Tenant)
	before := d.Now().Add(time.Minute)
	if t, err := time.Parse(time.RFC3339Nano, r.URL.Query().Get("before")); err == nil {
		before = t
	}
	v := historyView{words: in(r), tabs: tabs(r, countsAt)}
	var err error
	if v.list, err = countsBefore(r.Context(), reader, before, mostHistory+1); err != nil {
		return err
	}
	if len(v.list) > mostHistory {
		v.list = v.list[:mostHistory]
		v.older = countsAt + "?before=" + url.QueryEscape(v.list[mostHistory-1].At.UTC().Format(time.RFC3339Nano))
	}
	for i := range v.list {
		who, err := d.who(r.Context(), reader, v.words, v.list[i].Account)
		if err != nil {
			return err
		}
		v.names = append(v.names, who)
	}
	p := page(r, v.say("history.title"))
	p.Lead = v.say("history.lead")
	return r.Show(w, p, historyPage(v))
}

func (v *historyView) table() ui.Table {
	t := ui.Table{Caption: v.say("history.title"), HideCaption: true, Columns: []ui.Column{{Label: v.say("history.when")}, {Label: v.say("history.who")}, {Label: v.say("history.logs")}, {Label: v.say("history.weeks")}}}
	for i := range v.list {
		c := &v.list[i]
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: v.moment(c.At), Href: oneCountAt + c.ID}, {Text: v.names[i]}, {Text: v.formatNames(c)}, {Text: v.weeks(c.Weeks)}}})
	}
	return t
}

// formatNames names the formats of the logs of a count.
func (w words) formatNames(c *Count) string {
	var out []string
	seen := map[logs.Format]bool{}
	for i := range c.Logs {
		if f := c.Logs[i].Format; !seen[f] {
			seen[f] = true
			out = append(out, w.log("format."+string(f)))
		}
	}
	return w.And(out)
}

// oneView is one count: what was read, what was not, and which weeks it shows.
type oneView struct {
	words
	count  Count
	who    string
	counts bool
}

func (d *Desk) oneCount(w http.ResponseWriter, r *web.Request) error {
	reader := d.DB.Of(r.Actor.Tenant)
	v := oneView{words: in(r), counts: r.Can(counts)}
	var err error
	if v.count, err = countOf(r.Context(), reader, r.PathValue("id")); err != nil {
		return err
	}
	if v.who, err = d.who(r.Context(), reader, v.words, v.count.Account); err != nil {
		return err
	}
	p := page(r, v.with("one.title", "when", v.moment(v.count.At)), v.link("history.title", countsAt))
	return r.Show(w, p, onePage(v))
}

func (v *oneView) facts() []ui.Fact {
	units := v.say("one.units-none")
	if v.count.Units != "" {
		units = v.say("one.units-" + v.count.Units)
	}
	out := []ui.Fact{{Term: v.say("history.who"), Text: v.who}, {Term: v.say("one.shown"), Text: v.weeks(v.count.Weeks)}}
	for _, x := range []struct {
		key   string
		weeks []string
	}{{"one.before", v.count.Before}, {"one.running", v.count.Running}, {"one.thin", v.count.Thin}} {
		if len(x.weeks) > 0 {
			out = append(out, ui.Fact{Term: v.say(x.key), Text: v.weeks(x.weeks) + ". " + v.say(x.key+"-why")})
		}
	}
	out = append(out, ui.Fact{Term: v.say("one.units"), Text: units})
	if v.count.Unread > 0 {
		out = append(out, ui.Fact{Term: v.say("one.unread"), Text: v.n("one.unread-text", v.count.Unread)})
	}
	compiled := v.count.Compiled
	if day, err := time.Parse(time.DateOnly, compiled); err == nil {
		compiled = v.Date(day)
	}
	list := v.with("one.list-text", "day", compiled)
	if v.count.Own > 0 {
		list += " " + v.n("one.list-own", v.count.Own)
	}
	return append(out, ui.Fact{Term: v.say("one.list"), Text: list})
}

func (v *oneView) logFacts(l *logs.Report) []ui.Fact {
	day := func(at int64) string {
		if at == 0 {
			return "–"
		}
		return v.Date(time.Unix(at, 0).UTC())
	}
	return []ui.Fact{
		{Term: v.say("one.format"), Text: v.log("format." + string(l.Format))},
		{Term: v.say("one.days"), Text: v.with("one.days-text", "from", day(l.First), "to", day(l.Last))},
		{Term: v.say("one.size"), Text: ui.Size(l.Bytes, v.lang)},
		{Term: v.say("one.lines"), Text: v.with("one.lines-text", "all", v.Int(int(l.Lines)), "good", v.Int(int(l.Records)), "other", v.Int(int(l.Other+l.Blank)))},
		{Term: v.say("one.bad"), Text: v.bad(l)},
	}
}

// bad says how many lines were not understood, and why the first ones.
func (v *oneView) bad(l *logs.Report) string {
	if l.Bad == 0 {
		return v.say("one.bad-none")
	}
	text := v.n("one.bad-n", int(l.Bad))
	for _, p := range l.Places {
		text += " " + v.with("one.bad-line", "line", v.Int(int(p.Line)), "reason", v.log("reason."+string(p.Reason)))
	}
	return text
}

func (d *Desk) askDelete(w http.ResponseWriter, r *web.Request) error {
	c, err := countOf(r.Context(), d.DB.Of(r.Actor.Tenant), r.PathValue("id"))
	if err != nil {
		return err
	}
	t, at := in(r), oneCountAt+c.ID
	title := t.with("one.title", "when", t.moment(c.At))
	p := page(r, t.say("delete.title"), t.link("history.title", countsAt), ui.Link{Label: title, Href: at})
	return r.Show(w, p, ui.ConfirmForm(ui.Confirm{ID: "delete", Title: title, Text: t.with("delete.text", "weeks", t.weeks(c.Weeks)), Cancel: at,
		Do: ui.Action{Label: t.say("delete.do"), Kind: ui.Danger}, Form: ui.FormSpec{Action: at + "/delete"}}))
}

func (d *Desk) delete(w http.ResponseWriter, r *web.Request) error {
	if err := d.Delete(r.Context(), r.Actor, r.PathValue("id")); err != nil {
		return err
	}
	return r.Redirect(w, countsAt, notice(r, "deleted"))
}

func (d *Desk) askPublish(w http.ResponseWriter, r *web.Request) error {
	_, on, err := published(r.Context(), d.DB.Of(r.Actor.Tenant))
	if err != nil {
		return err
	}
	t, key, value, kind := in(r), "publish", "yes", ui.Next
	if on {
		key, value, kind = "withdraw", "no", ui.Danger
	}
	return r.Show(w, page(r, t.say(key+".title")), ui.ConfirmForm(ui.Confirm{ID: "publish", Title: t.say(key + ".title"), Text: t.say(key + ".text"), Cancel: home,
		Do: ui.Action{Label: t.say(key + ".do"), Kind: kind}, Form: ui.FormSpec{Action: publishAt, Hidden: []ui.NameValue{{Name: "on", Value: value}}}}))
}

func (d *Desk) publish(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	on := form.Get("on") == "yes"
	if err := d.Publish(r.Context(), r.Actor, on); err != nil {
		return err
	}
	key := "published"
	if !on {
		key = "withdrawn"
	}
	return r.Redirect(w, home, notice(r, key))
}

// see is where the newest week of the count is shown.
func (v *oneView) see() string {
	if len(v.count.Weeks) == 0 {
		return home
	}
	return home + "?week=" + v.count.Weeks[len(v.count.Weeks)-1]
}
