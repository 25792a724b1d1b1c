package backend

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"tekentafel/internal/gateway/wire"
)

// Figures of connections.
const (
	keepIdle  = 2048            // connections kept for the next request, as many as streams at the same time
	idleLimit = 4 * time.Second // below the 5 s after which uvicorn (vLLM) and Node close a connection, so that this side closes it first
)

// transport returns what carries requests to one backend.
func (b *Backend) transport(m *manners) (*http.Transport, error) {
	t := &http.Transport{
		DialContext:            dialer(b.Connect, m),
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: b.Roots},
		TLSHandshakeTimeout:    b.Connect,
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           keepIdle,
		MaxIdleConnsPerHost:    keepIdle,
		IdleConnTimeout:        idleLimit,
		ExpectContinueTimeout:  mostAsking,
		DisableCompression:     true, // a stream that is packed waits for more; see unpack
		MaxResponseHeaderBytes: 64 << 10,
		ReadBufferSize:         4 << 10,
		WriteBufferSize:        4 << 10,                                                                             // thousands of streams have one each
		HTTP2:                  &http.HTTP2Config{SendPingTimeout: 30 * time.Second, PingTimeout: 15 * time.Second}, // a connection of many streams that died is noticed
	}
	switch b.Proxy {
	case "":
	case proxyEnvironment:
		t.Proxy = http.ProxyFromEnvironment
	default:
		u, err := url.Parse(b.Proxy)
		if err != nil {
			return nil, fmt.Errorf("backend %s: its proxy is no address", b.Name)
		}
		t.Proxy = http.ProxyURL(u)
	}
	return t, nil
}

// endpoint is where requests of a shape go, and the headers with which they go. Nothing changes either.
type endpoint struct {
	url     *url.URL
	host    string
	plain   http.Header // for a whole answer
	streams http.Header
}

// endpoints returns those of the shapes that a backend speaks.
func (b *upstream) endpoints(model string) map[wire.Shape]endpoint {
	out := map[wire.Shape]endpoint{}
	for _, s := range b.Shapes {
		if b.URL == nil {
			out[s] = endpoint{}
			continue
		}
		u := b.address(s, model)
		e := endpoint{url: u, host: u.Host, plain: b.header(s, "application/json"), streams: b.header(s, "text/event-stream")}
		out[s] = e
	}
	return out
}

var operations = map[wire.Shape]string{wire.Chat: "/chat/completions", wire.Responses: "/responses", wire.Embeddings: "/embeddings", wire.Messages: "/messages"}

// address returns where a shape is spoken. The settings give the address with the version at its end or without, as makers do.
func (b *Backend) address(s wire.Shape, model string) *url.URL {
	u := *b.URL
	if b.Kind != Azure {
		if !versioned(u.Path) {
			u.Path += "/v1"
		}
		u.Path += operations[s]
		return &u
	}
	u.Path = strings.TrimSuffix(strings.TrimSuffix(u.Path, "/v1"), "/openai") + "/openai"
	switch {
	case b.APIVersion == "":
		u.Path += "/v1" + operations[s]
	case s == wire.Responses:
		u.Path += operations[s]
	default:
		base := u.Path + "/deployments/"
		u.Path, u.RawPath = base+model+operations[s], base+url.PathEscape(model)+operations[s]
	}
	if b.APIVersion != "" {
		u.RawQuery = url.Values{"api-version": {b.APIVersion}}.Encode()
	}
	return &u
}

// versioned tells whether a path ends with a version, such as /v1 or /api/v3.
func versioned(path string) bool {
	last := path[strings.LastIndexByte(path, '/')+1:]
	return len(last) > 1 && last[0] == 'v' && strings.Trim(last[1:], "0123456789") == ""
}

// anthropicVersion is the version of Anthropic's interface that wire speaks.
const anthropicVersion = "2023-06-01"

func (b *Backend) header(s wire.Shape, accept string) http.Header {
	h := b.Headers.Clone()
	if h == nil {
		h = http.Header{}
	}
	h.Set("Content-Type", "application/json")
	h.Set("Accept", accept)
	h.Set("Accept-Encoding", "identity")
	h.Set(HopsHeader, "1")
	if h.Get("User-Agent") == "" {
		h.Set("User-Agent", "tekentafel")
	}
	key := b.Key.Reveal()
	switch {
	case b.Kind == Anthropic || s == wire.Messages:
		if h.Get("Anthropic-Version") == "" {
			h.Set("Anthropic-Version", anthropicVersion)
		}
		if key != "" {
			h.Set("X-Api-Key", key)
		}
	case key == "":
	case b.Kind == Azure:
		h.Set("Api-Key", key)
	default:
		h.Set("Authorization", "Bearer "+key)
	}
	return h
}

// body returns the request as it goes along a route: in its own shape when the backend speaks it, else in another. The fault says what cannot be said in that.
func (r *route) body(q *wire.Request, m *Model) (wire.Shape, []byte, *wire.Fault) {
	b := &r.to.Backend
	if slices.Contains(b.Shapes, q.Shape) {
		if b.Kind == Practice {
			return q.Shape, nil, nil
		}
		return q.Shape, q.Sent(r.model, b.Kind.dialect()), nil
	}
	at := slices.IndexFunc(b.Shapes, func(s wire.Shape) bool { return s != wire.Embeddings })
	if at < 0 || q.Shape == wire.Embeddings {
		return 0, nil, &wire.Fault{Status: http.StatusBadRequest, Code: "unsupported_model", Field: "model", Message: "no server of this model speaks the interface " + q.Shape.String()}
	}
	to, how := b.Shapes[at], b.Kind.dialect()
	c, err := wire.ReadConversation(q)
	if err != nil {
		return 0, nil, asFault(err)
	}
	c.Model = r.model
	body, err := c.Body(to, wire.Options{MaxOutput: m.MaxOutput, OldLimit: how.OldLimit})
	if err != nil {
		return 0, nil, asFault(err)
	}
	if how.Tells && to == wire.Chat {
		again, err := wire.ReadRequest(to, body, wire.Limits{})
		if err != nil {
			return 0, nil, asFault(err)
		}
		body = again.Sent(r.model, how)
	}
	return to, body, nil
}
