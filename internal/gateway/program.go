package gateway

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"tekentafel/internal/gateway/backend"
	"tekentafel/internal/gateway/door"
	"tekentafel/internal/gateway/wire"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
	"tekentafel/internal/web"
)

// Prefix is below which programs reach the gateway. The makers' own kits are given the public address of the product with this behind it
// (OpenAI) or without (Anthropic).
const Prefix = "/v1/"

// Surroundings is what the handler needs of the server that it is mounted in; *web.Server is one.
type Surroundings interface {
	Trace(r *http.Request, pattern string)
	TraceTenant(r *http.Request, t tenant.ID)
	TraceError(ctx context.Context, err error)
	// Attempt counts an attempt to get in that failed, and tells how long the address is to wait when it made too many.
	Attempt(r *http.Request) (wait time.Duration, ok bool)
}

// Mount serves programs below Prefix. They sign in with a key of the gateway, never with a session, so a page of another site can do nothing with it.
func Mount(server *web.Server, e *Engine) error {
	server.AnswerErrors(Prefix, func(w http.ResponseWriter, r *http.Request, p *problem.Problem) {
		f := &wire.Fault{Status: web.Status(p.Kind), Message: "the server did not take the request (" + string(p.Kind) + ")"}
		answerFault(w, shapeAsked(r), f, time.Duration(p.RetryAfter)*time.Second)
	})
	return server.MountCrowd(Prefix, e.Handler(server))
}

// Handler answers programs. See docs/gateway.md.
func (e *Engine) Handler(s Surroundings) http.Handler { return &programs{e, s} }

type programs struct {
	*Engine
	around Surroundings
}

// operations are what there is, by path.
var operations = map[string]struct {
	shape  wire.Shape
	method string
}{
	"/v1/chat/completions":      {wire.Chat, http.MethodPost},
	"/v1/responses":             {wire.Responses, http.MethodPost},
	"/v1/embeddings":            {wire.Embeddings, http.MethodPost},
	"/v1/messages":              {wire.Messages, http.MethodPost},
	"/v1/messages/count_tokens": {wire.Messages, http.MethodPost},
	"/v1/models":                {wire.Models, http.MethodGet},
}

const (
	modelsPath   = "/v1/models"
	countPath    = "/v1/messages/count_tokens"
	modelPattern = "/v1/models/{id}"
)

// shapeAsked returns the shape in which a request expects an error.
func shapeAsked(r *http.Request) wire.Shape {
	if strings.HasPrefix(r.URL.Path, "/v1/messages") || r.Header.Get("Anthropic-Version") != "" {
		return wire.Messages
	}
	if op, ok := operations[r.URL.Path]; ok {
		return op.shape
	}
	return wire.Chat
}

// ServeHTTP implements http.Handler.
func (p *programs) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := requestID()
	h := w.Header()
	h["X-Request-Id"], h["Request-Id"] = []string{name}, []string{name}
	h.Set("Vary", "Authorization, X-Api-Key")
	shape := shapeAsked(r)
	pattern, method, model := r.URL.Path, http.MethodGet, ""
	op, ok := operations[r.URL.Path]
	switch {
	case ok:
		method = op.method
	case strings.HasPrefix(r.URL.Path, modelsPath+"/") && len(r.URL.Path) > len(modelsPath)+1:
		pattern, model = modelPattern, r.URL.Path[len(modelsPath)+1:]
	default:
		p.around.Trace(r, r.Method+" "+Prefix)
		answerFault(w, shape, nothing(), 0)
		return
	}
	p.around.Trace(r, r.Method+" "+pattern)
	if allow := allowed(method); r.Method != method && (r.Method != http.MethodHead || method != http.MethodGet) {
		h.Set("Allow", allow)
		if r.Method == http.MethodOptions {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		answerFault(w, shape, &wire.Fault{Status: http.StatusMethodNotAllowed, Code: "method_not_allowed", Message: "send " + method + " here"}, 0)
		return
	}
	key, f, retry := p.open(r)
	if f != nil {
		if f.Status == http.StatusUnauthorized {
			h.Set("WWW-Authenticate", `Bearer realm="Tekentafel"`)
		}
		answerFault(w, shape, f, retry)
		return
	}
	p.around.TraceTenant(r, key.Tenant)
	switch {
	case model != "":
		p.model(w, shape, key, model)
	case pattern == modelsPath:
		p.models(w, key)
	case pattern == countPath:
		answerFault(w, shape, &wire.Fault{Status: http.StatusNotFound, Code: "not_supported",
			Message: "counting tokens beforehand is not supported: each model counts in its own way; the answer says what a call used"}, 0)
	default:
		p.call(w, r, shape, key, name)
	}
}

