package desk

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"time"

	"tekentafel/internal/db"
	"tekentafel/internal/gateway/keys"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// keysView is the keys of programs.
type keysView struct {
	words
	tabs        []ui.Link
	hold, ended []keys.Key
	units       map[string]string
	titles      map[string]string
}

func (d *Desk) keys(w http.ResponseWriter, r *web.Request) error {
	v := keysView{words: in(r), tabs: d.Tabs(r, keysAt), titles: d.titles()}
	list, err := d.Keys.List(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	for i := range list {
		if list[i].State == keys.Holds {
			v.hold = append(v.hold, list[i])
		} else {
			v.ended = append(v.ended, list[i])
		}
	}
	if v.units, err = d.units(r); err != nil {
		return err
	}
	p := page(r, v.say("keys.title"))
	p.Lead = v.say("keys.lead")
	if len(list) > 0 {
		p.Actions = []ui.Action{{Label: v.say("keys.new"), Href: keysAt + "/new", Kind: ui.Quiet}}
	}
	return r.Show(w, p, keysPage(v))
}

func (v *keysView) nothing() ui.Empty {
	return ui.Empty{Title: v.say("keys.none"), Text: v.say("keys.none-text"), Action: &ui.Action{Label: v.say("keys.new"), Href: keysAt + "/new", Kind: ui.Next}}
}

// unit names the unit of a key.
func (v *keysView) unit(id string) string {
	if id == "" {
		return v.say("whom.organisation")
	}
	return cmp.Or(v.units[id], v.say("whom.team-gone"))
}

func (v *keysView) models(k *keys.Key) string {
	if len(k.Models) == 0 {
		return v.say("keys.all-models")
	}
	var out []string
	for _, m := range k.Models {
		out = append(out, cmp.Or(v.titles[m], m))
	}
	return v.And(out)
}

func (v *keysView) used(k *keys.Key) string {
	if k.Used.IsZero() {
		return v.say("keys.never")
	}
	return v.Date(k.Used)
}

func (v *keysView) ends(k *keys.Key) string {
	text := v.day(k.Ends)
	switch {
	case k.State == keys.Withdrawn:
		return v.with("keys.withdrawn", "day", text)
	case !k.Before.IsZero():
		return text + " (" + v.with("keys.before", "day", v.day(k.Before)) + ")"
	}
	return text
}

func (v *keysView) table(list []keys.Key, live bool) ui.Table {
	t := ui.Table{Caption: v.say("keys.title"), HideCaption: true}
	for _, key := range []string{"name", "unit", "models", "until", "used"} {
		t.Columns = append(t.Columns, ui.Column{Label: v.say("column." + key)})
	}
	for i := range list {
		k := &list[i]
		row := ui.Row{Cells: ui.Texts(k.Name, v.unit(k.Unit), v.models(k), v.ends(k), v.used(k))}
		if live {
			row.Actions = append(row.Actions, ui.Action{Label: v.say("keys.renew"), About: k.Name, Href: keyAt(k.ID) + "/renew", Kind: ui.Plain}, ui.Action{Label: v.say("keys.withdraw"), About: k.Name, Href: keyAt(k.ID) + "/withdraw", Kind: ui.Plain})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func keyAt(id string) string { return keysAt + "/" + id }

// keyForm asks for a new key.
type keyForm struct {
	words
	d     *Desk
	form  *ui.FormState
	units []keys.Unit
	zone  *time.Location
}

func (d *Desk) askKey(w http.ResponseWriter, r *web.Request) error {
	return d.keyForm(w, r, http.StatusOK, web.NewForm())
}

func (d *Desk) keyForm(w http.ResponseWriter, r *web.Request, status int, state *ui.FormState) error {
	units, err := d.Keys.Units.Units(r.Context(), r.Actor.Tenant)
	if err != nil {
		return err
	}
	v := keyForm{in(r), d, state, units, d.Zone(r.Context(), r.Actor.Tenant)}
	return r.Show(w, form(r, v.say("keys.new"), status, state, v.link("keys.title", keysAt)), keyFormPage(v))
}

func (v *keyForm) name() ui.Field {
	return ui.Field{Name: "name", Label: v.say("key.name"), Hint: v.say("key.name-hint"), MaxLength: keys.MostName}
}

func (v *keyForm) unit() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "unit", Label: v.say("key.unit"), Hint: v.say("key.unit-hint")}, Options: []ui.Option{{Value: "", Label: v.say("whom.organisation")}}}
	for _, u := range v.units {
		c.Options = append(c.Options, ui.Option{Value: u.ID, Label: u.Name})
	}
	return c
}

func (v *keyForm) models() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "models", Label: v.say("key.models"), Hint: v.say("key.models-hint"), Optional: true}}
	for _, m := range v.d.Models.Models() {
		c.Options = append(c.Options, ui.Option{Value: m.Name, Label: cmp.Or(m.Title, m.Name)})
	}
	return c
}

