package corpus

import (
	"math/rand/v2"
	"strings"
)

// Truth is a piece of a text that is sensitive: Text[Start:End], in bytes.
type Truth struct {
	Type       string // the types of the guard by name
	Start, End int
}

// Text is a made-up text and what is sensitive in it, in order.
type Text struct {
	Language string // nl, fr, de or en
	Genre    string
	Text     string
	Truth    []Truth
}

// Edition is a set of templates, names, streets and places.
type Edition struct {
	languages map[string]*language
	genres    map[string]func(b *builder)
	order     []string
	brands    []string
	things    []string
	rooms     []string
	acronyms  []string
}

// language is what an edition knows of a language.
type language struct {
	given, family []string
	streets       []string
	places        []place
	sentences     []string // with slots
	harmless      []string // hard negatives: nothing in them is sensitive
	subjects      []string
	greetings     []string // with slots
	closings      []string
	roles         []string
	headings      map[string][]string // of tables: slot and its names
	forms         []string            // lines of a form, with slots
	chats         []string
	health        []string
	social        []string
	justice       []string
}

// place is a postcode and the name of a place.
type place struct{ code, name string }

// Make returns n texts. The same seed gives the same texts.
func (e *Edition) Make(seed uint64, n int) []Text {
	r := rand.New(rand.NewPCG(seed, 0x5eed))
	codes := []string{"nl", "nl", "nl", "fr", "de", "en"}
	list := make([]Text, n)
	for i := range list {
		code := codes[r.IntN(len(codes))]
		genre := e.order[r.IntN(len(e.order))]
		b := &builder{r: r, e: e, l: e.languages[code], code: code}
		e.genres[genre](b)
		list[i] = Text{code, genre, b.text.String(), b.truth}
	}
	return list
}

// builder writes one text.
type builder struct {
	r     *rand.Rand
	e     *Edition
	l     *language
	code  string
	text  strings.Builder
	truth []Truth
}

// pick returns one of a list.
func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// chance tells whether something happens, with probability p.
func (b *builder) chance(p float64) bool { return b.r.Float64() < p }

// say writes a template, with what its slots stand for.
func (b *builder) say(template string) {
	for template != "" {
		i := strings.IndexByte(template, '{')
		if i < 0 {
			b.text.WriteString(template)
			return
		}
		b.text.WriteString(template[:i])
		j := strings.IndexByte(template, '}')
		b.fill(template[i+1 : j])
		template = template[j+1:]
	}
}

// mark writes a text that is sensitive.
func (b *builder) mark(kind, text string) {
	start := b.text.Len()
	b.text.WriteString(text)
	b.truth = append(b.truth, Truth{kind, start, b.text.Len()})
}

// fill writes what a slot stands for.
func (b *builder) fill(slot string) {
	r := b.r
	switch slot {
	case "person":
		b.mark("person", b.person())
	case "given":
		b.mark("person", pick(r, b.l.given))
	case "family":
		b.mark("person", pick(r, b.l.family))
	case "tabular":
		b.mark("person", b.tabular())
	case "small":
		b.mark("person", strings.ToLower(pick(r, b.l.given)+" "+pick(r, b.l.family)))
	case "national":
		b.mark("national", spelledBelgian(r, Belgian(r, 0)))
	case "bis":
		b.mark("bis", spelledBelgian(r, Belgian(r, 20+20*r.IntN(2))))
	case "bsn":
		b.mark("bsn", spelledDutch(r, BSN(r)))
	case "account":
		b.mark("account", spelledAccount(r, IBAN(r)))
	case "card":
		b.mark("card", spelledCard(r, Card(r)))
	case "idcard":
		b.mark("idcard", IdentityCard(r))
	case "passport":
		b.mark("passport", passport(r))
	case "company":
		b.mark("company", company(r))
	case "phone":
		b.mark("phone", b.phone())
	case "mail":
		b.mark("mail", b.mail())
	case "plate":
		b.mark("plate", plate(r, b.code))
	case "address":
		b.mark("address", b.address())
	case "birth":
		b.mark("birthdate", b.birth())
	case "case":
		b.mark("casenumber", caseNumber(r))
	case "secret":
		b.mark("secret", secret(r))
	case "password":
		b.mark("password", password(r))
	case "health":
		b.mark("health", pick(r, b.l.health))
	case "social":
		b.mark("social", pick(r, b.l.social))
	case "justice":
		b.mark("justice", pick(r, b.l.justice))
	case "street":
		b.text.WriteString(pick(r, b.l.streets))
	case "place":
		b.text.WriteString(pick(r, b.l.places).name)
	case "role":
		b.text.WriteString(pick(r, b.l.roles))
	default:
		b.text.WriteString(b.harmless(slot))
	}
}
