package madeup

import (
	"slices"
	"strings"

	"tekentafel/internal/people/org"
)

// plant plants the faults: those of functions and units first, so that people still are where the fault wants them.
func (m *maker) plant(rates Rates) {
	if len(rates) == 0 {
		return
	}
	m.plantFunctions(rates)
	main := make(map[string]int, len(m.People)) // position of the main post
	for i := range m.Posts {
		if m.Posts[i].Main {
			main[m.Posts[i].Person] = i
		}
	}
	m.plantUnits(rates, main)
	var in, out []int
	for i := range m.People {
		switch p := &m.People[i]; {
		case m.leads[p.ID]:
		case p.Out:
			out = append(out, i)
		default:
			in = append(in, i)
		}
	}
	m.r.Shuffle(len(in), func(i, j int) { in[i], in[j] = in[j], in[i] })
	m.r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	h := &hand{maker: m, main: main, in: in, out: out, all: len(m.People)}
	h.people(rates)
	h.posts(rates)
	h.managers(rates)
	h.contacts(rates)
	h.twice(rates)
}

// hand deals people to faults: nobody gets two.
type hand struct {
	*maker
	main    map[string]int
	in, out []int
	all     int
}

// each plants a fault on as many people as the rate says, or as there are left; by takes so many people at a time.
func (h *hand) each(f Fault, rates Rates, by int, plant func(people []int)) {
	n := int(rates[f]*float64(h.all) + 0.5)
	from := &h.in
	if f == PostOfOut {
		from = &h.out
	}
	for ; n > 0 && len(*from) >= by; n -= by {
		people := (*from)[:by]
		*from = (*from)[by:]
		plant(people)
		for _, i := range people {
			h.Planted[f] = append(h.Planted[f], h.People[i].ID)
		}
	}
}

// one plants a fault on people one by one, and on their main post.
func (h *hand) one(f Fault, rates Rates, plant func(p *org.Person, post *org.Post)) {
	h.each(f, rates, 1, func(people []int) {
		p := &h.People[people[0]]
		plant(p, &h.Posts[h.main[p.ID]])
	})
}

func (h *hand) people(rates Rates) {
	year := h.Day.Year()
	h.one(BirthUnknown, rates, func(p *org.Person, _ *org.Post) { p.BirthYear = 0 })
	h.one(BirthRange, rates, func(p *org.Person, _ *org.Post) { p.BirthYear = []int{1900, year + 1}[h.r.IntN(2)]; p.From = 0 })
	h.one(StartEarly, rates, func(p *org.Person, _ *org.Post) { p.From = org.Date((p.BirthYear+10)*10000 + 901) })
	h.one(EndPast, rates, func(p *org.Person, _ *org.Post) { p.From, p.To = min(p.From, h.Day-20000), h.Day-5000 })
	h.one(SpanTurned, rates, func(p *org.Person, _ *org.Post) { p.From, p.To = h.Day-10000, h.Day-20000 })
	h.one(NoLanguage, rates, func(p *org.Person, _ *org.Post) { p.Language = "" })
	h.one(NoNumber, rates, func(p *org.Person, _ *org.Post) { p.Number = "" })
}

