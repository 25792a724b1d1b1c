package room

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/language"

	"tekentafel/internal/guard"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/lab"
	"tekentafel/internal/problem"
	"tekentafel/internal/web"
)

// asked is a question as the scripts of the page send it.
type asked struct {
	Model    string        `json:"model"`
	Task     string        `json:"task"`
	Messages []lab.Message `json:"messages"` // the branch; the last is what the person asks
}

// readJSON reads a body strictly: one value, no field that is not known.
func readJSON(w http.ResponseWriter, r *web.Request, into any) error {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return refuse(problem.Unsupported, "error.form")
	}
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return unreadable(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return refuse(problem.Invalid, "error.conversation")
	}
	arrived(w)
	return nil
}

// unreadable is the error for a body that cannot be read. What JSON says about it stays inside, because it quotes what was sent.
func unreadable(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return refuse(problem.TooLarge, "error.too-large")
	}
	return refuse(problem.Invalid, "error.conversation")
}

// arrived says that a body has come in whole. What limits its reading would otherwise end the request while an answer streams.
func arrived(w http.ResponseWriter) {
	// Where a connection has no deadlines there is none to take away.
	_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
}

func sendJSON(w http.ResponseWriter, r *web.Request, status int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return r.Send(w, status, "application/json; charset=utf-8", body)
}

// failed is an error as the scripts of the page show it.
type failed struct {
	Kind  string `json:"kind"` // of the problem, or the trouble
	Error string `json:"error"`
	Retry int    `json:"retry,omitempty"` // seconds
}

// answerError answers an error to a script. The scripts say in which language they speak.
func answerError(w http.ResponseWriter, r *http.Request, p *problem.Problem) {
	body, err := json.Marshal(failed{Kind: string(p.Kind), Error: p.Message.In(speaks(r)), Retry: p.RetryAfter})
	if err != nil {
		body = []byte("{}")
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(web.Status(p.Kind))
	_, _ = w.Write(body) // nobody is left to tell
}

func speaks(r *http.Request) instrument.Lang {
	langs := instrument.Languages()
	tags := make([]language.Tag, len(langs))
	for i, l := range langs {
		tags[i] = language.Make(string(l))
	}
	wanted, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil || len(wanted) == 0 {
		return instrument.NL
	}
	_, i, _ := language.NewMatcher(tags).Match(wanted...)
	return langs[i]
}

// itemView is a finding as the scripts show it.
type itemView struct {
	Type        guard.Type `json:"type"`
	Title       string     `json:"title"`
	Value       string     `json:"value"`
	Why         string     `json:"why"`
	Sure        string     `json:"sure"`
	Learn       string     `json:"learn"`
	Action      string     `json:"action"`
	Placeholder string     `json:"placeholder,omitempty"`
	State       state      `json:"state"`
	Reason      string     `json:"reason,omitempty"`
	Where       string     `json:"where"`
	Count       int        `json:"count"` // how often it stands there
	Here        bool       `json:"here"`  // it stands in the last message
}

// restView is values that are not shown one by one.
type restView struct {
	Type   guard.Type `json:"type"`
	Action string     `json:"action"`
	State  state      `json:"state"`
	Text   string     `json:"text"`
}

// markView is where a finding stands in the text of the last message, in UTF-16 units as scripts count.
type markView struct {
	Item  int `json:"item"`
	Start int `json:"start"`
	End   int `json:"end"`
}

// reviewView is a review as the scripts show it.
type reviewView struct {
	Items   []itemView `json:"items"`
	Rest    []restView `json:"rest,omitempty"`
	Marks   []markView `json:"marks"`
	Leaves  string     `json:"leaves"`
	Count   int        `json:"count"` // of values, also those that are not shown one by one
	Open    int        `json:"open"`
	Blocked int        `json:"blocked"`
	Limits  string     `json:"limits"`
	Images  string     `json:"images,omitempty"` // said when images go along, which the guard does not see into
}

func (w words) review(v *review, messages []lab.Message) reviewView {
	last := len(messages) - 1
	out := reviewView{Items: []itemView{}, Marks: []markView{}, Leaves: v.Leaves, Count: len(v.Items), Open: v.count(undecided), Blocked: v.count(stopped), Limits: w.limits()}
	items, others := v.shown()
	for _, o := range others {
		out.Rest = append(out.Rest, restView{o.Type, o.Action.String(), o.State, w.rest(o)})
	}
	for i := range items {
		x := &items[i]
		out.Items = append(out.Items, itemView{Type: x.Type, Title: w.kind(x.Type), Value: x.Value, Why: w.why(x.Why), Sure: w.sure(x.Sure), Learn: w.learn(x.Type), Action: x.Action.String(),
			Placeholder: x.Placeholder, State: x.State, Reason: x.Reason, Where: w.where(v, x, messages), Count: len(x.Places), Here: x.here(len(messages))})
		for _, p := range x.Places {
			if p.Message == last && v.Parts[p.Part].File < 0 {
				text := v.Parts[p.Part].Text
				out.Marks = append(out.Marks, markView{i, units(text[:p.Start]), units(text[:p.End])})
			}
		}
	}
	if hasImages(messages) {
		out.Images = w.say("images.unseen")
	}
	return out
}

// rest tells how many values are not shown one by one, and what becomes of them.
func (w words) rest(o rest) string {
	return w.N("review.rest-"+o.Action.String(), o.Count, i18n.Args{"n": w.Int(o.Count), "kind": w.kind(o.Type)})
}

// where says where a value stands: in the message, in a document, or earlier.
func (w words) where(v *review, x *item, messages []lab.Message) string {
	last := len(messages) - 1
	for _, p := range x.Places {
		if p.Message != last {
			continue
		}
		if f := v.Parts[p.Part].File; f >= 0 {
			return w.with("review.in-file", "name", messages[last].Files[f].Name)
		}
		return w.say("review.in-text")
	}
	return w.say("review.earlier")
}

func hasImages(messages []lab.Message) bool {
	for i := range messages {
		for j := range messages[i].Files {
			if messages[i].Files[j].Media != "" {
				return true
			}
		}
	}
	return false
}

// units counts a text as scripts do.
func units(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}

// short cuts a text to show it in a list.
func short(s string) string {
	const most = 80
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}
