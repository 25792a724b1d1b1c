package monitor

import (
	"math"
	"time"
)

// The limits from which something is said to be in danger.
const (
	// WidestHalf is the largest half width of the 95 % interval of a share of a half that a report can do with.
	WidestHalf = 0.10
	// BehindBy is by how much the rate of a group must be below that of all to tilt the figures of the whole.
	BehindBy = 0.10
	// Differ is by how much the shares of those who take part and those who do not are taken to differ, when it is said how far
	// a share is likely to be off.
	Differ = 0.10
)

// Danger is what too few answers of a group endanger.
type Danger string

// The dangers, the worst first.
const (
	NoFigure  Danger = "no-figure" // the group will have too few answers to be shown in the report
	Imprecise Danger = "imprecise" // its shares will be too imprecise
	Behind    Danger = "behind"    // it takes part less than others, so that the whole tilts away from it
)

// Advice is what can be done about it.
type Advice string

// The kinds of advice.
const (
	AskManager Advice = "manager" // the manager mentions it in the team
	Kiosk      Advice = "kiosk"   // a tablet where people work, or a letter: most have no mail address
	Remind     Advice = "remind"
)

// Risk is a group of which the answers endanger a conclusion while there is time to act.
type Risk struct {
	Variable string
	Group    Group
	Danger   Danger
	Rate     float64 // the middle of taken, of people
	Expected int     // about how many will have taken part at the end, at the present pace
	Half     float64 // half width of the 95 % interval of a share of a half, with so many
	Missing  int     // about how many people more the group needs; 0 with NoFigure
	Advice   []Advice
}

// Outlook is what a release lets expect of the whole.
type Outlook struct {
	Rate     float64
	Expected int     // who will have taken part at the end, when each week brings half of what the week before did
	PaceDay  float64 // people a day in the last week
	Half     float64 // half width of the 95 % interval of a share of a half, as of now
	// AtMost is by how much a share of those who took part can be off from that of all, were all others to answer the opposite;
	// Likely is the same when the shares of both differ by Differ.
	AtMost, Likely float64
	// R is the R-indicator over the groups of the variable that tells most, and By that variable: 1 when all groups take part
	// alike. NaN and "" when no variable tells anything.
	R  float64
	By string
}

// HalfWidth returns the half width of the 95 % interval of a share of a half among n of a population: the widest there is.
// The variance is that of a simple random sample without replacement (Cochran 1977, Sampling Techniques, eq. 3.8); it holds
// for people who stay away at random, and says nothing of the bias of those who do not.
func HalfWidth(n, population int) float64 {
	if n <= 1 || population <= 1 || n > population {
		return 1
	}
	f := float64(population-n) / float64(population)
	return 1.959963984540054 * math.Sqrt(f*0.25/float64(n-1))
}

// Bias returns by how much the share among those who took part can be off from that of all: the part that did not take part
// times by how much the two groups differ (Cochran 1977, section 13.2). The largest difference is 1.
func Bias(taken, people int, differ float64) float64 {
	if people == 0 {
		return 0
	}
	return float64(people-taken) / float64(people) * differ
}

// RIndicator returns 1 - 2 S, where S is the standard deviation of the rates of groups, weighted by their size: 1 when every
// group takes part alike, 0 at the least (Schouten, Cobben and Bethlehem 2009, Survey Methodology 35, p. 101-113, with the rate of
// a group as the propensity of its people). NaN below two groups.
func RIndicator(taken []float64, people []int) float64 {
	if len(people) < 2 {
		return math.NaN()
	}
	var all, part float64
	for i := range people {
		all, part = all+float64(people[i]), part+taken[i]
	}
	if all == 0 {
		return math.NaN()
	}
	mean, s2 := part/all, 0.0
	for i := range people {
		if people[i] > 0 {
			d := taken[i]/float64(people[i]) - mean
			s2 += float64(people[i]) / all * d * d
		}
	}
	return 1 - 2*math.Sqrt(s2)
}

// pace returns how many people a day took part lately: since the newest release of at least a week before the last, or since
// the wave opened.
func pace(releases []Release, opened time.Time) float64 {
	last := releases[len(releases)-1]
	end, err := time.Parse(time.DateOnly, last.Day)
	if err != nil {
		return 0
	}
	from, had := opened, 0.0
	for _, r := range releases[:len(releases)-1] {
		if day, err := time.Parse(time.DateOnly, r.Day); err == nil && end.Sub(day) >= 7*24*time.Hour {
			from, had = day, r.Taken.Middle()
		}
	}
	return (last.Taken.Middle() - had) / math.Max(1, end.Sub(from).Hours()/24)
}