func allowed(method string) string {
	if method == http.MethodGet {
		return "GET, HEAD, OPTIONS"
	}
	return method + ", OPTIONS"
}

func nothing() *wire.Fault {
	return &wire.Fault{Status: http.StatusNotFound, Code: "unknown_path", Message: "there is no such operation; there are POST /v1/chat/completions, /v1/responses, " +
		"/v1/embeddings and /v1/messages, and GET /v1/models and /v1/models/{id}"}
}

// secretOf returns the key that a request carries.
func secretOf(r *http.Request) string {
	if s := r.Header.Get("X-Api-Key"); s != "" {
		return s
	}
	scheme, s, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(s)
}

// keyPrefix is with what every key begins, and mostKey bounds its length in bytes.
const (
	keyPrefix = "tk_"
	mostKey   = 256
)

// open finds the key of a request.
func (p *programs) open(r *http.Request) (*door.Key, *wire.Fault, time.Duration) {
	secret := secretOf(r)
	key, err := (*door.Key)(nil), door.ErrKey
	if strings.HasPrefix(secret, keyPrefix) && len(secret) <= mostKey {
		key, err = p.Keys.Find(r.Context(), secret)
	}
	if err == nil {
		return key, nil, 0
	}
	if !errors.Is(err, door.ErrKey) {
		p.around.TraceError(r.Context(), fmt.Errorf("find a key of the gateway: %w", err))
		f, retry := FaultOf(err, p.Now())
		return nil, f, retry
	}
	if wait, ok := p.around.Attempt(r); !ok {
		return nil, &wire.Fault{Status: http.StatusTooManyRequests, Code: "too_many_attempts", Message: "too many requests from this address came without a key that holds; wait, and check the key"}, wait
	}
	f := &wire.Fault{Status: http.StatusUnauthorized, Code: "invalid_api_key", Message: "this key is not known or holds no longer; ask your team for a key of this gateway, which begins with " + keyPrefix}
	if secret == "" {
		f.Message = "send a key of this gateway, as Authorization: Bearer " + keyPrefix + "… or x-api-key"
	}
	return nil, f, 0
}

func (p *programs) models(w http.ResponseWriter, key *door.Key) {
	var list []wire.Model
	for _, m := range p.Upstream.Models() {
		if key.May(m.Name) {
			list = append(list, modelOf(m))
		}
	}
	send(w, http.StatusOK, wire.AppendModels(nil, list, day))
}

func (p *programs) model(w http.ResponseWriter, shape wire.Shape, key *door.Key, name string) {
	m, ok := p.Upstream.Model(name)
	if !ok || !key.May(name) {
		answerFault(w, shape, unknownModel(name), 0)
		return
	}
	send(w, http.StatusOK, wire.AppendModel(nil, modelOf(m), day))
}

func modelOf(m backend.Model) wire.Model {
	return wire.Model{ID: m.Name, Name: m.Title, Owner: "organisation"}
}

func day(seconds int64) string { return time.Unix(seconds, 0).UTC().Format(time.RFC3339) }

