package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
)

// benchBody is a request as a chat sends it: some turns of Dutch prose, 4 KB in all, with escapes and accents.
func benchBody() []byte {
	prose := strings.Repeat("De dienst Burgerzaken stuurt de brief vóór vrijdag naar \"alle\" inwoners van de wijk, met een duidelijke uitleg.\n", 9)
	return []byte(`{"model":"m","stream":true,"messages":[{"role":"system","content":"Wees kort."},{"role":"user","content":` + q(prose) +
		`},{"role":"assistant","content":` + q(prose) + `},{"role":"user","content":` + q(prose) + `},{"role":"user","content":` + q(prose) + `}],"temperature":0.2,"max_tokens":500}`)
}

func BenchmarkRequest(b *testing.B) {
	body := benchBody()
	b.Run("read and show texts", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			r, err := ReadRequest(Chat, body, Limits{})
			if err != nil {
				b.Fatal(err)
			}
			n := 0
			r.Rewrite(func(t Text) (string, bool) { n += len(t.Content); return "", false })
			if n == 0 {
				b.Fatal("no text")
			}
		}
	})
	b.Run("read", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := ReadRequest(Chat, body, Limits{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("rewrite every text", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			r, err := ReadRequest(Chat, body, Limits{})
			if err != nil {
				b.Fatal(err)
			}
			if out := r.Rewrite(func(t Text) (string, bool) { return t.Content, true }); len(out) < len(body) {
				b.Fatal("texts were lost")
			}
		}
	})
	b.Run("encoding-json decode and encode", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			var v map[string]any
			if err := json.NewDecoder(bytes.NewReader(body)).Decode(&v); err != nil {
				b.Fatal(err)
			}
			if err := json.NewEncoder(io.Discard).Encode(v); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkStream(b *testing.B) {
	var stream []byte
	pieces := strings.SplitAfter(strings.Repeat("De brief gaat vrijdag naar alle inwoners. ", 30), " ")
	for _, s := range transcript(Chat, pieces) {
		stream = AppendEvent(stream, Event{Data: []byte(s)})
	}
	run := func(name string, f func() error) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(stream)))
			b.ReportAllocs()
			for b.Loop() {
				if err := f(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	each := func(f func(Event) error) error {
		r := NewReader(bytes.NewReader(stream), 0)
		for {
			e, err := r.Next()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			if err := f(e); err != nil {
				return err
			}
		}
	}
	emit := func(Event) error { return nil }
	run("read", func() error { return each(emit) })
	run("edit", func() error {
		e := NewEditor(Chat, func(Track) Filter { return &replacing{word: "[P-1]", with: "Jos"} })
		return each(func(ev Event) error { return e.Event(ev, emit) })
	})
	run("translate", func() error {
		t := NewTranslator(Chat, Messages, 1, true)
		return each(func(ev Event) error { return t.Event(ev, emit) })
	})
	run("encoding-json decode and encode", func() error {
		return each(func(ev Event) error {
			if ev.Done() {
				return nil
			}
			var v map[string]any
			if err := json.Unmarshal(ev.Data, &v); err != nil {
				return err
			}
			return json.NewEncoder(io.Discard).Encode(v)
		})
	})
}
