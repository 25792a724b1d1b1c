package backend

import (
	"crypto/x509"
	"net/http"
	"net/url"
	"time"

	"tekentafel/internal/config"
	"tekentafel/internal/gateway/practice"
	"tekentafel/internal/gateway/price"
	"tekentafel/internal/gateway/wire"
)

// Kind is what a backend runs.
type Kind string

// The kinds. Practice is the built-in rule-based stand-in; it runs inside this program.
const (
	OpenAI    Kind = "openai"
	Azure     Kind = "azure"
	Anthropic Kind = "anthropic"
	Ollama    Kind = "ollama"
	VLLM      Kind = "vllm"
	LlamaCpp  Kind = "llamacpp"
	Mistral   Kind = "mistral"
	Practice  Kind = "practice"
)

// Kinds lists the kinds.
func Kinds() []Kind {
	return []Kind{OpenAI, Azure, Anthropic, Ollama, VLLM, LlamaCpp, Mistral, Practice}
}

// Backend is a server with models, as the settings say it.
type Backend struct {
	Name        string
	Kind        Kind
	URL         *url.URL      // nil for Practice
	Key         config.Secret // not set for a server that asks none
	APIVersion  string        // of Azure; "" for its interface without versions
	Connect     time.Duration // until a connection with TLS stands
	First       time.Duration // until the first byte of a streamed answer
	Between     time.Duration // between two pieces of an answer
	Whole       time.Duration // of a whole answer
	Connections int           // requests at the same time; 0 for no limit
	Roots       *x509.CertPool
	Headers     http.Header // sent along; none is a secret
	Shapes      []wire.Shape
	Proxy       string        // "", "environment" or the URL of a proxy
	Pace        time.Duration // of Practice, between words
}

// Route leads from a model to a backend.
type Route struct {
	Backend string
	Model   string // its name there
	Weight  int    // 0 for a route that stands by itself in the order
}

// Settings are which models are offered, what they cost and where they run. It is a value: read once, not changed.
type Settings struct {
	Backends []Backend
	Models   []Model
	Prices   *price.List
	Routes   map[string][]Route // by the name of the model, in the order in which they are tried
}

// PracticeName is the name of the practice model where no settings name models.
const PracticeName = "oefenmodel"

// PracticeAlone returns the settings where there is no file: the practice model and nothing else.
func PracticeAlone() *Settings {
	s := &Settings{
		Backends: []Backend{practiceBackend("practice")},
		Models: []Model{{Name: PracticeName, Title: practice.Title(), Where: practice.Where(), Context: practice.Context, MaxOutput: practice.MaxOutput,
			Tools: false, Practice: true}},
		Prices: price.NewList(),
		Routes: map[string][]Route{PracticeName: {{Backend: "practice", Model: PracticeName}}},
	}
	s.Prices.AddFree(PracticeName)
	return s
}

func practiceBackend(name string) Backend {
	return Backend{Name: name, Kind: Practice, Pace: defaultPace, Whole: defaultWhole, Shapes: []wire.Shape{wire.Chat, wire.Responses, wire.Messages}}
}

// Defaults of what the settings leave out.
const (
	defaultConnect   = 5 * time.Second
	defaultFirst     = 2 * time.Minute // models that think, and servers that load a model first
	defaultBetween   = time.Minute
	defaultWhole     = 15 * time.Minute
	defaultPace      = 15 * time.Millisecond
	defaultMaxOutput = 4096
	defaultPerImage  = 2000
)

// shapes returns the shapes that a kind speaks by itself.
func (k Kind) shapes() []wire.Shape {
	switch k {
	case OpenAI, Azure:
		return []wire.Shape{wire.Chat, wire.Responses, wire.Embeddings}
	case Anthropic:
		return []wire.Shape{wire.Messages}
	case Practice:
		return []wire.Shape{wire.Chat, wire.Responses, wire.Messages}
	default:
		return []wire.Shape{wire.Chat, wire.Embeddings}
	}
}

// usual returns the address of a kind that has one for everyone; "" for none.
func (k Kind) usual() string {
	switch k {
	case OpenAI:
		return "https://api.openai.com/v1"
	case Anthropic:
		return "https://api.anthropic.com/v1"
	case Mistral:
		return "https://api.mistral.ai/v1"
	default:
		return ""
	}
}

// keyed tells whether a kind always asks for a key.
func (k Kind) keyed() bool { return k == OpenAI || k == Azure || k == Anthropic || k == Mistral }

// dialect returns how chat completions of a kind differ.
func (k Kind) dialect() wire.Dialect {
	return wire.Dialect{OldLimit: k == Mistral || k == Ollama || k == LlamaCpp, Tells: k == Mistral}
}
