package backend

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"tekentafel/internal/gateway/practice"
	"tekentafel/internal/gateway/price"
	"tekentafel/internal/gateway/wire"
	"tekentafel/internal/yamlfile"
)

type fileModel struct {
	Name      string               `yaml:"name"`
	Title     string               `yaml:"title"`
	Where     string               `yaml:"where"`
	Group     string               `yaml:"group"`
	Prices    price.WrittenPrices  `yaml:"prices"`
	Energy    *price.WrittenEnergy `yaml:"energy"`
	Routes    []fileRoute          `yaml:"routes"`
	Context   int                  `yaml:"context"`
	MaxOutput int                  `yaml:"max_output"`
	PerImage  int                  `yaml:"per_image"`
	Images    bool                 `yaml:"images"`
	Tools     bool                 `yaml:"tools"`
	Embeds    bool                 `yaml:"embeds"`
	Countries []string             `yaml:"countries"`
}

type fileRoute struct {
	Backend string `yaml:"backend"`
	Model   string `yaml:"model"`
	Weight  int    `yaml:"weight"`
}

var (
	modelForm   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,127}$`)
	countryForm = regexp.MustCompile(`^[A-Z]{2}$`)
)

// Bounds of what settings say of a model.
const (
	mostTokens = 100_000_000
	mostWeight = 1000
	longestSay = 200 // characters of a title, a place or a group
)

func (p *parser) models(list []fileModel) {
	if len(list) == 0 {
		p.At("models", "no model is named", "add one, with its routes and prices")
	}
	p.out.Prices = price.NewList()
	named := map[string]bool{}
	for i := range list {
		f, at := &list[i], fmt.Sprintf("models[%d]", i)
		switch lower := strings.ToLower(f.Name); {
		case !modelForm.MatchString(f.Name):
			p.At(at+".name", "the model has no name that programs can ask for", "write at most 128 letters, digits and . _ : / @ + -")
		case named[lower]:
			p.At(at+".name", "two models are called "+yamlfile.Quote(f.Name), "put their routes together, or give one another name")
		default:
			named[lower] = true
			p.model(at, f)
		}
	}
}

func (p *parser) model(at string, f *fileModel) {
	m := Model{Name: f.Name, Title: cmp.Or(f.Title, f.Name), Where: f.Where, Group: f.Group, Context: int64(f.Context), MaxOutput: int64(f.MaxOutput),
		PerImage: int64(f.PerImage), Images: f.Images, Tools: f.Tools, Embeds: f.Embeds, Countries: f.Countries}
	for key, text := range map[string]string{"title": f.Title, "where": f.Where, "group": f.Group} {
		if len([]rune(text)) > longestSay || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' }) {
			p.At(at+"."+key, "this is too long to show, or more than one line", fmt.Sprintf("keep it under %d characters", longestSay))
		}
	}
	for key, n := range map[string]int{"context": f.Context, "max_output": f.MaxOutput, "per_image": f.PerImage} {
		if n < 0 || n > mostTokens {
			p.At(at+"."+key, "this is no number of tokens", fmt.Sprintf("write one up to %d, or leave it out", mostTokens))
		}
	}
	for i, c := range f.Countries {
		if !countryForm.MatchString(c) {
			p.At(fmt.Sprintf("%s.countries[%d]", at, i), yamlfile.Quote(c)+" is no country", "write its code of two capitals, such as BE")
		}
	}
	p.out.Prices.Add(p.Reader, at, f.Name, f.Prices, f.Energy)
	p.routes(at, f, &m)
	p.bounds(at, f, &m)
	p.out.Models = append(p.out.Models, m)
}

// bounds fills in what is left out, and checks what does not go together.
func (p *parser) bounds(at string, f *fileModel, m *Model) {
	if m.Practice {
		m.Context, m.MaxOutput = cmp.Or(m.Context, practice.Context), cmp.Or(m.MaxOutput, practice.MaxOutput)
	}
	if m.Embeds {
		for key, given := range map[string]bool{"images": f.Images, "tools": f.Tools, "max_output": f.MaxOutput != 0} {
			if given {
				p.At(at+"."+key, "a model that makes embeddings gives no answers", "take this out, or take embeds out")
			}
		}
		return
	}
	if m.MaxOutput == 0 {
		m.MaxOutput = defaultMaxOutput
		if m.Context > 0 {
			m.MaxOutput = min(m.MaxOutput, max(1, m.Context/2))
		}
	}
	if m.Context > 0 && m.MaxOutput > m.Context {
		p.At(at+".max_output", "the answer would be longer than question and answer together", "write less than context")
	}
	switch {
	case m.PerImage > 0 && !m.Images:
		p.At(at+".per_image", "the model takes no images", "take this out, or write images: true")
	case m.Images && m.PerImage == 0:
		m.PerImage = defaultPerImage
	}
}

func (p *parser) routes(at string, f *fileModel, m *Model) {
	if len(f.Routes) == 0 {
		p.At(at+".routes", "no route leads to this model", "write the backends that have it, such as routes: [{backend: own, model: its-name-there}]")
		return
	}
	var out []Route
	practices := 0
	for i, r := range f.Routes {
		at := fmt.Sprintf("%s.routes[%d]", at, i)
		to := Route{Backend: r.Backend, Model: cmp.Or(r.Model, f.Name), Weight: r.Weight}
		b := slices.IndexFunc(p.out.Backends, func(b Backend) bool { return b.Name == r.Backend })
		switch {
		case b < 0 && !p.seen[r.Backend]:
			known := make([]string, 0, len(p.seen))
			for name := range p.seen {
				known = append(known, name)
			}
			slices.Sort(known)
			p.At(at+".backend", "there is no backend "+yamlfile.Quote(r.Backend), yamlfile.DidYouMean(r.Backend, known, yamlfile.OneOf(known)))
			continue
		case b < 0:
			continue
		case slices.ContainsFunc(out, func(o Route) bool { return o.Backend == to.Backend && o.Model == to.Model }):
			p.At(at, "this route stands there twice", "keep one of the two; a weight says how much of the work one gets")
		case p.Has(at+".weight") && (r.Weight < 1 || r.Weight > mostWeight):
			p.At(at+".weight", "this is no weight", fmt.Sprintf("write a whole number from 1 to %d, or leave it out", mostWeight))
		case len(to.Model) > 256:
			p.At(at+".model", "this name is too long", "write the name that the model has on the backend")
		}
		speaks := p.out.Backends[b].Shapes
		switch embeds := slices.Contains(speaks, wire.Embeddings); {
		case f.Embeds && !embeds:
			p.At(at+".backend", "this backend makes no embeddings", "choose another, or take embeds out")
		case !f.Embeds && embeds && len(speaks) == 1:
			p.At(at+".backend", "this backend makes embeddings alone", "choose another, or write embeds: true")
		}
		if p.out.Backends[b].Kind == Practice {
			practices++
		}
		out = append(out, to)
	}
	if practices > 0 && practices < len(f.Routes) {
		p.At(at+".routes", "the practice model cannot stand in for a real one: nobody would know which of them answered", "offer it as a model of its own")
	}
	m.Practice = practices > 0
	p.out.Routes[f.Name] = out
}
