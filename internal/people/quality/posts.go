package quality

import "tekentafel/internal/people/org"

const (
	fullTime = 1000
	overTime = 1200 // all posts of a person at one time
	highest  = 1500 // one post
)

// posts looks at the posts of a person, and takes the first that stands as the one that counts.
func (r *roll) posts(p *org.Person, from, to int, serves bool) {
	people := one(serves)
	main, after, turned, of := 0, 0, 0, 0
	touched := func(n *int) int { // staff once, however many posts
		*n++
		if *n > 1 {
			return 0
		}
		return people
	}
	counts := -1
	for k := from; k < to; k++ {
		post := &r.o.Posts[k]
		if post.Main {
			main++
		}
		if !post.Possible() {
			r.hit(PostTurned, touched(&turned), post.ID)
			continue
		}
		if p.To != 0 && post.To > p.To {
			r.hit(PostAfter, touched(&after), post.ID)
		}
		if !post.On(r.in.Day) {
			continue
		}
		if p.Out {
			r.hit(PostOfOut, touched(&of), post.ID)
		}
		if counts < 0 {
			counts = k
		}
	}
	if !serves {
		return
	}
	if main > 1 {
		r.hit(TwoMain, 1, p.ID)
	}
	if main == 0 && to > from {
		r.hit(NoMain, 1, p.ID)
	}
	if to-from > 1 && r.overlap(r.o.Posts[from:to]) {
		r.hit(Overlap, 1, p.ID)
	}
	r.place(len(r.rows)-1, counts, to)
}

// overlap tells whether posts come to more than 1.2 of full time at a time: on the first day of one of them, or the day itself.
func (r *roll) overlap(posts []org.Post) bool {
	over := func(day org.Date) bool {
		sum := 0
		for i := range posts {
			if posts[i].FTE > 0 && posts[i].Possible() && posts[i].On(day) {
				sum += posts[i].FTE
			}
		}
		return sum > overTime
	}
	for i := range posts {
		if posts[i].From != 0 && posts[i].Possible() && over(posts[i].From) {
			return true
		}
	}
	return over(r.in.Day)
}

// place says where a person stands by the post that counts; to is where their posts end.
func (r *roll) place(i, counts, to int) {
	x := &r.rows[i]
	x.fte = fullTime
	if counts < 0 {
		r.flag(NoPost, i)
		return
	}
	x.post = int32(counts)
	post := &r.o.Posts[counts]
	switch {
	case post.FTE < 0:
		r.flag(FTEUnknown, i)
	case post.FTE == 0:
		r.flag(FTEZero, i)
	case post.FTE > highest:
		r.flag(FTEHigh, i)
	default:
		x.fte = int32(post.FTE)
	}
	for k := counts + 1; k < to; k++ {
		if o := &r.o.Posts[k]; o.FTE > 0 && o.FTE <= highest && o.Possible() && o.On(r.in.Day) {
			x.fte += int32(o.FTE)
		}
	}
	switch {
	case post.Unit == "" && post.Function == "":
		r.flag(NoEither, i)
		return
	case post.Unit == "":
		r.flag(NoUnit, i)
	case post.Function == "":
		r.flag(NoFunction, i)
	}
	if post.Unit != "" {
		x.unit = r.tree.find(post.Unit)
		r.tree.people[x.unit]++
	}
	if post.Function != "" {
		x.fn = r.cat.find(post.Function)
		r.cat.people[x.fn]++
	}
}
