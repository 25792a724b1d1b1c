package wire

import (
	"encoding/base64"
	"encoding/binary"
	"math"
	"strconv"
)

// AppendEmbedding appends a vector as an answer holds it: a list of numbers, or the base64 of its float32 values in little-endian order.
func AppendEmbedding(dst []byte, v []float32, asBase64 bool) []byte {
	if asBase64 {
		raw := make([]byte, 0, 4*len(v))
		for _, f := range v {
			raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(f))
		}
		return append(base64.StdEncoding.AppendEncode(append(dst, '"'), raw), '"')
	}
	dst = append(dst, '[')
	for i, f := range v {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = strconv.AppendFloat(dst, float64(f), 'g', -1, 32)
	}
	return append(dst, ']')
}

// ReadEmbedding reads a vector in either form. The error is a *Fault of status 502.
func ReadEmbedding(v Value) ([]float32, error) {
	switch v.Kind() {
	case String:
		raw, err := base64.StdEncoding.DecodeString(v.Text())
		if err != nil || len(raw)%4 != 0 {
			return nil, upstream(v.Path(), "the model's server sent a vector that is not base64 of numbers")
		}
		out := make([]float32, len(raw)/4)
		for i := range out {
			out[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
			if f := float64(out[i]); math.IsNaN(f) || math.IsInf(f, 0) {
				return nil, upstream(v.Path(), "the model's server sent a vector with what is no number")
			}
		}
		return out, nil
	case Array:
		out := make([]float32, 0, v.Len())
		for _, n := range v.Items() {
			f, err := strconv.ParseFloat(string(n.Raw()), 32)
			if n.Kind() != Number || err != nil {
				return nil, upstream(n.Path(), "the model's server sent a vector with what is no number")
			}
			out = append(out, float32(f))
		}
		return out, nil
	default:
		return nil, upstream(v.Path(), "the model's server sent no vector")
	}
}

// EmbeddingsAs returns an answer with vectors in the form that the client asked for, as some servers know one form only. Vectors that have
// it, and all else, stay as they came. Servers are best asked for base64: each number of a list counts as a value towards Limits. The error is a *Fault of status 502.
func EmbeddingsAs(d *Document, asBase64 bool) ([]byte, error) {
	var edits []edit
	for _, item := range d.Root().Get("data").Items() {
		v := item.Get("embedding")
		if asBase64 && v.Kind() == String || !asBase64 && v.Kind() == Array {
			continue
		}
		vector, err := ReadEmbedding(v)
		if err != nil {
			return nil, err
		}
		edits = append(edits, v.replace(AppendEmbedding(nil, vector, asBase64)))
	}
	return splice(d.src, edits), nil
}

// Model is a model that may be asked for.
type Model struct {
	ID      string
	Name    string // to show; the identifier when empty
	Owner   string
	Created int64 // seconds since 1970
}

// AppendModels appends the list of models with the fields of both interfaces, so that the programs of either read it. RFC 3339 dates
// for Anthropic are given by date, from the seconds.
func AppendModels(dst []byte, models []Model, date func(seconds int64) string) []byte {
	dst = append(dst, `{"object":"list","data":[`...)
	for i, m := range models {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = AppendModel(dst, m, date)
	}
	dst = append(dst, `],"has_more":false,"first_id":`...)
	first, last := "", ""
	if len(models) > 0 {
		first, last = models[0].ID, models[len(models)-1].ID
	}
	dst = appendQuoteOrNull(dst, first)
	return append(appendQuoteOrNull(append(dst, `,"last_id":`...), last), '}')
}

// AppendModel appends one model, as AppendModels does.
func AppendModel(dst []byte, m Model, date func(seconds int64) string) []byte {
	name := m.Name
	if name == "" {
		name = m.ID
	}
	dst = AppendQuote(append(dst, `{"id":`...), m.ID)
	dst = strconv.AppendInt(append(dst, `,"object":"model","created":`...), m.Created, 10)
	dst = AppendQuote(append(dst, `,"owned_by":`...), m.Owner)
	dst = AppendQuote(append(dst, `,"type":"model","display_name":`...), name)
	return append(AppendQuote(append(dst, `,"created_at":`...), date(m.Created)), '}')
}