// call answers a request to a model.
func (p *programs) call(w http.ResponseWriter, r *http.Request, shape wire.Shape, key *door.Key, name string) {
	control := http.NewResponseController(w)
	body, f := p.body(w, r)
	if f == nil {
		// What came in whole is read no more: the end of waiting for more would be taken for that of the connection.
		_ = control.SetReadDeadline(time.Time{})
	}
	var request *wire.Request
	if f == nil {
		var err error
		if request, err = wire.ReadRequest(shape, body, p.Limits); err != nil {
			f, _ = FaultOf(err, p.Now())
		} else if !key.May(request.Model) {
			f = unknownModel(request.Model)
		}
	}
	if f != nil {
		answerFault(w, shape, f, 0)
		return
	}
	who, err := p.caller(r.Context(), key)
	if err != nil {
		p.around.TraceError(r.Context(), err)
		f, retry := FaultOf(err, p.Now())
		answerFault(w, shape, f, retry)
		return
	}
	out := newWriter(w, control, shape, request.Stream, p.Longest)
	result, err := p.Do(backend.WithHops(r.Context(), r.Header), who, request, Options{}, out)
	if out.close(); err == nil {
		return
	}
	fault, retry := FaultOf(err, p.Now())
	if fault.Status >= http.StatusInternalServerError {
		p.around.TraceError(r.Context(), safe(err))
	}
	if r.Context().Err() == nil && !result.Told {
		out.fault(fault, retry, canHelp(err))
	}
}

// caller is for whom a call with a key counts: its team, and the units above that.
func (p *programs) caller(ctx context.Context, key *door.Key) (door.Caller, error) {
	who := door.Caller{Tenant: key.Tenant, Key: key.ID}
	if key.Team == "" {
		return who, nil
	}
	who.Teams = []string{key.Team}
	if p.Above == nil {
		return who, nil
	}
	above, err := p.Above(ctx, key.Tenant, key.Team)
	if err != nil {
		return who, fmt.Errorf("units above that of a key: %w", err)
	}
	who.Teams = append(who.Teams, above...)
	return who, nil
}

// safe returns an error for the log. What an upstream said is not in it.
func safe(err error) error {
	var f *wire.Fault
	var b *backend.Error
	switch {
	case errors.As(err, &b):
		return b
	case errors.As(err, &f):
		return errors.New("gateway: " + f.Code)
	}
	return err
}

// canHelp tells whether sending a request again can help: the makers' kits do so by themselves after 429 and 5xx, which may be charged twice.
func canHelp(err error) bool {
	var b *backend.Error
	if errors.As(err, &b) {
		return !b.Maybe
	}
	f, retry := FaultOf(err, time.Time{})
	return f.Status != http.StatusTooManyRequests && f.Status >= http.StatusInternalServerError || retry == retryHeld
}

// body reads the body of a request.
func (p *programs) body(w http.ResponseWriter, r *http.Request) ([]byte, *wire.Fault) {
	if given := r.Header.Get("Content-Type"); given != "" {
		if kind, _, err := mime.ParseMediaType(given); err != nil || kind != "application/json" {
			return nil, &wire.Fault{Status: http.StatusUnsupportedMediaType, Code: "not_json", Message: "send the request as application/json"}
		}
	}
	if c := r.Header.Get("Content-Encoding"); c != "" && c != "identity" {
		return nil, &wire.Fault{Status: http.StatusUnsupportedMediaType, Code: "encoded", Message: "send the request without Content-Encoding"}
	}
	most := int64(p.Limits.Bytes)
	if r.ContentLength > most {
		return nil, tooLarge(most)
	}
	body := make([]byte, 0, max(512, r.ContentLength+1))
	from := http.MaxBytesReader(w, r.Body, most)
	for {
		if len(body) == cap(body) {
			body = append(body, 0)[:len(body)]
		}
		n, err := from.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		var large *http.MaxBytesError
		switch {
		case errors.Is(err, io.EOF):
			return body, nil
		case errors.As(err, &large):
			return nil, tooLarge(most)
		case err != nil:
			return nil, &wire.Fault{Status: http.StatusBadRequest, Code: "body_cut", Message: "the body of the request broke off, or took too long to come"}
		}
	}
}

func tooLarge(most int64) *wire.Fault {
	return &wire.Fault{Status: http.StatusRequestEntityTooLarge, Code: "too_large", Message: "the request is longer than " + strconv.FormatInt(most, 10) + " bytes; send less, or in parts"}
}