func (h *hand) posts(rates Rates) {
	second := map[string]bool{}
	for i := range h.Posts {
		if !h.Posts[i].Main {
			second[h.Posts[i].Person] = true
		}
	}
	// The faults of posts want people with one post.
	h.in = slices.DeleteFunc(h.in, func(i int) bool { return second[h.People[i].ID] })
	more := func(post *org.Post, fte int, main bool) *org.Post {
		x := *post
		x.ID, x.FTE, x.Main = h.postID(), fte, main
		h.Posts = append(h.Posts, x)
		return &h.Posts[len(h.Posts)-1]
	}
	set := func(f Fault, do func(post *org.Post)) {
		h.one(f, rates, func(_ *org.Person, post *org.Post) { do(post) })
	}
	set(NoUnit, func(post *org.Post) { post.Unit = "" })
	set(NoFunction, func(post *org.Post) { post.Function = "" })
	set(NoEither, func(post *org.Post) { post.Unit, post.Function = "", "" })
	set(UnitGone, func(post *org.Post) { post.Unit = name('v', h.r.IntN(4)) })
	set(FunctionGone, func(post *org.Post) { post.Function = name('g', h.r.IntN(4)) })
	set(FTEZero, func(post *org.Post) { post.FTE = 0 })
	set(FTEHigh, func(post *org.Post) { post.FTE = 100000 })
	set(FTEUnknown, func(post *org.Post) { post.FTE = -1 })
	set(NoMain, func(post *org.Post) { post.Main = false })
	set(Overlap, func(post *org.Post) { post.FTE = 800; more(post, 800, false) })
	set(TwoMain, func(post *org.Post) { post.FTE = 500; more(post, 500, true) })
	set(PostTurned, func(post *org.Post) { more(post, 100, false).Span = org.Span{From: h.Day - 10000, To: h.Day - 20000} })
	h.one(PostAfter, rates, func(p *org.Person, post *org.Post) { p.To = h.Day + 10000; post.To = h.Day + 20000 })
	h.one(PostOfOut, rates, func(_ *org.Person, post *org.Post) { post.To = 0 })
	drop := map[string]bool{}
	h.one(NoPost, rates, func(p *org.Person, _ *org.Post) { drop[p.ID] = true })
	for range int(rates[PostOfNobody]*float64(h.all) + 0.5) {
		x := *more(&h.Posts[0], 1000, true)
		x.Person = name('q', h.r.IntN(1000))
		h.Posts[len(h.Posts)-1] = x
		h.Planted[PostOfNobody] = append(h.Planted[PostOfNobody], x.ID)
	}
	h.dropPosts(drop)
}

func (h *hand) dropPosts(of map[string]bool) {
	if len(of) == 0 {
		return
	}
	h.Posts = slices.DeleteFunc(h.Posts, func(x org.Post) bool { return of[x.Person] })
	clear(h.main)
	for i := range h.Posts {
		if _, ok := h.main[h.Posts[i].Person]; !ok || h.Posts[i].Main {
			h.main[h.Posts[i].Person] = i
		}
	}
}

func (h *hand) managers(rates Rates) {
	h.one(ManagerSelf, rates, func(p *org.Person, _ *org.Post) { p.Manager = p.ID })
	h.one(ManagerGone, rates, func(p *org.Person, _ *org.Post) { p.Manager = name('q', h.r.IntN(20)) })
	h.each(ManagerCycle, rates, 2, func(people []int) {
		a, b := &h.People[people[0]], &h.People[people[1]]
		a.Manager, b.Manager = b.ID, a.ID
	})
	if len(h.out) > 0 {
		h.one(ManagerOut, rates, func(p *org.Person, _ *org.Post) { p.Manager = h.People[h.out[h.r.IntN(len(h.out))]].ID })
	}
}

func (h *hand) contacts(rates Rates) {
	h.one(NoMail, rates, func(p *org.Person, _ *org.Post) { p.Mail = "" })
	h.one(MailBad, rates, func(p *org.Person, _ *org.Post) { p.Mail = strings.ReplaceAll(p.Mail, "@", " at ") })
	h.each(MailShared, rates, 2, func(people []int) {
		a, b := &h.People[people[0]], &h.People[people[1]]
		if a.Given == b.Given && a.Family == b.Family {
			b.Family += "-" + family[0]
		}
		a.Mail = "team." + a.Mail
		b.Mail = a.Mail
	})
}

// twice adds second records of people, with a post each.
func (h *hand) twice(rates Rates) {
	again := func(f Fault, change func(p *org.Person, post *org.Post)) {
		h.one(f, rates, func(p *org.Person, post *org.Post) {
			q, x := *p, *post
			q.ID, x.ID = name('p', 1<<24+len(h.People)), h.postID()
			x.Person = q.ID
			q.Number, q.Mail = q.Number+"9", "x."+q.Mail
			change(&q, &x)
			h.People = append(h.People, q)
			h.Posts = append(h.Posts, x)
			h.Double = append(h.Double, []string{p.ID, q.ID})
		})
	}
	again(Twice, func(*org.Person, *org.Post) {})
	again(TwiceNumber, func(q *org.Person, _ *org.Post) {
		q.Number = strings.TrimLeft(strings.TrimSuffix(q.Number, "9"), "0")
		q.Family += " (oud)"
	})
	again(TwiceMail, func(q *org.Person, x *org.Post) {
		q.Mail = strings.TrimPrefix(q.Mail, "x.")
		q.Given, q.Family = q.Family, q.Given
		x.Unit = h.Units[0].ID
	})
}