func endsField(w words, now time.Time) ui.Field {
	return ui.Field{Name: "ends", Label: w.say("key.ends"), Hint: w.say("key.ends-hint"), Value: now.AddDate(1, 0, -1).Format(time.DateOnly), Min: now.Format(time.DateOnly), Max: now.AddDate(1, 0, 0).Format(time.DateOnly)}
}

func (v *keyForm) ends() ui.Field { return endsField(v.words, v.d.Now().In(v.zone)) }

// endOf reads the last day of a key: it holds until the day is over.
func endOf(day string, zone *time.Location) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, day, zone)
	if err != nil {
		return time.Time{}
	}
	return t.AddDate(0, 0, 1).Add(-time.Second)
}

func (d *Desk) makeKey(w http.ResponseWriter, r *web.Request) error {
	values, err := r.ReadForm()
	if err != nil {
		return err
	}
	in := keys.Input{Name: values.Get("name"), Unit: values.Get("unit"), Models: values["models"], Ends: endOf(values.Get("ends"), d.Zone(r.Context(), r.Actor.Tenant))}
	k, secret, err := d.Keys.Make(r.Context(), r.Actor, in, r.Asked(values, in))
	if err != nil {
		return again(r, values, err, func(status int, state *ui.FormState) error { return d.keyForm(w, r, status, state) })
	}
	return d.showSecret(w, r, &k, secret)
}

// secretView shows a secret, once.
type secretView struct {
	words
	key       *keys.Key
	secret    string
	base      string // address that the kits of OpenAI are given
	root      string // address that those of Anthropic are given
	model     string
	anthropic bool
}

func (d *Desk) showSecret(w http.ResponseWriter, r *web.Request, k *keys.Key, secret string) error {
	v := secretView{words: in(r), key: k, secret: secret, base: r.Absolute("/v1"), root: r.Absolute(""), model: "MODEL"}
	for _, m := range d.Models.Models() {
		if !m.Embeds && (len(k.Models) == 0 || slices.Contains(k.Models, m.Name)) {
			v.model = m.Name
			break
		}
	}
	p := page(r, v.with("secret.title", "name", v.Quote(k.Name)), v.link("keys.title", keysAt))
	p.Lead = v.say("secret.lead")
	return r.Show(w, p, secretPage(v))
}