// Expect says what the releases of a wave let expect when it closes; all of it is about as precise as the ranges are. It is
// false when nothing is known yet.
func Expect(releases []Release, opened, closes time.Time) (Outlook, bool) {
	if len(releases) == 0 {
		return Outlook{}, false
	}
	r := releases[len(releases)-1]
	if r.People == 0 || r.Taken.Low == 0 {
		return Outlook{}, false
	}
	taken := int(math.Round(r.Taken.Middle()))
	o := Outlook{Rate: r.Taken.Middle() / float64(r.People), PaceDay: pace(releases, opened), Half: HalfWidth(taken, r.People),
		AtMost: Bias(taken, r.People, 1), Likely: Bias(taken, r.People, Differ), R: math.NaN()}
	left := 0.0
	if day, err := time.Parse(time.DateOnly, r.Day); err == nil {
		left = math.Max(0, closes.Sub(day).Hours()/24)
	}
	o.Expected = min(r.People, taken+int(math.Round(o.PaceDay*fading(left))))
	for _, v := range r.Variables {
		taken, people := known(v)
		if x := RIndicator(taken, people); !math.IsNaN(x) && (math.IsNaN(o.R) || x < o.R) {
			o.R, o.By = x, v.Name
		}
	}
	return o, true
}

// fading returns how many days at the present pace the days that are left are worth, when the pace halves each week. That it
// falls off is what surveys have in common; that it halves is a rule of thumb of ours, on the careful side.
func fading(days float64) float64 { return 7 / math.Ln2 * (1 - math.Pow(2, -days/7)) }

// known returns the middles of the groups of which something is known.
func known(v Variable) (taken []float64, people []int) {
	for _, g := range v.Groups {
		if g.Taken.Says(g.People) {
			taken, people = append(taken, g.Taken.Middle()), append(people, g.People)
		}
	}
	return taken, people
}

// Risks lists the groups whose answers endanger a conclusion, the worst first and then in the order of the release. All of
// it follows from what is shown.
func Risks(releases []Release, opened, closes time.Time, k int) []Risk {
	o, is := Expect(releases, opened, closes)
	if !is {
		return nil
	}
	last := releases[len(releases)-1]
	growth := float64(o.Expected) / last.Taken.Middle() // by how much the number of a group is expected to grow until the end
	var out []Risk
	for _, danger := range []Danger{NoFigure, Imprecise, Behind} {
		for _, v := range last.Variables {
			for _, g := range v.Groups {
				if r, is := riskOf(g, o, growth, k); is && r.Danger == danger {
					r.Variable = v.Name
					out = append(out, r)
				}
			}
		}
	}
	return out
}

func riskOf(g Group, o Outlook, growth float64, k int) (Risk, bool) {
	if !g.Taken.Says(g.People) || g.Merged > 0 {
		return Risk{}, false // nothing is known of it, or nothing is said of it in the report
	}
	r := Risk{Group: g, Advice: advice(g), Rate: g.Taken.Middle() / float64(g.People)}
	r.Expected = min(g.People, int(math.Round(g.Taken.Middle()*growth)))
	r.Half = HalfWidth(r.Expected, g.People)
	switch {
	case r.Expected < k:
		r.Danger = NoFigure
	case r.Half > WidestHalf && reachable(g.People, k):
		r.Danger, r.Missing = Imprecise, Enough(g.People)-r.Expected
	case o.Rate-float64(g.Taken.High)/float64(g.People) >= BehindBy: // surely behind, wherever in its range it is
		r.Danger, r.Missing = Behind, int(math.Ceil(o.Rate*float64(g.People)-g.Taken.Middle()))
	default:
		return r, false
	}
	return r, true
}

// reachable tells whether a group can be precise enough without nearly all of it taking part.
func reachable(people, k int) bool { return people-Enough(people) >= k }

// Enough returns how many people of a group must take part for shares precise to WidestHalf.
func Enough(people int) int {
	for n := 2; n < people; n++ {
		if HalfWidth(n, people) <= WidestHalf {
			return n
		}
	}
	return people
}

// advice says what can be done for a group, the most useful first.
func advice(g Group) []Advice {
	if 2*g.WithMail < g.People {
		return []Advice{Kiosk, AskManager}
	}
	return []Advice{AskManager, Remind}
}
