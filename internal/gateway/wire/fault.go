package wire

import (
	"net/http"
	"strconv"
)

// Fault is what is wrong with a request or with the answer of a model, for the program that asked. Message says what, where and
// how to mend it, and holds nothing of what a person wrote (but see ReadFault).
type Fault struct {
	Status  int    // of HTTP, such as 400
	Code    string // of OpenAI, such as "invalid_json"; may be empty
	Field   string // such as "messages[2].content"; empty when it is not about a field
	Message string
}

// Error returns the message with the field.
func (f *Fault) Error() string {
	if f.Field == "" {
		return f.Message
	}
	return f.Field + ": " + f.Message
}

func invalid(code, field, message string) *Fault {
	return &Fault{Status: http.StatusBadRequest, Code: code, Field: field, Message: message}
}

// Body returns the fault as the answer to a request in the shape: the error object of OpenAI or that of Anthropic.
func (f *Fault) Body(s Shape) []byte {
	if s == Messages {
		dst := append([]byte(nil), `{"type":"error","error":{"type":`...)
		dst = AppendQuote(dst, f.kind(s))
		dst = append(dst, `,"message":`...)
		return append(AppendQuote(dst, f.Error()), "}}"...)
	}
	dst := append([]byte(nil), `{"error":`...)
	return append(f.object(dst), '}')
}

func (f *Fault) object(dst []byte) []byte {
	dst = append(dst, `{"message":`...)
	dst = AppendQuote(dst, f.Error())
	dst = append(dst, `,"type":`...)
	dst = AppendQuote(dst, f.kind(Chat))
	dst = append(dst, `,"param":`...)
	dst = appendQuoteOrNull(dst, f.Field)
	dst = append(dst, `,"code":`...)
	return append(appendQuoteOrNull(dst, f.Code), '}')
}

func appendQuoteOrNull(dst []byte, s string) []byte {
	if s == "" {
		return append(dst, "null"...)
	}
	return AppendQuote(dst, s)
}

// Event returns the fault as an event in a stream that has begun.
func (f *Fault) Event(s Shape) Event {
	switch s {
	case Messages:
		return Event{Name: "error", Data: f.Body(s)}
	case Responses:
		dst := append([]byte(nil), `{"type":"error","code":`...)
		dst = appendQuoteOrNull(dst, f.Code)
		dst = append(dst, `,"message":`...)
		dst = AppendQuote(dst, f.Error())
		dst = append(dst, `,"param":`...)
		return Event{Name: "error", Data: append(appendQuoteOrNull(dst, f.Field), '}')}
	default:
		return Event{Data: f.Body(s)}
	}
}

// kind returns the type of the error by its status, as the references of both interfaces list them.
func (f *Fault) kind(s Shape) string {
	if s != Messages {
		switch {
		case f.Status == http.StatusUnauthorized:
			return "authentication_error"
		case f.Status == http.StatusForbidden:
			return "permission_error"
		case f.Status == http.StatusTooManyRequests:
			return "rate_limit_error"
		case f.Status >= http.StatusInternalServerError:
			return "server_error"
		default:
			return "invalid_request_error"
		}
	}
	switch {
	case f.Status == http.StatusUnauthorized:
		return "authentication_error"
	case f.Status == http.StatusForbidden:
		return "permission_error"
	case f.Status == http.StatusNotFound:
		return "not_found_error"
	case f.Status == http.StatusRequestEntityTooLarge:
		return "request_too_large"
	case f.Status == http.StatusTooManyRequests:
		return "rate_limit_error"
	case f.Status == http.StatusGatewayTimeout:
		return "timeout_error"
	case f.Status == http.StatusServiceUnavailable || f.Status == statusOverloaded:
		return "overloaded_error"
	case f.Status >= http.StatusInternalServerError:
		return "api_error"
	default:
		return "invalid_request_error"
	}
}

// statusOverloaded is what Anthropic answers when it has no room.
const statusOverloaded = 529

// ReadFault reads the error that an upstream answered with a status of 400 or more, or sent within a stream. When the body is not an
// error object of either interface, the message says the status alone. The message is in the words of the upstream, which may repeat what was
// sent: it is for the program that asked, never for a log.
func ReadFault(status int, body []byte) *Fault {
	f := &Fault{Status: status, Message: "the model's server answered with status " + strconv.Itoa(status)}
	d, err := Parse(body, Limits{Bytes: 1 << 20, Depth: 16, Values: 4096})
	if err != nil {
		return f
	}
	e := d.Root().Get("error")
	if e.Kind() == String { // Ollama
		f.Message = e.Text()
		return f
	}
	if e.Kind() != Object {
		if d.Root().Get("type").Text() != "error" {
			return f
		}
		e = d.Root()
	}
	if m := e.Get("message").Text(); m != "" {
		f.Message = m
	}
	f.Code, f.Field = e.Get("code").Text(), e.Get("param").Text()
	if status < http.StatusBadRequest { // within a stream only the type tells
		f.Status = statusOf(e.Get("type").Text())
	}
	return f
}

func statusOf(kind string) int {
	switch kind {
	case "invalid_request_error":
		return http.StatusBadRequest
	case "authentication_error":
		return http.StatusUnauthorized
	case "permission_error":
		return http.StatusForbidden
	case "not_found_error":
		return http.StatusNotFound
	case "request_too_large":
		return http.StatusRequestEntityTooLarge
	case "rate_limit_error":
		return http.StatusTooManyRequests
	case "overloaded_error":
		return http.StatusServiceUnavailable
	case "timeout_error":
		return http.StatusGatewayTimeout
	default:
		return http.StatusBadGateway
	}
}