// examples are the three short ways to use a key.
func (v *secretView) examples() []ui.NameValue {
	quote := strconv.Quote
	return []ui.NameValue{
		{Name: "curl", Value: "curl " + v.base + "/chat/completions \\\n  -H \"Authorization: Bearer $TEKENTAFEL_KEY\" \\\n  -H \"Content-Type: application/json\" \\\n  -d '{\"model\": " + quote(v.model) + ", \"messages\": [{\"role\": \"user\", \"content\": " + quote(v.say("secret.hello")) + "}]}'"},
		{Name: "Python, openai", Value: "import os\nfrom openai import OpenAI\n\nclient = OpenAI(base_url=" + quote(v.base) + ", api_key=os.environ[\"TEKENTAFEL_KEY\"])\nanswer = client.chat.completions.create(\n    model=" + quote(v.model) + ",\n    messages=[{\"role\": \"user\", \"content\": " + quote(v.say("secret.hello")) + "}],\n)\nprint(answer.choices[0].message.content)"},
		{Name: "Python, anthropic", Value: "import os\nfrom anthropic import Anthropic\n\nclient = Anthropic(base_url=" + quote(v.root) + ", api_key=os.environ[\"TEKENTAFEL_KEY\"])\nanswer = client.messages.create(\n    model=" + quote(v.model) + ",\n    max_tokens=500,\n    messages=[{\"role\": \"user\", \"content\": " + quote(v.say("secret.hello")) + "}],\n)\nprint(answer.content[0].text)"},
	}
}

// renewView asks how a key is renewed.
type renewView struct {
	words
	key  *keys.Key
	form *ui.FormState
	now  time.Time
}

func (d *Desk) askRenew(w http.ResponseWriter, r *web.Request) error {
	return d.renewPage(w, r, http.StatusOK, web.NewForm())
}

func (d *Desk) renewPage(w http.ResponseWriter, r *web.Request, status int, state *ui.FormState) error {
	k, err := d.Keys.Key(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := renewView{in(r), &k, state, d.Now().In(d.Zone(r.Context(), r.Actor.Tenant))}
	p := form(r, v.with("renew.title", "name", v.Quote(k.Name)), status, state, v.link("keys.title", keysAt))
	p.Lead = v.say("renew.lead")
	return r.Show(w, p, renewPage(v))
}

func (v *renewView) grace() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "grace", Label: v.say("renew.grace")}, Chosen: []string{"7"}}
	for _, g := range keys.Graces() {
		days := int64(g / (24 * time.Hour))
		label := v.n("renew.days", days)
		if days == 0 {
			label = v.say("renew.at-once")
		}
		c.Options = append(c.Options, ui.Option{Value: strconv.FormatInt(days, 10), Label: label})
	}
	return c
}

func (d *Desk) renewKey(w http.ResponseWriter, r *web.Request) error {
	values, err := r.ReadForm()
	if err != nil {
		return err
	}
	days, err := strconv.Atoi(values.Get("grace"))
	if err != nil {
		days = -1
	}
	ends := endOf(values.Get("ends"), d.Zone(r.Context(), r.Actor.Tenant))
	id := r.PathValue("id")
	k, secret, err := d.Keys.Renew(r.Context(), r.Actor, id, ends, time.Duration(days)*24*time.Hour, r.Asked(values, []any{id, ends, days}))
	if err != nil {
		return again(r, values, err, func(status int, state *ui.FormState) error { return d.renewPage(w, r, status, state) })
	}
	return d.showSecret(w, r, &k, secret)
}

func (d *Desk) askWithdraw(w http.ResponseWriter, r *web.Request) error {
	k, err := d.Keys.Key(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	if k.State != keys.Holds {
		return db.ErrNoRow
	}
	v := in(r)
	p := page(r, v.with("withdraw.title", "name", v.Quote(k.Name)), v.link("keys.title", keysAt))
	return r.Show(w, p, ui.ConfirmForm(ui.Confirm{ID: "withdraw", Title: p.Title, Text: v.say("withdraw.text"), Form: ui.FormSpec{Action: keyAt(k.ID) + "/withdraw"}, Do: ui.Action{Label: v.say("withdraw.do"), Kind: ui.Danger}, Cancel: keysAt}))
}

func (d *Desk) withdrawKey(w http.ResponseWriter, r *web.Request) error {
	if err := d.Keys.Withdraw(r.Context(), r.Actor, r.PathValue("id")); err != nil {
		return err
	}
	return r.Redirect(w, keysAt, notice(r, "withdrawn"))
}
